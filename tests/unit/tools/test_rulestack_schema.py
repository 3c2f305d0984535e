# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The JSON Schema of rulestack files: it is current, complete, and agrees with the reader."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.policy import Target, read_documents
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.validation import InvalidOptions

import rulestack_schema

VALIDATOR = jsonschema.Draft202012Validator(rulestack_schema.schema())
SAMPLES = sorted(Path(__file__).parents[3].glob("playbooks/examples/*/policy/rulestacks/*.yml"))
RULE = "{name: r, source: {cidrs: [any]}, destination: {}, applications: [ssl], action: Allow"
VALID = [
    "{}",
    "name: web\nscope: global\ndescription: ''\naccount_id: '123456789012'\ntags: {a: b}\npre_rules: []\nrules: []\n",
    "name: '{{ region }}'\nscope: \"{{ 'local' }}\"\nprofiles: {anti_virus: custom, outbound_trust_certificate: c}\n",
    "include: []\ndeploy_to: {groups: [a], accounts: ['123456789012'], regions: [us-east-1]}\n",
    "suppress: [{id: unused-object, section: feeds, name: x}, {id: empty-list}]\n",
    "prefix_lists: [{name: a, prefixes: [10.0.0.0/8], description: d, audit_comment: c}]\n",
    "prefix_lists: [{name: a, prefixes: \"{{ ['10.0.0.0/8'] }}\"}]\nprofiles: '{{ {} }}'\n",
    "feeds: [{name: f, url: https://example.com, type: IP_LIST, frequency: DAILY, time: 3, certificate: ''}]\n",
    "feeds: [{name: f, url: https://example.com, type: IP_LIST, frequency: DAILY, time: '{{ 3 }}'}]\n",
    "certificates: [{name: c, self_signed: true}, {name: d, signer_arn: 'arn:aws:acm:us-east-1:123456789012:certificate/x'}]\n",
    "custom_url_categories: [{name: c, urls: [example.com/], action: none}]\n",
    "predefined_url_category_overrides: [{name: games, action: block}]\n",
    "file_blocking: [{file_type: exe, action: block, direction: both}]\n",
    f"rules: [{RULE}, priority: 7, enabled: true, decryption_rule_type: '', tags: {{a: ''}}}}]\n",
    f"rules: [{RULE}, priority: '{{{{ 7 }}}}', enabled: '{{{{ true }}}}', source: '{{{{ {{}} }}}}'}}]\n".replace("source: {cidrs: [any]}, ", ""),
    "scope: global\npost_rules: []\n",
    "rules: []\npre_rules: []\n",
    f"rules: [{RULE}, category: {{url_categories: [games]}}, prot_port_list: ['TCP:443'], logging: false}}]\n",
    f"rules: [{RULE}, source: {{countries: [US], feeds: [f]}}}}]\n".replace("source: {cidrs: [any]}, ", ""),
]  # fmt: skip
INVALID = [
    "[]", "scop: local\n", "name: 7\n", "name: ''\n", "name: a_b\n", f"name: {'a' * 129}\n", "scope: both\n", "scope:\n",
    "account_id: 123456789012\n", "account_id: '12'\n", f"description: {'a' * 513}\n", "tags: {a: 1}\n", "tags: []\n",
    "profiles: {anti_virus: best}\n", "profiles: {anti: custom}\n", "include: a.yml\n", "include: [1]\n",
    "deploy_to: {accounts: [123456789012]}\n", "deploy_to: {accounts: ['1']}\n", "deploy_to: {group: [a]}\n", "deploy_to: []\n",
    "deploy_to: {regions: [here]}\n", "suppress: [{id: x}]\n", "suppress: [{name: x}]\n", "suppress: [{id: empty-list, rulestack: a}]\n", "suppress: {}\n",
    "prefix_lists: {}\n", "prefix_lists: [a]\n", "prefix_lists: [{prefixes: [10.0.0.0/8]}]\n", "prefix_lists: [{name: a, prefixes: []}]\n",
    "prefix_lists: [{name: a, prefixes: 10.0.0.0/8}]\n", f"prefix_lists: [{{name: {'a' * 59}}}]\n", "prefix_lists: [{include: a.yml}]\n",
    "feeds: [{name: f, url: ftp://example.com}]\n", "feeds: [{name: f, url: ''}]\n", "feeds: [{name: f, type: LIST}]\n", "feeds: [{name: f, time: 24}]\n",
    "feeds: [{name: f, time: '3'}]\n", "certificates: [{name: c, self_signed: 'yes'}]\n", "certificates: [{name: c, signer_arn: x}]\n",
    "custom_url_categories: [{name: 1c}]\n", "custom_url_categories: [{name: c, urls: ['a b']}]\n", "custom_url_categories: [{name: '1c'}]\n",
    "predefined_url_category_overrides: [{name: games, action: stop}]\n", "file_blocking: [{action: block}]\n",
    "rules: [{}]\n", "rules: [{name: r, priority: 0}]\n", "rules: [{name: r, priority: 1.5}]\n", "rules: [{name: r, priority: true}]\n",
    "rules: [{name: r, action: Drop}]\n", "rules: [{name: r, source: {cidr: [any]}}]\n", "rules: [{name: r, source: {fqdn_lists: [a]}}]\n",
    "rules: [{name: r, source: {countries: [USA]}}]\n", "rules: [{name: r, enabled: 1}]\n", "rules: [{name: r, applications: []}]\n",
    "rules: [{include: a.yml, name: r}]\n", "rules: [{include: [a.yml]}]\n", "pre_rules: [{name: r}]\n", "scope: global\nrules: [{name: r}]\n",
    "scope: global\npredefined_url_category_overrides: [{name: games}]\n",
]  # fmt: skip


