# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of Strata Cloud Manager, and the checks that need no network.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .._common.errors import InvalidInput
from .._common.urls import require_tls
from .oauth import ClientCredentials

_TSG_ID = re.compile(r"[0-9]{10}")
# Characters that a header can carry; a colon ends the user name of HTTP Basic.
_CLIENT_ID = re.compile(r"[\x21-\x39\x3b-\x7e]+")
_CLIENT_SECRET = re.compile(r"[\x21-\x7e]+")


def client_credentials(params: Mapping[str, Any], prefix: str = "") -> ClientCredentials:
    """The credentials of a service account from the options, for their tenant service group.

    :param prefix: of C(client_id) and C(client_secret), for a second account such as C(bound_).
    :raises InvalidInput: one of them is invalid.
    """
    tsg_id = params["tsg_id"]
    if not _TSG_ID.fullmatch(tsg_id):
        raise InvalidInput(
            "tsg_id", f"is not a valid tenant service group (TSG) ID: {tsg_id!r}. It must have ten digits."
        )
    for name, pattern in (("client_id", _CLIENT_ID), ("client_secret", _CLIENT_SECRET)):
        if not params[prefix + name]:
            raise InvalidInput(prefix + name, "is empty.")
        if not pattern.fullmatch(params[prefix + name]):
            raise InvalidInput(prefix + name, "contains white space or characters that HTTP Basic does not allow.")
    return ClientCredentials(params[prefix + "client_id"], params[prefix + "client_secret"], tsg_id)


def base_url(params: Mapping[str, Any], option: str) -> str:
    """The URL of an option, without a trailing slash. :raises InvalidInput: it is invalid, or does not use TLS."""
    require_tls(option, params[option])
    return str(params[option]).rstrip("/")
