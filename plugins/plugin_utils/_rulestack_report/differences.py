# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What changes in an option, as texts that go, come and stay.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

from .._report.wording import visible

MOST = 40  # elements of one option that are shown
LONGEST_ELEMENT = 300
_ACRONYMS = {"arn": "ARN", "cidrs": "CIDRs", "fqdn": "FQDN", "fqdns": "FQDNs", "id": "ID", "url": "URL"}


@dataclasses.dataclass(frozen=True)
class Difference:
    """One option, or one of its suboptions.

    :param label: its name in words; empty if its values need none. :param kept: what is the same before and after.
    :param hidden: the number of elements that are left out, because there are too many.
    """

    label: str
    removed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    hidden: int = 0

    @property
    def differs(self) -> bool:
        """Whether anything goes or comes."""
        return bool(self.removed or self.added)


def words(name: str) -> str:
    """The name of an option or a section in words."""
    return " ".join(_ACRONYMS.get(word, word) for word in visible(name).split("_"))


def singular(section: str) -> str:
    """What one element of a section is, in words: C(prefix list), C(custom URL category)."""
    name = words(section)
    return f"{name[:-3]}y" if name.endswith("ies") else name.removesuffix("s")


def differences(
    before: Mapping[str, Any], after: Mapping[str, Any], plain: Iterable[str] = (), inside: str = ""
) -> list[Difference]:
    """The options of two states, suboptions apart.

    :param plain: the options whose values need no label. :param inside: an option whose name its suboptions do without.
    """
    old, new = _flat(before), _flat(after)
    found = []
    for path in dict.fromkeys([*new, *old]):
        shown = path[1:] if path[0] == inside and len(path) > 1 else path
        label = "" if shown[-1] in plain else " ".join(map(words, shown))
        found.append(_difference(label, old.get(path, []), new.get(path, [])))
    return [one for one in found if one.differs or one.kept]


def _difference(label: str, old: list[str], new: list[str]) -> Difference:
    olds, news = set(old), set(new)
    parts = [
        [element for element in old if element not in news],
        [element for element in new if element not in olds],
        [element for element in new if element in olds],
    ]
    shown = [part[:MOST] for part in parts]
    hidden = sum(map(len, parts)) - sum(map(len, shown))
    removed, added, kept = map(tuple, shown)
    return Difference(label, removed, added, kept, hidden)


def _flat(value: Mapping[str, Any], way: tuple[str, ...] = ()) -> dict[tuple[str, ...], list[str]]:
    """The texts of all values by the way to them."""
    found: dict[tuple[str, ...], list[str]] = {}
    for key, item in value.items():
        if isinstance(item, dict):
            found.update(_flat(item, (*way, key)))
        else:
            found[(*way, key)] = _texts(item)
    return found


def _texts(value: Any) -> list[str]:
    if value is None or value == "":
        return []
    if isinstance(value, list):
        return [_text(element) for element in value]
    return [_text(value)]


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        pairs = (f"{words(key)} {'+'.join(_texts(item))}" for key, item in value.items())
        return visible(", ".join(pairs), LONGEST_ELEMENT)
    return visible(value, LONGEST_ELEMENT)
