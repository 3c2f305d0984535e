# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A tenant's subscriptions: product instances and licenses, both read-only.

Source: the vendor's OpenAPI documents of instances and of licenses, whose examples and schema call a license's expiry C(license_expiration) and
C(license_expiry). They document no product name for WildFire.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from .client import ScmClient

INSTANCES = "/subscription/v1/instances"
LICENSES = "/subscription/v1/licenses"


@dataclasses.dataclass(frozen=True)
class Instance:
    """A product instance of a tenant.

    :param wildfire_api_key: a cloud key for the WildFire API, if the product has one. Whether the console lists it is not documented.
    """

    app_id: str | None
    name: str | None
    region: str | None
    serial_number: str | None
    status: str | None
    tsg_id: str | None
    wildfire_api_key: str | None = dataclasses.field(default=None, repr=False)


@dataclasses.dataclass(frozen=True)
class License:
    """A part of a license that a tenant has claimed.

    :param expires: in the vendor's format, C(2035-12-31 23:59:59), without a time zone.
    :param purchased_size: in the license's unit.
    """

    license_id: str | None
    app_id: str | None
    license_type: str | None
    expires: str | None
    purchased_size: str | None
    remaining_size: str | None


class Subscriptions:
    """The subscriptions of the calling account's tenant service group."""

    def __init__(self, client: ScmClient) -> None:
        self._client = client

    def instances(self, *, with_children: bool = False) -> list[Instance]:
        """The product instances.

        :param with_children: also those of child tenant service groups.
        """
        query = {"with_children": "true"} if with_children else None  # any value includes them, even "false"
        return [self._instance(item) for item in self._client.objects("list subscription instances", INSTANCES, query)]

    def licenses(self) -> list[License]:
        """The parts of all claimed licenses."""
        return [
            License(
                _text(claimed, "license_id"),
                _text(part, "app_id"),
                _text(part, "license_type"),
                _text(part, "license_expiration") or _text(part, "license_expiry"),
                _text(part, "purchased_size"),
                _text(part, "remaining_size"),
            )
            for claimed in self._client.objects("list licenses", LICENSES)
            for part in _parts(claimed)
        ]

    def _instance(self, item: dict[str, Any]) -> Instance:
        extra = item.get("extra")
        key = _text(extra, "wildfire_api_key") if isinstance(extra, dict) else None
        self._client.http.scrubber.learn(key)
        return Instance(
            _text(item, "app_id"),
            _text(item, "tenant_instance_name"),
            _text(item, "region"),
            _text(item, "serial_number"),
            _text(item, "status"),
            _text(item, "tsg_id"),
            key,
        )


def _text(fields: dict[str, Any], name: str) -> str | None:
    value = fields.get(name)
    return str(value) if isinstance(value, (str, int, float)) and value != "" else None


def _parts(claimed: dict[str, Any]) -> list[dict[str, Any]]:
    parts = claimed.get("licenses")
    return [part for part in parts if isinstance(part, dict)] if isinstance(parts, list) else []
