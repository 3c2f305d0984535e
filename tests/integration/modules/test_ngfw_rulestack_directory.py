# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A directory of rulestacks in plays: without any connection, and applied as it was read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

RULE = {
    "source": {"cidrs": ["any"]},
    "destination": {"cidrs": ["any"]},
    "applications": ["any"],
    "action": "DenySilent",
}
UNREACHABLE = {"NGFW_URL": "https://127.0.0.1:1", "AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}


def write(directory: Path, **files: Any) -> None:
    """Write files as JSON, which is YAML without aliases. :param files: by path, with two underscores for a slash."""
    for name, content in files.items():
        file = directory / f"{name.replace('__', '/')}.yml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(content, indent=1))


def read(name: str, **options: Any) -> dict[str, Any]:
    target = {"directory": "policy", "account_id": "123456789012", "region": "us-east-1"}
    return {"name": name, "panw.cloud.ngfw_rulestack_directory": {**target, **options}, "register": "policy"}


def test_directory_beside_the_playbook_is_read_and_applied(services: Any, controller: Any) -> None:
    stack = {"rules": [{"include": "shared/rules.yml"}], "prefix_lists": [{"name": "a", "prefixes": "{{ prefixes }}"}]}
    rules = [{"name": "{{ prefix }}-{{ region }}", **RULE, "source": {"prefix_lists": ["a"]}}]
    write(controller.home / "policy", rulestacks__directory=stack, shared__rules=rules, variables__all={"prefix": "x"})
    config = "panw.cloud.ngfw_rulestack_config"
    connection = {"region": "us-east-1", "role_arn": services.role_arn}
    tasks = [
        {"name": "fact", "ansible.builtin.set_fact": {"office": ["10.0.0.0/8"]}},
        read("read", variables={"prefixes": "{{ office }}"}, fail_on="info"),
        {"name": "apply", config: {**connection, "rulestacks": "{{ policy.rulestacks }}"}},
        {"name": "again", config: {**connection, "rulestacks": "{{ policy.rulestacks }}"}},
        {"name": "remove", config: {**connection, "rulestacks": [{"name": "directory"}], "state": "deleted"}},
    ]
    run = controller.play(*tasks)
    assert run.returncode == 0, run.output
    assert run.results["read"]["files"] == ["rulestacks/directory.yml", "shared/rules.yml", "variables/all.yml"]
    assert run.results["read"]["rulestacks"] == [
        {
            "name": "directory",
            "prefix_lists": [{"name": "a", "prefixes": ["10.0.0.0/8"]}],
            "rules": [{"name": "x-us-east-1", **RULE, "source": {"prefix_lists": ["a"]}}],
        }
    ]
    assert (run.results["apply"]["changed"], run.results["again"]["changed"]) == (True, False)


def test_pipeline_without_credentials_fails_with_all_problems(controller: Any) -> None:
    """Variables of Ansible are not known in the files."""
    stacks = {
        "rulestacks__a": {"nam": "x", "rules": [{"name": "r", **RULE}]},
        "rulestacks__b": {"tags": {"t": "{{ secret }}"}},
    }
    write(controller.home / "policy", **stacks)
    run = controller.play({**read("read"), "vars": {"secret": "not for plans"}}, **UNREACHABLE)
    assert run.returncode == 2, run.output
    assert [problem["place"] for problem in run.results["read"]["error"]["problems"]] == [
        "rulestacks/a.yml:2 a > nam",
        "rulestacks/b.yml:3",
    ]
    assert "uses the undefined variable 'secret'" in run.output
    assert "not for plans" not in run.output


def test_findings_have_the_place_in_the_files(controller: Any) -> None:
    write(controller.home / "policy", rulestacks__a={"rules": [{"name": name, **RULE} for name in ("one", "two")]})
    run = controller.play(read("read", fail_on="warning"), **UNREACHABLE)
    assert run.returncode == 2, run.output
    assert [finding["place"] for finding in run.results["read"]["findings"]] == ["rulestacks/a.yml:20 two"]
