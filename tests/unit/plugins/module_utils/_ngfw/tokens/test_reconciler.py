# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A token is kept through every accident: readers always find one that works, and none gets lost but the one that nobody lived to record."""

from __future__ import annotations

import dataclasses
import functools
import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._aws.assumed_role import AssumedRole
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import (
    AuthorizationError,
    Evidence,
    InvalidInput,
    PanwCloudError,
    RouteNotFound,
    ServerError,
)
from ansible_collections.panw.cloud.plugins.module_utils._common.process_identity import identity
from ansible_collections.panw.cloud.plugins.module_utils._module.argspec import stored_token_spec
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.admin_roles import ADMIN_ROLES
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.client import Held
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.endpoints import Endpoint
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.tokens.reconciler import (
    Keeper,
    NoWorkingToken,
    UselessToken,
)
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.tokens.service import Token
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.tokens.spec import Target, wanted
from ansible_collections.panw.cloud.plugins.module_utils._stores import lock
from ansible_collections.panw.cloud.plugins.module_utils._stores.base import Store, Taken
from ansible_collections.panw.cloud.plugins.module_utils._stores.documents import Record, StoredToken
from ansible_collections.panw.cloud.plugins.module_utils._stores.secret_settings import Settings
from ansible_collections.panw.cloud.plugins.module_utils._stores.secretsmanager import SecretsManagerStore
from ansible_collections.panw.cloud.plugins.module_utils._stores.ssm import SsmSlots
from ansible_collections.panw.cloud.plugins.module_utils._stores.versioned_backend import SlotStore
from ansible_collections.panw.cloud.tests.helpers.fake_aws import NOW, FakeAws, Killed
from ansible_collections.panw.cloud.tests.helpers.fakes import KEY, ROLE_ARN, URL, jwt
from ansible_collections.panw.cloud.tests.helpers.memory_slots import MemorySlots

STATES = ["present", "rotated", "revoked"]
# For a run after one that has ended, which real ones see by its process; here all runs are of one process.
AT_ONCE = {"stale_after": timedelta()}


class FakeApi:
    """Cloud NGFW: which tokens are alive. :ivar failures: what the next call of a kind raises, or answers in place of the truth."""

    def __init__(self) -> None:
        self.living: dict[str, datetime] = {}
        self.calls: list[str] = []
        self.assumed: list[str | None] = []
        self.failures: dict[str, Any] = {}
        self.before: Callable[[str], None] = lambda name: None
        self.now = NOW
        self._numbers = itertools.count(1)

    def service(self, role_arn: str | None, region: str, url: str) -> Any:
        self._called("assume")
        self.assumed.append(role_arn)
        return self

    def issue(self, admin_role: Any, expiry_time: int) -> Token:
        self._called("issue")
        text = jwt(jti=next(self._numbers))
        self.living[text] = self.now + timedelta(minutes=expiry_time)
        return Token(Held(text, KEY), admin_role.option, self.living[text], expiry_time)

    def revoke(self, held: Held) -> bool:
        self._called("revoke")
        return self.living.pop(held.token, None) is not None

    def alive(self, token: StoredToken) -> bool:
        return self._called("alive") is not False and self.works(token)

    def account(self) -> str | None:
        return "123456789012"

    def works(self, token: StoredToken) -> bool:
        return self.living.get(token.token, NOW - timedelta(days=1)) > self.now

    def _called(self, name: str) -> Any:
        self.before(name)
        self.calls.append(name)
        failure = self.failures.get(name)
        if isinstance(failure, PanwCloudError):
            raise failure
        return failure


