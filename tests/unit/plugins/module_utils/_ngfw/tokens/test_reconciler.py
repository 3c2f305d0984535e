# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Crash safety of tokens: readers always find a valid token, and no token is lost except one whose run died before recording it."""

from __future__ import annotations

import dataclasses
import functools
import itertools
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import (
    AuthorizationError,
    ErrorContext,
    InvalidInput,
    PanwCloudError,
    RouteNotFound,
    ServerError,
)
from ansible_collections.panw.cloud.plugins.module_utils._common.process_identity import identity
from ansible_collections.panw.cloud.plugins.module_utils._common.token_pair import TokenPair
from ansible_collections.panw.cloud.plugins.module_utils._module.argspec import stored_token_spec
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.admin_roles import ADMIN_ROLES
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.tokens.reconciler import (
    TokenReconciler,
    TokenRejected,
)
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.tokens.service import Token
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.tokens.spec import TokenSource, TokenSpec, desired
from ansible_collections.panw.cloud.plugins.module_utils._stores import lock
from ansible_collections.panw.cloud.plugins.module_utils._stores.base import LockConflict, Store
from ansible_collections.panw.cloud.plugins.module_utils._stores.documents import Record, StoredToken
from ansible_collections.panw.cloud.plugins.module_utils._stores.hashi_vault import PENDING_SUFFIX, VaultSlots
from ansible_collections.panw.cloud.plugins.module_utils._stores.secret_settings import Settings
from ansible_collections.panw.cloud.plugins.module_utils._stores.secretsmanager import SecretsManagerStore
from ansible_collections.panw.cloud.plugins.module_utils._stores.ssm import SsmSlots
from ansible_collections.panw.cloud.plugins.module_utils._stores.versioned_backend import SlotStore
from ansible_collections.panw.cloud.tests.helpers.fake_aws import NOW, FakeAws, Killed, source
from ansible_collections.panw.cloud.tests.helpers.fake_vault import FakeVault
from ansible_collections.panw.cloud.tests.helpers.fakes import KEY, ROLE_ARN, TOKEN, URL, jwt
from ansible_collections.panw.cloud.tests.helpers.memory_slots import MemorySlots

STATES = ["present", "rotated", "absent"]
# For a run after an ended one. Real runs recognize it by its process; here all runs share one process.
AT_ONCE = {"lock_timeout": timedelta()}


class FakeApi:
    """Cloud NGFW with its valid tokens.

    :ivar failures: what the next call of a kind raises, or returns instead of the real result. :ivar most: minutes that the tenant grants.
    """

    def __init__(self) -> None:
        self.living: dict[str, datetime] = {}
        self.calls: list[str] = []
        self.assumed: list[str | None] = []
        self.failures: dict[str, Any] = {}
        self.before: Callable[[str], None] = lambda name: None
        self.now, self.most = NOW, 1440
        self._numbers = itertools.count(1)

    def service(self, source: TokenSource) -> Any:
        self._called("assume")
        self.assumed.append(source.role_arn)
        return self

    def issue(self, admin_role: Any, expiry_time: int) -> Token:
        self._called("issue")
        text, granted = jwt(jti=next(self._numbers)), min(expiry_time, self.most)
        self.living[text] = self.now + timedelta(minutes=granted)
        return Token(TokenPair(text, KEY), admin_role.option, self.living[text], granted)

    def revoke(self, held: TokenPair) -> bool:
        self._called("revoke")
        return self.living.pop(held.token, None) is not None

    def alive(self, token: StoredToken) -> bool:
        return self._called("alive") is not False and self.works(token)

    def account(self, _source: TokenSource) -> str | None:
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
    """One target, its store and the API; runs start and end."""

    def __init__(self, kind: str) -> None:
        self.kind, self.aws, self.api, self.slots = kind, FakeAws(), FakeApi(), MemorySlots()
        self.vault = FakeVault()
        self.target = TokenSpec(
            admin_role=ADMIN_ROLES["rulestack"],
            source=source(),
            expiry_time=60,
            renew_before=timedelta(minutes=20),
        )

    def store(self) -> Store[StoredToken]:
        if self.kind == "secretsmanager":
            return SecretsManagerStore(self.aws, "ngfw", Settings(), StoredToken)
        if self.kind == "ssm":
            return SlotStore(SsmSlots(self.aws, "a token"), "ssm", "/ngfw", StoredToken, 8192)
        if self.kind == "hashi_vault":
            slots = VaultSlots(self.vault, "ngfw")
            return SlotStore(slots, "hashi_vault", "ngfw", StoredToken, suffix=PENDING_SUFFIX)
        return SlotStore(self.slots, "none", "ngfw", StoredToken)

    def reconciler(self, **changes: Any) -> TokenReconciler:
        place = {name: changes.pop(name) for name in ("role_arn", "region", "url") if name in changes}
        if place:
            changes["source"] = source(**place)
        return TokenReconciler(
            dataclasses.replace(self.target, **changes), self.store(), self.api, lambda: self.api.now
        )

    def run(self, state: str = "present", *, revoke_pending: bool = False, **changes: Any) -> Any:
        return self.reconciler(**changes).run(state, revoke_pending=revoke_pending)

    def later(self, **time: float) -> None:
        self.api.now += timedelta(**time)

    def current(self) -> StoredToken | None:
        return self.store().load().current

    def stored(self) -> set[str]:
        """All tokens in the store."""
        store = self.store()
        contents = store.load()
        found = [store.read(entry) for entry in contents.pending_revocations]
        found += [token for token in (contents.current, contents.pending) if isinstance(token, StoredToken)]
        return {token.token for token in found}


