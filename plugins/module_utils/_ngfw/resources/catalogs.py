# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The vendor's catalogs: applications by content version, countries, and predefined URL categories.

The calls are those of the vendor's Go SDK (v2.0.5); its OpenAPI documents have the URL categories only.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any, NamedTuple

from ..._common.errors import PanwCloudError
from ..codec import lookup
from ..rulestack_calls import APP_ID_VERSIONS, APPLICATIONS, COUNTRIES, URL_CATEGORIES, Read
from .catalog.security_rule import RULE_SECTIONS
from .client import ResourceClient
from .descriptor import ANY, Values
from .rulestack_plan import Plan
from .validation import Problem


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

    def newest_applications(self) -> list[str]:
        """The names of the applications in the newest content version."""
        newest = next(iter(self.app_id_versions()), None)
        return self.applications(newest) if newest else []

    def _all(self, call: Read, place: tuple[str, ...], attempted: str, field: str) -> list[Any]:
        return [entry for page in self._client.pages(call, place, attempted, {}) for entry in lookup(page, field) or ()]


class _Named(NamedTuple):
    """A name in a rule that a catalog should have."""

    name: str
    place: str


def catalog_problems(catalogs: Catalogs, plans: Iterable[Plan], warnings: list[str]) -> Iterator[Problem]:
    """Each name in a new or changed rule that the vendor's catalog lacks. Names that the rulestack has already are not looked up.

    :param warnings: gets one for each catalog that the token cannot read.
    """
    named = _names(plans)
    readers: dict[str, Callable[[], Collection[str]]] = {
        "country": catalogs.countries,
        "application": catalogs.newest_applications,
        "URL category": catalogs.url_categories,
    }
    for kind, read in readers.items():
        if not named[kind]:
            continue
        try:
            known = read()
        except PanwCloudError as error:
            warnings.append(f"The names of each {kind} are not validated. {error.summary}")
            continue
        for one in named[kind]:
            if known and one.name not in known:
                yield Problem(one.place, f"has the {kind} '{one.name}', which the vendor's catalog lacks.")


def _names(plans: Iterable[Plan]) -> dict[str, list[_Named]]:
    found: dict[str, list[_Named]] = {"country": [], "application": [], "URL category": []}
    for planned in plans:
        observed = {change.key: change.observed.values if change.observed else {} for change in planned.changes}
        for section in RULE_SECTIONS:
            for item in planned.document.sections.get(section, ()):
                if (section, item.name) in observed:
                    before = _catalog_values(observed[section, item.name])
                    for kind, option, name in sorted(_catalog_values(item.values) - before):
                        if kind != "URL category" or name not in planned.categories:
                            found[kind].append(_Named(name, f"{item.place} > {option}"))
    return found


def _catalog_values(values: Values) -> set[tuple[str, str, str]]:
    """The names in a rule that are from a catalog, with their kind and option."""
    found = {("application", "applications", str(name)) for name in values.get("applications") or ()}
    found |= {
        ("URL category", "category", str(name)) for name in (values.get("category") or {}).get("url_categories") or ()
    }
    for option in ("source", "destination"):
        codes = (values.get(option) or {}).get("countries") or ()
        found |= {("country", option, str(code).upper()) for code in codes}
    return {one for one in found if one[2].lower() != ANY}


def _numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)]
