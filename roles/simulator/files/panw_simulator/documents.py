# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Helpers for documents in the API's format."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from .envelope import ServiceError


def compact(document: Mapping[str, Any]) -> dict[str, Any]:
    """Remove the keys that have no value."""
    return {key: value for key, value in document.items() if value is not None}


def lookup(document: Mapping[str, Any], name: str) -> Any:
    """The value of a key in any letter case, or None."""
    return next((value for key, value in document.items() if key.lower() == name.lower()), None)


def tag_list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """Tags in the API's list format."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def update_token(content: Any) -> str:
    """A token that changes with the content."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


def check_update_token(sent: Any, current: Any) -> None:
    """Check the UpdateToken of a request; clients may omit it.

    :raises ServiceError: it is not the current one. Clients recognize the words "please provide latest token" (the
        vendor's Go SDK v2.0.5, api/response/status.go).
    """
    if sent not in (None, "", current):
        raise ServiceError("InvalidRequestException", "UpdateToken is outdated, please provide latest token")