@pytest.fixture(params=["secretsmanager", "ssm", "hashi_vault", "memory"])
def world(request: pytest.FixtureRequest) -> World:
    return World(request.param)


def fingerprints(outcome: Any) -> list[str]:
    return [entry.fingerprint for entry in outcome.pending_revocations]


def test_rotation_first_run_creates_and_later_runs_rotate(world: World) -> None:
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
    gone = world.run("absent")
    assert gone.changed
    assert gone.current is None
    assert world.api.living == {}
    assert not world.run("absent").changed


def test_rotation_token_near_expiry_is_renewed(world: World) -> None:
    first = world.run()
    world.later(minutes=39)
    assert not world.run().changed
    world.later(minutes=1)
    second = world.run()
    assert second.previous.fingerprint == first.current.fingerprint
    world.later(hours=2)
    world.api.calls.clear()
    third = world.run()
    assert third.pending_revocations == []
    assert "revoke" not in world.api.calls  # expired


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
def test_rotation_token_of_other_identity_is_replaced(world: World, changes: dict[str, Any]) -> None:
    first = world.run()
    second = world.run(**changes)
    assert second.changed
    assert list(world.api.living) == [second.current.token]
    # The old token was revoked with the role that it was issued to.
    assert world.api.assumed[-1] == first.current.role_arn


@pytest.mark.parametrize(
    ("renew_before", "warned"),
    [
        (29, ["The token lives for 30 minutes, and 60 were requested: the maximum of the tenant is lower."]),
        (
            30,
            [
                "The token lives for 30 minutes, and 60 were requested: the maximum of the tenant is lower. "
                "Each run renews it, because 'renew_before' is 30. Set it to less than 30."
            ],
        ),
    ],
)
def test_shortened_lifetime_is_a_warning_of_the_run_that_issues(
    world: World, renew_before: int, warned: list[str]
) -> None:
    world.api.most = 30
    first = world.run(renew_before=timedelta(minutes=renew_before))
    assert first.warnings == warned
    again = world.run(renew_before=timedelta(minutes=renew_before))
    assert (again.changed, again.warnings) == ((renew_before == 30), warned if renew_before == 30 else [])


def test_grace_period_delays_revocation(world: World) -> None:
    first = world.run(grace=timedelta(minutes=5))
    second = world.run("rotated", grace=timedelta(minutes=5))
    assert fingerprints(second) == [first.current.fingerprint]
    assert second.pending_revocations[0].due == NOW + timedelta(minutes=5)
    assert not world.run().changed
    world.later(minutes=5)
    third = world.run()
    assert third.changed
    assert third.pending_revocations == []
    assert list(world.api.living) == [second.current.token]


def test_grace_period_is_capped_at_token_expiry(world: World) -> None:
    world.run()
    second = world.run("rotated", grace=timedelta(hours=5))
    assert second.pending_revocations[0].due == NOW + timedelta(hours=1)


