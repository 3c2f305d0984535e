# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The option rulestacks: types as Ansible converts them, and a place for each value that cannot be converted."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.panw.cloud.plugins.module_utils._module.documents import DOCUMENT, checked
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.document import lenient
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.plan_file import without_none
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.validation import InvalidOptions


def problems(*rulestacks: Any) -> list[str]:
    with pytest.raises(InvalidOptions) as failure:
        checked(rulestacks)
    return list(map(str, failure.value.problems))


def test_every_wrong_type_and_unknown_key_is_reported_with_its_place() -> None:
    rules = [
        {"name": "r", "priority": "ten", "source": 5, "action": "Allow", "loging": True, "logging": "perhaps"},
        {
            "name": "s",
            "priority": True,
            "source": {"cidr": ["any"], "countries": [None, {"US": 1}]},
            "tags": {"a": None, "b": [1]},
        },
        {"name": ["t"], "audit_comment": {"a": 1}},
        7,
        {"name": "u", "priority": float("inf")},
    ]
    web = {"name": "web", "account_id": ["1"], "prefix_lists": {"name": "p"}, "feeds": None, "rules": rules, "extra": 1}
    assert problems(web, "other", {"name": 5, "profiles": []}) == [
        "rulestacks[0] web > prefix_lists is a mapping, not a list.",
        "rulestacks[0] web > rules[0] r > priority is the text 'ten', not a whole number.",
        "rulestacks[0] web > rules[0] r > source is the number 5, not a mapping.",
        "rulestacks[0] web > rules[0] r > loging is unknown; did you mean 'logging'?",
        "rulestacks[0] web > rules[0] r > logging is the text 'perhaps', not true or false.",
        "rulestacks[0] web > rules[1] s > priority is the boolean true, not a whole number.",
        "rulestacks[0] web > rules[1] s > source > cidr is unknown; did you mean 'cidrs'?",
        "rulestacks[0] web > rules[1] s > source > countries[0] is empty, not a text.",
        "rulestacks[0] web > rules[1] s > source > countries[1] is a mapping, not a text.",
        "rulestacks[0] web > rules[1] s > tags > a is empty, not a text.",
        "rulestacks[0] web > rules[1] s > tags > b is a list, not a text.",
        "rulestacks[0] web > rules[2] > name is a list, not a text.",
        "rulestacks[0] web > rules[2] > audit_comment is a mapping, not a text.",
        "rulestacks[0] web > rules[3] is the number 7, not a mapping.",
        "rulestacks[0] web > rules[4] u > priority is the number inf, not a whole number.",
        "rulestacks[0] web > account_id is a list, not a text.",
        "rulestacks[0] web > extra is unknown.",
        "rulestacks[1] is the text 'other', not a mapping.",
        "rulestacks[2] 5 > profiles is a list, not a mapping.",
    ]


def test_problems_of_types_and_of_values_are_reported_together() -> None:
    lists = [{"name": "p", "prefixes": 8.5}, {"name": "q", "prefixes": ["10.0.0.1/8"], "descripton": ""}]
    assert problems({"name": "web", "prefix_lists": lists}) == [
        "rulestacks[0] web > prefix_lists[1] q > descripton is unknown; did you mean 'description'?",
        "rulestacks[0] web > prefix_lists[0] p > prefixes[0] is '8.5': it is not an IPv4 CIDR block such as 10.0.0.0/8.",
        "rulestacks[0] web > prefix_lists[1] q > prefixes[0] is '10.0.0.1/8': it has host bits set; the network is 10.0.0.0/8.",
    ]


def test_values_are_converted_as_ansible_converts_options() -> None:
    rule = {
        "name": 443,
        "priority": "10",
        "source": {"cidrs": "10.0.0.0/8,192.0.2.0/24"},
        "destination": '{"fqdn_lists": ["out"]}',
        "applications": "any",
        "action": "Allow",
        "logging": "yes",
        "negate_source": 0,
        "tags": "team=network",
        "audit_comment": 5.5,
    }
    feed = {"name": "f", "url": "https://example.com", "type": "IP_LIST", "frequency": "DAILY", "time": 3.0}
    given = {"name": "web", "account_id": "123456789012", "feeds": [feed], "rules": [rule], "pre_rules": None}
    spec = {"rulestacks": {**lenient(DOCUMENT), "type": "list", "elements": "dict"}}
    theirs = ArgumentSpecValidator(spec).validate({"rulestacks": [given]})
    assert theirs.error_messages == []
    (ours,), (document,) = checked([given])
    assert {"scope": "local", **ours} == without_none(theirs.validated_parameters["rulestacks"][0])
    assert document.sections["rules"][0].priority == 10
