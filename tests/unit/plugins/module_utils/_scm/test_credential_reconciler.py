# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Crash safety of credentials: after any kill, the next run ends with a valid secret, current in the store."""

from __future__ import annotations

import dataclasses
import functools
import itertools
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import (
    AuthorizationError,
    ErrorContext,
    InvalidInput,
    PanwCloudError,
    ServerError,
    TransportError,
)
from ansible_collections.panw.cloud.plugins.module_utils._common.process_identity import identity
from ansible_collections.panw.cloud.plugins.module_utils._module.argspec import stored_credentials_spec
from ansible_collections.panw.cloud.plugins.module_utils._scm.credential_check import CredentialStatus
from ansible_collections.panw.cloud.plugins.module_utils._scm.credential_reconciler import (
    CredentialReconciler,
    SecretRejected,
    StoreInUse,
    UnmanagedSecret,
)
from ansible_collections.panw.cloud.plugins.module_utils._scm.desired_state import DesiredCredentials, desired
from ansible_collections.panw.cloud.plugins.module_utils._scm.service_accounts import ServiceAccount
from ansible_collections.panw.cloud.plugins.module_utils._stores import lock
from ansible_collections.panw.cloud.plugins.module_utils._stores.base import LockConflict, Store
from ansible_collections.panw.cloud.plugins.module_utils._stores.documents import StoredCredentials
from ansible_collections.panw.cloud.plugins.module_utils._stores.hashi_vault import PENDING_SUFFIX, VaultSlots
from ansible_collections.panw.cloud.plugins.module_utils._stores.secret_settings import Settings
from ansible_collections.panw.cloud.plugins.module_utils._stores.secretsmanager import SecretsManagerStore
from ansible_collections.panw.cloud.plugins.module_utils._stores.ssm import SsmSlots
from ansible_collections.panw.cloud.plugins.module_utils._stores.versioned_backend import SlotStore
from ansible_collections.panw.cloud.tests.helpers.fake_aws import NOW, FakeAws, Killed
from ansible_collections.panw.cloud.tests.helpers.fake_vault import FakeVault
from ansible_collections.panw.cloud.tests.helpers.memory_slots import MemorySlots

NAME, TSG_ID, AUTH_URL = "wildfire", "1234567890", "https://auth.example.com/oauth2/access_token"
STATES = ["present", "rotated", "absent"]


class FakePlatform:
    """Service accounts and their secrets, and the token endpoint.

    :ivar failures: what the next call of a kind raises. :ivar roles: whether accounts have a role.
    """

    def __init__(self) -> None:
        self.accounts: dict[str, ServiceAccount] = {}
        self.secrets: dict[str, str] = {}
        self.calls: list[str] = []
        self.failures: dict[str, PanwCloudError] = {}
        self.before: Callable[[str], None] = lambda name: None
        self.roles = True
        self.rejects = False
        self.now = NOW
        self._numbers = itertools.count(1)

    def named(self, name: str) -> ServiceAccount | None:
        self._called("list")
        return self.accounts.get(name)

    def create(self, name: str) -> ServiceAccount:
        self._called("create")
        assert name not in self.accounts
        number = next(self._numbers)
        self.accounts[name] = ServiceAccount(f"id-{number}", name, f"{name}@{TSG_ID}.example.com", TSG_ID)
        return self._secret(self.accounts[name])

    def reset(self, account: ServiceAccount) -> ServiceAccount:
        self._called("reset")
        return self._secret(account)

    def status(self, credentials: StoredCredentials) -> CredentialStatus:
        self._called("prove")
        assert credentials.auth_url == AUTH_URL
        if self.rejects or not self.works(credentials):
            return CredentialStatus.DEAD
        return CredentialStatus.GOOD if self.roles else CredentialStatus.UNAUTHORIZED

    def works(self, credentials: StoredCredentials) -> bool:
        return self.secrets.get(credentials.client_id) == credentials.client_secret

    def _secret(self, account: ServiceAccount) -> ServiceAccount:
        self.secrets[account.client_id] = f"a-made-up-secret-{next(self._numbers)}"
        return dataclasses.replace(account, client_secret=self.secrets[account.client_id])

    def _called(self, name: str) -> None:
        self.before(name)
        self.calls.append(name)
        if name in self.failures:
            raise self.failures[name]


