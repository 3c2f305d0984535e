# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read and lint a directory of rulestacks, on the controller and without a connection.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from typing import Any

from ansible.module_utils.basic import AnsibleModule

from .._common.errors import InvalidInput
from .._ngfw.policy import InvalidPolicy, Target, read_documents
from .._ngfw.resources.document import Document
from .._ngfw.resources.reader import Reader
from .._ngfw.resources.rulestack_plan import MERGED, OVERRIDDEN, REPLACED, plan_rulestack
from .rulestack_lint import fail_on_spec, lint
from .runner import finish_offline


@dataclasses.dataclass
class ModuleShim:
    """What the action plugin passes on; that for connections needs amazon.aws. :ivar warnings: for the user."""

    params: dict[str, Any]
    check_mode: bool = False
    warnings: list[str] = dataclasses.field(default_factory=list)


def spec() -> dict[str, Any]:
    """All options."""
    return {
        "directory": {"type": "path", "required": True},
        "account_id": {"type": "str", "required": True},
        "region": {"type": "str", "required": True},
        "groups": {"type": "list", "elements": "str", "default": []},
        "variables": {"type": "dict", "default": {}},
        "state": {"type": "str", "choices": [MERGED, REPLACED, OVERRIDDEN], "default": OVERRIDDEN},
        "fail_on": fail_on_spec(),
    }


def run() -> None:
    """Run the module without its action plugin, which is refused."""
    module = AnsibleModule(argument_spec=spec(), supports_check_mode=True)
    finish_offline(module, _refuse)


def work(module: ModuleShim, _progress: Callable[[str], object]) -> dict[str, Any]:
    """Read the rulestacks for a target, and lint them. A required option can be null: Ansible accepts that.

    :raises InvalidOptions: there are problems in the files. :raises LintFailed: there are findings that C(fail_on) does not accept.
    """
    params = module.params
    directory, account_id, region = (params[name] or "" for name in ("directory", "account_id", "region"))
    target = Target(account_id, region, tuple(params["groups"]), params["variables"])
    policy, documents = read_documents(directory, target)
    if params["state"] == OVERRIDDEN:
        refuse_incomplete(documents)
    report = lint(documents, policy.suppress, params["fail_on"])
    return {**report, "rulestacks": policy.rulestacks, "files": policy.files}


def refuse_incomplete(documents: Iterable[Document]) -> None:
    """Check documents that are all that their rulestacks will have: references, and what new objects and rules need.

    :raises InvalidPolicy: there are problems.
    """
    plans = [plan_rulestack(Reader(None), document, OVERRIDDEN) for document in documents]
    problems = [problem for plan in plans for problem in plan.problems]
    if problems:
        raise InvalidPolicy(problems)


def _refuse() -> dict[str, Any]:
    """:raises InvalidInput: always; the action plugin of the same name does the work."""
    raise InvalidInput("directory", "can only be read on the controller, by the action plugin.")
