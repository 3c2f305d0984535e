# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lint whole rulestacks, without a connection.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible.module_utils.basic import AnsibleModule

from .._ngfw.resources.document import Document
from .._ngfw.resources.lint import findings
from .._ngfw.resources.lint.findings import SEVERITIES, report, suppression_spec
from .documents import checked
from .runner import finish_offline

NEVER = "none"


def spec() -> dict[str, Any]:
    """All options. The documents are only lists of dictionaries here; L(work) does the rest."""
    return {
        "rulestacks": {"type": "list", "elements": "dict", "required": True},
        "suppress": suppress_option(),
        "fail_on": fail_on_spec(),
    }


def suppress_option() -> dict[str, Any]:
    """The findings that are meant to be so."""
    return {"type": "list", "elements": "dict", "options": suppression_spec(), "default": []}


def fail_on_spec() -> dict[str, Any]:
    """The option C(fail_on)."""
    return {"type": "str", "choices": [*SEVERITIES, NEVER], "default": SEVERITIES[0]}


def run() -> None:
    """Run the module."""
    module = AnsibleModule(argument_spec=spec(), supports_check_mode=True)
    finish_offline(module, lambda: work(module.params))


def work(params: Mapping[str, Any]) -> dict[str, Any]:
    """Lint the documents.

    :param params: the options as L(spec) describes them.
    :raises InvalidOptions: a document is invalid.
    :raises LintFailed: there are findings that C(fail_on) does not accept.
    """
    _values, documents = checked(params["rulestacks"])
    return lint(documents, params["suppress"], params["fail_on"])


def lint(documents: Sequence[Document], suppress: Sequence[Mapping[str, Any]], fail_on: str) -> dict[str, Any]:
    """The findings on valid documents, as the result of a module. :raises LintFailed: there are findings that C(fail_on) does not accept."""
    found = report(findings(documents), suppress)
    if fail_on != NEVER:
        found.fail_on(fail_on)
    return found.as_result()
