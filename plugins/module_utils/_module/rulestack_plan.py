# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plan whole rulestacks into a file, on the controller.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from ansible_collections.amazon.aws.plugins.module_utils.modules import aws_argument_spec

from .._common.errors import InvalidInput
from .._ngfw.policy import Target, read_documents
from .._ngfw.resources import plan_file
from .._ngfw.resources.catalogs import Catalogs, catalog_problems
from .._ngfw.resources.commit import Commits
from .._ngfw.resources.descriptor import Values
from .._ngfw.resources.differences import difference_text
from .._ngfw.resources.document import Document, document_problems, parse
from .._ngfw.resources.engine import diff
from .._ngfw.resources.read_once import ReadOnce
from .._ngfw.resources.reader import CONCURRENCY, Reader, snapshot
from .._ngfw.resources.rulestack_plan import DELETED, OVERRIDDEN, STATES, Plan, plan_rulestack
from .._ngfw.resources.validation import refuse
from .argspec import ngfw_spec, role_spec, session_spec
from .aws import ModuleShim
from .documents import checked
from .ngfw import Task
from .rulestack_config import Progress, check_concurrency, counter, local_names, origin_of, scopes_of, sessions
from .rulestack_lint import NEVER, fail_on_spec, lint, suppress_option

SOURCES = ("directory", "rulestacks", "rollback_of")


def spec() -> dict[str, Any]:
    """All options, those of amazon.aws included."""
    return {**aws_argument_spec(), **ngfw_spec(), **role_spec(), **own_spec()}


def own_spec() -> dict[str, Any]:
    """The options without those of the connection."""
    return {
        **session_spec(),
        "directory": {"type": "path"},
        "groups": {"type": "list", "elements": "str", "default": []},
        "variables": {"type": "dict", "default": {}},
        "rulestacks": {"type": "list", "elements": "dict"},
        "rollback_of": {"type": "path"},
        "suppress": suppress_option(),
        "fail_on": {**fail_on_spec(), "default": NEVER},
        "state": {"type": "str", "choices": list(STATES), "default": OVERRIDDEN},
        "account_id": {"type": "str"},
        "target": {"type": "str", "default": ""},
        "dest": {"type": "path", "required": True},
        "concurrency": {"type": "int", "default": CONCURRENCY},
    }


class Desired(NamedTuple):
    """What is to be planned.

    :param given: the documents as plain data. :param documents: the same, with their places for messages. :param states: one for each document.
    :param suppress: findings that are meant to be so. :param undoes: the plan that a rollback takes back.
    """

    given: list[Values]
    documents: Sequence[Document]
    states: list[str]
    suppress: list[dict[str, Any]]
    undoes: Mapping[str, Any] | None = None


def work(module: ModuleShim, progress: Progress) -> dict[str, Any]:
    """Do the task.

    :param module: with options as L(spec) describes them, checked for types.
    :raises PanwCloudError: nothing was written.
    """
    task = Task(module)
    origin = origin_of(task)
    desired = _desired(task.params, origin)
    documents = desired.documents
    check_concurrency(task.params)
    kept = [one for one, state in zip(documents, desired.states) if state != DELETED]
    found = lint(kept, desired.suppress, task.params["fail_on"])
    entries, plans, unmanaged, warnings = _planned(task, desired, counter("read", progress))
    warnings += _changed_since(desired.undoes, entries)
    content = plan_file.complete(origin, entries, unmanaged, found["findings"], dict.fromkeys(warnings))
    changed = plan_file.identifier_at(task.params["dest"]) != content["id"]
    if changed and not task.check_mode:
        plan_file.write(task.params["dest"], content)
    return {
        "changed": changed,
        "dest": task.params["dest"],
        "plan_id": content["id"],
        "has_changes": any(plan.changes for plan in plans),
        "rulestacks": [_summary(entry) for entry in entries],
        "findings": found["counts"],
        "diff": [diff(change) for plan in plans for change in plan.changes],
        "warnings": [*content["warnings"], *module.warnings, *task.warnings],
    }


class _Planned(NamedTuple):
    """The rulestacks of a plan. :param entries: as the file has them. :param unmanaged: names of other local rulestacks."""

    entries: list[dict[str, Any]]
    plans: list[Plan]
    unmanaged: list[str]
    warnings: list[str]


def _planned(task: Task, desired: Desired, read: Callable[[int], None]) -> _Planned:
    """Read the rulestacks and plan their changes. :raises InvalidOptions: the documents do not fit to what there is."""
    planned = _Planned([], [], [], [])
    with sessions(task, scopes_of(desired.documents)) as clients:
        for given, document, state in zip(desired.given, desired.documents, desired.states):
            client = ReadOnce.like(clients[document.scope])
            reader = Reader(client, task.params["concurrency"])
            before = snapshot(reader, document.name, document.scope, read)
            plan = plan_rulestack(reader, document, state, read)
            planned.plans.append(plan)
            commits = Commits(client, document.name, document.scope)
            planned.entries.append(plan_file.planned(given, before, plan, state, commits))
            planned.warnings.extend(reader.warnings)
        problems = [problem for plan in planned.plans for problem in plan.problems]
        if "local" in clients:
            problems += catalog_problems(Catalogs(clients["local"]), planned.plans, planned.warnings)
            known = {document.name for document in desired.documents}
            planned.unmanaged.extend(sorted(name for name in local_names(clients["local"]) if name not in known))
    refuse(problems)
    return planned


def _desired(params: Mapping[str, Any], origin: plan_file.Origin) -> Desired:
    given = [option for option in SOURCES if params[option] is not None]
    if len(given) != 1:
        raise InvalidInput(SOURCES[0], "or 'rulestacks' or 'rollback_of' must be set, and only one of them.")
    if params["directory"] is not None:
        target = Target(origin.account_id, origin.region, tuple(params["groups"]), params["variables"])
        policy, documents = read_documents(params["directory"], target)
        states = [params["state"]] * len(documents)
        return Desired(policy.rulestacks, documents, states, [*policy.suppress, *params["suppress"]])
    if params["rulestacks"] is not None:
        values, documents = checked(params["rulestacks"])
        return Desired(values, documents, [params["state"]] * len(values), params["suppress"])
    path = params["rollback_of"]
    undoes = plan_file.read(path, "rollback_of")
    plan_file.refuse_foreign(path, undoes, dataclasses.replace(origin, version=undoes["collection"]))
    back = plan_file.undone(undoes)
    values = [document for document, _state in back]
    documents = parse(values)
    refuse(document_problems(documents))
    return Desired(values, documents, [state for _document, state in back], params["suppress"], undoes)


def _changed_since(undoes: Mapping[str, Any] | None, entries: Iterable[Mapping[str, Any]]) -> list[str]:
    """Warnings on what a rollback takes back beyond the plan that it is about."""
    if undoes is None:
        return []
    made = {(one["name"], one["scope"]): one["after"] for one in undoes["rulestacks"]}
    texts = (
        (one["name"], difference_text(made[one["name"], one["scope"]], plan_file.plain(one["before"])))
        for one in entries
    )
    return [f"The rollback also takes back later changes: rulestack '{name}' {text}." for name, text in texts if text]


def _summary(entry: Mapping[str, Any]) -> dict[str, Any]:
    counts = Counter(change["operation"] for change in entry["changes"])
    own = {key: entry[key] for key in ("name", "scope", "state", "fingerprint")}
    return {**own, "counts": dict(counts), "uncommitted": len(entry["uncommitted"])}
