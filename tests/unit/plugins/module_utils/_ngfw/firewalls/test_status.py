# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a firewall is waiting for and how it failed, from answers in every spelling, and from incomplete ones."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.firewalls.client import Firewall
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.firewalls.status import (
    FirewallFailed,
    endpoints_of,
    failures,
    is_complete,
    is_deployed_anew,
    pending_endpoints,
    raise_failures,
    state_of,
)


def firewall(raw: dict[str, Any] | None = None, **status: Any) -> Firewall:
    return Firewall(("web",), "web", raw or {}, {}, status=status)


@pytest.mark.parametrize(
    ("state", "complete"),
    [
        *((f"{verb}_{end}", True) for verb in ("CREATE", "UPDATE", "DELETE") for end in ("COMPLETE", "FAIL")),
        *((state, False) for state in ("CREATING", "UPDATING", "DELETING", "UNKNOWN", "creating")),
        *((state, True) for state in ("create_complete", "", None)),
    ],
)
def test_states(state: str | None, complete: bool) -> None:
    assert is_complete(firewall(FirewallStatus=state)) is complete
    assert state_of(firewall(FirewallStatus=state)) == (state or "").upper()
    assert firewall(FirewallStatus=state).is_gone is (state == "DELETE_COMPLETE")


def test_answer_without_a_status_is_complete_and_has_no_failure() -> None:
    assert is_complete(firewall())
    assert list(failures(firewall())) == []
    assert endpoints_of(firewall({"Endpoints": None}, Attachments="broken")) == []
    raise_failures("x", firewall({"Endpoints": [{"ZoneId": "z1"}, "broken"]}))


@pytest.mark.parametrize("status", ["Pending", "PENDING", "Created", "Creating", "Deleting"])
@pytest.mark.parametrize(("key", "in_status"), [("Endpoints", False), ("SecurityZones", False), ("Attachments", True)])
def test_pending_endpoints_are_named_wherever_the_answer_has_them(key: str, in_status: bool, status: str) -> None:
    endpoint = {"EndpointId": "e-1", "SubnetId": "s1", "Status": status}
    found = firewall(**{key: [endpoint]}) if in_status else firewall({key: [endpoint]})
    assert pending_endpoints(found) == [f"endpoint e-1 in s1 is {status.lower()}"]
    assert list(failures(found)) == []


def test_endpoint_in_two_lists_is_one() -> None:
    zones = [{"EndpointId": "e-1", "SubnetId": "s1", "EgressNATEnabled": True, "Status": ""}]
    found = firewall({"SecurityZones": zones}, Attachments=[{"EndpointId": "e-1", "Status": "PENDING", "SubnetId": ""}])
    assert endpoints_of(found) == [
        {"EndpointId": "e-1", "SubnetId": "s1", "EgressNATEnabled": True, "Status": "PENDING"}
    ]


def test_failures_have_the_reasons_of_the_service() -> None:
    rejected = [{"EndpointId": "e-1", "Status": "REJECTED", "RejectedReason": "CIDR conflict"}, {"Status": "Rejected"}]
    found = firewall({"Endpoints": rejected}, FirewallStatus="UPDATE_FAIL", FailureReason="no capacity")
    with pytest.raises(FirewallFailed) as failure:
        raise_failures("change firewall 'web'", found)
    assert str(failure.value).startswith(
        "Could not change firewall 'web': the firewall is in UPDATE_FAIL: no capacity; endpoint e-1 is rejected: CIDR conflict; "
        "endpoint without an ID is rejected: the service gives no reason."
    )
    assert failure.value.as_result()["error"]["kind"] == "firewall_failed"


def test_deployment_is_told_by_its_token() -> None:
    one, other = firewall({"DeploymentUpdateToken": "1"}), firewall({"deploymentupdatetoken": "2"})
    assert is_deployed_anew(one, other)
    assert not is_deployed_anew(one, one)
    assert not is_deployed_anew(firewall(), firewall())