class World:
    """One target, its store and the API; runs come and go."""

    def __init__(self, kind: str) -> None:
        self.kind, self.aws, self.api, self.slots = kind, FakeAws(), FakeApi(), MemorySlots()
        self.target = Target(
            admin_role=ADMIN_ROLES["rulestack"],
            region="us-east-1",
            url=URL,
            role_arn=ROLE_ARN,
            expiry_time=60,
            renew_before=timedelta(minutes=20),
        )

    def store(self) -> Store[StoredToken]:
        if self.kind == "secretsmanager":
            return SecretsManagerStore(self.aws, "ngfw", Settings(), StoredToken)
        if self.kind == "ssm":
            return SlotStore(SsmSlots(self.aws, "a token"), "ssm", "/ngfw", StoredToken, 8192)
        return SlotStore(self.slots, "none", "ngfw", StoredToken)

    def keeper(self, **changes: Any) -> Keeper:
        return Keeper(dataclasses.replace(self.target, **changes), self.store(), self.api, lambda: self.api.now)

    def run(self, state: str = "present", **changes: Any) -> Any:
        return self.keeper(**changes).run(state)

    def later(self, **time: float) -> None:
        self.api.now += timedelta(**time)

    def current(self) -> StoredToken | None:
        return self.store().load().current

    def stored(self) -> set[str]:
        """All tokens that the store knows."""
        store = self.store()
        contents = store.load()
        found = [store.read(entry) for entry in contents.retiring]
        found += [token for token in (contents.current, contents.pending) if isinstance(token, StoredToken)]
        return {token.token for token in found}


@pytest.fixture(params=["secretsmanager", "ssm", "memory"])
def world(request: pytest.FixtureRequest) -> World:
    return World(request.param)


def fingerprints(outcome: Any) -> list[str]:
    return [entry.fingerprint for entry in outcome.retiring]


def test_life(world: World) -> None:
    first = world.run()
    assert first.changed
    assert first.previous is None
    assert first.current == world.current()
    world.api.calls.clear()
    again = world.run()
    assert not again.changed
    assert again.current == first.current
    assert world.api.calls == []
    second = world.run("rotated")
    assert second.previous == first.current
    assert list(world.api.living) == [second.current.token]
    gone = world.run("revoked")
    assert gone.changed
    assert gone.current is None
    assert world.api.living == {}
    assert not world.run("revoked").changed


def test_a_token_is_renewed_in_time(world: World) -> None:
    first = world.run()
    world.later(minutes=39)
    assert not world.run().changed
    world.later(minutes=1)
    second = world.run()
    assert second.previous.fingerprint == first.current.fingerprint
    world.later(hours=2)
    world.api.calls.clear()
    third = world.run()
    assert third.retiring == []
    assert "revoke" not in world.api.calls  # it has expired


@pytest.mark.parametrize(
    "changes",
    [
        {"admin_role": ADMIN_ROLES["firewall"]},
        {"role_arn": f"{ROLE_ARN}2"},
        {"role_arn": None},
        {"url": f"{URL}/stage"},
        {"region": "eu-west-1"},
    ],
)
def test_a_token_of_another_identity_is_replaced(world: World, changes: dict[str, Any]) -> None:
    first = world.run()
    second = world.run(**changes)
    assert second.changed
    assert list(world.api.living) == [second.current.token]
    # The old one was revoked with the role that it was issued to.
    assert world.api.assumed[-1] == first.current.role_arn


def test_grace(world: World) -> None:
    first = world.run(grace=timedelta(minutes=5))
    second = world.run("rotated", grace=timedelta(minutes=5))
    assert fingerprints(second) == [first.current.fingerprint]
    assert second.retiring[0].due == NOW + timedelta(minutes=5)
    assert not world.run().changed
    world.later(minutes=5)
    third = world.run()
    assert third.changed
    assert third.retiring == []
    assert list(world.api.living) == [second.current.token]


def test_grace_ends_with_the_token(world: World) -> None:
    world.run()
    second = world.run("rotated", grace=timedelta(hours=5))
    assert second.retiring[0].due == NOW + timedelta(hours=1)


