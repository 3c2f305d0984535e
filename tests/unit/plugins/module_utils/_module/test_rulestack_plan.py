# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans as files: made by one task, applied by another, refused if anything differs, and taken back; against servers on loopback."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.panw.cloud.plugins.module_utils._module import rulestack_config, rulestack_plan
from ansible_collections.panw.cloud.plugins.module_utils._module.aws import ModuleShim
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.lint.findings import LintFailed
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.plan_file import NotVerified, PlanRefused
from ansible_collections.panw.cloud.tests.helpers.fake_rulestacks import FakeRulestacks
from ansible_collections.panw.cloud.tests.helpers.fakes import KEY, TOKEN
from ansible_collections.panw.cloud.tests.helpers.run_module import SECRETS, Cloud

HELD = {"token": TOKEN, "subscription_key": KEY, "role_arn": None, "account_id": "123456789012"}
MATCH = {"source": {"cidrs": ["any"]}, "destination": {"cidrs": ["any"]}, "applications": ["any"]}
RULES = [{"name": name, **MATCH, "action": "Allow", "audit_comment": "by git"} for name in ("first", "second")]
WEB = {"name": "web", "prefix_lists": [{"name": "one", "prefixes": ["10.0.0.0/8"]}], "rules": RULES}
ALL = {"name": "all", "scope": "global", "tags": {"team": "network"}}


def run(entry: Any, cloud: Cloud, *, check: bool = False, **options: Any) -> dict[str, Any]:
    """The result of a task, after checking that it holds no secret."""
    checked = ArgumentSpecValidator(entry.spec()).validate({**cloud.options, **HELD, **options})
    assert checked.error_messages == []
    result = entry.work(ModuleShim(checked.validated_parameters, check), lambda *_seen: None)
    assert not [secret for secret in SECRETS if secret in json.dumps(result)]
    return dict(result)


def planned(cloud: Cloud, dest: Path, **options: Any) -> dict[str, Any]:
    """The plan in the file, after checking that it holds no secret."""
    run(rulestack_plan, cloud, dest=str(dest), **options)
    text = dest.read_text()
    assert not [secret for secret in SECRETS if secret in text]
    return dict(json.loads(text))


def applied(cloud: Cloud, plan: Path, **options: Any) -> dict[str, Any]:
    return run(rulestack_config, cloud, plan=str(plan), **options)


def test_plan_is_applied_as_reviewed_and_then_has_nothing_to_change(tmp_path: Path) -> None:
    fake, file = FakeRulestacks(), tmp_path / "plan.json"
    with Cloud(rulestacks=fake) as cloud:
        result = run(rulestack_plan, cloud, rulestacks=[WEB, ALL], dest=str(file))
        assert (result["changed"], result["has_changes"], fake.writes) == (True, True, [])
        plan = json.loads(file.read_text())
        done = applied(cloud, file, plan_id=plan["id"], verify=True)
        assert (done["changed"], done["plan"], done["plan_id"]) == (True, str(file), plan["id"])
        assert [one["changes"] for one in done["rulestacks"]] == [
            [{key: value for key, value in change.items() if key != "audit_comment"} for change in one["changes"]]
            for one in plan["rulestacks"]
        ]
        assert fake.running == fake.entries
        again = planned(cloud, tmp_path / "again.json", rulestacks=[WEB, ALL])
    assert [(one["changes"], one["before"]) for one in again["rulestacks"]] == [
        ([], one["after"]) for one in plan["rulestacks"]
    ]
    assert [one["before"] for one in plan["rulestacks"]] == [None, None]
    assert [rule["name"] for rule in plan["rulestacks"][0]["after"]["rules"]] == ["first", "second"]
    assert {finding["id"] for finding in plan["findings"]} == {"any-to-any-allow", "duplicate-rule", "unused-object"}


def test_same_policy_on_same_rulestacks_has_the_same_id(tmp_path: Path) -> None:
    with Cloud(rulestacks=FakeRulestacks()) as cloud:
        options = {"rulestacks": [WEB], "dest": str(tmp_path / "plan.json")}
        first, second = run(rulestack_plan, cloud, **options), run(rulestack_plan, cloud, **options)
        predicted = run(rulestack_plan, cloud, check=True, rulestacks=[ALL], dest=str(tmp_path / "none.json"))
        other = run(rulestack_plan, cloud, **options | {"account_id": "210987654321"})
    assert (first["changed"], second["changed"], first["plan_id"]) == (True, False, second["plan_id"])
    assert (predicted["changed"], (tmp_path / "none.json").exists()) == (True, False)
    assert len({first["plan_id"], predicted["plan_id"], other["plan_id"]}) == 3


