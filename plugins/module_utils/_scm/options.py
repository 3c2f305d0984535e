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

from .._arguments import from_environment
from .._errors import InvalidInput
from .._urls import require_tls
from .oauth import ClientCredentials

AUTH_URL = "https://auth.apps.paloaltonetworks.com/oauth2/access_token"
URL = "https://api.sase.paloaltonetworks.com"
_TSG_ID = re.compile(r"[0-9]{10}")
# What a header can carry; a colon ends the user name of HTTP Basic.
_CLIENT_ID = re.compile(r"[\x21-\x39\x3b-\x7e]+")
_CLIENT_SECRET = re.compile(r"[\x21-\x7e]+")


def scm_spec() -> dict[str, Any]:
    """Who calls Strata Cloud Manager, where it is, and whom to trust."""

    def text(variable: str, **more: Any) -> dict[str, Any]:
        return {"type": "str", "fallback": (from_environment, [variable]), **more}

    return {
        "client_id": text("SCM_CLIENT_ID", required=True),
        "client_secret": text("SCM_CLIENT_SECRET", required=True, no_log=True),
        "tsg_id": text("SCM_TSG_ID", required=True),
        "scm_auth_url": text("SCM_AUTH_URL", default=AUTH_URL),
        "scm_url": text("SCM_URL", default=URL),
        "scm_ca_bundle": {"type": "path", "fallback": (from_environment, ["SCM_CA_BUNDLE"])},
        "scm_validate_certs": {"type": "bool", "default": True},
    }


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
