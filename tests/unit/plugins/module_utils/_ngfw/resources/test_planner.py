# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans of one resource: what is a change, what is sent for it, and what is refused before anything is sent."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.catalog import (
    IN_RULESTACK,
    RULESTACK_RESOURCE,
)
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.codec import values_of
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.descriptor import Field, Resource, Values
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.planner import (
    Change,
    Desired,
    Observed,
    plan,
    refusals,
    title,
)
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.validation import value_problems
from ansible_collections.panw.cloud.tests.helpers.resource_values import DISTINCT, options, written
from hypothesis import given, settings
from hypothesis import strategies as st

RULE, PREFIXES, FEED = (IN_RULESTACK[section] for section in ("rules", "prefix_lists", "feeds"))
CERTIFICATE, OVERRIDE = IN_RULESTACK["certificates"], IN_RULESTACK["predefined_url_category_overrides"]
MATCH = {"source": {}, "destination": {}, "applications": ["any"], "action": "Allow"}


def address(resource: Resource) -> tuple[str, ...]:
    if resource is RULESTACK_RESOURCE:
        return ("web",)
    return ("web", "LocalRule", "100") if resource.addressed_by == "priority" else ("web", "one")


def desired(resource: Resource, values: Values | None, **more: Any) -> Desired:
    return Desired(address(resource), "one", values, **more)


def observed(resource: Resource, raw: dict[str, Any], **values: Any) -> Observed:
    return Observed(address(resource), "one", raw, {**values_of(resource.fields, raw), **values}, "7")


def planned(resource: Resource, raw: dict[str, Any], values: Values | None, **more: Any) -> Change | None:
    return plan(resource, observed(resource, raw), desired(resource, values, **more))


def change_of(change: Change | None) -> Change:
    assert change is not None
    return change


@pytest.mark.parametrize("resource", DISTINCT, ids=lambda one: one.kind)
@settings(max_examples=40)
@given(data=st.data(), exact=st.booleans())
def test_second_plan_of_what_was_written_is_empty(resource: Resource, data: st.DataObject, exact: bool) -> None:
    """After a creation, and after an update that keeps what is not managed, with fields that the descriptor lacks."""
    first, second = data.draw(options(resource)), data.draw(options(resource))
    creation = plan(resource, None, desired(resource, first, exact=exact))
    if creation is None:
        assert resource.is_reset(first)
        return
    created = written(creation)
    assert plan(resource, created, desired(resource, first, exact=exact)) is None
    assert {option: creation.after[option] for option in created.values} == created.values
    second |= {field.option: first.get(field.option) for field in resource.fields if not field.mutable}
    created = dataclasses.replace(created, raw={**created.raw, "New": {"x": 1}})
    wanted = desired(resource, second, exact=exact)
    update = plan(resource, created, wanted)
    if update is None or list(refusals(resource, created, wanted)):
        return
    updated = written(update)
    assert plan(resource, updated, wanted) is None
    assert updated.values == {option: update.after[option] for option in updated.values}
    assert updated.raw["New"] == {"x": 1}
    # The server's default of a rule's protocol is there beside a port list, which excludes one.
    if resource is not RULE and not exact and not list(value_problems(resource, created.values)):
        assert list(value_problems(resource, updated.values)) == []
    unmanaged = {
        option: value for option, value in created.values.items() if _stays(resource.by_option[option], second)
    }
    assert exact or unmanaged == {option: updated.values[option] for option in unmanaged}


def _stays(field: Field, given: Values) -> bool:
    """Whether an option keeps its value if these are given."""
    excluded = any(given.get(other) for other in field.excludes)
    return given.get(field.option) is None and field.has_meaning(given) and not excluded


