# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Problems of option values that need no call to the API: all of them, each with its place.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Any, NamedTuple

from ..._common.errors import ErrorContext, PanwCloudError
from .codec import matched
from .descriptor import Field, Resource, Values

SHOWN = 60  # characters of a wrong text in a message
PLACEHOLDERS: Mapping[str, Any] = {"str": "", "list": [], "dict": {}, "int": None, "bool": None}
"""What stands for a value of another type, so that the rest can be checked, too."""


class Problem(NamedTuple):
    """What is wrong, and where.

    :param place: an option, or the way to it in a document, such as C(rulestacks[0] web > rules[2] deny > source). :param text: the rest of the sentence.
    """

    place: str
    text: str

    def __str__(self) -> str:
        return f"{self.place} {self.text}"


class InvalidOptions(PanwCloudError):
    """Invalid options. Raised before anything is written.

    :param problems: all of them.
    """

    kind = "invalid_input"
    advice = "Nothing was changed. Correct the options, then run again."
    one = "Invalid option"
    several = "options are invalid"

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        texts = [str(problem).rstrip(".") for problem in self.problems]
        super().__init__("start the task", ErrorContext(reason="; ".join(texts)))
        self._texts = texts

    @property
    def summary(self) -> str:
        """All problems, one a line if there are several."""
        if len(self._texts) == 1:
            return f"{self.one}: {self._texts[0]}."
        return "\n- ".join([f"{len(self._texts)} {self.several}:", *self._texts])

    def __str__(self) -> str:
        return f"{self.summary}\n{self.advice}" if len(self._texts) > 1 else f"{self.summary} {self.advice}"

    def as_result(self) -> dict[str, Any]:
        """The failure as C(fail_json) arguments, with each problem."""
        result = super().as_result()
        result["error"]["problems"] = [problem._asdict() for problem in self.problems]
        return result


def refuse(problems: Iterable[Problem]) -> None:
    """Raise all problems, if there are any. :raises InvalidOptions: there are."""
    found = list(problems)
    if found:
        raise InvalidOptions(found)


def lies_in(place: str, others: Set[str]) -> bool:
    """Whether a place is one of others, or in one."""
    steps = place.split(" > ")
    return any(" > ".join(steps[:length]) in others for length in range(1, len(steps) + 1))


def unknown(key: str, known: Iterable[str]) -> str:
    """What is wrong with a key that is not known, with the most similar one that is."""
    (*similar,) = difflib.get_close_matches(key, list(known), 1)
    return f"is unknown; did you mean '{similar[0]}'?" if similar else "is unknown."


def describe(value: Any) -> str:
    """A value of YAML in a message."""
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return f"the boolean {str(value).lower()}"
    if isinstance(value, (int, float)):
        return f"the number {value}"
    if isinstance(value, str):
        return f"the text '{value if len(value) <= SHOWN else value[:SHOWN] + '...'}'"
    return "a list" if isinstance(value, list) else "a mapping"


def wrong_type(value: Any, wanted: str) -> str:
    """What is wrong with a value of another type. :param wanted: the type as in an argument specification."""
    names = {"str": "a text", "list": "a list", "dict": "a mapping", "int": "a whole number", "bool": "true or false"}
    return f"is {describe(value)}, not {names[wanted]}."


def name_problems(resource: Resource, name: str, place: str) -> Iterator[Problem]:
    """The problems of a resource's name."""
    if name:
        yield from _problems(resource.name, name, place)
    else:
        yield Problem(place, "is missing.")


def value_problems(resource: Resource, values: Values, place: str = "") -> Iterator[Problem]:
    """The problems of a resource's values.

    :param place: of the values in the document; empty for the options of a module.
    """
    prefix = f"{place} > " if place else ""
    for field in resource.fields:
        yield from _problems(field, values.get(field.option), f"{prefix}{field.option}")
        yield from _combinations(resource, field, values, prefix)
    for option, text in resource.check(values):
        yield Problem(f"{prefix}{option}", text)


def _combinations(resource: Resource, field: Field, values: Values, prefix: str) -> Iterator[Problem]:
    given = values.get(field.option)
    if given is None or (not given and field.type != "int"):
        return
    for other in field.excludes:
        named_twice = field.option in resource.by_option[other].excludes and field.option > other
        if values.get(other) and not named_twice:
            yield Problem(f"{prefix}{field.option}", f"must not be set together with '{other}'.")
    if field.only_with and not field.has_meaning(values):
        other, needed = field.only_with
        yield Problem(f"{prefix}{field.option}", f"is only valid with '{other}: {needed}'.")


def _problems(field: Field, value: Any, place: str) -> Iterator[Problem]:
    if value is None:
        return
    if field.type == "object":
        for inner in field.fields:
            yield from _problems(inner, value.get(inner.option), f"{place} > {inner.option}")
    elif field.type in ("list", "items"):
        yield from _list_problems(field, value, place)
    elif field.type == "int":
        if (field.minimum is not None and value < field.minimum) or (
            field.maximum is not None and value > field.maximum
        ):
            yield Problem(place, f"is {value}, not between {field.minimum} and {field.maximum}.")
    elif field.type == "str" and (value or not field.may_be_empty):
        yield from _text_problems(field, value, place)


def _list_problems(field: Field, value: Sequence[Any], place: str) -> Iterator[Problem]:
    item_field = dataclasses.replace(field, type="object") if field.type == "items" else field
    for index, item in enumerate(value):
        if field.type == "items":
            yield from _problems(item_field, item, f"{place}[{index}]")
            (same,) = matched(field, [item], value[:index])
            if same is not None:
                yield Problem(f"{place}[{index}]", f"is the same as {place}[{same}].")
        else:
            yield from _text_problems(field, str(item), f"{place}[{index}]")
    if field.required and not value:
        yield Problem(place, "is empty: the API requires at least one.")


def _text_problems(field: Field, value: str, place: str) -> Iterator[Problem]:
    if field.choices and value.lower() not in map(str.lower, field.choices):
        yield Problem(place, f"is '{value}', not one of {', '.join(field.choices)}.")
    if field.maximum is not None and len(value) > field.maximum:
        yield Problem(place, f"has {len(value)} characters; {field.maximum} are allowed.")
    wrong = field.text.problem(value) if field.text else None
    if wrong:
        yield Problem(place, f"is '{value}': it {wrong}.")
