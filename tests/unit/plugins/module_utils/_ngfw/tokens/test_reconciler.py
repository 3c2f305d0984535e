# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is particular to stored tokens: their identity and lifetime, and what becomes of a new one that cannot be used.

What they have in common with credentials is tested in tests/unit/plugins/module_utils/_stores/test_reconciler_*.py.
"""

from __future__ import annotations

import dataclasses
import functools
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import ServerError
from ansible_collections.panw.cloud.plugins.module_utils._common.token_pair import TokenPair
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.admin_roles import ADMIN_ROLES
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.tokens.reconciler import TokenRejected
from ansible_collections.panw.cloud.plugins.module_utils._stores.base import LockConflict
from ansible_collections.panw.cloud.plugins.module_utils._stores.documents import Record
from ansible_collections.panw.cloud.tests.helpers.fake_aws import NOW
from ansible_collections.panw.cloud.tests.helpers.fake_stores import STORES
from ansible_collections.panw.cloud.tests.helpers.fakes import KEY, ROLE_ARN, TOKEN, URL
from ansible_collections.panw.cloud.tests.helpers.secret_worlds import (
    AT_ONCE,
    check_kills,
    failure,
    precede,
    refuse,
)
from ansible_collections.panw.cloud.tests.helpers.token_world import TokenWorld

GRACE: dict[str, Any] = {"grace": timedelta(minutes=5)}


@pytest.fixture(params=STORES)
def world(request: pytest.FixtureRequest) -> TokenWorld:
    return TokenWorld(request.param)


@pytest.mark.parametrize("store", STORES)
def test_kill_of_rotation_with_grace_period_loses_no_recorded_token(store: str) -> None:
    check_kills(functools.partial(TokenWorld, store), "rotated", **GRACE)


def test_token_near_expiry_is_renewed(world: TokenWorld) -> None:
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
def test_token_of_other_identity_is_replaced(world: TokenWorld, changes: dict[str, Any]) -> None:
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
    world: TokenWorld, renew_before: int, warned: list[str]
) -> None:
    world.api.most = 30
    first = world.run(renew_before=timedelta(minutes=renew_before))
    assert first.warnings == warned
    again = world.run(renew_before=timedelta(minutes=renew_before))
    assert (again.changed, again.warnings) == ((renew_before == 30), warned if renew_before == 30 else [])


def test_issue_with_unknown_outcome_leaves_store_unlocked(world: TokenWorld) -> None:
    first = world.run()
    with world.failing("issue"), pytest.raises(ServerError):
        world.run("rotated")
    assert world.current() == first.current
    second = world.run("rotated")
    assert (second.changed, second.repaired) == (True, [])


def test_token_not_storable_is_revoked(world: TokenWorld) -> None:
    first = world.run()
    reconciler = world.reconciler()
    refuse(reconciler, "stage")
    with pytest.raises(ServerError, match=r"could not be stored\. The old one stays\. The new token is revoked\."):
        reconciler.run("rotated")
    assert list(world.api.living) == [first.current.token]
    assert world.current() == first.current


def test_token_neither_storable_nor_revocable_is_reported(world: TokenWorld) -> None:
    world.run()
    reconciler = world.reconciler()
    refuse(reconciler, "stage", "drop_pending")
    with world.failing("revoke"), pytest.raises(ServerError) as caught:
        reconciler.run("rotated")
    assert "could not be revoked either (no): it expires at 2026-05-19T13:00:00Z" in str(caught.value)
    assert "could not be cleared (no)" in str(caught.value)


def test_token_rejected_is_revoked(world: TokenWorld) -> None:
    first = world.run()
    world.api.rejects = True
    with pytest.raises(TokenRejected, match="The new token is revoked"):
        world.run("rotated")
    assert world.current() == first.current
    assert list(world.api.living) == [first.current.token]


def test_token_promoted_by_other_run_is_not_revoked(world: TokenWorld) -> None:
    """Between the read that resolves a conflict and the read before the revocation."""
    token = world.run().current
    reconciler, error = world.reconciler(), failure()
    reconciler._abandon(token, error)
    assert world.api.works(token)
    assert "another run has made it the current one" in str(error)


def test_late_promotion_of_dropped_token_raises_lock_conflict(world: TokenWorld) -> None:
    """The run slept after its verification until another one had dropped its token and created one that lives longer."""
    world.run()
    reconciler = world.reconciler()
    longer: dict[str, Any] = {"expiry_time": 120, "renew_before": timedelta(minutes=90)}
    precede(reconciler, "promote", lambda: world.run(**longer, **AT_ONCE))
    with pytest.raises(LockConflict, match="The new token is revoked"):
        reconciler.run("rotated")
    world.run()
    assert list(world.api.living) == [world.current().token]


def test_parallel_run_with_different_token_raises_lock_conflict(world: TokenWorld) -> None:
    world.before_next({"assume"}, lambda: world.run(role_arn=f"{ROLE_ARN}2"))
    with pytest.raises(LockConflict, match="another run was quicker"):
        world.run()


def test_renewal_leaves_parallel_run_in_progress_alone_while_token_is_valid(world: TokenWorld) -> None:
    first = world.run()
    world.later(minutes=45)
    reconciler = world.reconciler()
    precede(reconciler, "reserve", world.reserved)
    outcome = reconciler.run("present")
    assert (outcome.changed, outcome.current) == (False, first.current)


def rewritten(world: TokenWorld, **changes: Any) -> None:
    """Change the current document; its fingerprint matches."""
    world.overwrite(Record(dataclasses.replace(world.current(), **changes)).dump())


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
def test_implausible_token_is_replaced(world: TokenWorld, changes: dict[str, Any]) -> None:
    world.run()
    rewritten(world, **changes)
    outcome = world.run()
    assert outcome.created
    assert outcome.current == world.current()
    assert not world.run().changed


def test_expiry_beyond_api_maximum_renews_token(world: TokenWorld) -> None:
    world.run()
    rewritten(world, expires_at=datetime(9999, 12, 31, tzinfo=UTC))
    assert not world.run().changed
    world.later(hours=23, minutes=40)
    assert world.run().created


def test_verify_rejected_current_token_is_replaced(world: TokenWorld) -> None:
    first = world.run().current
    world.api.living.clear()
    assert not world.run().changed
    assert world.reconciler(verify=True).predict("present").changed
    outcome = world.run(verify=True)
    assert outcome.created
    assert f"no longer accepts the stored token (fingerprint {first.fingerprint})" in outcome.repaired[0]
    assert not world.run(verify=True).changed


def test_result_with_pending_revocation_shows_no_secret(world: TokenWorld) -> None:
    world.run()
    outcome = world.run("rotated", **GRACE)
    result = outcome.as_result()
    assert [entry["fingerprint"] for entry in result["pending_revocation"]] == [outcome.previous.fingerprint]
    for text in (outcome.current.token, outcome.previous.token, KEY):
        assert text not in str(result) + repr(outcome)
