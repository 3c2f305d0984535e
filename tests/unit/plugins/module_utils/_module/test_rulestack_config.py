# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole rulestacks as one task, against servers on loopback."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.panw.cloud.plugins.module_utils._module.aws import ModuleShim
from ansible_collections.panw.cloud.plugins.module_utils._module.rulestack_config import (
    own_spec,
    spec,
    work,
)
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.application import NotApplied
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.validation import InvalidOptions
from ansible_collections.panw.cloud.tests.helpers.fake_rulestacks import FakeRulestacks, refused
from ansible_collections.panw.cloud.tests.helpers.fakes import KEY, TOKEN
from ansible_collections.panw.cloud.tests.helpers.run_module import DELETE, SECRETS, TOKENS, Cloud

HELD = {"token": TOKEN, "subscription_key": KEY, "role_arn": None}
WEB = {"name": "web", "prefix_lists": [{"name": "one", "prefixes": ["10.0.0.0/8"]}]}
ALL = {"name": "all", "scope": "global", "tags": {"team": "network"}}


def run(cloud: Cloud, *, check: bool = False, progress: Any = None, **options: Any) -> dict[str, Any]:
    """The result of the task, after checking that it holds no secret."""
    checked = ArgumentSpecValidator(spec()).validate({**cloud.options, **options})
    assert checked.error_messages == []
    result = work(ModuleShim(checked.validated_parameters, check), progress or (lambda *_seen: None))
    assert not [secret for secret in SECRETS if secret in json.dumps(result)]
    return result


def test_rulestacks_are_applied_with_one_token_for_each_scope_and_committed() -> None:
    fake, seen = FakeRulestacks(), list[tuple[str, int, int]]()
    with Cloud(rulestacks=fake) as cloud:
        predicted = run(cloud, check=True, rulestacks=[WEB, ALL])
        assert fake.writes == []
        result = run(cloud, progress=lambda *now: seen.append(now), rulestacks=[WEB, ALL, {**WEB, "name": "db"}])
        roles = [call for call in cloud.calls if "/tokens/cloud" in call]
        assert roles == [f"GET {TOKENS}/cloudrulestackadmin", f"GET {TOKENS}/cloudglobalrulestackadmin"] * 2
        assert cloud.calls.count(DELETE) == 4
        again = run(cloud, rulestacks=[WEB, ALL])
    assert (predicted["changed"], result["changed"], again["changed"]) == (True, True, False)
    assert predicted["rulestacks"][0]["changes"] == result["rulestacks"][0]["changes"]
    assert predicted["diff"] == result["diff"][:3]
    assert [(one["name"], one["committed"]) for one in result["rulestacks"]] == [
        ("web", True),
        ("all", True),
        ("db", True),
    ]
    assert fake.running == fake.entries
    assert fake.tags["all"] == {"team": "network"}
    assert seen[-1] == ("written", 5, 5)


def test_gathered_rulestacks_change_nothing_if_they_are_given_back() -> None:
    fake = FakeRulestacks()
    with Cloud(rulestacks=fake) as cloud:
        run(cloud, **HELD, rulestacks=[WEB, ALL])
        names = [{"name": "web"}, {"name": "all", "scope": "global"}, {"name": "none"}]
        gathered = run(cloud, **HELD, state="gathered", rulestacks=names)
        assert [document["name"] for document in gathered["gathered"]] == ["web", "all"]
        assert gathered["changed"] is False
        before = len(fake.writes)
        assert run(cloud, **HELD, state="overridden", rulestacks=gathered["gathered"])["changed"] is False
    assert len(fake.writes) == before


def test_rendered_rulestacks_need_no_server() -> None:
    rule = {
        "name": "r",
        "source": {"prefix_lists": ["none"]},
        "destination": {},
        "applications": ["any"],
        "action": "Allow",
    }
    with Cloud() as cloud:
        (rendered,) = run(cloud, state="rendered", rulestacks=[WEB])["rendered"]
        with pytest.raises(InvalidOptions, match="refers to the prefix list 'none', which does not exist"):
            run(cloud, state="rendered", rulestacks=[{"name": "web", "rules": [rule]}])
        assert cloud.received == []
    assert [(call["method"], call["path"]) for call in rendered["requests"]] == [
        ("POST", "/v1/config/rulestacks"),
        ("POST", "/v1/config/rulestacks/web/prefixlists"),
    ]
    assert rendered["requests"][1]["body"] == {"Name": "one", "PrefixList": ["10.0.0.0/8"]}


def test_problems_of_all_documents_are_reported_before_any_call() -> None:
    bad = {"name": "db", "prefix_lists": [{"name": "one", "prefixes": ["10.0.0.1/8"]}]}
    with Cloud() as cloud:
        with pytest.raises(InvalidOptions) as failure:
            run(cloud, rulestacks=[{"scope": "both"}, bad])
        with pytest.raises(InvalidInput, match="'concurrency' is 0, not between 1 and 128"):
            run(cloud, rulestacks=[WEB], concurrency=0)
        assert cloud.received == []
    assert [problem.place for problem in failure.value.problems] == [
        "rulestacks[0] > name",
        "rulestacks[0] > scope",
        "rulestacks[1] db > prefix_lists[0] one > prefixes[0]",
    ]


def test_problems_that_show_on_the_server_are_reported_before_the_first_write() -> None:
    fake = FakeRulestacks({"/web": {"Scope": "Global"}})
    with Cloud(rulestacks=fake) as cloud, pytest.raises(InvalidOptions, match="scope cannot change") as failure:
        run(cloud, **HELD, rulestacks=[WEB, {"name": "db", "feeds": [{"name": "f"}]}])
    assert len(failure.value.problems) == 4
    assert fake.writes == []


def test_failure_reports_what_became_of_each_rulestack() -> None:
    fake = FakeRulestacks()
    fake.fail("POST /web/prefixlists", refused("InvalidRequest: no"))
    with Cloud(rulestacks=fake) as cloud, pytest.raises(NotApplied) as failure:
        run(cloud, **HELD, rulestacks=[WEB, ALL])
    web, shared = failure.value.as_result()["rulestacks"]
    assert (web["applied"], web["committed"], shared["committed"]) == (["rulestack 'web'"], False, True)


def test_missing_list_warns() -> None:
    fake = FakeRulestacks({"/web": {}}, missing={"prefixlists"})
    with Cloud(rulestacks=fake) as cloud:
        result = run(cloud, **HELD, rulestacks=[WEB], include_other_changes=True)
    (warning,) = result["warnings"]
    assert warning.startswith(
        "The list of each prefix list of rulestack 'web' cannot be read: only those in the document"
    )


def test_documents_are_not_checked_by_ansible() -> None:
    """All of it is reported with its place; the documentation shows all options."""
    documented = own_spec()["rulestacks"]["options"]
    assert documented["name"]["required"]
    assert documented["scope"]["choices"] == ["local", "global"]
    assert "options" not in spec()["rulestacks"]