def test_retired_does_not_wait_for_the_grace_period(world: World) -> None:
    world.run()
    second = world.run("rotated", grace=timedelta(minutes=5))
    assert world.keeper().predict("retired").changed
    third = world.run("retired")
    assert third.changed
    assert third.current == second.current == world.current()
    assert third.retiring == []
    assert list(world.api.living) == [second.current.token]
    assert not world.keeper().predict("retired").changed
    assert not world.run("retired").changed


def test_retired_tells_what_could_not_be_revoked(world: World) -> None:
    world.run()
    world.run("rotated", grace=timedelta(minutes=5))
    world.api.failures["revoke"] = failing()
    with pytest.raises(ServerError, match="stays in the store as one to revoke"):
        world.run("retired")
    assert len(world.api.living) == len(world.stored()) == 2


def test_retired_leaves_a_run_that_is_under_way_alone(world: World) -> None:
    world.run()
    world.run("rotated", grace=timedelta(minutes=5))
    reserved(world)
    with pytest.raises(Taken):
        world.run("retired")
    assert len(world.api.living) == 2


def test_verified_asks_the_api_and_changes_nothing(world: World) -> None:
    with pytest.raises(NoWorkingToken, match="the store holds no token"):
        world.run("verified")
    token = world.run().current
    world.api.calls.clear()
    for verified in (world.run("verified"), world.keeper().predict("verified")):
        assert not verified.changed
        assert verified.current == token
    assert world.api.calls == ["alive", "alive"]
    world.api.living.clear()
    with pytest.raises(NoWorkingToken, match="does not accept it"):
        world.run("verified")


@pytest.mark.parametrize(("changes", "later"), [({"region": "eu-west-1"}, 0), ({}, 60)])
def test_verified_refuses_a_token_of_another_place_or_time(world: World, changes: dict[str, Any], later: int) -> None:
    world.run()
    world.later(minutes=later)
    world.api.calls.clear()
    with pytest.raises(NoWorkingToken, match="it has expired, or is not the one that is wanted"):
        world.run("verified", **changes)
    assert world.api.calls == []


def failing(kind: type[PanwCloudError] = ServerError) -> PanwCloudError:
    return kind("do it", Evidence(reason="no"))


def test_no_token_to_be_had(world: World) -> None:
    first = world.run()
    world.api.failures["issue"] = failing()
    with pytest.raises(ServerError):
        world.run("rotated")
    assert world.current() == first.current
    world.api.failures.clear()
    assert world.run("rotated").changed


def test_no_role_to_be_had_leaves_the_store_alone(world: World) -> None:
    world.api.failures["assume"] = failing(AuthorizationError)
    with pytest.raises(AuthorizationError):
        world.run()
    assert not world.store().load().exists


def test_a_token_that_cannot_be_stored_is_revoked(world: World) -> None:
    first = world.run()
    keeper = world.keeper()

    def refuse(token: StoredToken, staged_by: str) -> None:
        raise failing()

    keeper._store.stage = refuse  # type: ignore[method-assign]
    with pytest.raises(ServerError) as caught:
        keeper.rotated()
    assert "The new token is revoked." in str(caught.value)
    assert list(world.api.living) == [first.current.token]
    assert world.current() == first.current


def test_a_token_that_can_neither_be_stored_nor_revoked_is_told(world: World) -> None:
    world.run()
    keeper = world.keeper()

    def refuse(*_: Any) -> None:
        raise failing()

    keeper._store.stage = refuse  # type: ignore[method-assign]
    keeper._store.drop_pending = refuse  # type: ignore[assignment, method-assign]
    world.api.failures["revoke"] = failing()
    with pytest.raises(ServerError) as caught:
        keeper.rotated()
    assert "could not be revoked either (no): it dies at 2026-05-19T13:00:00Z" in str(caught.value)
    assert "could not be emptied (no)" in str(caught.value)


