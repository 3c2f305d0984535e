# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules for WildFire, run as modules, against a tenant, a registry and WildFire on loopback."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.redaction import fingerprint
from ansible_collections.panw.cloud.tests.helpers.factories import (
    API_KEY,
    contract,
    entry,
    listed,
    refusal,
    wildfire,
)
from ansible_collections.panw.cloud.tests.helpers.fakes import Reply
from ansible_collections.panw.cloud.tests.helpers.run_module import failed, run
from ansible_collections.panw.cloud.tests.helpers.tenants import TSG, Strata, Tenant

ACCOUNT = f"scanner@{TSG}.iam.panserviceaccount.com"
BOUND_SECRET = "the-client-secret-of-the-bound-account"
BOUND = {"bound_client_id": ACCOUNT, "bound_client_secret": BOUND_SECRET}
KEY = {"product": "advanced_wildfire", "service_account": "scanner", "wait_interval": 1}
PROOF = "POST /publicapi/get/verdict"
EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


class Keyed(Tenant):
    """A tenant with a registry and a WildFire cloud.

    :ivar works: whether WildFire takes anybody for the holder of a key.
    """

    def __init__(self) -> None:
        super().__init__("scanner")
        self.keys: list[dict[str, Any]] = []
        self.works = True

    def _act(self, method: str, path: str, query: dict[str, str], body: Any) -> Reply:
        if path.startswith("/publicapi"):
            return wildfire(entry(0, EMPTY)) if self.works else refusal(401, "Invalid API key")
        if path.startswith("/subscription"):
            instances = [{"app_id": "prisma_access", "extra": {"wildfire_api_key": API_KEY}}, {"app_id": "logs"}]
            return Reply(200, instances if path.endswith("instances") else [])
        if path == "/keys" and method == "GET":
            return Reply(200, listed(*self.keys))
        if path == "/keys":
            bound = json.loads(body)["binding"]["account"]
            self.keys.append(
                {"key": {"id": "k1", "text": API_KEY}, "type": "NGFW", "account": bound, "state": "ACTIVE"}
            )
            return Reply(201, self.keys[-1])
        if path == "/keys/k1":
            self.keys[-1]["state"] = "REVOKED"
            return Reply(202)
        return super()._act(method, path, query, body)


class Cloud(Strata):
    """That tenant on loopback."""

    def __init__(self) -> None:
        self.keyed = Keyed()
        super().__init__(self.keyed)

    @property
    def options(self) -> dict[str, Any]:
        return {**super().options, "wildfire_url": self.url}

    @property
    def contract(self) -> dict[str, Any]:
        return contract(base_url=self.url)

    @property
    def secrets(self) -> list[str]:
        return [*super().secrets, BOUND_SECRET, API_KEY]

    def count(self, call: str) -> int:
        return self.keyed.calls.count(call)


def test_a_key_by_a_contract_each_step_twice() -> None:
    with Cloud() as cloud:
        options = {**cloud.options, **KEY, "registry": cloud.contract}
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


def test_a_proof_without_a_contract() -> None:
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
        assert "Nobody did it within 0 seconds" in waited["msg"]


def test_predictions() -> None:
    with Cloud() as cloud:
        options = {**cloud.options, **KEY, **BOUND}
        will_be = run("wildfire_key", {**options, "registry": cloud.contract}, check=True)
        assert (will_be["changed"], will_be["key"]["id"], will_be["verified"]) == (True, None, None)
        assert (cloud.count("POST /keys"), cloud.count(PROOF)) == (0, 0)
        cloud.keyed.works = False
        waits = run("wildfire_key", {**options, "on_manual_step": "wait"}, check=True)
        assert (waits["changed"], waits["verified"], len(waits["manual_steps"])) == (True, False, 5)
        assert waits["diff"] == {"before": {"works": False}, "after": {"works": True}}


