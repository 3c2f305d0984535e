# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The task of ngfw_firewall, against servers on loopback: what it refuses before any call or write, what it returns, and its token."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import (
    InvalidInput,
    InvalidRequest,
    PanwCloudError,
)
from ansible_collections.panw.cloud.plugins.module_utils._module import firewall
from ansible_collections.panw.cloud.plugins.module_utils._module.aws import ModuleShim
from ansible_collections.panw.cloud.plugins.module_utils._module.firewall import poller, spec, work
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.firewalls.status import FirewallFailed, WaitTimeout
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.validation import InvalidOptions
from ansible_collections.panw.cloud.tests.helpers.fake_firewalls import FakeFirewalls
from ansible_collections.panw.cloud.tests.helpers.fake_rulestacks import refused
from ansible_collections.panw.cloud.tests.helpers.fakes import KEY, TOKEN, jwt
from ansible_collections.panw.cloud.tests.helpers.firewall_runs import ENDPOINT, OLD, SIMPLE, WHOLE
from ansible_collections.panw.cloud.tests.helpers.run_module import DELETE, SECRETS, TOKENS, Cloud

HELD = {"token": TOKEN, "subscription_key": KEY, "role_arn": None}
STORED = {
    "Tags": [{"Key": "FirewallName", "Value": "web"}],
    "CustomerZoneIdList": ["use1-az1"],
    "AllowListAccounts": ["1" * 12],
}


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(firewall, "POLL_INTERVALS", (0.001, 0.001))


def run(cloud: Cloud, *, check: bool = False, progress: Any = None, **options: Any) -> dict[str, Any]:
    """The result of the task, after checking that it holds no secret."""
    given = {**cloud.options, **HELD, "name": "web", **options}
    checked = ArgumentSpecValidator(spec()).validate(given)
    assert checked.error_messages == []
    result = work(ModuleShim(checked.validated_parameters, check), progress or (lambda _text: None))
    assert not [secret for secret in SECRETS if secret in json.dumps(result)]
    return result


def test_firewall_is_created_changed_and_removed() -> None:
    fake, shown = FakeFirewalls(), list[str]()
    with Cloud(firewalls=fake) as cloud:
        predicted = run(cloud, check=True, **WHOLE)
        assert fake.writes == []
        created = run(cloud, progress=shown.append, **WHOLE)
        again = run(cloud, **WHOLE)
        changed = run(cloud, description="two", user_id={"port": 5008})
        removed = run(cloud, state="absent")
        gone = run(cloud, state="absent")
    assert (predicted["changed"], predicted["operation"], predicted["firewall"]) == (True, "create", None)
    for key in ("changed", "operation", "before", "after", "diff"):
        assert predicted[key] == created[key], key
    assert (again["changed"], again["operation"], again["diff"], again["remaining"]) == (False, "none", [], [])
    assert again["before"] == again["after"]
    assert created["firewall"]["status"] == "UPDATE_COMPLETE"
    assert created["firewall"]["endpoints"][0]["status"] == "accepted"
    assert changed["diff"][0]["before"]["description"] == "egress"
    assert changed["firewall"]["user_id"] == {**created["firewall"]["user_id"], "port": 5008}
    assert (removed["operation"], removed["after"], removed["firewall"]) == ("delete", None, None)
    assert (gone["changed"], gone["firewall"]) == (False, None)
    assert shown[0] == "the firewall is in CREATING"
    assert all(one != other for one, other in itertools.pairwise(shown)), "a state is shown once"


def test_temporary_token_outlives_the_wait_and_is_revoked() -> None:
    with Cloud(firewalls=FakeFirewalls()) as cloud:
        run(cloud, **SIMPLE, token=None, subscription_key=None, role_arn=cloud.options["role_arn"], wait_timeout=3600)
        (issue,) = [got for got in cloud.received if "cloudfirewalladmin" in got.target]
        assert json.loads(issue.body) == {"ExpiryTime": 75}
        assert cloud.calls[0] == f"GET {TOKENS}/cloudfirewalladmin"
        assert cloud.calls[-1] == DELETE


def test_without_waiting_the_result_says_what_is_left() -> None:
    fake = FakeFirewalls()
    with Cloud(firewalls=fake) as cloud:
        result = run(cloud, **WHOLE, wait=False)
        assert (result["changed"], result["firewall"]["status"]) == (True, "CREATING")
        assert result["remaining"] == ["egress_nat", "endpoints", "private_access", "user_id"]
        assert run(cloud, **WHOLE, wait=False)["changed"] is True
        while run(cloud, **WHOLE, wait=False)["remaining"]:
            assert len(fake.requests) < 100
        assert run(cloud, **WHOLE, wait=False)["changed"] is False


