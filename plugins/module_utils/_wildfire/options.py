# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of WildFire and its keys, and the checks that need no network.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._common.errors import InvalidInput
from .._common.polling import Poller
from .._scm.oauth import ClientCredentials
from .._scm.options import client_credentials
from .client import LegacyKey
from .hosts import base_url

BOUND = ("bound_client_id", "bound_client_secret")


def wildfire_url(params: Mapping[str, Any]) -> str:
    """The base URL of WildFire. :raises InvalidInput: it is invalid."""
    return base_url(params["wildfire_region"], params["wildfire_url"])


def bound_credentials(params: Mapping[str, Any]) -> ClientCredentials | None:
    """The credentials of the bound account, None if not set. :raises InvalidInput: they are invalid."""
    return None if params["bound_client_id"] is None else client_credentials(params, "bound_")


def calling_credentials(params: Mapping[str, Any]) -> ClientCredentials:
    """The credentials of the bound account that calls WildFire. :raises InvalidInput: one is missing or invalid."""
    for name in ("client_id", "client_secret", "tsg_id"):
        if params[name] is None:
            raise InvalidInput(
                name,
                "is missing. WildFire requires the credentials of a bound service account, or 'api_key'.",
            )
    return client_credentials(params)


def legacy_key(params: Mapping[str, Any]) -> LegacyKey | None:
    """The legacy API key, None if not set. :raises InvalidInput: it is invalid."""
    if params["api_key"] is None:
        return None
    for name in ("api_key", "agent"):
        value = params[name]
        if value is not None and not (value.isascii() and value.isalnum()):
            raise InvalidInput(name, "is empty, or contains characters other than letters and digits.")
    return LegacyKey(params["api_key"], params["agent"])


def service_account(params: Mapping[str, Any]) -> str | None:
    """The reference to the service account, None if not set. :raises InvalidInput: it is invalid."""
    reference: str | None = params["service_account"]
    if reference is not None and (not reference or reference != reference.strip() or not reference.isprintable()):
        raise InvalidInput(
            "service_account", "is empty, or has leading or trailing white space. Use a name, a client ID or a UUID."
        )
    return reference


def poller(params: Mapping[str, Any]) -> Poller:
    """The timeout and polling interval. :raises InvalidInput: one is invalid."""
    for name, least in (("wait_timeout", 0), ("wait_interval", 1)):
        if params[name] < least:
            raise InvalidInput(name, f"is {params[name]} seconds; it must be at least {least}.")
    return Poller(params["wait_timeout"], params["wait_interval"])
