# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tenancy and subscriptions, read-only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..messages import Response, json_response
from .auth import Auth, Caller
from .groups import Groups
from .keys import Keys
from .responses import Refusal, platform_error
from .service import Call, Operation
from .service_account_api import listing

GROUPS = "/tenancy/v1/tenant_service_groups"
SUBSCRIPTION = "/subscription/v1"


class TenantApi:
    """Handlers of the tenancy and subscription routes."""

    def __init__(self, groups: Groups, seed: dict[str, Any], keys: Keys) -> None:
        self._groups = groups
        self._instances: Sequence[dict[str, Any]] = seed["instances"]
        self._keys = keys

    def operations(self, auth: Auth) -> list[Operation]:
        """The operations with their handlers; every role of the tenant may read."""
        one = f"{GROUPS}/{{tsg_id}}"
        return [
            auth.operation("GET", GROUPS, "", self.list_groups),
            auth.operation("GET", one, "", self.get_group),
            auth.operation("POST", f"{one}/operations/list_children", "", self.list_children),
            auth.operation("POST", f"{one}/operations/list_ancestors", "", self.list_ancestors),
            auth.operation("GET", f"{SUBSCRIPTION}/instances", "", self.list_instances),
            auth.operation("GET", f"{SUBSCRIPTION}/licenses", "", self.list_licenses),
        ]

    def list_groups(self, call: Call, caller: Caller) -> Response:
        """The caller's group and all descendants."""
        return self._groups_listing([caller.tsg_id, *self._groups.descendants(caller.tsg_id)])

    def get_group(self, call: Call, caller: Caller) -> Response:
        """One group: the caller's or a descendant."""
        tsg_id = call.path["tsg_id"]
        if tsg_id not in (caller.tsg_id, *self._groups.descendants(caller.tsg_id)):
            raise Refusal(platform_error(404))
        return json_response(200, self._groups.view(tsg_id))

    def list_children(self, call: Call, caller: Caller) -> Response:
        """Child groups of the caller's group, or all descendants."""
        tsg_id = _own(call, caller)
        whole = call.query.get("hierarchy") == "true"
        under = self._groups.descendants(tsg_id) if whole else self._groups.children(tsg_id)
        return self._groups_listing([*_self(call, tsg_id), *under])

    def list_ancestors(self, call: Call, caller: Caller) -> Response:
        """Ancestors of the caller's group, from the root, or from the leaf with ``sort=desc``."""
        tsg_id = _own(call, caller)
        line = [*_self(call, tsg_id), *self._groups.ancestors(tsg_id)]
        return self._groups_listing(line if call.query.get("sort") == "desc" else line[::-1])

    def list_instances(self, call: Call, caller: Caller) -> Response:
        """The tenant's instances; ``with_children`` with any value adds those of descendant groups."""
        groups = {caller.tsg_id}
        if "with_children" in call.query:
            groups.update(self._groups.descendants(caller.tsg_id))
        return json_response(200, [self._instance(item) for item in self._instances if item["tsg_id"] in groups])

    def list_licenses(self, call: Call, caller: Caller) -> Response:
        """The tenant's claimed licenses."""
        wanted = call.query.get("license_id")
        licenses = [_license(item) for item in self._keys.licenses(caller.tsg_id)]
        return json_response(200, [item for item in licenses if wanted in (None, item["license_id"])])

    def _groups_listing(self, ids: Sequence[str]) -> Response:
        return listing([self._groups.view(tsg_id) for tsg_id in ids], wrapped=True)

    def _instance(self, item: dict[str, Any]) -> dict[str, Any]:
        legacy = self._keys.legacy_text(item["tsg_id"], item["app_id"])
        return {
            "app_id": item["app_id"],
            "extra": {"license_status": "ACTIVE", **({"wildfire_api_key": legacy} if legacy else {})},
            "provisioning_status": "complete",
            "region": item["region"],
            "serial_number": item["serial_number"],
            "status": "running",
            "tenant_instance_name": item["name"],
            "tsg_id": item["tsg_id"],
        }


def _own(call: Call, caller: Caller) -> str:
    if call.path["tsg_id"] != caller.tsg_id:
        raise Refusal(platform_error(403))
    return caller.tsg_id


def _self(call: Call, tsg_id: str) -> list[str]:
    return [tsg_id] if call.query.get("include_self") == "true" else []


def _license(item: dict[str, Any]) -> dict[str, Any]:
    part = {
        "app_id": item["product"],
        "license_type": "AWF-SKU" if item["product"] == "advanced_wildfire" else "PA-SKU",
        "license_expiration": f"{item['expires']} 23:59:59",
        "purchased_size": 1,
        "remaining_size": 0,
    }
    app = "wildfire" if item["product"] == "advanced_wildfire" else "prisma_access"
    number = f"{item['tsg_id']}{'1' if app == 'wildfire' else '2'}"
    return {"app_id": app, "license_id": number, "licenses": [part]}
