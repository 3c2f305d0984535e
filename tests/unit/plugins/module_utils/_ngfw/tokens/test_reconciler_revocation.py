# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tokens that another one has replaced: they are revoked at once or after a grace period, and stay in the store until then."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import RouteNotFound, ServerError
from ansible_collections.panw.cloud.plugins.module_utils._stores.base import LockConflict
from ansible_collections.panw.cloud.tests.helpers.fake_aws import NOW
from ansible_collections.panw.cloud.tests.helpers.fake_stores import STORES
from ansible_collections.panw.cloud.tests.helpers.secret_worlds import NAME, precede
from ansible_collections.panw.cloud.tests.helpers.token_world import TokenWorld

GRACE: dict[str, Any] = {"grace": timedelta(minutes=5)}


@pytest.fixture(params=STORES)
def world(request: pytest.FixtureRequest) -> TokenWorld:
    return TokenWorld(request.param)


def fingerprints(outcome: Any) -> list[str]:
    return [entry.fingerprint for entry in outcome.pending_revocations]


def test_grace_period_delays_revocation(world: TokenWorld) -> None:
    first = world.run(**GRACE)
    second = world.run("rotated", **GRACE)
    assert fingerprints(second) == [first.current.fingerprint]
    assert second.pending_revocations[0].due == NOW + timedelta(minutes=5)
    assert not world.run().changed
    world.later(minutes=5)
    third = world.run()
    assert third.changed
    assert third.pending_revocations == []
    assert list(world.api.living) == [second.current.token]


def test_grace_period_is_capped_at_token_expiry(world: TokenWorld) -> None:
    world.run()
    second = world.run("rotated", grace=timedelta(hours=5))
    assert second.pending_revocations[0].due == NOW + timedelta(hours=1)


def test_revoke_pending_ignores_grace_period(world: TokenWorld) -> None:
    world.run()
    second = world.run("rotated", **GRACE)
    assert world.reconciler().predict("present", revoke_pending=True).changed
    third = world.reconciler().run("present", revoke_pending=True)
    assert third.changed
    assert third.current == second.current == world.current()
    assert third.pending_revocations == []
    assert list(world.api.living) == [second.current.token]
    assert not world.reconciler().predict("present", revoke_pending=True).changed
    assert not world.reconciler().run("present", revoke_pending=True).changed


def test_revoke_pending_reports_tokens_not_revoked(world: TokenWorld) -> None:
    world.run()
    world.run("rotated", **GRACE)
    with world.failing("revoke"), pytest.raises(ServerError, match="stays pending revocation in the store"):
        world.reconciler().run("present", revoke_pending=True)
    assert len(world.api.living) == len(world.stored()) == 2


def test_revoke_pending_skips_run_in_progress(world: TokenWorld) -> None:
    world.run()
    world.run("rotated", **GRACE)
    world.reserved()
    with pytest.raises(LockConflict):
        world.reconciler().run("present", revoke_pending=True)
    assert len(world.api.living) == 2


def test_revoke_pending_in_parameter_store_raises_lock_conflict_of_parallel_run() -> None:
    """There, tokens pending revocation are stored in the current document, which only the holder of the lock may write."""
    world = TokenWorld("ssm")
    world.run()
    world.run("rotated", **GRACE)
    reconciler = world.reconciler()
    precede(reconciler, "reserve", world.reserved)
    with pytest.raises(LockConflict):
        reconciler.run("present", revoke_pending=True)
    assert len(world.api.living) == 2


def test_failed_revocation_is_retried(world: TokenWorld) -> None:
    first = world.run()
    with world.failing("revoke"):
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
    assert world.run("absent").changed
    assert world.api.living == {}


def test_missing_revocation_route_waits_for_expiry(world: TokenWorld) -> None:
    first = world.run()
    world.api.failures["revoke"] = RouteNotFound
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
    world = TokenWorld("secretsmanager")
    world.run()
    second = world.run("rotated", **GRACE)
    world.aws.secrets[NAME]["versions"][second.pending_revocations[0].handle] = "nonsense"
    world.later(minutes=5)
    outcome = world.run()
    assert outcome.pending_revocations == []
    assert "cannot be revoked without it" in outcome.warnings[0]
    assert world.run().warnings == []
