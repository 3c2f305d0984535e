# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lint as a task: types of documents, their mistakes, suppressions, and what fails."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.panw.cloud.plugins.module_utils._module.rulestack_lint import spec, work
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.lint.findings import LintFailed
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.validation import InvalidOptions

DENY = {"source": {}, "destination": {}, "applications": ["any"], "action": "DenySilent"}
FEEDS = [{"name": "bad", "url": "https://feeds.example.com", "type": "IP_LIST", "frequency": "HOURLY"}]


def document(*rules: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": "web", "rules": [{**DENY, **rule} for rule in rules], **more}


def lint(*rulestacks: dict[str, Any], **options: Any) -> dict[str, Any]:
    """Options as Ansible's module object passes them on."""
    checked = ArgumentSpecValidator(spec()).validate({"rulestacks": list(rulestacks), **options})
    assert checked.error_messages == []
    return work(checked.validated_parameters)


def test_documents_without_findings_succeed() -> None:
    assert lint(document({"name": "deny"}), {"name": "empty"}) == {
        "changed": False,
        "findings": [],
        "counts": {"error": 0, "warning": 0, "info": 0},
        "suppressed": 0,
        "unused_suppressions": [],
    }


def test_findings_are_in_the_order_of_documents() -> None:
    rules = ({"name": "deny"}, {"name": "again"})
    found = lint(document(*rules, feeds=FEEDS), {**document(*rules), "name": "api"})["findings"]
    assert [(one["rulestack"], one["id"]) for one in found] == [
        ("web", "duplicate-rule"),
        ("web", "unused-object"),
        ("api", "duplicate-rule"),
    ]


def test_values_are_converted_as_by_the_module_that_applies_them() -> None:
    rules = ({"name": "off", "enabled": "no"}, {"name": 1, "priority": "7"})
    assert lint(document({**rules[0], "priority": "3"}, rules[1]))["findings"] == []


def test_errors_fail_unless_the_task_says_otherwise() -> None:
    shadowed = document({"name": "deny"}, {"name": "allow", "applications": ["ssl"], "action": "Allow"})
    with pytest.raises(LintFailed, match=r"rules\[1\] allow can never match"):
        lint(shadowed)
    assert lint(shadowed, fail_on="none")["counts"]["error"] == 1
    suppressed = lint(shadowed, suppress=[{"id": "shadowed-rule", "name": "allow"}])
    assert (suppressed["findings"], suppressed["suppressed"]) == ([], 1)


def test_warnings_fail_on_request_only() -> None:
    duplicate = document({"name": "deny"}, {"name": "again"})
    assert lint(duplicate)["counts"] == {"error": 0, "warning": 1, "info": 0}
    with pytest.raises(LintFailed, match="duplicate-rule"):
        lint(duplicate, fail_on="warning")


def test_suppression_without_a_finding_is_reported() -> None:
    suppress = [{"id": "unused-object", "section": "feeds"}, {"id": "empty-list"}]
    assert lint(document({"name": "deny"}, feeds=FEEDS), suppress=suppress)["unused_suppressions"] == suppress[1:]


def test_mistakes_of_documents_are_all_reported_before_any_finding() -> None:
    rule = {"name": "one", "source": {"cidrs": ["10.0.0.1/8"]}, "action": "Drop", "prot_port_list": ["443"]}
    with pytest.raises(InvalidOptions) as failure:
        lint(document(rule, {"name": "two", "priority": 1}))
    assert [problem.place for problem in failure.value.problems] == [
        "rulestacks[0] web > rules[0] one > source > cidrs[0]",
        "rulestacks[0] web > rules[0] one > prot_port_list[0]",
        "rulestacks[0] web > rules[0] one > action",
        "rulestacks[0] web > rules[0] one > priority",
    ]


def test_document_without_a_name_is_refused() -> None:
    with pytest.raises(InvalidOptions, match="name is missing"):
        lint({"rules": []})
