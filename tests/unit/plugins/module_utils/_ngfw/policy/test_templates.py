# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Templates: native values, the sandbox, and that every failure is a problem and no traceback."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.policy.sandbox import Budget, TemplateProblem
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.policy.templates import Expression, template
from hypothesis import given
from hypothesis import strategies as st

VALUES = {"a": "x", "n": 7, "items": ["p", "q"], "map": {"key": {"inner": 1}, "items": 2}}


def evaluate(text: str) -> list[Any]:
    return [part if isinstance(part, str) else part.evaluate(VALUES, Budget()) for part in template(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ n }}", [7]),
        ("{{ items }}", [["p", "q"]]),
        ("{{ map.key.inner }}", [1]),
        ("{{ map['items'] }}", [2]),
        ("{{ a }}-{{- a }}", ["x", "-", "x"]),
        ("{{ items | map('upper') }}", [["P", "Q"]]),
        ("{{ missing | default('d') }}", ["d"]),
        ("{{ n > 3 }}", [True]),
        ("{{ none }}", [None]),
        ("{{ (1, 'b') }}", [[1, "b"]]),
        ("{{ '{{' }}", ["{{"]),
        ("{{ '}}' }}", ["}}"]),
        ("{{ a }}\n", ["x", "\n"]),
        ("{{ items | tojson }}", ['["p", "q"]']),
        ("{{ {'k': [n]} }}", [{"k": [7]}]),
    ],
)  # fmt: skip
def test_expressions_keep_their_type(text: str, expected: list[Any]) -> None:
    found = evaluate(text)
    assert found == expected
    assert list(map(type, found)) == list(map(type, expected))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{{ missing }}", "uses the undefined variable 'missing'."),
        ("{{ missing ~ other }}", "uses the undefined variables 'missing', 'other'."),
        ("{{ [missing] }}", "uses the undefined variable 'missing'."),
        ("{{ range(3) }}", "uses the undefined variable 'range'."),
        ("{{ lookup('env', 'HOME') }}", "uses the undefined variable 'lookup'."),
        ("{{ map.other }}", "cannot be evaluated: 'dict object' has no attribute 'other'."),
        ("{{ n / 0 }}", "cannot be evaluated: division by zero."),
        ("{{ n + a }}", "cannot be evaluated: unsupported operand"),
        ("{{ a.__class__ }}", "cannot be evaluated: access to attribute '__class__' of 'str' object is unsafe."),
        ("{{ items.append(1) }}", "cannot be evaluated: "),
        ("{{ 10 ** 400 }}", "gives a number that is too large."),
        ("{{ a.upper }}", "gives a builtin_function_or_method, which no option can have."),
        ("{{ items | random }}", "has an invalid template: No filter named 'random'."),
        ("{{ a | to_json }}", "has an invalid template: No filter named 'to_json'."),
        ("{{ }}", "has an invalid template: unexpected 'end of template'."),
        ("{{ a", "has an invalid template: '{{' without '}}'."),
        ("{{ a b }}", "has an invalid template: "),
        ("{{ a }}{% if a %}b{% endif %}", "has '{%': only expressions in {{ }} are possible."),
        ("{{ a }}{# b #}", "has '{#': only expressions in {{ }} are possible."),
        ("{% raw %}{{ a }}{% endraw %}", "has '{% raw %}': only expressions in {{ }} are possible."),
        ("{{ " + "(" * 3000 + "a" + ")" * 3000 + " }}", "has an invalid template: it is nested too deeply."),
        ("{{ " + "[" * 250 + "]" * 250 + " }}", "has an invalid template: it is nested too deeply."),
    ],
)
def test_invalid_templates_are_refused(text: str, message: str) -> None:
    with pytest.raises(TemplateProblem) as failure:
        evaluate(text)
    assert str(failure.value).startswith(message)


def test_only_the_named_variables_are_needed() -> None:
    (expression,) = template("{{ a ~ map.key }}")
    assert isinstance(expression, Expression)
    assert expression.names == {"a", "map"}


PIECES = [
    "{{",
    "}}",
    "{%",
    "%}",
    "{#",
    "a",
    "n",
    "items",
    "map",
    ".",
    "|",
    "(",
    ")",
    "[",
    "]",
    "'",
    " ",
    "+",
    "*",
    "~",
    "1",
    "upper",
    "if",
    "else",
    ",",
    "\n",
]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_any_template_has_a_value_or_a_problem(text: str) -> None:
    try:
        found = evaluate(text)
    except TemplateProblem:
        return
    if "{{" not in text and "{%" not in text and "{#" not in text:
        assert "".join(found) == text
