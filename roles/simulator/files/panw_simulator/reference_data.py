# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read operations for data that is the same for every customer: predefined URL categories, countries, App-IDs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any

from .documents import compact
from .envelope import ServiceError
from .pagination import Pager
from .routing import Call, Caller, Content, Route
from .seed import Seed
from .tokens import AdminRole

VERSIONS = "/v1/config/appidversions"
PAGE = 1024


class ReferenceData:
    """Handlers of the routes; the vendor's SDK calls all of them with a rulestack-admin token."""

    def __init__(self, seed: Seed, pager: Pager) -> None:
        self._seed = seed
        self._pager = pager

    def routes(self) -> list[Route]:
        """The routes with their handlers."""
        roles = frozenset({AdminRole.RULESTACK})
        return [
            Route("GET", "/v1/config/urlcategories", self.url_categories, roles=roles),
            Route("GET", "/v1/config/countries", self.countries, roles=roles),
            Route("GET", VERSIONS, self.versions, roles=roles),
            Route("GET", f"{VERSIONS}/{{version}}", self.applications, roles=roles),
            Route("GET", f"{VERSIONS}/{{version}}/appids/{{app}}", self.application, roles=roles),
        ]

    def url_categories(self, call: Call, caller: Caller) -> Content:
        """Predefined categories with their default action."""
        page, token = self._page(call, sorted(self._seed.url_categories.items()))
        return compact(
            {"CategoriesRunning": [{"Name": name, "Action": action} for name, action in page], "NextToken": token}
        )

    def countries(self, call: Call, caller: Caller) -> Content:
        """Country codes for rules."""
        page, token = self._page(call, sorted(self._seed.countries.items()))
        return compact(
            {"CountryCodes": [{"Code": code, "Description": name} for code, name in page], "NextToken": token}
        )

    def versions(self, call: Call, caller: Caller) -> Content:
        """App-ID versions, and the applications of the latest: the SDK reads both from the same path."""
        page, token = self._page(call, list(zip_longest(self._seed.app_id_versions, sorted(self._seed.applications))))
        return compact(
            {
                "AppIdVersions": [version for version, _entry in page if version is not None],
                "AppIdVersion": self._seed.app_id_versions[-1] if self._seed.app_id_versions else None,
                "Applications": [name for _entry, name in page if name is not None],
                "NextToken": token,
            }
        )

    def applications(self, call: Call, caller: Caller) -> Content:
        """Names of the applications of one version."""
        version = self._version(call)
        page, token = self._page(call, sorted(self._seed.applications))
        return compact({"AppIdVersion": version, "Applications": [*page], "NextToken": token})

    def application(self, call: Call, caller: Caller) -> Content:
        """One application."""
        self._version(call)
        name = call.path["app"]
        if name not in self._seed.applications:
            raise ServiceError("ResourceNotFoundException", f'application "{name}" does not exist')
        return {"Name": name, "AppIdEntry": _entry(self._seed.applications[name])}

    def _version(self, call: Call) -> str:
        version = call.path["version"]
        if version not in self._seed.app_id_versions:
            raise ServiceError("ResourceNotFoundException", f'App-ID version "{version}" does not exist')
        return version

    def _page(self, call: Call, items: Sequence[Any]) -> tuple[Sequence[Any], str | None]:
        """One page. The SDK's misspelled page token of the version list is not accepted, as with the real API."""
        size = call.integer("maxresults", PAGE, 1, PAGE)
        return self._pager.cut(items, "/".join(call.place.segments), call.text("nexttoken"), size)


def _entry(application: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "Description": application["description"],
        "Properties": {
            "Category": application["category"],
            "Subcategory": application["subcategory"],
            "Technology": application["technology"],
            "ParentApp": application["parent"],
            "Risk": application["risk"],
        },
        "Characteristics": {
            "Evasive": application["evasive"],
            "UsedByMalware": application["evasive"],
            "ExcessiveBandwidth": False,
            "CapableFileTransfer": False,
            "HasKnownVulnerability": False,
            "TunnelOtherApplications": application["subcategory"] == "encrypted-tunnel",
            "ProneToMisuse": application["evasive"],
            "WidelyUsed": True,
            "SaaS": application["saas"],
            "DenyAction": "drop-reset",
        },
        "Options": {"TCPTimeout": application["tcp_timeout"], "ALG": False, "AppIdEnabled": True},
        "StandardPorts": application["standard_ports"],
        "AdditionalInformations": [],
        "DependsOn": application["depends_on"],
        "ImplicitlyUses": application["implicitly_uses"],
        "PreviouslyIdentifiedAs": "",
    }
