# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is particular to stored credentials: an account has one secret, which a reset invalidates, and the account may belong to others.

What they have in common with tokens is tested in tests/unit/plugins/module_utils/_stores/test_reconciler_*.py.
"""

from __future__ import annotations

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import ServerError, TransportError
from ansible_collections.panw.cloud.plugins.module_utils._scm.credential_reconciler import (
    SecretRejected,
    StoreInUse,
    UnmanagedSecret,
)
from ansible_collections.panw.cloud.plugins.module_utils._stores.base import LockConflict
from ansible_collections.panw.cloud.plugins.module_utils._stores.documents import StoredCredentials
from ansible_collections.panw.cloud.tests.helpers.credentials_world import (
    ACCOUNT,
    TSG_ID,
    CredentialsWorld,
)
from ansible_collections.panw.cloud.tests.helpers.fake_stores import STORES
from ansible_collections.panw.cloud.tests.helpers.secret_worlds import AT_ONCE, STATES, precede, refuse


@pytest.fixture(params=STORES)
def world(request: pytest.FixtureRequest) -> CredentialsWorld:
    return CredentialsWorld(request.param)


def test_rotation_and_removal_keep_account(world: CredentialsWorld) -> None:
    first = world.run()
    assert first.authorized
    second = world.run("rotated")
    assert second.current.service_account_id == first.current.service_account_id
    world.run("absent")
    assert [account.id for account in world.platform.accounts.values()] == [first.current.service_account_id]


def test_secret_of_account_without_role_is_kept(world: CredentialsWorld) -> None:
    world.platform.roles = False
    first = world.run()
    assert first.authorized is False
    again = world.run()
    assert not again.changed
    assert again.authorized is False


def test_account_unknown_to_store_requires_adopt(world: CredentialsWorld) -> None:
    world.platform.create(ACCOUNT)
    world.platform.calls.clear()
    for state in ("present", "rotated"):
        with pytest.raises(UnmanagedSecret, match="set 'adopt'"):
            world.run(state)
        with pytest.raises(UnmanagedSecret):
            world.predict(state)
    assert world.platform.calls == ["list"] * 4
    assert not world.store().load().exists
    assert world.predict(adopt=True).changed
    assert world.run(adopt=True).changed
    assert world.works()


def test_account_adopted_by_parallel_run_is_accepted(world: CredentialsWorld) -> None:
    world.platform.create(ACCOUNT)
    reconciler = world.reconciler(adopt=True)
    precede(reconciler, "reserve", lambda: world.run("rotated", adopt=True))
    outcome = reconciler.run("present")
    assert not outcome.changed
    assert outcome.current == world.current()
    assert world.platform.calls.count("reset") == 1


def test_invalid_document_of_account_requires_adopt(world: CredentialsWorld) -> None:
    world.run()
    world.overwrite("nonsense")
    with pytest.raises(UnmanagedSecret):
        world.run(replace_invalid=True)
    assert world.run(replace_invalid=True, adopt=True).changed


def test_secret_reset_elsewhere_is_reset_again(world: CredentialsWorld) -> None:
    world.run()
    world.platform.reset(world.platform.accounts[ACCOUNT])
    assert world.predict().changed
    outcome = world.run()
    assert outcome.repaired == ["The stored secret was rejected: the secret of the account is reset."]
    assert world.works()


def test_deleted_account_is_recreated(world: CredentialsWorld) -> None:
    world.run()
    world.platform.accounts.clear()
    world.platform.secrets.clear()
    outcome = world.run()
    assert outcome.repaired == ["The stored secret was rejected: the account is created."]
    assert world.works()


def test_replaced_account_of_same_name_requires_adopt(world: CredentialsWorld) -> None:
    world.run()
    world.platform.accounts.clear()
    world.platform.create(ACCOUNT)
    with pytest.raises(UnmanagedSecret):
        world.run()
    assert world.run(adopt=True).changed


@pytest.mark.parametrize("changes", [{"name": "other"}, {"tsg_id": "1234567891"}])
def test_place_of_other_account_is_rejected(world: CredentialsWorld, changes: dict[str, str]) -> None:
    world.run()
    for state in STATES:
        with pytest.raises(StoreInUse, match=f"it belongs to {ACCOUNT}@{TSG_ID}"):
            world.run(state, **changes)
    world.reserved()
    with pytest.raises(StoreInUse):
        world.run(**changes)


def test_empty_place_reserved_for_other_account_is_rejected(world: CredentialsWorld) -> None:
    world.reserved()
    with pytest.raises(StoreInUse, match=f"it belongs to {ACCOUNT}@{TSG_ID}"):
        world.run(name="other")


@pytest.mark.parametrize("call", ["create", "reset"])
@pytest.mark.parametrize("acted", [False, True])
def test_lost_response_is_recovered_by_next_run(world: CredentialsWorld, call: str, acted: bool) -> None:
    if call == "reset":
        world.run()
    with world.failing(call), pytest.raises(ServerError, match="next run resets"):
        world.run("rotated")
    if acted and call == "create":
        world.platform.create(ACCOUNT)
    elif acted:
        world.platform.reset(world.platform.accounts[ACCOUNT])
    outcome = world.run("rotated", **AT_ONCE)
    assert "stale reservation" in outcome.repaired[0]
    assert world.works()


def test_secret_not_storable_is_replaced(world: CredentialsWorld) -> None:
    first = world.run()
    reconciler = world.reconciler()
    refuse(reconciler, "stage")
    with pytest.raises(ServerError, match="otherwise it is lost, and the next run resets it") as caught:
        reconciler.run("rotated")
    assert "could not be stored. The old one is invalid." in str(caught.value)
    assert world.current() == first.current
    assert not world.works()
    with pytest.raises(LockConflict, match="taken over from 2026-05-19T12:05:00Z on"):
        world.run()
    assert "the secret of the account is reset" in world.run(**AT_ONCE).repaired[1]
    assert world.works()


def test_rejected_secret_stays_staged_and_is_reset_by_next_run(world: CredentialsWorld) -> None:
    world.platform.rejects = True
    with pytest.raises(SecretRejected, match="the secret is rejected"):
        world.run()
    world.platform.rejects = False
    pending = world.store().load().pending
    assert isinstance(pending, StoredCredentials)
    world.invalidate(pending)
    outcome = world.run(**AT_ONCE)
    assert "it is dropped" in outcome.repaired[0]
    assert world.works()
    assert world.store().load().pending_revocations == ()


def test_secret_accepted_late_is_promoted(world: CredentialsWorld) -> None:
    world.platform.rejects = True
    with pytest.raises(SecretRejected):
        world.run()
    world.platform.rejects = False
    assert "proven and promoted" in world.run(**AT_ONCE).repaired[0]
    assert world.works()


def test_check_without_response_changes_nothing(world: CredentialsWorld) -> None:
    world.run()
    world.platform.calls.clear()
    with world.failing("prove", kind=TransportError), pytest.raises(TransportError):
        world.run()
    assert world.platform.calls == ["prove"]
