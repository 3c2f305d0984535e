# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What rules match, compared option by option: covered, not covered, or not known."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.document import parse
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.lint.matches import Match, gaps
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.lint.translation import Translation

OBJECTS = {
    "prefix_lists": [
        {"name": "ten", "prefixes": ["10.0.0.0/8"]},
        {"name": "halves", "prefixes": ["0.0.0.0/1", "128.0.0.0/1"]},
        {"name": "without"},
    ],
    "fqdn_lists": [
        {"name": "one", "fqdns": ["a.example.com"]},
        {"name": "two", "fqdns": ["A.example.com", "b.example.com"]},
    ],
}
TRANSLATION = Translation(parse([{"name": "web", "scope": "local", **OBJECTS}])[0])
ANYWHERE = {"cidrs": ["any"]}
TEN, SUBNET = {"cidrs": ["10.0.0.0/8"]}, {"cidrs": ["10.1.0.0/16"]}


def match(options: dict[str, Any]) -> Match:
    """What a rule with some options matches, and everything in all others."""
    every = {"source": ANYWHERE, "destination": ANYWHERE, "applications": ["any"], "protocol": "any"}
    return TRANSLATION.match({**every, **options})


ADDRESSES = [
    (ANYWHERE, TEN, True),
    (TEN, ANYWHERE, False),
    ({}, TEN, True),
    ({"cidrs": []}, ANYWHERE, True),
    ({"cidrs": ["0.0.0.0/0"]}, {"cidrs": ["Any"]}, True),
    ({"cidrs": ["0.0.0.0/1", "128.0.0.0/1"]}, ANYWHERE, True),
    (TEN, SUBNET, True),
    (SUBNET, TEN, False),
    (TEN, {"cidrs": ["10.1.0.0/16", "11.0.0.0/8"]}, False),
    ({"cidrs": ["10.0.0.0/9", "10.128.0.0/9"]}, TEN, True),
    ({"cidrs": ["10.0.0.0/255.0.0.0"]}, {"cidrs": ["10.1.2.3"]}, True),
    ({"prefix_lists": ["ten"]}, SUBNET, True),
    ({"prefix_lists": ["halves"]}, ANYWHERE, True),
    (SUBNET, {"prefix_lists": ["ten"]}, False),
    ({"prefix_lists": ["without"]}, SUBNET, None),
    ({"prefix_lists": ["elsewhere"]}, {"prefix_lists": ["elsewhere"]}, True),
    ({"countries": ["US"]}, {"countries": ["us"]}, True),
    ({"countries": ["US", "CH"]}, {"countries": ["US"]}, True),
    ({"countries": ["US"]}, {"countries": ["US", "CH"]}, None),
    ({"countries": ["US"]}, TEN, None),
    (TEN, {"countries": ["US"]}, None),
    (TEN, {"countries": ["US"], "cidrs": ["11.0.0.0/8"]}, False),
    ({"countries": ["US"], "cidrs": ["10.0.0.0/8"]}, {"countries": ["US"], "cidrs": ["10.1.0.0/16"]}, True),
    (ANYWHERE, {"countries": ["US"]}, True),
    ({"feeds": ["bad"]}, {"feeds": ["bad"]}, True),
    ({"feeds": ["bad"]}, {"feeds": ["worse"]}, None),
    ({"feeds": ["bad"]}, ANYWHERE, None),
    ({"fqdn_lists": ["two"]}, {"fqdn_lists": ["one"]}, True),
    ({"fqdn_lists": ["one"]}, {"fqdn_lists": ["two"]}, None),
    ({"fqdn_lists": ["elsewhere"]}, {"fqdn_lists": ["one"]}, None),
]


@pytest.mark.parametrize(("larger", "smaller", "expected"), ADDRESSES)
def test_addresses(larger: dict[str, Any], smaller: dict[str, Any], expected: bool | None) -> None:
    """Of sources and destinations. If neither is negated, what covers the other is itself covered once both are."""
    for option in ("source", "destination"):
        found = gaps(match({option: larger}), match({option: smaller}))
        assert found == ({} if expected else {option: expected})
        negated = {f"negate_{option}": True}
        found = gaps(match({option: smaller, **negated}), match({option: larger, **negated}))
        assert found == ({} if expected else {option: expected})


