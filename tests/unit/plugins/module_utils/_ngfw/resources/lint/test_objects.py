# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings on objects: empty and unused ones."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.document import parse
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.lint.objects import object_findings

RULE = {"name": "r", "source": {}, "destination": {}, "applications": ["any"], "action": "Allow"}


def found(**sections: Any) -> list[tuple[str, str, str]]:
    (document,) = parse([{"name": "web", "scope": "local", **sections}])
    return [(finding.id, finding.section, finding.name) for finding in object_findings(document)]


OBJECTS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("prefix_lists", {"prefixes": ["10.0.0.0/8"]}, {"source": {"prefix_lists": ["a"]}}),
    ("fqdn_lists", {"fqdns": ["example.com"]}, {"destination": {"fqdn_lists": ["a"]}}),
    ("feeds", {"url": "https://example.com", "type": "IP_LIST"}, {"source": {"feeds": ["a"]}}),
    ("feeds", {"url": "https://example.com", "type": "URL_LIST"}, {"category": {"feeds": ["a"]}}),
    ("custom_url_categories", {"urls": ["example.com/"]}, {"category": {"url_categories": ["a"]}}),
    ("certificates", {"self_signed": True}, {"inbound_inspection_certificate": "a"}),
]


@pytest.mark.parametrize(("section", "content", "use"), OBJECTS)
def test_objects_are_unused_unless_a_rule_names_them(
    section: str, content: dict[str, Any], use: dict[str, Any]
) -> None:
    given = {section: [{"name": "a", **content}]}
    assert found(**given, rules=[RULE]) == [("unused-object", section, "a")]
    assert found(**given, rules=[]) == [("unused-object", section, "a")]
    assert found(**given, rules=[{**RULE, **use, "enabled": False}]) == []
    assert found(**given) == []


@pytest.mark.parametrize("section", ["prefix_lists", "fqdn_lists", "custom_url_categories"])
def test_lists_without_entries_are_found(section: str) -> None:
    assert found(**{section: [{"name": "a", "description": "b"}]}) == [("empty-list", section, "a")]


def test_certificates_of_profiles_and_feeds_are_used() -> None:
    certificates = [{"name": "a"}, {"name": "b"}, {"name": "c"}]
    feeds = [{"name": "f", "certificate": "b"}]
    unused = found(certificates=certificates, feeds=feeds, profiles={"outbound_trust_certificate": "a"}, rules=[])
    assert unused == [("unused-object", "certificates", "c"), ("unused-object", "feeds", "f")]


@pytest.mark.parametrize(("action", "unused"), [("none", True), ("block", False), (None, True)])
def test_category_with_an_action_acts_without_a_rule(action: str | None, unused: bool) -> None:
    category = {"name": "a", "urls": ["example.com/"], "action": action}
    assert bool(found(custom_url_categories=[category], rules=[])) is unused


def test_settings_without_references_are_never_unused() -> None:
    overrides = [{"name": "games", "action": "block"}]
    file_types = [{"file_type": "exe", "action": "block"}]
    assert found(predefined_url_category_overrides=overrides, file_blocking=file_types, rules=[]) == []
