# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whole rulestacks as one task, on the controller.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import aws_argument_spec

from .._common.errors import InvalidInput
from .._ngfw.resources.application import Application, Settings, apply_all
from .._ngfw.resources.catalogs import Catalogs, catalog_problems
from .._ngfw.resources.client import ResourceClient, request_for, tag_requests
from .._ngfw.resources.document import Document, document_problems, document_spec, lenient, parse
from .._ngfw.resources.engine import diff
from .._ngfw.resources.planner import Observed
from .._ngfw.resources.reader import CONCURRENCY, Reader, document_of, gather
from .._ngfw.resources.rulestack_plan import STATES, Plan, plan_rulestack
from .._ngfw.resources.validation import refuse
from .argspec import ngfw_spec, role_spec, session_spec
from .aws import ModuleShim
from .ngfw import Task
from .resource import admin_role_for, commit_poller
from .session import session

SESSION_MINUTES = 120
GATHERED, RENDERED = "gathered", "rendered"
Progress = Callable[[str, int, int], object]
"""Called with what is done, how many are done, and how many there are; 0 if unknown."""


def spec() -> dict[str, Any]:
    """All options, those of amazon.aws included. The documents are only checked for types; L(work) does the rest."""
    own = own_spec()
    rulestacks = {**lenient(own["rulestacks"]), "required": True}
    return {**aws_argument_spec(), **ngfw_spec(), **role_spec(), **own, "rulestacks": rulestacks}


def own_spec() -> dict[str, Any]:
    """The options without those of the connection."""
    return {
        **session_spec(),
        "rulestacks": {"type": "list", "elements": "dict", "required": True, "options": document_spec()},
        "state": {"type": "str", "choices": [*STATES, GATHERED, RENDERED], "default": "merged"},
        "commit": {"type": "bool", "default": True},
        "wait_timeout": {"type": "int", "default": 600},
        "include_other_changes": {"type": "bool", "default": False},
        "revert_on_failure": {"type": "bool", "default": False},
        "concurrency": {"type": "int", "default": CONCURRENCY},
    }


def work(module: ModuleShim, progress: Progress) -> dict[str, Any]:
    """Do the task.

    :param module: with options as L(spec) describes them, checked for types.
    :raises PanwCloudError: nothing was done, or C(NotApplied): only a part.
    """
    params = module.params
    if not 1 <= params["concurrency"] <= 64:
        raise InvalidInput("concurrency", f"is {params['concurrency']}, not between 1 and 64.")
    documents = parse(params["rulestacks"])
    refuse(document_problems(documents))
    if params["state"] == RENDERED:
        return _rendered(documents)
    task = Task(module)
    with contextlib.ExitStack() as sessions:
        clients = {}
        for scope in dict.fromkeys(document.scope for document in documents):
            opened = sessions.enter_context(session(task, admin_role_for(task, scope), SESSION_MINUTES))
            clients[scope] = ResourceClient(opened.client, opened.pair)
        work = _gathered if params["state"] == GATHERED else _applied
        result = work(task, documents, clients, progress)
    return {**result, "warnings": [*result.get("warnings", []), *module.warnings, *task.warnings]}


def _applied(
    task: Task, documents: Sequence[Document], clients: dict[str, ResourceClient], progress: Progress
) -> dict[str, Any]:
    params = task.params
    read = _counter("read", progress)
    plans = [
        plan_rulestack(Reader(clients[document.scope], params["concurrency"]), document, params["state"], read)
        for document in documents
    ]
    warnings = [warning for planned in plans for warning in planned.warnings]
    problems = [problem for planned in plans for problem in planned.problems]
    if "local" in clients:  # the catalogs are for tokens of the rulestack administrator
        problems += catalog_problems(Catalogs(clients["local"]), plans, warnings)
    refuse(problems)
    settings = Settings(
        params["commit"],
        params["include_other_changes"],
        params["revert_on_failure"],
        commit_poller(params["wait_timeout"]),
        params["concurrency"],
    )
    applications = [Application(clients[planned.document.scope], planned, settings) for planned in plans]
    for application in applications:
        application.prepare()
    changes = [change for planned in plans for change in planned.changes]
    result = {
        "changed": bool(changes) or any(application.commits for application in applications),
        "diff": [diff(change) for change in changes],
        "warnings": warnings,
    }
    if task.check_mode:
        return {**result, "rulestacks": [application.outcome() for application in applications]}
    written = _counter("written", progress, len(changes))
    return {**result, "rulestacks": apply_all(applications, lambda _result: written(1))}


def _gathered(
    task: Task, documents: Sequence[Document], clients: dict[str, ResourceClient], progress: Progress
) -> dict[str, Any]:
    read = _counter("read", progress)
    reader = {scope: Reader(client, task.params["concurrency"]) for scope, client in clients.items()}
    found = [gather(reader[document.scope], document.name, document.scope, read) for document in documents]
    warnings = [warning for one in reader.values() for warning in one.warnings]
    return {"changed": False, "gathered": [document for document in found if document], "warnings": warnings}


def _rendered(documents: Sequence[Document]) -> dict[str, Any]:
    """The normalized documents, and the calls that they take on empty rulestacks."""
    plans = [plan_rulestack(Reader(None), document, "overridden") for document in documents]
    refuse(problem for planned in plans for problem in planned.problems)
    return {"changed": False, "rendered": [_rendered_plan(planned) for planned in plans]}


def _rendered_plan(planned: Plan) -> dict[str, Any]:
    """The normalized document, and its requests."""
    requests: list[dict[str, Any]] = []
    sections: dict[str, list[Observed]] = {}
    for change in planned.changes:
        calls = [] if change.only_tags else [request_for(change)]
        tags = (change.after or {}).get("tags")
        if change.resource.tags and change.operation == "create" and tags:
            calls += tag_requests(change.resource, change.address, {}, tags)
        requests += [dict(zip(("method", "path", "body"), call)) for call in calls]
        sections.setdefault(change.resource.section, []).append(
            Observed(change.address, change.desired.name, {}, change.after or {})
        )
    document = document_of(sections[""][-1], planned.document.scope, sections)
    return {"name": planned.document.name, "scope": planned.document.scope, "document": document, "requests": requests}


def _counter(what: str, progress: Progress, total: int = 0) -> Callable[[int], None]:
    done = 0

    def count(number: int) -> None:
        nonlocal done
        done += number
        progress(what, done, total)

    return count
