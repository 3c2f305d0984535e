# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The wait for a rulestack on a firewall: which commit is the new one, and how it ends."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import NotFound
from ansible_collections.panw.cloud.plugins.module_utils._common.polling import Poller
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.firewalls.association import (
    Association,
    DeviceCommitFailed,
    device_commit,
)
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.firewalls.client import Firewall
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.firewalls.status import WaitTimeout
from ansible_collections.panw.cloud.tests.helpers.fake_firewall_parts import FakeFirewalls, status
from ansible_collections.panw.cloud.tests.helpers.fakes import Clock

OLD, NEW = "2026-11-26T21:49:00 UTC", "2026-11-27T08:00:00 UTC"


class Waiting:
    """An association that begins with a status of the firewall, and reads others one by one."""

    def __init__(self, before: dict[str, Any], *reads: dict[str, Any], scope: str = "local") -> None:
        self.fake, self.clock = FakeFirewalls(), Clock()
        self.fake.add("branch")
        self._show(before)
        client = self.fake.client()
        (firewall,) = client.named("branch")
        client.choose(firewall)
        self.fake.entries["branch"]["Firewall"].update(RuleStackName="web", GlobalRuleStackName="web")
        self.fake.fail("GET /fw-branch", *[lambda one=one: self._show(one) for one in reads])
        self.association = Association(client, firewall, scope, Poller(60, 5, self.clock, self.clock.sleep))

    def _show(self, shown: dict[str, Any]) -> None:
        self.fake.entries["branch"]["Status"] = {"FirewallStatus": "CREATE_COMPLETE", **shown}

    def committed(self, *, written: bool = True) -> Firewall:
        return self.association.committed("web", written=written)


@pytest.mark.parametrize(
    ("before", "reads"),
    [
        ({}, [{}, status("Committing"), status("Success", NEW)]),
        (status("Success", OLD), [status("Success", OLD), status("Uncommitted", OLD), status("Success", NEW)]),
        (status("Failed", OLD, "no"), [status("Failed", OLD, "no"), status("Committing", OLD), status("Success", NEW)]),
        (
            status("Success", OLD),
            [
                status("PrecommitDone", OLD, device="Failed"),
                status("Success", NEW, device="Committing"),
                status("Success", NEW),
            ],
        ),
    ],
)
def test_new_commit_is_told_from_the_one_before(before: dict[str, Any], reads: list[dict[str, Any]]) -> None:
    waiting = Waiting(before, *reads)
    found = waiting.committed()
    assert device_commit(found, "local").time == NEW
    assert waiting.clock.pauses == [5, 5]


def test_each_scope_has_a_status_of_its_own() -> None:
    waiting = Waiting(
        status("Success", OLD), status("Success", NEW), status("Success", NEW, scope="Global"), scope="global"
    )
    waiting.committed()
    assert waiting.clock.pauses == [5]


def test_unchanged_success_without_a_time_is_believed_after_some_looks() -> None:
    """Older answers of version 1 have no time."""
    same = {"RuleStackStatus": "Success"}
    waiting = Waiting(same, *[same] * 10)
    waiting.committed()
    assert 3 <= len(waiting.clock.pauses) < 10
    moved = Waiting(same, {"RuleStackStatus": "Committing"}, same)
    moved.committed()
    assert moved.clock.pauses == [5]


def test_time_of_the_device_counts_only_without_one_of_the_rulestack() -> None:
    """The device has committed before its first rulestack, maybe in the same second."""
    device = {"DeviceRuleStackCommitStatus": "Success", "DeviceRuleStackCommitInfo": {"CommitTS": NEW}}
    waiting = Waiting(device, device, {**device, **status("Success", NEW)})
    assert device_commit(waiting.committed(), "local").report["time"] == NEW
    assert waiting.clock.pauses == [5]
    done = {**device, "RuleStackStatus": "Success"}
    old = {**done, "DeviceRuleStackCommitInfo": {"CommitTS": OLD}}
    waiting = Waiting(old, old, old, done)
    assert device_commit(waiting.committed(), "local").report["time"] == NEW
    assert waiting.clock.pauses == [5, 5]


@pytest.mark.parametrize("device", ["Failed", "Success"])
def test_failed_commit_reports_all_messages(device: str) -> None:
    failure = {
        **status("Failed", NEW, "rule 'a' is wrong", device=device),
        "DeviceRuleStackCommitInfo": {"CommitMessages": ["rule 'a' is wrong", "prefix list 'b' is missing"]},
    }
    waiting = Waiting(status("Success", OLD), status("Committing", OLD), failure)
    with pytest.raises(DeviceCommitFailed) as failed:
        waiting.committed()
    assert f"Failed, on the device {device}: rule 'a' is wrong | prefix list 'b' is missing" in str(failed.value)
    assert [message["name"] for message in failed.value.messages] == ["a", "b"]


@pytest.mark.parametrize(
    ("before", "shown", "said"),
    [
        (status("Success", OLD), status("Success", OLD), "Success, on the device Success and that commit is older"),
        (status("Failed", OLD, "x"), status("Failed", OLD, "x"), "is Failed, on the device Failed; the firewall is in"),
        ({}, {}, "the commit of rulestack 'web' is unknown; the firewall is in CREATE_COMPLETE"),
        ({}, status("Committing"), "is Committing, on the device Committing"),
    ],
)
def test_commit_that_never_comes_ends_the_wait_at_its_limit(
    before: dict[str, Any], shown: dict[str, Any], said: str
) -> None:
    waiting = Waiting(before, shown)
    with pytest.raises(WaitTimeout) as ended:
        waiting.committed()
    assert "after 60 seconds" in str(ended.value)
    assert said in str(ended.value)
    assert waiting.clock.seconds == 60


def test_commit_that_was_under_way_may_end_with_any_time() -> None:
    waiting = Waiting(status("Committing", OLD), status("Committing", OLD), status("Success", OLD))
    waiting.committed(written=False)
    assert waiting.clock.pauses == [5]


def test_success_counts_for_the_associated_rulestack_only() -> None:
    waiting = Waiting({}, status("Success", NEW))
    waiting.fake.entries["branch"]["Firewall"]["RuleStackName"] = "other"
    with pytest.raises(WaitTimeout):
        waiting.committed()


def test_disassociation_that_the_service_does_not_make_ends_the_wait() -> None:
    with pytest.raises(WaitTimeout, match="rulestack 'web' is still associated"):
        Waiting({}, {}).association.gone()


def test_firewall_that_is_deleted_meanwhile_ends_the_wait() -> None:
    waiting = Waiting({})
    waiting.fake.entries.clear()
    with pytest.raises(NotFound, match="wait for firewall 'branch'"):
        waiting.committed()
