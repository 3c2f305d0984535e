# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Verdicts and key information on the simulated services."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from ..harness.wildfire_helpers import PRODUCT, VERDICT, VERDICTS, Keyring
from .test_ngfw_token import asserting

WORDS = {"": "benign", "malware": "malware", "grayware": "grayware", "phishing": "phishing", "c2": "c2"}
WORDS |= {"pending": "pending", "error": "error", "never seen": "unknown"}
EMPTY_MD5 = hashlib.md5(b"", usedforsecurity=False).hexdigest()


def sha256(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()


@pytest.fixture
def keyring(services: Any, controller: Any) -> Keyring:
    """A tenant with a service account that is bound to a valid key."""
    made = Keyring(services)
    made.operator_creates()
    return made


def verdicts(name: str = "files", **options: Any) -> dict[str, Any]:
    return {"name": name, "panw.cloud.wildfire_verdict_info": options, "register": name}


def info(name: str = "known", **options: Any) -> dict[str, Any]:
    return {"name": name, "panw.cloud.wildfire_key_info": options, "register": name}


def calling(keyring: Keyring) -> dict[str, str]:
    return {name: keyring.account[name] for name in ("client_id", "client_secret")}


def test_verdicts_by_a_bound_account(controller: Any, keyring: Keyring) -> None:
    (before,) = keyring.entries("Valid")
    run = controller.play(verdicts(hashes=[sha256(word).upper() for word in WORDS], **calling(keyring)))
    assert run.returncode == 0, run.output
    found = run.results["files"]["verdicts"]
    assert [(one["hash"], one["verdict"]) for one in found] == [
        (sha256(word), verdict) for word, verdict in WORDS.items()
    ]
    assert run.results["files"]["changed"] is False
    (after,) = keyring.entries("Valid")
    assert before["remaining_queries"] - after["remaining_queries"] == 1


def test_shared_md5_and_more_hashes_than_one_request_allows(controller: Any, keyring: Keyring) -> None:
    several, one = keyring.count("wildfire", VERDICTS), keyring.count("wildfire", VERDICT)
    many = [sha256(str(number)) for number in range(1000)]
    run = controller.play(verdicts(hashes=[*many, EMPTY_MD5], **calling(keyring)), arguments=("--check",))
    assert run.returncode == 0, run.output
    found = run.results["files"]["verdicts"]
    assert [entry["hash"] for entry in found] == [*many, EMPTY_MD5]
    assert len(found[-1]["files"]) > 1
    assert {file["md5"] for file in found[-1]["files"]} == {EMPTY_MD5}
    assert (keyring.count("wildfire", VERDICTS) - several, keyring.count("wildfire", VERDICT) - one) == (2, 1)


@pytest.mark.parametrize(("length", "agent"), [(32, None), (64, "pcc")])
def test_verdicts_by_a_legacy_key(
    services: Any, controller: Any, keyring: Keyring, length: int, agent: str | None
) -> None:
    key = services.ask("POST", "/strata/legacy-keys", length=length)["api_key"]
    options = {"api_key": key, **({"agent": agent} if agent else {})}
    run = controller.play(verdicts(hashes=[sha256("malware")], **options), SCM_TSG_ID="")
    assert run.returncode == 0, run.output
    assert run.results["files"]["verdicts"][0]["verdict"] == "malware"


def test_long_key_without_its_agent_is_explained(services: Any, controller: Any, keyring: Keyring) -> None:
    key = services.ask("POST", "/strata/legacy-keys", length=64)["api_key"]
    failure = controller.play(verdicts(hashes=[EMPTY_MD5], api_key=key)).failure
    assert (failure["error"]["kind"], failure["error"]["status"]) == ("authentication", 401)
    assert "'agent'" in failure["error"]["next_step"]


def test_account_without_a_key_gets_instructions(controller: Any, keyring: Keyring) -> None:
    other = keyring.new_account("other")
    options = {name: other[name] for name in ("client_id", "client_secret")}
    failure = controller.play(verdicts(hashes=[EMPTY_MD5], **options)).failure
    assert (failure["error"]["kind"], failure["error"]["status"]) == ("authentication", 401)
    assert "panw.cloud.wildfire_key" in failure["error"]["next_step"]


FAULTS = [
    ({"kind": "xml_entities"}, "invalid_response", "document type declaration"),
    ({"kind": "status", "status": 419}, "quota_exceeded", "00:00 UTC"),
    ({"kind": "status", "status": 413}, "invalid_request", "413"),
    ({"kind": "empty"}, "invalid_response", "not XML"),
]


@pytest.mark.parametrize(("fault", "kind", "words"), FAULTS, ids=[case[1] + case[2][:3] for case in FAULTS])
def test_invalid_verdict_responses_are_rejected(
    services: Any, controller: Any, keyring: Keyring, fault: dict[str, Any], kind: str, words: str
) -> None:
    services.ask("POST", "/faults", service="wildfire", route=VERDICT, **fault)
    failure = controller.play(verdicts(hashes=[EMPTY_MD5], **calling(keyring))).failure
    assert failure["error"]["kind"] == kind
    assert words in failure["msg"]
    assert services.ask("GET", "/faults")["faults"][0]["hits"] == 1


def test_documented_apis_provide_account_information(services: Any, controller: Any, keyring: Keyring) -> None:
    services.ask("POST", "/strata/legacy-keys", product="prisma_access")
    (legacy,) = services.tenant["legacy_keys"]
    run = controller.play(info(), **services.administrator)
    assert run.returncode == 0, run.output
    known = run.results["known"]
    assert [(one["app_id"], one["fingerprint"]) for one in known["instances"]] == [
        ("prisma_access", legacy["fingerprint"])
    ]
    assert {one["app_id"] for one in known["licenses"]} == {"advanced_wildfire", "prisma_access"}
    assert [known[name] for name in ("wildfire_keys", "service_account", "verified", "refusal")] == [None] * 4


def test_registry_provides_key_information(services: Any, controller: Any, keyring: Keyring) -> None:
    other = keyring.new_account("other")
    keyring.operator_revokes(keyring.operator_creates(other, "prisma_access"))
    run = controller.play(
        info(registry=keyring.contract),
        info("filtered", registry=keyring.contract, product="prisma_access"),
        info("mine", registry=keyring.contract, service_account="scanner"),
        info("nobody", registry=keyring.contract, service_account="nobody"),
        asserting(
            "known.wildfire_keys | map(attribute='status') | list == ['valid', 'revoked']",
            "filtered.wildfire_keys | map(attribute='status') | list == ['revoked']",
            f"mine.wildfire_keys | map(attribute='product') | list == ['{PRODUCT}']",
            f"mine.service_account.client_id == '{keyring.account['client_id']}'",
            "nobody.wildfire_keys == [] and nobody.service_account is none",
        ),
        **services.administrator,
    )
    assert run.returncode == 0, run.output
    shown = {key["fingerprint"] for key in run.results["known"]["wildfire_keys"]}
    assert shown == {key["fingerprint"] for key in keyring.entries()}


def test_verification_costs_one_query_and_runs_on_request(services: Any, controller: Any, keyring: Keyring) -> None:
    (before,) = keyring.entries("Valid")
    run = controller.play(
        info(),
        info("proven", verify=True, **keyring.bound),
        asserting(
            "known.verified is none", "proven.verified and not proven.quota_exhausted and proven.refusal is none"
        ),
        **services.administrator,
    )
    assert run.returncode == 0, run.output
    (after,) = keyring.entries("Valid")
    assert before["remaining_queries"] - after["remaining_queries"] == 1
    keyring.operator_revokes(after)
    refused = controller.play(info(verify=True, **keyring.bound), **services.administrator)
    assert refused.results["known"]["verified"] is False, refused.output
    assert "Invalid API key" in refused.results["known"]["refusal"]
