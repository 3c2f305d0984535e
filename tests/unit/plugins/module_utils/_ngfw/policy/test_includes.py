# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Includes: order, places of what is included, cycles, and nothing from outside of the directory."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .conftest import Directory


def rule(name: str) -> str:
    return f"- {{name: {name}, source: {{}}, destination: {{}}, applications: [any], action: Allow}}\n"


def names(directory: Directory, section: str = "rules", **variables: Any) -> list[str]:
    (found,) = directory.read(**variables).rulestacks
    return [item["name"] for item in found[section]]


def test_sections_are_put_together_in_the_order_of_the_includes(directory: Directory) -> None:
    directory.write(
        {
            "rulestacks/a.yml": "include: [shared/b.yml, shared/a.yml]\nprefix_lists:\n  - name: own\nrules:\n"
            + rule("own"),
            "shared/a.yml": "prefix_lists:\n  - name: a\nfqdn_lists:\n  - name: f\n",
            "shared/b.yml": "prefix_lists:\n  - name: b\nrules:\n" + rule("b"),
        }
    )
    assert names(directory, "prefix_lists") == ["b", "a", "own"]
    assert names(directory, "fqdn_lists") == ["f"]
    assert names(directory) == ["b", "own"]
    assert directory.read().files == ["rulestacks/a.yml", "shared/a.yml", "shared/b.yml"]


def test_rules_of_files_take_the_place_of_the_include(directory: Directory) -> None:
    directory.write(
        {
            "rulestacks/a.yml": "include: [s.yml]\nrules:\n" + rule("one") + "- include: rules/{{ region }}.yml\n" + rule("four"),
            "s.yml": "rules:\n- include: rules/deep.yml\n" + rule("s"),
            "rules/us-east-1.yml": rule("two") + "- include: rules/more.yml\n",
            "rules/more.yml": rule("three"),
            "rules/deep.yml": rule("zero"),
        }
    )  # fmt: skip
    assert names(directory) == ["zero", "s", "one", "two", "three", "four"]


def test_name_given_twice_is_refused_with_both_places(directory: Directory) -> None:
    directory.write(
        {
            "rulestacks/web.yml": "include: [a.yml, b.yml]\nrules:\n" + rule("x") + "- include: r.yml\n",
            "a.yml": "prefix_lists:\n  - name: p\n",
            "b.yml": "\nprefix_lists:\n  - name: p\n",
            "r.yml": "# one\n" + rule("x"),
        }
    )
    assert directory.problems() == [
        "b.yml:3 p repeats the prefix list 'p' of a.yml:2 p.",
        "r.yml:2 x repeats the security rule 'x' of rulestacks/web.yml:3 x.",
    ]


def test_problems_in_an_included_file_have_its_place(directory: Directory) -> None:
    directory.write(
        {
            "rulestacks/web.yml": "include: [a.yml]\nrules:\n  - include: r.yml\n",
            "a.yml": "prefix_lists:\n  - name: p\n    prefixes:\n      - 10.0.0.0/8\n      - 10.0.0.1/8\n",
            "r.yml": "- name: x\n  source: {cidrs: [any]}\n  destination:\n    cidr: [any]\n",
        }
    )
    assert directory.problems() == [
        "r.yml:4 x > destination > cidr is unknown; did you mean 'cidrs'?",
        "a.yml:5 p > prefixes[1] is '10.0.0.1/8': it has host bits set; the network is 10.0.0.0/8.",
    ]


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("missing.yml", "which does not exist."),
        ("../outside.yml", "which is outside of the policy directory."),
        ("shared/../../outside.yml", "which is outside of the policy directory."),
        ("/etc/hostname", "which is absolute: paths are relative to the policy directory."),
        ("link.yml", "which is outside of the policy directory."),
        ("folder/outside.yml", "which is outside of the policy directory."),
        ("shared", "which is not a file."),
        ("", "which is not a file."),
        ("a\\0b", "which is not a path."),
        ("loop", "which does not exist."),
    ],
)
def test_files_that_are_not_in_the_directory_are_refused(
    directory: Directory, tmp_path: Path, path: str, problem: str
) -> None:
    (tmp_path / "outside.yml").write_text("prefix_lists: []\n")
    (directory.path / "shared").mkdir()
    os.symlink(tmp_path / "outside.yml", directory.path / "link.yml")
    os.symlink(tmp_path, directory.path / "folder")
    os.symlink("loop", directory.path / "loop")
    directory.write({"rulestacks/a.yml": f'include: ["{path}"]\nrules:\n  - include: "{path}"\n'})
    shown = path.replace("\\0", "\0")
    assert directory.problems() == [
        f"rulestacks/a.yml:1 includes '{shown}', {problem}",
        f"rulestacks/a.yml:3 includes '{shown}', {problem}",
    ]