def test_a_revocation_needs_no_account_where_the_bound_one_is_known() -> None:
    with Cloud() as cloud:
        options = {**cloud.options, **BOUND, "product": "prisma_access", "state": "absent"}
        refused = failed(run("wildfire_key", options), cloud.secrets)
        assert f"bound to the service account {ACCOUNT}" in refused["msg"]
        assert cloud.count("GET /iam/v1/service_accounts") == 0


def test_an_account_that_does_not_exist() -> None:
    with Cloud() as cloud:
        for more in ({"registry": cloud.contract}, BOUND):
            result = failed(
                run("wildfire_key", {**cloud.options, **KEY, "service_account": "nobody", **more}), cloud.secrets
            )
            assert result["error"]["kind"] == "not_found"
            assert "panw.cloud.scm_service_account" in result["error"]["next_step"]
        assert set(cloud.keyed.calls) == {"POST /oauth2/access_token", "GET /iam/v1/service_accounts"}


def test_an_account_that_is_deleted_can_have_left_a_key() -> None:
    with Cloud() as cloud:
        options = {**cloud.options, **KEY, "registry": cloud.contract}
        run("wildfire_key", options)
        cloud.keyed.accounts.clear()
        kept = failed(run("wildfire_key", {**options, "state": "absent"}), cloud.secrets)
        assert (kept["error"]["kind"], cloud.count("DELETE /keys/k1")) == ("conflict", 0)
        assert run("wildfire_key", {**options, "state": "absent", "service_account": ACCOUNT})["changed"] is True


@pytest.mark.parametrize("state", ["present", "absent"])
def test_a_proof_of_another_account(state: str) -> None:
    with Cloud() as cloud:
        options = {
            **cloud.options,
            **KEY,
            **BOUND,
            "bound_client_id": "other",
            "registry": cloud.contract,
            "state": state,
        }
        result = failed(run("wildfire_key", options), cloud.secrets)
        assert result["error"]["kind"] == "conflict"
        assert "'bound_client_id' is other" in result["msg"]
        assert not [call for call in cloud.keyed.calls if call.endswith("/keys")]


def test_bound_credentials_are_tried_before_anything_changes() -> None:
    with Cloud() as cloud:
        token = Reply(200, {"access_token": "the-callers-token"})
        cloud.keyed.instead["POST /oauth2/access_token"] = [token, Reply(401, {"error": "invalid_client"})]
        result = failed(
            run("wildfire_key", {**cloud.options, **KEY, **BOUND, "registry": cloud.contract}), cloud.secrets
        )
        assert (result["error"]["kind"], result["error"]["error_code"]) == ("authentication", "invalid_client")
        assert cloud.count("POST /keys") == 0


def test_a_key_that_only_the_registry_calls_valid() -> None:
    with Cloud() as cloud:
        cloud.keyed.works = False
        options = {**cloud.options, **KEY, **BOUND, "registry": cloud.contract, "wait_timeout": 0}
        result = failed(run("wildfire_key", options), cloud.secrets)
        assert "use the WildFire key k1 as" in result["msg"]
        assert (result["error"]["kind"], result["error"]["reason"]) == ("timeout", "Invalid API key")