def test_revoke_pending_ignores_grace_period(world: World) -> None:
    world.run()
    second = world.run("rotated", grace=timedelta(minutes=5))
    assert world.reconciler().predict("present", revoke_pending=True).changed
    third = world.run(revoke_pending=True)
    assert third.changed
    assert third.current == second.current == world.current()
    assert third.pending_revocations == []
    assert list(world.api.living) == [second.current.token]
    assert not world.reconciler().predict("present", revoke_pending=True).changed
    assert not world.run(revoke_pending=True).changed


def test_revoke_pending_reports_tokens_not_revoked(world: World) -> None:
    world.run()
    world.run("rotated", grace=timedelta(minutes=5))
    world.api.failures["revoke"] = failing()
    with pytest.raises(ServerError, match="stays pending revocation in the store"):
        world.run(revoke_pending=True)
    assert len(world.api.living) == len(world.stored()) == 2


def test_revoke_pending_skips_run_in_progress(world: World) -> None:
    world.run()
    world.run("rotated", grace=timedelta(minutes=5))
    reserved(world)
    with pytest.raises(LockConflict):
        world.run(revoke_pending=True)
    assert len(world.api.living) == 2


def failing(kind: type[PanwCloudError] = ServerError) -> PanwCloudError:
    return kind("do it", ErrorContext(reason="no"))


def test_issue_failure_leaves_store_usable(world: World) -> None:
    first = world.run()
    world.api.failures["issue"] = failing()
    with pytest.raises(ServerError):
        world.run("rotated")
    assert world.current() == first.current
    world.api.failures.clear()
    assert world.run("rotated").changed


def test_assume_role_failure_leaves_store_unchanged(world: World) -> None:
    world.api.failures["assume"] = failing(AuthorizationError)
    with pytest.raises(AuthorizationError):
        world.run()
    assert not world.store().load().exists


def test_token_not_storable_is_revoked(world: World) -> None:
    first = world.run()
    reconciler = world.reconciler()

    def refuse(token: StoredToken, staged_by: str) -> None:
        raise failing()

    reconciler._store.stage = refuse  # type: ignore[method-assign]
    with pytest.raises(ServerError) as caught:
        reconciler.run("rotated")
    assert "The new token is revoked." in str(caught.value)
    assert list(world.api.living) == [first.current.token]
    assert world.current() == first.current


def test_token_neither_storable_nor_revocable_is_reported(world: World) -> None:
    world.run()
    reconciler = world.reconciler()

    def refuse(*_: Any) -> None:
        raise failing()

    reconciler._store.stage = refuse  # type: ignore[method-assign]
    reconciler._store.drop_pending = refuse  # type: ignore[assignment, method-assign]
    world.api.failures["revoke"] = failing()
    with pytest.raises(ServerError) as caught:
        reconciler.run("rotated")
    assert "could not be revoked either (no): it expires at 2026-05-19T13:00:00Z" in str(caught.value)
    assert "could not be cleared (no)" in str(caught.value)


def test_token_rejected_is_revoked(world: World) -> None:
    first = world.run()
    world.api.failures["alive"] = False
    with pytest.raises(TokenRejected) as caught:
        world.run("rotated")
    assert "The new token is revoked." in str(caught.value)
    assert world.current() == first.current
    assert list(world.api.living) == [first.current.token]


def test_unverified_token_of_ended_run_is_promoted_or_dropped(world: World) -> None:
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


def test_interrupted_rotation_is_completed_instead_of_repeated(world: World) -> None:
    world.run()
    world.api.failures["alive"] = failing()
    with pytest.raises(ServerError):
        world.run("rotated")
    world.api.failures.clear()
    world.api.calls.clear()
    assert world.run("rotated", **AT_ONCE).changed
    assert "issue" not in world.api.calls


def test_failed_promotion_is_completed_by_next_run(world: World) -> None:
    first = world.run()
    reconciler = world.reconciler()

    def refuse(due: datetime | None) -> None:
        raise failing()

    reconciler._store.promote = refuse  # type: ignore[assignment, method-assign]
    with pytest.raises(ServerError) as caught:
        reconciler.run("rotated")
    assert "the next run finishes. The old one stays." in str(caught.value)
    assert world.current() == first.current
    assert world.run(**AT_ONCE).previous == first.current


