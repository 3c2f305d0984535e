# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lint in a play: of a rulestack that was read, and in a pipeline without any connection or credentials."""

from __future__ import annotations

from typing import Any

ANYWHERE = {"cidrs": ["any"]}
DENY = {"name": "deny", "source": ANYWHERE, "destination": ANYWHERE, "applications": ["any"], "action": "DenySilent"}
ALLOW = {**DENY, "name": "allow", "applications": ["ssl"], "action": "Allow"}
DOCUMENT = {
    "name": "lint",
    "prefix_lists": [{"name": "unused", "prefixes": ["10.0.0.0/8"]}],
    "rules": [DENY, ALLOW],
}


def lint(name: str, rulestacks: Any, **options: Any) -> dict[str, Any]:
    return {"name": name, "panw.cloud.ngfw_rulestack_lint": {"rulestacks": rulestacks, **options}}


def test_findings_on_a_document_and_on_what_was_read_are_the_same(services: Any, controller: Any) -> None:
    """The defaults of the action group do not get in the way of a module without connection options."""
    config = "panw.cloud.ngfw_rulestack_config"
    tasks = [
        lint("given", [DOCUMENT], fail_on="none"),
        {"name": "apply", config: {"rulestacks": [DOCUMENT], "commit": False}},
        {"name": "gather", config: {"rulestacks": [{"name": "lint"}], "state": "gathered"}, "register": "existing"},
        lint("read", "{{ existing.gathered }}", fail_on="none"),
        {"name": "remove", config: {"rulestacks": [{"name": "lint"}], "state": "deleted"}},
    ]
    defaults = {"group/panw.cloud.ngfw": {"region": "us-east-1", "role_arn": services.role_arn}}
    run = controller.play({"name": "block", "module_defaults": defaults, "block": tasks})
    assert run.returncode == 0, run.output
    given, read = run.results["given"], run.results["read"]
    assert [(one["id"], one["name"]) for one in given["findings"]] == [
        ("shadowed-rule", "allow"),
        ("unused-object", "unused"),
    ]
    assert (given["findings"], given["counts"]) == (read["findings"], read["counts"])


def test_pipeline_without_credentials_fails_with_all_findings(controller: Any) -> None:
    unreachable = {"NGFW_URL": "https://127.0.0.1:1", "AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}
    run = controller.play(lint("lint", [DOCUMENT]), **unreachable)
    assert run.returncode == 2, run.output
    assert "rules[1] allow can never match: all its sessions match rule 'deny' before it (shadowed-rule)" in run.output
    assert run.results["lint"]["counts"] == {"error": 1, "warning": 1, "info": 0}
    suppress = [{"id": "shadowed-rule", "rulestack": "lint", "name": "allow"}]
    accepted = controller.play(lint("lint", [DOCUMENT], suppress=suppress), **unreachable)
    assert accepted.returncode == 0, accepted.output
    assert accepted.results["lint"]["suppressed"] == 1
