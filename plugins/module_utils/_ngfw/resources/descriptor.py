# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Descriptors: what the API knows about a kind of resource, as data. Modules, documents, codec, planner and engine read nothing else.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
import functools
import operator
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ..codec import decode_name
from ..rulestack_calls import Read

Values = dict[str, Any]
"""The options of one resource by name."""
ANY = "any"
"""The element that matches everything; the API also writes C(Any)."""

_MISSING: Mapping[str, Any] = {"str": "", "list": [], "items": [], "bool": False, "tags": {}, "object": {}, "int": None}
NOISE = frozenset({"update_token", "operation", "pk", "sk"})


@dataclasses.dataclass(frozen=True)
class Text:
    """A type of text.

    :param problem: what is wrong with a text, as the end of "'x' …"; None if it is valid.
    :param canonical: the form in which two texts of the same meaning are equal.
    :param pattern: the regular expression that matches exactly the valid texts as a whole, if there is one.
    """

    problem: Callable[[str], str | None]
    canonical: Callable[[str], str] = str
    pattern: str | None = None


@dataclasses.dataclass(frozen=True)
class Field:
    """A field of a resource.

    :param option: its name in options, documents and results. :param wire: its key in requests, as the vendor's OpenAPI documents write it; answers
        are read with every spelling that L(codec) knows.
    :param type: C(str), C(int), C(bool), C(list) of strings, C(tags) (a dictionary; a list of C(Key) and C(Value) in JSON), C(object), or C(items): a set of
        objects, which C(identity) and C(apart) distinguish.
    :param fields: of an object. :param whole: a given object replaces the whole object: what it omits is empty.
    :param identity: two items are the same if at least one of these options is known of both, and all that are known of both agree.
    :param apart: more options that distinguish items if they are known of both. :param additive: whether items that are not given stay as they are.
    :param noise: keys of an object or item that are never sent. :param no_log: what the option of a module says; None to omit it.
    :param choices: the valid values. :param text: the type of a string, or of each element of a list.
    :param maximum: the greatest number, or the longest text. :param minimum: the least number.
    :param required: whether it must be given to create the resource. :param initial: the value at creation if it is omitted and the API requires one.
    :param absent: what a missing key means, the server's default; by type if not set.
    :param compared: whether a difference is a change. A field that is not compared is sent along with other changes only.
    :param mutable: whether it can change after creation. :param clearable: whether it can be emptied.
    :param only_with: another option and its value, without which this one has no meaning. :param excludes: options that cannot be set together with it.
    :param references: the section of a document that has the objects which it names.
    """

    option: str
    wire: str
    type: str = "str"
    fields: tuple[Field, ...] = ()
    whole: bool = False
    choices: tuple[str, ...] = ()
    text: Text | None = None
    minimum: int | None = None
    maximum: int | None = None
    required: bool = False
    initial: Any = None
    absent: Any = None
    compared: bool = True
    mutable: bool = True
    clearable: bool = True
    only_with: tuple[str, str] | None = None
    excludes: tuple[str, ...] = ()
    references: str | None = None
    identity: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    additive: bool = False
    no_log: bool | None = None
    noise: frozenset[str] = frozenset()

    @functools.cached_property
    def key(self) -> str:
        """The name under which every spelling of the wire key is known."""
        return decode_name(self.wire)

    @property
    def default(self) -> Any:
        """What a missing key means."""
        return _MISSING[self.type] if self.absent is None else self.absent

    def has_meaning(self, values: Mapping[str, Any]) -> bool:
        """Whether the option that this one depends on has the needed value, or is not given."""
        other, needed = self.only_with or ("", "")
        given = values.get(other)
        return given is None or str(given).lower() == needed.lower()

    @property
    def restored(self) -> Any:
        """The value that an omitted option gets if the resource is to be exactly as given."""
        if self.type == "object" and not self.whole:
            return {field.option: field.restored for field in self.fields}
        return self.default if self.initial is None else self.initial

    @property
    def may_be_empty(self) -> bool:
        """Whether an empty text is valid without being one of the choices."""
        return self.clearable and not self.choices and self.absent is None

    def argument_spec(self) -> dict[str, Any]:
        """The option of a module."""
        spec: dict[str, Any] = {"type": {"tags": "dict", "object": "dict", "items": "list"}.get(self.type, self.type)}
        if self.type in ("list", "items"):
            spec["elements"] = "str" if self.type == "list" else "dict"
        if self.choices:
            spec["choices"] = list(self.choices)
        if self.no_log is not None:
            spec["no_log"] = self.no_log
        if self.fields:
            spec["options"] = {field.option: field.argument_spec() for field in self.fields}
        if self.type == "items":
            for field in filter(operator.attrgetter("required"), self.fields):
                spec["options"][field.option]["required"] = True
        return spec


