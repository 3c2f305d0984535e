# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Submissions to WildFire: the options, the steps of the task, and its result, also after a failure.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from .._common.errors import ErrorContext, InvalidInput, PanwCloudError
from .._wildfire.client import WildfireClient
from .._wildfire.errors import Ineligible
from .._wildfire.local_files import collect, inspect
from .._wildfire.options import check_url, page_urls, poller
from .._wildfire.submissions import (
    Item,
    Limits,
    RemoteFile,
    Submissions,
    of_files,
    of_links,
    of_remote_files,
    share,
)
from .wildfire import WildfireTask

SOURCES = ("paths", "remote_files", "links")


def submission_spec() -> dict[str, Any]:
    """The options other than those of the caller."""
    remote = {
        "url": {"type": "str", "required": True},
        "filename": {"type": "str"},
        "sha256": {"type": "str"},
    }
    return {
        "paths": {"type": "list", "elements": "str"},
        "recurse": {"type": "bool", "default": False},
        "remote_files": {"type": "list", "elements": "dict", "options": remote},
        "links": {"type": "list", "elements": "str"},
        "max_uploads": {"type": "int", "default": 150},
        "max_file_size": {"type": "int", "default": 100 * 1024 * 1024},
        "check_types": {"type": "bool", "default": True},
        "on_ineligible": {"type": "str", "choices": ["skip", "fail"], "default": "skip"},
        "wait": {"type": "bool", "default": False},
        "wait_timeout": {"type": "int", "default": 900},
        "wait_interval": {"type": "int", "default": 30},
    }


def work(task: WildfireTask) -> dict[str, Any]:
    """Look up everything, and submit what WildFire does not know. The action plugin waits for verdicts.

    :raises PanwCloudError: an option is invalid, or a request fails; with the result so far.
    """
    params = task.params
    poller(params)
    limits = _limits(params)
    items = _items(params)
    submissions = Submissions(task.client, limits)
    chosen = submissions.look_up(items)
    if params["on_ineligible"] == "fail":
        _refuse_ineligible(items, "skipped", task.client)
    submissions.check_limit(chosen)
    if not task.check_mode:
        _submit(submissions, items, chosen, task.client)
        if params["on_ineligible"] == "fail":
            _refuse_ineligible(items, "rejected", task.client)
    changed = any(item.status == "submitted" for item in items)
    # For the action plugin, which takes it out. It cannot use the invocation: core leaves it out by default since 2.21.
    wait = {"wait": {"timeout": params["wait_timeout"], "interval": params["wait_interval"]}} if params["wait"] else {}
    return {"changed": changed, **_result(items, task.client), "warnings": _warnings(items), **wait}


def _limits(params: Mapping[str, Any]) -> Limits:
    for name in ("max_uploads", "max_file_size"):
        if params[name] < 1:
            raise InvalidInput(name, f"is {params[name]}; it must be at least 1.")
    return Limits(params["max_uploads"], params["max_file_size"], params["check_types"])


def _items(params: Mapping[str, Any]) -> list[Item]:
    remote = [_remote_file(number, given) for number, given in enumerate(params["remote_files"] or (), 1)]
    links = page_urls(params, "links")
    files = [inspect(path) for path in collect(params["paths"] or [], recurse=params["recurse"])]
    return [*of_files(files), *of_remote_files(remote), *of_links(links)]


def _remote_file(number: int, given: Mapping[str, Any]) -> RemoteFile:
    check_url(f"remote_files[{number}].url", given["url"], ("http", "https", "ftp"))
    sha256 = given["sha256"] and given["sha256"].strip().lower()
    if sha256 is not None and not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise InvalidInput(f"remote_files[{number}].sha256", "is not a SHA-256: 64 hexadecimal digits.")
    return RemoteFile(given["url"], given["filename"], sha256)


def _submit(submissions: Submissions, items: Sequence[Item], chosen: Sequence[Item], client: WildfireClient) -> None:
    done: list[Item] = []
    try:
        submissions.submit(chosen, done.append)
    except PanwCloudError as error:
        for item in chosen:
            if item not in done:
                item.status, item.reason = "skipped", "interrupted"
        share(items)
        error.add(
            f"{len(done)} of {len(chosen)} files and links were sent before; the next run does not send them again."
        )
        error.changed, error.partial = bool(done), _result(items, client)
        raise
    share(items)


def _refuse_ineligible(items: Sequence[Item], status: str, client: WildfireClient) -> None:
    """:raises Ineligible: items have this status."""
    wrong = [item for item in items if item.status == status]
    if wrong:
        reason = f"{len(wrong)} of {len(items)} are {status}, the first is {wrong[0].name}: {wrong[0].reason}"
        error = Ineligible("submit all files and links to WildFire", ErrorContext(reason=reason))
        error.changed, error.partial = client.uploads > 0, _result(items, client)
        raise error


def _result(items: Sequence[Item], client: WildfireClient) -> dict[str, Any]:
    return {
        "samples": [item.as_result() for item in items],
        "pending": sum(item.verdict == "pending" for item in items),
        "queries": client.queries,
        "uploads": client.uploads,
    }


def _warnings(items: Sequence[Item]) -> list[str]:
    return [f"WildFire rejected {item.name}: {item.reason}" for item in items if item.status == "rejected"]