def test_promotion_by_other_run_is_accepted(world: World) -> None:
    world.run()
    reconciler = world.reconciler()
    nested: list[int] = []

    def other(name: str) -> None:
        if name == "alive" and not nested:
            nested.append(1)
            assert world.run(**AT_ONCE).changed

    world.api.before = other
    outcome = reconciler.run("rotated")
    assert outcome.changed
    assert outcome.current is not None
    assert world.current() is not None
    assert world.current().fingerprint == outcome.current.fingerprint  # type: ignore[union-attr]
    assert world.run().pending_revocations == []
    assert list(world.api.living) == [outcome.current.token]


def test_token_promoted_by_other_run_is_not_revoked(world: World) -> None:
    """Between the read that resolves a conflict and the read before the revocation."""
    token = world.run().current
    reconciler, failure = world.reconciler(), failing()
    reconciler._abandon(token, failure)
    assert world.api.works(token)
    assert "another run has made it the current one" in str(failure)


def test_late_promotion_raises_lock_conflict(world: World) -> None:
    """The run slept after its verification until others had dropped its token and created another."""
    world.run()
    reconciler = world.reconciler()
    promote = reconciler._store.promote

    def late(due: datetime | None) -> Any:
        world.run(expiry_time=120, renew_before=timedelta(minutes=90), **AT_ONCE)
        return promote(due)

    reconciler._store.promote = late  # type: ignore[method-assign]
    with pytest.raises(LockConflict) as caught:
        reconciler.run("rotated")
    assert "The new token is revoked." in str(caught.value)
    world.run()
    current = world.current()
    assert current
    assert list(world.api.living) == [current.token]


def test_failed_revocation_is_retried(world: World) -> None:
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
        world.run("absent")
    assert world.current() is None
    world.api.failures.clear()
    assert world.run("absent").changed
    assert world.api.living == {}


def test_missing_revocation_route_waits_for_expiry(world: World) -> None:
    first = world.run()
    world.api.failures["revoke"] = failing(RouteNotFound)
    second = world.run("rotated")
    assert second.pending_revocations[0].due == first.current.expires_at
    assert len(second.warnings) == 1
    world.api.calls.clear()
    third = world.run()
    assert not third.changed
    assert third.warnings == []
    assert world.api.calls == []
    world.later(hours=1)
    assert fingerprints(world.run("rotated")) == []


def test_unreadable_pending_token_is_forgotten_with_warning() -> None:
    world = World("secretsmanager")
    world.run()
    second = world.run("rotated", grace=timedelta(minutes=5))
    secret = world.aws.secrets["ngfw"]
    secret["versions"][second.pending_revocations[0].handle] = "nonsense"
    world.later(minutes=5)
    outcome = world.run()
    assert outcome.pending_revocations == []
    assert "cannot be revoked without it" in outcome.warnings[0]
    assert world.run().warnings == []


def reserved(world: World) -> None:
    """A run was killed right after its reservation."""

    def kill(name: str) -> None:
        if name == "issue":
            raise Killed

    world.api.before = kill
    with pytest.raises(Killed):
        world.run("rotated")
    world.api.before = lambda name: None


def test_stale_reservation_is_taken_over_after_timeout(world: World) -> None:
    world.run()
    reserved(world)
    assert not world.run().changed
    for state in ("rotated", "absent"):
        with pytest.raises(LockConflict, match=r"is taken over from 2026-05-19T12:05:00Z on"):
            world.run(state)
    world.later(minutes=5)
    outcome = world.run("rotated")
    assert "stale reservation of 2026-05-19T12:00:00Z" in outcome.repaired[0]


def test_reservation_of_ended_process_is_taken_over_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.run()
    reserved(world)
    monkeypatch.setattr(lock, "has_ended", lambda process: process == identity())
    assert "stale reservation" in world.run("rotated").repaired[0]


def test_reservation_with_future_date_is_stale(world: World) -> None:
    world.later(hours=1)
    reserved(world)
    world.later(hours=-1)
    assert world.run().changed


