# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pagination with tokens that are valid only for the list that returned them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from typing import TypeVar

from .envelope import ServiceError

TOKEN = re.compile(r"[-0-9A-Za-z:/+=]{1,2048}")
FIRST_PAGE = "first:page"
"""A token for the start of any list, which the fault ``repeat_page_token`` returns."""

Item = TypeVar("Item")


class Pager:
    """Splits lists into pages; its tokens are signed with a key that is created at start."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)

    def cut(
        self, items: Sequence[Item], listing: str, token: str | None, size: int
    ) -> tuple[Sequence[Item], str | None]:
        """One page and the token of the next page, None at the end.

        :param listing: identifies the list and the caller: a token of another listing is rejected.
        :raises ServiceError: the token was not issued for this listing.
        """
        begin = self._offset(listing, token) if token else 0
        end = begin + size
        return items[begin:end], self._token(listing, end) if end < len(items) else None

    def _token(self, listing: str, offset: int) -> str:
        seal = hmac.new(self._key, f"{listing}\n{offset}".encode(), hashlib.sha256).digest()[:18]
        return f"{offset}:{base64.b64encode(seal).decode()}"

    def _offset(self, listing: str, token: str) -> int:
        if token == FIRST_PAGE:
            return 0
        head = token.partition(":")[0]
        if not TOKEN.fullmatch(token) or not re.fullmatch(r"[0-9]{1,9}", head):
            raise _wrong_token()
        if not hmac.compare_digest(token.encode(), self._token(listing, int(head)).encode()):
            raise _wrong_token()
        return int(head)


def _wrong_token() -> ServiceError:
    return ServiceError("InvalidRequestException", "invalid request: NextToken is not valid for this list")
