# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tokens in each store, verified by the servers' own records."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible.parsing.vault import VaultLib, VaultSecret

from ..harness.crash_harness import Runner
from ..harness.store_readers import STORES, Place

REVOKE = "DELETE /v1/mgmt/tokens/{TokenId}"
ISSUE = "GET /v1/mgmt/tokens/cloudrulestackadmin"


@pytest.fixture(params=STORES)
def place(services: Any, directory: Path, request: pytest.FixtureRequest) -> Iterator[Place]:
    """A new place; faults are cleared afterwards."""
    yield Place(services, request.param, directory)
    services.ask("DELETE", "/faults")
    services.ask("PUT", "/access", revoke_route=True)


def states(place: Place) -> list[str]:
    """The states of the tokens issued for this place, oldest first."""
    return [token["state"] for token in place.services.state["tokens"][place.issued_before :]]


def warnings(result: dict[str, Any]) -> list[str]:
    """The warnings in the formats of ansible-core 2.18 and newer."""
    return [entry if isinstance(entry, str) else entry["event"]["msg"] for entry in result.get("warnings", [])]


def test_token_is_created_kept_rotated_and_revoked(runner: Runner, place: Place) -> None:
    first = runner.run(**place.options)
    assert first["changed"] is True
    assert first["previous_fingerprint"] is None
    assert place.document()["fingerprint"] == first["fingerprint"]
    before = place.services.state
    again = runner.run(**place.options)
    assert again["changed"] is False
    assert again["fingerprint"] == first["fingerprint"]
    after = place.services.state
    assert after["calls"] == before["calls"]
    assert after["aws_calls"].get("sts:AssumeRole") == before["aws_calls"].get("sts:AssumeRole")
    second = runner.run(**place.options, state="rotated")
    assert second["changed"] is True
    assert second["previous_fingerprint"] == first["fingerprint"]
    assert second["pending_revocation"] == []
    assert second["diff"]["before"]["fingerprint"] == first["fingerprint"]
    assert place.document()["fingerprint"] == second["fingerprint"]
    place.check_reader(expected=True)
    gone = runner.run(**place.options, state="absent")
    assert gone["changed"] is True
    assert gone["fingerprint"] is None
    assert place.document() is None
    assert runner.run(**place.options, state="absent")["changed"] is False
    assert states(place) == ["revoked", "revoked"]
    # A removed place is created or restored again.
    restored = runner.run(**place.options)
    assert restored.get("changed") is True, restored
    place.check_reader(expected=True)


def test_document_is_sufficient_for_a_reader(runner: Runner, place: Place) -> None:
    runner.run(**place.options)
    document = place.document()
    point = place.services.endpoints
    assert document["version"] == 1
    assert document["admin_role"] == "rulestack"
    assert document["region"] == point["region"]
    assert document["url"] == point["ngfw_url"]
    assert document["role_arn"] == place.services.role_arn
    assert document["account_id"] == point["account_id"]
    assert document["issued_at"] < document["expires_at"]
    assert place.works(document)


def test_token_with_too_short_lifetime_is_renewed(runner: Runner, place: Place) -> None:
    first = runner.run(**place.options, expiry_time=10, renew_before=5)
    assert runner.run(**place.options, expiry_time=10, renew_before=5)["changed"] is False
    second = runner.run(**place.options, expiry_time=30, renew_before=10)
    assert second["previous_fingerprint"] == first["fingerprint"]
    assert states(place) == ["revoked", "alive"]


def test_maximum_of_the_tenant_is_a_warning(services: Any, runner: Runner, directory: Path) -> None:
    place = Place(services, "file", directory)
    services.ask("PUT", "/access", max_expiry_time=480)
    result = runner.run(**place.options, expiry_time=600)
    services.ask("PUT", "/access", max_expiry_time=1440)
    assert "lives for 480 minutes, and 600 were requested" in warnings(result)[0]


def test_token_of_another_admin_role_is_replaced(runner: Runner, place: Place) -> None:
    first = runner.run(**place.options)
    second = runner.run(**{**place.options, "admin_role": "firewall"})
    assert second["previous_fingerprint"] == first["fingerprint"]
    assert place.document()["admin_role"] == "firewall"


