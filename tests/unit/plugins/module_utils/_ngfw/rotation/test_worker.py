# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Targets fail independently: no exception of one target or of prefetching ends the run or its report."""

from __future__ import annotations

import dataclasses
import gc
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._aws.client import AwsClient, Connection
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.panw.cloud.plugins.module_utils._common.redaction import Scrubber
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.rotation import worker
from ansible_collections.panw.cloud.tests.unit.plugins.module_utils._ngfw.rotation.test_engine import (
    ROLE,
    World,
    fleet,
    states,
)
from ansible_collections.panw.cloud.tests.unit.plugins.module_utils._ngfw.rotation.test_options import one


def vanished(_aws: Any) -> Any:
    raise OSError("a token")


def raising(error: BaseException, times: int = 1) -> Callable[..., Any]:
    """A function that raises in its first calls."""
    left = [error] * times

    def act(*_arguments: Any, **_more: Any) -> None:
        if left:
            raise left.pop()

    return act


def spoiled(response: Any) -> Callable[[World], None]:
    """AWS returns something else for a batch."""

    def spoil(world: World) -> None:
        ask = world.aws.ask
        world.aws.ask = lambda *arguments, **request: (  # type: ignore[method-assign]
            response if "batch" in arguments[2] else ask(*arguments, **request)
        )

    return spoil


@pytest.mark.parametrize("threads", [1, 4])
@pytest.mark.parametrize(
    "spoil",
    [
        spoiled([]),
        spoiled({"SecretValues": [{"Name": "t0", "SecretString": "x"}]}),
        spoiled({"SecretValues": [None]}),
        lambda world: setattr(world.aws, "before", raising(OSError("a token"))),
        lambda world: setattr(world.aws, "before", raising(AttributeError("a token"))),
    ],
    ids=["a list", "no version", "null", "OSError", "AttributeError"],
)
def test_prefetch_failure_does_not_end_run(spoil: Callable[[World], None], threads: int) -> None:
    world = World()
    spoil(world)
    assert states(world.rotation(fleet(3), concurrency=threads).run()) == ["rotated"] * 3


@pytest.mark.parametrize("threads", [1, 4])
def test_unexpected_exception_fails_its_target_only(threads: int) -> None:
    world = World()
    members = fleet(4)
    members[1] = dataclasses.replace(members[1], open=vanished)
    rotation = world.rotation(members, concurrency=threads)
    process = rotation._worker.process

    def exit_at_two(fate: Any, store: Any) -> None:
        if fate.member.name == "t2":
            raise SystemExit(3)
        process(fate, store)

    rotation._worker.process = exit_at_two  # type: ignore[method-assign]
    result = rotation.run()
    assert states(result) == ["rotated", "failed", "failed", "rotated"]
    assert [entry["kind"] for entry in result["targets"]] == [None, "unexpected", "unexpected", None]
    assert (result["counts"]["failed"], result["changed"]) == (2, True)
    assert "a token" not in str(result)


def test_missing_credentials_fail_their_targets_only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The profile of some targets runs a missing program; targets with other profiles are rotated."""
    config = tmp_path / "config"
    config.write_text("[profile broken]\ncredential_process = /missing\n", encoding="utf-8")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    world = World()
    client = AwsClient(Connection("us-east-1", None, {"profile_name": "broken"}), Scrubber(), direct=True)
    members = fleet(2) + [one({"name": f"b{index}", "profile": "broken"}, role_arn=ROLE) for index in range(25)]
    rotation = world.rotation(members, concurrency=4)
    of = {True: client, False: world.aws}
    rotation._clients.aws = lambda account: of[account.profile == "broken"]  # type: ignore[method-assign,assignment,return-value]
    result = rotation.run()
    assert states(result) == ["rotated"] * 2 + ["failed"] * 25
    assert {entry["kind"] for entry in result["targets"][2:]} == {"authentication"}
    assert "No such file or directory: /missing" in result["targets"][2]["reason"]
    assert "credential_process" in result["targets"][2]["next_step"]
    assert result["changed"] is True


def test_defect_fails_its_target_without_showing_data() -> None:
    world = World()

    def before(operation: str) -> None:
        if operation == "create_secret" and world.issued == 1:
            raise RuntimeError("a token")

    world.aws.before = before
    result = world.rotation(fleet(3), retries=3).run()
    assert states(result) == ["rotated", "failed", "failed"]
    entry = result["targets"][1]
    assert (entry["kind"], entry["step"]) == ("unexpected", "create")
    assert "RuntimeError in test_worker.py:" in entry["reason"]
    assert "a token" not in entry["reason"]


def test_store_gone_during_run_fails_its_target_only() -> None:
    def removed(_aws: Any) -> Any:
        raise InvalidInput("path", "is in a directory that does not exist: /x")

    world = World()
    members = fleet(3)
    members[1] = dataclasses.replace(members[1], open=removed)
    result = world.rotation(members).run()
    assert states(result) == ["rotated", "failed", "rotated"]
    assert result["targets"][1]["kind"] == "invalid_input"


def test_memory_of_ended_target_is_released_without_garbage_collection(monkeypatch: pytest.MonkeyPatch) -> None:
    """Collections are rare in a run: in a reference cycle, the stores and clients of hundreds of targets would wait for the next one."""
    ended: list[weakref.ref[worker.TokenReconciler]] = []

    class Watched(worker.TokenReconciler):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments)
            ended.append(weakref.ref(self))

    monkeypatch.setattr(worker, "TokenReconciler", Watched)
    world = World()
    gc.disable()
    try:
        for _run in range(2):  # the second one revokes the tokens of the first
            assert states(world.rotation(fleet(2), state="rotated", concurrency=1).run()) == ["rotated"] * 2
        assert [reference() for reference in ended] == [None] * 4
    finally:
        gc.enable()