EQUAL = [
    (
        PREFIXES,
        {"PrefixList": ["10.0.0.0/8", "192.0.2.0/24"]},
        {"prefixes": ["192.0.2.0/24", "10.0.0.0/255.0.0.0"]},
    ),
    (
        PREFIXES,
        {"PrefixList": ["10.0.0.0/8"], "Description": "x", "UpdateToken": "1"},
        {"prefixes": ["10.0.0.0/8"]},
    ),
    (PREFIXES, {"PrefixList": ["10.0.0.0/8"]}, {"prefixes": ["10.0.0.0/8"], "audit_comment": "again"}),
    (PREFIXES, {"PrefixList": ["10.0.0.0/8"]}, {"description": ""}),
    (RULE, {"Applications": ["Any"]}, {**MATCH, "source": {"cidrs": ["any"]}, "action": None}),
    (RULE, {"Protocol": "Any"}, {"protocol": "any", "category": {}, "tags": {}}),
    (RULE, {"ProtPortList": ["TCP:443"]}, {"prot_port_list": ["tcp: 443"], "enabled": True}),
    (RULESTACK_RESOURCE, {}, {"profiles": {"anti_virus": "bestpractice", "url_filtering": "None"}}),
    (RULESTACK_RESOURCE, {"Scope": "local"}, {"scope": "Local"}),
]


def test_what_means_the_same_is_no_change() -> None:
    assert [found for resource, raw, values in EQUAL if (found := planned(resource, raw, values))] == []


@pytest.mark.parametrize(
    ("resource", "raw", "values", "changed", "body"),
    [
        (
            PREFIXES,
            {"Description": "x", "PrefixList": ["10.0.0.0/8"], "Operation": "add", "New": 1},
            {"description": "", "audit_comment": "why"},
            ("description",),
            {"Description": "", "PrefixList": ["10.0.0.0/8"], "New": 1, "AuditComment": "why", "UpdateToken": "7"},
        ),
        (
            RULE,
            {"RuleName": "one", "Protocol": "any", "Source": {"Cidrs": ["any"], "New": 1}},
            {"prot_port_list": ["TCP:443"], "source": {"countries": ["us"]}},
            ("prot_port_list", "source"),
            {
                "RuleEntry": {
                    **{"RuleName": "one", "Source": {"Cidrs": [], "New": 1, "Countries": ["US"]}},
                    **{"ProtPortList": ["TCP:443"], "UpdateToken": "7"},
                }
            },
        ),
        (
            RULESTACK_RESOURCE,
            {"Profiles": {"AntiVirusProfile": "custom", "New": 1}, "tags": []},
            {"profiles": {"anti_spyware": "custom"}, "tags": {"a": "b"}},
            ("profiles", "tags"),
            {
                "RuleStackEntry": {
                    "Profiles": {"AntiVirusProfile": "custom", "AntiSpywareProfile": "custom", "New": 1},
                    "UpdateToken": "7",
                }
            },
        ),
        (
            CERTIFICATE,
            {"CertificateSignerArn": "arn:aws:acm:us-east-1:123456789012:certificate/a"},
            {"self_signed": True},
            ("self_signed",),
            {"CertificateSelfSigned": True, "UpdateToken": "7"},
        ),
        (
            FEED,
            {"Frequency": "DAILY", "Time": 5},
            {"frequency": "HOURLY"},
            ("frequency",),
            {"Frequency": "HOURLY", "UpdateToken": "7"},
        ),
    ],
    ids=lambda value: value.kind if isinstance(value, Resource) else "",
)
def test_update_is_of_the_whole_object_without_the_servers_own_keys(
    resource: Resource, raw: dict[str, Any], values: Values, changed: tuple[str, ...], body: dict[str, Any]
) -> None:
    update = change_of(planned(resource, raw, values))
    assert (update.operation, sorted(update.options), update.body) == ("update", sorted(changed), body)


def test_exact_plan_returns_omitted_options_to_their_defaults() -> None:
    match = {"Applications": ["any"], "Action": "Allow"}
    other = {
        "Description": "x",
        "Enabled": False,
        "Logging": False,
        "Protocol": "any",
        "NegateSource": True,
        "Tags": [{"Key": "a"}],
    }
    update = change_of(planned(RULE, {**match, **other}, MATCH, exact=True))
    assert sorted(update.options) == ["description", "enabled", "logging", "negate_source", "protocol", "tags"]
    assert update.after == {"priority": 100, **values_of(RULE.fields, {**match, "Logging": True})}
    assert planned(RULE, {**match, **other}, MATCH) is None


