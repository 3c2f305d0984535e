# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules for tags that all services of AWS share, and their models do not hold.

Source: AWS General Reference, "Tag naming limits and requirements".
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

MOST_TAGS = 50
RESERVED = "aws:"


def reserved_tag(tags: Sequence[Mapping[str, str]]) -> bool:
    """Whether a key belongs to AWS."""
    return any(tag["Key"].lower().startswith(RESERVED) for tag in tags)


def tag_problem(tags: Sequence[Mapping[str, str]]) -> str | None:
    """What is wrong with tags, whatever is there already; None for nothing."""
    if reserved_tag(tags):
        return "Tag keys that begin with aws: are reserved for AWS."
    return "A tag key is given more than once." if len({tag["Key"] for tag in tags}) < len(tags) else None


def too_many_tags(present: Collection[str], tags: Sequence[Mapping[str, str]]) -> bool:
    """Whether something that has tags with these keys can have no more of them."""
    return len({*present, *(tag["Key"] for tag in tags)}) > MOST_TAGS
