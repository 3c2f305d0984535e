# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Log profiles of both versions in one shape, and back."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.firewalls.log_profiles import (
    LogProfileClient,
    body_v1,
    body_v2,
    uniform,
)
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.catalog.log_profile import LOG_PROFILE
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.planner import Desired, plan
from ansible_collections.panw.cloud.tests.helpers.fake_firewall_parts import ACCOUNT, FakeFirewalls
from ansible_collections.panw.cloud.tests.helpers.fake_rulestacks import refused

LOGS = {"LogDestinationType": "S3", "LogDestination": "bucket", "LogType": ["TRAFFIC", "THREAT"]}
METRICS = {"CloudWatchMetricNamespace": "ngfw", "CloudWatchMetricsFields": ["BytesIn"]}


def profile(content: dict[str, Any]) -> tuple[FakeFirewalls, LogProfileClient]:
    """A firewall of version 2 with a log profile."""
    fake = FakeFirewalls()
    fake.add("branch", content)
    client = fake.client()
    return fake, LogProfileClient(client, client.named("branch")[0])


def test_both_versions_are_read_as_the_same_shape() -> None:
    each = [{**LOGS, "LogType": log_type} for log_type in LOGS["LogType"]]
    nested = {**METRICS, "AccountId": ACCOUNT}
    assert uniform({"LogConfig": LOGS, "CloudwatchMetrics": nested, "AdvancedThreatLog": False}) == {
        "LogConfig": [LOGS],
        "CloudwatchMetrics": nested,
        "AdvancedThreatLog": False,
    }
    assert uniform({"LogDestinationConfigs": each, **METRICS}) == {"LogConfig": [LOGS], "CloudwatchMetrics": METRICS}


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"LogConfig": None, "LogDestinationConfigs": None},
        {"LogConfig": {"LogDestination": ""}},
        {"LogConfig": {**LOGS, "LogType": []}, "CloudwatchMetrics": {"AccountId": ACCOUNT}},
    ],
)
def test_profile_without_anything_is_empty(content: dict[str, Any]) -> None:
    _fake, client = profile(content)
    observed = client.read(LOG_PROFILE, ("branch",), "branch")
    assert LOG_PROFILE.is_reset(observed.values)
    assert plan(LOG_PROFILE, observed, Desired(("branch",), "branch", None)) is None


def test_firewall_without_profile_has_an_empty_one() -> None:
    fake, client = profile({})
    fake.fail("GET /fw-branch/logprofile", refused("the log profile does not exist", 404))
    assert LOG_PROFILE.is_reset(client.read(LOG_PROFILE, ("branch",), "branch").values)


def test_destination_that_stays_keeps_what_is_not_managed() -> None:
    """But not the region that only answers have, and empty texts, which the documents do not allow."""
    given = {**LOGS, "RoleType": "ResourceBased", "AccountId": "", "LogDestinationRegion": "us-east-1", "New": 1}
    _fake, client = profile({"LogConfig": given})
    observed = client.read(LOG_PROFILE, ("branch",), "branch")
    destination = {"type": "S3", "destination": "bucket", "log_types": ["USER_ID"], "account_id": None}
    change = plan(LOG_PROFILE, observed, Desired(("branch",), "branch", {"destinations": [destination]}))
    assert change
    assert change.after
    assert change.after["destinations"][0]["role_type"] == "ResourceBased"
    assert body_v2(change.body or {}, observed.raw)["LogConfig"] == {
        "LogDestinationType": "S3",
        "LogDestination": "bucket",
        "LogType": ["USER_ID"],
        "RoleType": "ResourceBased",
        "New": 1,
    }


def test_what_is_turned_off_is_named_as_it_was_read() -> None:
    before = {"LogConfig": [{**LOGS, "LogDestinationRegion": "us-east-1"}], "CloudwatchMetrics": METRICS}
    assert body_v2({"LogConfig": []}, before) == {
        "LogConfig": {**LOGS, "LogType": [], "RoleType": "IamBased"},
        "CloudwatchMetrics": {"CloudWatchMetricNamespace": "", "CloudWatchMetricsFields": []},
    }


def test_bodies_are_those_of_the_version() -> None:
    body = {"LogConfig": [LOGS], "CloudwatchMetrics": {**METRICS, "AccountId": ACCOUNT}, "UpdateToken": "1"}
    assert body_v2(body, {}) == {**body, "LogConfig": {**LOGS, "RoleType": "IamBased"}}
    assert body_v1({**body, "AdvancedThreatLog": False}) == {
        "LogDestinationConfigs": [{**LOGS, "LogType": "TRAFFIC"}, {**LOGS, "LogType": "THREAT"}],
        **METRICS,
        "AdvancedThreatLog": False,
        "UpdateToken": "1",
    }
    assert body_v2({"LogConfig": [], "CloudwatchMetrics": {"CloudWatchMetricNamespace": ""}}, {}) == {}
    assert body_v1({"LogConfig": []}) == {"LogDestinationConfigs": []}
