# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tag rules that all AWS services share and their models do not contain.

Source: AWS General Reference, "Tag naming limits and requirements".
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

MOST_TAGS = 50
RESERVED = "aws:"


def reserved_tag(tags: Sequence[Mapping[str, str]]) -> bool:
    """Whether a tag key is reserved for AWS."""
    return any(tag["Key"].lower().startswith(RESERVED) for tag in tags)


def tag_problem(tags: Sequence[Mapping[str, str]]) -> str | None:
    """The problem with the tags of a request, regardless of existing tags; None if they are valid."""
    if reserved_tag(tags):
        return "Tag keys that begin with aws: are reserved for AWS."
    return "A tag key is given more than once." if len({tag["Key"] for tag in tags}) < len(tags) else None


def too_many_tags(present: Collection[str], tags: Sequence[Mapping[str, str]]) -> bool:
    """Whether a resource with tags of these keys exceeds the limit."""
    return len({*present, *(tag["Key"] for tag in tags)}) > MOST_TAGS
