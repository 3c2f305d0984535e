# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lost answers, stale tokens, other clients and killed runs: a firewall is made once and comes to its desired state."""

from __future__ import annotations

import copy
import itertools
from typing import Any
from unittest import mock

import pytest
import requests
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import (
    Conflict,
    StaleUpdateToken,
    TransportError,
)
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.firewalls.versions import V1, V2, Version
from ansible_collections.panw.cloud.tests.helpers.fake_rulestacks import LOST_AFTER, LOST_BEFORE, STALE
from ansible_collections.panw.cloud.tests.helpers.firewall_runs import OLD, SIMPLE, WHOLE, FirewallRun

ALL_V2: dict[str, Any] = {
    **WHOLE,
    "description": "two",
    "rulestack": "other",
    "global_rulestack": "",
    "link_id": "link-2",
}
ALL_V1: dict[str, Any] = {
    **OLD,
    "description": "two",
    "subnet_mappings": [{"subnet_id": "subnet-1"}, {"subnet_id": "subnet-3"}],
    "app_id_version": "8500-1",
    "tags": {"team": "security"},
    "egress_nat": {"enabled": False},
    "rulestack": "",
    "global_rulestack": "global-base",
}
# Every write of each version: what is created, then what it becomes, and the call.
WRITES: list[tuple[Version, dict[str, Any], dict[str, Any] | None, str]] = [
    *((V2, {}, WHOLE, call) for call in ("POST ", "PATCH /fw-1")),
    *(
        (V2, WHOLE, ALL_V2, call)
        for call in ("PATCH /fw-1", "POST /fw-1/rulestack", "DELETE /fw-1/rulestack", "POST /fw-1/link")
    ),
    (V2, WHOLE, {"link_id": ""}, "DELETE /fw-1/link"),
    (V2, WHOLE, None, "DELETE /fw-1"),
    (V1, {}, OLD, "POST "),
    *(
        (V1, OLD, ALL_V1, call)
        for call in (
            *("PUT /web/description", "PUT /web/subnets", "PUT /web/contentversion", "PUT /web/features"),
            *("POST /web/tags", "DELETE /web/tags", "DELETE /web/rulestack", "POST /web/globalrulestack"),
        )
    ),
    (V1, OLD, None, "DELETE /web"),
]


def without_tokens(run: FirewallRun) -> Any:
    """The firewalls of the fake API without what differs between two equal histories."""
    firewalls = copy.deepcopy(list(run.fake.firewalls.values()))
    for firewall in firewalls:
        for key in ("UpdateToken", "DeploymentUpdateToken", "FirewallId"):
            firewall["raw"].pop(key, None)
        for endpoint in [*firewall["raw"].get("Endpoints", ()), *firewall["raw"].get("SecurityZones", ())]:
            del endpoint["EndpointId"]
        del firewall["next"]
    return firewalls


def reached(version: Version, created: dict[str, Any], desired: dict[str, Any] | None) -> Any:
    """The firewalls after the same runs without a fault."""
    run = FirewallRun(version)
    if created:
        run(created)
    run(desired)
    return without_tokens(run)


@pytest.mark.parametrize("lost", [LOST_AFTER, LOST_BEFORE])
@pytest.mark.parametrize(("version", "created", "desired", "call"), WRITES)
def test_lost_answer_of_each_write_is_settled_by_reading(
    version: Version, created: dict[str, Any], desired: dict[str, Any] | None, call: str, lost: str
) -> None:
    run = FirewallRun(version)
    if created:
        run(created)
    run.fake.fail(call, lost)
    run(desired)
    assert without_tokens(run) == reached(version, created, desired)
    assert run.writes(desired) == []
    made = [one for one in run.fake.writes if one == "POST "]
    assert len(made) == 1 + (call == "POST " and lost == LOST_BEFORE)


def test_answers_that_stay_lost_end_the_run() -> None:
    run = FirewallRun()
    run(SIMPLE)
    run.fake.fail("PATCH /fw-1", *[LOST_BEFORE] * 50)
    with pytest.raises(TransportError):
        run({"description": "two"})
    assert run.reconciler.changed is True, "a lost request may have been processed"


@pytest.mark.parametrize(
    ("version", "created", "desired", "call"),
    [one for one in WRITES if one[2] is not None and one[1] and "tags" not in one[3]],
)
def test_stale_token_is_read_again_once(
    version: Version, created: dict[str, Any], desired: dict[str, Any] | None, call: str
) -> None:
    run = FirewallRun(version)
    run(created)
    key = next(iter(run.fake.firewalls))

    def other() -> None:
        raw = run.fake.firewalls[key]["raw"]
        run.fake.put(key, {**raw, "EndpointServiceName": "changed by the service"})

    run.fake.fail(call, other)
    assert run.writes(desired).count(call) == 2
    assert run.writes(desired) == []


def test_conflict_with_another_client_shows_both_sides() -> None:
    run = FirewallRun()
    run(SIMPLE)
    raw = run.fake.firewalls["fw-1"]["raw"]
    run.fake.fail("PATCH /fw-1", lambda: run.fake.put("fw-1", {**raw, "Description": "theirs"}))
    with pytest.raises(Conflict) as failure:
        run({"description": "ours"})
    assert "'description' was 'egress', is now 'theirs', and would become 'ours'" in str(failure.value)
    assert run.fake.firewalls["fw-1"]["raw"]["Description"] == "theirs"


def test_token_that_stays_stale_ends_the_run() -> None:
    run = FirewallRun()
    run(SIMPLE)
    run.fake.fail("PATCH /fw-1", *[STALE] * 3)
    with pytest.raises(StaleUpdateToken):
        run({"description": "two"})
    assert run.fake.writes.count("PATCH /fw-1") == 3


def test_creation_of_another_client_is_not_overwritten() -> None:
    run = FirewallRun()

    def other() -> None:
        run.fake.put("fw-9", {"Tags": [{"Key": "FirewallName", "Value": "web"}], "CustomerZoneIdList": ["use1-az4"]})
        raise requests.exceptions.ConnectionError("reset")

    run.fake.fail("POST ", other)
    with pytest.raises(Conflict, match="'zones' was absent, is now"):
        run(SIMPLE)
    assert list(run.fake.firewalls) == ["fw-9"]


class Killed(BaseException):
    """The run was killed."""


def killed(run: FirewallRun, desired: dict[str, Any] | None, number: int, after: bool) -> bool:
    """Whether a run was killed at its call of this number. :param after: once the call was served."""
    respond, served = run.fake.respond, 0

    def stop(*request: Any) -> Any:
        nonlocal served
        served += 1
        reply = respond(*request) if after or served <= number else None
        if served > number:
            raise Killed
        return reply

    with mock.patch.object(run.fake, "respond", stop):
        try:
            run(desired)
        except Killed:
            return True
    return False


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(
    ("version", "created", "desired"),
    [(V2, {}, WHOLE), (V2, WHOLE, ALL_V2), (V2, WHOLE, None), (V1, {}, OLD), (V1, OLD, ALL_V1), (V1, OLD, None)],
)
def test_run_that_was_killed_at_any_call_is_continued_by_the_next(
    version: Version, created: dict[str, Any], desired: dict[str, Any] | None, after: bool
) -> None:
    expected = reached(version, created, desired)
    for number in itertools.count():
        run = FirewallRun(version)
        if created:
            run(created)
        creations = run.fake.writes.count("POST ")
        if not killed(run, desired, number, after):
            break
        run(desired)
        assert without_tokens(run) == expected, number
        assert run.fake.writes.count("POST ") - creations <= 1
        assert run.writes(desired) == []
    assert number > 2
