# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The vendor's catalogs: applications by content version, countries, and predefined URL categories.

The calls are those of the vendor's Go SDK (v2.0.5); its OpenAPI documents have the URL categories only.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import re
from typing import Any

from ..codec import lookup
from ..rulestack_calls import APP_ID_VERSIONS, APPLICATIONS, COUNTRIES, URL_CATEGORIES, Read
from .client import ResourceClient


class Catalogs:
    """Reads whole catalogs."""

    def __init__(self, client: ResourceClient) -> None:
        self._client = client

    def countries(self) -> dict[str, str]:
        """The names of countries by code."""
        entries = self._all(COUNTRIES, (), "list the countries", "country_codes")
        return {str(lookup(entry, "code")): str(lookup(entry, "description") or "") for entry in entries}

    def url_categories(self) -> dict[str, str]:
        """The default actions of the predefined URL categories by name."""
        entries = self._all(URL_CATEGORIES, (), "list the predefined URL categories", "categories_running")
        return {str(lookup(entry, "name")): str(lookup(entry, "action") or "") for entry in entries}

    def app_id_versions(self) -> list[str]:
        """The content versions, the newest first."""
        found = self._all(APP_ID_VERSIONS, (), "list the application content versions", "app_id_versions")
        return sorted(map(str, found), key=_numbers, reverse=True)

    def applications(self, version: str) -> list[str]:
        """The names of the applications in a content version."""
        attempted = f"list the applications of content version '{version}'"
        return sorted(map(str, self._all(APPLICATIONS, (version,), attempted, "applications")))

    def _all(self, call: Read, place: tuple[str, ...], attempted: str, field: str) -> list[Any]:
        return [entry for page in self._client.pages(call, place, attempted, {}) for entry in lookup(page, field) or ()]


def _numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)]
