# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The differences between two documents of one rulestack, in words.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .catalog import IN_RULESTACK, RULESTACK_RESOURCE
from .descriptor import Values

SHOWN = 10  # differences in a message


def difference_text(before: Values | None, now: Values | None) -> str:
    """What has changed, as the end of "rulestack 'x' …"; empty if nothing has."""
    if before is None or now is None:
        return "" if before == now else "was created" if before is None else "was removed"
    found = list(_differences(before, now))
    more = [f"and {len(found) - SHOWN} more"] if len(found) > SHOWN else []
    return f"has changed: {'; '.join([*found[:SHOWN], *more])}" if found else ""


def _differences(before: Values, now: Values) -> Iterator[str]:
    # What cannot change after creation is what the server chose if the document omits it.
    own = {field.option for field in RULESTACK_RESOURCE.fields if field.mutable}
    yield from _changed_options("its", {key: before.get(key) for key in own}, {key: now.get(key) for key in own})
    for section, resource in IN_RULESTACK.items():
        old, new = (_by_name(document.get(section) or (), resource.name.option) for document in (before, now))
        for name in [*old, *(name for name in new if name not in old)]:
            what = f"{resource.kind} '{name}'"
            if name not in new:
                yield f"{what} was removed"
            elif name not in old:
                yield f"{what} was added"
            else:
                yield from _changed_options(f"{what}:", old[name], new[name])


def _changed_options(what: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for option in sorted({*old, *new}):
        if old.get(option) != new.get(option):
            yield f"{what} '{option}' changed from {_shown(old.get(option))} to {_shown(new.get(option))}"


def _shown(value: Any) -> str:
    return "nothing" if value is None else repr(value)


def _by_name(items: Sequence[Mapping[str, Any]], option: str) -> dict[str, Mapping[str, Any]]:
    return {str(item[option]): item for item in items}
