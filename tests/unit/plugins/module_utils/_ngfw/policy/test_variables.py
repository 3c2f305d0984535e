# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables: which file wins, values that use others, and all that are undefined."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from .conftest import Directory

STACK = 'description: "{{ d }}"\n'


def description(directory: Directory, **target: Any) -> Any:
    return directory.read(**target).rulestacks[0].get("description")


def test_account_wins_over_region_over_all_by_top_level_name(directory: Directory) -> None:
    directory.write(
        {
            "rulestacks/a.yml": 'description: "{{ one }} {{ two }} {{ three }} {{ map }}"\n',
            "variables/all.yml": "one: all\ntwo: all\nthree: all\nmap: {a: 1, b: 2}\n",
            "variables/regions/us-east-1.yml": "two: region\nthree: region\n",
            "variables/regions/eu-west-1.yml": "one: other\n",
            "variables/accounts/123456789012.yml": "three: account\nmap: {c: 3}\n",
        }
    )
    assert description(directory) == "all region account {'c': 3}"
    assert description(directory, region="eu-west-1", account="210987654321") == "other all all {'a': 1, 'b': 2}"
    assert description(directory, one="given") == "given region account {'c': 3}"
    assert directory.read().files == [
        "rulestacks/a.yml",
        "variables/accounts/123456789012.yml",
        "variables/all.yml",
        "variables/regions/us-east-1.yml",
    ]


def test_account_and_region_are_built_in(directory: Directory) -> None:
    directory.write({"rulestacks/a.yml": 'description: "{{ account_id }} in {{ region }}"\n'})
    assert description(directory) == "123456789012 in us-east-1"
    directory.write({"variables/all.yml": "a: 1\nregion: x\n"})
    assert directory.problems(account_id="x") == [
        "variables > account_id is built in, and cannot be set.",
        "variables/all.yml:2 sets the variable 'region', which is built in.",
    ]


def test_variables_use_others_in_any_order(directory: Directory) -> None:
    variables = 'd: "{{ b.c }}!"\nb: {c: "{{ account_id }}-{{ z }}"}\nz: "{{ given }}"\n'
    directory.write({"rulestacks/a.yml": STACK, "variables/all.yml": variables})
    assert description(directory, given="{{ no template }}") == "123456789012-{{ no template }}!"


def test_cycles_are_refused_once_with_their_names(directory: Directory) -> None:
    variables = 'a: "{{ b }}"\nb: {x: "{{ c }}"}\nc: "{{ a }}"\nown: "{{ own }}"\n'
    directory.write({"rulestacks/a.yml": STACK.replace(" d ", " a "), "variables/all.yml": variables})
    assert directory.problems() == [
        "variables/all.yml:3 uses itself: a -> b -> c -> a.",
        "variables/all.yml:4 uses itself: own -> own.",
    ]


def test_long_chains_of_variables_are_refused(directory: Directory) -> None:
    lines = [f'v{number}: "{{{{ v{number + 1} }}}}"\n' for number in range(300)]
    directory.write({"rulestacks/a.yml": "{}\n", "variables/all.yml": "".join(lines) + "v300: end\n"})
    assert "is used through more than 20 variables" in directory.problems()[0]


def test_all_undefined_variables_are_named_with_their_places(directory: Directory) -> None:
    directory.write(
        {
            "rulestacks/a.yml": 'name: "{{ one }}"\ntags:\n  a: "{{ two }} {{ three + four }}"\nprefix_lists:\n  - name: "{{ five.x }}"\n',
            "rulestacks/b.yml": 'include: ["shared/{{ six }}.yml", shared/a.yml]\ndescription: "{{ region.x }}"\n',
            "shared/a.yml": 'prefix_lists:\n  - name: a\n    prefixes: "{{ seven }}"\n',
            "variables/all.yml": 'five: "{{ eight }}"\n',
        }
    )
    assert directory.problems() == [
        "variables/all.yml:1 uses the undefined variable 'eight'.",
        "rulestacks/a.yml:1 uses the undefined variable 'one'.",
        "rulestacks/a.yml:3 uses the undefined variable 'two'.",
        "rulestacks/a.yml:3 uses the undefined variables 'four', 'three'.",
        "rulestacks/b.yml:1 uses the undefined variable 'six'.",
        "rulestacks/b.yml:2 cannot be evaluated: 'str object' has no attribute 'x'.",
        "shared/a.yml:3 uses the undefined variable 'seven'.",
    ]


def test_variables_of_ansible_and_the_environment_do_not_enter(
    directory: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("d", "secret")
    for name in ("hostvars", "ansible_env", "vars", "environ", "d"):
        directory.write({"rulestacks/a.yml": f'description: "{{{{ {name} }}}}"\n'})
        assert directory.problems() == [f"rulestacks/a.yml:1 uses the undefined variable '{name}'."]


def test_types_of_values_are_kept(directory: Directory) -> None:
    stack = """prefix_lists:
  - name: office
    prefixes: "{{ office.prefixes }}"
    description: "{{ none }}"
profiles: "{{ profiles }}"
rules:
  - name: "allow-{{ n }}"
    priority: "{{ n }}"
    enabled: "{{ 'yes' }}"
    logging: "{{ n > 3 }}"
"""
    variables = "office: {prefixes: [10.0.0.0/8]}\nprofiles: {anti_virus: custom}\n"
    directory.write({"rulestacks/a.yml": stack, "variables/all.yml": variables})
    (found,) = directory.read(n=7).rulestacks
    assert found == {
        "name": "a",
        "prefix_lists": [{"name": "office", "prefixes": ["10.0.0.0/8"]}],
        "profiles": {"anti_virus": "custom"},
        "rules": [{"name": "allow-7", "priority": 7, "enabled": True, "logging": True}],
    }


def test_texts_of_extra_variables_are_converted(directory: Directory) -> None:
    directory.write(
        {"rulestacks/a.yml": 'rules:\n  - {name: a, priority: "{{ n }}", enabled: "{{ on }}", logging: "{{ off }}"}\n'}
    )
    (found,) = directory.read(n="7", on="True", off="no").rulestacks
    assert found["rules"] == [{"name": "a", "priority": 7, "enabled": True, "logging": False}]


@pytest.mark.parametrize(
    "path",
    [
        "variables/all.yaml",
        "variables/region/us-east-1.yml",
        "variables/regions/useast1.yml",
        "variables/accounts/1.yml",
        "variables/accounts/123456789012.yaml",
    ],
)
def test_files_that_no_target_would_read_are_refused(directory: Directory, path: str) -> None:
    directory.write({"rulestacks/a.yml": "{}\n", path: "a: 1\n"})
    assert directory.problems() == [
        f"{path}:1 is read for no target: variables are in variables/all.yml, variables/regions/<region>.yml and variables/accounts/<account ID>.yml."
    ]


def test_variables_that_cannot_be_read_are_refused(directory: Directory, tmp_path: Path) -> None:
    directory.write({"rulestacks/a.yml": "{}\n", "variables/all.yml": "- a\n"})
    (tmp_path / "outside.yml").write_text("a: 1\n")
    (directory.path / "variables/regions").mkdir()
    os.symlink(tmp_path / "outside.yml", directory.path / "variables/regions/us-east-1.yml")
    assert directory.problems() == [
        "variables/all.yml:1 is a list, not a mapping of variables.",
        "variables/regions/us-east-1.yml:1 is outside of the policy directory.",
    ]
