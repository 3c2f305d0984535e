# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The task of a Strata Cloud Manager or WildFire module: checks the options and creates the clients.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from ansible.module_utils.basic import AnsibleModule

from .._common.redaction import Scrubber
from .._scm.client import ScmClient
from .._scm.oauth import AccessTokens, ClientCredentials
from .._scm.options import base_url, client_credentials
from .._transport.certificates import ca_bundle
from .._transport.http import HttpClient
from .argspec import scm_spec
from .runner import finish


class OpenTask:
    """One run of a module that does not require a calling service account.

    :param module: an AnsibleModule, or a module of amazon.aws, with the options of L(scm_spec).
    :raises InvalidInput: a connection option is invalid.
    """

    def __init__(self, module: AnsibleModule) -> None:
        self.params: dict[str, Any] = module.params
        self.check_mode: bool = module.check_mode
        self.scrubber = Scrubber()
        self.auth_url = base_url(self.params, "scm_auth_url")
        self.url = base_url(self.params, "scm_url")
        self._trust = ca_bundle(self.params, "scm")
        if self._trust is False:
            module.warn(
                "TLS certificates are not verified ('scm_validate_certs'): a man in the middle can steal the client secret."
            )

    @functools.cached_property
    def http(self) -> HttpClient:
        """The task's HTTP client."""
        return HttpClient(self._trust, self.scrubber, ca_option="scm_ca_bundle")

    @property
    def warnings(self) -> list[str]:
        """Warnings for the user about calls that succeeded."""
        return self.http.warnings if "http" in vars(self) else []

    def tokens_of(self, credentials: ClientCredentials) -> AccessTokens:
        """Access tokens of a service account."""
        self.scrubber.learn(credentials.client_secret, credentials.basic)
        return AccessTokens(self.http, self.auth_url, credentials)


class ScmTask(OpenTask):
    """One run of a module. All options of L(scm_spec) are checked first; clients are created on first use."""

    def __init__(self, module: AnsibleModule) -> None:
        super().__init__(module)
        self.credentials = client_credentials(self.params)

    @functools.cached_property
    def tokens(self) -> AccessTokens:
        """Access tokens of the calling service account."""
        return self.tokens_of(self.credentials)

    @functools.cached_property
    def scm(self) -> ScmClient:
        """The API client of the calling service account."""
        return ScmClient(self.http, self.url, self.tokens)


SomeTask = TypeVar("SomeTask", bound=OpenTask)


def run(work: Callable[[ScmTask], dict[str, Any]], argument_spec: dict[str, Any], **settings: Any) -> None:
    """Run a module that acts as a service account.

    :param work: does the task and returns the result. :param settings: for AnsibleModule.
    """
    run_with(ScmTask, work, argument_spec, **settings)


def run_with(
    task: Callable[[AnsibleModule], SomeTask],
    work: Callable[[SomeTask], dict[str, Any]],
    argument_spec: dict[str, Any],
    **settings: Any,
) -> None:
    """Run a module with another kind of task, see L(run)."""
    module = AnsibleModule(argument_spec={**scm_spec(), **argument_spec}, supports_check_mode=True, **settings)
    finish(module, lambda: done(work, task(module)))


def done(work: Callable[[SomeTask], dict[str, Any]], task: SomeTask) -> dict[str, Any]:
    """Run a task's work, and add the warnings of its calls."""
    result = work(task)
    return {**result, "warnings": [*result.get("warnings", []), *task.warnings]}
