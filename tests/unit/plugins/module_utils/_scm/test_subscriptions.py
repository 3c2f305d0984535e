# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Instances and licenses, as described in the vendor's two documents."""

from __future__ import annotations

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import PanwCloudError
from ansible_collections.panw.cloud.plugins.module_utils._scm.subscriptions import Instance, License, Subscriptions
from ansible_collections.panw.cloud.tests.helpers.fakes import Reply
from ansible_collections.panw.cloud.tests.helpers.tenants import TSG, Tenant, client, error

KEY = "0123456789abcdef" * 4
INSTANCES, LICENSES = "GET /subscription/v1/instances", "GET /subscription/v1/licenses"


def of(call: str, *replies: Reply) -> tuple[Subscriptions, Tenant]:
    tenant = Tenant()
    tenant.instead = {call: list(replies)}
    return Subscriptions(client(tenant)), tenant


def test_instances_are_read() -> None:
    item = {
        "app_id": "prisma_access",
        "tenant_instance_name": "Mine",
        "region": "americas",
        "serial_number": "1",
        "status": "running",
        "tsg_id": TSG,
        "extra": {"wildfire_api_key": KEY},
    }
    subscriptions, _tenant = of(INSTANCES, Reply(200, [item, {"extra": None}, {"extra": {"wildfire_api_key": ""}}]))
    nothing = Instance(None, None, None, None, None, None)
    found = subscriptions.instances()
    assert found == [Instance("prisma_access", "Mine", "americas", "1", "running", TSG, KEY), nothing, nothing]
    assert KEY not in repr(found)


@pytest.mark.parametrize(("with_children", "query"), [(False, ""), (True, "?with_children=true")])
def test_children_are_requested_only_by_option(
    monkeypatch: pytest.MonkeyPatch, with_children: bool, query: str
) -> None:
    """Any value of the parameter requests them, so it is omitted otherwise."""
    subscriptions, tenant = of(INSTANCES)
    asked: list[str] = []
    monkeypatch.setattr(tenant, "response", lambda _method, url, _body: asked.append(url) or Reply(200, {"items": []}))
    monkeypatch.setattr(
        "ansible_collections.panw.cloud.plugins.module_utils._scm.oauth.AccessTokens.get", lambda _: "t"
    )
    subscriptions.instances(with_children=with_children)
    assert [url.partition("/instances")[2] for url in asked] == [query]


def test_key_is_masked_in_later_texts() -> None:
    subscriptions, tenant = of(INSTANCES, Reply(200, [{"extra": {"wildfire_api_key": KEY}}]))
    subscriptions.instances()
    tenant.instead = {LICENSES: [error(400, f"I know {KEY}")]}
    with pytest.raises(PanwCloudError) as caught:
        subscriptions.licenses()
    assert KEY not in str(caught.value.as_result())


@pytest.mark.parametrize("field", ["license_expiration", "license_expiry"])
def test_licenses_are_read_part_by_part(field: str) -> None:
    part = {
        "app_id": "x",
        "license_type": "SKU",
        field: "2035-12-31 23:59:59",
        "purchased_size": 5,
        "remaining_size": 0,
    }
    listed = [{"license_id": 7, "licenses": [part, "nonsense"]}, {"license_id": "8"}, {"licenses": {"a": 1}}]
    subscriptions, _tenant = of(LICENSES, Reply(200, listed))
    assert subscriptions.licenses() == [License("7", "x", "SKU", "2035-12-31 23:59:59", "5", "0")]
