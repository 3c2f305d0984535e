# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An account is linked, onboarded and unlinked with one write each, and none the second time or in check mode."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ..harness.account_tenant import AccountTenant, account_tenant
from ..harness.openapi import violations

NEW = "345678901234"
DETAILS = (
    "onboarding_status",
    "external_id",
    "service_account_id",
    "sns_topic_arn",
    "cloudformation_template_url",
)
Run = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AccountTenant]:
    with account_tenant(tmp_path_factory.mktemp("tenant") / "state") as running:
        yield running


@pytest.fixture
def tenant(started: AccountTenant) -> Iterator[AccountTenant]:
    """The tenant with the seed's accounts only, without stacks."""
    yield started
    started.admin("DELETE", "/faults")
    started.admin("PUT", "/access", v1_links=True)
    started.admin("POST", "/accounts/reset")
    started.undeploy(NEW)


@pytest.fixture
def run(tenant: AccountTenant) -> Run:
    """Run ngfw_account; check its requests, the number of writes, and that it leaves no token."""

    def task(changed: bool, writes: int, **options: Any) -> dict[str, Any]:
        before = tenant.counts()[1]
        with tenant.recorded() as sent:
            result = tenant.module("ngfw_account", **{"account_id": NEW, **options})
        assert result.get("msg") is None
        assert [problem for request in sent for problem in violations(request)] == []
        assert (result["changed"], tenant.counts()[1] - before) == (changed, writes)
        assert bool(result["diff"]) is changed
        assert tenant.admin("GET", "/state")["alive"] == 0
        return result

    return task


@pytest.mark.parametrize("v1_links", [True, False])
def test_lifecycle_takes_one_write_per_change(tenant: AccountTenant, run: Run, v1_links: bool) -> None:
    tenant.admin("PUT", "/access", v1_links=v1_links)
    predicted = run(True, 0, check=True)
    linked = run(True, 1)
    assert {**linked, **dict.fromkeys(DETAILS)} == predicted
    assert (linked["operation"], linked["onboarding_status"]) == ("create", "Pending")
    assert tenant.admin("GET", "/state")["links"][NEW]["origin"] == "ProgrammaticAccess"
    same = {**linked, "changed": False, "operation": "none", "diff": []}
    assert run(False, 0) == run(False, 0, check=True) == run(False, 0, check=True, wait=True) == same
    tenant.deploy(linked)
    assert run(False, 0, wait=True) == {**same, "onboarding_status": "Success"}
    tenant.undeploy(NEW)
    assert run(False, 0) == same
    removed = {"operation": "delete", "account_id": NEW, **dict.fromkeys(DETAILS)}
    assert removed.items() <= run(True, 0, state="absent", check=True).items()
    assert removed.items() <= run(True, 1, state="absent", wait=True).items()
    for check in (True, False):
        assert run(False, 0, state="absent", check=check)["operation"] == "none"


def test_linked_account_can_be_linked_again_after_its_removal(tenant: AccountTenant, run: Run) -> None:
    first = run(True, 1)
    tenant.deploy(first)
    run(True, 1, state="absent")
    second = run(True, 1)
    assert second["external_id"] != first["external_id"]
    assert second["onboarding_status"] == "Failed"


def test_wait_fails_with_the_servers_word(tenant: AccountTenant, run: Run) -> None:
    tenant.deploy(run(True, 1), ExternalId="wrong")
    result = tenant.module("ngfw_account", account_id=NEW, wait=True)
    assert result["error"]["kind"] == "onboarding_failed"
    assert f"Could not onboard AWS account '{NEW}': its onboarding status is Failed." in result["msg"]
    assert "ExternalId ('external_id')" in result["msg"]


def test_wait_ends_at_its_limit(tenant: AccountTenant, run: Run) -> None:
    run(True, 1)
    result = tenant.module("ngfw_account", account_id=NEW, wait=True, wait_timeout=1)
    assert "its onboarding status is Pending; it did not become Success within 1 seconds." in result["msg"]
    assert tenant.admin("GET", "/state")["alive"] == 0


FAULTS = {
    "lost before the write": {"kind": "reset"},
    "lost after the write": {"kind": "reset", "after_acting": True},
    "server error after the write": {"kind": "status", "status": 500, "after_acting": True},
    "cut off": {"kind": "truncate", "after_acting": True},
    "no JSON": {"kind": "not_json", "after_acting": True},
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("v1_links", [True, False])
@pytest.mark.parametrize("state", ["present", "absent"])
def test_lost_answer_is_settled_by_reading(
    tenant: AccountTenant, run: Run, state: str, v1_links: bool, fault: str
) -> None:
    tenant.admin("PUT", "/access", v1_links=v1_links)
    if state == "absent":
        run(True, 1)
    method, single = ("POST", "") if state == "present" else ("DELETE", "/{accountid}")
    route = f"{method} /v1/mgmt/linkaccounts{single}" if v1_links else f"{method} /v2/linkaccounts"
    tenant.admin("POST", "/faults", route=route, times=1, **FAULTS[fault])
    result = tenant.module("ngfw_account", account_id=NEW, state=state)
    assert (result["changed"], result.get("msg")) == (True, None)
    assert (NEW in tenant.admin("GET", "/state")["links"]) is (state == "present")


@pytest.mark.parametrize(
    ("options", "place"),
    [({"account_id": "1234"}, "account_id"), ({"account_id": ""}, "account_id"), ({"wait_timeout": 0}, "wait_timeout")],
)
def test_bad_input_is_refused_before_any_call(tenant: AccountTenant, options: dict[str, Any], place: str) -> None:
    before = tenant.admin("GET", "/state")
    result = tenant.module("ngfw_account", **{"account_id": NEW, **options})
    assert [problem["place"] for problem in result["error"]["problems"]] == [place]
    after = tenant.admin("GET", "/state")
    assert (after["calls"], after["aws_calls"]) == (before["calls"], before["aws_calls"])


def test_info_shows_what_onboarding_made(tenant: AccountTenant, run: Run) -> None:
    def info(**options: Any) -> list[dict[str, Any]]:
        with tenant.recorded() as sent:
            result = tenant.module("ngfw_account_info", **options)
        assert result.get("msg") is None
        assert [problem for request in sent for problem in violations(request)] == []
        return list(result["accounts"])

    tenant.deploy(run(True, 1), EndpointMode="No")
    linked = run(False, 0, wait=True)
    entry = {"account_id": NEW, "linked": True, **{name: linked[name] for name in DETAILS}}
    assert [one["account_id"] for one in info()] == ["123456789012", "210987654321", NEW]
    assert entry in info()
    assert info(account_id=NEW) == [entry]
    roles = info(account_id=NEW, gather=["vpcs"])[0]["cross_account_roles"]
    assert (roles["allowed_mode"], roles["vpcs"]) == ("CustomerManaged", [])
    role = tenant.aws("iam", NEW).get_role(RoleName="PaloAltoNetworksLogging")["Role"]
    assert role["Arn"] == roles["logging_role"]
    tenant.undeploy(NEW)
    assert info(account_id=NEW, gather=["cross_account_roles"])[0]["cross_account_roles"] is None
    assert info(account_id="111111111111") == []
    tenant.admin("PUT", "/access", v1_links=False)
    assert [one["account_id"] for one in info()] == ["123456789012", "210987654321", NEW]
