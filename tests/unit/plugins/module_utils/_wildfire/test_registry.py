# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A registry called by a contract that differs from that of the simulated service."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import (
    AuthorizationError,
    Conflict,
    InvalidResponse,
    PanwCloudError,
    RouteNotFound,
    ServerError,
)
from ansible_collections.panw.cloud.plugins.module_utils._common.redaction import fingerprint
from ansible_collections.panw.cloud.plugins.module_utils._scm.client import ScmClient
from ansible_collections.panw.cloud.plugins.module_utils._scm.oauth import AccessTokens
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.registry import Key, Registry
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.registry_config import read_registry_config
from ansible_collections.panw.cloud.tests.helpers.factories import (
    ACCOUNT,
    API_KEY,
    AUTH_URL,
    CREDENTIALS,
    TSG_ID,
    Vendor,
    listed,
    registry_config,
)
from ansible_collections.panw.cloud.tests.helpers.fakes import Reply, http

ENTRY = {"key": {"id": 7, "text": API_KEY}, "type": "ngfw", "account": ACCOUNT, "state": "active"}
KEY = Key("7", "advanced_wildfire", ACCOUNT, "valid", fingerprint(API_KEY))
DONE = Reply(202, {})


def registry(vendor: Vendor, **parts: Any) -> Registry:
    given = read_registry_config(registry_config(**parts))
    assert given is not None
    transport = http(vendor)
    return Registry(
        ScmClient(transport, "https://scm.example.com", AccessTokens(transport, AUTH_URL, CREDENTIALS)), given
    )


def sent(vendor: Vendor) -> list[tuple[str, Any]]:
    """Method, path and body of the requests to the registry."""
    return [(f"{one.method} {one.path_url}", json.loads(one.body) if one.body else None) for one in vendor.asked]


def test_list_is_normalized() -> None:
    vendor = Vendor(Reply(200, listed(ENTRY, {**ENTRY, "type": "IoT", "state": "Odd"})))
    mine, other = registry(vendor).keys()
    assert mine == KEY
    assert mine.live
    assert (other.product, other.status, other.live) == ("IoT", "Odd", False)
    assert sent(vendor) == [(f"GET /api/keys?tenant={TSG_ID}", None)]
    assert vendor.asked[0].headers["Authorization"] == "Bearer access-token-1"
    assert API_KEY not in repr(mine)


def test_dead_key_without_account_is_read() -> None:
    vendor = Vendor(Reply(200, listed({**ENTRY, "account": None, "state": registry_config()["statuses"]["revoked"]})))
    (dead,) = registry(vendor).keys()
    assert (dead.status, dead.service_account, dead.live) == ("revoked", "", False)


def test_quota_and_expiry_are_read_if_in_contract() -> None:
    fields = {
        **registry_config()["fields"],
        "expires_at": "until",
        "remaining_uploads": "up",
        "remaining_queries": "left",
    }
    vendor = Vendor(
        Reply(200, listed({**ENTRY, "until": "2035-12-31", "up": 0, "left": "1050"}, {**ENTRY, "left": "many"}))
    )
    first, second = registry(vendor, fields=fields).keys()
    assert (first.expires_at, first.remaining_uploads, first.remaining_queries) == ("2035-12-31", 0, 1050)
    assert (second.expires_at, second.remaining_queries) == (None, None)


def test_list_at_top_level_is_read() -> None:
    vendor = Vendor(Reply(200, [ENTRY]))
    assert registry(vendor, list={"method": "POST", "path": "/search"}).keys() == [KEY]
    assert sent(vendor) == [("POST /api/search", None)]


@pytest.mark.parametrize(
    ("response", "words"),
    [
        ({"data": {}}, "no list at 'data.keys'"),
        ({"data": {"keys": {}}}, "no list at 'data.keys'"),
        ([], "no list at 'data.keys'"),
        (listed({**ENTRY, "state": None, "key": {"id": ""}}), "lacks key.id, state"),
        (listed({**ENTRY, "key": "7"}), "lacks key.id"),
        (listed({**ENTRY, "account": ""}), "lacks account"),
        ({"data": {"keys": [7]}}, "lacks key.id, type, account, state"),
    ],
)
def test_response_not_matching_contract_raises_error(response: Any, words: str) -> None:
    with pytest.raises(InvalidResponse, match=words):
        registry(Vendor(Reply(200, response))).keys()


