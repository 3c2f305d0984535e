# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Templates in values: C({{ expression }}), evaluated in a sandbox with nothing but the variables that the expression names.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
import functools
from collections import Counter
from collections.abc import Mapping
from typing import Any

from .nodes import GREATEST
from .sandbox import BUDGET, Budget, Environment, TemplateProblem

try:
    import jinja2
    import jinja2.meta
except ImportError:  # ansible-core needs it on the controller, where this runs
    pass

LONGEST = 10_000
"""How many characters an expression can have."""
MARK = "{{"


@dataclasses.dataclass(frozen=True)
class Expression:
    """A Jinja expression. :param source: without braces. :param names: the variables that it uses. :param times: how often it has each name."""

    source: str
    names: frozenset[str]
    times: Mapping[str, int] = dataclasses.field(compare=False)

    def evaluate(self, values: Mapping[str, Any], budget: Budget) -> Any:
        """Its value, as lists, dictionaries, texts, numbers, booleans and None.

        :param values: of the variables in C(names), without those that are undefined. :param budget: of the target.
        :raises TemplateProblem: it has none, or takes more than the budget.
        """
        try:
            budget.check_uses(values, self.times)
            BUDGET.set(budget)
            return _data(_compiled(self.source)(values))
        except TemplateProblem:
            raise
        except jinja2.UndefinedError as error:
            missing = sorted(self.names - set(values))
            if missing:
                plural = "s" if len(missing) > 1 else ""
                names = ", ".join(f"'{name}'" for name in missing)
                raise TemplateProblem(f"uses the undefined variable{plural} {names}.") from None
            raise TemplateProblem(f"cannot be evaluated: {_text(error)}.") from None
        except Exception as error:  # what filters and operators raise on values of another type
            raise TemplateProblem(f"cannot be evaluated: {_text(error)}.") from None


@functools.cache
def template(text: str) -> tuple[str | Expression, ...]:
    """The literal parts and the expressions of a text. :raises TemplateProblem: it is not a valid template."""
    parts: list[str | Expression] = []
    expression: list[str] | None = None
    try:
        for _line, kind, token in _environment().lex(text):
            if kind == "variable_begin":
                expression = []
            elif kind == "variable_end":
                parts.append(_expression("".join(expression or ())))
                expression = None
            elif kind == "data":
                parts.append(token)
            elif expression is None:
                raise TemplateProblem(f"has '{token.strip()}': only expressions in {{{{ }}}} are possible.")
            else:
                expression.append(token)
    except jinja2.TemplateSyntaxError as error:
        raise TemplateProblem(f"has an invalid template: {_text(error)}.") from None
    except (MemoryError, RecursionError, SyntaxError):  # of the compiler
        raise TemplateProblem("has an invalid template: it is nested too deeply.") from None
    if expression is not None:
        raise TemplateProblem("has an invalid template: '{{' without '}}'.")
    return tuple(parts)


_environment = functools.cache(Environment)


@functools.cache
def _expression(source: str) -> Expression:
    if len(source) > LONGEST:
        raise TemplateProblem(f"has an expression of more than {LONGEST:,} characters.")
    _compiled(source)
    tree = _environment().parse(f"{{{{ {source} }}}}")
    times = Counter(node.name for node in tree.find_all(jinja2.nodes.Name))
    return Expression(source, frozenset(jinja2.meta.find_undeclared_variables(tree)), times)


@functools.cache
def _compiled(source: str) -> Any:
    return _environment().compile_expression(source, undefined_to_none=False)


def _data(value: Any) -> Any:
    """A result as plain data. :raises UndefinedError: a part of it is undefined. :raises TemplateProblem: it is something else."""
    if isinstance(value, int) and abs(value) > GREATEST:
        raise TemplateProblem("gives a number that is too large.")
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, (str, jinja2.Undefined)):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): _data(item) for key, item in value.items()}
    if hasattr(value, "__iter__") and not isinstance(value, bytes):
        return [_data(item) for item in value]
    raise TemplateProblem(f"gives a {type(value).__name__}, which no option can have.")


def _text(error: Exception) -> str:
    return (str(getattr(error, "message", None) or error) or type(error).__name__).rstrip(".")