@dataclasses.dataclass(frozen=True)
class Resource:
    """A kind of resource in a rulestack, or the rulestack itself.

    :param kind: its name in messages. :param section: the section of a document that lists such resources.
    :param list: the call that lists them. :param describe: the call that reads one; its path is also that of changes and deletions.
    :param listed: the key of a list in answers, without C(_candidate) or C(_running). :param described: the same for a description.
    :param uncommitted: the key of the list of uncommitted changes, if it is not L(listed) with C(_uncommitted).
    :param name: the field that names a resource. :param fields: all others.
    :param wrapper: the key of the object in a body that holds the fields; empty if they are at the top.
    :param nested: the same in answers. :param name_wrapped: whether the name is among the fields.
    :param addressed_by: C(name), or C(priority) for rules.
    :param creates: whether a POST creates it. If not, it always exists, and an update is the only write.
    :param suffix: the end of an update's path. :param reset: the values that mean that nothing is configured, for a resource that always exists.
    :param deletes: whether it can be removed, by a DELETE or by O(reset).
    :param tags: the call that lists its tags, if they are a resource of their own.
    :param one_of: options of which at least one must be set.
    :param check: yields the problems of values that exclude or require each other, as pairs of option and problem.
    :param noise: keys in answers that are the server's own, and never sent.
    :param accepts: the keys that a body may have, if the API names them; None to send back all but L(noise).
    """

    kind: str
    section: str
    list: Read
    describe: Read
    listed: str
    described: str
    name: Field
    fields: tuple[Field, ...]
    wrapper: str = ""
    nested: str = ""
    name_wrapped: bool = False
    addressed_by: str = "name"
    creates: bool = True
    suffix: str = ""
    reset: Mapping[str, Any] | None = None
    deletes: bool = True
    tags: Read | None = None
    one_of: tuple[str, ...] = ()
    check: Callable[[Values], Iterator[tuple[str, str]]] = lambda values: iter(())
    noise: frozenset[str] = NOISE
    uncommitted: str = ""
    accepts: frozenset[str] | None = None

    @functools.cached_property
    def by_option(self) -> dict[str, Field]:
        """The fields by option."""
        return {field.option: field for field in self.fields}

    def argument_spec(self) -> dict[str, Any]:
        """The options of a module: the only source of them in code."""
        return {field.option: field.argument_spec() for field in self.fields}

    def list_key(self, which: str) -> str:
        """The key of a list in answers. :param which: C(candidate), C(running) or C(uncommitted)."""
        own = self.uncommitted if which == "uncommitted" else ""
        return own or "_".join(filter(None, (self.listed, which)))

    def may_send(self, key: str) -> bool:
        """Whether a key that the server sent is sent back. :param key: its known name."""
        return key not in self.noise if self.accepts is None else key in self.accepts

    def is_reset(self, values: Mapping[str, Any]) -> bool:
        """Whether values mean that nothing is configured."""
        return self.reset is not None and all(values.get(option) == value for option, value in self.reset.items())