def test_fresh_reservation_without_token_raises_lock_conflict(world: World) -> None:
    reserved(world)
    with pytest.raises(LockConflict):
        world.run()
    world.later(minutes=5)
    assert world.run().changed


def test_absent_revokes_token_of_interrupted_rotation(world: World) -> None:
    world.run()
    world.api.failures["alive"] = failing()
    with pytest.raises(ServerError):
        world.run("rotated")
    assert len(world.api.living) == 2
    with pytest.raises(LockConflict, match="another run has staged a new one"):
        world.run("absent")
    assert world.run("absent", **AT_ONCE).changed
    assert world.api.living == {}


def test_parallel_run_finished_first_is_accepted(world: World) -> None:
    """The other run completes between this run's read and its reservation."""

    def other(name: str) -> None:
        if name == "assume":
            world.api.before = lambda name: None
            world.run()

    world.api.before = other
    outcome = world.run()
    assert not outcome.changed
    assert outcome.current == world.current()
    world.api.before = other
    assert world.run("rotated").changed  # the other run found a valid token and wrote nothing
    assert world.api.calls.count("issue") == 2


def test_parallel_run_in_progress_raises_lock_conflict(world: World) -> None:
    def other(name: str) -> None:
        if name == "assume":
            world.api.before = lambda name: None
            reserved(world)

    world.api.before = other
    with pytest.raises(LockConflict, match="another run has reserved"):
        world.run()


def test_parallel_run_with_different_token_raises_lock_conflict(world: World) -> None:
    def other(name: str) -> None:
        if name == "assume":
            world.api.before = lambda name: None
            world.run(role_arn=f"{ROLE_ARN}2")

    world.api.before = other
    with pytest.raises(LockConflict, match="another run was quicker"):
        world.run()


def test_invalid_document_is_replaced_only_on_request(world: World) -> None:
    world.run()
    if world.kind == "secretsmanager":
        found = world.aws.secrets["ngfw"]
        found["versions"][found["stages"]["AWSCURRENT"]] = "nonsense"
    elif world.kind == "ssm":
        world.aws.parameters["/ngfw"]["Value"] = "nonsense"
    elif world.kind == "hashi_vault":
        world.vault.write("ngfw", {"text": "nonsense"}, world.vault.read("ngfw").version)
    else:
        world.slots.delete("ngfw")
        world.slots.create("ngfw", "nonsense")
    for state in STATES:
        with pytest.raises(PanwCloudError, match="on_invalid_document"):
            world.run(state)
    assert world.reconciler(replace_invalid=True).predict("present").changed
    outcome = world.run(replace_invalid=True)
    assert outcome.changed
    assert ("its version is None" if world.kind == "hashi_vault" else "it is not JSON") in outcome.repaired[0]
    assert not world.run().changed


def test_invalid_pending_document_is_replaced_on_request(world: World) -> None:
    first = world.run()
    if world.kind == "secretsmanager":
        found = world.aws.secrets["ngfw"]
        found["versions"]["other"], found["stages"]["AWSPENDING"] = "nonsense", "other"
    elif world.kind == "ssm":
        world.aws.parameters["/ngfw.pending"] = {"Value": "nonsense", "Version": 1}
    elif world.kind == "hashi_vault":
        held = world.vault.read("ngfw")
        world.vault.write("ngfw", {**held.data, "pending": "nonsense"}, held.version)
    else:
        world.slots.create("ngfw.pending", "nonsense")
    outcome = world.run(replace_invalid=True)
    assert outcome.changed
    assert outcome.current == first.current
    assert not world.run().changed


def test_store_settings_drift_is_repaired(world: World) -> None:
    reconciler = world.reconciler()
    reconciler.run("present")
    reconciler = world.reconciler()
    settled: list[int] = []
    reconciler._store.drift = lambda: ["tags"]  # type: ignore[method-assign]
    reconciler._store.settle = lambda: settled.append(1)  # type: ignore[method-assign]
    assert reconciler.predict("present").changed
    assert not settled
    outcome = reconciler.run("present")
    assert outcome.changed
    assert outcome.repaired == ["Settings of the store were wrong or missing: tags."]
    assert settled


