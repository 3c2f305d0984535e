# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests that the vendor's Terraform provider 3.0.4 sent for a rulestack with a prefix list, a rule, an override and a commit.

They were recorded from the unchanged provider: create, then a changed description and tag, then destroy. Its calls for firewalls
and accounts are left out.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

RECORDINGS = Path(__file__).with_name("recordings")
STACK = "/v1/config/rulestacks/tf-all"


def replay(world, headers, part):
    """Send the requests of one part and return the responses; the provider accepts only success."""
    lines = (RECORDINGS / f"terraform-3.0.4-rulestacks-{part}.jsonl").read_text(encoding="utf-8").splitlines()
    responses = []
    for line in lines:
        call = json.loads(line)
        answer = world.send(call["method"], call["path"], headers, call["body"])
        assert (answer.status_code, answer.json()["ResponseStatus"]["ErrorCode"]) == (200, 0), (call, answer.text)
        responses.append((f"{call['method']} {call['path']}", answer.json().get("Response")))
    assert responses
    return responses


def last(responses, call):
    return [content for name, content in responses if name == call][-1]


@pytest.mark.parametrize("seconds", [0, None])
def test_life_of_a_rulestack_that_terraform_manages(world, seconds):
    world.admin("PUT", "/rulestacks", {"commit_seconds": seconds})
    headers = world.token("rulestack")
    created = replay(world, headers, "create")
    commit = last(created, f"GET {STACK}/commit")
    assert commit["CommitStatus"] == ("Success" if seconds == 0 else "Pending")
    world.admin("POST", "/rulestacks/settle")
    assert world.content(STACK, headers)["RuleStackState"] == "Running"
    updated = replay(world, headers, "update")
    entry = last(updated, f"GET {STACK}?candidate=true")["RuleStackCandidate"]
    assert (entry["Description"], entry["Tags"]) == ("two", [{"Key": "env", "Value": "two"}])
    assert last(updated, f"GET {STACK}")["RuleStackState"] == "Uncommitted"
    replay(world, headers, "destroy")
    world.admin("POST", "/rulestacks/settle")
    assert "does not exist" in world.refused("GET", f"{STACK}?running=true", headers)
