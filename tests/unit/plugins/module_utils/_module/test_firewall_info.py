# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Firewalls of several regions: what a region that cannot be read says. The module's tests cover the rest."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.panw.cloud.plugins.module_utils._module.aws import ModuleShim
from ansible_collections.panw.cloud.plugins.module_utils._module.firewall_info import read_regions
from ansible_collections.panw.cloud.plugins.module_utils._module.ngfw import Task
from ansible_collections.panw.cloud.tests.helpers.fake_firewalls import FakeFirewalls
from ansible_collections.panw.cloud.tests.helpers.fakes import KEY, TOKEN, URL
from ansible_collections.panw.cloud.tests.helpers.run_module import Cloud

ALL = {"name": None, "firewall_id": None, "rulestack": None, "global_rulestack": None, "account_id": None}
HELD = {"token": TOKEN, "subscription_key": KEY, "token_store": None, "role_arn": None, "ngfw_ca_bundle": None}
REST = {"vpc_ids": [], "regions": [], "log_profile": False, "ngfw_validate_certs": True, "ngfw_management_url": None}


def read(cloud: Cloud, **options: Any) -> dict[str, Any]:
    return read_regions(Task(ModuleShim({**cloud.options, **HELD, **ALL, **REST, **options})))


def test_own_region_is_read_if_none_is_given() -> None:
    fake = FakeFirewalls()
    with Cloud(firewalls=fake) as cloud:
        assert read(cloud) == {"changed": False, "firewalls": [], "failed_regions": [], "warnings": []}
    assert {query["region"] for _call, query, _body in fake.requests} == {"us-east-1"}


def test_url_of_one_region_fails_in_the_others() -> None:
    with Cloud(firewalls=FakeFirewalls()) as cloud:
        with pytest.raises(InvalidInput, match="is a host of region us-east-1, but the region is eu-west-1"):
            read(cloud, ngfw_url=URL, regions=["eu-west-1", "eu-central-1"])
        assert cloud.received == []
