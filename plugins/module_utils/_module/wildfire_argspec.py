# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The argument specifications of the WildFire modules, in a separate file so that no other module has to load what they describe.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from typing import Any

from .._wildfire.hosts import REGIONS
from .._wildfire.manual_steps import PRODUCTS
from .._wildfire.registry_config import MORE_FIELDS, READS, REQUIRED_FIELDS, STATUSES, WRITES
from .argspec import from_environment, scm_spec


def wildfire_spec() -> dict[str, Any]:
    """The region or URL of WildFire."""
    return {
        "wildfire_region": {"type": "str", "choices": list(REGIONS), "default": "global"},
        "wildfire_url": {"type": "str", "fallback": (from_environment, ["WILDFIRE_URL"])},
    }


def caller_spec() -> dict[str, Any]:
    """The region, and the two ways to authenticate: a bound service account, or a legacy key."""
    account = {name: {**scm_spec()[name], "required": False} for name in ("client_id", "client_secret", "tsg_id")}
    return {**wildfire_spec(), **account, "api_key": {"type": "str", "no_log": True}, "agent": {"type": "str"}}


def file_spec() -> dict[str, Any]:
    """A file that a module writes."""
    return {
        "dest": {"type": "path", "required": True},
        "mode": {"type": "raw", "default": "0600"},
        "force": {"type": "bool", "default": False},
    }


def bound_spec() -> dict[str, Any]:
    """The credentials of the service account that a key is bound to."""
    return {"bound_client_id": {"type": "str"}, "bound_client_secret": {"type": "str", "no_log": True}}


def product_option(**more: Any) -> dict[str, Any]:
    """One of the products that have keys."""
    return {"type": "str", "choices": list(PRODUCTS), **more}


def registry_spec() -> dict[str, Any]:
    """The option C(registry). L(read_registry_config) checks required parts, and reports all missing ones at once."""

    def names(*known: str) -> dict[str, Any]:
        return {"type": "dict", "options": {name: {"type": "str", "no_log": False} for name in known}}

    def request(methods: tuple[str, ...], **more: Any) -> dict[str, Any]:
        options = {
            "method": {"type": "str", "choices": list(methods)},
            "path": {"type": "str"},
            "body": {"type": "dict"},
        }
        return {"type": "dict", "options": {**options, **more}}

    return {
        "type": "dict",
        "options": {
            "base_url": {"type": "str"},
            "list": request(READS, items={"type": "str"}),
            "create": request(WRITES),
            "revoke": request(WRITES),
            "apply": request(WRITES),
            "fields": names(*REQUIRED_FIELDS, *MORE_FIELDS),
            "statuses": names(*STATUSES),
            "products": names(*PRODUCTS),
        },
    }
