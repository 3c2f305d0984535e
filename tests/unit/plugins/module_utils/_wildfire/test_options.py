# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""WildFire options, validated without network access."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.panw.cloud.plugins.module_utils._scm.oauth import ClientCredentials
from ansible_collections.panw.cloud.plugins.module_utils._wildfire import options
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.client import LegacyKey
from ansible_collections.panw.cloud.tests.helpers.factories import API_KEY

CALLER = {"client_id": "me", "client_secret": "mine", "tsg_id": "1700000001"}


def test_bound_account_differs_from_caller() -> None:
    given = {**CALLER, "bound_client_id": "you", "bound_client_secret": "yours"}
    assert options.bound_credentials(given) == ClientCredentials("you", "yours", "1700000001")
    assert options.bound_credentials({**CALLER, "bound_client_id": None}) is None
    assert options.calling_credentials(given) == ClientCredentials("me", "mine", "1700000001")


@pytest.mark.parametrize("name", CALLER)
def test_caller_with_missing_part_is_rejected(name: str) -> None:
    with pytest.raises(InvalidInput, match=f"'{name}' is missing"):
        options.calling_credentials({**CALLER, name: None})


@pytest.mark.parametrize("reference", ["", " a", "a\n", "a\x00b"])
def test_reference_invalid_is_rejected(reference: str) -> None:
    with pytest.raises(InvalidInput, match="'service_account' is empty"):
        options.service_account({"service_account": reference})


def test_reference_with_inner_spaces_is_accepted() -> None:
    for reference in (None, "my scanner", "a@b"):
        assert options.service_account({"service_account": reference}) == reference


def test_legacy_key_is_accepted() -> None:
    assert options.legacy_key({"api_key": None, "agent": None}) is None
    assert options.legacy_key({"api_key": API_KEY, "agent": "pcc"}) == LegacyKey(API_KEY, "pcc")


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("api_key", {"api_key": "", "agent": None}),
        ("api_key", {"api_key": "a\nb", "agent": None}),
        ("api_key", {"api_key": "ä", "agent": None}),
        ("agent", {"api_key": API_KEY, "agent": "p c"}),
    ],
)
def test_legacy_key_invalid_is_rejected(name: str, given: dict[str, Any]) -> None:
    with pytest.raises(
        InvalidInput, match=f"'{name}' is empty, or contains characters other than letters and digits"
    ) as caught:
        options.legacy_key(given)
    assert API_KEY not in str(caught.value)


def test_days() -> None:
    assert options.day({"since": None}, "since") is None
    assert options.day({"since": "2026-05-31"}, "since") == date(2026, 5, 31)
    for text in ("2026-02-30", "yesterday", "", "2026-05-31T00:00:00"):
        with pytest.raises(InvalidInput, match="'since' is not a day such as 2026-05-31"):
            options.day({"since": text}, "since")


def test_urls_of_pages() -> None:
    assert options.page_urls({"urls": None}, "urls") == []
    assert options.page_urls({"urls": ["https://a/?b=c d".replace(" ", "%20")]}, "urls") == ["https://a/?b=c%20d"]
    for url in ("", "a", "ftp://a", "https://", "https://a b", "https://a\n", "https://[a"):
        with pytest.raises(InvalidInput, match=r"'urls\[2\]' is not a URL that begins with http:// or https://"):
            options.page_urls({"urls": ["http://a", url]}, "urls")
    with pytest.raises(InvalidInput, match="user name or password"):
        options.page_urls({"urls": ["https://me:mine@a"]}, "urls")