def accepted(text: str, directory: Path) -> bool:
    (directory / "rulestacks").mkdir()
    (directory / "rulestacks/web.yml").write_text(text)
    (directory / "a.yml").write_text("[]\n")
    try:
        read_documents(str(directory), Target("123456789012", "us-east-1", ("a",), {}))
    except InvalidOptions:
        return False
    return True


@pytest.mark.parametrize(("text", "valid"), [*((text, True) for text in VALID), *((text, False) for text in INVALID)])
def test_schema_and_reader_agree(tmp_path: Path, text: str, valid: bool) -> None:
    errors = [error.message for error in VALIDATOR.iter_errors(yaml.safe_load(text))]
    assert (accepted(text, tmp_path), not errors) == (valid, valid), errors


def test_included_rules_are_accepted(tmp_path: Path) -> None:
    text = "rules:\n  - include: a.yml\n"
    assert VALIDATOR.is_valid(yaml.safe_load(text))
    assert accepted(text, tmp_path)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_sample_is_accepted_and_names_the_schema(path: Path) -> None:
    schema = path.read_text().splitlines()[0].removeprefix("# yaml-language-server: $schema=")
    assert (path.parent / schema).read_text() == rulestack_schema.text()
    assert not list(VALIDATOR.iter_errors(yaml.safe_load(path.read_text())))


def test_shipped_schema_is_current_and_valid() -> None:
    """If not: PYTHONPATH=.build .venv/bin/python tests/tools/rulestack_schema.py"""
    assert rulestack_schema.TARGET.read_text(encoding="utf-8") == rulestack_schema.text()
    jsonschema.Draft202012Validator.check_schema(json.loads(rulestack_schema.text()))


def properties(node: Any) -> list[dict[str, Any]]:
    """Every property of every object in a schema."""
    if isinstance(node, list):
        return [found for item in node for found in properties(item)]
    if not isinstance(node, dict):
        return []
    own = list(node.get("properties", {}).values()) if node.get("type") == "object" else []
    return [*own, *(found for value in node.values() for found in properties(value))]


def test_every_option_is_described_in_plain_text() -> None:
    found = properties(rulestack_schema.schema())
    assert len(found) > 60
    undescribed = [one for one in found if "description" not in one and one is not rulestack_schema.TEXT]
    assert undescribed == []
    assert not [one for one in found if "M(" in str(one) or "V(" in str(one) or "C(" in str(one)]


def test_file_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rulestack_schema, "TARGET", tmp_path / "schema.json")
    rulestack_schema.main()
    assert json.loads((tmp_path / "schema.json").read_text())["title"] == "Rulestack of Cloud NGFW for AWS"
