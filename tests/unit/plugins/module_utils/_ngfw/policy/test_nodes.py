# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""YAML with places: values as PyYAML reads them, and everything that is refused, each with its line."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.policy import nodes
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.policy.nodes import INVALID, Node, plain, read_yaml
from hypothesis import given
from hypothesis import strategies as st


@pytest.fixture(params=["CSafeLoader", "SafeLoader"], autouse=True)
def loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """With libyaml, and without."""
    monkeypatch.setattr(nodes.yaml, "CSafeLoader", getattr(yaml, request.param))
    read_yaml.cache_clear()


def problems(content: str | bytes) -> list[str]:
    _node, found = read_yaml(content.encode() if isinstance(content, str) else content, "a.yml")
    return [str(problem) for problem in found]


def test_values_are_as_pyyaml_reads_them() -> None:
    text = "a: [1, -2, 0x1F, 1.5, true, no, null, ~, '', 'x', \"y\\n\", 0, 00x]\nb: {c: |\n  text\n, 5: d}\nç: ☃\n"
    text = text.replace("|\n  text\n", "text")
    node, found = read_yaml(text.encode(), "a.yml")
    assert found == ()
    expected = yaml.safe_load(text)
    expected["b"]["5"] = expected["b"].pop(5)
    assert plain(node) == expected
    assert [type(item) for item in plain(node)["a"]] == [type(item) for item in expected["a"]]


def test_dates_stay_texts() -> None:
    node, found = read_yaml(b"a: 2026-05-19\n", "a.yml")
    assert (plain(node), found) == ({"a": "2026-05-19"}, ())


def test_line_of_a_value_in_a_mapping_is_that_of_its_key() -> None:
    node, _found = read_yaml(b"---\na:\n  - b\n\n  - c:\n      >\n      d\n", "a.yml")
    assert (node.line, node.value["a"].line) == (2, 2)
    assert [item.line for item in node.value["a"].value] == [3, 5]
    assert node.value["a"].value[1].value["c"] == Node("d\n", "a.yml", 5)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("a: &x 1\nb: *x\n", ["a.yml:1 has the anchor &x: use 'include' or a variable.", "a.yml:2 has the alias *x: use 'include' or a variable."]),
        ("a: 1\nb:\n  <<: {c: 1}\n", ["a.yml:3 has the merge key '<<': use 'include' or a variable."]),
        ("a: 1\nb: 2\na: 3\n", ["a.yml:3 repeats the key 'a' of line 1."]),
        ("a:\n  b: {c: 1, 'c': 2}\n", ["a.yml:2 repeats the key 'c' of line 2."]),
        ("a: !vault x\n", ["a.yml:1 has the tag !vault: tags are not possible."]),
        ("a: !unsafe x\n", ["a.yml:1 has the tag !unsafe: tags are not possible."]),
        ("a: !!python/object:os.system []\n", ["a.yml:1 has the tag tag:yaml.org,2002:python/object:os.system: tags are not possible."]),
        ("a: ! x\n", ["a.yml:1 has the tag !: tags are not possible."]),
        ("a: 1\n---\nb: 2\n", ["a.yml:2 begins a second document; a file has one."]),
        ("a: 012345678901\n", ["a.yml:1 has the number 012345678901 with a leading zero, which YAML can read as octal: quote it, '012345678901'."]),
        ("a: [-07]\n", ["a.yml:1 has the number -07 with a leading zero, which YAML can read as octal: quote it, '-07'."]),
        ("\n? [a]\n: b\n", ["a.yml:2 has a list as a key."]),
        ("a: 1\nb: {{ a }}\n", ["a.yml:2 has a mapping as a key. Quote a value that begins with a template."]),
        ("'{{ a }}': b\n", ["a.yml:1 has a template in the key '{{ a }}': only values can have templates."]),
        (b"a: b\nc: \xff\n", ["a.yml:2 is not UTF-8."]),
        ("a: 9999999999999999999999\n", ["a.yml:1 has the invalid number 9999999999999999999999."]),
        ("a: 0b\nb: 0x_\n", ["a.yml:2 has the invalid number 0x_."]),
    ],
)  # fmt: skip
def test_what_can_be_misread_is_refused_with_its_line(content: str | bytes, expected: list[str]) -> None:
    assert problems(content) == expected


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("a: [1\nb: 2\n", 2),
        ("a: 1\n\tb: 2\n", 2),
        ("a: b: c\n", 1),
        ("a: b\n\nc: \x07\n", 3),
        ("\na: " + "[" * 30 + "]" * 30, 2),
        ("a: 'b\n", 2),
        ("a: *unknown\n  - b\n", 2),
        ("%YAML 9.0\n---\na: 1\n", 1),
    ],
)
def test_what_is_not_yaml_is_refused_with_its_line(content: str, line: int) -> None:
    found = problems(content)
    assert [text.startswith(f"a.yml:{line} is not YAML: ") for text in found][-1:] == [True], found


