# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The AWX patterns, tested without AWX: valid awx.awx arguments, existing playbooks, and surveys for existing variables."""

from __future__ import annotations

import functools
import importlib
import itertools
from pathlib import Path
from typing import Any

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible_collections.awx.awx.plugins.module_utils.controller_api import ControllerAPIModule, ControllerModule

ROOT = Path(__file__).resolve().parents[2]
PATTERNS = ROOT / "extensions/patterns"
COLLECTION = "{{ pattern_collection }}."


@functools.cache
def load(path: Path) -> Any:
    return DataLoader().load_from_file(str(path))


def tasks() -> list[tuple[str, dict[str, Any]]]:
    """The tasks that call a module of the awx.awx collection, and their files."""
    found = [
        (path.name, task)
        for path in sorted(PATTERNS.glob("shared/**/*.yml"))
        if isinstance(load(path), list)
        for entry in load(path)
        for task in entry.get("block", [entry])
    ]
    return [(where, task) for where, task in found if task.get("action", "").startswith(COLLECTION)]


def surveys() -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{path.parents[1].name}/{path.stem}", load(path))
        for path in sorted(PATTERNS.glob("*/template_surveys/*.yml"))
    ]


def controllers() -> list[tuple[str, dict[str, Any]]]:
    """The variables of the plays of each pattern."""
    found = []
    for path in sorted(PATTERNS.glob("*/setup.yml")):
        (play,) = load(path)
        described: dict[str, Any] = {}
        for file in play["vars_files"]:
            described |= load(path.parent / file)
        found.append((path.parent.name, described))
    return found


class Reported(Exception):
    """A module has reported its argument specification."""


def specification(module: str) -> dict[str, Any]:
    """The arguments of a module, as its code passes them to Ansible."""

    def tell(self: Any, argument_spec: dict[str, Any], **_rest: Any) -> None:
        raise Reported({**ControllerModule.AUTH_ARGSPEC, **argument_spec})

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ControllerAPIModule, "__init__", tell)
        with pytest.raises(Reported) as reported:
            importlib.import_module(f"ansible_collections.awx.awx.plugins.modules.{module}").main()
    (spec,) = reported.value.args
    return spec


@pytest.mark.parametrize(
    ("where", "task"), tasks(), ids=lambda value: value if isinstance(value, str) else value["action"]
)
def test_task_arguments_match_awx_modules(where: str, task: dict[str, Any]) -> None:
    spec = specification(task["action"].removeprefix(COLLECTION))
    assert set(task["args"]) <= set(spec)
    assert {name for name, option in spec.items() if option.get("required")} <= set(task["args"])
    for name, value in task["args"].items():
        if "choices" in spec[name] and "{{" not in str(value):
            assert value in spec[name]["choices"]


def test_every_created_object_is_removed() -> None:
    made, removed = set(), set()
    for where, task in tasks():
        module = task["action"].removeprefix(COLLECTION)
        (removed if task["args"].get("state") == "absent" else made).add(module)
        assert (task["args"].get("state") == "absent") <= where.startswith("absent")
    goes_with_others = {"inventory_source", "inventory_source_update", "label", "role", "workflow_job_template_node"}
    assert made - removed == goes_with_others


@pytest.mark.parametrize(("pattern", "described"), controllers())
def test_each_job_template_playbook_exists(pattern: str, described: dict[str, Any]) -> None:
    for template in described["pattern_job_templates"]:
        assert (ROOT / "playbooks" / template["playbook"]).is_file()
        if "survey" in template:
            assert (PATTERNS / pattern / "template_surveys" / template["survey"]).is_file()


def test_each_playbook_has_a_job_template() -> None:
    used = {
        template["playbook"] for _name, described in controllers() for template in described["pattern_job_templates"]
    }
    # What an export writes would end with the job's container, and a scan is about the hosts of other inventories.
    others = {"demo.yml", "export_rulestacks.yml", "scan_files.yml"}
    assert used == {path.name for path in (ROOT / "playbooks").glob("*.yml")} - others