def test_version_1_is_chosen_by_its_options_or_by_the_tenant() -> None:
    fake = FakeFirewalls()
    with Cloud(firewalls=fake) as cloud:
        created = run(cloud, **OLD)
        assert (created["firewall"]["version"], fake.requests[-1][1]["v1route"]) == (1, "true")
        assert run(cloud, description="two")["changed"] is True
        assert run(cloud, **{**OLD, "description": "two"})["changed"] is False
    fake = FakeFirewalls()
    with Cloud(firewalls=fake) as cloud:
        run(cloud, **OLD, token=jwt(tenant_version="V1"))
        assert run(cloud, state="absent", token=jwt(tenant_version="V1"))["operation"] == "delete"
    assert {path.split("/")[1] for path in fake.paths} == {"prod"}
    assert all("/v1/config/" in path for path in fake.paths)


def test_firewall_id_chooses_among_firewalls_of_a_name() -> None:
    fake = FakeFirewalls()
    fake.put("fw-1", STORED)
    fake.put("fw-2", STORED)
    with Cloud(firewalls=fake) as cloud:
        with pytest.raises(InvalidOptions, match="name is 'web', the name of 2 firewalls: fw-1, fw-2"):
            run(cloud, description="two")
        assert run(cloud, firewall_id="fw-2", description="two")["firewall"]["firewall_id"] == "fw-2"
        with pytest.raises(InvalidOptions, match="firewall_id is 'fw-9', the ID of no firewall in the region"):
            run(cloud, firewall_id="fw-9", description="two")
        assert run(cloud, firewall_id="fw-9", state="absent")["changed"] is False
    assert fake.writes == ["PATCH /fw-2"]


def test_same_name_in_both_versions_is_told_apart_by_the_options() -> None:
    fake = FakeFirewalls()
    fake.put("fw-1", STORED)
    fake.put("web", {"FirewallName": "web", "AccountId": "123456789012", "VpcId": "vpc-1"})
    with Cloud(firewalls=fake) as cloud:
        with pytest.raises(InvalidOptions, match="the name of 2 firewalls: fw-1, version 1"):
            run(cloud, description="two")
        assert run(cloud, zones=["use1-az1"], description="two")["firewall"]["version"] == 2
        assert run(cloud, multi_vpc=False, description="two")["firewall"]["version"] == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"zones": ["use1-az1"], "subnet_mappings": [{"subnet_id": "subnet-1"}]},
            "subnet_mappings is for firewalls of version 1, and 'zones' for version 2",
        ),
        ({**SIMPLE, "vpc_id": "vpc-1"}, "vpc_id is for firewalls of version 1, and 'zones' for version 2"),
        ({"name": "a_b"}, "name is 'a_b': it has other characters than letters, digits and hyphens"),
        ({"zones": ["us-east-1a"]}, "zones[0] is 'us-east-1a': it is not a zone ID"),
        ({"endpoints": [{"mode": "CustomerManaged"}]}, "endpoints[0] needs 'zone_id' or 'subnet_id'"),
        ({"tags": {"FirewallName": "x"}}, "tags > FirewallName is the firewall's name"),
        ({"wait_timeout": 80001}, "wait_timeout is 80001, not between 0 and 80000 seconds"),
        ({"wait_timeout": -1}, "wait_timeout is -1"),
    ],
)
def test_invalid_options_are_refused_before_any_call(options: dict[str, Any], message: str) -> None:
    with Cloud(firewalls=FakeFirewalls()) as cloud:
        with pytest.raises(InvalidOptions) as failure:
            run(cloud, **options)
        assert cloud.received == []
    assert message in str(failure.value)


def test_unknown_region_is_refused_before_any_call() -> None:
    with Cloud(firewalls=FakeFirewalls()) as cloud:
        with pytest.raises(InvalidInput, match="'region' is 'us-east-9', which is not an AWS region"):
            run(cloud, region="us-east-9")
        assert cloud.received == []


NAT = {"egress_nat": {"enabled": True, "settings": {"ip_pool_type": "BYOIP"}}}
FOREIGN = {"endpoints": [{**ENDPOINT, "account_id": "2" * 12}]}


