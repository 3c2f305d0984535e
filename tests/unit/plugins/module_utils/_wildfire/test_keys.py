# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The life cycle of a key, against a registry with scripted responses."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import (
    Conflict,
    InvalidRequest,
    InvalidResponse,
    PanwCloudError,
    TransportError,
)
from ansible_collections.panw.cloud.plugins.module_utils._common.polling import Poller
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.errors import KeyNotReady
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.keys import KeyOwner, KeyResult, KeyService
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.registry import Key
from ansible_collections.panw.cloud.tests.helpers.fakes import Clock

PRODUCT = "advanced_wildfire"
ME = KeyOwner("scanner@example.com", ("scanner", "scanner@example.com", "a1b2"))
OTHER = "other@example.com"


def lost(*, acted: bool = True) -> PanwCloudError:
    error = TransportError("create")
    error.outcome_unknown = acted
    return error


class Fake:
    """A registry that completes a change some seconds after it was applied.

    :ivar faults: raised by the next calls of a method, after or instead of its action.
    """

    def __init__(self, *keys: Key, settles: float | None = 20, has_apply: bool = True) -> None:
        self.clock = Clock()
        self.listed = {key.id: key for key in keys}
        self.goals: dict[str | None, str] = {}
        self.due: dict[str | None, float] = {}
        self.settles, self.has_apply = settles, has_apply
        self.faults: dict[str, list[tuple[PanwCloudError, bool]]] = {}
        self.calls: list[str] = []
        self.warnings: list[str] = []

    def warn(self, text: str) -> None:
        self.warnings.append(text)

    def service(self, timeout: float = 60) -> KeyService:
        return KeyService(self, PRODUCT, Poller(timeout, 5, self.clock, self.clock.sleep))

    def keys(self) -> list[Key]:
        for key_id, due in self.due.items():
            if self.clock() >= due:
                self.listed[key_id] = dataclasses.replace(self.listed[key_id], status=self.goals[key_id])
        return list(self.listed.values())

    def create(self, product: str, client_id: str) -> None:
        def act() -> None:
            key_id = f"new-{len(self.listed)}"
            self.listed[key_id] = Key(key_id, product, client_id, "pending")
            self._go(key_id, "valid")

        self._do("create", act)

    def revoke(self, key: Key) -> None:
        def act() -> None:
            if self.goals.get(key.id) == "revoked":
                raise InvalidRequest("revoke")
            self.listed[key.id] = dataclasses.replace(self.listed[key.id], status="pending")
            self._go(key.id, "revoked")

        self._do("revoke", act)

    def apply(self) -> None:
        if self.has_apply:
            self.calls.append("apply")
            if self.settles is not None:
                self.due.update(
                    {key_id: self.clock() + self.settles for key_id in self.goals if key_id not in self.due}
                )

    def _go(self, key_id: str | None, goal: str) -> None:
        self.goals[key_id] = goal
        self.due.pop(key_id, None)
        if not self.has_apply and self.settles is not None:
            self.due[key_id] = self.clock() + self.settles

    def _do(self, name: str, act: Callable[[], None]) -> None:
        self.calls.append(name)
        error, acted = self.faults[name].pop(0) if self.faults.get(name) else (None, True)
        if acted:
            act()
        if error is not None:
            raise error


def key(
    status: str = "valid", *, product: str = PRODUCT, account: str = "Scanner@example.com", key_id: str = "k1"
) -> Key:
    return Key(key_id, product, account, status)


def on_its_way(status: str, *, settles: float | None = 20, has_apply: bool = True) -> Fake:
    """A registry with a pending key of an interrupted change."""
    fake = Fake(key("pending"), settles=settles, has_apply=has_apply)
    fake._go("k1", status)
    return fake


@pytest.mark.parametrize("account", ["scanner", "SCANNER@example.com", "a1b2"])
def test_present_valid_key_of_account_is_unchanged(account: str) -> None:
    fake = Fake(key(account=account))
    assert fake.service().present(ME) == KeyResult(False, key(account=account), key(account=account))
    assert fake.calls == []


def test_present_empty_registry_creates_key_and_waits() -> None:
    fake = Fake()
    made = dataclasses.replace(key("valid", key_id="new-0"), service_account=ME.client_id)
    assert fake.service().present(ME) == KeyResult(True, None, made)
    assert fake.calls == ["create", "apply"]
    assert fake.clock() == 20


