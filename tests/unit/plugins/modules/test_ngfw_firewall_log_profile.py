# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ngfw_firewall_log_profile, run as a module against servers on loopback."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.polling import Poller
from ansible_collections.panw.cloud.plugins.module_utils._module import firewall_log_profile
from ansible_collections.panw.cloud.tests.helpers.fake_firewall_parts import (
    ACCOUNT,
    SDK_BASE,
    V1_BASE,
    FakeFirewalls,
    FirewallCloud,
)
from ansible_collections.panw.cloud.tests.helpers.fake_rulestacks import LOST_AFTER, LOST_BEFORE, STALE, Fault
from ansible_collections.panw.cloud.tests.helpers.fakes import KEY, TOKEN, jwt
from ansible_collections.panw.cloud.tests.helpers.run_module import DELETE, TOKENS, failed, run

HELD = {"token": TOKEN, "subscription_key": KEY}
LOGS = {"type": "CloudWatchLogs", "destination": "logs", "log_types": ["THREAT", "TRAFFIC"]}
BUCKET = {"type": "S3", "destination": "bucket", "log_types": ["DECRYPTION"]}
METRICS = {"namespace": "ngfw", "fields": ["BytesIn"], "account_id": ACCOUNT}
CONFIG = {
    "LogDestinationType": "CloudWatchLogs",
    "LogDestination": "logs",
    "LogType": ["TRAFFIC", "THREAT"],
    "RoleType": "IamBased",
}
READ_METRICS = {"CloudWatchMetricNamespace": "ngfw", "CloudWatchMetricsFields": ["BytesIn"], "AccountId": ACCOUNT}
OFF = {"CloudWatchMetricNamespace": "", "CloudWatchMetricsFields": [], "AccountId": ACCOUNT}
FULL = {"LogConfig": CONFIG, "CloudwatchMetrics": READ_METRICS, "AdvancedThreatLog": True}
PROFILE = "POST /fw-branch/logprofile"


def firewalls(profile: dict[str, Any] | None = None, **options: Any) -> FakeFirewalls:
    """One firewall of version 2."""
    fake = FakeFirewalls(**options)
    fake.add("branch", profile)
    return fake


def old_firewalls(**options: Any) -> FakeFirewalls:
    """One firewall of version 1."""
    fake = FakeFirewalls(**options)
    fake.add("branch", version=1)
    return fake


def profiled(fake: FakeFirewalls, check: bool = False, **options: Any) -> dict[str, Any]:
    with FirewallCloud(fake) as cloud:
        given = {**cloud.options, **HELD, "firewall": "branch", **options}
        return run("ngfw_firewall_log_profile", given, check=check)


@pytest.mark.parametrize(("base", "merges"), [(SDK_BASE, True), ("/v2/ngfirewalls", False)])
def test_profile_is_created_changed_and_emptied_with_one_write_each(base: str, merges: bool) -> None:
    fake = firewalls(base=base, merges=merges)
    options: dict[str, Any] = {"destinations": [LOGS], "cloudwatch_metrics": METRICS}

    def written(check: bool = False, **more: Any) -> tuple[dict[str, Any], int]:
        before = len(fake.writes)
        result = profiled(fake, check, **{**options, **more})
        assert not result.get("failed"), result["msg"]
        return result, len(fake.writes) - before

    predicted, writes = written(check=True)
    assert (predicted["changed"], predicted["operation"], predicted["before"], writes) == (True, "create", None, 0)
    created, writes = written()
    assert ({**created, "warnings": None}, writes) == ({**predicted, "warnings": None}, 1)
    assert fake.entries["branch"]["profile"] == {
        "LogConfig": {**CONFIG, "LogType": ["THREAT", "TRAFFIC"]},
        "CloudwatchMetrics": READ_METRICS,
    }
    again, writes = written(destinations=[{**LOGS, "log_types": ["TRAFFIC", "THREAT"]}])
    assert (again["changed"], again["operation"], again["before"], writes) == (False, "none", created["after"], 0)
    options["destinations"] = [{**BUCKET, "account_id": "210987654321", "role_type": "ResourceBased"}]
    assert written(check=True)[1] == 0
    updated, writes = written()
    assert (updated["operation"], updated["before"], writes) == ("update", created["after"], 1)
    assert written()[0]["after"] == updated["after"]
    assert len(updated["diff"]) == 1
    assert written(check=True, destinations=None, cloudwatch_metrics=None, state="absent")[1] == 0
    removed, writes = written(destinations=None, cloudwatch_metrics=None, state="absent")
    assert (removed["operation"], removed["after"], writes) == ("delete", None, 1)
    assert written(destinations=None, cloudwatch_metrics=None, state="absent")[0]["changed"] is False
    assert fake.entries["branch"]["profile"] == {
        "LogConfig": {
            "LogDestinationType": "S3",
            "LogDestination": "bucket",
            "LogType": [],
            "AccountId": "210987654321",
            "RoleType": "ResourceBased",
        },
        "CloudwatchMetrics": OFF,
        "AdvancedThreatLog": False,
    }


