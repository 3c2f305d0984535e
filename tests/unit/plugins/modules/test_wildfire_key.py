# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""wildfire_key, run as a module against servers on loopback."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.redaction import fingerprint
from ansible_collections.panw.cloud.tests.helpers.factories import (
    API_KEY,
    registry_config,
)
from ansible_collections.panw.cloud.tests.helpers.fakes import Reply
from ansible_collections.panw.cloud.tests.helpers.run_module import failed, run
from ansible_collections.panw.cloud.tests.helpers.wildfire_cloud import ACCOUNT, BOUND, EMPTY, Cloud

KEY = {"product": "advanced_wildfire", "service_account": "scanner", "wait_interval": 1}
PROOF = "POST /publicapi/get/verdict"


BAD = [
    ("wildfire_key", {"tsg_id": "17"}, "ten digits"),
    ("wildfire_key", {"registry": {}}, "'registry' lacks base_url, list.method, list.path"),
    (
        "wildfire_key",
        {"registry": registry_config(base_url="http://example.com")},
        "'registry.base_url' would send credentials",
    ),
    (
        "wildfire_key",
        {"registry": registry_config(list={"method": "DELETE"})},
        "value of method must be one of: GET, POST",
    ),
    ("wildfire_key", {"registry": {"url": "https://example.com"}}, "Unsupported parameters"),
    ("wildfire_key", {"bound_client_id": None, "bound_client_secret": None}, "'bound_client_id' is missing."),
    ("wildfire_key", {"bound_client_secret": None}, "parameters are required together"),
    ("wildfire_key", {"bound_client_secret": "a b"}, "'bound_client_secret' contains white space"),
    (
        "wildfire_key",
        {"service_account": None},
        "state is present but all of the following are missing: service_account",
    ),
    ("wildfire_key", {"product": "dns"}, "value of product must be one of"),
    ("wildfire_key", {"wait_timeout": -1}, "'wait_timeout' is -1 seconds; it must be at least 0."),
    ("wildfire_key", {"wait_interval": 0}, "'wait_interval' is 0 seconds; it must be at least 1."),
    ("wildfire_key", {"wildfire_url": "http://example.com"}, "'wildfire_url' would send credentials"),
    ("wildfire_key", {"wildfire_region": "us"}, "value of wildfire_region must be one of"),
    ("wildfire_key_info", {"registry": {}}, "'registry' lacks"),
    (
        "wildfire_key_info",
        {"verify": True, "bound_client_id": None, "bound_client_secret": None},
        "verify is True but all of",
    ),
    ("wildfire_verdict_info", {"hashes": [EMPTY, "x"]}, "item 2 (length 1)"),
    ("wildfire_verdict_info", {"hashes": []}, "'hashes' is empty"),
    ("wildfire_verdict_info", {"hashes": [EMPTY], "client_id": None}, "'client_id' is missing"),
    ("wildfire_verdict_info", {"hashes": [EMPTY], "tsg_id": "x"}, "ten digits"),
    (
        "wildfire_verdict_info",
        {"hashes": [EMPTY], "api_key": "a b"},
        "'api_key' is empty, or contains characters other",
    ),
    ("wildfire_verdict_info", {"hashes": [EMPTY], "agent": "pcc"}, "missing parameter(s) required by 'agent': api_key"),
]
BASE = {"wildfire_key": {**KEY, **BOUND}, "wildfire_key_info": BOUND, "wildfire_verdict_info": {}}


def test_key_by_contract_is_idempotent_at_each_step() -> None:
    with Cloud() as cloud:
        options = {**cloud.options, **KEY, "registry": cloud.registry_config}
        made, kept = (run("wildfire_key", {**options, **BOUND}) for _step in range(2))
        gone, still_gone = (run("wildfire_key", {**options, "state": "absent"}) for _step in range(2))
        assert (cloud.count("POST /keys"), cloud.count("DELETE /keys/k1"), cloud.count(PROOF)) == (1, 1, 2)
        for result in (made, kept, gone):
            assert not [secret for secret in cloud.secrets if secret in json.dumps(result)]
    assert [one["changed"] for one in (made, kept, gone, still_gone)] == [True, False, True, False]
    assert made["key"] == {
        "id": "k1",
        "product": "advanced_wildfire",
        "service_account": ACCOUNT,
        "status": "valid",
        "fingerprint": fingerprint(API_KEY),
        "expires_at": None,
        "remaining_uploads": None,
        "remaining_queries": None,
    }
    assert (made["verified"], gone["verified"], gone["key"]["status"], still_gone["key"]) == (
        True,
        None,
        "revoked",
        None,
    )
    assert made["diff"]["before"] == {}
    assert gone["diff"]["after"]["status"] == "revoked"


