# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The section ``strata`` of the seed: tenant service groups, service accounts, licenses, instances, and what WildFire knows."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

from ..schema import Key, SeedError, choice, integer, mapping, sequence, text
from .access import PREDEFINED

PRODUCTS = ("advanced_wildfire", "prisma_access")
ACCOUNT_NAME = r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}"

STRING = text()
TSG = text(r"1\d{9}", "a quoted string of ten digits that begins with 1")
ACCOUNT = text(ACCOUNT_NAME, "a name of letters, digits, dots, hyphens and underscores")
ROLE = choice(*sorted(PREDEFINED))


def _day(value: Any, path: str) -> Any:
    try:
        return date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        raise SeedError(f"{path}: must be a quoted date such as 2035-12-31") from None


GROUP = mapping(
    {
        "id": Key(TSG),
        "name": Key(STRING),
        "parent_id": Key(TSG, None),
        "support_contact": Key(STRING, None),
        "vertical": Key(STRING, None),
    }
)
SERVICE_ACCOUNT = mapping(
    {"name": Key(ACCOUNT), "tsg_id": Key(TSG), "roles": Key(sequence(ROLE), []), "description": Key(STRING, "")}
)
LICENSE = mapping({"tsg_id": Key(TSG), "product": Key(choice(*PRODUCTS)), "expires": Key(_day)})
INSTANCE = mapping(
    {
        "tsg_id": Key(TSG),
        "app_id": Key(STRING),
        "name": Key(STRING),
        "region": Key(STRING, "americas"),
        "serial_number": Key(STRING, ""),
    }
)
SAMPLE = mapping(
    {
        "sha256": Key(text(r"[0-9a-f]{64}", "a SHA-256 in lowercase")),
        "md5": Key(text(r"[0-9a-f]{32}", "a quoted MD5 in lowercase")),
        "verdict": Key(choice(0, 1, 2, 4, 5, -100, -101)),
        "size": Key(integer(0, 1_000_000_000), 0),
        "filetype": Key(STRING, "unknown"),
        "content": Key(STRING, None),
    }
)
PAGE = mapping({"url": Key(STRING), "verdict": Key(choice(0, 1, 2, 4, 5, -100, -101))})
REMOTE_FILE = mapping({"url": Key(STRING), "content": Key(STRING)})
STRATA = mapping(
    {
        "groups": Key(sequence(GROUP, unique="id"), [{"id": "1700000001", "name": "Example"}]),
        "administrator": Key(ACCOUNT, "tenant-admin"),
        "service_accounts": Key(sequence(SERVICE_ACCOUNT), []),
        "licenses": Key(sequence(LICENSE), []),
        "instances": Key(sequence(INSTANCE), []),
        "samples": Key(sequence(SAMPLE, unique="sha256"), []),
        "pages": Key(sequence(PAGE, unique="url"), []),
        "remote_files": Key(sequence(REMOTE_FILE, unique="url"), []),
    }
)


def check(strata: dict[str, Any]) -> None:
    """Validate references: parents of groups, the groups of all other objects, and the content of samples.

    :raises SeedError: with the path of the invalid key.
    """
    groups = strata["groups"]
    if not groups:
        raise SeedError("strata.groups: at least one is needed; the tenant administrator belongs to the first")
    seen: set[str] = set()
    for index, group in enumerate(groups):
        if group["parent_id"] is not None and group["parent_id"] not in seen:
            raise SeedError(f"strata.groups[{index}].parent_id: {group['parent_id']} is not among the groups before it")
        seen.add(group["id"])
    for kind in ("service_accounts", "licenses", "instances"):
        for index, item in enumerate(strata[kind]):
            if item["tsg_id"] not in seen:
                raise SeedError(f"strata.{kind}[{index}].tsg_id: {item['tsg_id']} is not in strata.groups")
    for index, item in enumerate(strata["samples"]):
        content = item["content"]
        if content is not None and hashlib.sha256(content.encode()).hexdigest() != item["sha256"]:
            raise SeedError(f"strata.samples[{index}].content: does not have the SHA-256 of the sample")
