# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole directories: which rulestacks are for a target, what they give, and what is refused."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.policy import Target, read_documents
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.lint import findings
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.validation import InvalidOptions
from hypothesis import given, settings
from hypothesis import strategies as st

from .conftest import ACCOUNT, REGION, Directory


def test_rulestacks_have_the_given_keys_only_and_the_name_of_the_file(directory: Directory) -> None:
    stack = "include: []\ndeploy_to: {}\nsuppress: [{id: unused-object, section: feeds}]\nrules: []\n"
    directory.write(
        {
            "rulestacks/web.yml": stack,
            "rulestacks/deep/er/api.yaml": "name: other\nscope: global\ndescription: ''\n",
            "rulestacks/README.md": "[",
            "rulestacks/.hidden.yml": "[",
            "rulestacks/.git/a.yml": "[",
            "shared/unused.yml": "[",
        }
    )
    policy = directory.read()
    assert policy.rulestacks == [
        {"name": "other", "scope": "global", "description": ""},
        {"name": "web", "rules": []},
    ]
    assert policy.suppress == [{"rulestack": "web", "id": "unused-object", "section": "feeds"}]
    assert policy.files == ["rulestacks/deep/er/api.yaml", "rulestacks/web.yml"]


@pytest.mark.parametrize(
    ("deploy_to", "target", "expected"),
    [
        ("{}", {}, True),
        ("{groups: [a, b]}", {"groups": ("b",)}, True),
        ("{groups: [a, b]}", {"groups": ("c",)}, False),
        ("{groups: [a]}", {}, False),
        ("{groups: []}", {"groups": ("a",)}, False),
        ("{regions: [us-east-1, eu-west-1]}", {"region": "eu-west-1"}, True),
        ("{regions: [us-east-1]}", {"region": "eu-west-1"}, False),
        ("{accounts: ['123456789012']}", {}, True),
        ("{accounts: ['123456789012']}", {"account": "210987654321"}, False),
        ("{groups: [a], regions: [us-east-1]}", {"groups": ("a",)}, True),
        ("{groups: [a], regions: [us-east-1]}", {"groups": ("a",), "region": "eu-west-1"}, False),
        ('{regions: "{{ regions }}"}', {"regions": ["us-east-1"]}, True),
    ],
)
def test_all_that_deploy_to_gives_must_match(
    directory: Directory, deploy_to: str, target: dict[str, Any], expected: bool
) -> None:
    directory.write({"rulestacks/web.yml": f"deploy_to: {deploy_to}\n"})
    assert len(directory.read(**target).rulestacks) == expected


def test_rulestack_for_others_may_use_variables_that_are_unknown_here(directory: Directory) -> None:
    others = "deploy_to: {regions: [eu-west-1]}\ndescription: '{{ unknown }}'\n"
    directory.write({"rulestacks/web.yml": others})
    assert directory.read().rulestacks == []
    assert directory.read(region="eu-west-1", unknown="x").rulestacks == [{"name": "web", "description": "x"}]
    directory.write({"rulestacks/web.yml": f"{others}descripton: x\n"})
    assert directory.problems() == ["rulestacks/web.yml:3 web > descripton is unknown; did you mean 'description'?"]


def test_same_rulestack_for_the_same_target_is_refused_with_both_places(directory: Directory) -> None:
    directory.write(
        {
            "rulestacks/a.yml": "name: web\ndeploy_to: {regions: [us-east-1]}\n",
            "rulestacks/b.yml": "\nname: '{{ x }}'\n",
            "variables/all.yml": "x: web\n",
        }
    )
    assert directory.problems() == ["rulestacks/b.yml:2 web repeats the rulestack 'web' of rulestacks/a.yml:1 web."]
    assert [one["name"] for one in directory.read(region="eu-west-1").rulestacks] == ["web"]


@pytest.mark.parametrize("folder", [".", "rulestacks"])
def test_directory_without_rulestacks_is_refused(directory: Directory, folder: str) -> None:
    (directory.path / folder).mkdir(exist_ok=True)
    assert directory.problems() == [f"directory has no *.yml or *.yaml in rulestacks: {directory.path}."]


def test_invalid_targets_and_missing_directories_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidOptions) as failure:
        read_documents(str(tmp_path / "none"), Target("12", "here", (), {}))
    assert str(failure.value) == (
        "3 options are invalid:\n"
        "- account_id is '12': it is not an AWS account ID of 12 digits\n"
        "- region is 'here', not the name of an AWS region such as us-east-1\n"
        f"- directory does not exist: {tmp_path}/none\n"
        "Nothing was changed. Correct the options, then run again."
    )
    assert failure.value.as_result()["error"]["kind"] == "invalid_input"


def test_files_and_folders_that_lead_out_of_the_directory_are_refused(directory: Directory, tmp_path: Path) -> None:
    (tmp_path / "outside.yml").write_text("{}\n")
    directory.write({"rulestacks/a.yml": "{}\n"})
    os.symlink(tmp_path / "outside.yml", directory.path / "rulestacks/b.yml")
    os.symlink(tmp_path / "missing.yml", directory.path / "rulestacks/c.yml")
    os.symlink(tmp_path, directory.path / "rulestacks/folder")
    assert directory.problems() == [
        "rulestacks/folder is a link to a directory, which is not followed.",
        "rulestacks/b.yml:1 is outside of the policy directory.",
        "rulestacks/c.yml:1 is outside of the policy directory.",
    ]


