# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The WildFire public API."""

from __future__ import annotations

import hashlib
from xml.etree import ElementTree

import pytest

EMPTY = hashlib.sha256(b"").hexdigest()
MALWARE = hashlib.sha256(b"malware").hexdigest()
WRONG_KEY = "'Invalid API key'"


@pytest.fixture
def holder(tenant):
    """Create an account with a valid key and return its access token."""
    account = tenant.account()
    tenant.key(account)
    return tenant.token(account)


@pytest.fixture
def legacy(tenant):
    """A legacy key."""
    return tenant.world.admin("POST", "/strata/legacy-keys", {}).json()["api_key"]


def entries(answer):
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/xml"
    found = ElementTree.fromstring(answer.content).findall("get-verdict-info")  # noqa: S314
    return [{item.tag: item.text for item in entry} for entry in found]


def refusal(answer):
    document = ElementTree.fromstring(answer.content)  # noqa: S314
    return answer.status_code, answer.reason, document.findtext("error-message")


def verdicts(tenant, token, text):
    return tenant.call("wildfire", "POST", "/publicapi/get/verdicts", token, files={"file": ("hashes", text)})


def remaining(tenant):
    state = tenant.world.state()["strata"]
    (key,) = [*state["keys"], *state["legacy_keys"]]
    return key["remaining_queries"], key["remaining_uploads"]


@pytest.mark.parametrize(
    ("word", "verdict"),
    [("malware", 1), ("grayware", 2), ("phishing", 4), ("c2", 5), ("pending", -100), ("error", -101), ("other", -102)],
)
def test_every_verdict(tenant, holder, word, verdict):
    digest = hashlib.sha256(word.encode()).hexdigest()
    (entry,) = entries(tenant.verdict(digest.upper(), holder))
    assert (entry["sha256"], entry["verdict"]) == (digest, str(verdict))


def test_several_samples_share_one_md5(tenant, holder):
    md5 = hashlib.md5(b"", usedforsecurity=False).hexdigest()
    found = entries(tenant.verdict(md5, holder))
    assert [entry["md5"] for entry in found] == [md5, md5]
    assert found[0]["sha256"] == EMPTY


def test_key_is_found_by_its_bound_account(tenant, holder):
    assert entries(tenant.verdict(EMPTY, holder))[0]["verdict"] == "0"
    assert refusal(tenant.verdict(EMPTY, tenant.token()))[0] == 401
    elsewhere = tenant.ask_token(scope="tsg_id:1700000002").json()["access_token"]
    for token in (elsewhere, holder + "x"):
        assert refusal(tenant.verdict(EMPTY, token)) == (401, "Invalid API key", WRONG_KEY)
    tenant.world.admin("POST", "/strata/access-tokens/expire")
    assert refusal(tenant.verdict(EMPTY, holder))[0] == 401


def test_key_is_rejected_while_pending_and_after_revocation(tenant):
    account = tenant.account()
    token = tenant.token(account)
    tenant.switch(pending_seconds=None)
    body = {"product": "advanced_wildfire", "service_account": account["client_id"]}
    key = tenant.world.admin("POST", "/strata/keys", body).json()
    assert tenant.verdict(EMPTY, token).status_code == 401
    tenant.world.admin("POST", f"/strata/keys/{key['id']}/settle")
    assert tenant.verdict(EMPTY, token).status_code == 200
    assert tenant.world.admin("DELETE", f"/strata/keys/{key['id']}").json()["status"] == "Pending"
    assert tenant.verdict(EMPTY, token).status_code == 401


@pytest.mark.parametrize(
    ("length", "agent", "status"), [(32, "", 200), (64, "", 401), (64, "x", 401), (64, "pcc", 200)]
)
def test_legacy_keys_and_their_agent(tenant, length, agent, status):
    key = tenant.world.admin("POST", "/strata/legacy-keys", {"length": length}).json()["api_key"]
    assert tenant.verdict(EMPTY, apikey=key, agent=agent).status_code == status
    form = {"apikey": key, "agent": agent, "hash": EMPTY}
    assert tenant.call("wildfire", "POST", "/publicapi/get/verdict", data=form).status_code == status


def test_text_of_a_bound_key_works_with_an_agent(tenant, holder):
    key = tenant.registry("GET", "/console/wildfire/keys").json()["result"]["keys"][0]["apiKey"]
    assert tenant.verdict(EMPTY, apikey=key, agent="prismaaccessapi").status_code == 200


def test_key_in_the_query_string_is_ignored(tenant, legacy):
    answer = tenant.call("wildfire", "POST", f"/publicapi/get/verdict?apikey={legacy}&hash={EMPTY}")
    assert refusal(answer)[0] == 401


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, (420, "Insufficient Arguments", "'Missing required field'")),
        ({"hash": "x-invalid"}, (421, "Invalid Argument", "'invalid hash value'")),
        ({"hash": EMPTY[:40]}, (421, "Invalid Argument", "'invalid hash value'")),
    ],
)
def test_invalid_arguments_are_rejected(tenant, legacy, fields, expected):
    form = {"apikey": legacy, **fields}
    assert refusal(tenant.call("wildfire", "POST", "/publicapi/get/verdict", data=form)) == expected
    form["apikey"] = "x"
    assert refusal(tenant.call("wildfire", "POST", "/publicapi/get/verdict", data=form))[0] == 401
    assert remaining(tenant) == (1050, 150)


