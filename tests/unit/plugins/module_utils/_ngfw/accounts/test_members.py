# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cross-account roles and VPCs of member accounts."""

from __future__ import annotations

import json

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidResponse
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.accounts.members import Members
from ansible_collections.panw.cloud.tests.helpers.fakes import HELD, Reply, Server, api, success

ACCOUNT = "123456789012"
EMPTY = {
    "allowed_mode": None,
    "default_role": None,
    "cloud_trail_role": None,
    "endpoint_role": None,
    "logging_role": None,
    "decryption_role": None,
    "account_groups": [],
    "availability_zones": [],
}
GONE = Reply(200, {"ResponseStatus": {"ErrorCode": 400, "Reason": "ResourceNotFoundException: account does not exist"}})


def test_members_of_all_pages_are_listed() -> None:
    server = Server(success({"AccountIds": ["1"], "NextToken": "2"}), success({"AccountIds": ["2"]}))
    assert Members(api(server), HELD).accounts() == ["1", "2"]
    assert json.loads(server.requests[1].body or "") == {"MaxResults": 1024, "NextToken": "2"}


def test_list_of_another_type_is_refused() -> None:
    with pytest.raises(InvalidResponse, match="list the member accounts"):
        Members(api(Server(success({"AccountIds": "1"}))), HELD).accounts()


def test_roles_are_named_like_options() -> None:
    answer = {
        "AllowedMode": "CustomerManaged",
        "DefaultRole": "d",
        "CloudTrailRole": "c",
        "Firewall": {"EndpointRole": "e", "LoggingRole": "l"},
        "RuleStack": {"DecryptionRole": "k"},
        "AccountGroups": ["g"],
        "AvailabilityZones": ["z"],
    }
    server = Server(success(answer))
    assert Members(api(server), HELD).roles(ACCOUNT) == {
        "allowed_mode": "CustomerManaged",
        "default_role": "d",
        "cloud_trail_role": "c",
        "endpoint_role": "e",
        "logging_role": "l",
        "decryption_role": "k",
        "account_groups": ["g"],
        "availability_zones": ["z"],
    }
    assert server.calls == [f"GET /v1/mgmt/xaccountroles/{ACCOUNT}?describeaccount=false"]


def test_vpcs_are_read_on_request() -> None:
    vpc = {"VpcId": "vpc-1", "VpcName": "a", "SubnetInformations": [{"SubnetId": "subnet-1", "SubnetName": "b"}]}
    server = Server(success({"VpcInformations": [vpc, {"VpcId": "vpc-2"}]}))
    assert Members(api(server), HELD).roles(ACCOUNT, vpcs=True) == {
        **EMPTY,
        "vpcs": [
            {"vpc_id": "vpc-1", "name": "a", "subnets": [{"subnet_id": "subnet-1", "name": "b"}]},
            {"vpc_id": "vpc-2", "name": None, "subnets": []},
        ],
    }
    assert server.calls == [f"GET /v1/mgmt/xaccountroles/{ACCOUNT}?describeaccount=true"]


def test_account_that_is_no_member_has_no_roles() -> None:
    assert Members(api(Server(GONE)), HELD).roles(ACCOUNT) is None
