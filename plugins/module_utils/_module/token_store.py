# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The current token of a store, for modules with C(token_store) and for the lookup plugin.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import aws_argument_spec

from .._aws.client import AwsClient
from .._common.dates import show
from .._common.redaction import Scrubber, printable
from .._ngfw.admin_roles import ADMIN_ROLES, AdminRole
from .._ngfw.endpoints import Endpoint
from .._ngfw.tokens.inspection import usable_token
from .._stores.documents import StoredToken
from .._stores.factory import open_store
from .._stores.options import PLACE_OPTIONS
from .argspec import admin_role_option, session_spec
from .aws import AwsClients, ModuleShim

__all__ = ["ModuleShim", "current_token", "spec", "work"]


def current_token(
    given: Mapping[str, Any],
    clients: AwsClients,
    aws: Callable[[], AwsClient],
    admin_role: AdminRole | None,
    endpoint: Endpoint | None,
) -> StoredToken:
    """The usable token of a store.

    :param given: the suboptions of C(token_store). :param aws: creates the client for stores in AWS.
    :param admin_role: that the token has to be for, None for any. :param endpoint: of the API that it has to be for, None for any.
    :raises PanwCloudError: an option is invalid, the store cannot be read, or it holds no such token.
    """
    options = {"store": given["type"], **{name: given[name] for name in PLACE_OPTIONS}}
    with clients.region_needed():
        store = open_store(options, aws, clients.region, StoredToken)
    place = " ".join(store.location.values())
    return usable_token(store.load(), admin_role, endpoint, datetime.now(timezone.utc), place)


def spec() -> dict[str, Any]:
    """The options of the lookup plugin, those of amazon.aws included."""
    return {**aws_argument_spec(), **session_spec()["token_store"]["options"], "admin_role": admin_role_option()}


def work(module: ModuleShim) -> dict[str, Any]:
    """The pair with what a program needs to use it. :raises PanwCloudError: as L(current_token)."""
    params = module.params
    clients = AwsClients(module, Scrubber())
    token = current_token(params, clients, clients.client, ADMIN_ROLES.get(params["admin_role"]), None)
    known = {"admin_role": token.admin_role, "url": token.url, "region": token.region}
    return {
        "token": token.token,
        "subscription_key": token.subscription_key,
        "expires_at": show(token.expires_at),
        "fingerprint": token.fingerprint,
        **printable(known),
    }
