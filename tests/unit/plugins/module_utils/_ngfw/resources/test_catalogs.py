# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Catalogs are read whole, from all pages, in the spellings of the vendor."""

from __future__ import annotations

from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.catalogs import Catalogs
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.client import ResourceClient
from ansible_collections.panw.cloud.tests.helpers.fakes import HELD, Reply, Server, api, success


def catalogs(*replies: Reply) -> tuple[Catalogs, Server]:
    server = Server(*replies)
    return Catalogs(ResourceClient(api(server), HELD)), server


def test_catalogs_are_read_to_their_last_page() -> None:
    found, server = catalogs(
        success({"CountryCodes": [{"Code": "US", "Description": "United States"}], "NextToken": "1"}),
        success({"CountryCodes": [{"code": "DE"}]}),
    )
    assert found.countries() == {"US": "United States", "DE": ""}
    assert [call.partition("?")[0] for call in server.calls] == ["GET /v1/config/countries"] * 2


def test_url_categories_have_their_default_action() -> None:
    found, _server = catalogs(success({"CategoriesRunning": [{"Name": "games", "Action": "allow"}, {"Name": "news"}]}))
    assert found.url_categories() == {"games": "allow", "news": ""}


def test_newest_content_version_is_first() -> None:
    found, _server = catalogs(success({"AppIdVersions": ["8433-6838", "8599-7000", "999-1", "8599-10000"]}))
    assert found.app_id_versions() == ["8599-10000", "8599-7000", "8433-6838", "999-1"]


def test_applications_are_those_of_a_version() -> None:
    found, server = catalogs(success({"Applications": ["ssl", "dns"]}))
    assert found.applications("8433-6838") == ["dns", "ssl"]
    assert server.calls == ["GET /v1/config/appidversions/8433-6838"]
