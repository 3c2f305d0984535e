# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A Cloud NGFW token with its subscription key.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from requests import PreparedRequest


@dataclasses.dataclass(frozen=True)
class TokenPair:
    """A token and its subscription key, which authenticate every call to the API."""

    token: str = dataclasses.field(repr=False)
    subscription_key: str = dataclasses.field(repr=False)

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Add both to a request, the token without the prefix "Bearer"."""
        request.headers["Authorization"] = self.token
        request.headers["x-api-key"] = self.subscription_key
        return request
