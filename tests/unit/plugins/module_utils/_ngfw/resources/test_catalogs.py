# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Catalogs are read whole, from all pages, in the spellings of the vendor."""

from __future__ import annotations

from typing import Any

from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.catalogs import Catalogs, catalog_problems
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.client import ResourceClient
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.document import parse
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.reader import Reader
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.rulestack_plan import (
    MERGED,
    OVERRIDDEN,
    plan_rulestack,
)
from ansible_collections.panw.cloud.tests.helpers.fake_rulestacks import FakeRulestacks
from ansible_collections.panw.cloud.tests.helpers.fakes import HELD, MISSING_ROUTE, Reply, Server, api, success

CONFIG = "/v1/config"
PAGES = {
    f"{CONFIG}/countries": success({"CountryCodes": [{"Code": "US"}]}),
    f"{CONFIG}/appidversions": success({"AppIdVersions": ["1-1", "2-1"]}),
    f"{CONFIG}/appidversions/2-1": success({"Applications": ["ssl"]}),
    f"{CONFIG}/urlcategories": success({"CategoriesRunning": [{"Name": "games"}]}),
}


def problems(
    fake: FakeRulestacks,
    document: dict[str, Any],
    warnings: list[str],
    pages: dict[str, Reply] = PAGES,
    state: str = MERGED,
) -> list[str]:
    """The problems of a document with these catalogs."""
    server = Server(handler=lambda request: pages[request.path_url.partition("?")[0]])
    planned = plan_rulestack(Reader(fake.client), parse([{"name": "web", "scope": "local", **document}])[0], state)
    found = catalog_problems(Catalogs(ResourceClient(api(server), HELD)), [planned], warnings)
    return [str(problem) for problem in found]


def rule(**match: Any) -> dict[str, Any]:
    return {"name": "r", "source": {}, "destination": {}, "applications": ["any"], "action": "Allow", **match}


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


def test_names_that_the_catalogs_lack_are_reported_with_their_place() -> None:
    source, category = {"countries": ["us", "XX"]}, {"url_categories": ["games", "gamse"]}
    warnings: list[str] = []
    document = {"rules": [rule(source=source, category=category, applications=["ssl", "sll"])]}
    place = "rulestacks[0] web > rules[0] r"
    assert problems(FakeRulestacks(), document, warnings) == [
        f"{place} > source has the country 'XX', which the vendor's catalog lacks.",
        f"{place} > applications has the application 'sll', which the vendor's catalog lacks.",
        f"{place} > category has the URL category 'gamse', which the vendor's catalog lacks.",
    ]
    assert warnings == []


def test_custom_categories_are_those_of_the_document_and_of_the_rulestack() -> None:
    """Without those that the document removes."""
    fake = FakeRulestacks({"/web": {}, "/web/urlcustomcategories/old": {"UrlTargets": ["a.example"]}})
    document = {"rules": [rule(category={"url_categories": ["old", "new"]})]}
    new = {"custom_url_categories": [{"name": "new", "urls": ["a.example"]}]}
    assert [text.partition(" has ")[2] for text in problems(fake, document, [])] == [
        "the URL category 'new', which the vendor's catalog lacks."
    ]
    assert problems(fake, {**document, **new}, []) == []
    assert [text.partition(" has ")[2] for text in problems(fake, {**document, **new}, [], state=OVERRIDDEN)] == [
        "the URL category 'old', which the vendor's catalog lacks."
    ]


def test_names_that_a_rule_has_already_are_not_looked_up() -> None:
    entry = {"RuleName": "r", "Source": {"Countries": ["XX"]}, "Applications": ["any"], "Action": "Allow"}
    fake = FakeRulestacks({"/web": {}, "/web/rulelists/LocalRule/priorities/5": entry})
    document = {"rules": [rule(source={"countries": ["xx"]}, description="new")]}
    assert problems(fake, document, [], {}) == []


def test_catalog_that_cannot_be_read_warns() -> None:
    warnings: list[str] = []
    pages = {**PAGES, f"{CONFIG}/countries": MISSING_ROUTE, f"{CONFIG}/appidversions": success({})}
    document = {"rules": [rule(source={"countries": ["XX"]}, applications=["sll"])]}
    assert problems(FakeRulestacks(), document, warnings, pages) == []
    (warning,) = warnings
    assert warning.startswith("The names of each country are not validated. Could not list the countries")