def test_present_revoked_or_expired_key_is_ignored() -> None:
    fake = Fake(key("revoked"), key("expired", key_id="k2"), key("revoked", product="prisma_access", key_id="k3"))
    assert fake.service().present(ME).changed
    assert len(fake.listed) == 4
    assert Fake(key("revoked"), key("expired", key_id="k2")).service().absent(ME) == KeyResult(False, None, None)


@pytest.mark.parametrize(("has_apply", "changed"), [(True, True), (False, False)])
def test_present_pending_key_is_applied_and_awaited(has_apply: bool, changed: bool) -> None:
    """Repairs a run that was killed before it applied the change."""
    fake = on_its_way("valid", has_apply=has_apply)
    assert fake.service().present(ME) == KeyResult(changed, key("pending"), key("valid"))
    assert fake.calls == (["apply"] if has_apply else [])


def test_present_key_pending_past_timeout_raises_error() -> None:
    fake = Fake(settles=None)
    with pytest.raises(
        KeyNotReady,
        match="within 60 seconds that the WildFire key new-0 for advanced_wildfire is valid: it is still pending",
    ):
        fake.service().present(ME)
    assert fake.clock() == 60


@pytest.mark.parametrize("end", ["revoked", "expired"])
def test_present_key_with_unexpected_status_raises_error(end: str) -> None:
    with pytest.raises(KeyNotReady, match=f"it is {end}"):
        on_its_way(end).service().present(ME)


@pytest.mark.parametrize("status", ["pending", "valid"])
def test_present_key_of_other_account_is_a_conflict(status: str) -> None:
    fake = Fake(key(status, account=OTHER))
    with pytest.raises(Conflict, match=f"k1, is {status} and bound to {OTHER}"):
        fake.service().present(ME)
    with pytest.raises(Conflict, match=f"k1, is bound to {OTHER}"):
        fake.service().absent(ME)
    assert fake.calls == []


def test_present_account_with_other_key_is_a_conflict() -> None:
    fake = Fake(key("pending", product="prisma_access"))
    with pytest.raises(Conflict, match="already has the key k1 for prisma_access, which is pending"):
        fake.service().present(ME)
    assert fake.calls == []


def test_present_several_live_keys_are_a_conflict() -> None:
    fake = Fake(key(), key("pending", account=OTHER, key_id="k2"))
    for act in (lambda: fake.service().present(ME), lambda: fake.service().absent(None)):
        with pytest.raises(Conflict, match=f"k1 of Scanner@example.com, k2 of {OTHER}"):
            act()


def test_status_missing_in_contract_raises_error() -> None:
    fake = Fake(key("Migrating"))
    with pytest.raises(InvalidResponse, match=r"'Migrating', which is not in 'registry\.statuses'"):
        fake.service().present(ME)
    assert Fake(key("Migrating", product="prisma_access")).service().present(ME).changed


def test_create_with_lost_response_yields_one_key() -> None:
    fake = Fake()
    fake.faults["create"] = [(lost(), True)]
    assert fake.service().present(ME).changed
    assert len(fake.listed) == 1
    assert fake.calls == ["create", "apply"]


def test_create_with_lost_request_is_repeated_after_list() -> None:
    fake = Fake()
    fake.faults["create"] = [(lost(), False)]
    assert fake.service().present(ME).changed
    assert len(fake.listed) == 1
    assert fake.calls == ["create", "create", "apply"]


def test_create_is_sent_twice_at_most() -> None:
    fake = Fake()
    fake.faults["create"] = [(lost(), False)] * 3
    with pytest.raises(TransportError):
        fake.service().present(ME)
    assert fake.calls == ["create", "create"]


def test_create_rejected_is_not_repeated() -> None:
    fake = Fake()
    fake.faults["create"] = [(InvalidRequest("create"), False)]
    with pytest.raises(InvalidRequest):
        fake.service().present(ME)
    assert fake.calls == ["create"]


def test_create_key_missing_in_list_raises_error() -> None:
    fake = Fake()
    fake.create = lambda product, client_id: None  # type: ignore[method-assign]
    with pytest.raises(KeyNotReady, match="not in the list 60 seconds after its creation"):
        fake.service().present(ME)


def test_list_failure_after_creation_is_reported_with_key() -> None:
    fake = Fake()
    keys = fake.keys

    def fail() -> list[Key]:
        if fake.listed:
            raise TransportError("list")
        return keys()

    fake.keys = fail  # type: ignore[method-assign]
    with pytest.raises(TransportError, match="A WildFire key for advanced_wildfire was created; run again"):
        fake.service().present(ME)


