# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A firewall is found in whichever version the tenant has it."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import RouteNotFound
from ansible_collections.panw.cloud.plugins.module_utils._common.token_pair import TokenPair
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.firewalls.finder import Firewalls
from ansible_collections.panw.cloud.tests.helpers.fake_firewalls import DOCUMENTED, OLD, SDK, FakeFirewalls
from ansible_collections.panw.cloud.tests.helpers.fakes import KEY, jwt

NEW = {"Tags": [{"Key": "FirewallName", "Value": "web"}]}
FIRST = {"FirewallName": "web"}


def firewalls(fake: FakeFirewalls, **claims: Any) -> Firewalls:
    return Firewalls(fake.api, TokenPair(jwt(**claims), KEY))


def found(fake: FakeFirewalls, claim: str | None = "V2", firewall_id: str | None = None) -> list[tuple[int, str]]:
    every = firewalls(fake, tenant_version=claim).find("web", firewall_id)
    assert all(one.client.version.number == one.firewall.version for one in every)
    return [(one.firewall.version, one.firewall.id) for one in every]


def test_both_versions_are_searched_on_a_tenant_of_version_2() -> None:
    fake = FakeFirewalls()
    assert found(fake) == []
    fake.put("web", FIRST)
    assert found(fake) == [(1, "")]
    fake.put("fw-1", NEW)
    fake.put("fw-2", NEW)
    assert found(fake) == [(2, "fw-1"), (2, "fw-2"), (1, "")]
    assert found(fake, firewall_id="fw-2") == [(2, "fw-2")]
    assert found(fake, firewall_id="fw-9") == []


def test_firewall_that_both_versions_show_is_of_version_2() -> None:
    fake = FakeFirewalls()
    fake.put("fw-1", NEW)
    fake.put("web", {**FIRST, "FirewallId": "fw-1"})
    assert found(fake) == [(2, "fw-1")]


def test_tenant_of_version_1_has_the_old_path_only() -> None:
    fake = FakeFirewalls()
    fake.put("web", FIRST)
    assert found(fake, "V1") == [(1, "")]
    assert fake.paths == [f"GET {OLD}/web"]
    assert found(fake, "V1", firewall_id="fw-1") == []


@pytest.mark.parametrize(("bases", "number"), [({SDK}, 2), ({DOCUMENTED}, 2), ({OLD}, 1)])
def test_version_of_an_unknown_token_is_what_the_api_has(bases: set[str], number: int) -> None:
    fake = FakeFirewalls(bases=bases)
    every = firewalls(fake)
    assert every.find("web") == []
    client = every.client(None)
    assert client is not None
    assert client.version.number == number


def test_api_without_firewalls_says_so() -> None:
    with pytest.raises(RouteNotFound):
        found(FakeFirewalls(bases=set()))


def test_client_is_that_of_the_asked_version() -> None:
    every = firewalls(FakeFirewalls(), tenant_version="V2")
    assert [client.version.number for client in every.clients()] == [2, 1]
    for number, expected in ((None, 2), (1, 1), (2, 2)):
        client = every.client(number)
        assert client is not None
        assert client.version.number == expected
    assert firewalls(FakeFirewalls(), tenant_version="V1").client(2) is None
