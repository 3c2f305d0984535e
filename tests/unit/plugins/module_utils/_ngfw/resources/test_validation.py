# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Problems of options: all of them at once, each with its place."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.catalog import (
    IN_RULESTACK,
    RULESTACK_RESOURCE,
)
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.validation import (
    InvalidOptions,
    Problem,
    name_problems,
    refuse,
    value_problems,
)

ARN = "arn:aws:acm:us-east-1:123456789012:certificate/a"


@pytest.mark.parametrize(
    ("section", "values", "problems"),
    [
        (
            "rules",
            {"source": {"cidrs": ["10.0.0.0/8", "10.0.0.1/8"]}},
            ["source > cidrs[1] is '10.0.0.1/8': it has host"],
        ),
        ("rules", {"applications": []}, ["applications is empty: the API requires at least one."]),
        (
            "rules",
            {"protocol": "any", "prot_port_list": ["TCP:1"]},
            ["prot_port_list must not be set together with 'pro"],
        ),
        ("rules", {"protocol": ""}, ["protocol is '': it is not one of application-default, any"]),
        ("rules", {"prot_port_list": ["443"]}, ["prot_port_list[0] is '443': it is not a protocol with ports"]),
        ("rules", {"action": "", "decryption_rule_type": ""}, ["action is '', not one of Allow, DenySilent"]),
        (
            "rules",
            {"description": "x" * 513, "audit_comment": ""},
            ["description has 513 characters; 512 are allowed."],
        ),
        ("feeds", {"frequency": "hourly", "time": 0}, ["time is only valid with 'frequency: DAILY'."]),
        (
            "feeds",
            {"frequency": "daily", "time": 24, "url": ""},
            ["url is '': it is not an", "time is 24, not between 0"],
        ),
        (
            "certificates",
            {"self_signed": True, "signer_arn": ARN},
            ["self_signed must not be set together with 'signer"],
        ),
        ("certificates", {"self_signed": False, "signer_arn": ARN}, []),
        (
            "prefix_lists",
            {"prefixes": ["any", "::/0"]},
            ["prefixes[0] is 'any': it 'any' is not", "prefixes[1] is '::/0'"],
        ),
        ("custom_url_categories", {"urls": ["", "a b"]}, ["urls[0] is ''", "urls[1] is 'a b'"]),
        (
            "",
            {"account_id": "1", "account_group": "a"},
            ["account_id is '1'"],
        ),
        (
            "",
            {"profiles": {"anti_virus": "best"}},
            ["profiles > anti_virus is 'best', not one of BestPractice, custom."],
        ),
    ],
)
def test_invalid_values_are_reported(section: str, values: dict[str, Any], problems: list[str]) -> None:
    resource = IN_RULESTACK.get(section, RULESTACK_RESOURCE)
    found = sorted(map(str, value_problems(resource, values)))
    assert len(found) == len(problems)
    assert [text for text in problems if not any(one.startswith(text) for one in found)] == []


def test_names_are_checked_by_kind() -> None:
    prefixes, category = IN_RULESTACK["prefix_lists"], IN_RULESTACK["custom_url_categories"]
    assert list(map(str, name_problems(prefixes, "", "name"))) == ["name is missing."]
    assert list(map(str, name_problems(prefixes, "a" * 59, "name"))) == ["name has 59 characters; 58 are allowed."]
    assert "does not start with a letter" in str(next(name_problems(category, "1a", "name")))
    assert list(name_problems(category, "a-1", "name")) == []


def test_all_problems_are_one_error() -> None:
    refuse([])
    with pytest.raises(InvalidOptions) as one:
        refuse([Problem("priority", "is 0.")])
    assert str(one.value) == "Invalid option: priority is 0. Nothing was changed. Correct the options, then run again."
    with pytest.raises(InvalidOptions) as two:
        refuse(iter([Problem("a", "is 0."), Problem("b", "is 1.")]))
    assert str(two.value).splitlines()[:3] == ["2 options are invalid:", "- a is 0", "- b is 1"]
    result = two.value.as_result()
    assert result["error"]["kind"] == "invalid_input"
    assert result["error"]["problems"] == [{"place": "a", "text": "is 0."}, {"place": "b", "text": "is 1."}]