@pytest.mark.parametrize("wanted", [True, False])
def test_advanced_threat_log_is_turned_on_and_off_and_the_rest_is_sent_back(wanted: bool) -> None:
    fake = firewalls({**FULL, "AdvancedThreatLog": not wanted})
    token = fake.entries["branch"]["Firewall"]["UpdateToken"]
    result = profiled(fake, advanced_threat_log=wanted)
    assert fake.writes == [(PROFILE, {**FULL, "AdvancedThreatLog": wanted})]
    assert (result["before"]["advanced_threat_log"], result["after"]["advanced_threat_log"]) == (not wanted, wanted)
    assert fake.entries["branch"]["Firewall"]["UpdateToken"] != token


def test_metrics_are_changed_in_part_and_turned_off_by_an_empty_namespace() -> None:
    fake = firewalls(FULL)
    profiled(fake, cloudwatch_metrics={"fields": ["BytesOut", "BytesIn"]})
    sent = {**READ_METRICS, "CloudWatchMetricsFields": ["BytesOut", "BytesIn"]}
    assert fake.writes == [(PROFILE, {**FULL, "CloudwatchMetrics": sent})]
    assert not profiled(fake, cloudwatch_metrics={"fields": ["BytesIn", "BytesOut"]})["changed"]
    assert profiled(fake, cloudwatch_metrics={"namespace": ""})["changed"]
    assert fake.entries["branch"]["profile"] == {**FULL, "CloudwatchMetrics": OFF}
    assert not profiled(fake, cloudwatch_metrics={"namespace": ""})["changed"]


@pytest.mark.parametrize(
    ("base", "methods", "sender"),
    [
        ("/v2/ngfirewalls", ("PUT",), "PUT"),
        ("/v2/ngfirewalls", ("POST",), "POST"),
        (V1_BASE, ("PUT",), "PUT"),
    ],
)
def test_firewall_of_version_1_has_a_destination_for_each_log_type(
    base: str, methods: tuple[str, ...], sender: str
) -> None:
    fake = old_firewalls(base=base, methods=methods)
    options: dict[str, Any] = {"destinations": [LOGS, BUCKET], "cloudwatch_metrics": {"namespace": "ngfw"}}
    if base == V1_BASE:
        options["token"] = jwt(tenant_version="V1")
    assert profiled(fake, **options)["operation"] == "create"
    assert fake.writes == [
        (
            f"{sender} /branch/logprofile",
            {
                "FirewallName": "branch",
                "AccountId": ACCOUNT,
                "LogDestinationConfigs": [
                    {"LogDestinationType": kind, "LogDestination": name, "LogType": log_type}
                    for kind, name, log_type in (
                        ("CloudWatchLogs", "logs", "THREAT"),
                        ("CloudWatchLogs", "logs", "TRAFFIC"),
                        ("S3", "bucket", "DECRYPTION"),
                    )
                ],
                "CloudWatchMetricNamespace": "ngfw",
            },
        )
    ]
    reads = [query for call, query in zip(fake.calls, fake.queries, strict=True) if call == "GET /branch/logprofile"]
    assert [query.get("accountid") for query in reads] == [None if base == V1_BASE else [ACCOUNT]]
    assert not profiled(fake, **options)["changed"]
    assert profiled(fake, **{**options, "destinations": None, "cloudwatch_metrics": None, "state": "absent"})["changed"]
    assert fake.writes[-1][1]["LogDestinationConfigs"] == []
    assert (fake.writes[-1][1]["CloudWatchMetricNamespace"], fake.writes[-1][1]["CloudWatchMetricsFields"]) == ("", [])
    assert not profiled(fake, **{**options, "destinations": [], "cloudwatch_metrics": None})["changed"]