def test_failure_after_creation_names_key() -> None:
    fake = Fake()

    def fail() -> None:
        raise TransportError("apply")

    fake.apply = fail  # type: ignore[method-assign]
    with pytest.raises(TransportError, match="The WildFire key new-0 for advanced_wildfire was last seen pending"):
        fake.service().present(ME)


@pytest.mark.parametrize("owner", [ME, None])
def test_absent_live_key_is_revoked_and_awaited(owner: KeyOwner | None) -> None:
    fake = Fake(key())
    assert fake.service().absent(owner) == KeyResult(True, key(), key("revoked"))
    assert fake.calls == ["revoke", "apply"]
    assert fake.clock() == 20


def test_absent_key_of_any_account_is_revoked() -> None:
    assert Fake(key(account=OTHER)).service().absent(None).changed


def test_absent_key_not_revoked_in_time_raises_error() -> None:
    with pytest.raises(
        KeyNotReady,
        match="within 60 seconds that the WildFire key k1 for advanced_wildfire is revoked: it is still pending",
    ):
        Fake(key(), settles=None).service().absent(ME)


def test_absent_revocation_by_other_run_is_awaited() -> None:
    """The registry rejects a second revocation, and reports the key as pending."""
    fake = on_its_way("revoked")
    assert fake.service().absent(ME) == KeyResult(True, key("pending"), key("revoked"))
    with pytest.raises(InvalidRequest):
        on_its_way("revoked", settles=None).service().absent(ME)


def test_absent_pending_key_not_revocable_raises_error() -> None:
    fake = on_its_way("valid")
    fake.faults["revoke"] = [(InvalidRequest("revoke"), False)]
    assert fake.service().absent(ME) == KeyResult(True, key("pending"), key("revoked"))
    assert fake.calls == ["revoke", "apply", "revoke", "apply"]


@pytest.mark.parametrize(("acted", "calls"), [(True, ["revoke", "apply"]), (False, ["revoke", "revoke", "apply"])])
def test_absent_with_lost_response_is_recovered(acted: bool, calls: list[str]) -> None:
    fake = Fake(key())
    fake.faults["revoke"] = [(lost(), acted)]
    assert fake.service().absent(ME).changed
    assert fake.calls == calls


def test_absent_pending_key_with_two_lost_responses_is_awaited() -> None:
    fake = on_its_way("valid")
    fake.faults["revoke"] = [(lost(), False)] * 2
    assert fake.service().absent(ME).changed
    assert fake.calls == ["revoke", "revoke", "apply", "revoke", "apply"]


def test_absent_valid_key_with_two_lost_responses_raises_error() -> None:
    fake = Fake(key())
    fake.faults["revoke"] = [(lost(), False)] * 2
    with pytest.raises(TransportError):
        fake.service().absent(ME)
    assert fake.calls == ["revoke", "revoke"]


def test_absent_revocation_rejected_raises_error() -> None:
    fake = Fake(key())
    fake.faults["revoke"] = [(InvalidRequest("revoke"), False)]
    with pytest.raises(InvalidRequest):
        fake.service().absent(ME)
    assert fake.calls == ["revoke"]


@pytest.mark.parametrize(
    ("keys", "present", "absent"),
    [
        ((), KeyResult(True, None, Key(None, PRODUCT, ME.client_id, "pending")), KeyResult(False, None, None)),
        ((key(),), KeyResult(False, key(), key()), KeyResult(True, key(), None)),
        ((key("pending"),), KeyResult(True, key("pending"), key("pending")), KeyResult(True, key("pending"), None)),
    ],
)
def test_predict_changes_nothing(keys: tuple[Key, ...], present: KeyResult, absent: KeyResult) -> None:
    fake = Fake(*keys)
    assert fake.service().present(ME, predict=True) == present
    assert fake.service().absent(ME, predict=True) == absent
    assert (fake.calls, fake.clock()) == ([], 0)


def test_predict_reports_conflicts() -> None:
    with pytest.raises(Conflict):
        Fake(key(account=OTHER)).service().present(ME, predict=True)


def test_key_owner_text_is_readable() -> None:
    assert str(ME) == "scanner (scanner@example.com)"
    assert str(KeyOwner("x@example.com", ("x@example.com",))) == "x@example.com"