def test_a_useless_token(world: World) -> None:
    first = world.run()
    world.api.failures["alive"] = False
    with pytest.raises(UselessToken) as caught:
        world.run("rotated")
    assert "The new token is revoked." in str(caught.value)
    assert world.current() == first.current
    assert list(world.api.living) == [first.current.token]


def test_an_unproven_token_is_finished_or_dropped(world: World) -> None:
    world.run()
    for kept in (True, False):
        world.api.failures["alive"] = failing()
        with pytest.raises(ServerError) as caught:
            world.run("rotated")
        assert "staged but not proven" in str(caught.value)
        world.api.failures.clear()
        before = world.current()
        if not kept:
            world.api.living.pop(world.store().load().pending.token)  # type: ignore[union-attr]
        outcome = world.run(**AT_ONCE)
        assert outcome.changed
        assert (outcome.current != before) == kept
        assert len(world.api.living) == 1
        assert len(outcome.repaired) == 1


def test_a_half_done_rotation_is_the_rotation(world: World) -> None:
    world.run()
    world.api.failures["alive"] = failing()
    with pytest.raises(ServerError):
        world.run("rotated")
    world.api.failures.clear()
    world.api.calls.clear()
    assert world.run("rotated", **AT_ONCE).changed
    assert "issue" not in world.api.calls


def test_a_promotion_that_fails_is_finished_later(world: World) -> None:
    first = world.run()
    keeper = world.keeper()

    def refuse(due: datetime | None) -> None:
        raise failing()

    keeper._store.promote = refuse  # type: ignore[assignment, method-assign]
    with pytest.raises(ServerError) as caught:
        keeper.rotated()
    assert "the next run finishes. The old one stays." in str(caught.value)
    assert world.current() == first.current
    assert world.run(**AT_ONCE).previous == first.current


def test_a_promotion_that_somebody_else_has_done(world: World) -> None:
    world.run()
    keeper = world.keeper()
    nested: list[int] = []

    def other(name: str) -> None:
        if name == "alive" and not nested:
            nested.append(1)
            assert world.run(**AT_ONCE).changed

    world.api.before = other
    outcome = keeper.rotated()
    assert outcome.changed
    assert outcome.current is not None
    assert world.current() is not None
    assert world.current().fingerprint == outcome.current.fingerprint  # type: ignore[union-attr]
    assert world.run().retiring == []
    assert list(world.api.living) == [outcome.current.token]


def test_a_token_that_another_run_has_promoted_meanwhile_is_not_revoked(world: World) -> None:
    """Between the read that settles a conflict and the one before the revocation."""
    token = world.run().current
    keeper, failure = world.keeper(), failing()
    keeper._abandon(token, failure)
    assert world.api.works(token)
    assert "another run has made it the current one" in str(failure)


def test_a_promotion_that_comes_too_late(world: World) -> None:
    """The run slept after its proof until others had dropped its token and made another."""
    world.run()
    keeper = world.keeper()
    promote = keeper._store.promote

    def late(due: datetime | None) -> Any:
        world.run(expiry_time=120, renew_before=timedelta(minutes=90), **AT_ONCE)
        return promote(due)

    keeper._store.promote = late  # type: ignore[method-assign]
    with pytest.raises(Taken) as caught:
        keeper.rotated()
    assert "The new token is revoked." in str(caught.value)
    world.run()
    current = world.current()
    assert current
    assert list(world.api.living) == [current.token]


def test_a_failed_revocation_is_tried_again(world: World) -> None:
    first = world.run()
    world.api.failures["revoke"] = failing()
    second = world.run("rotated")
    assert second.changed
    assert fingerprints(second) == [first.current.fingerprint]
    assert "the next run tries again" in second.warnings[0]
    again = world.run()
    assert not again.changed
    assert len(again.warnings) == 1
    with pytest.raises(ServerError):
        world.run("revoked")
    assert world.current() is None
    world.api.failures.clear()
    assert world.run("revoked").changed
    assert world.api.living == {}


