# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ngfw_rulestack_directory action plugin without a play: results, findings, problems, and the directory beside the playbook."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible.errors import AnsibleActionFail
from ansible_collections.panw.cloud.tests.helpers.run_action import Action

RULE = "{name: %s, source: {}, destination: {}, applications: [any], action: DenySilent}"
OPTIONS = {"directory": "policy", "account_id": "123456789012", "region": "us-east-1"}


def run(beside: Path, **options: Any) -> dict[str, Any]:
    action = Action("ngfw_rulestack_directory", {**OPTIONS, **options})
    action.task.diff = False
    action.plugin._compute_environment_string = lambda _raw: ""
    action.plugin._loader = SimpleNamespace(path_dwim=lambda path: str(beside / path))
    result = action.run()
    assert action.modules == [], "the action plugin runs no module"
    return result


@pytest.fixture
def beside(tmp_path: Path) -> Path:
    """The directory of the playbook."""
    (tmp_path / "policy/rulestacks").mkdir(parents=True)
    stack = f"rules:\n- {RULE % 'a'}\n- {RULE % 'b'}\n"
    (tmp_path / "policy/rulestacks/web.yml").write_text(
        f"deploy_to: {{groups: '{{{{ for }}}}'}}\n{stack}".replace("{{ for }}", "{{ names }}")
    )
    return tmp_path


def test_rulestacks_are_returned_with_the_findings(beside: Path) -> None:
    result = run(beside, groups=["a"], variables={"names": ["a", "b"]})
    assert [rule["name"] for rule in result["rulestacks"][0]["rules"]] == ["a", "b"]
    assert result["files"] == ["rulestacks/web.yml"]
    (finding,) = result["findings"]
    assert (finding["id"], finding["rulestack"], finding["place"]) == (
        "duplicate-rule",
        "web",
        "rulestacks/web.yml:4 b",
    )
    assert result["counts"] == {"error": 0, "warning": 1, "info": 0}
    assert (result["changed"], result["suppressed"], result["unused_suppressions"]) == (False, 0, [])


def test_findings_fail_on_request_unless_the_file_suppresses_them(beside: Path) -> None:
    options = {"groups": ["a"], "variables": {"names": ["a"]}, "fail_on": "warning"}
    result = run(beside, **options)
    assert (result["failed"], result["error"]["kind"]) == (True, "findings")
    assert "rulestacks/web.yml:4 b " in result["msg"]
    with (beside / "policy/rulestacks/web.yml").open("a") as file:
        file.write("suppress: [{id: duplicate-rule, name: b}, {id: empty-list}]\n")
    result = run(beside, **options)
    assert (result["suppressed"], result["findings"]) == (1, [])
    assert result["unused_suppressions"] == [{"id": "empty-list", "rulestack": "web"}]


def test_no_rulestack_for_the_target_is_no_error(beside: Path) -> None:
    assert run(beside, variables={"names": ["a"]})["rulestacks"] == []


def test_problems_are_all_reported(beside: Path) -> None:
    (beside / "policy/rulestacks/api.yml").write_text("nam: x\nrules: 1\n")
    result = run(beside)
    assert (result["failed"], result["error"]["kind"]) == (True, "invalid_input")
    assert result["error"]["problems"] == [
        {"place": "rulestacks/api.yml:1 api > nam", "text": "is unknown; did you mean 'name'?"},
        {"place": "rulestacks/api.yml:2 api > rules", "text": "is the number 1, not a list."},
        {"place": "rulestacks/web.yml:1", "text": "uses the undefined variable 'names'."},
    ]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"surprise": 1}, "surprise"),
        ({"fail_on": "never"}, "value of fail_on must be one of: error, warning, info, none"),
        ({"variables": "x"}, "variables"),
    ],
)
def test_options_of_wrong_type_or_name_are_rejected(beside: Path, options: dict[str, Any], message: str) -> None:
    with pytest.raises(AnsibleActionFail, match=message):
        run(beside, **options)


def test_required_options_that_are_null_are_refused(beside: Path) -> None:
    """They pass the check of ansible-core 2.19 and newer."""
    try:
        found = run(beside, directory=None, account_id=None, region=None)["error"]["problems"]
    except AnsibleActionFail as refusal:
        named = {name for name in OPTIONS if f"'{name}'" in str(refusal)}
    else:
        named = {problem["place"] for problem in found}
    assert named == set(OPTIONS)


def test_what_ansible_has_tagged_becomes_plain(beside: Path) -> None:
    class Tagged(str):
        """A text of ansible-core 2.19 and newer."""

        __slots__ = ()

    result = run(beside, groups=[Tagged("a")], variables={"names": [Tagged("a")]}, region=Tagged("us-east-1"))
    assert len(result["rulestacks"]) == 1


def test_whole_rulestacks_are_checked_for_references_and_required_options(beside: Path) -> None:
    file = beside / "policy/rulestacks/web.yml"
    file.write_text(
        "rules:\n  - name: a\n    source: {prefix_lists: [typo]}\n    destination: {}\n    applications: [any]\n"
    )
    result = run(beside)
    assert (result["failed"], result["error"]["kind"]) == (True, "invalid_input")
    assert (
        "rulestacks/web.yml:3 a > source > prefix_lists refers to the prefix list 'typo', which does not exist"
        in result["msg"]
    )
    assert "rulestacks/web.yml:2 a > action is required to create the security rule" in result["msg"]
    assert len(run(beside, state="merged")["rulestacks"]) == 1
