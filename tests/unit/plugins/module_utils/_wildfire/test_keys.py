# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of a key, against a registry whose every answer is the test's."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import (
    Conflict,
    InvalidRequest,
    MalformedAnswer,
    PanwCloudError,
    TransportError,
)
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.errors import KeyNotReady
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.keys import Holder, KeyService, Outcome
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.registry import Key
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.waiting import Patience
from ansible_collections.panw.cloud.tests.helpers.fakes import Clock

PRODUCT = "advanced_wildfire"
ME = Holder("scanner@example.com", ("scanner", "scanner@example.com", "a1b2"))
OTHER = "other@example.com"


def lost(*, acted: bool = True) -> PanwCloudError:
    error = TransportError("create")
    error.may_have_acted = acted
    return error


class Fake:
    """A registry that settles a change some seconds after it was applied.

    :ivar faults: raised by the next calls of a method, after it has acted or in place of that.
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
        return KeyService(self, PRODUCT, Patience(timeout, 5, self.clock, self.clock.sleep))

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
    """A registry with a pending key that somebody has begun to change."""
    fake = Fake(key("pending"), settles=settles, has_apply=has_apply)
    fake._go("k1", status)
    return fake


@pytest.mark.parametrize("account", ["scanner", "SCANNER@example.com", "a1b2"])
def test_a_valid_key_of_the_account_is_no_change(account: str) -> None:
    fake = Fake(key(account=account))
    assert fake.service().present(ME) == Outcome(False, key(account=account), key(account=account))
    assert fake.calls == []


def test_an_empty_registry_gets_a_key_that_is_waited_for() -> None:
    fake = Fake()
    made = dataclasses.replace(key("valid", key_id="new-0"), service_account=ME.client_id)
    assert fake.service().present(ME) == Outcome(True, None, made)
    assert fake.calls == ["create", "apply"]
    assert fake.clock() == 20


def test_what_is_revoked_or_expired_does_not_count() -> None:
    fake = Fake(key("revoked"), key("expired", key_id="k2"), key("revoked", product="prisma_access", key_id="k3"))
    assert fake.service().present(ME).changed
    assert len(fake.listed) == 4
    assert Fake(key("revoked"), key("expired", key_id="k2")).service().absent(ME) == Outcome(False, None, None)


@pytest.mark.parametrize(("has_apply", "changed"), [(True, True), (False, False)])
def test_a_pending_key_is_waited_for_and_applied(has_apply: bool, changed: bool) -> None:
    """A run that was killed before it applied the change is repaired."""
    fake = on_its_way("valid", has_apply=has_apply)
    assert fake.service().present(ME) == Outcome(changed, key("pending"), key("valid"))
    assert fake.calls == (["apply"] if has_apply else [])


def test_a_key_that_stays_pending_ends_the_patience() -> None:
    fake = Fake(settles=None)
    with pytest.raises(
        KeyNotReady, match="new-0 for advanced_wildfire become valid within 60 seconds: it is still pending"
    ):
        fake.service().present(ME)
    assert fake.clock() == 60


@pytest.mark.parametrize("end", ["revoked", "expired"])
def test_a_key_that_becomes_something_else(end: str) -> None:
    with pytest.raises(KeyNotReady, match=f"it is {end}"):
        on_its_way(end).service().present(ME)


@pytest.mark.parametrize("status", ["pending", "valid"])
def test_a_key_of_another_account_is_a_conflict(status: str) -> None:
    fake = Fake(key(status, account=OTHER))
    with pytest.raises(Conflict, match=f"k1, is {status} and bound to {OTHER}"):
        fake.service().present(ME)
    with pytest.raises(Conflict, match=f"k1, is bound to {OTHER}"):
        fake.service().absent(ME)
    assert fake.calls == []


def test_an_account_carries_one_key() -> None:
    fake = Fake(key("pending", product="prisma_access"))
    with pytest.raises(Conflict, match="carries the key k1 for prisma_access, which is pending"):
        fake.service().present(ME)
    assert fake.calls == []


def test_several_live_keys_of_a_product_are_a_conflict() -> None:
    fake = Fake(key(), key("pending", account=OTHER, key_id="k2"))
    for act in (lambda: fake.service().present(ME), lambda: fake.service().absent(None)):
        with pytest.raises(Conflict, match=f"k1 of Scanner@example.com, k2 of {OTHER}"):
            act()


def test_a_status_that_the_contract_does_not_name() -> None:
    fake = Fake(key("Migrating"))
    with pytest.raises(MalformedAnswer, match="'Migrating', for which the contract has no name"):
        fake.service().present(ME)
    assert Fake(key("Migrating", product="prisma_access")).service().present(ME).changed


def test_a_lost_answer_after_the_registry_has_acted_is_one_key() -> None:
    fake = Fake()
    fake.faults["create"] = [(lost(), True)]
    assert fake.service().present(ME).changed
    assert len(fake.listed) == 1
    assert fake.calls == ["create", "apply"]


def test_a_lost_request_is_sent_once_more_after_the_list_was_asked() -> None:
    fake = Fake()
    fake.faults["create"] = [(lost(), False)]
    assert fake.service().present(ME).changed
    assert len(fake.listed) == 1
    assert fake.calls == ["create", "create", "apply"]


def test_there_is_no_third_attempt() -> None:
    fake = Fake()
    fake.faults["create"] = [(lost(), False)] * 3
    with pytest.raises(TransportError):
        fake.service().present(ME)
    assert fake.calls == ["create", "create"]


def test_a_refusal_is_not_sent_again() -> None:
    fake = Fake()
    fake.faults["create"] = [(InvalidRequest("create"), False)]
    with pytest.raises(InvalidRequest):
        fake.service().present(ME)
    assert fake.calls == ["create"]


def test_a_new_key_that_never_comes_into_the_list() -> None:
    fake = Fake()
    fake.create = lambda product, client_id: None  # type: ignore[method-assign]
    with pytest.raises(KeyNotReady, match="not in the list 60 seconds after its creation"):
        fake.service().present(ME)


def test_a_list_that_fails_after_the_creation_hides_nothing() -> None:
    fake = Fake()
    keys = fake.keys

    def fail() -> list[Key]:
        if fake.listed:
            raise TransportError("list")
        return keys()

    fake.keys = fail  # type: ignore[method-assign]
    with pytest.raises(TransportError, match="A WildFire key for advanced_wildfire was created; run again"):
        fake.service().present(ME)


def test_a_failure_after_the_creation_names_the_key() -> None:
    fake = Fake()

    def fail() -> None:
        raise TransportError("apply")

    fake.apply = fail  # type: ignore[method-assign]
    with pytest.raises(
        TransportError, match="The WildFire key new-0 for advanced_wildfire was pending when it was seen last"
    ):
        fake.service().present(ME)


@pytest.mark.parametrize("holder", [ME, None])
def test_a_live_key_is_revoked_and_waited_for(holder: Holder | None) -> None:
    fake = Fake(key())
    assert fake.service().absent(holder) == Outcome(True, key(), key("revoked"))
    assert fake.calls == ["revoke", "apply"]
    assert fake.clock() == 20


def test_whoever_a_key_is_bound_to_it_can_be_revoked() -> None:
    assert Fake(key(account=OTHER)).service().absent(None).changed


def test_a_key_that_is_not_revoked_in_time() -> None:
    with pytest.raises(KeyNotReady, match="become revoked within 60 seconds: it is still pending"):
        Fake(key(), settles=None).service().absent(ME)


def test_a_revocation_that_another_run_has_begun_is_waited_for() -> None:
    """The registry refuses to revoke it twice, and calls it pending."""
    fake = on_its_way("revoked")
    assert fake.service().absent(ME) == Outcome(True, key("pending"), key("revoked"))
    with pytest.raises(InvalidRequest):
        on_its_way("revoked", settles=None).service().absent(ME)


def test_a_key_that_cannot_be_revoked_before_it_is_valid() -> None:
    fake = on_its_way("valid")
    fake.faults["revoke"] = [(InvalidRequest("revoke"), False)]
    assert fake.service().absent(ME) == Outcome(True, key("pending"), key("revoked"))
    assert fake.calls == ["revoke", "apply", "revoke", "apply"]


@pytest.mark.parametrize(("acted", "calls"), [(True, ["revoke", "apply"]), (False, ["revoke", "revoke", "apply"])])
def test_a_lost_answer_at_revocation(acted: bool, calls: list[str]) -> None:
    fake = Fake(key())
    fake.faults["revoke"] = [(lost(), acted)]
    assert fake.service().absent(ME).changed
    assert fake.calls == calls


def test_a_pending_key_whose_revocation_is_lost_twice_is_waited_for() -> None:
    fake = on_its_way("valid")
    fake.faults["revoke"] = [(lost(), False)] * 2
    assert fake.service().absent(ME).changed
    assert fake.calls == ["revoke", "revoke", "apply", "revoke", "apply"]


def test_a_valid_key_whose_revocation_is_lost_twice() -> None:
    fake = Fake(key())
    fake.faults["revoke"] = [(lost(), False)] * 2
    with pytest.raises(TransportError):
        fake.service().absent(ME)
    assert fake.calls == ["revoke", "revoke"]


def test_a_valid_key_whose_revocation_is_refused() -> None:
    fake = Fake(key())
    fake.faults["revoke"] = [(InvalidRequest("revoke"), False)]
    with pytest.raises(InvalidRequest):
        fake.service().absent(ME)
    assert fake.calls == ["revoke"]


@pytest.mark.parametrize(
    ("keys", "present", "absent"),
    [
        ((), Outcome(True, None, Key(None, PRODUCT, ME.client_id, "pending")), Outcome(False, None, None)),
        ((key(),), Outcome(False, key(), key()), Outcome(True, key(), None)),
        ((key("pending"),), Outcome(True, key("pending"), key("pending")), Outcome(True, key("pending"), None)),
    ],
)
def test_predictions_change_nothing(keys: tuple[Key, ...], present: Outcome, absent: Outcome) -> None:
    fake = Fake(*keys)
    assert fake.service().present(ME, predict=True) == present
    assert fake.service().absent(ME, predict=True) == absent
    assert (fake.calls, fake.clock()) == ([], 0)


def test_predictions_find_conflicts() -> None:
    with pytest.raises(Conflict):
        Fake(key(account=OTHER)).service().present(ME, predict=True)


def test_an_account_for_people() -> None:
    assert str(ME) == "scanner (scanner@example.com)"
    assert str(Holder("x@example.com", ("x@example.com",))) == "x@example.com"
