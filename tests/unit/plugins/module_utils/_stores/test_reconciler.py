# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two runs over one store, interleaved in all orders, with one fault: no dead token is ever current, no token is lost, and reports are true.

C(make explore) goes deeper: it interrupts runs as often as they can be interrupted, and lets locks get stale under runs that live.
"""

from __future__ import annotations

import itertools
import json
import os
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._stores import lock
from ansible_collections.panw.cloud.tests.helpers.exploration import UNBOUNDED, Call, Exploration
from ansible_collections.panw.cloud.tests.helpers.explored_worlds import ExploredCredentials, ExploredTokens
from ansible_collections.panw.cloud.tests.helpers.fake_aws import NOW
from ansible_collections.panw.cloud.tests.helpers.fake_stores import STORES
from ansible_collections.panw.cloud.tests.helpers.store_runs import NAME, StoreWorld, direct, program

# Credentials are in HashiCorp Vault as tokens are, which are explored there.
KINDS = [
    *((ExploredTokens, store) for store in STORES),
    *((ExploredCredentials, store) for store in STORES if store != "hashi_vault"),
]
DEEP = bool(os.environ.get("EXPLORE"))
SWITCHES = UNBOUNDED if DEEP else 1
SHORT = {"expiry_time": 15, "renew_before": timedelta(minutes=5)}
GRACE = {"grace": timedelta(minutes=5)}
PAIRS: dict[str, tuple[tuple[str, dict[str, Any]], ...]] = {
    "the other one wants more": (("rotated", SHORT), ("present", {})),
    "both rotate": (("rotated", {}), ("rotated", {})),
    "with a grace period": (("rotated", GRACE), ("present", {"verify": True})),
    "the other one removes it": (("rotated", {}), ("absent", {})),
}
CREDENTIALS: dict[str, tuple[tuple[str, dict[str, Any]], ...]] = {
    "one rotates": (("rotated", {}), ("present", {})),
    "both rotate": (("rotated", {}), ("rotated", {})),
    "the other one removes it": (("rotated", {}), ("absent", {"adopt": True})),
}


def established(world: StoreWorld) -> StoreWorld:
    """Put a secret into the store."""
    with direct(world, "first") as reconciler:
        reconciler.run("present")
    return world


def explore(world: StoreWorld, pair: tuple[tuple[str, dict[str, Any]], ...], **bounds: Any) -> None:
    """Search all interleavings of two runs; fail with the first three paths that end in an error."""
    programs = {name: program(world, state, **changes) for name, (state, changes) in zip("AB", pair, strict=False)}
    exploration = Exploration(programs, **{"switches": SWITCHES, **bounds})
    found = list(itertools.islice(exploration.violations(world), 3))
    print(f"{world.kind}: {exploration.states} states, {exploration.steps} steps, {exploration.ends} ends")
    assert not found, "\n".join(found)
    assert exploration.ends


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("store", STORES)
def test_two_token_runs_in_any_order_are_safe(store: str, pair: str) -> None:
    explore(established(ExploredTokens(store)), PAIRS[pair])


@pytest.mark.parametrize("pair", CREDENTIALS)
@pytest.mark.parametrize("store", [store for kind, store in KINDS if kind is ExploredCredentials])
def test_two_credential_runs_in_any_order_are_safe(store: str, pair: str) -> None:
    explore(established(ExploredCredentials(store)), CREDENTIALS[pair])


@pytest.mark.parametrize(("kind", "store"), KINDS)
def test_two_first_runs_in_any_order_are_safe(store: str, kind: type[StoreWorld]) -> None:
    explore(kind(store), (("present", {}), ("present", {})))


def staged(world: StoreWorld) -> StoreWorld:
    """A run was killed after it had staged a new token."""

    class Killed(BaseException):
        """Replaces SIGKILL."""

    response = world.response

    def kill(run: str, call: Call) -> Any:
        if call.name == "alive" and run == "killed":
            raise Killed
        return response(run, call)

    world.response = kill  # type: ignore[method-assign]
    with pytest.raises(Killed), direct(world, "killed") as reconciler:
        reconciler.run("rotated")
    del world.response  # type: ignore[method-assign]
    world.ended.add("killed")
    return world


@pytest.mark.parametrize(
    ("second", "more"),
    [("present", {}), ("rotated", {}), ("present", {"expiry_time": 120, "renew_before": timedelta(minutes=90)})],
)
@pytest.mark.parametrize("store", STORES)
def test_two_runs_after_staging_kill_are_safe(store: str, second: str, more: dict[str, Any]) -> None:
    explore(staged(established(ExploredTokens(store))), (("present", {}), (second, more)))


@pytest.mark.parametrize("rotates", [False, True])
@pytest.mark.parametrize(("kind", "store"), KINDS)
def test_overlapping_runs_without_faults_report_no_repair(store: str, kind: type[StoreWorld], rotates: bool) -> None:
    """Targets of two fleets, in all orders: two first runs, or one that rotates and one that finds a good secret."""
    world = established(kind(store)) if rotates else kind(store)
    world.is_undisturbed = True
    retried = {"attempts": 2, "is_slow_to_look": True}
    pair = (("rotated" if rotates else "present", retried), ("present", retried))
    explore(world, pair, faults=0, switches=UNBOUNDED)


@pytest.mark.parametrize("store", STORES)
def test_run_that_ends_after_its_staged_token_was_read_is_not_repaired(store: str) -> None:
    world = staged(established(ExploredTokens(store)))

    def ended(_owner: str) -> bool:
        """The owner promotes its token and ends."""
        with direct(world, "owner") as owner:
            assert owner.run("present").created
        return True

    with direct(world, "reader") as reader, mock.patch.object(lock, "has_ended", ended):
        outcome = reader.run("present")
    assert (outcome.created, outcome.changed, outcome.repaired) == (False, False, [])
    assert outcome.current.token == world.current()


@pytest.mark.parametrize("store", STORES)
def test_run_that_ends_after_its_lock_was_checked_is_left_alone(store: str) -> None:
    world = staged(established(ExploredTokens(store)))
    before, ended = world.current(), mock.Mock(side_effect=[False, True])
    with direct(world, "reader") as reader, mock.patch.object(lock, "has_ended", ended):
        assert not reader.run("present").changed
    assert world.current() == before


def edited(world: StoreWorld) -> StoreWorld:
    """The document was edited by hand; the token is the same."""
    if world.kind == "secretsmanager":
        secret = world.aws.secrets[NAME]
        document = json.loads(secret["versions"][secret["stages"]["AWSCURRENT"]])
        secret["versions"]["by-hand"] = json.dumps({**document, "owner": "network team"})
        secret["stages"].update(AWSPREVIOUS=secret["stages"]["AWSCURRENT"], AWSCURRENT="by-hand")
        return world
    document = json.loads(world.document() or "{}")
    again = {**document, "revoke_at": "2026-05-19T12:00:00Z"}
    text = json.dumps({**document, "owner": "network team", "pending_revocation": [again]})
    if world.kind == "ssm":
        world.aws.ask("", "", "put_parameter", Name=NAME, Value=text, Overwrite=True, Type="SecureString")
    elif world.kind == "hashi_vault":
        world.vault.write(NAME, json.loads(text), world.vault.read(NAME).version)
    else:
        world.slots.replace(NAME, text, world.slots.held[NAME].mark)
    return world


@pytest.mark.parametrize("store", STORES)
def test_document_edited_by_hand_is_handled_safely(store: str) -> None:
    world = edited(established(ExploredTokens(store)))
    token = world.current()
    explore(world.copy(), (("present", {}), ("rotated", {})))
    with direct(world, "next") as reconciler:
        reconciler.run("present")
    assert world.current() == token
    assert world.revoked == []  # type: ignore[attr-defined]


SLEEPING = [
    *itertools.product(STORES, ["the other one wants more", "both rotate"]),
    ("hashi_vault", "the other one removes it"),
    ("file", "the other one removes it"),
]


@pytest.mark.parametrize(("store", "pair"), SLEEPING)
def test_sleeping_run_with_stale_lock_is_safe(store: str, pair: str) -> None:
    """Parameter Store cannot prevent its late write; the write is undone, and after the last run the state is correct there, too."""
    world = ExploredTokens(store)
    world.is_forgiving = store == "ssm"
    explore(established(world), PAIRS[pair], faults=0, delays=1)


def test_exploration_finds_run_that_revokes_current_token() -> None:
    """Guards the search itself, which is worthless if it misses this."""
    world = established(ExploredTokens("file"))

    def careless(tape: Any) -> Any:
        tape.ask("api", "revoke", token=world.current())
        return program(world, "present")(tape)

    found = list(Exploration({"A": careless}, faults=0).violations(world))
    assert "the current token is revoked" in found[0]
    assert world.now == NOW