@pytest.mark.parametrize(
    ("stored", "options", "message"),
    [
        ({}, {"description": "x"}, "zones is required to create the firewall"),
        ({}, {"vpc_id": "vpc-1"}, "endpoint_mode is required to create the firewall"),
        (
            {},
            {**SIMPLE, **NAT, "endpoints": [ENDPOINT]},
            "egress_nat > settings > ipam_pool_id is required with 'ip_pool_type: BYOIP'",
        ),
        ({}, {**SIMPLE, "user_id": {"enabled": True}}, "user_id > secret_key_arn is required with 'enabled: true'"),
        ({}, {**SIMPLE, "private_access": {"resource_id": "lb"}}, "private_access needs both 'type' and 'resource_id'"),
        ({}, {**SIMPLE, "egress_nat": {"enabled": True}}, "egress_nat > enabled needs at least one accepted endpoint"),
        (
            {},
            {**SIMPLE, **FOREIGN, "allowed_accounts": ["1" * 12]},
            "endpoints[0] > account_id is 222222222222, which 'allowed_accounts' does not list",
        ),
        (
            {"fw-1": STORED},
            FOREIGN,
            "endpoints[0] > account_id is 222222222222, which 'allowed_accounts' does not list",
        ),
        (
            {"fw-1": STORED},
            {"endpoints": [{**ENDPOINT, "zone_id": "use1-az6"}]},
            "endpoints[0] > zone_id is 'use1-az6', which is not one of the firewall's zones",
        ),
        (
            {"fw-1": STORED},
            {"vpc_id": "vpc-1"},
            "vpc_id is for firewalls of version 1, and 'web' is the name of one of version 2",
        ),
        (
            {"web": {"FirewallName": "web"}},
            SIMPLE,
            "zones is for firewalls of version 2, and 'web' is the name of one of version 1",
        ),
        (
            {"web": {"FirewallName": "web", "VpcId": "vpc-1"}},
            {"vpc_id": "vpc-2"},
            "vpc_id cannot change after creation; it is 'vpc-1'",
        ),
    ],
)
def test_impossible_options_are_refused_before_any_write(
    stored: dict[str, Any], options: dict[str, Any], message: str
) -> None:
    fake = FakeFirewalls()
    for key, raw in stored.items():
        fake.put(key, raw)
    with Cloud(firewalls=fake) as cloud:
        for check in (True, False):
            with pytest.raises(InvalidOptions) as failure:
                run(cloud, check=check, **options)
    assert message in str(failure.value)
    assert fake.writes == []


def test_endpoint_in_the_account_of_the_role_needs_no_list_of_accounts() -> None:
    fake = FakeFirewalls()
    with Cloud(firewalls=fake) as cloud:
        role = {"token": None, "subscription_key": None, "role_arn": cloud.options["role_arn"]}
        own = {"endpoints": [{**ENDPOINT, "account_id": "123456789012"}]}
        assert run(cloud, check=True, **role, **SIMPLE, **own)["changed"] is True
        with pytest.raises(InvalidOptions, match="which 'allowed_accounts' does not list"):
            run(cloud, check=True, **role, **SIMPLE, **FOREIGN)


def test_options_of_version_2_are_refused_on_a_tenant_of_version_1() -> None:
    with Cloud(firewalls=FakeFirewalls()) as cloud, pytest.raises(InvalidOptions) as failure:
        run(cloud, **SIMPLE, token=jwt(tenant_version="V1"))
    assert "zones is for firewalls of version 2, which neither the tenant nor the API at this URL has" in str(
        failure.value
    )


def test_given_feature_may_rely_on_what_the_firewall_has() -> None:
    fake = FakeFirewalls()
    fake.put("fw-1", {**STORED, "UserID": {"Enabled": False, "Port": 5007, "SecretKeyARN": "arn:aws:s:r:1:a"}})
    with Cloud(firewalls=fake) as cloud:
        run(cloud, user_id={"enabled": True})
    assert fake.sent("PATCH /fw-1")["UserID"] == {"Enabled": True, "Port": 5007, "SecretKeyARN": "arn:aws:s:r:1:a"}


@pytest.mark.parametrize(
    ("ends", "error"),
    [({"create": ["CREATING", "CREATE_FAIL"]}, FirewallFailed), ({"create": ["CREATING"]}, WaitTimeout)],
)
def test_failure_after_a_write_says_that_something_changed(
    ends: dict[str, list[str]], error: type[PanwCloudError]
) -> None:
    with Cloud(firewalls=FakeFirewalls(ends=ends)) as cloud, pytest.raises(error) as failure:
        run(cloud, **SIMPLE, wait_timeout=0)
    assert failure.value.as_result()["changed"] is True


def test_failure_without_a_write_changed_nothing() -> None:
    fake = FakeFirewalls()
    fake.fail("POST ", refused("InvalidRequest: no"))
    with Cloud(firewalls=fake) as cloud, pytest.raises(InvalidRequest) as failure:
        run(cloud, **SIMPLE)
    assert "changed" not in failure.value.as_result()


def test_failed_firewall_fails_in_check_mode_too() -> None:
    fake = FakeFirewalls()
    fake.put("fw-1", STORED, FirewallStatus="UPDATE_FAIL", FailureReason="no capacity")
    with Cloud(firewalls=fake) as cloud:
        with pytest.raises(FirewallFailed, match="no capacity"):
            run(cloud, check=True, zones=["use1-az1"])
        assert run(cloud, check=True, zones=["use1-az2"])["changed"] is True
        assert run(cloud, check=True, state="absent")["changed"] is True


def test_wait_is_limited_and_its_interval_grows() -> None:
    waits = poller({"wait": True, "wait_timeout": 60})
    assert waits is not None
    assert (waits.timeout, waits.interval, waits.longest) == (60, 0.001, 0.001)
    assert poller({"wait": False, "wait_timeout": 60}) is None