def test_folder_that_nobody_may_list_is_refused(directory: Directory, monkeypatch: pytest.MonkeyPatch) -> None:
    directory.write({"rulestacks/a.yml": "{}\n", "rulestacks/closed/b.yml": "{}\n"})
    original = os.scandir

    def refusing(path: str) -> Any:
        if path.endswith("closed"):
            raise PermissionError(13, "Permission denied", path)
        return original(path)

    monkeypatch.setattr(os, "scandir", refusing)
    assert directory.problems() == ["rulestacks/closed cannot be read: Permission denied."]


def test_documents_know_their_places(directory: Directory) -> None:
    rules = "".join(
        f"- {{name: {name}, source: {{}}, destination: {{}}, applications: [any], action: DenySilent}}\n"
        for name in "ab"
    )
    directory.write({"rulestacks/web.yml": "rules:\n- include: r.yml\n", "r.yml": rules})
    _policy, documents = read_documents(str(directory.path), Target(ACCOUNT, REGION, (), {}))
    assert [(one.id, one.place) for one in findings(documents)] == [("duplicate-rule", "r.yml:2 b")]
    assert documents[0].place == "rulestacks/web.yml:1 web"


def test_reading_for_one_target_does_not_change_another(directory: Directory) -> None:
    stack = "include: [s.yml]\nprefix_lists:\n- name: own\n  prefixes: ['{{ p }}']\n"
    directory.write({"rulestacks/web.yml": stack, "s.yml": "prefix_lists:\n- name: s\n  prefixes: '{{ [p] }}'\n"})
    first = directory.read(p="10.0.0.0/8").rulestacks
    first[0]["prefix_lists"].clear()
    assert directory.read(p="10.1.0.0/16").rulestacks == [
        {
            "name": "web",
            "prefix_lists": [{"name": "s", "prefixes": ["10.1.0.0/16"]}, {"name": "own", "prefixes": ["10.1.0.0/16"]}],
        }
    ]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Directory:
    return Directory(tmp_path_factory.mktemp("kept"))


STACK = """name: "web-{{ region }}"
scope: local
include: [shared/a.yml]
deploy_to: {groups: [a], accounts: ["123456789012"]}
suppress:
  - id: unused-object
tags: {team: network}
profiles:
  anti_virus: custom
feeds:
  - {name: f, url: https://example.com, type: IP_LIST, frequency: DAILY, time: "{{ 3 }}"}
rules:
  - include: shared/r.yml
  - name: allow
    priority: 7
    source: {cidrs: [10.0.0.0/8], countries: [US]}
    destination:
      cidrs: "{{ cidrs }}"
    applications: [ssl]
    enabled: true
    action: Allow
"""
PIECES = [
    "",
    " ",
    "\n",
    "\t",
    ":",
    "-",
    "[",
    "]",
    "{",
    "}",
    "'",
    '"',
    "&a ",
    "*a",
    "!t ",
    "<<",
    "#",
    "{{",
    "}}",
    "{%",
    "|",
    "0",
    "01",
    "~",
    "é",
    "\x00",
    "include: x",
    "  ",
]
CUT = st.tuples(st.integers(0, len(STACK)), st.integers(0, 5), st.sampled_from(PIECES))


def assert_placed(directory: Directory) -> None:
    """Reading succeeds, or every problem has a file and a line of it."""
    try:
        directory.read(groups=("a",), cidrs=["192.0.2.0/24"])
    except InvalidOptions as failure:
        places = [problem.place for problem in failure.problems]
        assert [place for place in places if not re.match(r"[\w/]+\.yml:[1-9]\d*( |$)", place)] == []


@settings(max_examples=150)
@given(st.lists(CUT, min_size=1, max_size=3))
def test_damaged_file_has_problems_with_places_only(kept: Directory, cuts: list[tuple[int, int, str]]) -> None:
    text = STACK
    for start, length, piece in cuts:
        text = text[:start] + piece + text[start + length :]
    kept.write({"rulestacks/web.yml": text, "shared/a.yml": "prefix_lists: []\n", "shared/r.yml": "[]\n"})
    assert_placed(kept)


SCALARS = st.sampled_from(
    [None, True, 0, 7, 1.5, "", "a", "10.0.0.1/8", "{{ x }}", "{{ none }}", "{{ cidrs }}", "{{ {'a': 1} }}"]
)
KEYS = st.sampled_from(
    [
        "name",
        "rules",
        "pre_rules",
        "feeds",
        "include",
        "deploy_to",
        "suppress",
        "tags",
        "profiles",
        "source",
        "cidrs",
        "id",
        "priority",
        "groups",
        "scope",
        "x",
    ]
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=12
)


@settings(max_examples=150)
@given(st.dictionaries(KEYS, VALUES, max_size=5))
def test_values_of_any_type_have_problems_with_places_only(kept: Directory, content: dict[str, Any]) -> None:
    kept.write({"rulestacks/web.yml": json.dumps(content, indent=1)})
    assert_placed(kept)


def test_undamaged_file_of_the_tests_above_is_valid(directory: Directory) -> None:
    directory.write({"rulestacks/web.yml": STACK, "shared/a.yml": "prefix_lists: []\n", "shared/r.yml": "[]\n"})
    (found,) = directory.read(groups=("a",), cidrs=["192.0.2.0/24"]).rulestacks
    assert found["name"] == "web-us-east-1"
