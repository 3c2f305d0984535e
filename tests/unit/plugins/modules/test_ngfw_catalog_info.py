# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ngfw_catalog_info, run as a module against servers on loopback."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.panw.cloud.tests.helpers.fakes import KEY, TOKEN, success
from ansible_collections.panw.cloud.tests.helpers.run_module import DELETE, STAGE, Cloud, run

CONFIG = f"GET {STAGE}/v1/config"
VERSIONS, COUNTRIES, CATEGORIES = (f"{CONFIG}/{name}" for name in ("appidversions", "countries", "urlcategories"))
NEWEST = f"{VERSIONS}/8599-7000"
ROUTES = {
    VERSIONS: success({"AppIdVersions": ["8433-6838", "8599-7000"]}),
    NEWEST: success({"Applications": ["ssl", "dns"]}),
    f"{VERSIONS}/8433-6838": success({"Applications": ["ssl"]}),
    COUNTRIES: success({"CountryCodes": [{"Code": "US", "Description": "United States"}]}),
    CATEGORIES: success({"CategoriesRunning": [{"Name": "games", "Action": "allow"}]}),
}
FOUND = {
    "app_id_versions": ["8599-7000", "8433-6838"],
    "applications": ["dns", "ssl"],
    "countries": {"US": "United States"},
    "url_categories": {"games": "allow"},
}


@pytest.mark.parametrize(
    ("options", "calls", "expected"),
    [
        ({}, [VERSIONS, COUNTRIES, CATEGORIES], ["app_id_versions", "countries", "url_categories"]),
        ({"gather": ["applications"]}, [VERSIONS, NEWEST], ["app_id_versions", "applications"]),
        ({"gather": ["countries"]}, [COUNTRIES], ["countries"]),
        ({"gather": []}, [], []),
    ],
)
def test_requested_catalogs_are_read(options: dict[str, Any], calls: list[str], expected: list[str]) -> None:
    with Cloud(ROUTES) as cloud:
        result = run("ngfw_catalog_info", {**cloud.options, "token": TOKEN, "subscription_key": KEY, **options})
        assert cloud.calls == calls
    assert result["changed"] is False
    assert {name: result[name] for name in FOUND if name in result} == {name: FOUND[name] for name in expected}


def test_applications_of_a_given_version_need_no_list_of_versions() -> None:
    with Cloud(ROUTES) as cloud:
        result = run("ngfw_catalog_info", {**cloud.options, "gather": ["applications"], "app_id_version": "8433-6838"})
        assert cloud.calls[1:] == [f"{VERSIONS}/8433-6838", DELETE]
    assert result["applications"] == ["ssl"]
    assert "app_id_versions" not in result
