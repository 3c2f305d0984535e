# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of WildFire and its keys, and the checks that need no network.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

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


def day(params: Mapping[str, Any], name: str) -> date | None:
    """A day, None if not set. :raises InvalidInput: it is invalid."""
    text = params[name]
    try:
        return None if text is None else datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise InvalidInput(name, f"is not a day such as 2026-05-31: {text}") from None


def page_urls(params: Mapping[str, Any], name: str) -> list[str]:
    """URLs of web pages, which WildFire opens. :raises InvalidInput: one is invalid."""
    urls = params[name] or []
    for number, url in enumerate(urls, 1):
        check_url(f"{name}[{number}]", url, ("http", "https"))
    return list(urls)


def check_url(option: str, url: str, schemes: Sequence[str]) -> None:
    """Check a URL that WildFire opens.

    :param schemes: the allowed ones.
    :raises InvalidInput: it is invalid, or contains a password.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in schemes or not parts.hostname or not url.isprintable() or " " in url:
        raise InvalidInput(option, f"is not a URL that begins with {' or '.join(f'{one}://' for one in schemes)}.")
    if parts.username is not None or parts.password is not None:
        raise InvalidInput(option, "contains a user name or password, which WildFire would get to know.")


def poller(params: Mapping[str, Any]) -> Poller:
    """The timeout and polling interval. :raises InvalidInput: one is invalid."""
    for name, least in (("wait_timeout", 0), ("wait_interval", 1)):
        if params[name] < least:
            raise InvalidInput(name, f"is {params[name]} seconds; it must be at least {least}.")
    return Poller(params["wait_timeout"], params["wait_interval"])