@pytest.mark.parametrize("faults", [[STALE], [LOST_BEFORE], [LOST_AFTER]])
def test_stale_token_and_lost_answer_are_settled_by_reading(faults: list[Fault]) -> None:
    fake = firewalls()
    fake.fail(PROFILE, *faults)
    assert profiled(fake, destinations=[LOGS])["changed"]
    assert fake.entries["branch"]["profile"]["LogConfig"]["LogDestination"] == "logs"
    assert len(fake.writes) == (1 if faults == [LOST_AFTER] else 2)


def test_change_of_another_client_is_not_overwritten() -> None:
    fake = firewalls()

    def theirs() -> None:
        fake.entries["branch"]["profile"] = {"LogConfig": {**CONFIG, "LogDestination": "theirs"}}
        fake.touch("branch")

    fake.fail(PROFILE, theirs)
    result = failed(profiled(fake, destinations=[LOGS]))
    assert result["error"]["kind"] == "conflict"
    assert "another client changed it in the meantime: 'destinations'" in result["msg"]
    assert fake.entries["branch"]["profile"]["LogConfig"]["LogDestination"] == "theirs"


def test_namespace_that_the_api_keeps_is_no_metrics_if_there_are_to_be_none() -> None:
    kept = {**READ_METRICS, "CloudWatchMetricsFields": []}
    fake = firewalls({"CloudwatchMetrics": kept})
    assert not profiled(fake, state="absent")["changed"]
    assert not profiled(fake, cloudwatch_metrics={"namespace": ""})["changed"]
    assert not profiled(fake, cloudwatch_metrics={"namespace": "ngfw"})["changed"]
    assert profiled(fake, cloudwatch_metrics={"fields": ["BytesIn"]})["changed"]
    assert fake.writes == [(PROFILE, {"CloudwatchMetrics": READ_METRICS})]


@pytest.mark.parametrize("options", [{"state": "absent"}, {"destinations": []}])
def test_profile_that_the_api_does_not_empty_is_a_failure(
    monkeypatch: pytest.MonkeyPatch, options: dict[str, Any]
) -> None:
    monkeypatch.setattr(firewall_log_profile, "CONFIRMATION", Poller(0.02, 0.01))
    fake = firewalls(FULL, ignored=("LogConfig",))
    result = failed(profiled(fake, **options))
    assert (result["changed"], result["error"]["kind"]) == (True, "invalid_request")
    assert "the API accepted the request, but kept 'destinations'" in result["msg"]
    assert "The API has no call that deletes a log profile." in result["msg"]


def test_missing_firewall_is_a_warning_in_check_mode_only() -> None:
    fake = FakeFirewalls()
    predicted = profiled(fake, check=True, destinations=[LOGS])
    assert (predicted["changed"], predicted["operation"]) == (True, "create")
    assert any("Firewall 'branch' does not exist." in str(warning) for warning in predicted["warnings"])
    result = failed(profiled(fake, destinations=[LOGS]))
    assert (result["error"]["kind"], "Create it with panw.cloud.ngfw_firewall" in result["msg"]) == ("not_found", True)
    absent = profiled(fake, state="absent")
    assert (absent["changed"], absent["after"]) == (False, None)


