# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files of plans: one JSON document for each target, an AWS account in a region.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.plan_content import FORMAT, load

OPERATIONS = ("create", "update", "move", "delete")
SEVERITIES = ("error", "warning", "info")
"""The worst first."""

_NAMED = {"section": str, "name": str}
_CHANGE = {
    **_NAMED,
    "operation": OPERATIONS,
    "options": [str],
    "before": dict | None,
    "after": dict | None,
    "audit_comment": str | None,
}
_RULESTACK = {
    "name": str,
    "scope": ("local", "global"),
    "before": dict | None,
    "after": dict | None,
    "changes": [_CHANGE],
    "uncommitted": [{**_NAMED, "operation": str}],
}
_FINDING = {**_NAMED, "rulestack": str, "id": str, "severity": SEVERITIES, "message": str}
_PLAN = {
    "collection": str,
    "id": str,
    "created": str,
    "target": str,
    "account_id": str,
    "region": str,
    "rulestacks": [_RULESTACK],
    "unmanaged": [str],
    "findings": [_FINDING],
    "warnings": [str],
}


def read(paths: Sequence[str], left_out: Collection[str] = ()) -> list[dict[str, Any]]:
    """The plans in files, in the order of the paths.

    :param paths: of files, and of directories, of which all files that end with C(.json) are read by name.
    :param left_out: files of directories that are not plans, such as an earlier report.
    :raises InvalidInput: a file is missing, unreadable or no plan, or there is none.
    """
    files = dict.fromkeys(file for path in paths for file in _files(path, left_out))
    if not files:
        raise InvalidInput("plans", "has no plan.")
    return [_plan(file) for file in files]


def _files(path: str, left_out: Collection[str]) -> Iterator[str]:
    if not os.path.isdir(path):
        yield path
        return
    try:
        names = sorted(name for name in os.listdir(path) if name.endswith(".json") and not name.startswith("."))
    except OSError as error:
        raise InvalidInput("plans", f"names {path}, which cannot be read: {error.strerror}.") from None
    if not names:
        raise InvalidInput("plans", f"names the directory {path}, which has no file that ends with .json.")
    yield from (file for file in (os.path.join(path, name) for name in names) if file not in left_out)


def _plan(path: str) -> dict[str, Any]:
    plan = load(path, "plans")
    if plan["format"] != FORMAT or isinstance(plan["format"], bool):
        raise InvalidInput(
            "plans",
            f"names {path}, whose format is {plan['format']!r}. This version of panw.cloud reads format {FORMAT}.",
        )
    problem = next(_problems(plan, _PLAN, ""), None) or next(_document_problems(plan), None)
    if problem:
        raise InvalidInput("plans", f"names {path}, which is not a plan: {problem}.")
    for rulestack in plan["rulestacks"]:  # the plans of all accounts are in memory at the same time
        if rulestack["after"] == rulestack["before"]:
            rulestack["after"] = rulestack["before"]
    return plan


def _problems(value: Any, shape: Any, place: str) -> Iterator[str]:
    """Where a value has not the shape of a plan.

    :param shape: a dictionary of shapes by key, a list with the shape of all elements, a tuple of valid values, or a type.
    """
    if isinstance(shape, tuple):
        if value not in shape:
            yield f"{place} is not one of {', '.join(shape)}"
    elif isinstance(shape, dict) and isinstance(value, dict):
        for key, inner in shape.items():
            where = f"{place} > {key}" if place else key
            yield from _problems(value[key], inner, where) if key in value else [f"{where} is missing"]
    elif isinstance(shape, list) and isinstance(value, list):
        for index, element in enumerate(value):
            yield from _problems(element, shape[0], f"{place}[{index}]")
    elif isinstance(shape, (dict, list)) or not isinstance(value, shape):
        yield f"{place} has the wrong type"


def _document_problems(plan: dict[str, Any]) -> Iterator[str]:
    """Where a document has a section that is not a list of dictionaries."""
    for index, rulestack in enumerate(plan["rulestacks"]):
        for part in ("before", "after"):
            for section, items in (rulestack[part] or {}).items():
                if isinstance(items, list):
                    yield from _problems(items, [dict], f"rulestacks[{index}] > {part} > {section}")
