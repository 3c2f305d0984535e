# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""States that fail, states that never come, old states, and changes that are refused."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.firewalls.reconciler import MOST_STEPS, OLD_STATES, doing
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.firewalls.status import FirewallFailed, WaitTimeout
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.firewalls.versions import V2
from ansible_collections.panw.cloud.tests.helpers.fake_rulestacks import refused
from ansible_collections.panw.cloud.tests.helpers.firewall_runs import ENDPOINT, OTHER, SIMPLE, WHOLE, FirewallRun


@pytest.mark.parametrize(
    ("ends", "values", "message"),
    [
        ({"create": ["CREATING", "CREATE_FAIL"]}, SIMPLE, "the firewall is in CREATE_FAIL: no capacity"),
        ({"update": ["UPDATING", "UPDATE_FAIL"]}, WHOLE, "the firewall is in UPDATE_FAIL: no capacity"),
        (
            {"endpoint": ["Pending", "Rejected"]},
            WHOLE,
            "endpoint vpce-2 in use1-az1 in subnet-1 is rejected: no capacity",
        ),
    ],
)
def test_failure_of_the_service_is_told_with_its_reason_every_time(
    ends: dict[str, list[str]], values: dict[str, Any], message: str
) -> None:
    run = FirewallRun(ends=ends, reason="no capacity")
    for _again in range(2):
        with pytest.raises(FirewallFailed) as failure:
            run(values)
        assert message in str(failure.value)
    assert ("remove the firewall with 'state: absent'" in str(failure.value)) is ("create" in ends)


def test_failed_update_ends_the_wait_for_its_endpoints() -> None:
    run = FirewallRun(ends={"update": ["UPDATING", "UPDATE_FAIL"], "endpoint": ["Pending"]}, reason="no capacity")
    with pytest.raises(FirewallFailed, match="UPDATE_FAIL: no capacity"):
        run({**SIMPLE, "endpoints": [ENDPOINT]})


def test_failed_firewall_can_be_removed_and_rejected_endpoint_be_replaced() -> None:
    run = FirewallRun(ends={"endpoint": ["Pending", "Rejected"]})
    with pytest.raises(FirewallFailed, match="the service gives no reason"):
        run({**SIMPLE, "endpoints": [ENDPOINT]})
    run.fake.ends["endpoint"] = ["Pending", "Accepted"]
    assert run.writes({**SIMPLE, "endpoints": [OTHER]}) == ["PATCH /fw-1"]
    run.fake.firewalls["fw-1"]["status"]["FirewallStatus"] = "CREATE_FAIL"
    run.fake.firewalls["fw-1"]["raw"]["Endpoints"][0]["Status"] = "Rejected"
    assert run.writes(None) == ["DELETE /fw-1"]
    assert run.fake.firewalls == {}


def test_failed_deletion_is_told_and_tried_again_by_the_next_run() -> None:
    run = FirewallRun(ends={"delete": ["DELETING", "DELETE_FAIL"]}, reason="endpoints are in use")
    run(SIMPLE)
    with pytest.raises(
        FirewallFailed, match="Could not delete firewall 'web': the firewall is in DELETE_FAIL: endpoints"
    ):
        run(None)
    run.fake.ends["delete"] = ["DELETING"]
    assert run.writes(None) == ["DELETE /fw-1"]


@pytest.mark.parametrize(
    ("ends", "values", "waited_for"),
    [
        ({"create": ["CREATING"]}, SIMPLE, "the firewall is in CREATING"),
        ({"update": ["UPDATING"]}, WHOLE, "the firewall is in UPDATING"),
        (
            {"endpoint": ["Pending"]},
            WHOLE,
            "the firewall is in UPDATE_COMPLETE; endpoint vpce-2 in use1-az1 in subnet-1 is pending",
        ),
        ({"delete": ["DELETING"] * 200}, None, "the firewall is in DELETING"),
    ],
)
def test_wait_ends_at_its_limit_and_says_what_it_waited_for(
    ends: dict[str, list[str]], values: dict[str, Any] | None, waited_for: str
) -> None:
    run = FirewallRun(ends=ends)
    if values is None:
        run(SIMPLE)
        run.clock.seconds = 0
    with pytest.raises(WaitTimeout) as failure:
        run(values)
    assert f"after 600 seconds {waited_for}" in str(failure.value)
    assert run.clock.seconds == 600, "the limit is for all waits of the run"
    assert run.shown[-1].startswith(waited_for)
    assert "Run again to wait on" in str(failure.value)


def test_old_state_after_a_deployment_is_not_trusted() -> None:
    run = FirewallRun()
    run(SIMPLE)
    old = ["CREATE_COMPLETE"] * 3
    run.fake.ends["update"] = [*old, "UPDATING", "UPDATE_FAIL"]
    with pytest.raises(FirewallFailed, match="UPDATE_FAIL"):
        run({**SIMPLE, "zones": ["use1-az1"]})


def test_firewall_that_shows_no_update_is_believed_after_some_reads() -> None:
    run = FirewallRun()
    run(SIMPLE)
    run.fake.ends["update"] = ["CREATE_COMPLETE"]
    before = len(run.fake.requests)
    assert run.writes({**SIMPLE, "zones": ["use1-az1"]}) == ["PATCH /fw-1"]
    assert len(run.fake.requests) - before == 3 + OLD_STATES + 1


def test_refused_change_of_a_protected_firewall_says_who_may_make_it() -> None:
    run = FirewallRun()
    run(WHOLE)
    for call, values in (("PATCH /fw-1", {"description": "two"}), ("DELETE /fw-1", None)):
        run.fake.fail(call, refused("AccessDeniedException: protected"))
        with pytest.raises(Exception, match=r"has change protection \(GlobalFirewallAdmin\): use a token"):
            run(values)
        assert run.reconciler.changed is False


def test_change_that_another_client_undoes_again_and_again_ends_the_run() -> None:
    run = FirewallRun()
    run(SIMPLE)
    respond = run.fake.respond

    def undone(method: str, target: str, body: bytes | None) -> Any:
        reply = respond(method, target, body)
        run.fake.firewalls["fw-1"]["raw"]["Description"] = "theirs"
        return reply

    run.fake.respond = undone  # type: ignore[method-assign]
    with pytest.raises(WaitTimeout, match=f"still not as desired after {MOST_STEPS} steps: another client"):
        run({"description": "ours"})
    assert len(run.fake.writes) == 1 + MOST_STEPS


def test_state_in_words_names_what_is_missing() -> None:
    run = FirewallRun()
    run.fake.put(
        "fw-1",
        {"Tags": [{"Key": "FirewallName", "Value": "web"}], "Endpoints": [{"Status": "Creating"}]},
        FirewallStatus="",
    )
    (firewall,) = run.fake.client(V2).named("web")
    assert doing(firewall) == "the firewall is in an unknown state; endpoint without an ID is creating"