def test_firewall_is_found_by_its_id() -> None:
    fake = firewalls(FULL)
    result = profiled(fake, firewall=None, firewall_id="fw-branch", advanced_threat_log=True)
    assert (result["changed"], result["firewall"], fake.calls[0]) == (False, "branch", "GET /fw-branch")
    wrong = failed(profiled(fake, firewall="other", firewall_id="fw-branch"))
    assert "firewall is 'other', but firewall 'fw-branch' is named 'branch'" in wrong["msg"]


@pytest.mark.parametrize(
    ("options", "messages"),
    [
        ({"firewall": None}, ["firewall is missing"]),
        (
            {
                "account_id": "1",
                "destinations": [LOGS, {"type": "S3", "destination": "", "log_types": ["TRAFFIC"], "account_id": "x"}],
                "cloudwatch_metrics": {"account_id": "y"},
            },
            [
                "account_id is '1'",
                "destinations[1] > destination is required",
                "destinations[1] > log_types has TRAFFIC, which destinations[0] has too",
                "destinations[1] > account_id is 'x'",
                "cloudwatch_metrics > account_id is 'y'",
            ],
        ),
        ({"firewall_id": "fw-branch", "destinations": [LOGS, BUCKET]}, ["destinations[1] is one too many"]),
        ({"destinations": [LOGS, {**LOGS, "log_types": ["USER_ID"]}]}, ["destinations[1] is the same as"]),
        ({"cloudwatch_metrics": {"namespace": "", "fields": ["BytesIn"]}}, ["namespace is empty, which turns"]),
    ],
)
def test_mistakes_are_refused_before_any_call(options: dict[str, Any], messages: list[str]) -> None:
    fake = firewalls()
    result = failed(profiled(fake, **options))
    assert [message for message in messages if message not in result["msg"]] == []
    assert len(result["error"]["problems"]) == len(messages)
    assert fake.calls == []


@pytest.mark.parametrize(
    ("version", "options", "message"),
    [
        (2, {"destinations": [LOGS, BUCKET]}, "destinations[1] is one too many: a firewall of version 2"),
        (2, {"cloudwatch_metrics": {"namespace": "ngfw"}}, "cloudwatch_metrics > account_id is required"),
        (2, {"cloudwatch_metrics": {"fields": ["BytesIn"]}}, "cloudwatch_metrics > namespace is required"),
        (1, {"cloudwatch_metrics": METRICS}, "cloudwatch_metrics > account_id is for firewalls of version 2"),
        (1, {"destinations": [{**LOGS, "role_type": "IamBased"}]}, "destinations[0] > role_type is for firewalls"),
        (1, {"destinations": [{**LOGS, "log_types": ["USER_ID"]}]}, "log_types has USER_ID, which is for"),
    ],
)
def test_what_a_version_cannot_do_is_refused_before_the_first_write(
    version: int, options: dict[str, Any], message: str
) -> None:
    fake = firewalls() if version == 2 else old_firewalls()
    assert message in failed(profiled(fake, **options))["msg"]
    assert fake.writes == []


def test_temporary_token_is_of_the_firewall_administrator_and_revoked() -> None:
    fake = firewalls()
    with FirewallCloud(fake) as cloud:
        options = {**cloud.options, "firewall": "branch", "advanced_threat_log": True}
        assert run("ngfw_firewall_log_profile", options)["changed"]
        assert (cloud.calls[0], cloud.calls[-1]) == (f"GET {TOKENS}/cloudfirewalladmin", DELETE)


def test_several_firewalls_of_a_name_need_an_id() -> None:
    fake = firewalls()
    fake.add("other", Tags=[{"Key": "FirewallName", "Value": "branch"}])
    assert "firewall is 'branch', the name of 2 firewalls" in failed(profiled(fake, advanced_threat_log=True))["msg"]
    assert profiled(fake, firewall_id="fw-other", advanced_threat_log=True)["changed"]
    assert fake.writes[0][0] == "POST /fw-other/logprofile"