def test_new_rulestack_outside_of_the_policy_leaves_the_id_as_it_is(tmp_path: Path) -> None:
    """An approval is of changes; elsewhere in the account, work goes on."""
    with Cloud(rulestacks=FakeRulestacks()) as cloud:
        first = planned(cloud, tmp_path / "first.json", rulestacks=[WEB])
        run(rulestack_config, cloud, rulestacks=[{"name": "another"}])
        second = planned(cloud, tmp_path / "second.json", rulestacks=[WEB])
    assert (first["unmanaged"], second["unmanaged"]) == ([], ["another"])
    assert first["id"] == second["id"]


def test_plan_is_refused_after_a_foreign_change_and_says_what_changed(tmp_path: Path) -> None:
    fake, file = FakeRulestacks(), tmp_path / "plan.json"
    with Cloud(rulestacks=fake) as cloud:
        run(rulestack_config, cloud, rulestacks=[WEB])
        planned(cloud, file, rulestacks=[{**WEB, "description": "new"}, ALL])
        changed = {**WEB, "rules": [{**RULES[0], "action": "DenySilent"}, {**RULES[1], "name": "third"}]}
        run(rulestack_config, cloud, state="overridden", rulestacks=[changed, ALL])
        before = list(fake.writes)
        with pytest.raises(PlanRefused) as refused:
            applied(cloud, file)
    assert fake.writes == before
    text = str(refused.value)
    assert "rulestack 'web' has changed: security rule 'first': 'action' changed from 'Allow' to 'DenySilent'" in text
    assert "security rule 'second' was removed; security rule 'third' was added. rulestack 'all' was created." in text
    assert text.endswith("Plan again, review the new plan, then apply that.")


def edited(plan: dict[str, Any]) -> dict[str, Any]:
    return {**plan, "rulestacks": [{**one, "changes": []} for one in plan["rulestacks"]]}


@pytest.mark.parametrize(
    ("change", "options", "reason"),
    [
        (edited, {}, "it was edited after it was made"),
        (lambda plan: {**plan, "format": 2}, {}, "its format is 2; this version of panw.cloud reads format 1"),
        (
            dict,
            {"account_id": "210987654321"},
            "made for AWS account 123456789012, and this task is for AWS account 210987654321",
        ),
        (dict, {"region": "eu-west-1"}, "it was made for region us-east-1, and this task is for region eu-west-1"),
        (dict, {"plan_id": "sha256:0"}, "and sha256:0 was approved"),
    ],
)
def test_plan_that_is_not_the_approved_one_is_refused(
    tmp_path: Path, change: Any, options: dict[str, str], reason: str
) -> None:
    fake, file = FakeRulestacks(), tmp_path / "plan.json"
    with Cloud(rulestacks=fake) as cloud:
        file.write_text(json.dumps(change(planned(cloud, file, rulestacks=[WEB]))))
        with pytest.raises(PlanRefused, match=reason):
            applied(cloud, file, **options)
    assert fake.writes == []


def test_plan_of_another_version_is_refused_but_can_be_rolled_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake, file = FakeRulestacks(), tmp_path / "plan.json"
    with Cloud(rulestacks=fake) as cloud:
        planned(cloud, file, rulestacks=[WEB])
        applied(cloud, file)
        monkeypatch.setattr(rulestack_config, "version", lambda: "9.9.9")
        with pytest.raises(
            PlanRefused, match=r"made for version .* of panw.cloud, and this task is for version 9\.9\.9"
        ):
            applied(cloud, file)
        assert planned(cloud, tmp_path / "back.json", rollback_of=str(file))["collection"] == "9.9.9"


def test_rollback_restores_what_the_plan_found_and_warns_of_later_changes(tmp_path: Path) -> None:
    fake, file, back = FakeRulestacks(), tmp_path / "plan.json", tmp_path / "back.json"
    with Cloud(rulestacks=fake) as cloud:
        run(rulestack_config, cloud, rulestacks=[WEB])
        planned(cloud, file, rulestacks=[{**WEB, "rules": RULES[:1]}, ALL])
        applied(cloud, file)
        assert planned(cloud, back, rollback_of=str(file))["warnings"] == []
        run(rulestack_config, cloud, rulestacks=[{"name": "web", "description": "later"}])
        plan = planned(cloud, back, rollback_of=str(file))
        assert plan["warnings"] == [
            "The rollback also takes back later changes: rulestack 'web' has changed: its 'description' changed from nothing to 'later'."
        ]
        assert [(one["state"], one["after"] and len(one["after"]["rules"])) for one in plan["rulestacks"]] == [
            ("overridden", 2),
            ("deleted", None),
        ]