def test_a_missing_route(world: World) -> None:
    first = world.run()
    world.api.failures["revoke"] = failing(RouteNotFound)
    second = world.run("rotated")
    assert second.retiring[0].due == first.current.expires_at
    assert len(second.warnings) == 1
    world.api.calls.clear()
    third = world.run()
    assert not third.changed
    assert third.warnings == []
    assert world.api.calls == []
    world.later(hours=1)
    assert fingerprints(world.run("rotated")) == []


def test_a_token_that_nobody_can_read_is_forgotten() -> None:
    world = World("secretsmanager")
    world.run()
    second = world.run("rotated", grace=timedelta(minutes=5))
    secret = world.aws.secrets["ngfw"]
    secret["versions"][second.retiring[0].handle] = "nonsense"
    world.later(minutes=5)
    outcome = world.run()
    assert outcome.retiring == []
    assert "cannot be revoked without it" in outcome.warnings[0]
    assert world.run().warnings == []


def reserved(world: World) -> None:
    """Somebody was killed right after the reservation."""

    def kill(name: str) -> None:
        if name == "issue":
            raise Killed

    world.api.before = kill
    with pytest.raises(Killed):
        world.run("rotated")
    world.api.before = lambda name: None


def test_reservations(world: World) -> None:
    world.run()
    reserved(world)
    assert not world.run().changed
    for state in ("rotated", "revoked"):
        with pytest.raises(Taken, match=r"is taken over from 2026-05-19T12:05:00Z on"):
            world.run(state)
    world.later(minutes=5)
    outcome = world.run("rotated")
    assert "stale reservation of 2026-05-19T12:00:00Z" in outcome.repaired[0]


def test_a_reservation_of_a_process_that_has_ended_is_taken_over_at_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.run()
    reserved(world)
    monkeypatch.setattr(lock, "has_ended", lambda process: process == identity())
    assert "stale reservation" in world.run("rotated").repaired[0]


def test_a_reservation_of_a_wrong_clock_is_stale(world: World) -> None:
    world.later(hours=1)
    reserved(world)
    world.later(hours=-1)
    assert world.run().changed


def test_a_fresh_reservation_and_no_token(world: World) -> None:
    reserved(world)
    with pytest.raises(Taken):
        world.run()
    world.later(minutes=5)
    assert world.run().changed


def test_revoked_finds_a_half_done_rotation(world: World) -> None:
    world.run()
    world.api.failures["alive"] = failing()
    with pytest.raises(ServerError):
        world.run("rotated")
    assert len(world.api.living) == 2
    with pytest.raises(Taken, match="another run has staged a new one"):
        world.run("revoked")
    assert world.run("revoked", **AT_ONCE).changed
    assert world.api.living == {}


def test_the_quicker_run_wins(world: World) -> None:
    """Another run does all of it between this one's look and its reservation."""

    def other(name: str) -> None:
        if name == "assume":
            world.api.before = lambda name: None
            world.run()

    world.api.before = other
    outcome = world.run()
    assert not outcome.changed
    assert outcome.current == world.current()
    world.api.before = other
    assert world.run("rotated").changed  # the other one found a good token, and wrote nothing
    assert world.api.calls.count("issue") == 2


def test_the_quicker_run_is_still_at_it(world: World) -> None:
    def other(name: str) -> None:
        if name == "assume":
            world.api.before = lambda name: None
            reserved(world)

    world.api.before = other
    with pytest.raises(Taken, match="another run has reserved"):
        world.run()


def test_the_quicker_run_made_another_token(world: World) -> None:
    def other(name: str) -> None:
        if name == "assume":
            world.api.before = lambda name: None
            world.run(role_arn=f"{ROLE_ARN}2")

    world.api.before = other
    with pytest.raises(Taken, match="another run was quicker"):
        world.run()