def test_creation_has_the_initial_values_and_the_name() -> None:
    creation = change_of(plan(RULE, None, desired(RULE, MATCH)))
    assert creation.body == {
        "Priority": 100,
        "RuleEntry": {
            **{"RuleName": "one", "Enabled": True, "Source": {"Cidrs": ["any"]}, "NegateSource": False},
            **{"Destination": {"Cidrs": ["any"]}, "NegateDestination": False, "Applications": ["any"]},
            **{"Action": "Allow", "Logging": True},
        },
    }
    assert (creation.before, creation.after and creation.after["priority"]) == (None, 100)
    rulestack = change_of(plan(RULESTACK_RESOURCE, None, desired(RULESTACK_RESOURCE, {"tags": {"a": "b"}})))
    defaults = {
        f"{name}Profile": "BestPractice" for name in ("AntiSpyware", "AntiVirus", "Vulnerability", "FileBlocking")
    }
    assert rulestack.body == {
        "RuleStackName": "one",
        "RuleStackEntry": {"Scope": "Local", "Profiles": {**defaults, "URLFilteringProfile": "None"}},
    }
    assert (rulestack.after or {})["tags"] == {"a": "b"}


def test_move_creates_the_whole_rule_at_its_new_priority() -> None:
    raw = {"RuleName": "one", "Action": "Allow", "Source": {"New": 1}, "New": 2, "UpdateToken": "7"}
    wanted = Desired(("web", "LocalRule", "50"), "one", {"action": "DenySilent"})
    move = change_of(plan(RULE, observed(RULE, raw), wanted))
    entry = {"RuleName": "one", "Action": "DenySilent", "Source": {"New": 1}, "New": 2}
    assert (move.operation, move.options) == ("move", ("priority", "action"))
    assert move.body == {"Priority": 50, "RuleEntry": entry}
    assert (move.before or {})["priority"] == 100
    assert (move.after or {})["priority"] == 50


def test_removal_is_planned_only_of_what_exists() -> None:
    assert plan(PREFIXES, None, desired(PREFIXES, None)) is None
    removal = change_of(planned(PREFIXES, {"PrefixList": ["10.0.0.0/8"]}, None))
    assert (removal.operation, removal.after, removal.body) == ("delete", None, None)
    reset = change_of(planned(OVERRIDE, {"Action": "block", "New": 1}, None))
    assert reset.body == {"Action": "none", "New": 1, "UpdateToken": "7"}
    assert planned(OVERRIDE, {"Action": "none"}, None) is None
    assert plan(OVERRIDE, None, desired(OVERRIDE, {"action": "none"})) is None


@pytest.mark.parametrize(
    ("resource", "raw", "values", "refused"),
    [
        (PREFIXES, None, {}, {"prefixes": "is required to create the prefix list."}),
        (
            RULE,
            None,
            {"action": "Allow", "source": {}, "destination": {}},
            {"applications": "is required to create the"},
        ),
        (
            RULESTACK_RESOURCE,
            {"Scope": "Local"},
            {"scope": "Global"},
            {"scope": "cannot change after creation; it is 'Local'"},
        ),
        (RULESTACK_RESOURCE, {"Description": "x"}, {"description": ""}, {"description": "cannot be emptied"}),
        (RULESTACK_RESOURCE, {}, {"description": "", "scope": "local"}, {}),
        (PREFIXES, {"PrefixList": ["10.0.0.0/8"]}, {"prefixes": []}, {"prefixes": "cannot be emptied"}),
        (IN_RULESTACK["file_blocking"], {"Action": "block"}, None, {"file_type": "cannot be removed"}),
        (IN_RULESTACK["file_blocking"], None, None, {}),
    ],
)
def test_what_the_api_cannot_do_is_refused(
    resource: Resource, raw: dict[str, Any] | None, values: Values | None, refused: dict[str, str]
) -> None:
    found = dict(refusals(resource, None if raw is None else observed(resource, raw), desired(resource, values)))
    assert found.keys() == refused.keys()
    assert [option for option, text in refused.items() if text not in found[option]] == []


def test_resources_are_named_with_their_place() -> None:
    assert title(RULESTACK_RESOURCE, ("web",), "web") == "rulestack 'web'"
    assert title(PREFIXES, ("web", "a"), "a") == "prefix list 'a' in rulestack 'web'"
    assert title(RULE, ("web", "LocalRule", "5"), "a") == "security rule 'a' in LocalRule of rulestack 'web'"