@pytest.mark.parametrize(
    ("content", "problem"),
    [(None, "cannot be read"), ("{", "is not JSON"), ("[]", "has no 'format'"), ('{"id": 1}', "has no 'format'")],
)
def test_file_that_is_no_plan_is_refused_before_any_call(tmp_path: Path, content: str | None, problem: str) -> None:
    file = tmp_path / "plan.json"
    if content is not None:
        file.write_text(content)
    with Cloud() as cloud:
        for entry, options in [
            (rulestack_config, {"plan": str(file)}),
            (rulestack_plan, {"rollback_of": str(file), "dest": "x"}),
        ]:
            with pytest.raises(InvalidInput, match=problem):
                run(entry, cloud, **options)
        assert cloud.calls == []


@pytest.mark.parametrize(
    ("entry", "options"),
    [
        (rulestack_plan, {"dest": "x"}),
        (rulestack_plan, {"dest": "x", "rulestacks": [WEB], "rollback_of": "y"}),
        (rulestack_config, {}),
        (rulestack_config, {"rulestacks": [WEB], "plan": "x"}),
        (rulestack_plan, {"rulestacks": [WEB], "dest": "x", "account_id": None}),
    ],
)
def test_options_that_contradict_each_other_are_refused(entry: Any, options: dict[str, Any]) -> None:
    with Cloud(rulestacks=FakeRulestacks()) as cloud, pytest.raises(InvalidInput):
        run(entry, cloud, **options)


def test_unwritable_plan_is_reported_with_the_path(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        Cloud(rulestacks=FakeRulestacks()) as cloud,
        pytest.raises(InvalidInput, match=r"cannot be written: .*/file/plan\.json: "),
    ):
        run(rulestack_plan, cloud, rulestacks=[WEB], dest=str(tmp_path / "file/plan.json"))


def test_local_rulestacks_outside_of_the_policy_are_named_and_all_can_be_gathered(tmp_path: Path) -> None:
    with Cloud(rulestacks=FakeRulestacks()) as cloud:
        run(rulestack_config, cloud, rulestacks=[WEB, {"name": "old"}])
        assert planned(cloud, tmp_path / "plan.json", rulestacks=[WEB])["unmanaged"] == ["old"]
        assert planned(cloud, tmp_path / "plan.json", rulestacks=[ALL])["unmanaged"] == []
        gathered = run(rulestack_config, cloud, state="gathered")["gathered"]
    assert [one["name"] for one in gathered] == ["old", "web"]


def test_service_that_keeps_something_else_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake, file = FakeRulestacks(), tmp_path / "plan.json"
    commit = fake.commit
    monkeypatch.setattr(
        fake, "commit", lambda name: (fake.put("/web/prefixlists/one", {"PrefixList": ["10.9.0.0/16"]}), commit(name))
    )
    with Cloud(rulestacks=fake) as cloud:
        planned(cloud, file, rulestacks=[WEB])
        with pytest.raises(
            NotVerified, match="still to do: update of prefix list 'one' in rulestack 'web' \\(prefixes\\)"
        ) as error:
            applied(cloud, file, verify=True)
    result = error.value.as_result()
    assert (result["changed"], result["rulestacks"][0]["committed"]) == (True, True)


def test_change_that_no_document_shows_refuses_a_plan(tmp_path: Path) -> None:
    """A second rule of the same name, as an interrupted move leaves it, counts by the fingerprint."""
    fake, file = FakeRulestacks(), tmp_path / "plan.json"
    with Cloud(rulestacks=fake) as cloud:
        run(rulestack_config, cloud, rulestacks=[WEB])
        planned(cloud, file, rulestacks=[{**WEB, "description": "new"}])
        path = next(path for path in fake.entries if "/priorities/" in path)
        fake.put(f"{path.rpartition('/')[0]}/1", dict(fake.entries[path]))
        fake.commit("web")
        before = list(fake.writes)
        with pytest.raises(PlanRefused, match="rulestack 'web' has changed"):
            applied(cloud, file)
    assert fake.writes == before


def test_findings_can_refuse_a_plan_before_any_call(tmp_path: Path) -> None:
    with Cloud() as cloud:
        with pytest.raises(LintFailed, match="any-to-any-allow"):
            run(rulestack_plan, cloud, rulestacks=[WEB], fail_on="error", dest=str(tmp_path / "plan.json"))
        assert cloud.calls == []