def test_damage(world: World) -> None:
    world.run()
    if world.kind == "secretsmanager":
        found = world.aws.secrets["ngfw"]
        found["versions"][found["stages"]["AWSCURRENT"]] = "nonsense"
    elif world.kind == "ssm":
        world.aws.parameters["/ngfw"]["Value"] = "nonsense"
    else:
        world.slots.delete("ngfw")
        world.slots.create("ngfw", "nonsense")
    for state in STATES:
        with pytest.raises(PanwCloudError, match="on_damaged"):
            world.run(state)
    assert world.keeper(replace_damaged=True).predict("present").changed
    outcome = world.run(replace_damaged=True)
    assert outcome.changed
    assert "it is not JSON" in outcome.repaired[0]
    assert not world.run().changed


def test_a_damaged_pending_place(world: World) -> None:
    first = world.run()
    if world.kind == "secretsmanager":
        found = world.aws.secrets["ngfw"]
        found["versions"]["other"], found["stages"]["AWSPENDING"] = "nonsense", "other"
    elif world.kind == "ssm":
        world.aws.parameters["/ngfw.pending"] = {"Value": "nonsense", "Version": 1}
    else:
        world.slots.create("ngfw.pending", "nonsense")
    outcome = world.run(replace_damaged=True)
    assert outcome.changed
    assert outcome.current == first.current
    assert not world.run().changed


def test_settings(world: World) -> None:
    keeper = world.keeper()
    keeper.present()
    keeper = world.keeper()
    settled: list[int] = []
    keeper._store.drift = lambda: ["tags"]  # type: ignore[method-assign]
    keeper._store.settle = lambda: settled.append(1)  # type: ignore[method-assign]
    assert keeper.predict("present").changed
    assert not settled
    outcome = keeper.present()
    assert outcome.changed
    assert outcome.repaired == ["Settings of the store were wrong or missing: tags."]
    assert settled


def test_prediction(world: World) -> None:
    assert world.keeper().predict("present").changed
    assert not world.keeper().predict("revoked").changed
    world.run()
    world.api.calls.clear()
    assert not world.keeper().predict("present").changed
    assert world.keeper().predict("rotated").changed
    assert world.keeper().predict("revoked").changed
    assert world.api.calls == []


def rewritten(world: World, **changes: Any) -> None:
    """The current document is changed; its fingerprint fits."""
    current = world.current()
    assert current
    text = Record(dataclasses.replace(current, **changes)).dump()
    if world.kind == "secretsmanager":
        secret = world.aws.secrets["ngfw"]
        secret["versions"][secret["stages"]["AWSCURRENT"]] = text
    elif world.kind == "ssm":
        world.aws.parameters["/ngfw"]["Value"] = text
    else:
        world.slots.delete("ngfw")
        world.slots.create("ngfw", text)


@pytest.mark.parametrize(
    "changes",
    [
        {"token": "two\nlines-of-a-token"},
        {"subscription_key": "a key of many words"},
        {"expires_at": datetime(9999, 12, 31, tzinfo=UTC), "issued_at": datetime(9999, 12, 30, tzinfo=UTC)},
        {"expires_at": datetime(9999, 12, 31, tzinfo=UTC), "issued_at": NOW - timedelta(hours=23, minutes=50)},
    ],
    ids=["token", "key", "issued in the future", "longer than a day"],
)
def test_a_token_that_cannot_be_right_is_replaced(world: World, changes: dict[str, Any]) -> None:
    world.run()
    rewritten(world, **changes)
    outcome = world.run()
    assert outcome.made
    assert outcome.current == world.current()
    assert not world.run().changed


def test_an_expiry_beyond_what_the_api_grants_does_not_keep_a_token(world: World) -> None:
    world.run()
    rewritten(world, expires_at=datetime(9999, 12, 31, tzinfo=UTC))
    assert not world.run().changed
    world.later(hours=23, minutes=40)
    assert world.run().made