def test_response_without_json_is_not_retried() -> None:
    """It may hold an unknown key."""
    with pytest.raises(InvalidResponse, match="not JSON but") as caught:
        registry(Vendor(Reply(200, f'{{"data": {{"keys": [{{"text": "{API_KEY}"'))).keys()
    assert API_KEY not in str(caught.value)


def test_listed_keys_are_masked_from_then_on() -> None:
    vendor = Vendor(Reply(200, listed(ENTRY)), Reply(409, {"message": f"you have {API_KEY}"}))
    made = registry(vendor)
    made.keys()
    with pytest.raises(Conflict, match=r"you have \*+"):
        made.create("advanced_wildfire", ACCOUNT)


def test_changes_are_sent_in_registry_terms() -> None:
    vendor = Vendor(DONE)
    made = registry(vendor, apply={"method": "PUT", "path": "/push/{tsg_id}"})
    made.create("advanced_wildfire", ACCOUNT)
    made.revoke(KEY)
    made.apply()
    assert sent(vendor) == [
        ("POST /api/keys", {"type": "NGFW", "binding": {"account": ACCOUNT}, "tags": [f"tsg {TSG_ID}", 1]}),
        ("DELETE /api/keys/7", None),
        (f"PUT /api/push/{TSG_ID}", None),
    ]


def test_apply_without_request_in_contract_sends_nothing() -> None:
    vendor = Vendor(DONE)
    made = registry(vendor)
    made.apply()
    assert (made.has_apply, vendor.asked) == (False, [])


@pytest.mark.parametrize(
    ("status", "words", "way"),
    [
        (409, "existing API keys have not yet been migrated", "Migrate the old keys"),
        (409, "license limit: one API key per tenant", "revoke it with 'state: absent'"),
        (403, "no active license is available", "needs an active license"),
        (409, "already associated with another API key", "can have one key"),
        (403, "forbidden", "in 'registry'"),
        (400, "bad type", "Correct the option"),
    ],
)
def test_rejection_quotes_registry_and_has_next_step(status: int, words: str, way: str) -> None:
    vendor = Vendor(Reply(status, {"error": "No", "message": words}))
    with pytest.raises(PanwCloudError, match=words) as caught:
        registry(vendor).create("advanced_wildfire", ACCOUNT)
    assert way in caught.value.next_step
    assert not caught.value.outcome_unknown
    assert len(vendor.asked) == 1


@pytest.mark.parametrize("response", [Reply(503), ConnectionResetError(), Reply(200, "{")])
def test_change_is_not_retried_blindly(response: Any) -> None:
    vendor = Vendor(handler=lambda _request: response)
    made = registry(vendor)
    for change in (lambda: made.create("advanced_wildfire", ACCOUNT), lambda: made.revoke(KEY)):
        with pytest.raises(PanwCloudError) as caught:
            change()
        assert caught.value.outcome_unknown
    assert len(vendor.asked) == 2


def test_list_and_apply_are_retried() -> None:
    vendor = Vendor(Reply(503), DONE)
    registry(vendor, apply={"method": "POST", "path": "/push"}).apply()
    assert len(vendor.asked) == 2
    vendor = Vendor(Reply(503))
    with pytest.raises(ServerError):
        registry(vendor).keys()
    assert len(vendor.asked) == 5


@pytest.mark.parametrize(("status", "error"), [(403, AuthorizationError), (404, RouteNotFound)])
def test_advice_refers_to_contract(status: int, error: type[PanwCloudError]) -> None:
    with pytest.raises(error, match="in 'registry'"):
        registry(Vendor(Reply(status, "no"))).keys()
