# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ngfw_account_info, run as a module against servers on loopback."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.panw.cloud.tests.helpers.fakes import Reply, success
from ansible_collections.panw.cloud.tests.helpers.run_module import DELETE, STAGE, TOKENS, Cloud, failed, run

LINKED, MEMBER, NOBODY = "210987654321", "345678901234", "111111111111"
LINKS, ROLES = f"GET {STAGE}/v1/mgmt/linkaccounts", f"GET {STAGE}/v1/mgmt/xaccountroles"
GONE = Reply(200, {"ResponseStatus": {"ErrorCode": 400, "Reason": "ResourceNotFoundException: account does not exist"}})
DETAILS = {"AccountId": LINKED, "OnboardingStatus": "Success", "ExternalId": "e"}
ROUTES = {
    LINKS: success({"AccountIds": [LINKED], "AccountDetails": [DETAILS]}),
    f"{LINKS}/{LINKED}": success(DETAILS),
    f"{LINKS}/{MEMBER}": GONE,
    f"{LINKS}/{NOBODY}": GONE,
    ROLES: success({"AccountIds": [MEMBER]}),
    f"{ROLES}/{LINKED}": GONE,
    f"{ROLES}/{MEMBER}": success({"AllowedMode": "ServiceManaged"}),
    f"{ROLES}/{NOBODY}": GONE,
}
ACCOUNT_TOKEN, FIREWALL_TOKEN = f"GET {TOKENS}/cloudaccountadmin", f"GET {TOKENS}/cloudfirewalladmin"


def found(**options: Any) -> tuple[list[dict[str, Any]], list[str]]:
    with Cloud(ROUTES) as cloud:
        result = run("ngfw_account_info", {**cloud.options, **options})
        assert result.get("msg") is None
        assert result["changed"] is False
        return result["accounts"], cloud.calls


def test_links_are_listed_with_one_token() -> None:
    accounts, calls = found()
    assert [(one["account_id"], one["linked"], one["onboarding_status"]) for one in accounts] == [
        (LINKED, True, "Success")
    ]
    assert "cross_account_roles" not in accounts[0]
    assert calls == [ACCOUNT_TOKEN, LINKS, DELETE]


def test_members_are_listed_with_their_roles_on_request() -> None:
    accounts, calls = found(gather=["cross_account_roles"])
    assert [(one["account_id"], one["linked"], bool(one["cross_account_roles"])) for one in accounts] == [
        (LINKED, True, False),
        (MEMBER, False, True),
    ]
    assert "vpcs" not in accounts[1]["cross_account_roles"]
    assert calls[3:] == [FIREWALL_TOKEN, ROLES, f"{ROLES}/{LINKED}", f"{ROLES}/{MEMBER}", DELETE]


@pytest.mark.parametrize(("account", "known"), [(LINKED, True), (MEMBER, True), (NOBODY, False)])
def test_single_account_is_read_without_lists(account: str, known: bool) -> None:
    accounts, calls = found(account_id=account, gather=["vpcs"])
    assert [one["account_id"] for one in accounts] == [account] * known
    assert calls == [ACCOUNT_TOKEN, f"{LINKS}/{account}", DELETE, FIREWALL_TOKEN, f"{ROLES}/{account}", DELETE]
    assert found(account_id=account)[0] == [
        {key: value for key, value in one.items() if key != "cross_account_roles"} for one in accounts if one["linked"]
    ]


def test_invalid_account_is_refused_before_any_call() -> None:
    with Cloud(ROUTES) as cloud:
        result = failed(run("ngfw_account_info", {**cloud.options, "account_id": "1"}))
        assert result["error"]["problems"][0]["place"] == "account_id"
        assert cloud.received == []
