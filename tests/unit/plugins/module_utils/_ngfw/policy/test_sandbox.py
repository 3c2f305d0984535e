# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Templates take limited work and memory, and what policies need is within the limits."""

from __future__ import annotations

import tracemalloc
from typing import Any

import jinja2.defaults
import pytest
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.policy import variables
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.policy.sandbox import (
    FILTERS,
    Budget,
    TemplateProblem,
    weight,
)
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.policy.templates import Expression, template

from .conftest import Directory

TOO_MUCH = "takes too much time or memory."
TOO_LARGE = "gives a number that is too large."
MEMORY = 100_000_000  # bytes
# Filters that only lay out text, escape for HTML, or are random.
ABSENT = {
    *("batch", "center", "e", "escape", "filesizeformat", "forceescape", "indent", "pprint", "random", "safe", "slice"),
    *("striptags", "urlize", "wordwrap", "xmlattr"),
}
VALUES: dict[str, Any] = {
    "text": "x" * 100_000,
    "texts": ["x"] * 20_000,
    "lists": [["x"]] * 20_000,
    "tree": [["x"] * 100] * 100,
    "cidrs": [f"10.{number // 256}.{number % 256}.0/24" for number in range(1_000)],
}


def evaluate(text: str, budget: Budget | None = None) -> Any:
    (expression,) = template(text)
    assert isinstance(expression, Expression)
    used = {name: VALUES[name] for name in expression.names}
    tracemalloc.start()
    try:
        return expression.evaluate(used, budget or Budget())
    finally:
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < MEMORY


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{{ 10 ** (10 ** 10) }}", TOO_LARGE),
        ("{{ 2 ** 100 // 3 }}", TOO_LARGE),
        ("{{ 1 | round(10 ** 9, 'ceil') }}", TOO_LARGE),
        ("{{ ('f' * 100000) | int(base=16) // 3 }}", TOO_LARGE),
        ("{{ 'a' * 10 ** 9 }}", TOO_MUCH),
        ("{{ 10 ** 9 * [0] }}", TOO_MUCH),
        ("{{ [tree * 1000] }}", TOO_MUCH),
        ("{{ 'a' * 400000 * 400000 }}", TOO_MUCH),
        ("{{ '%1000000000d' % 1 }}", TOO_MUCH),
        ("{{ '%*d' % (10 ** 9, 1) }}", TOO_MUCH),
        ("{{ '%1000000000d' | format(1) }}", TOO_MUCH),
        ("{{ ('%(a)s' * 10000) | format(a=text) }}", TOO_MUCH),
        ("{{ texts | join(text) }}", TOO_MUCH),
        ("{{ text.join(texts) }}", TOO_MUCH),
        ("{{ text | replace('x', text) }}", TOO_MUCH),
        ("{{ text.replace('', text) }}", TOO_MUCH),
        ("{{ texts | map(attribute='none', default=text) | join }}", TOO_MUCH),
        ("{{ texts | map('replace', 'x', text) | list }}", TOO_MUCH),
        ("{{ texts | map('upper') | select('in', texts) | list }}", TOO_MUCH),
        ("{{ lists | sum(start=[]) }}", TOO_MUCH),
        ("{{ tree | tojson(indent=1000000) }}", TOO_MUCH),
        ("{{ [" + "tree, " * 120 + "] ~ '' }}", TOO_MUCH),
        ("{{ " + "+".join(["texts"] * 150) + " }}", TOO_MUCH),
        ("{{ 'a'.ljust(10 ** 9) }}", "cannot be evaluated: 'ljust' cannot be called in a template."),
        ("{{ '{:1000000000}'.format(1) }}", "cannot be evaluated: 'format' cannot be called in a template."),
        ("{{ 'a' | attr('zfill')(10 ** 9) }}", "cannot be evaluated: 'zfill' cannot be called in a template."),
        ("{{ 'a' | center(10 ** 9) }}", "has an invalid template: No filter named 'center'."),
        ("{{ " + "1 + " * 5000 + "1 }}", "has an expression of more than 10,000 characters."),
    ],
)
def test_expensive_expressions_are_refused(text: str, message: str) -> None:
    with pytest.raises(TemplateProblem) as failure:
        evaluate(text)
    assert str(failure.value) == message


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ 2 ** 31 - 1 }}", 2**31 - 1),
        ("{{ 1 ** 10 ** 9 }}", 1),
        ("{{ 'ab' * 2 }}", "abab"),
        ("{{ 2 * ['a'] }}", ["a", "a"]),
        ("{{ ['a'] * -1 }}", []),
        ("{{ '%03d/%s' % (7, 'x') }}", "007/x"),
        ("{{ '%(a)s/%(b)5d' | format(a='x', b=8) }}", "x/    8"),
        ("{{ '%s' | format(text) | length }}", 100_000),
        ("{{ 7 % 4 }}", 3),
        ("{{ 1.256 | round(2) }}", 1.26),
        ("{{ cidrs | reject('in', cidrs) | list }}", []),
        ("{{ cidrs | map('replace', '/24', '/25') | first }}", "10.0.0.0/25"),
        ("{{ cidrs[:2] | join(', ') }}", "10.0.0.0/24, 10.0.1.0/24"),
        ("{{ ', '.join(cidrs[:2]) }}", "10.0.0.0/24, 10.0.1.0/24"),
        ("{{ 'a-b'.replace('-', '_').split('_') }}", ["a", "b"]),
        ("{{ [['a'], ['b', 'c']] | sum(start=[]) }}", ["a", "b", "c"]),
        ("{{ {'a': 1}.items() | list }}", [["a", 1]]),
        ("{{ {'a': 1}.get('b', 2) }}", 2),
        ("{{ ['a'] | tojson(indent=2) }}", '[\n  "a"\n]'),
        ("{{ cidrs | map('length') | sum > 9000 }}", True),
    ],
)
def test_usual_expressions_are_evaluated(text: str, expected: Any) -> None:
    assert evaluate(text) == expected


