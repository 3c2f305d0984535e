# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two runs over one store, interleaved in every way, with one fault: no dead token is ever current, none gets lost, and reports are true.

C(make explore) goes deeper: it interrupts runs as often as they can be interrupted, and lets locks get stale under runs that live.
"""

from __future__ import annotations

import itertools
import json
import os
from datetime import timedelta
from typing import Any

import pytest
from ansible_collections.panw.cloud.tests.helpers.exploration import UNBOUNDED, Call, Exploration
from ansible_collections.panw.cloud.tests.helpers.fake_aws import NOW
from ansible_collections.panw.cloud.tests.helpers.store_runs import (
    NAME,
    CredentialsWorld,
    StoreWorld,
    TokenWorld,
    direct,
    program,
)

STORES = ["secretsmanager", "ssm", "file"]
DEEP = bool(os.environ.get("EXPLORE"))
SWITCHES = UNBOUNDED if DEEP else 1
SHORT = {"expiry_time": 15, "renew_before": timedelta(minutes=5)}
GRACE = {"grace": timedelta(minutes=5)}
PAIRS: dict[str, tuple[tuple[str, dict[str, Any]], ...]] = {
    "the other one wants more": (("rotated", SHORT), ("present", {})),
    "both rotate": (("rotated", {}), ("rotated", {})),
    "with a grace period": (("rotated", GRACE), ("present", {"verify": True})),
    "the other one removes it": (("rotated", {}), ("revoked", {})),
}
CREDENTIALS: dict[str, tuple[tuple[str, dict[str, Any]], ...]] = {
    "one rotates": (("rotated", {}), ("present", {})),
    "both rotate": (("rotated", {}), ("rotated", {})),
    "the other one removes it": (("rotated", {}), ("absent", {"adopt": True})),
}


def established(world: StoreWorld) -> StoreWorld:
    """A secret is in the store."""
    with direct(world, "first") as keeper:
        keeper.run("present")
    return world


def explore(world: StoreWorld, pair: tuple[tuple[str, dict[str, Any]], ...], **bounds: Any) -> None:
    """Search all that two runs can do together; fail with the first three paths to something wrong."""
    programs = {name: program(world, state, **changes) for name, (state, changes) in zip("AB", pair, strict=False)}
    exploration = Exploration(programs, **{"switches": SWITCHES, **bounds})
    found = list(itertools.islice(exploration.violations(world), 3))
    print(f"{world.kind}: {exploration.states} states, {exploration.steps} steps, {exploration.ends} ends")
    assert not found, "\n".join(found)
    assert exploration.ends


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("store", STORES)
def test_two_runs_over_a_token(store: str, pair: str) -> None:
    explore(established(TokenWorld(store)), PAIRS[pair])


@pytest.mark.parametrize("pair", CREDENTIALS)
@pytest.mark.parametrize("store", STORES)
def test_two_runs_over_credentials(store: str, pair: str) -> None:
    explore(established(CredentialsWorld(store)), CREDENTIALS[pair])


@pytest.mark.parametrize("kind", [TokenWorld, CredentialsWorld])
@pytest.mark.parametrize("store", STORES)
def test_two_first_runs(store: str, kind: type[StoreWorld]) -> None:
    explore(kind(store), (("present", {}), ("present", {})))


def staged(world: StoreWorld) -> StoreWorld:
    """A run was killed after it had staged a new token."""

    class Killed(BaseException):
        """In place of SIGKILL."""

    answer = world.answer

    def kill(run: str, call: Call) -> Any:
        if call.name == "alive" and run == "killed":
            raise Killed
        return answer(run, call)

    world.answer = kill  # type: ignore[method-assign]
    with pytest.raises(Killed), direct(world, "killed") as keeper:
        keeper.run("rotated")
    del world.answer  # type: ignore[method-assign]
    world.ended.add("killed")
    return world


@pytest.mark.parametrize(
    ("second", "more"),
    [("present", {}), ("rotated", {}), ("present", {"expiry_time": 120, "renew_before": timedelta(minutes=90)})],
)
@pytest.mark.parametrize("store", STORES)
def test_two_runs_find_what_a_killed_one_has_staged(store: str, second: str, more: dict[str, Any]) -> None:
    explore(staged(established(TokenWorld(store))), (("present", {}), (second, more)))


def edited(world: StoreWorld) -> StoreWorld:
    """The document was changed by hand; the token is still the same."""
    if world.kind == "secretsmanager":
        secret = world.aws.secrets[NAME]
        document = json.loads(secret["versions"][secret["stages"]["AWSCURRENT"]])
        secret["versions"]["by-hand"] = json.dumps({**document, "owner": "network team"})
        secret["stages"].update(AWSPREVIOUS=secret["stages"]["AWSCURRENT"], AWSCURRENT="by-hand")
        return world
    held = world.aws.parameters[NAME]["Value"] if world.kind == "ssm" else world.slots.held[NAME].text
    document = json.loads(held)
    again = {**document, "retire_at": "2026-05-19T12:00:00Z"}
    text = json.dumps({**document, "owner": "network team", "retiring": [again]})
    if world.kind == "ssm":
        world.aws.ask("", "", "put_parameter", Name=NAME, Value=text, Overwrite=True, Type="SecureString")
    else:
        world.slots.replace(NAME, text, world.slots.held[NAME].mark)
    return world


@pytest.mark.parametrize("store", STORES)
def test_a_document_that_was_changed_by_hand(store: str) -> None:
    world = edited(established(TokenWorld(store)))
    token = world.current()
    explore(world.copy(), (("present", {}), ("rotated", {})))
    with direct(world, "next") as keeper:
        keeper.run("present")
    assert world.current() == token
    assert world.revoked == []  # type: ignore[attr-defined]


SLEEPING = [
    *itertools.product(STORES, ["the other one wants more", "both rotate"]),
    ("file", "the other one removes it"),
]


@pytest.mark.parametrize(("store", "pair"), SLEEPING)
def test_a_run_that_sleeps_until_its_lock_is_stale(store: str, pair: str) -> None:
    """Parameter Store cannot keep out what it writes then; it is undone, and after the last run all is well there, too."""
    world = TokenWorld(store)
    world.is_forgiving = store == "ssm"
    explore(established(world), PAIRS[pair], faults=0, delays=1)


def test_the_exploration_finds_a_run_that_revokes_what_is_current() -> None:
    """The search itself would be worth nothing if it overlooked that."""
    world = established(TokenWorld("file"))

    def careless(tape: Any) -> Any:
        tape.ask("api", "revoke", token=world.current())
        return program(world, "present")(tape)

    found = list(Exploration({"A": careless}, faults=0).violations(world))
    assert "the current token is revoked" in found[0]
    assert world.now == NOW
