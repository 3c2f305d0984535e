# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sets of objects: which items are the same, what differs, and what an item keeps."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.codec import (
    canonical,
    encode,
    matched,
    values_of,
)
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.comparison import merged_value, part
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.descriptor import Field

FIELDS = (
    Field("mode", "Mode"),
    Field("zone", "ZoneId"),
    Field("subnet", "SubnetId"),
    Field("nat", "EgressNATEnabled", "bool"),
    Field(
        "prefixes",
        "Prefixes",
        "object",
        fields=(Field("private", "PrivatePrefix", "list"), Field("public", "PublicPrefix", "list")),
    ),
)
SETTINGS: dict[str, Any] = {"identity": ("subnet", "zone"), "apart": ("mode",), "noise": frozenset({"status"})}
ENDPOINTS = Field("endpoints", "Endpoints", "items", fields=FIELDS, **SETTINGS)
ADDITIVE = Field("endpoints", "Endpoints", "items", fields=FIELDS, additive=True, **SETTINGS)
ONE = {
    "EndpointId": "e-1",
    "ZoneId": "z1",
    "SubnetId": "s1",
    "Mode": "A",
    "Status": "Accepted",
    "EgressNATEnabled": True,
}
TWO = {"EndpointId": "e-2", "zoneid": "z2", "SubnetId": "s2", "Mode": "A", "Status": "Rejected", "RejectedReason": "no"}


def read(*raw: dict[str, Any]) -> Any:
    return canonical(ENDPOINTS, values_of([ENDPOINTS], {"endpoints": list(raw)})["endpoints"])


@pytest.mark.parametrize(
    ("items", "others", "found"),
    [
        ([{"zone": "z1"}], [{"zone": "z1", "subnet": "s1"}], [0]),
        ([{"subnet": "s1"}], [{"zone": "z1", "subnet": "s1"}], [0]),
        ([{"subnet": "s1", "zone": "z1"}], [{"subnet": "s1"}], [0]),
        ([{"subnet": "s1", "zone": "z2"}], [{"subnet": "s1", "zone": "z1"}], [None]),
        ([{"subnet": "s2", "zone": "z1"}], [{"subnet": "s1", "zone": "z1"}], [None]),
        ([{"zone": "z1", "mode": "B"}], [{"zone": "z1", "mode": "A"}], [None]),
        ([{"zone": "z1"}], [{"zone": "z1", "mode": "A"}], [0]),
        ([{"mode": "A"}], [{"mode": "A"}], [None]),
        ([{"zone": "z1", "subnet": "s1"}], [{"subnet": "s2"}], [None]),
        ([{"zone": "z1"}, {"zone": "z1", "subnet": "s1"}], [{"zone": "z1", "subnet": s} for s in ("s1", "s2")], [1, 0]),
        ([{"zone": "z1"}, {"zone": "z1"}], [{"zone": "z1"}], [0, None]),
        ([], [{"zone": "z1"}], []),
    ],
)
def test_items_are_the_same_if_what_both_say_agrees(items: Any, others: Any, found: list[int | None]) -> None:
    assert matched(ENDPOINTS, items, others) == found


def test_order_of_items_is_no_difference() -> None:
    for raw in itertools.permutations((ONE, TWO)):
        observed = read(*raw)
        target = canonical(ENDPOINTS, [{"subnet": "s2"}, {"zone": "z1", "nat": True}])
        assert part(ENDPOINTS, observed, target) == target


@pytest.mark.parametrize(
    "items",
    [
        [{"subnet": "s1", "nat": False}, {"subnet": "s2"}],
        [{"subnet": "s1"}],
        [{"subnet": "s1"}, {"subnet": "s2"}, {"subnet": "s3"}],
        [{"subnet": "s1"}, {"subnet": "s2", "prefixes": {"private": ["10.0.0.0/8"]}}],
        [],
    ],
)
def test_changed_missing_and_new_items_are_differences(items: list[Any]) -> None:
    target = canonical(ENDPOINTS, items)
    assert part(ENDPOINTS, read(ONE, TWO), target) != target
    merged = merged_value(ENDPOINTS, read(ONE, TWO), target)
    assert part(ENDPOINTS, merged, target) == target
    assert len(merged) == len(items)


def test_what_the_server_does_not_know_of_an_item_is_no_difference() -> None:
    target = canonical(ENDPOINTS, [{"subnet": "s1", "zone": "z1", "mode": "A"}])
    assert part(ENDPOINTS, read({"SubnetId": "s1"}), target) == target


def test_items_that_are_not_given_stay_in_an_additive_set() -> None:
    target = canonical(ADDITIVE, [{"subnet": "s1", "nat": False}])
    assert part(ADDITIVE, read(ONE, TWO), [{"subnet": "s1", "nat": True}]) == [{"subnet": "s1", "nat": True}]
    assert [item["nat"] for item in merged_value(ADDITIVE, read(ONE, TWO), target)] == [False, False]
    assert merged_value(ADDITIVE, read(ONE, TWO), [])[1]["subnet"] == "s2"
    sent = encode([ADDITIVE], {"endpoints": target}, {"Endpoints": [ONE, TWO]})["Endpoints"]
    assert [(item["EndpointId"], item.get("EgressNATEnabled")) for item in sent] == [("e-1", False), ("e-2", None)]


def test_new_item_has_the_servers_defaults_after_a_change() -> None:
    (item,) = merged_value(ENDPOINTS, [], canonical(ENDPOINTS, [{"zone": "z1"}]))
    assert item == {"mode": "", "zone": "z1", "subnet": "", "nat": False, "prefixes": {"private": [], "public": []}}


def test_item_keeps_what_is_not_managed_and_loses_the_servers_own_keys() -> None:
    prefixes = {"PrivatePrefix": ["10.0.0.0/8"], "PublicPrefix": ["192.0.2.0/24"]}
    base = {"Endpoints": [{**ONE, "Prefixes": prefixes, "Later": 1}, TWO]}
    wanted = [{"subnet": "s2"}, {"subnet": "s1", "prefixes": {"public": []}}]
    first, second = encode([ENDPOINTS], {"endpoints": wanted}, base)["Endpoints"]
    assert first == {
        **{key: value for key, value in ONE.items() if key != "Status"},
        "Prefixes": {"PrivatePrefix": ["10.0.0.0/8"], "PublicPrefix": []},
        "Later": 1,
    }
    assert second == {"EndpointId": "e-2", "ZoneId": "z2", "SubnetId": "s2", "Mode": "A", "RejectedReason": "no"}


def test_items_that_do_not_change_are_sent_with_the_documented_keys() -> None:
    assert encode([ENDPOINTS], {}, {"endpoints": [TWO, "broken"]}) == {
        "Endpoints": [{"EndpointId": "e-2", "ZoneId": "z2", "SubnetId": "s2", "Mode": "A", "RejectedReason": "no"}]
    }


def test_items_of_another_type_are_ignored() -> None:
    assert values_of([ENDPOINTS], {"Endpoints": [None, "x", ONE]})["endpoints"][0]["zone"] == "z1"
    assert values_of([ENDPOINTS], {"Endpoints": None})["endpoints"] == []