@pytest.mark.parametrize(
    ("larger", "smaller", "negated", "expected"),
    [
        (TEN, {"cidrs": ["11.0.0.0/8"]}, "larger", True),
        (TEN, SUBNET, "larger", False),
        (TEN, ANYWHERE, "larger", False),
        ({"countries": ["US"]}, TEN, "larger", None),
        ({"countries": ["US"], "cidrs": ["10.0.0.0/8"]}, SUBNET, "larger", False),
        (ANYWHERE, TEN, "smaller", True),
        (TEN, TEN, "smaller", False),
        ({"cidrs": ["0.0.0.0/1"]}, {"cidrs": ["128.0.0.0/1"]}, "smaller", True),
        ({"countries": ["US"]}, {"cidrs": ["0.0.0.0/1"]}, "smaller", None),
        ({"cidrs": ["128.0.0.0/1"]}, {"countries": ["US"], "cidrs": ["0.0.0.0/1"]}, "smaller", True),
    ],
)
def test_negation_of_one(larger: dict[str, Any], smaller: dict[str, Any], negated: str, expected: bool | None) -> None:
    left, right = ({"source": larger}, {"source": smaller})
    (left if negated == "larger" else right)["negate_source"] = True  # type: ignore[assignment]
    assert gaps(match(left), match(right)) == ({} if expected else {"source": expected})


WEB = {"applications": ["ssl", "web-browsing"]}
SSL = {"applications": ["ssl"]}
DEFAULT: dict[str, Any] = {"protocol": "application-default"}
ALL_TCP, HTTPS = (
    {"protocol": None, "prot_port_list": ["tcp:0-65535"]},
    {"protocol": None, "prot_port_list": ["TCP:443"]},
)


@pytest.mark.parametrize(
    ("larger", "smaller", "expected"),
    [
        ({}, SSL, {}),
        (SSL, {}, {"applications": False}),
        (WEB, SSL, {}),
        (SSL, WEB, {"applications": False}),
        ({}, HTTPS, {}),
        ({}, DEFAULT, {}),
        (HTTPS, {}, {"protocol": False}),
        (ALL_TCP, HTTPS, {}),
        (HTTPS, ALL_TCP, {"protocol": False}),
        ({"prot_port_list": ["TCP: 1-100, 101-443", "UDP:53"]}, {"prot_port_list": ["TCP:443,80"]}, {}),
        (HTTPS, {"prot_port_list": ["UDP:443"]}, {"protocol": False}),
        (DEFAULT, DEFAULT, {}),
        (DEFAULT, {"protocol": None}, {}),
        (DEFAULT, {**DEFAULT, **SSL}, {}),
        (DEFAULT, {}, {"protocol": False}),
        (DEFAULT, HTTPS, {"protocol": False}),
        (HTTPS, DEFAULT, {"protocol": False}),
        (DEFAULT, {**HTTPS, **SSL}, {"protocol": None}),
        (HTTPS, {**DEFAULT, **SSL}, {"protocol": None}),
        (DEFAULT, SSL, {"protocol": None}),
        (HTTPS, SSL, {"protocol": False}),
        (ALL_TCP, SSL, {"protocol": None}),
        ({"prot_port_list": ["UDP:1-65535"]}, SSL, {"protocol": None}),
        ({**WEB, **HTTPS}, {**DEFAULT, "applications": ["dns"]}, {"applications": False, "protocol": None}),
    ],
)
def test_applications_and_ports(larger: dict[str, Any], smaller: dict[str, Any], expected: dict[str, Any]) -> None:
    assert gaps(match(larger), match(smaller)) == expected


@pytest.mark.parametrize(
    ("larger", "smaller", "expected"),
    [
        ({}, {"url_categories": ["games"]}, True),
        ({"url_categories": [], "feeds": []}, {"feeds": ["paste"]}, True),
        ({"url_categories": ["games", "news"]}, {"url_categories": ["games"]}, True),
        ({"url_categories": ["games"]}, {"url_categories": ["news"]}, None),
        ({"url_categories": ["paste"]}, {"feeds": ["paste"]}, None),
        ({"feeds": ["paste"], "url_categories": ["games"]}, {"feeds": ["paste"]}, True),
    ],
)
def test_urls(larger: dict[str, Any], smaller: dict[str, Any], expected: bool | None) -> None:
    found = gaps(match({"category": larger}), match({"category": smaller}))
    assert found == ({} if expected else {"category": expected})


def test_sessions_without_url_are_in_no_category() -> None:
    games = match({"category": {"url_categories": ["games"]}})
    assert gaps(games, match({})) == {"category": False}
    assert gaps(games, match(SSL)) == {"category": None}


@pytest.mark.parametrize(
    ("options", "everything", "empty"),
    [
        ({}, True, False),
        ({"source": {"prefix_lists": ["halves"]}, "destination": {}}, True, False),
        (DEFAULT, True, False),
        (ALL_TCP, False, False),
        (SSL, False, False),
        ({"category": {"feeds": ["paste"]}}, False, False),
        ({"source": {"cidrs": ["0.0.0.0/1"]}}, False, False),
        ({"source": {"countries": ["US"]}}, False, False),
        ({"source": {"countries": ["US"]}, "negate_source": True}, False, False),
        ({"negate_source": True}, False, True),
        ({"destination": {"prefix_lists": ["halves"]}, "negate_destination": True}, False, True),
    ],
)
def test_everything_and_nothing(options: dict[str, Any], everything: bool, empty: bool) -> None:
    assert (match(options).is_everything, match(options).is_empty) == (everything, empty)