def test_predict_equals_run_result(world: World) -> None:
    assert world.reconciler().predict("present").changed
    assert not world.reconciler().predict("absent").changed
    world.run()
    world.api.calls.clear()
    assert not world.reconciler().predict("present").changed
    assert world.reconciler().predict("rotated").changed
    assert world.reconciler().predict("absent").changed
    assert world.api.calls == []


def rewritten(world: World, **changes: Any) -> None:
    """Change the current document; its fingerprint matches."""
    current = world.current()
    assert current
    text = Record(dataclasses.replace(current, **changes)).dump()
    if world.kind == "secretsmanager":
        secret = world.aws.secrets["ngfw"]
        secret["versions"][secret["stages"]["AWSCURRENT"]] = text
    elif world.kind == "ssm":
        world.aws.parameters["/ngfw"]["Value"] = text
    elif world.kind == "hashi_vault":
        world.vault.write("ngfw", json.loads(text), world.vault.read("ngfw").version)
    else:
        world.slots.delete("ngfw")
        world.slots.create("ngfw", text)


@pytest.mark.parametrize(
    "changes",
    [
        {"pair": TokenPair("two\nlines-of-a-token", KEY)},
        {"pair": TokenPair(TOKEN, "a key of many words")},
        {"expires_at": datetime(9999, 12, 31, tzinfo=UTC), "issued_at": datetime(9999, 12, 30, tzinfo=UTC)},
        {"expires_at": datetime(9999, 12, 31, tzinfo=UTC), "issued_at": NOW - timedelta(hours=23, minutes=50)},
    ],
    ids=["token", "key", "issued in the future", "longer than a day"],
)
def test_implausible_token_is_replaced(world: World, changes: dict[str, Any]) -> None:
    world.run()
    rewritten(world, **changes)
    outcome = world.run()
    assert outcome.created
    assert outcome.current == world.current()
    assert not world.run().changed


def test_expiry_beyond_api_maximum_renews_token(world: World) -> None:
    world.run()
    rewritten(world, expires_at=datetime(9999, 12, 31, tzinfo=UTC))
    assert not world.run().changed
    world.later(hours=23, minutes=40)
    assert world.run().created


def test_verify_rejected_current_token_is_replaced(world: World) -> None:
    first = world.run().current
    world.api.living.clear()
    assert not world.run().changed
    assert world.reconciler(verify=True).predict("present").changed
    outcome = world.run(verify=True)
    assert outcome.created
    assert f"no longer accepts the stored token (fingerprint {first.fingerprint})" in outcome.repaired[0]
    assert not world.run(verify=True).changed


def _kill_at(number: int, steps: list[str], name: str) -> None:
    steps.append(name)
    if len(steps) == number:
        raise Killed


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("grace", [0, 5])
def test_kill_at_any_call_loses_no_token(world: World, state: str, grace: int) -> None:
    """Like the crash test of the real module, over fakes that behave like AWS."""
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
        world.run(state, grace=timedelta(minutes=grace), lock_timeout=timedelta())
        _check_reader(world, expected=state != "absent")
        strays = set(world.api.living) - world.stored()
        assert len(strays) <= ("issue" in steps[:-1]), steps
        lost += len(strays)
        if state != "absent":
            assert not world.run().changed
    assert number > 5
    assert bool(lost) == (state != "absent")


def _watch(world: World, watcher: Callable[[str], None]) -> None:
    world.api.before = world.aws.before = world.vault.before = watcher
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


def test_options_valid_are_accepted() -> None:
    target = desired(params(grace_period=5, on_invalid_document="replace"), source())
    assert (target.admin_role.option, target.source) == ("firewall", source())
    assert target.renew_before == timedelta(minutes=20)
    assert target.grace == timedelta(minutes=5)
    assert target.lock_timeout == timedelta(minutes=5)
    assert target.replace_invalid


@pytest.mark.parametrize(
    ("given", "option"),
    [
        ({"expiry_time": 4}, "expiry_time"),
        ({"expiry_time": 20}, "renew_before"),
        ({"grace_period": -1}, "grace_period"),
        ({"grace_period": 1441}, "grace_period"),
        ({"lock_timeout": -1}, "lock_timeout"),
    ],
)
def test_options_invalid_are_rejected(given: dict[str, int], option: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        desired(params(**given), source())
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
