# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Jinja's sandbox with a limit of the work and memory that expressions can take: a policy from a merge request must not stop the job that validates it.

What an expression names is weighed before it is evaluated, and what can make a large value from small ones is weighed before or right after it is done:
the operators C(+), C(*), C(**) and C(%), filters, tests and methods. Everything else takes no more than its operands do. Filters and methods that only lay
out text, such as C(indent), are absent, and so is C(random): a plan is the same each time.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, ItemsView, Iterator, KeysView, Mapping, ValuesView
from contextvars import ContextVar
from typing import Any

from .nodes import GREATEST

try:
    import jinja2
    from jinja2.exceptions import SecurityError
    from jinja2.sandbox import ImmutableSandboxedEnvironment
except ImportError:  # ansible-core needs it on the controller, where this runs
    ImmutableSandboxedEnvironment = object  # type: ignore[assignment,misc]

MOST = 1_000_000
"""The units that all templates of a target can take. One stands for a value or a step: some microseconds, some hundred bytes."""
QUICK = 64
"""How many characters, or elements that are copied or compared without a call, are a unit."""
MOST_DIGITS = 100
"""To which a number can be rounded."""
FILTERS = (
    *("abs", "attr", "capitalize", "count", "d", "default", "dictsort", "first", "float", "format", "groupby", "int", "items", "join", "last"),
    *("length", "list", "lower", "map", "max", "min", "reject", "rejectattr", "replace", "reverse", "round", "select", "selectattr", "sort"),
    *("string", "sum", "title", "tojson", "trim", "truncate", "unique", "upper", "urlencode", "wordcount"),
)  # fmt: skip
METHODS = (
    *("capitalize", "casefold", "count", "endswith", "find", "get", "index", "isalnum", "isalpha", "isascii", "isdecimal", "isdigit", "islower"),
    *("isnumeric", "isspace", "isupper", "items", "join", "keys", "lower", "lstrip", "partition", "removeprefix", "removesuffix", "replace", "rfind"),
    *("rindex", "rpartition", "rsplit", "rstrip", "split", "splitlines", "startswith", "strip", "swapcase", "title", "upper", "values"),
)  # fmt: skip
_CONTAINERS = (list, tuple, set, frozenset, dict, ItemsView, KeysView, ValuesView)
_SEQUENCES = (str, bytes, *_CONTAINERS)


class TemplateProblem(Exception):
    """A template is invalid. Its text is the end of a sentence about the place."""


class Budget:
    """What the templates of a target can still take. :param left: in units."""

    def __init__(self, left: int = MOST) -> None:
        self._left = left
        self._weights: dict[str, int] = {}

    def check_uses(self, values: Mapping[str, Any], times: Mapping[str, int]) -> None:
        """Check what an expression names.

        :param values: of variables, the same for a name each time. :param times: how often the expression names each.
        :raises TemplateProblem: it names more than is left.
        """
        for name in values.keys() - self._weights.keys():
            self._weights[name] = weight(values[name])
        self._check(sum(self._weights[name] * times[name] for name in values))

    def take(self, units: int) -> None:
        """Use units. :raises TemplateProblem: there are not so many left, and none is taken."""
        self._check(units)
        self._left -= units

    def take_for(self, value: Any) -> None:
        """Use the units of a value. :raises TemplateProblem: it has more than are left, or is a number that is too large."""
        if isinstance(value, int) and abs(value) > GREATEST:
            raise _too_large()
        self.take(weight(value, self._left))

    def _check(self, units: int) -> None:
        if units > self._left:
            raise TemplateProblem("takes too much time or memory.")


BUDGET: ContextVar[Budget] = ContextVar("BUDGET")
"""Of the expression that is evaluated."""


def weight(value: Any, most: int = MOST) -> int:
    """The units of a value with all that is in it, counted as often as it is there. :param most: more than that are not counted exactly."""
    units, rest = 0, [value]
    while rest and units <= most:
        one = rest.pop()
        units += 1
        if isinstance(one, (str, bytes)):
            units += len(one) // QUICK
        elif isinstance(one, Mapping):
            rest.extend(one.keys())
            rest.extend(one.values())
        elif isinstance(one, _CONTAINERS):
            rest.extend(one)
    return units