def test_grace_period_keeps_the_old_token_valid_until_its_end(runner: Runner, place: Place) -> None:
    first = runner.run(**place.options)
    second = runner.run(**place.options, state="rotated", grace_period=30)
    assert [entry["fingerprint"] for entry in second["pending_revocation"]] == [first["fingerprint"]]
    third = runner.run(**place.options, state="rotated", grace_period=20)
    assert [entry["fingerprint"] for entry in third["pending_revocation"]] == [
        first["fingerprint"],
        second["fingerprint"],
    ]
    assert states(place) == ["alive"] * 3
    again = runner.run(**place.options)
    assert again["changed"] is False
    assert again["pending_revocation"] == third["pending_revocation"]
    runner.run(**place.options, state="absent")
    assert states(place) == ["revoked"] * 3


def test_failed_revocation_is_retried(runner: Runner, place: Place) -> None:
    first = runner.run(**place.options)
    place.services.ask("POST", "/faults", route=REVOKE, kind="status", status=403)
    second = runner.run(**place.options, state="rotated")
    assert second["changed"] is True
    assert [entry["fingerprint"] for entry in second["pending_revocation"]] == [first["fingerprint"]]
    assert "the next run tries again" in warnings(second)[0]
    place.check_reader(expected=True)
    place.services.ask("DELETE", "/faults")
    third = runner.run(**place.options)
    assert third["changed"] is True
    assert third["pending_revocation"] == []
    assert warnings(third) == []
    assert states(place) == ["revoked", "alive"]


def test_missing_route_is_reported_once_and_the_token_dropped_at_its_expiry(runner: Runner, place: Place) -> None:
    place.services.ask("PUT", "/access", revoke_route=False)
    first = runner.run(**place.options)
    second = runner.run(**place.options, state="rotated")
    assert "no longer lists it" in warnings(second)[0]
    assert second["pending_revocation"] == [{"fingerprint": first["fingerprint"], "revoke_at": first["expires_at"]}]
    third = runner.run(**place.options)
    assert third["changed"] is False
    assert warnings(third) == []
    assert third["pending_revocation"] == second["pending_revocation"]
    failed = runner.run(**place.options, state="absent")
    assert failed["failed"]
    assert failed["error"]["kind"] == "route_not_found"
    assert "token" not in (place.document() or {})


def test_failed_token_request_loses_nothing(runner: Runner, place: Place) -> None:
    first = runner.run(**place.options)
    place.services.ask("POST", "/faults", route=ISSUE, kind="status", status=403)
    failed = runner.run(**place.options, state="rotated")
    assert failed["error"]["kind"] == "authentication"
    assert place.document()["fingerprint"] == first["fingerprint"]
    place.check_reader(expected=True)
    place.services.ask("DELETE", "/faults")
    assert runner.run(**place.options)["changed"] is False
    assert runner.run(**place.options, state="rotated")["changed"] is True


def test_failed_first_token_request_leaves_no_lock(runner: Runner, place: Place) -> None:
    place.services.ask("POST", "/faults", route=ISSUE, kind="status", status=403)
    assert runner.run(**place.options)["failed"]
    place.services.ask("DELETE", "/faults")
    assert runner.run(**place.options)["changed"] is True
    place.check_reader(expected=True)


def test_new_token_that_cannot_be_stored_is_revoked(services: Any, runner: Runner, directory: Path) -> None:
    place = Place(services, "secretsmanager", directory)
    first = runner.run(**place.options)
    run = runner.begin(**place.options, state="rotated")
    while run.next_step() != ISSUE:
        run.go()
    run.go()
    assert run.next_step() == "PutSecretValue"
    denied = {"service": "secretsmanager", "route": "PutSecretValue", "kind": "status", "status": 403}
    services.ask("POST", "/faults", **denied)
    run.go()
    failed = run.finish()
    services.ask("DELETE", "/faults")
    assert failed["error"]["kind"] == "authorization"
    assert "The new token could not be stored. The old one stays. The new token is revoked." in failed["msg"]
    assert place.document()["fingerprint"] == first["fingerprint"]
    assert place.strays() == set()
    place.check_reader(expected=True)


def test_rejected_new_token_is_revoked(runner: Runner, place: Place) -> None:
    first = runner.run(**place.options)
    place.services.ask("POST", "/faults", route="GET /v1/config/rulestacks", kind="status", status=403)
    failed = runner.run(**place.options, state="rotated")
    place.services.ask("DELETE", "/faults")
    assert failed["error"]["kind"] == "token_rejected"
    assert "The new token is revoked." in failed["msg"]
    assert place.document()["fingerprint"] == first["fingerprint"]
    assert place.strays() == set()
    # Its remains in the store are cleaned up.
    assert runner.run(**place.options)["pending_revocation"] == []


