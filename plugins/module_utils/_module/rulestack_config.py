# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whole rulestacks as one task, on the controller.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import aws_argument_spec

from .._common.errors import InvalidInput
from .._common.release import version
from .._ngfw.resources import plan_file
from .._ngfw.resources.application import Application, Settings, apply_all
from .._ngfw.resources.catalogs import Catalogs, catalog_problems
from .._ngfw.resources.client import ResourceClient, request_for, tag_requests
from .._ngfw.resources.document import Document, document_problems, parse
from .._ngfw.resources.engine import diff
from .._ngfw.resources.planner import Observed
from .._ngfw.resources.read_once import ReadOnce
from .._ngfw.resources.reader import CONCURRENCY, Reader, document_of, gather, snapshot
from .._ngfw.resources.rulestack_plan import STATES, Plan, plan_rulestack
from .._ngfw.resources.validation import refuse
from .._ngfw.rulestacks import RulestackReader, Selection
from .argspec import ngfw_spec, role_spec, session_spec
from .aws import ModuleShim
from .documents import DOCUMENT, checked
from .ngfw import Task
from .resource import admin_role_for, commit_poller
from .session import session

SESSION_MINUTES = 120
MOST = 128  # calls at the same time
GATHERED, RENDERED = "gathered", "rendered"
Progress = Callable[[str, int, int], object]
"""Called with what is done, how many are done, and how many there are; 0 if unknown."""


def spec() -> dict[str, Any]:
    """All options, those of amazon.aws included. L(work) checks the documents."""
    unchecked = {"type": "list", "elements": "raw"}
    return {**aws_argument_spec(), **ngfw_spec(), **role_spec(), **own_spec(), "rulestacks": unchecked}


def own_spec() -> dict[str, Any]:
    """The options without those of the connection."""
    return {
        **session_spec(),
        "rulestacks": {**DOCUMENT, "type": "list", "elements": "dict"},
        "plan": {"type": "path"},
        "plan_id": {"type": "str"},
        "verify": {"type": "bool", "default": False},
        "account_id": {"type": "str"},
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
    check_concurrency(params)
    if params["state"] == GATHERED and params["rulestacks"] is None and params["plan"] is None:
        return _gathered_all(Task(module), module, progress)
    if (params["rulestacks"] is None) == (params["plan"] is None):
        raise InvalidInput("rulestacks", "or 'plan' must be set, and only one of them.")
    if params["plan"] is not None:
        return _approved(Task(module), module, progress)
    _values, documents = checked(params["rulestacks"])
    if params["state"] == RENDERED:
        return _rendered(documents)
    task = Task(module)
    with sessions(task, scopes_of(documents)) as clients:
        if params["state"] == GATHERED:
            result = _gathered(task, documents, clients, progress)
        else:
            read = counter("read", progress)
            plans = [
                plan_rulestack(Reader(clients[document.scope], params["concurrency"]), document, params["state"], read)
                for document in documents
            ]
            result = _applied(task, plans, clients, progress)
    return _with_warnings(result, task, module)


def check_concurrency(params: Mapping[str, Any]) -> None:
    """:raises InvalidInput: the number of requests at the same time is too small or too large."""
    if not 1 <= params["concurrency"] <= MOST:
        raise InvalidInput("concurrency", f"is {params['concurrency']}, not between 1 and {MOST}.")


def scopes_of(documents: Iterable[Document]) -> list[str]:
    """The scopes of documents."""
    return [document.scope for document in documents]


@contextlib.contextmanager
def sessions(task: Task, scopes: Iterable[str]) -> Iterator[dict[str, ResourceClient]]:
    """A client for each scope, each with its token."""
    with contextlib.ExitStack() as opened:
        clients = {}
        for scope in dict.fromkeys(scopes):
            one = opened.enter_context(session(task, admin_role_for(task, scope), SESSION_MINUTES))
            clients[scope] = ResourceClient(one.client, one.pair)
        yield clients


def origin_of(task: Task) -> plan_file.Origin:
    """What a plan of this task is about. :raises InvalidInput: the account or the region is unknown."""
    account = task.params["account_id"] or (task.role and task.role.account_id)
    if not account:
        raise InvalidInput("account_id", "is missing. It is only known from 'role_arn', which is not set.")
    with task.aws_clients.region_needed():
        if not task.region:
            raise InvalidInput("region", "is missing: a plan is for one region.")
    return plan_file.Origin(str(version()), str(account), task.region, task.params.get("target") or "")


def _approved(task: Task, module: ModuleShim, progress: Progress) -> dict[str, Any]:
    """Apply a plan file, if the rulestacks are still as it found them."""
    path = task.params["plan"]
    saved = plan_file.read(path)
    plan_file.refuse_foreign(path, saved, origin_of(task), task.params["plan_id"])
    documents = parse([entry["document"] for entry in saved["rulestacks"]])
    refuse(document_problems(documents))
    read = counter("read", progress)
    with sessions(task, scopes_of(documents)) as clients:

        def readers() -> list[Reader]:
            return [Reader(ReadOnce.like(clients[one.scope]), task.params["concurrency"]) for one in documents]

        def planned(readers: Sequence[Reader]) -> list[Plan]:
            given = zip(readers, documents, saved["rulestacks"])
            return [plan_rulestack(reader, document, entry["state"], read) for reader, document, entry in given]

        before = readers()
        found = [snapshot(reader, one.name, one.scope, read) for reader, one in zip(before, documents)]
        plan_file.refuse_outdated(path, saved, found)
        result = _applied(task, planned(before), clients, progress)
        if task.params["verify"] and result["changed"] and not task.check_mode:
            plan_file.verify(path, planned(readers()), result["rulestacks"])
    return _with_warnings({**result, "plan": path, "plan_id": saved["id"]}, task, module)


def _with_warnings(result: dict[str, Any], task: Task, module: ModuleShim) -> dict[str, Any]:
    return {**result, "warnings": [*result.get("warnings", []), *module.warnings, *task.warnings]}


def _applied(
    task: Task, plans: Sequence[Plan], clients: dict[str, ResourceClient], progress: Progress
) -> dict[str, Any]:
    params = task.params
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
    written = counter("written", progress, len(changes))
    return {**result, "rulestacks": apply_all(applications, lambda _result: written(1))}


def local_names(client: ResourceClient) -> list[str]:
    """The names of all local rulestacks of the token's account."""
    return RulestackReader(*client.connection).names(Selection(scope="local"))


def _gathered_all(task: Task, module: ModuleShim, progress: Progress) -> dict[str, Any]:
    """All local rulestacks."""
    with sessions(task, ["local"]) as clients:
        documents = parse([{"name": name, "scope": "local"} for name in local_names(clients["local"])])
        result = _gathered(task, documents, clients, progress)
    return _with_warnings(result, task, module)


def _gathered(
    task: Task, documents: Sequence[Document], clients: dict[str, ResourceClient], progress: Progress
) -> dict[str, Any]:
    read = counter("read", progress)
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


def counter(what: str, progress: Progress, total: int = 0) -> Callable[[int], None]:
    """A function that counts what is done and reports it. :param total: 0 if unknown."""
    done = 0

    def count(number: int) -> None:
        nonlocal done
        done += number
        progress(what, done, total)

    return count