class Environment(ImmutableSandboxedEnvironment):
    """Evaluates expressions within L(BUDGET), without global functions."""

    intercepted_binops = frozenset(("+", "*", "**", "%"))

    def __init__(self) -> None:
        # Constants are not evaluated when an expression is compiled.
        super().__init__(undefined=jinja2.StrictUndefined, keep_trailing_newline=True, optimized=False)
        self.globals.clear()
        self.filters = {name: _metered(name, self.filters[name]) for name in FILTERS if name in self.filters}
        self.tests = {name: _metered(name, function) for name, function in self.tests.items()}

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """The result of an intercepted operator."""
        budget = BUDGET.get()
        budget.take(_OPERATORS[operator](left, right))
        result = super().call_binop(context, operator, left, right)
        budget.take_for(result)
        return result

    def call(self, context: Any, obj: Any, *args: Any, **kwargs: Any) -> Any:
        """The result of a method. There is nothing else to call."""
        if isinstance(obj, jinja2.Undefined):
            return super().call(context, obj)
        name = getattr(obj, "__name__", "")
        if name not in METHODS:
            raise SecurityError(f"'{name}' cannot be called in a template")
        budget = BUDGET.get()
        budget.take(_METHODS.get(name, _nothing)(obj.__self__, *args, **kwargs))
        result = super().call(context, obj, *args, **kwargs)
        budget.take_for(result)
        return result


def _metered(name: str, function: Any) -> Callable[..., Any]:
    """A filter or test that uses units for its operands and its result. Lazy results become lists, so that all of them are weighed."""
    first = 1 if hasattr(function, "jinja_pass_arg") else 0  # Jinja's own argument
    cost = _FILTERS.get(name, _nothing)

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        budget = BUDGET.get()
        budget.take(1 + sum(map(_length, args[first:])) + cost(*args[first:], **kwargs))
        result = function(*args, **kwargs)
        if isinstance(result, Iterator):
            result = list(result)
        budget.take_for(result)
        return result

    return call


def _length(value: Any) -> int:
    """The units of going through a value once."""
    return len(value) // QUICK if isinstance(value, _SEQUENCES) else 0


# The units that an operation takes in addition to those of its result. For operands of a wrong type, it fails as the operation would.
def _nothing(*_args: Any, **_kwargs: Any) -> int:
    return 0


def _added(left: Any, right: Any) -> int:
    return _length(left) + _length(right)


def _multiplied(left: Any, right: Any) -> int:
    for value, factor in ((left, right), (right, left)):
        if isinstance(value, _SEQUENCES) and isinstance(factor, int):
            return weight(value) * max(factor, 0)
    return 0


def _raised(base: Any, exponent: Any) -> int:
    """:raises TemplateProblem: the power is too large."""
    if (
        isinstance(base, int)
        and isinstance(exponent, int)
        and (base.bit_length() - 1) * exponent > GREATEST.bit_length()
    ):
        raise _too_large()
    return 0


def _formatted(pattern: Any, /, *args: Any, **kwargs: Any) -> int:
    """Of C(%s %10d): the arguments as often as there are fields, and the widths. Those in arguments, C(%*d), are counted, too."""
    if not isinstance(pattern, str):
        return 0
    widths = sum(map(int, re.findall(r"\d+", pattern)))
    if "*" in pattern:
        values = args[0] if len(args) == 1 and isinstance(args[0], tuple) else args
        widths += sum(abs(value) for value in values if isinstance(value, int))
    return widths + pattern.count("%") * weight((args, kwargs))


def _joined(value: Any, d: Any = "", attribute: Any = None) -> int:
    return len(value) * weight(d)


def _replaced(s: Any, old: Any, new: Any, count: Any = None) -> int:
    return str(s).count(str(old)) * weight(new)


def _rounded(value: Any, precision: Any = 0, method: Any = "common") -> int:
    """:raises TemplateProblem: Jinja would calculate a power of ten that is too large."""
    if abs(precision) > MOST_DIGITS:
        raise _too_large()
    return 0


def _summed(iterable: Any, attribute: Any = None, start: Any = 0) -> int:
    """Adding lists one by one copies all of them again and again."""
    return 0 if isinstance(start, (int, float)) else len(iterable) ** 2 // QUICK


def _as_json(value: Any, indent: Any = None) -> int:
    """With each value on a line, indented as deep as it is nested."""
    return weight(value) * (indent if isinstance(indent, int) else _length(indent))


_OPERATORS = {"+": _added, "*": _multiplied, "**": _raised, "%": _formatted}
_FILTERS: dict[str, Callable[..., int]] = {
    "format": _formatted,
    "join": _joined,
    "replace": _replaced,
    "round": _rounded,
    "sum": _summed,
    "tojson": _as_json,
}
_METHODS: dict[str, Callable[..., int]] = {
    "join": lambda self, values: _joined(values, self),
    "replace": _replaced,
}


def _too_large() -> TemplateProblem:
    return TemplateProblem("gives a number that is too large.")