class World:
    """One account, its store and the platform; runs start and end."""

    def __init__(self, kind: str) -> None:
        self.kind, self.aws, self.platform, self.slots = kind, FakeAws(), FakePlatform(), MemorySlots()
        self.vault = FakeVault()
        self.desired = DesiredCredentials(NAME, TSG_ID, AUTH_URL)

    def store(self) -> Store[StoredCredentials]:
        if self.kind == "secretsmanager":
            return SecretsManagerStore(self.aws, "scm", Settings(), StoredCredentials)
        if self.kind == "ssm":
            return SlotStore(SsmSlots(self.aws, "credentials"), "ssm", "/scm", StoredCredentials, 8192)
        if self.kind == "hashi_vault":
            slots = VaultSlots(self.vault, "scm")
            return SlotStore(slots, "hashi_vault", "scm", StoredCredentials, suffix=PENDING_SUFFIX)
        return SlotStore(self.slots, "none", "scm", StoredCredentials)

    def reconciler(self, **changes: Any) -> CredentialReconciler:
        changed = dataclasses.replace(self.desired, **changes)
        return CredentialReconciler(changed, self.store(), self.platform, self.platform, lambda: self.platform.now)

    def run(self, state: str = "present", **changes: Any) -> Any:
        return self.reconciler(**changes).run(state)

    def predict(self, state: str = "present", **changes: Any) -> Any:
        return self.reconciler(**changes).predict(state)

    def current(self) -> StoredCredentials | None:
        return self.store().load().current

    def works(self) -> bool:
        current = self.current()
        return current is not None and self.platform.works(current)


@pytest.fixture(params=["secretsmanager", "ssm", "hashi_vault", "memory"])
def world(request: pytest.FixtureRequest) -> World:
    return World(request.param)


def failing(kind: type[PanwCloudError] = ServerError) -> PanwCloudError:
    return kind("do it", ErrorContext(reason="no"))


def test_credentials_first_run_creates_and_later_runs_rotate(world: World) -> None:
    first = world.run()
    assert first.changed
    assert first.authorized
    assert (first.previous, first.repaired) == (None, [])
    assert first.current == world.current()
    world.platform.calls.clear()
    again = world.run()
    assert not again.changed
    assert again.current == first.current
    assert world.platform.calls == ["prove"]
    second = world.run("rotated")
    assert second.previous == first.current
    assert second.repaired == []
    assert second.current.service_account_id == first.current.service_account_id
    assert world.works()
    assert not world.run().changed
    gone = world.run("absent")
    assert gone.changed
    assert gone.current is None
    assert world.platform.accounts
    assert not world.run("absent").changed


def test_secret_of_account_without_role_is_kept(world: World) -> None:
    world.platform.roles = False
    first = world.run()
    assert first.authorized is False
    again = world.run()
    assert not again.changed
    assert again.authorized is False


def test_account_unknown_to_store_requires_adopt(world: World) -> None:
    world.platform.create(NAME)
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


def test_secret_reset_elsewhere_is_reset_again(world: World) -> None:
    world.run()
    world.platform.reset(world.platform.accounts[NAME])
    assert world.predict().changed
    outcome = world.run()
    assert outcome.repaired == ["The stored secret was rejected: the secret of the account is reset."]
    assert world.works()


def test_deleted_account_is_recreated(world: World) -> None:
    world.run()
    world.platform.accounts.clear()
    world.platform.secrets.clear()
    outcome = world.run()
    assert outcome.repaired == ["The stored secret was rejected: the account is created."]
    assert world.works()