def test_many_verdicts_are_one_query(tenant, holder):
    found = entries(verdicts(tenant, holder, f"{MALWARE}\r\n\n{EMPTY}\n<&\x01>\n{'0' * 32}"))
    assert [entry["verdict"] for entry in found] == ["1", "0", "-103", "-102"]
    assert [found[2]["sha256"], found[3]["md5"]] == ["<&>", "0" * 32]
    assert remaining(tenant) == (1049, 150)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\n", (422, "Unprocessable Entities", "'Unprocessable Entities'")),
        (f"{EMPTY}\n" * 501, (413, "Request Entity Too Large", "'Only 500 entries are allowed for each file'")),
    ],
)
def test_invalid_hash_files_are_rejected(tenant, holder, text, expected):
    assert refusal(verdicts(tenant, holder, text)) == expected
    answer = tenant.call("wildfire", "POST", "/publicapi/get/verdicts", holder)
    assert refusal(answer) == (420, "Insufficient Arguments", "'Missing required field file'")
    assert len(entries(verdicts(tenant, holder, f"{MALWARE}\n" * 500))) == 500


def test_daily_quota_is_enforced(tenant, legacy):
    tenant.switch(queries_per_day=2)
    assert [tenant.verdict(EMPTY, apikey=legacy).status_code for _index in range(3)] == [200, 200, 419]
    assert refusal(tenant.verdict(EMPTY, apikey=legacy)) == (419, "Quota Exceeded", "'Quota Exceeded'")
    tenant.world.admin("PUT", "/clock", {"offset_seconds": 86_400})
    assert remaining(tenant) == (2, 150)
    assert tenant.verdict(EMPTY, apikey=legacy).status_code == 200
    assert remaining(tenant) == (1, 150)


def test_urls_that_were_not_submitted_are_unknown(tenant, legacy):
    form = {"apikey": legacy, "url": "https://example.com/?a&b"}
    answer = tenant.call("wildfire", "POST", "/publicapi/get/verdict", data=form)
    assert entries(answer) == [{"url": "https://example.com/?a&b", "verdict": "-102", "valid": "Yes"}]


def test_pan_python_forms_are_accepted(tenant, legacy):
    boundary = "________________ab+c/d=="
    parts = [("apikey", legacy), ("file", f"{MALWARE}\n{EMPTY}")]
    body = "".join(f'--{boundary}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in parts)
    answer = tenant.call(
        "wildfire",
        "POST",
        "/publicapi/get/verdicts",
        headers={"Content-Type": f"multipart/form-data; boundary={boundary}"},
        data=f"{body}--{boundary}--",
    )
    assert [entry["verdict"] for entry in entries(answer)] == ["1", "0"]


def test_unknown_paths_and_methods(tenant):
    answer = tenant.call("wildfire", "GET", "/publicapi/get/verdict")
    assert refusal(answer) == (405, "Method Not Allowed", "'Must use method POST'")
    assert refusal(tenant.call("wildfire", "POST", "/publicapi/get/nothing"))[0] == 404


@pytest.mark.parametrize("status", [401, 403, 418, 419, 500, 513])
def test_faults_use_the_services_error_format(tenant, legacy, status):
    tenant.world.fault("status", service="wildfire", route="/publicapi/get/verdict", status=status, retry_after=2)
    answer = tenant.verdict(EMPTY, apikey=legacy)
    assert refusal(answer)[0] == status
    assert answer.headers["Retry-After"] == "2"


def test_fault_returns_a_document_with_entities(tenant, legacy):
    tenant.world.fault("xml_entities", service="wildfire", times=1)
    answer = tenant.verdict(EMPTY, apikey=legacy)
    assert (answer.status_code, b"<!ENTITY" in answer.content) == (200, True)


def test_faults_of_the_other_services(tenant):
    token = tenant.token()
    tenant.world.fault("without", service="oauth", field="expires_in", times=1)
    assert set(tenant.ask_token().json()) == {"access_token", "scope", "token_type"}
    tenant.world.fault("status", service="oauth", status=503, times=1)
    assert tenant.ask_token().json()["error"] == "server_error"
    for service, path in (("scm", "/iam/v1/service_accounts"), ("registry", "/console/wildfire/keys")):
        tenant.world.fault("status", service=service, status=409, times=1)
        assert tenant.call(service, "GET", path, token).json()["statusCode"] == 409
        order = {"kind": "reset", "service": service, "route": "/nothing"}
        assert "unknown route" in tenant.world.admin("POST", "/faults", order).json()["error"]


def test_state_counts_and_shows_no_secret(tenant, holder, legacy):
    tenant.verdict(EMPTY, holder)
    tenant.world.admin("DELETE", "/calls")
    tenant.verdict(EMPTY, apikey=legacy)
    state = tenant.world.admin("GET", "/state")
    assert state.json()["strata"]["calls"]["wildfire"] == {"POST /publicapi/get/verdict": 1}
    secrets = tenant.world.admin("GET", "/secrets").json()
    assert tenant.credentials["client_secret"] in secrets["client_secrets"]
    assert holder in secrets["access_tokens"]
    assert legacy in secrets["wildfire_keys"]
    assert not [secret for kind in secrets.values() for secret in kind if secret in state.text]


@pytest.mark.parametrize(
    ("path", "body", "text"),
    [
        ("/strata", {"list_shape": "x"}, "one of documented, array, items"),
        ("/strata", {"licensed": ["x"]}, "a list of advanced_wildfire, prisma_access"),
        ("/strata", {"pending_seconds": -1}, "a number from 0 to 86400 or null"),
        ("/strata", {"speed": 1}, "unknown field 'speed'"),
        ("/strata/keys", {"product": "advanced_wildfire"}, "'service_account' is required"),
        ("/strata/legacy-keys", {"length": 33}, "one of 32, 64"),
    ],
)
def test_invalid_settings_are_rejected_with_a_reason(tenant, path, body, text):
    answer = tenant.world.admin("PUT" if path == "/strata" else "POST", path, body)
    assert (answer.status_code, text in answer.json()["error"]) == (400, True)