def test_verify_replaces_a_current_token_that_the_api_refuses(world: World) -> None:
    first = world.run().current
    world.api.living.clear()
    assert not world.run().changed
    assert world.keeper(verify=True).predict("present").changed
    outcome = world.run(verify=True)
    assert outcome.made
    assert f"(fingerprint {first.fingerprint}) any more" in outcome.repaired[0]
    assert not world.run(verify=True).changed


def _kill_at(number: int, steps: list[str], name: str) -> None:
    steps.append(name)
    if len(steps) == number:
        raise Killed


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("grace", [0, 5])
def test_a_kill_at_any_call_loses_nothing(world: World, state: str, grace: int) -> None:
    """The same as the crash test of the real module, over fakes that follow AWS to the letter."""
    kind, lost = world.kind, 0
    for number in itertools.count(1):
        world = World(kind)
        if state != "present":
            world.run()
        expected = state == "rotated"
        steps: list[str] = []

        _watch(world, functools.partial(_kill_at, number, steps))
        try:
            world.run(state, grace=timedelta(minutes=grace))
        except Killed:
            pass
        else:
            break
        finally:
            _watch(world, lambda name: None)
        _check_reader(world, expected=expected)
        world.run(state, grace=timedelta(minutes=grace), stale_after=timedelta())
        _check_reader(world, expected=state != "revoked")
        strays = set(world.api.living) - world.stored()
        assert len(strays) <= ("issue" in steps[:-1]), steps
        lost += len(strays)
        if state != "revoked":
            assert not world.run().changed
    assert number > 5
    assert bool(lost) == (state != "revoked")


def _watch(world: World, watcher: Callable[[str], None]) -> None:
    world.api.before = world.aws.before = watcher
    write, delete = MemorySlots._write, MemorySlots.delete

    def watched(name: str, work: Any) -> Any:
        def call(*arguments: Any) -> Any:
            watcher(name)
            return work(world.slots, *arguments)

        return call

    world.slots._write = watched("write", write)  # type: ignore[method-assign]
    world.slots.delete = watched("delete", delete)  # type: ignore[method-assign]


def _check_reader(world: World, *, expected: bool) -> None:
    current = world.current()
    assert current or not expected
    assert current is None or world.api.works(current)


def params(**given: Any) -> dict[str, Any]:
    return {
        **{name: option.get("default") for name, option in stored_token_spec().items()},
        "admin_role": "firewall",
        **given,
    }


def test_options() -> None:
    role = AssumedRole(ROLE_ARN, "panw.cloud")
    target = wanted(params(grace_period=5, on_damaged="replace"), Endpoint(URL, "us-east-1"), role)
    assert target.place == (ROLE_ARN, "us-east-1", URL)
    assert target.renew_before == timedelta(minutes=20)
    assert target.grace == timedelta(minutes=5)
    assert target.stale_after == timedelta(minutes=5)
    assert target.replace_damaged
    assert wanted(params(), Endpoint(URL, "us-east-1"), None).role_arn is None


@pytest.mark.parametrize(
    ("given", "option"),
    [
        ({"expiry_time": 4}, "expiry_time"),
        ({"expiry_time": 20}, "renew_before"),
        ({"grace_period": -1}, "grace_period"),
        ({"grace_period": 1441}, "grace_period"),
        ({"take_over_after": -1}, "take_over_after"),
    ],
)
def test_bad_options(given: dict[str, int], option: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        wanted(params(**given), Endpoint(URL, "us-east-1"), None)
    assert caught.value.option == option


def test_result_shows_no_secret(world: World) -> None:
    world.run()
    outcome = world.run("rotated", grace=timedelta(minutes=5))
    result = outcome.as_result()
    assert result["previous_fingerprint"] == result["diff"]["before"]["fingerprint"]
    assert result["fingerprint"] == result["diff"]["after"]["fingerprint"]
    for secret in (outcome.current.token, outcome.previous.token, KEY):
        assert secret not in str(result) + repr(outcome)
    assert Record(outcome.current).dump()