def test_all_problems_of_a_file_are_found() -> None:
    assert len(problems("a: &x 1\nb: !t 2\nc: 01\nc: 2\n")) == 4


def test_quoted_values_are_texts() -> None:
    node, found = read_yaml(b"a: ['012', \"1\", 'true', '<<']\n'<<': b\n", "a.yml")
    assert (plain(node), found) == ({"a": ["012", "1", "true", "<<"], "<<": "b"}, ())


def test_byte_order_mark_and_empty_files_are_accepted() -> None:
    assert plain(read_yaml(b"\xef\xbb\xbfa: 1\n", "a.yml")[0]) == {"a": 1}
    assert read_yaml(b"# nothing\n", "a.yml") == (Node(None, "a.yml", 1), ())


def test_invalid_part_makes_the_whole_invalid() -> None:
    assert plain(Node([Node({"a": Node(INVALID, "a.yml", 1)}, "a.yml", 1)], "a.yml", 1)) is INVALID


TEXTS = st.text(st.characters(codec="ascii", categories=["L", "N", "P", "S"]) | st.sampled_from(" \né☃"), max_size=10)
SCALARS = st.none() | st.booleans() | st.integers(-(2**40), 2**40) | TEXTS
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner), max_leaves=15)


@given(VALUES, st.booleans())
def test_what_pyyaml_writes_is_read_back(value: Any, flow: bool) -> None:
    text = yaml.safe_dump(value, default_flow_style=flow, allow_unicode=True)
    node, found = read_yaml(text.encode(), "a.yml")
    meant = ("template in the key", "leading zero")
    assert [problem for problem in found if not any(part in problem.text for part in meant)] == []
    assert plain(node) == value


PIECES = st.sampled_from(
    [
        "a",
        ":",
        " ",
        "\n",
        "- ",
        "  ",
        "[",
        "]",
        "{",
        "}",
        "'",
        '"',
        "&x",
        "*x",
        "!t",
        "<<",
        "|",
        ">",
        "#",
        "---",
        "...",
        "%",
        "\t",
        "012",
        "1",
        "{{",
        "}}",
        "\\",
        "?",
        "\x00",
        "\x85",
        "é",
        ",",
    ]
)


@given(st.lists(PIECES, max_size=30).map("".join) | st.text(max_size=40) | st.binary(max_size=40))
def test_broken_yaml_has_a_file_and_line(content: str | bytes) -> None:
    data = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
    node, found = read_yaml(data, "a.yml")
    lines = data.count(b"\n") + data.count(b"\r") + data.decode("latin-1").count("\x85") + data.count(b"\xe2\x80") + 1
    for problem in found:
        file, _colon, line = problem.place.partition(":")
        assert file == "a.yml"
        assert 1 <= int(line) <= lines + 1, problem
    assert isinstance(node, Node)