@pytest.mark.parametrize(("pattern", "described"), controllers())
def test_writing_templates_disallow_simultaneous_runs(pattern: str, described: dict[str, Any]) -> None:
    harmless = {"enable_access.yml", "verify_tokens.yml", "report_tokens.yml", "list_rulestacks.yml"}
    harmless |= {"validate_rulestacks.yml", "plan_rulestacks.yml", "drift_rulestacks.yml"}
    for template in described["pattern_job_templates"]:
        assert template["simultaneous"] == (template["playbook"] in harmless)


@pytest.mark.parametrize(("pattern", "described"), controllers())
def test_workflow_nodes_are_all_reachable_from_the_first(pattern: str, described: dict[str, Any]) -> None:
    templates = {template["name"] for template in described["pattern_job_templates"]}
    for workflow in described["pattern_workflows"]:
        nodes = {node["name"]: node for node in workflow["nodes"]}
        lines = {
            name: [*node.get("success", []), *node.get("failure", []), *node.get("always", [])]
            for name, node in nodes.items()
        }
        assert all(node["template"] in templates for node in nodes.values() if "approval" not in node)
        reached, waiting = set(), [workflow["nodes"][0]["name"]]
        while waiting:
            name = waiting.pop()
            reached.add(name)
            waiting += set(lines[name]) - reached
        assert reached == set(nodes)


@pytest.mark.parametrize(("pattern", "described"), controllers())
def test_credential_secrets_are_secret_fields(pattern: str, described: dict[str, Any]) -> None:
    for kind in described["pattern_credential_types"]:
        for field in kind["inputs"]["fields"]:
            assert field.get("secret", False) == ("secret" in field["id"])


def known_variables() -> dict[str, Any]:
    """Role options by name; the playbooks' own variables have no type."""
    found: dict[str, Any] = {}
    for path in (ROOT / "roles").glob("*/meta/argument_specs.yml"):
        found |= load(path)["argument_specs"]["main"]["options"]
    return found


@pytest.mark.parametrize(("name", "survey"), surveys())
def test_surveys_match_existing_variables_and_their_limits(name: str, survey: dict[str, Any]) -> None:
    known, playbooks = known_variables(), "".join(path.read_text() for path in (ROOT / "playbooks").glob("*.yml"))
    for question in survey["spec"]:
        variable, kind = question["variable"], question["type"]
        assert variable in known or variable in playbooks
        option = known.get(variable, {})
        assert kind != "password"
        assert not {"secret", "token", "key", "password"} & set(variable.removeprefix("manage_tokens_").split("_"))
        assert (option.get("type", "str") == "int") == (kind == "integer")
        if kind == "integer":
            assert question["min"] <= question["default"] <= question["max"]
        if "choices" in option:
            assert set(question["choices"]) <= set(option["choices"])


@pytest.mark.parametrize(("pattern", "described"), controllers())
def test_schedules_answer_the_survey_of_their_template(pattern: str, described: dict[str, Any]) -> None:
    started = {
        one["name"]: one for one in itertools.chain(described["pattern_job_templates"], described["pattern_workflows"])
    }
    for schedule in described["pattern_schedules"]:
        name = started[schedule["template"]].get("survey")
        survey = load(PATTERNS / pattern / "template_surveys" / name) if name else {"spec": []}
        assert set(schedule["answers"]) == {question["variable"] for question in survey["spec"]}


@pytest.mark.parametrize(("pattern", "described"), controllers())
def test_failing_workflow_nodes_lead_to_a_failing_report_or_to_nothing(pattern: str, described: dict[str, Any]) -> None:
    """Otherwise the workflow ends green: AWX treats a failure that leads to another node as handled."""
    for workflow in described["pattern_workflows"]:
        nodes = {node["name"]: node for node in workflow["nodes"]}
        for name, node in nodes.items():
            assert "always" not in node
            for follower in node.get("failure", []):
                assert nodes[follower]["answers"] == {"report_tokens_failed_node": name}
                assert not {"success", "failure", "always"} & set(nodes[follower])


def test_collection_is_named_in_one_place() -> None:
    named = [path for path in PATTERNS.rglob("*.yml") if "awx.awx" in repr(load(path))]
    assert named == [PATTERNS / "shared/settings.yml"]
