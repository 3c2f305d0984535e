# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The task of a module that calls the WildFire API.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from .._transport.http import HttpClient, Limits
from .._wildfire.client import BoundAccount, WildfireClient
from .._wildfire.options import calling_credentials, legacy_key, wildfire_url
from .scm import OpenTask, run_with
from .wildfire_argspec import caller_spec

LIMITS = Limits(seconds=900, read_timeout=300, answer_bytes=256 * 1024 * 1024)
"""For uploads and downloads of large files, which WildFire may take minutes to receive."""


class WildfireTask(OpenTask):
    """One run of a module.

    :ivar client: the API client of the caller.
    :raises InvalidInput: a connection option is invalid.
    """

    def __init__(self, module: Any) -> None:
        super().__init__(module)
        url = wildfire_url(self.params)
        proof = legacy_key(self.params) or BoundAccount(self.tokens_of(calling_credentials(self.params)))
        self.client = WildfireClient(self.http, url, proof)

    @functools.cached_property
    def http(self) -> HttpClient:
        """The task's HTTP client."""
        return HttpClient(self._trust, self.scrubber, ca_option="scm_ca_bundle", limits=LIMITS)


def run(work: Callable[[WildfireTask], dict[str, Any]], argument_spec: dict[str, Any], **settings: Any) -> None:
    """Run a module that calls the WildFire API.

    :param work: does the task and returns the result. :param argument_spec: in addition to L(caller_spec). :param settings: for AnsibleModule.
    """
    run_with(WildfireTask, work, {**caller_spec(), **argument_spec}, required_by={"agent": "api_key"}, **settings)
