# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Descriptors as the only source of options."""

from __future__ import annotations

from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.catalog import (
    EVERY_RESOURCE,
    RULESTACK_RESOURCE,
    sections_of,
)
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.descriptor import Field


def test_options_follow_from_fields() -> None:
    inner = Field("cidrs", "Cidrs", "list")
    outer = Field("source", "Source", "object", fields=(inner, Field("kind", "Kind", choices=("a", "b"))))
    assert outer.argument_spec() == {
        "type": "dict",
        "options": {
            "cidrs": {"type": "list", "elements": "str"},
            "kind": {"type": "str", "choices": ["a", "b"]},
        },
    }
    assert Field("tags", "Tags", "tags").argument_spec() == {"type": "dict"}


def test_every_choice_that_may_be_empty_says_so() -> None:
    """An empty decryption disables it; no other choice may be empty."""
    rules = [resource for resource in EVERY_RESOURCE if resource.addressed_by == "priority"]
    assert len(rules) == 3
    for resource in (RULESTACK_RESOURCE, *EVERY_RESOURCE):
        empty = [field.option for field in resource.fields if "" in field.choices]
        assert empty == (["decryption_rule_type"] if resource in rules else [])


def test_rule_lists_follow_from_the_scope() -> None:
    local, shared = sections_of("Local").keys(), sections_of("global").keys()
    assert local - shared == {"rules", "predefined_url_category_overrides"}
    assert shared - local == {"pre_rules", "post_rules"}
