# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The work of ngfw_account, run as a module against servers on loopback."""

from __future__ import annotations

import json
from typing import Any
from unittest import mock

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.polling import Poller
from ansible_collections.panw.cloud.plugins.module_utils._module import account
from ansible_collections.panw.cloud.tests.helpers.fakes import KEY, TOKEN, Reply, success
from ansible_collections.panw.cloud.tests.helpers.run_module import DELETE, STAGE, TOKENS, Cloud, failed, run
from ansible_collections.panw.cloud.tests.helpers.servers import Received

NEW = "345678901234"
V1, V2 = f"{STAGE}/v1/mgmt/linkaccounts", f"{STAGE}/v2/linkaccounts"
ACCOUNT_TOKEN, FIREWALL_TOKEN = f"GET {TOKENS}/cloudaccountadmin", f"GET {TOKENS}/cloudfirewalladmin"
GONE = Reply(200, {"ResponseStatus": {"ErrorCode": 400, "Reason": "ResourceNotFoundException: account does not exist"}})


class Links:
    """The links of a tenant in one set of routes, as routes of L(Cloud). :ivar status: of all links."""

    def __init__(self, *, v2: bool = False) -> None:
        self.accounts: list[str] = []
        self.status = "Pending"
        if v2:
            self.routes = {f"GET {V2}": self._list, f"POST {V2}": self._create, f"DELETE {V2}": self._delete}
        else:
            self.routes = {
                f"GET {V1}/{NEW}": self._describe,
                f"POST {V1}": self._create,
                f"DELETE {V1}/{NEW}": self._delete,
            }

    @property
    def _details(self) -> dict[str, str]:
        return {"AccountId": NEW, "OnboardingStatus": self.status, "ExternalId": "e"}

    def _describe(self, _request: Received) -> Reply:
        return success(self._details) if self.accounts else GONE

    def _list(self, _request: Received) -> Reply:
        return success({"AccountIds": self.accounts, "AccountDetails": [self._details] * len(self.accounts)})

    def _create(self, request: Received) -> Reply:
        self.accounts.append(json.loads(request.body)["AccountId"])
        return success({"ExternalId": "e"})

    def _delete(self, _request: Received) -> Reply:
        self.accounts.remove(NEW)
        return success({})


def ended(cloud: Cloud, check: bool = False, **options: Any) -> dict[str, Any]:
    return run("ngfw_account", {**cloud.options, "account_id": NEW, **options}, check=check)


def test_link_is_created_with_a_token_of_the_account_administrator() -> None:
    links = Links()
    with Cloud(links.routes) as cloud:
        result = ended(cloud)
        assert (result["changed"], result["operation"], result["external_id"]) == (True, "create", "e")
        describe = f"GET {V1}/{NEW}"
        assert cloud.calls == [ACCOUNT_TOKEN, describe, f"POST {V1}", describe, DELETE]


def test_routes_of_v2_are_used_if_the_api_lacks_those_of_v1() -> None:
    links = Links(v2=True)
    with Cloud(links.routes) as cloud:
        assert ended(cloud)["changed"]
        assert cloud.calls[:5] == [ACCOUNT_TOKEN, f"GET {V1}/{NEW}", DELETE, FIREWALL_TOKEN, f"GET {V2}"]
        assert links.accounts == [NEW]
        assert ended(cloud, state="absent")["changed"]
        assert links.accounts == []


def test_routes_of_v2_are_used_if_the_api_issues_no_token_for_those_of_v1() -> None:
    links = Links(v2=True)
    with Cloud({**links.routes, ACCOUNT_TOKEN: Reply(403, {"message": "Missing Authentication Token"})}) as cloud:
        assert ended(cloud)["changed"]
        assert cloud.calls[1] == FIREWALL_TOKEN


def test_api_without_any_routes_is_reported_by_the_first() -> None:
    with Cloud() as cloud:
        result = failed(ended(cloud))
        assert result["error"]["kind"] == "route_not_found"
        assert f"{V1}/{NEW}" in result["msg"]


def test_given_token_is_used_for_both() -> None:
    links = Links(v2=True)
    with Cloud(links.routes) as cloud:
        assert ended(cloud, token=TOKEN, subscription_key=KEY)["changed"]
        assert cloud.calls == [f"GET {V1}/{NEW}", f"GET {V2}", f"POST {V2}", f"GET {V2}"]


@pytest.mark.parametrize("status", ["Deleting", "OffBoarding"])
def test_account_that_the_server_removes(status: str) -> None:
    links = Links()
    links.accounts, links.status = [NEW], status
    with Cloud(links.routes) as cloud:
        result = failed(ended(cloud))
        assert result["error"]["kind"] == "conflict"
        assert f"its onboarding status is {status}" in result["msg"]
        absent = ended(cloud, state="absent")
        assert (absent["changed"], absent["operation"], absent["diff"]) == (False, "none", [])
        assert not [call for call in cloud.calls if call.startswith(f"DELETE {V1}")]
        late = failed(ended(cloud, state="absent", wait=True, wait_timeout=1))
        assert f"its onboarding status is {status}; its link was not gone within 1 seconds" in late["msg"]


def test_link_that_the_api_does_not_show_after_its_creation_is_reported() -> None:
    routes = {f"GET {V1}/{NEW}": GONE, f"POST {V1}": success({"ExternalId": "e"})}
    with Cloud(routes) as cloud, mock.patch.object(account, "VISIBLE", Poller(0, 1)):
        assert "the API does not show the link within 0 seconds" in failed(ended(cloud))["msg"]


def test_wait_returns_the_status_at_the_end() -> None:
    links = Links()
    links.accounts, links.status = [NEW], "Success"
    with Cloud(links.routes) as cloud:
        assert ended(cloud, wait=True)["onboarding_status"] == "Success"
        links.status = "Failed"
        assert failed(ended(cloud, wait=True))["error"]["kind"] == "onboarding_failed"
        assert ended(cloud)["onboarding_status"] == "Failed"
        assert ended(cloud, check=True, state="absent")["onboarding_status"] is None
        assert links.accounts == [NEW]


@pytest.mark.parametrize(
    ("options", "minutes"),
    [
        ({"wait_timeout": 3600}, 15),
        ({"wait": True, "wait_timeout": 3600}, 75),
        ({"wait": True, "wait_timeout": 10**6}, 1440),
    ],
)
def test_temporary_token_outlives_the_wait(options: dict[str, Any], minutes: int) -> None:
    links = Links()
    links.accounts, links.status = [NEW], "Success"
    with Cloud(links.routes) as cloud:
        ended(cloud, **options)
        requested = next(got for got in cloud.received if "cloudaccountadmin" in got.target)
        assert json.loads(requested.body) == {"ExpiryTime": minutes}


def test_invalid_options_are_refused_before_any_call() -> None:
    with Cloud() as cloud:
        result = failed(ended(cloud, account_id="12345678901x", wait_timeout=0))
        assert [problem["place"] for problem in result["error"]["problems"]] == ["account_id", "wait_timeout"]
        assert cloud.received == []
