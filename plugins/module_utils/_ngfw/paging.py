# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The pages of a list.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from .._common.errors import InvalidResponse
from .codec import lookup

PAGE_SIZE = 1024
MOST_PAGES = 1000


def next_token(page: Mapping[str, Any]) -> str:
    """The pagination token of a page, empty on the last one."""
    return str(lookup(page, "next_token") or "")


def each_page(
    fetch: Callable[[Mapping[str, Any]], dict[str, Any]],
    parameters: Mapping[str, Any],
    malformed: Callable[[str], InvalidResponse],
    token_of: Callable[[dict[str, Any]], str | None] = next_token,
) -> Iterator[dict[str, Any]]:
    """All pages of a list.

    :param fetch: reads the page for these parameters. :param malformed: the error for a reason.
    :raises InvalidResponse: a pagination token is repeated, or the list does not end.
    """
    seen: set[str] = set()
    asked = dict(parameters)
    while len(seen) < MOST_PAGES:
        page = fetch(asked)
        yield page
        token = token_of(page)
        if not token:
            return
        if token in seen:
            raise malformed("the server returned the same pagination token twice")
        seen.add(token)
        asked = {**asked, "NextToken": token}
    raise malformed(f"the list has more than {MOST_PAGES} pages")