def test_unverified_token_is_finished_by_the_next_run(runner: Runner, place: Place) -> None:
    first = runner.run(**place.options)
    place.services.ask("POST", "/faults", route="GET /v1/config/rulestacks", kind="not_json")
    failed = runner.run(**place.options, state="rotated")
    place.services.ask("DELETE", "/faults")
    assert "staged but not proven" in failed["msg"]
    assert place.document()["fingerprint"] == first["fingerprint"]
    second = runner.run(**place.options)
    assert second["changed"] is True
    assert "left staged by an interrupted run" in second["repaired"][0]
    assert place.document()["fingerprint"] == second["fingerprint"] != first["fingerprint"]
    assert states(place) == ["revoked", "alive"]


DAMAGES = {"text": "no JSON at all", "older": '{"token": "a", "subscription_key": "b"}'}


@pytest.mark.parametrize("text", DAMAGES.values(), ids=list(DAMAGES))
def test_invalid_document_is_reported_or_replaced(runner: Runner, place: Place, text: str) -> None:
    place.write(text)
    issued = place.services.state["issued"]
    failed = runner.run(**place.options)
    assert failed["error"]["kind"] == "invalid_document"
    assert "on_invalid_document" in failed["msg"]
    assert place.services.state["issued"] == issued
    mended = runner.run(**place.options, on_invalid_document="replace")
    assert mended["changed"] is True
    assert "An invalid document is replaced" in mended["repaired"][0]
    place.check_reader(expected=True)
    assert runner.run(**place.options)["changed"] is False


def test_invalid_pending_document_is_dropped(runner: Runner, place: Place) -> None:
    first = runner.run(**place.options)
    place.write("no JSON at all", pending=True)
    assert runner.run(**place.options)["error"]["kind"] == "invalid_document"
    mended = runner.run(**place.options, on_invalid_document="replace")
    assert mended["changed"] is True
    assert mended["fingerprint"] == first["fingerprint"]
    assert runner.run(**place.options)["changed"] is False


def test_check_mode_predicts_and_changes_nothing(runner: Runner, place: Place) -> None:
    checking = {"_ansible_check_mode": True}
    before = place.services.state["calls"]
    assert runner.run(**place.options, **checking)["changed"] is True
    assert runner.run(**place.options, **checking, state="absent")["changed"] is False
    assert place.document() is None
    assert place.services.state["calls"] == before
    first = runner.run(**place.options)
    before = place.services.state["calls"]
    assert runner.run(**place.options, **checking)["changed"] is False
    predicted = runner.run(**place.options, **checking, state="rotated", return_token=True)
    assert predicted["changed"] is True
    assert predicted["token"] is None
    assert runner.run(**place.options, **checking, state="absent")["changed"] is True
    assert place.document()["fingerprint"] == first["fingerprint"]
    assert place.services.state["calls"] == before


def test_concurrent_runs_create_one_token(runner: Runner, place: Place) -> None:
    """One run stops before each of its steps in turn while the other runs to its end."""
    number = 0
    while True:
        number += 1
        here = Place(place.services, place.kind, place.path.parent)
        slow = runner.begin(**here.options)
        steps = 0
        while (step := slow.next_step()) is not None:
            steps += not step.startswith("os.")  # files are changed under a lock
            if steps == number:
                break
            slow.go()
        if steps < number:
            break
        quick = runner.run(**here.options)
        slow.go()
        results = [quick, slow.finish()]
        assert all(result.get("error", {}).get("kind", "conflict") == "conflict" for result in results), results
        assert len([result for result in results if not result.get("failed")]) >= 1
        assert len(set(here.services.alive_tokens()) - here.before) == 1, results
        here.check_reader(expected=True)
        assert here.strays() == set()
    assert number > 3


def test_lock_of_a_run_is_respected_and_that_of_a_killed_one_taken_over(runner: Runner, place: Place) -> None:
    first = runner.run(**place.options)
    run = runner.begin(**place.options, state="rotated")
    while run.next_step() != ISSUE:
        run.go()
    kept = runner.run(**place.options)
    assert kept["changed"] is False
    assert kept["fingerprint"] == first["fingerprint"]
    for state in ("rotated", "absent"):
        locked = runner.run(**place.options, state=state)
        assert locked["error"]["kind"] == "conflict"
        assert "is taken over from" in locked["msg"]
    run.kill()
    second = runner.run(**place.options, state="rotated")
    assert "stale reservation" in second["repaired"][0]
    assert states(place) == ["revoked", "alive"]


