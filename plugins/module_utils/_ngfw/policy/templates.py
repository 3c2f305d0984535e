# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Templates in values: C({{ expression }}), evaluated in Jinja's sandbox with nothing but the variables that the expression names.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping
from typing import Any

from .nodes import GREATEST

try:
    import jinja2
    import jinja2.meta
    from jinja2.sandbox import ImmutableSandboxedEnvironment
except ImportError:  # ansible-core needs it on the controller, where this runs
    pass

MARK = "{{"


class TemplateProblem(Exception):
    """A template is invalid. Its text is the end of a sentence about the place."""


@dataclasses.dataclass(frozen=True)
class Expression:
    """A Jinja expression. :param names: the variables that it uses. :param source: without braces."""

    source: str
    names: frozenset[str]

    def evaluate(self, values: Mapping[str, Any]) -> Any:
        """Its value, as lists, dictionaries, texts, numbers, booleans and None.

        :param values: of the variables in C(names), without those that are undefined. :raises TemplateProblem: it has none.
        """
        try:
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


@functools.cache
def _environment() -> ImmutableSandboxedEnvironment:
    """Without global functions and without C(random): a plan is the same each time."""
    environment = ImmutableSandboxedEnvironment(undefined=jinja2.StrictUndefined, keep_trailing_newline=True)
    environment.globals.clear()
    del environment.filters["random"]
    return environment


@functools.cache
def _expression(source: str) -> Expression:
    _compiled(source)
    tree = _environment().parse(f"{{{{ {source} }}}}")
    return Expression(source, frozenset(jinja2.meta.find_undeclared_variables(tree)))


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