def test_key_without_contract_is_checked_and_lists_manual_steps() -> None:
    with Cloud() as cloud:
        options = {**cloud.options, **KEY, **BOUND}
        kept = run("wildfire_key", options)
        assert (kept["changed"], kept["verified"], kept["key"], kept["manual_steps"]) == (False, True, None, [])
        refused = failed(run("wildfire_key", {**options, "state": "absent"}), cloud.secrets)
        assert "Revoke API Access" in refused["msg"]
        cloud.keyed.works = False
        needed = failed(run("wildfire_key", options), cloud.secrets)
        assert needed["error"]["kind"] == "manual_step"
        assert f"scanner ({ACCOUNT})" in "\n".join(needed["manual_steps"])
        assert run("wildfire_key", {**options, "state": "absent"})["changed"] is False
        waited = failed(run("wildfire_key", {**options, "on_manual_step": "wait", "wait_timeout": 0}), cloud.secrets)
        assert "The manual steps were not done within 0 seconds" in waited["msg"]


def test_key_check_mode_predicts_without_change() -> None:
    with Cloud() as cloud:
        options = {**cloud.options, **KEY, **BOUND}
        will_be = run("wildfire_key", {**options, "registry": cloud.registry_config}, check=True)
        assert (will_be["changed"], will_be["key"]["id"], will_be["verified"]) == (True, None, None)
        assert (cloud.count("POST /keys"), cloud.count(PROOF)) == (0, 0)
        cloud.keyed.works = False
        waits = run("wildfire_key", {**options, "on_manual_step": "wait"}, check=True)
        assert (waits["changed"], waits["verified"], len(waits["manual_steps"])) == (True, False, 5)
        assert waits["diff"] == {"before": {"works": False}, "after": {"works": True}}


def test_key_absent_with_known_binding_needs_no_account() -> None:
    with Cloud() as cloud:
        options = {**cloud.options, **BOUND, "product": "prisma_access", "state": "absent"}
        refused = failed(run("wildfire_key", options), cloud.secrets)
        assert f"bound to the service account {ACCOUNT}" in refused["msg"]
        assert cloud.count("GET /iam/v1/service_accounts") == 0


def test_key_account_missing_fails() -> None:
    with Cloud() as cloud:
        for more in ({"registry": cloud.registry_config}, BOUND):
            result = failed(
                run("wildfire_key", {**cloud.options, **KEY, "service_account": "nobody", **more}), cloud.secrets
            )
            assert result["error"]["kind"] == "not_found"
            assert "panw.cloud.scm_service_account" in result["error"]["next_step"]
        assert set(cloud.keyed.calls) == {"POST /oauth2/access_token", "GET /iam/v1/service_accounts"}


def test_key_of_deleted_account_is_revoked_on_request() -> None:
    with Cloud() as cloud:
        options = {**cloud.options, **KEY, "registry": cloud.registry_config}
        run("wildfire_key", options)
        cloud.keyed.accounts.clear()
        kept = failed(run("wildfire_key", {**options, "state": "absent"}), cloud.secrets)
        assert (kept["error"]["kind"], cloud.count("DELETE /keys/k1")) == ("conflict", 0)
        assert run("wildfire_key", {**options, "state": "absent", "service_account": ACCOUNT})["changed"] is True


@pytest.mark.parametrize("state", ["present", "absent"])
def test_key_check_with_other_account_is_a_conflict(state: str) -> None:
    with Cloud() as cloud:
        options = {
            **cloud.options,
            **KEY,
            **BOUND,
            "bound_client_id": "other",
            "registry": cloud.registry_config,
            "state": state,
        }
        result = failed(run("wildfire_key", options), cloud.secrets)
        assert result["error"]["kind"] == "conflict"
        assert "'bound_client_id' is other" in result["msg"]
        assert not [call for call in cloud.keyed.calls if call.endswith("/keys")]


def test_key_bound_credentials_are_checked_before_any_change() -> None:
    with Cloud() as cloud:
        token = Reply(200, {"access_token": "the-callers-token"})
        cloud.keyed.instead["POST /oauth2/access_token"] = [token, Reply(401, {"error": "invalid_client"})]
        result = failed(
            run("wildfire_key", {**cloud.options, **KEY, **BOUND, "registry": cloud.registry_config}), cloud.secrets
        )
        assert (result["error"]["kind"], result["error"]["error_code"]) == ("authentication", "invalid_client")
        assert cloud.count("POST /keys") == 0


def test_key_valid_only_in_registry_fails() -> None:
    with Cloud() as cloud:
        cloud.keyed.works = False
        options = {**cloud.options, **KEY, **BOUND, "registry": cloud.registry_config, "wait_timeout": 0}
        result = failed(run("wildfire_key", options), cloud.secrets)
        assert "use the WildFire key k1 as" in result["msg"]
        assert (result["error"]["kind"], result["error"]["reason"]) == ("timeout", "Invalid API key")


@pytest.mark.parametrize(("name", "options", "message"), BAD, ids=[case[2][:40] for case in BAD])
def test_invalid_input_is_rejected_before_any_call(name: str, options: dict[str, Any], message: str) -> None:
    with Cloud() as cloud:
        given = {**cloud.options, **BASE[name], **options}
        result = failed(
            run(name, {option: value for option, value in given.items() if value is not None}), cloud.secrets
        )
        assert message in result["msg"]
        assert cloud.keyed.calls == []
