# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The firewalls of a region: which are selected, and what is read of them. The module's tests cover the filters."""

from __future__ import annotations

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import RouteNotFound
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.firewalls.finder import Firewalls
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.firewalls.reader import FirewallReader, Selection
from ansible_collections.panw.cloud.tests.helpers.fake_firewalls import OLD, FakeFirewalls
from ansible_collections.panw.cloud.tests.helpers.fake_rulestacks import refused
from ansible_collections.panw.cloud.tests.helpers.fakes import HELD


def reader(fake: FakeFirewalls) -> FirewallReader:
    return FirewallReader(Firewalls(fake.api, HELD))


def test_version_that_the_api_does_not_have_hides_no_other() -> None:
    fake = FakeFirewalls(bases={OLD})
    fake.put("web", {"FirewallName": "web"})
    assert [one["version"] for one in reader(fake).read(Selection())] == [1]


def test_api_without_firewalls_says_so() -> None:
    with pytest.raises(RouteNotFound):
        reader(FakeFirewalls(bases=set())).read(Selection())


def test_firewalls_are_sorted_by_name_and_id_and_listed_once() -> None:
    fake = FakeFirewalls()
    for key, name in (("fw-3", "web"), ("fw-1", "web"), ("fw-2", "db")):
        fake.put(key, {"Tags": [{"Key": "FirewallName", "Value": name}]})
    fake.put("web", {"FirewallName": "web", "FirewallId": "fw-1"})
    found = reader(fake).read(Selection())
    assert [(one["name"], one["firewall_id"]) for one in found] == [("db", "fw-2"), ("web", "fw-1"), ("web", "fw-3")]


def test_log_profile_that_cannot_be_read_is_null_with_a_warning() -> None:
    fake = FakeFirewalls()
    fake.put("web", {"FirewallName": "web"})
    fake.fail("GET /web/logprofile", refused("AccessDeniedException: no"))
    read = reader(fake)
    assert read.read(Selection(name="web", log_profile=True))[0]["log_profile"] is None
    assert read.warnings[0].startswith("The log profile is null: Could not read the log profile of firewall 'web'")