def test_all_filters_of_jinja_are_classified() -> None:
    assert set(jinja2.defaults.DEFAULT_FILTERS) - set(FILTERS) <= ABSENT


def test_weight_counts_shared_values_as_often_as_they_are_there() -> None:
    assert weight({"a": ["x" * 640, 1]}) == 1 + 1 + 1 + 11 + 1
    assert weight(VALUES["tree"]) == 1 + 100 * (1 + 100)
    assert 50 < weight(VALUES["tree"], 50) < 200


def test_refused_expression_leaves_the_budget_to_others() -> None:
    budget = Budget(200)
    with pytest.raises(TemplateProblem, match="too much"):
        evaluate("{{ 'a' * 10 ** 9 }}", budget)
    assert evaluate("{{ ['a'] * 40 }}", budget) == ["a"] * 40
    with pytest.raises(TemplateProblem, match="too much"):
        evaluate("{{ ['a'] * 40 }}", budget)


def test_variables_that_double_each_other_are_refused_with_their_place(directory: Directory) -> None:
    lines = [f'v{number}: "{{{{ [v{number - 1}] * 30 }}}}"\n' for number in range(1, 7)]
    directory.write({"rulestacks/a.yml": 'description: "{{ v6 }}"\n', "variables/all.yml": "v0: a\n" + "".join(lines)})
    assert directory.problems() == [f"variables/all.yml:5 {TOO_MUCH}"]


def test_results_count_as_often_as_they_are_used(directory: Directory, monkeypatch: pytest.MonkeyPatch) -> None:
    """A short file cannot become a large tree of values."""
    monkeypatch.setattr(variables, "Budget", lambda: Budget(1_500))
    uses = "".join(f'  - name: p{number}\n    prefixes: "{{{{ many }}}}"\n' for number in range(4))
    many = "many: [" + "10.0.0.0/8, " * 400 + "]\n"
    directory.write({"rulestacks/a.yml": f"prefix_lists:\n{uses}", "variables/all.yml": many})
    assert directory.problems() == [f"rulestacks/a.yml:9 {TOO_MUCH}"]
