# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of a rulestack file: wrong types, unknown keys and invalid values, each with the line and the way to it."""

from __future__ import annotations

import pytest

from .conftest import Directory

RULE = "rules:\n  - name: r\n    "


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name: 7\n", ":1 7 > name is the number 7, not a text: quote it."),
        ("name: true\n", ":1 True > name is the boolean true, not a text: quote it."),
        ("name: [a]\n", ":1 > name is a list, not a text."),
        ("name:\n", ":1 > name is empty: give it a value, or remove the key."),
        ("name: a_b\n", ":1 a_b > name is 'a_b': it has other characters than letters, digits and hyphens."),
        ("\nscop: local\n", ":2 web > scop is unknown; did you mean 'scope'?"),
        ("xyz: 1\n", ":1 web > xyz is unknown."),
        ("account_id: 123456789012\n", ":1 web > account_id is the number 123456789012, not a text: quote it."),
        ("description: {}\n", ":1 web > description is a mapping, not a text."),
        ("profiles: []\n", ":1 web > profiles is a list, not a mapping."),
        ("profiles:\n  anti_viru: custom\n", ":2 web > profiles > anti_viru is unknown; did you mean 'anti_virus'?"),
        ("profiles:\n  anti_virus: best\n", ":2 web > profiles > anti_virus is 'best', not one of BestPractice, custom."),
        ("tags: {a: 1}\n", ":1 web > tags > a is the number 1, not a text: quote it."),
        ("tags: {a: }\n", ":1 web > tags > a is empty: give it a value, or remove the key."),
        ("tags: [a]\n", ":1 web > tags is a list, not a mapping."),
        ("rules:\n", ":1 web > rules is empty: give it a value, or remove the key."),
        ("rules: ['{{ none }}']\n", ":1 rules[0] is empty: the list would have nothing there."),
        ("rules: {}\n", ":1 web > rules is a mapping, not a list."),
        ("rules: [a]\n", ":1 rules[0] is the text 'a', not a mapping."),
        ("rules:\n- action: Allow\n", ":2 rules[0] > name is missing."),
        (RULE + "priority: '7'\n", ":3 r > priority is the text '7', not a whole number."),
        (RULE + "priority: 1.5\n", ":3 r > priority is the number 1.5, not a whole number."),
        (RULE + "priority: true\n", ":3 r > priority is the boolean true, not a whole number."),
        (RULE + "priority: 0\n", ":3 r > priority is 0, not between 1 and 1000000."),
        (RULE + "enabled: 'yes'\n", ":3 r > enabled is the text 'yes', not true or false."),
        (RULE + "enabled: 1\n", ":3 r > enabled is the number 1, not true or false."),
        (RULE + "source:\n      countries: [US, NO]\n", ":4 r > source > countries[1] is the boolean false, not a text: quote it."),
        (RULE + "source:\n      countries:\n      - US\n      - DEU\n", ":6 r > source > countries[1] is 'DEU': it is not a country code such as US."),
        (RULE + "source: {cidrs: 10.0.0.0/8}\n", ":3 r > source > cidrs is the text '10.0.0.0/8', not a list."),
        (RULE + "source: {cidrs: [[a]]}\n", ":3 r > source > cidrs[0] is a list, not a text."),
        (RULE + "source: {cidrs: [{a: b}, 10.0.0.1/8]}\n", ":3 r > source > cidrs[0] is a mapping, not a text."),
        (RULE + "applications: [\"{{ none }}\"]\n", ":3 r > applications[0] is empty: the list would have nothing there."),
        ("pre_rules: [{name: a}]\n", ":1 web > pre_rules is not possible in a local rulestack."),
        ("deploy_to: {group: [a]}\n", ":1 web > deploy_to > group is unknown; did you mean 'groups'?"),
        ("deploy_to: {accounts: [123456789012]}\n", ":1 web > deploy_to > accounts[0] is the number 123456789012, not a text: quote it."),
        ("deploy_to:\n  accounts:\n  - '1'\n", ":3 web > deploy_to > accounts[0] is '1': it is not an AWS account ID of 12 digits."),
        ("deploy_to:\n  regions: [useast1]\n", ":2 web > deploy_to > regions[0] is 'useast1', not the name of an AWS region."),
        ("deploy_to: all\n", ":1 web > deploy_to is the text 'all', not a mapping."),
        ("suppress:\n- id: unused\n", ":2 web > suppress[0] > id is 'unused', not one of any-to-any-allow, "),
        ("suppress:\n- name: a\n", ":2 web > suppress[0] > id is missing."),
        ("suppress:\n- id: unused-object\n  rulestack: a\n", ":3 web > suppress[0] > rulestack is unknown"),
    ],
)  # fmt: skip
def test_problem_has_the_line_and_the_way(directory: Directory, text: str, expected: str) -> None:
    directory.write({"rulestacks/web.yml": text})
    found = directory.problems()
    assert found[0].startswith(f"rulestacks/web.yml{expected}"), found
    assert len(found) == (2 if "10.0.0.1/8" in text else 1), found


def test_all_problems_of_all_files_are_in_one_error(directory: Directory) -> None:
    directory.write(
        {
            "rulestacks/a.yml": "nam: x\nrules:\n  - name: r\n    source: {cidrs: [10.0.0.1/8]}\n    action: Drop\n    tags: {t: 1}\n",
            "rulestacks/b.yml": "a: &b c\n",
            "rulestacks/c.yaml": "[",
            "rulestacks/d/e.yml": "- a\n",
            "variables/all.yml": "a: {{ b }}\n",
        }
    )
    places = [problem.partition(" is ")[0].partition(" has ")[0] for problem in directory.problems()]
    assert places == [
        "variables/all.yml:1",
        "rulestacks/a.yml:1 a > nam",
        "rulestacks/a.yml:6 r > tags > t",
        "rulestacks/b.yml:1",
        "rulestacks/b.yml:1 b > a",
        "rulestacks/c.yaml:2",
        "rulestacks/d/e.yml:1",
        "rulestacks/a.yml:4 r > source > cidrs[0]",
        "rulestacks/a.yml:5 r > action",
    ]


def test_message_names_each_problem_once(directory: Directory) -> None:
    directory.write({"rulestacks/a.yml": 'name: "{{ x }}"\nrules: [{name: "{{ x }}"}, {name: "{{ x }}"}]\n'})
    assert directory.problems() == [
        "rulestacks/a.yml:1 uses the undefined variable 'x'.",
        "rulestacks/a.yml:2 uses the undefined variable 'x'.",
    ]
