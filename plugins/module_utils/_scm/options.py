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
# What a header can carry; a colon ends the user name of HTTP Basic.
_CLIENT_ID = re.compile(r"[\x21-\x39\x3b-\x7e]+")
_CLIENT_SECRET = re.compile(r"[\x21-\x7e]+")


def client_credentials(params: Mapping[str, Any], prefix: str = "") -> ClientCredentials:
    """The service account that the options name, acting in their tenant service group.

    :param prefix: of C(client_id) and C(client_secret), for a second account such as C(bound_).
    :raises InvalidInput: one of them cannot be right.
    """
    tsg_id = params["tsg_id"]
    if not _TSG_ID.fullmatch(tsg_id):
        raise InvalidInput("tsg_id", f"is not the id of a tenant service group: {tsg_id!r}. It has to have ten digits.")
    for name, pattern in (("client_id", _CLIENT_ID), ("client_secret", _CLIENT_SECRET)):
        if not params[prefix + name]:
            raise InvalidInput(prefix + name, "is empty.")
        if not pattern.fullmatch(params[prefix + name]):
            raise InvalidInput(prefix + name, "holds white space or characters that HTTP Basic cannot carry.")
    return ClientCredentials(params[prefix + "client_id"], params[prefix + "client_secret"], tsg_id)


def base_url(params: Mapping[str, Any], option: str) -> str:
    """A URL that an option names, without a slash at its end. :raises InvalidInput: it is none, or has no TLS."""
    require_tls(option, params[option])
    return str(params[option]).rstrip("/")