def test_replaced_account_of_same_name_requires_adopt(world: World) -> None:
    world.run()
    world.platform.accounts.clear()
    world.platform.create(NAME)
    with pytest.raises(UnmanagedSecret):
        world.run()
    assert world.run(adopt=True).changed


@pytest.mark.parametrize("changes", [{"name": "other"}, {"tsg_id": "1234567891"}])
def test_place_of_other_account_is_rejected(world: World, changes: dict[str, str]) -> None:
    world.run()
    for state in STATES:
        with pytest.raises(StoreInUse, match=f"it belongs to {NAME}@{TSG_ID}"):
            world.run(state, **changes)
    reserved(world)
    with pytest.raises(StoreInUse):
        world.run(**changes)


def test_creation_denied_leaves_store_empty(world: World) -> None:
    world.platform.failures["create"] = failing(AuthorizationError)
    with pytest.raises(AuthorizationError) as caught:
        world.run()
    assert "reservation" not in str(caught.value)
    assert world.store().load().pending is None
    world.platform.failures.clear()
    assert world.run().repaired == []


@pytest.mark.parametrize("call", ["create", "reset"])
def test_lost_response_is_recovered_by_next_run(world: World, call: str) -> None:
    """Whether or not the server acted."""
    if call == "reset":
        world.run()
    for acted in (False, True):
        world.platform.failures[call] = failing()
        with pytest.raises(ServerError, match="next run resets"):
            world.run("rotated")
        world.platform.failures.clear()
        if acted and call == "create":
            world.platform.create(NAME)
        elif acted:
            world.platform.reset(world.platform.accounts[NAME])
        outcome = world.run("rotated", lock_timeout=timedelta())
        assert "stale reservation" in outcome.repaired[0]
        assert world.works()
        if call == "create":
            world.run("absent")
            world.platform.accounts.clear()


def test_secret_not_storable_is_replaced(world: World) -> None:
    world.run()
    reconciler = world.reconciler()

    def refuse(*_: Any) -> None:
        raise failing()

    reconciler._store.stage = refuse  # type: ignore[method-assign]
    with pytest.raises(ServerError, match="otherwise it is lost, and the next run resets it"):
        reconciler.run("rotated")
    assert not world.works()
    with pytest.raises(LockConflict, match="taken over from 2026-05-19T12:05:00Z on"):
        world.run()
    assert "the secret of the account is reset" in world.run(lock_timeout=timedelta()).repaired[1]
    assert world.works()


def test_unverified_secret_of_ended_run_is_promoted(world: World) -> None:
    world.run()
    world.platform.failures["prove"] = failing()
    with pytest.raises(ServerError, match=r"staged but not proven; the next run finishes\. The old one is invalid"):
        world.run("rotated")
    world.platform.failures.clear()
    world.platform.calls.clear()
    assert world.predict("rotated", lock_timeout=timedelta()).changed
    outcome = world.run("rotated", lock_timeout=timedelta())
    assert "proven and promoted" in outcome.repaired[0]
    assert "reset" not in world.platform.calls
    assert world.works()


def test_rejected_secret_stays_staged_and_is_reset_by_next_run(world: World) -> None:
    world.platform.rejects = True
    with pytest.raises(SecretRejected, match="the secret is rejected"):
        world.run()
    world.platform.rejects = False
    pending = world.store().load().pending
    assert isinstance(pending, StoredCredentials)
    world.platform.reset(world.platform.accounts[NAME])
    outcome = world.run(lock_timeout=timedelta())
    assert "it is dropped" in outcome.repaired[0]
    assert world.works()
    assert world.store().load().pending_revocations == ()


def test_secret_accepted_late_is_promoted(world: World) -> None:
    world.platform.rejects = True
    with pytest.raises(SecretRejected):
        world.run()
    world.platform.rejects = False
    assert "proven and promoted" in world.run(lock_timeout=timedelta()).repaired[0]
    assert world.works()