def test_run_that_lost_its_lock_gives_way(runner: Runner, place: Place) -> None:
    runner.run(**place.options)
    slow = runner.begin(**place.options, state="rotated")
    while slow.next_step() != ISSUE:
        slow.go()
    second = runner.run(**place.options, state="rotated", lock_timeout=0)
    slow.go()
    late = slow.finish()
    assert late["error"]["kind"] == "conflict"
    assert "The new token is revoked." in late["msg"]
    assert place.document()["fingerprint"] == second["fingerprint"]
    assert states(place) == ["revoked", "alive", "revoked"]
    assert place.strays() == set()


def test_settings_of_a_secret_are_created_and_repaired(services: Any, runner: Runner, directory: Path) -> None:
    place = Place(services, "secretsmanager", directory)
    reader = {"AWS": f"arn:aws:iam::{services.endpoints['account_id']}:user/simulator-admin"}
    statement = {"Effect": "Allow", "Principal": reader, "Action": "secretsmanager:GetSecretValue", "Resource": "*"}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    desired = {"store_tags": {"team": "network", "cost": 7}, "kms_key_id": "alias/ngfw", "resource_policy": policy}
    assert runner.run(**place.options, **desired)["repaired"] == []
    assert runner.run(**place.options, **desired)["changed"] is False
    described = place.client.describe_secret(SecretId=place.name)
    assert {tag["Key"]: tag["Value"] for tag in described["Tags"]} == {"team": "network", "cost": "7"}
    assert described["KmsKeyId"] == "alias/ngfw"
    assert json.loads(place.client.get_resource_policy(SecretId=place.name)["ResourcePolicy"]) == policy
    place.client.untag_resource(SecretId=place.name, TagKeys=["team"])
    place.client.delete_resource_policy(SecretId=place.name)
    desired["kms_key_id"] = "alias/other"
    assert runner.run(**place.options, **desired, _ansible_check_mode=True)["changed"] is True
    mended = runner.run(**place.options, **desired)
    assert mended["repaired"] == ["Settings of the store were wrong or missing: kms_key_id, tags, resource_policy."]
    assert runner.run(**place.options, **desired)["changed"] is False


def test_tags_of_a_parameter_are_created_and_repaired(services: Any, runner: Runner, directory: Path) -> None:
    place = Place(services, "ssm", directory)
    desired = {"store_tags": {"team": "network"}, "kms_key_id": "alias/ngfw"}
    runner.run(**place.options, **desired)
    assert runner.run(**place.options, **desired)["changed"] is False
    tagged = {"ResourceType": "Parameter", "ResourceId": place.name}
    place.client.remove_tags_from_resource(**tagged, TagKeys=["team"])
    assert runner.run(**place.options, **desired)["repaired"] == ["Settings of the store were wrong or missing: tags."]
    assert place.client.list_tags_for_resource(**tagged)["TagList"] == [{"Key": "team", "Value": "network"}]
    (described,) = place.client.describe_parameters(ParameterFilters=[{"Key": "Name", "Values": [place.name]}])[
        "Parameters"
    ]
    assert described["Type"] == "SecureString"
    assert described["KeyId"] == "alias/ngfw"


def test_file_is_private_and_can_be_encrypted(services: Any, runner: Runner, directory: Path, tmp_path: Path) -> None:
    place = Place(services, "file", directory)
    runner.run(**place.options)
    assert place.path.stat().st_mode & 0o777 == 0o600
    place.path.chmod(0o644)
    assert runner.run(**place.options)["repaired"] == ["Settings of the store were wrong or missing: mode."]
    assert place.path.stat().st_mode & 0o777 == 0o600
    password = tmp_path / "password"
    password.write_text("correct horse\n")
    locked = {**place.options, "vault_password_file": str(password)}
    assert "encryption" in runner.run(**locked)["repaired"][0]
    assert runner.run(**locked)["changed"] is False
    vault = VaultLib([("default", VaultSecret(b"correct horse"))])
    assert place.works(json.loads(vault.decrypt(place.path.read_bytes())))
    assert "vault_password_file" in runner.run(**place.options)["msg"]
    password.write_text("another")
    assert "does not hold the password" in runner.run(**locked)["msg"]
    password.write_text("correct horse")
    assert runner.run(**locked, state="absent")["changed"] is True
    assert list(directory.iterdir()) == []


def test_without_a_store_the_token_is_returned(services: Any, runner: Runner) -> None:
    result = runner.run(admin_role="rulestack", role_arn=services.role_arn, store="none")
    assert result["changed"] is True
    assert result["token"]
    assert result["subscription_key"]
