# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The end of every module: results become C(exit_json), errors C(fail_json).

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ansible.module_utils.basic import missing_required_lib

from .._common.errors import PanwCloudError
from .._common.redaction import printable
from .._transport.http import REQUESTS_IMPORT_ERROR

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule


def finish(module: AnsibleModule, work: Callable[[], dict[str, Any]]) -> None:
    """Run a module's work, then exit.

    :param work: returns the result; its C(warnings) are shown as such.
    """
    if REQUESTS_IMPORT_ERROR:
        module.fail_json(msg=missing_required_lib("requests"), exception=REQUESTS_IMPORT_ERROR)
    finish_offline(module, work)


def finish_offline(module: AnsibleModule, work: Callable[[], dict[str, Any]]) -> None:
    """Run a module's work that needs no HTTP library, then exit. :param work: as for L(finish)."""
    try:
        outcome, failed = work(), False
    except PanwCloudError as error:
        outcome, failed = error.as_result(), True
    outcome = printable(outcome)  # all external text in results passes here
    for warning in outcome.pop("warnings", []):
        module.warn(warning)
    (module.fail_json if failed else module.exit_json)(**outcome)
