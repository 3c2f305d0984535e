# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Targets fail independently: nothing that is raised for one, or while stores are read ahead, ends the run or its report."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._aws.client import AwsClient, Connection
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.panw.cloud.plugins.module_utils._common.redaction import Scrubber
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


def spoiled(answer: Any) -> Callable[[World], None]:
    """AWS answers a batch with something else."""

    def spoil(world: World) -> None:
        ask = world.aws.ask
        world.aws.ask = lambda *arguments, **request: (  # type: ignore[method-assign]
            answer if "batch" in arguments[2] else ask(*arguments, **request)
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
def test_reading_ahead_ends_nothing(spoil: Callable[[World], None], threads: int) -> None:
    world = World()
    spoil(world)
    assert states(world.rotation(fleet(3), concurrency=threads).run()) == ["rotated"] * 3


@pytest.mark.parametrize("threads", [1, 4])
def test_what_nobody_expects_is_the_failure_of_its_target(threads: int) -> None:
    world = World()
    members = fleet(4)
    members[1] = dataclasses.replace(members[1], open=vanished)
    rotation = world.rotation(members, concurrency=threads)
    attend = rotation._worker.attend

    def exit_at_two(fate: Any, store: Any) -> None:
        if fate.member.name == "t2":
            raise SystemExit(3)
        attend(fate, store)

    rotation._worker.attend = exit_at_two  # type: ignore[method-assign]
    result = rotation.run()
    assert states(result) == ["rotated", "failed", "failed", "rotated"]
    assert [entry["kind"] for entry in result["targets"]] == [None, "unexpected", "unexpected", None]
    assert (result["counts"]["failed"], result["changed"]) == (2, True)
    assert "a token" not in str(result)


def test_credentials_that_cannot_be_had_are_the_failure_of_their_targets(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The profile of some targets runs a program that is not there; those of the others are rotated."""
    config = tmp_path / "config"
    config.write_text("[profile broken]\ncredential_process = /missing\n", encoding="utf-8")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    world = World()
    client = AwsClient(Connection("us-east-1", None, {"profile_name": "broken"}), Scrubber(), direct=True)
    members = fleet(2) + [one({"name": f"b{index}", "profile": "broken"}, role_arn=ROLE) for index in range(25)]
    rotation = world.rotation(members, concurrency=4)
    of = {True: client, False: world.aws}
    rotation._access.aws = lambda account: of[account.profile == "broken"]  # type: ignore[method-assign,assignment,return-value]
    result = rotation.run()
    assert states(result) == ["rotated"] * 2 + ["failed"] * 25
    assert {entry["kind"] for entry in result["targets"][2:]} == {"authentication"}
    assert "No such file or directory: /missing" in result["targets"][2]["reason"]
    assert "credential_process" in result["targets"][2]["next_step"]
    assert result["changed"] is True


def test_a_defect_is_the_failure_of_its_target_and_does_not_show_what_it_holds() -> None:
    world = World()

    def before(operation: str) -> None:
        if operation == "create_secret" and world.issued == 1:
            raise RuntimeError("a token")

    world.aws.before = before
    result = world.rotation(fleet(3), retries=3).run()
    assert states(result) == ["rotated", "failed", "failed"]
    entry = result["targets"][1]
    assert (entry["kind"], entry["step"]) == ("unexpected", "create")
    assert "RuntimeError in test_isolation.py:" in entry["reason"]
    assert "a token" not in entry["reason"]


def test_a_store_that_cannot_be_opened_any_more_is_the_failure_of_its_target() -> None:
    def removed(_aws: Any) -> Any:
        raise InvalidInput("path", "is in a directory that does not exist: /x")

    world = World()
    members = fleet(3)
    members[1] = dataclasses.replace(members[1], open=removed)
    result = world.rotation(members).run()
    assert states(result) == ["rotated", "failed", "rotated"]
    assert result["targets"][1]["kind"] == "invalid_input"
