# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ngfw_rulestack_commit, run as a module against servers on loopback."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.panw.cloud.tests.helpers.fake_rulestacks import FakeRulestacks
from ansible_collections.panw.cloud.tests.helpers.fakes import KEY, TOKEN
from ansible_collections.panw.cloud.tests.helpers.run_module import Cloud, failed, run

OURS = {"section": "prefix_lists", "name": "one"}


def changed(*names: str) -> FakeRulestacks:
    """A committed rulestack with new prefix lists."""
    fake = FakeRulestacks({"/web": {}})
    fake.commit("web")
    for name in names:
        fake.put(f"/web/prefixlists/{name}", {"PrefixList": ["10.0.0.0/8"]})
    return fake


def ended(fake: FakeRulestacks, check: bool = False, **options: Any) -> dict[str, Any]:
    with Cloud(rulestacks=fake) as cloud:
        held = {"token": TOKEN, "subscription_key": KEY, "rulestack": "web"}
        return run("ngfw_rulestack_commit", {**cloud.options, **held, **options}, check=check)


@pytest.mark.parametrize(
    ("state", "write"), [("committed", "commit"), ("reverted", "revert"), ("validated", "validate")]
)
def test_expected_changes_are_committed_reverted_or_validated(state: str, write: str) -> None:
    fake = changed("one")
    predicted = ended(fake, check=True, state=state, changes=[OURS])
    assert (predicted["changed"], fake.writes) == (state != "validated", [])
    result = ended(fake, state=state, changes=[OURS])
    assert result["changes"] == predicted["changes"] == [{**OURS, "operation": "add"}]
    assert (result["changed"], fake.writes) == (state != "validated", [f"POST /web/{write}"])
    assert (state == "validated") == (fake.entries != fake.running)
    assert ended(fake, state="committed", include_other_changes=True)["changed"] == (state == "validated")


@pytest.mark.parametrize("state", ["committed", "reverted"])
def test_changes_of_others_are_refused(state: str) -> None:
    fake = changed("one", "theirs")
    result = failed(ended(fake, state=state, changes=[OURS]))
    assert result["error"]["kind"] == "conflict"
    assert "add of prefix list 'theirs' in rulestack 'web'" in result["msg"]
    assert fake.writes == []
    assert ended(fake, state=state, include_other_changes=True)["changed"]
    assert fake.entries == fake.running


def test_failed_commit_maps_its_messages() -> None:
    fake = changed("one")
    fake.commit_ends, fake.messages = ["Failed"], ["rule 'r' refers to prefix list 'none'"]
    result = failed(ended(fake, changes=[OURS]))
    assert result["error"]["kind"] == "commit_failed"
    assert result["error"]["messages"] == [{"text": fake.messages[0], "kind": "security rule", "name": "r"}]


def test_changes_without_name_are_refused_before_any_call() -> None:
    fake = changed("one")
    assert "changes[0] has no 'section' and 'name'" in failed(ended(fake, changes=[{"name": "one"}]))["msg"]
    assert fake.calls == []