def test_file_that_nobody_may_read_is_refused(directory: Directory, monkeypatch: pytest.MonkeyPatch) -> None:
    directory.write({"rulestacks/a.yml": "include: [a.yml]\n", "a.yml": "{}\n"})
    original = open

    def refusing(path: Any, *mode: Any, **more: Any) -> Any:
        if str(path).endswith("policy/a.yml"):
            raise PermissionError(13, "Permission denied", path)
        return original(path, *mode, **more)

    monkeypatch.setattr("builtins.open", refusing)
    assert directory.problems() == ["rulestacks/a.yml:1 includes 'a.yml', which cannot be read: Permission denied."]


def test_links_inside_of_the_directory_are_followed(directory: Directory) -> None:
    directory.write({"rulestacks/a.yml": "rules:\n  - include: link.yml\n", "r.yml": rule("x")})
    os.symlink("r.yml", directory.path / "link.yml")
    assert names(directory) == ["x"]


def test_cycles_are_refused_with_the_chain(directory: Directory) -> None:
    directory.write(
        {
            "rulestacks/a.yml": "rules:\n- include: a.yml\n",
            "a.yml": rule("a") + "- include: b.yml\n",
            "b.yml": "- include: ./a.yml\n",
            "rulestacks/b.yml": "include: [rulestacks/b.yml]\n",
        }
    )
    assert directory.problems() == [
        "b.yml:1 includes './a.yml', which is included by itself: rulestacks/a.yml -> a.yml -> b.yml -> a.yml.",
        "rulestacks/b.yml:1 includes 'rulestacks/b.yml', which is included by itself: rulestacks/b.yml -> rulestacks/b.yml.",
    ]


def test_file_is_included_once_in_a_list(directory: Directory) -> None:
    """Otherwise some small files could have millions of rules."""
    files = {f"r{number}.yml": f"- include: r{number + 1}.yml\n" * 2 for number in range(15)}
    directory.write({**files, "rulestacks/a.yml": "rules:\n- include: r0.yml\n", "r15.yml": rule("x")})
    found = directory.problems()
    assert len(found) == 15
    assert "r0.yml:2 includes r1.yml again, after r0.yml:1: its rules would be there twice." in found


def test_long_chains_are_refused(directory: Directory) -> None:
    files = {f"r{number}.yml": f"- include: r{number + 1}.yml\n" for number in range(300)}
    directory.write({**files, "rulestacks/a.yml": "rules:\n- include: r0.yml\n"})
    (problem,) = directory.problems()
    assert "which is included through more than 20 files: rulestacks/a.yml -> r0.yml" in problem


@pytest.mark.parametrize(
    ("stack", "included", "expected"),
    [
        ("include: a.yml\n", "{}\n", "rulestacks/a.yml:1 has the text 'a.yml' as 'include', not a list of paths."),
        ("include: [1]\n", "{}\n", "rulestacks/a.yml:1 includes the number 1, not a path."),
        ("include: [a.yml]\n", "[]\n", "a.yml:1 is a list, not a mapping of sections, in a file that rulestacks/a.yml:1 includes."),
        ("include: [a.yml]\n", "prefix_list: []\n", "a.yml:1 > prefix_list is unknown; did you mean 'prefix_lists'?"),
        ("include: [a.yml]\n", "include: [b.yml]\n", "a.yml:1 > include is unknown."),
        ("include: [a.yml]\n", "rules: {}\n", "a.yml:1 > rules is a mapping, not a list."),
        ("include: [a.yml]\n", "a: [\n", "a.yml:2 is not YAML"),
        ("rules:\n- include: a.yml\n  name: x\n", "[]\n", "rulestacks/a.yml:2 has 'include' together with other keys"),
        ("rules:\n- include: [a.yml]\n", "[]\n", "rulestacks/a.yml:2 includes a list, not a path."),
        ("rules:\n- include: a.yml\n", "{}\n", "a.yml:1 is a mapping, not a list of rules, in a file that rulestacks/a.yml:2 includes."),
        ("prefix_lists:\n- include: a.yml\n", "[]\n", "rulestacks/a.yml:2 prefix_lists[0] > include is unknown."),
    ],
)  # fmt: skip
def test_invalid_includes_are_refused(directory: Directory, stack: str, included: str, expected: str) -> None:
    directory.write({"rulestacks/a.yml": stack, "a.yml": included})
    found = directory.problems()
    assert found[0].startswith(expected), found


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Directory:
    return Directory(tmp_path_factory.mktemp("kept"))


TREES = st.recursive(
    st.just(None), lambda inner: st.lists(inner, min_size=1, max_size=4), max_leaves=12
)  # None is a rule, a list a file


@given(st.lists(TREES, max_size=4))
def test_included_rules_are_in_the_order_of_a_walk_through_the_files(kept: Directory, tree: list[Any]) -> None:
    files: dict[str, str] = {}
    wanted: list[str] = []

    def write(items: list[Any]) -> str:
        text = ""
        for item in items:
            if item is None:
                wanted.append(f"r{len(wanted)}")
                text += rule(wanted[-1])
            else:
                name = f"f{len(files)}.yml"
                files[name] = ""
                files[name] = write(item)
                text += f"- include: {name}\n"
        return text

    files["rulestacks/a.yml"] = f"rules:\n{write(tree)}" if tree else "rules: []\n"
    kept.write(files)
    assert names(kept) == wanted
