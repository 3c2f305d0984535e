# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A client that reads everything once."""

from __future__ import annotations

from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.catalog import IN_RULESTACK
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.read_once import ReadOnce
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.reader import Reader, gather, snapshot
from ansible_collections.panw.cloud.tests.helpers.fake_rulestacks import FakeRulestacks


def test_rulestack_is_one_state_although_it_changes_meanwhile() -> None:
    fake = FakeRulestacks({"/web": {"Scope": "Local"}, "/web/prefixlists/one": {"PrefixList": ["10.0.0.0/8"]}})
    reader = Reader(ReadOnce.like(fake.client))
    before = gather(reader, "web", "local")
    calls = len(fake.calls)
    fake.put("/web/prefixlists/two", {"PrefixList": ["10.0.0.0/8"]})
    found = snapshot(reader, "web", "local")
    assert (found and found.document, len(fake.calls)) == (before, calls)
    assert len(reader.listed(IN_RULESTACK["prefix_lists"], ("web",), ())) == 1
    assert gather(Reader(fake.client), "web", "local") != before


def test_rulestack_that_does_not_exist_is_asked_for_once() -> None:
    fake = FakeRulestacks()
    reader = Reader(ReadOnce.like(fake.client))
    assert [gather(reader, "web", "local") for _time in range(2)] == [None, None]
    assert fake.calls.count("GET /web") == 1