def test_failed_promotion_is_completed_by_next_run(world: World) -> None:
    world.run()
    reconciler = world.reconciler()

    def refuse(due: datetime | None) -> None:
        raise failing()

    reconciler._store.promote = refuse  # type: ignore[assignment, method-assign]
    with pytest.raises(ServerError, match="the next run finishes"):
        reconciler.run("rotated")
    assert world.run(lock_timeout=timedelta()).repaired
    assert world.works()


def test_promotion_by_other_run_is_accepted(world: World) -> None:
    world.run()
    nested: list[int] = []

    def other(name: str) -> None:
        if name == "prove" and not nested:
            nested.append(1)
            assert world.run(lock_timeout=timedelta()).changed

    world.platform.before = other
    assert world.run("rotated").changed
    assert world.works()
    assert world.store().load().pending_revocations == ()


def test_late_promotion_raises_lock_conflict(world: World) -> None:
    world.run()
    reconciler = world.reconciler()
    promote = reconciler._store.promote

    def late(due: datetime | None) -> Any:
        world.run(lock_timeout=timedelta())
        world.run("rotated")
        return promote(due)

    reconciler._store.promote = late  # type: ignore[method-assign]
    with pytest.raises(LockConflict):
        reconciler.run("rotated")
    assert world.works()


def reserved(world: World, state: str = "rotated") -> None:
    """A run was killed right after its reservation."""

    def kill(name: str) -> None:
        if name in ("create", "reset"):
            raise Killed

    world.platform.before = kill
    with pytest.raises(Killed):
        world.run(state)
    world.platform.before = lambda name: None


def test_stale_reservation_is_taken_over_after_timeout(world: World) -> None:
    world.run()
    reserved(world)
    assert not world.run().changed
    assert not world.predict().changed
    for state in ("rotated", "absent"):
        with pytest.raises(LockConflict, match="is taken over from"):
            world.run(state)
    with pytest.raises(LockConflict):
        world.predict("rotated")
    outcome = world.run(lock_timeout=timedelta())
    # In Parameter Store, removing it could remove that of another run.
    removed = ["A stale reservation of 2026-05-19T12:00:00Z was removed: the stored secret is good."]
    assert outcome.repaired == ([] if world.kind == "ssm" else removed)
    assert not world.run().changed


def test_reservation_of_ended_process_is_taken_over_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    reserved(world, "present")
    monkeypatch.setattr(lock, "has_ended", lambda process: process == identity())
    assert "stale reservation" in world.run().repaired[0]
    assert world.works()


def test_parallel_run_finished_first_is_accepted(world: World) -> None:
    """The other run completes between this run's read and its reservation."""

    def other(name: str) -> None:
        if name == "list":
            world.platform.before = lambda name: None
            world.run("rotated", adopt=True)

    world.platform.before = other
    world.platform.create(NAME)
    outcome = world.run(adopt=True)
    assert not outcome.changed
    assert outcome.current == world.current()
    world.platform.before = other
    assert not world.run("rotated").changed
    assert world.platform.calls.count("reset") == 2


def test_parallel_run_in_progress_raises_lock_conflict(world: World) -> None:
    def other(name: str) -> None:
        if name == "list":
            world.platform.before = lambda name: None
            reserved(world)

    world.platform.before = other
    with pytest.raises(LockConflict, match="another run has reserved"):
        world.run()


def test_invalid_document_is_replaced_only_on_request(world: World) -> None:
    world.run()
    if world.kind == "secretsmanager":
        found = world.aws.secrets["scm"]
        found["versions"][found["stages"]["AWSCURRENT"]] = "nonsense"
    elif world.kind == "ssm":
        world.aws.parameters["/scm"]["Value"] = "nonsense"
    elif world.kind == "hashi_vault":
        world.vault.write("scm", {"text": "nonsense"}, world.vault.read("scm").version)
    else:
        world.slots.delete("scm")
        world.slots.create("scm", "nonsense")
    for state in STATES:
        with pytest.raises(PanwCloudError, match="on_invalid_document"):
            world.run(state)
    with pytest.raises(UnmanagedSecret):
        world.run(replace_invalid=True)
    outcome = world.run(replace_invalid=True, adopt=True)
    assert ("its version is None" if world.kind == "hashi_vault" else "it is not JSON") in outcome.repaired[0]
    assert world.works()
    world.run()  # in Secrets Manager, the invalid version has a label, which is removed
    assert not world.run().changed


