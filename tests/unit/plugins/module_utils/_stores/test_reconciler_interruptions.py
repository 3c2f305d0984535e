# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A step of a run fails, or the run is killed: what the store holds then, and how the next run repairs it."""

from __future__ import annotations

import functools

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import AuthorizationError, ServerError
from ansible_collections.panw.cloud.plugins.module_utils._common.process_identity import identity
from ansible_collections.panw.cloud.plugins.module_utils._stores import lock
from ansible_collections.panw.cloud.plugins.module_utils._stores.base import LockConflict
from ansible_collections.panw.cloud.plugins.module_utils._stores.documents import Reservation
from ansible_collections.panw.cloud.tests.helpers.secret_worlds import (
    AT_ONCE,
    STATES,
    SecretWorld,
    check_kills,
    refuse,
)


@pytest.mark.parametrize("state", STATES)
def test_kill_at_any_call_is_repaired_by_next_run(world: SecretWorld, state: str) -> None:
    """Like the crash test of the real modules, over fakes that behave like AWS."""
    check_kills(functools.partial(type(world), world.kind), state)


def test_failed_preparation_leaves_store_empty(world: SecretWorld) -> None:
    with world.failing(world.PREPARE, kind=AuthorizationError), pytest.raises(AuthorizationError):
        world.run()
    assert not world.store().load().exists


def test_denied_creation_leaves_store_unlocked(world: SecretWorld) -> None:
    with world.failing(*world.CREATE, kind=AuthorizationError), pytest.raises(AuthorizationError) as caught:
        world.run()
    assert "reservation" not in str(caught.value)
    found = world.store().load()
    assert (found.current, found.pending) == (None, None)
    assert world.run().repaired == []


def test_denied_rotation_keeps_current_secret(world: SecretWorld) -> None:
    first = world.run()
    with world.failing(*world.CREATE, kind=AuthorizationError), pytest.raises(AuthorizationError):
        world.run("rotated")
    assert world.current() == first.current
    assert world.works()
    second = world.run("rotated")
    assert (second.previous, second.repaired) == (first.current, [])


def test_staged_secret_is_promoted_by_next_run_instead_of_new_one(world: SecretWorld) -> None:
    world.run()
    with world.failing(world.PROVE), pytest.raises(ServerError) as caught:
        world.run("rotated")
    proven_later = (
        f"The new {world.RECONCILER.NOUN} is staged but not proven; the next run finishes. {world.RECONCILER.FALLBACK}"
    )
    assert proven_later in str(caught.value)
    staged = world.store().load().pending
    world.service.calls.clear()
    assert world.predict(**AT_ONCE).changed
    assert world.predict("rotated", **AT_ONCE).changed
    outcome = world.run("rotated", **AT_ONCE)
    assert (outcome.changed, outcome.current) == (True, staged)
    assert len(outcome.repaired) == 1
    assert "it is proven and promoted" in outcome.repaired[0]
    assert not world.CREATE & set(world.service.calls)
    assert world.valid() == [world.secret(staged)]


def test_staged_secret_that_became_invalid_is_dropped_by_next_run(world: SecretWorld) -> None:
    first = world.run()
    staged = world.staged()
    world.invalidate(staged)
    outcome = world.run(**AT_ONCE)
    assert outcome.changed
    assert "it is dropped" in outcome.repaired[0]
    assert outcome.current != staged
    assert (outcome.current == first.current) == world.STORED.COEXISTS
    assert len(outcome.repaired) == (1 if world.STORED.COEXISTS else 2)
    assert world.valid() == [world.secret(world.current())]
    # Parameter Store cannot prevent its late promotion, so a token stays listed until it has expired.
    assert bool(world.store().load().pending_revocations) == (world.STORED.COEXISTS and world.kind == "ssm")


def test_absent_ends_staged_secret_of_interrupted_run(world: SecretWorld) -> None:
    world.run()
    world.staged()
    assert len(world.valid()) == (2 if world.STORED.COEXISTS else 1)
    with pytest.raises(LockConflict, match="another run has staged a new one"):
        world.run("absent")
    assert world.run("absent", **AT_ONCE).changed
    assert not world.store().load().exists
    assert not (world.STORED.COEXISTS and world.valid())


def test_failed_promotion_is_completed_by_next_run(world: SecretWorld) -> None:
    first = world.run()
    reconciler = world.reconciler()
    refuse(reconciler, "promote")
    with pytest.raises(ServerError) as caught:
        reconciler.run("rotated")
    assert f"is staged; the next run finishes. {world.RECONCILER.FALLBACK}" in str(caught.value)
    assert world.current() == first.current
    outcome = world.run(**AT_ONCE)
    assert outcome.previous == first.current
    assert len(outcome.repaired) == 1
    assert world.works()


def test_stale_reservation_is_taken_over_by_rotation(world: SecretWorld) -> None:
    world.run()
    world.reserved()
    assert not world.run().changed
    assert not world.predict().changed
    for state in ("rotated", "absent"):
        with pytest.raises(LockConflict, match="is taken over from 2026-05-19T12:05:00Z on"):
            world.run(state)
    with pytest.raises(LockConflict):
        world.predict("rotated")
    world.later(minutes=5)
    outcome = world.run("rotated")
    assert outcome.repaired == ["A stale reservation of 2026-05-19T12:00:00Z was taken over."]


def test_stale_reservation_beside_good_secret_is_removed(world: SecretWorld) -> None:
    world.run()
    world.reserved()
    removed = f"A stale reservation of 2026-05-19T12:00:00Z was removed: the stored {world.RECONCILER.NOUN} is good."
    # In Parameter Store, removing it could remove that of another run.
    stays = world.kind == "ssm"
    assert world.run(**AT_ONCE).repaired == ([] if stays else [removed])
    assert isinstance(world.store().load().pending, Reservation) == stays
    assert not world.run().changed


def test_reservation_of_ended_process_is_taken_over_at_once(
    world: SecretWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "has_ended", lambda process: process == identity())
    for state in ("present", "rotated"):
        world.reserved()
        assert "stale reservation" in world.run(state).repaired[0]
        assert world.works()


def test_reservation_with_future_date_is_stale(world: SecretWorld) -> None:
    world.later(hours=1)
    world.reserved()
    world.later(hours=-1)
    assert world.run().changed
    assert world.works()


def test_fresh_reservation_in_empty_store_raises_lock_conflict_until_stale(world: SecretWorld) -> None:
    world.reserved()
    with pytest.raises(LockConflict):
        world.run()
    world.later(minutes=5)
    assert world.run().changed
    assert world.works()
