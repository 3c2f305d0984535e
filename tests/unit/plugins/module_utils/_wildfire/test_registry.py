# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A registry, called as a contract says that differs from the stand-in's."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import (
    AuthorizationError,
    Conflict,
    MalformedAnswer,
    PanwCloudError,
    RouteNotFound,
    ServerError,
)
from ansible_collections.panw.cloud.plugins.module_utils._common.redaction import fingerprint
from ansible_collections.panw.cloud.plugins.module_utils._scm.client import ScmClient
from ansible_collections.panw.cloud.plugins.module_utils._scm.oauth import AccessTokens
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.registry import Key, Registry
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.registry_config import read_contract
from ansible_collections.panw.cloud.tests.helpers.factories import (
    ACCOUNT,
    API_KEY,
    AUTH_URL,
    CREDENTIALS,
    TSG_ID,
    Vendor,
    contract,
    listed,
)
from ansible_collections.panw.cloud.tests.helpers.fakes import Reply, http

ENTRY = {"key": {"id": 7, "text": API_KEY}, "type": "ngfw", "account": ACCOUNT, "state": "active"}
KEY = Key("7", "advanced_wildfire", ACCOUNT, "valid", fingerprint(API_KEY))
DONE = Reply(202, {})


def registry(vendor: Vendor, **parts: Any) -> Registry:
    given = read_contract(contract(**parts))
    assert given is not None
    transport = http(vendor)
    return Registry(
        ScmClient(transport, "https://scm.example.com", AccessTokens(transport, AUTH_URL, CREDENTIALS)), given
    )


def sent(vendor: Vendor) -> list[tuple[str, Any]]:
    """Method, path and body of what the registry was asked."""
    return [(f"{one.method} {one.path_url}", json.loads(one.body) if one.body else None) for one in vendor.asked]


def test_the_list_in_our_words() -> None:
    vendor = Vendor(Reply(200, listed(ENTRY, {**ENTRY, "type": "IoT", "state": "Odd"})))
    mine, other = registry(vendor).keys()
    assert mine == KEY
    assert mine.live
    assert (other.product, other.status, other.live) == ("IoT", "Odd", False)
    assert sent(vendor) == [(f"GET /api/keys?tenant={TSG_ID}", None)]
    assert vendor.asked[0].headers["Authorization"] == "Bearer access-token-1"
    assert API_KEY not in repr(mine)


def test_a_dead_key_may_have_lost_its_account() -> None:
    vendor = Vendor(Reply(200, listed({**ENTRY, "account": None, "state": contract()["statuses"]["revoked"]})))
    (dead,) = registry(vendor).keys()
    assert (dead.status, dead.service_account, dead.live) == ("revoked", "", False)


def test_quota_and_expiry_where_the_contract_has_them() -> None:
    fields = {**contract()["fields"], "expires_at": "until", "remaining_uploads": "up", "remaining_queries": "left"}
    vendor = Vendor(
        Reply(200, listed({**ENTRY, "until": "2035-12-31", "up": 0, "left": "1050"}, {**ENTRY, "left": "many"}))
    )
    first, second = registry(vendor, fields=fields).keys()
    assert (first.expires_at, first.remaining_uploads, first.remaining_queries) == ("2035-12-31", 0, 1050)
    assert (second.expires_at, second.remaining_queries) == (None, None)


def test_the_answer_itself_can_be_the_list() -> None:
    vendor = Vendor(Reply(200, [ENTRY]))
    assert registry(vendor, list={"method": "POST", "path": "/search"}).keys() == [KEY]
    assert sent(vendor) == [("POST /api/search", None)]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"data": {}}, "there is no list at 'data.keys'"),
        ({"data": {"keys": {}}}, "there is no list at 'data.keys'"),
        ([], "there is no list at 'data.keys'"),
        (listed({**ENTRY, "state": None, "key": {"id": ""}}), "lacks key.id, state"),
        (listed({**ENTRY, "key": "7"}), "lacks key.id"),
        (listed({**ENTRY, "account": ""}), "lacks account"),
        ({"data": {"keys": [7]}}, "lacks key.id, type, account, state"),
    ],
)
def test_answers_that_do_not_fit_the_contract(answer: Any, words: str) -> None:
    with pytest.raises(MalformedAnswer, match=words):
        registry(Vendor(Reply(200, answer))).keys()


def test_an_answer_that_is_no_json_is_not_repeated() -> None:
    """It may hold a key that nobody has learnt yet."""
    with pytest.raises(MalformedAnswer, match="not JSON but") as caught:
        registry(Vendor(Reply(200, f'{{"data": {{"keys": [{{"text": "{API_KEY}"'))).keys()
    assert API_KEY not in str(caught.value)


def test_keys_that_were_listed_are_scrubbed_from_then_on() -> None:
    vendor = Vendor(Reply(200, listed(ENTRY)), Reply(409, {"message": f"you have {API_KEY}"}))
    made = registry(vendor)
    made.keys()
    with pytest.raises(Conflict, match=r"you have \*+"):
        made.create("advanced_wildfire", ACCOUNT)


def test_changes_in_the_registrys_words() -> None:
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


def test_there_may_be_nothing_to_apply() -> None:
    vendor = Vendor(DONE)
    made = registry(vendor)
    made.apply()
    assert (made.has_apply, vendor.asked) == (False, [])


@pytest.mark.parametrize(
    ("status", "words", "way"),
    [
        (409, "existing API keys have not yet been migrated", "Migrate the old keys"),
        (409, "license limit: one API key per tenant", "revoke it with 'state: absent'"),
        (403, "no active license is available", "needs an active licence"),
        (409, "already associated with another API key", "carries one key"),
        (403, "forbidden", "Check 'registry'"),
        (400, "bad type", "Correct the option"),
    ],
)
def test_a_refusal_has_the_registrys_words_and_a_way_out(status: int, words: str, way: str) -> None:
    vendor = Vendor(Reply(status, {"error": "No", "message": words}))
    with pytest.raises(PanwCloudError, match=words) as caught:
        registry(vendor).create("advanced_wildfire", ACCOUNT)
    assert way in caught.value.next_step
    assert not caught.value.may_have_acted
    assert len(vendor.asked) == 1


@pytest.mark.parametrize("answer", [Reply(503), ConnectionResetError(), Reply(200, "{")])
def test_a_change_is_never_sent_blindly_again(answer: Any) -> None:
    vendor = Vendor(handler=lambda _request: answer)
    made = registry(vendor)
    for change in (lambda: made.create("advanced_wildfire", ACCOUNT), lambda: made.revoke(KEY)):
        with pytest.raises(PanwCloudError) as caught:
            change()
        assert caught.value.may_have_acted
    assert len(vendor.asked) == 2


def test_the_list_and_what_applies_changes_are_sent_again() -> None:
    vendor = Vendor(Reply(503), DONE)
    registry(vendor, apply={"method": "POST", "path": "/push"}).apply()
    assert len(vendor.asked) == 2
    vendor = Vendor(Reply(503))
    with pytest.raises(ServerError):
        registry(vendor).keys()
    assert len(vendor.asked) == 5


@pytest.mark.parametrize(("status", "error"), [(403, AuthorizationError), (404, RouteNotFound)])
def test_advice_is_about_the_contract(status: int, error: type[PanwCloudError]) -> None:
    with pytest.raises(error, match="Check 'registry'"):
        registry(Vendor(Reply(status, "no"))).keys()