def test_check_without_response_changes_nothing(world: World) -> None:
    world.run()
    world.platform.failures["prove"] = failing(TransportError)
    world.platform.calls.clear()
    with pytest.raises(TransportError):
        world.run()
    assert world.platform.calls == ["prove"]


def test_predict_equals_run_result(world: World) -> None:
    assert world.predict().changed
    assert not world.predict("absent").changed
    assert not world.store().load().exists
    world.run()
    world.platform.calls.clear()
    assert not world.predict().changed
    assert world.platform.calls == ["prove"]
    rotated = world.predict("rotated")
    assert rotated.changed
    assert rotated.current is None
    assert world.predict("absent").changed
    assert world.works()


def _kill_at(number: int, steps: list[str], name: str) -> None:
    steps.append(name)
    if len(steps) == number:
        raise Killed


@pytest.mark.parametrize("state", STATES)
def test_kill_at_any_call_is_recovered_by_next_run(world: World, state: str) -> None:
    """Like the crash test of the real module, over fakes that behave like AWS."""
    kind = world.kind
    for number in itertools.count(1):
        world = World(kind)
        if state != "present":
            world.run()
        steps: list[str] = []
        _watch(world, functools.partial(_kill_at, number, steps))
        try:
            world.run(state)
        except Killed:
            pass
        else:
            break
        finally:
            _watch(world, lambda name: None)
        if state == "rotated":  # readers always find a secret, and it works unless it was reset
            assert world.current()
            assert world.works() or "reset" in steps
        world.run(state, lock_timeout=timedelta())
        if state != "absent":
            assert world.works()
            assert not world.run().changed
        else:
            assert not world.store().load().exists
        assert len(world.platform.accounts) == 1
    assert number > 3


def _watch(world: World, watcher: Callable[[str], None]) -> None:
    world.platform.before = world.aws.before = world.vault.before = watcher
    write, delete = MemorySlots._write, MemorySlots.delete

    def watched(name: str, work: Any) -> Any:
        def call(*arguments: Any) -> Any:
            watcher(name)
            return work(world.slots, *arguments)

        return call

    world.slots._write = watched("write", write)  # type: ignore[method-assign]
    world.slots.delete = watched("delete", delete)  # type: ignore[method-assign]


def params(**given: Any) -> dict[str, Any]:
    defaults = {name: option.get("default") for name, option in stored_credentials_spec().items()}
    return {**defaults, "service_account": NAME, "tsg_id": TSG_ID, **given}


def test_options_valid_are_accepted() -> None:
    assert desired(params(), AUTH_URL) == DesiredCredentials(NAME, TSG_ID, AUTH_URL)
    found = desired(params(adopt=True, on_invalid_document="replace", lock_timeout=0), AUTH_URL)
    assert (found.adopt, found.replace_invalid, found.lock_timeout) == (True, True, timedelta())


@pytest.mark.parametrize(
    ("given", "option"), [({"lock_timeout": -1}, "lock_timeout"), ({"service_account": "a@b"}, "service_account")]
)
def test_options_invalid_are_rejected(given: dict[str, Any], option: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        desired(params(**given), AUTH_URL)
    assert caught.value.option == option


def test_result_shows_no_secret(world: World) -> None:
    world.run()
    outcome = world.run("rotated")
    result = outcome.as_result()
    assert result["previous_fingerprint"] == result["diff"]["before"]["fingerprint"]
    assert result["fingerprint"] == result["diff"]["after"]["fingerprint"]
    for secret in (outcome.current.client_secret, outcome.previous.client_secret):
        assert secret not in str(result) + repr(outcome)