BAD = [
    ("wildfire_key", {"tsg_id": "17"}, "ten digits"),
    ("wildfire_key", {"registry": {}}, "'registry' lacks base_url, list.method, list.path"),
    (
        "wildfire_key",
        {"registry": contract(base_url="http://example.com")},
        "'registry.base_url' would send credentials",
    ),
    ("wildfire_key", {"registry": contract(list={"method": "DELETE"})}, "value of method must be one of: GET, POST"),
    ("wildfire_key", {"registry": {"url": "https://example.com"}}, "Unsupported parameters"),
    ("wildfire_key", {"bound_client_id": None, "bound_client_secret": None}, "'bound_client_id' is missing."),
    ("wildfire_key", {"bound_client_secret": None}, "parameters are required together"),
    ("wildfire_key", {"bound_client_secret": "a b"}, "'bound_client_secret' holds white space"),
    (
        "wildfire_key",
        {"service_account": None},
        "state is present but all of the following are missing: service_account",
    ),
    ("wildfire_key", {"product": "dns"}, "value of product must be one of"),
    ("wildfire_key", {"wait_timeout": -1}, "'wait_timeout' is -1; it must be 0 or more seconds"),
    ("wildfire_key", {"wait_interval": 0}, "'wait_interval' is 0; it must be 1 or more seconds"),
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
    ("wildfire_verdict_info", {"hashes": [EMPTY], "api_key": "a b"}, "'api_key' is empty, or holds something else"),
    ("wildfire_verdict_info", {"hashes": [EMPTY], "agent": "pcc"}, "missing parameter(s) required by 'agent': api_key"),
]
BASE = {"wildfire_key": {**KEY, **BOUND}, "wildfire_key_info": BOUND, "wildfire_verdict_info": {}}


@pytest.mark.parametrize(("name", "options", "message"), BAD, ids=[case[2][:40] for case in BAD])
def test_bad_input_is_refused_before_any_call(name: str, options: dict[str, Any], message: str) -> None:
    with Cloud() as cloud:
        given = {**cloud.options, **BASE[name], **options}
        result = failed(
            run(name, {option: value for option, value in given.items() if value is not None}), cloud.secrets
        )
        assert message in result["msg"]
        assert cloud.keyed.calls == []


def test_what_is_known_about_keys() -> None:
    with Cloud() as cloud:
        cloud.keyed.keys.append({"key": {"id": 1, "text": API_KEY}, "type": "x", "account": "y", "state": "Odd"})
        options = {**cloud.options, "registry": cloud.contract, "verify": True, **BOUND}
        known = run("wildfire_key_info", options)
        assert not [secret for secret in cloud.secrets if secret in json.dumps(known)]
        cloud.keyed.works = False
        assert run("wildfire_key_info", options)["refusal"] == "the server answered HTTP 401: Invalid API key"
        assert run("wildfire_key_info", cloud.options)["wildfire_keys"] is None
    (key,) = known["wildfire_keys"]
    assert (key["id"], key["product"], key["status"]) == ("1", "x", "Odd")
    assert [(one["app_id"], one["fingerprint"]) for one in known["instances"]] == [
        ("prisma_access", fingerprint(API_KEY))
    ]
    assert (known["changed"], known["verified"], known["refusal"], known["licences"]) == (False, True, None, [])


def test_verdicts_by_account_and_by_key() -> None:
    with Cloud() as cloud:
        file = {"verdict": "benign", "code": 0, "sha256": EMPTY, "md5": None}
        expected = [{"hash": EMPTY, **file, "files": [file]}]
        assert run("wildfire_verdict_info", {**cloud.options, "hashes": [EMPTY]})["verdicts"] == expected
        place = {"wildfire_url": f"{cloud.url}/publicapi", "api_key": API_KEY, "agent": "pcc"}
        before = len(cloud.keyed.calls)
        assert run("wildfire_verdict_info", {**place, "hashes": [EMPTY]})["verdicts"] == expected
        assert cloud.keyed.calls[before:] == [PROOF]
        cloud.keyed.works = False
        failed(run("wildfire_verdict_info", {**place, "hashes": [EMPTY]}), cloud.secrets)


def test_the_key_comes_before_an_account_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    with Cloud() as cloud:
        for variable in ("SCM_CLIENT_ID", "SCM_CLIENT_SECRET"):
            monkeypatch.setenv(variable, "somebody")
        monkeypatch.setenv("WILDFIRE_URL", cloud.url)
        run("wildfire_verdict_info", {"api_key": API_KEY, "hashes": [EMPTY]})
        assert cloud.keyed.calls == [PROOF]
