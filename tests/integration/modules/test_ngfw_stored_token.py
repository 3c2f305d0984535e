# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tokens in each store, with the servers' own count as witness."""

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
def place(stand_ins: Any, directory: Path, request: pytest.FixtureRequest) -> Iterator[Place]:
    """A new place; afterwards the stand-ins behave again."""
    yield Place(stand_ins, request.param, directory)
    stand_ins.ask("DELETE", "/faults")
    stand_ins.ask("PUT", "/access", revoke_route=True)


def states(place: Place) -> list[str]:
    """The states of the tokens that were issued for this place, oldest first."""
    return [token["state"] for token in place.stand_ins.state["tokens"][place.issued_before :]]


def warnings(result: dict[str, Any]) -> list[str]:
    """As ansible-core 2.18 and as newer ones write them."""
    return [entry if isinstance(entry, str) else entry["event"]["msg"] for entry in result.get("warnings", [])]


def test_a_token_is_made_kept_rotated_and_revoked(runner: Runner, place: Place) -> None:
    first = runner.run(**place.options)
    assert first["changed"] is True
    assert first["previous_fingerprint"] is None
    assert place.document()["fingerprint"] == first["fingerprint"]
    before = place.stand_ins.state
    again = runner.run(**place.options)
    assert again["changed"] is False
    assert again["fingerprint"] == first["fingerprint"]
    after = place.stand_ins.state
    assert after["calls"] == before["calls"]
    assert after["aws_calls"].get("sts:AssumeRole") == before["aws_calls"].get("sts:AssumeRole")
    second = runner.run(**place.options, state="rotated")
    assert second["changed"] is True
    assert second["previous_fingerprint"] == first["fingerprint"]
    assert second["retiring"] == []
    assert second["diff"]["before"]["fingerprint"] == first["fingerprint"]
    assert place.document()["fingerprint"] == second["fingerprint"]
    place.check_reader(expected=True)
    gone = runner.run(**place.options, state="revoked")
    assert gone["changed"] is True
    assert gone["fingerprint"] is None
    assert place.document() is None
    assert runner.run(**place.options, state="revoked")["changed"] is False
    assert states(place) == ["revoked", "revoked"]
    # A place that was taken away is made, or restored, again.
    restored = runner.run(**place.options)
    assert restored.get("changed") is True, restored
    place.check_reader(expected=True)


def test_the_document_is_all_that_a_reader_needs(runner: Runner, place: Place) -> None:
    runner.run(**place.options)
    document = place.document()
    point = place.stand_ins.endpoints
    assert document["version"] == 1
    assert document["admin_role"] == "rulestack"
    assert document["region"] == point["region"]
    assert document["url"] == point["ngfw_url"]
    assert document["role_arn"] == place.stand_ins.role_arn
    assert document["account_id"] == point["account_id"]
    assert document["issued_at"] < document["expires_at"]
    assert place.works(document)


def test_a_token_with_too_little_life_is_renewed(runner: Runner, place: Place) -> None:
    first = runner.run(**place.options, expiry_time=10, renew_before=5)
    assert runner.run(**place.options, expiry_time=10, renew_before=5)["changed"] is False
    second = runner.run(**place.options, expiry_time=30, renew_before=10)
    assert second["previous_fingerprint"] == first["fingerprint"]
    assert states(place) == ["revoked", "alive"]


def test_a_token_of_another_admin_role_is_replaced(runner: Runner, place: Place) -> None:
    first = runner.run(**place.options)
    second = runner.run(**{**place.options, "admin_role": "firewall"})
    assert second["previous_fingerprint"] == first["fingerprint"]
    assert place.document()["admin_role"] == "firewall"


def test_a_grace_period_leaves_the_old_token_alive_until_it_is_over(runner: Runner, place: Place) -> None:
    first = runner.run(**place.options)
    second = runner.run(**place.options, state="rotated", grace_period=30)
    assert [entry["fingerprint"] for entry in second["retiring"]] == [first["fingerprint"]]
    third = runner.run(**place.options, state="rotated", grace_period=20)
    assert [entry["fingerprint"] for entry in third["retiring"]] == [first["fingerprint"], second["fingerprint"]]
    assert states(place) == ["alive"] * 3
    again = runner.run(**place.options)
    assert again["changed"] is False
    assert again["retiring"] == third["retiring"]
    runner.run(**place.options, state="revoked")
    assert states(place) == ["revoked"] * 3


def test_a_revocation_that_failed_is_tried_again(runner: Runner, place: Place) -> None:
    first = runner.run(**place.options)
    place.stand_ins.ask("POST", "/faults", route=REVOKE, kind="status", status=403)
    second = runner.run(**place.options, state="rotated")
    assert second["changed"] is True
    assert [entry["fingerprint"] for entry in second["retiring"]] == [first["fingerprint"]]
    assert "the next run tries again" in warnings(second)[0]
    place.check_reader(expected=True)
    place.stand_ins.ask("DELETE", "/faults")
    third = runner.run(**place.options)
    assert third["changed"] is True
    assert third["retiring"] == []
    assert warnings(third) == []
    assert states(place) == ["revoked", "alive"]


def test_a_missing_route_is_told_once_and_the_token_forgotten_at_its_expiry(runner: Runner, place: Place) -> None:
    place.stand_ins.ask("PUT", "/access", revoke_route=False)
    first = runner.run(**place.options)
    second = runner.run(**place.options, state="rotated")
    assert "no longer lists it" in warnings(second)[0]
    assert second["retiring"] == [{"fingerprint": first["fingerprint"], "retire_at": first["expires_at"]}]
    third = runner.run(**place.options)
    assert third["changed"] is False
    assert warnings(third) == []
    assert third["retiring"] == second["retiring"]
    failed = runner.run(**place.options, state="revoked")
    assert failed["failed"]
    assert failed["error"]["kind"] == "not_found"
    assert "token" not in (place.document() or {})


def test_nothing_is_lost_when_no_token_can_be_had(runner: Runner, place: Place) -> None:
    first = runner.run(**place.options)
    place.stand_ins.ask("POST", "/faults", route=ISSUE, kind="status", status=403)
    failed = runner.run(**place.options, state="rotated")
    assert failed["error"]["kind"] == "authentication"
    assert place.document()["fingerprint"] == first["fingerprint"]
    place.check_reader(expected=True)
    place.stand_ins.ask("DELETE", "/faults")
    assert runner.run(**place.options)["changed"] is False
    assert runner.run(**place.options, state="rotated")["changed"] is True


def test_a_first_token_that_cannot_be_had_leaves_no_lock(runner: Runner, place: Place) -> None:
    place.stand_ins.ask("POST", "/faults", route=ISSUE, kind="status", status=403)
    assert runner.run(**place.options)["failed"]
    place.stand_ins.ask("DELETE", "/faults")
    assert runner.run(**place.options)["changed"] is True
    place.check_reader(expected=True)


def test_a_new_token_that_cannot_be_stored_is_revoked(stand_ins: Any, runner: Runner, directory: Path) -> None:
    place = Place(stand_ins, "secretsmanager", directory)
    first = runner.run(**place.options)
    run = runner.begin(**place.options, state="rotated")
    while run.next_step() != ISSUE:
        run.go()
    run.go()
    assert run.next_step() == "PutSecretValue"
    denied = {"service": "secretsmanager", "route": "PutSecretValue", "kind": "status", "status": 403}
    stand_ins.ask("POST", "/faults", **denied)
    run.go()
    failed = run.finish()
    stand_ins.ask("DELETE", "/faults")
    assert failed["error"]["kind"] == "authorization"
    assert "The new token could not be stored. The old one stays. The new token is revoked." in failed["msg"]
    assert place.document()["fingerprint"] == first["fingerprint"]
    assert place.strays() == set()
    place.check_reader(expected=True)


def test_a_new_token_that_does_not_work_is_revoked(runner: Runner, place: Place) -> None:
    first = runner.run(**place.options)
    place.stand_ins.ask("POST", "/faults", route="GET /v1/config/rulestacks", kind="status", status=403)
    failed = runner.run(**place.options, state="rotated")
    place.stand_ins.ask("DELETE", "/faults")
    assert failed["error"]["kind"] == "useless_token"
    assert "The new token is revoked." in failed["msg"]
    assert place.document()["fingerprint"] == first["fingerprint"]
    assert place.strays() == set()
    # What is left of it in the store is forgotten.
    assert runner.run(**place.options)["retiring"] == []


def test_an_unproven_token_is_finished_by_the_next_run(runner: Runner, place: Place) -> None:
    first = runner.run(**place.options)
    place.stand_ins.ask("POST", "/faults", route="GET /v1/config/rulestacks", kind="not_json")
    failed = runner.run(**place.options, state="rotated")
    place.stand_ins.ask("DELETE", "/faults")
    assert "staged but not proven" in failed["msg"]
    assert place.document()["fingerprint"] == first["fingerprint"]
    second = runner.run(**place.options)
    assert second["changed"] is True
    assert "left staged by an interrupted run" in second["repaired"][0]
    assert place.document()["fingerprint"] == second["fingerprint"] != first["fingerprint"]
    assert states(place) == ["revoked", "alive"]


DAMAGES = {"text": "no JSON at all", "older": '{"token": "a", "subscription_key": "b"}'}


@pytest.mark.parametrize("text", DAMAGES.values(), ids=list(DAMAGES))
def test_a_damaged_document_is_told_or_replaced(runner: Runner, place: Place, text: str) -> None:
    place.write(text)
    issued = place.stand_ins.state["issued"]
    failed = runner.run(**place.options)
    assert failed["error"]["kind"] == "damaged_document"
    assert "on_damaged" in failed["msg"]
    assert place.stand_ins.state["issued"] == issued
    mended = runner.run(**place.options, on_damaged="replace")
    assert mended["changed"] is True
    assert "A damaged document is replaced" in mended["repaired"][0]
    place.check_reader(expected=True)
    assert runner.run(**place.options)["changed"] is False


def test_a_damaged_pending_document_is_dropped(runner: Runner, place: Place) -> None:
    first = runner.run(**place.options)
    place.write("no JSON at all", pending=True)
    assert runner.run(**place.options)["error"]["kind"] == "damaged_document"
    mended = runner.run(**place.options, on_damaged="replace")
    assert mended["changed"] is True
    assert mended["fingerprint"] == first["fingerprint"]
    assert runner.run(**place.options)["changed"] is False


def test_check_mode_predicts_and_changes_nothing(runner: Runner, place: Place) -> None:
    checking = {"_ansible_check_mode": True}
    before = place.stand_ins.state["calls"]
    assert runner.run(**place.options, **checking)["changed"] is True
    assert runner.run(**place.options, **checking, state="revoked")["changed"] is False
    assert place.document() is None
    assert place.stand_ins.state["calls"] == before
    first = runner.run(**place.options)
    before = place.stand_ins.state["calls"]
    assert runner.run(**place.options, **checking)["changed"] is False
    predicted = runner.run(**place.options, **checking, state="rotated", return_token=True)
    assert predicted["changed"] is True
    assert predicted["token"] is None
    assert runner.run(**place.options, **checking, state="revoked")["changed"] is True
    assert place.document()["fingerprint"] == first["fingerprint"]
    assert place.stand_ins.state["calls"] == before


def test_two_runs_at_once_make_one_token(runner: Runner, place: Place) -> None:
    """One run stands at each of its steps in turn while the other runs to its end."""
    number = 0
    while True:
        number += 1
        here = Place(place.stand_ins, place.store, place.path.parent)
        slow = runner.begin(**here.options)
        steps = 0
        while (step := slow.next_step()) is not None:
            steps += not step.startswith("os.")  # changes of files are made under a lock
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
        assert len(set(here.stand_ins.alive_tokens()) - here.before) == 1, results
        here.check_reader(expected=True)
        assert here.strays() == set()
    assert number > 3


def test_the_reservation_of_a_run_is_respected_and_that_of_a_killed_one_taken_over(
    runner: Runner, place: Place
) -> None:
    first = runner.run(**place.options)
    run = runner.begin(**place.options, state="rotated")
    while run.next_step() != ISSUE:
        run.go()
    kept = runner.run(**place.options)
    assert kept["changed"] is False
    assert kept["fingerprint"] == first["fingerprint"]
    for state in ("rotated", "revoked"):
        busy = runner.run(**place.options, state=state)
        assert busy["error"]["kind"] == "conflict"
        assert "is taken over from" in busy["msg"]
    run.kill()
    second = runner.run(**place.options, state="rotated")
    assert "stale reservation" in second["repaired"][0]
    assert states(place) == ["revoked", "alive"]


def test_a_run_that_was_taken_over_gives_way(runner: Runner, place: Place) -> None:
    runner.run(**place.options)
    slow = runner.begin(**place.options, state="rotated")
    while slow.next_step() != ISSUE:
        slow.go()
    second = runner.run(**place.options, state="rotated", take_over_after=0)
    slow.go()
    late = slow.finish()
    assert late["error"]["kind"] == "conflict"
    assert "The new token is revoked." in late["msg"]
    assert place.document()["fingerprint"] == second["fingerprint"]
    assert states(place) == ["revoked", "alive", "revoked"]
    assert place.strays() == set()


def test_settings_of_a_secret_are_made_and_mended(stand_ins: Any, runner: Runner, directory: Path) -> None:
    place = Place(stand_ins, "secretsmanager", directory)
    reader = {"AWS": f"arn:aws:iam::{stand_ins.endpoints['account_id']}:user/simulator-admin"}
    statement = {"Effect": "Allow", "Principal": reader, "Action": "secretsmanager:GetSecretValue", "Resource": "*"}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    wanted = {"store_tags": {"team": "network", "cost": 7}, "kms_key_id": "alias/ngfw", "resource_policy": policy}
    assert runner.run(**place.options, **wanted)["repaired"] == []
    assert runner.run(**place.options, **wanted)["changed"] is False
    described = place.client.describe_secret(SecretId=place.name)
    assert {tag["Key"]: tag["Value"] for tag in described["Tags"]} == {"team": "network", "cost": "7"}
    assert described["KmsKeyId"] == "alias/ngfw"
    assert json.loads(place.client.get_resource_policy(SecretId=place.name)["ResourcePolicy"]) == policy
    place.client.untag_resource(SecretId=place.name, TagKeys=["team"])
    place.client.delete_resource_policy(SecretId=place.name)
    wanted["kms_key_id"] = "alias/other"
    assert runner.run(**place.options, **wanted, _ansible_check_mode=True)["changed"] is True
    mended = runner.run(**place.options, **wanted)
    assert mended["repaired"] == ["Settings of the store were wrong or missing: kms_key_id, tags, resource_policy."]
    assert runner.run(**place.options, **wanted)["changed"] is False


def test_tags_of_a_parameter_are_made_and_mended(stand_ins: Any, runner: Runner, directory: Path) -> None:
    place = Place(stand_ins, "ssm", directory)
    wanted = {"store_tags": {"team": "network"}, "kms_key_id": "alias/ngfw"}
    runner.run(**place.options, **wanted)
    assert runner.run(**place.options, **wanted)["changed"] is False
    tagged = {"ResourceType": "Parameter", "ResourceId": place.name}
    place.client.remove_tags_from_resource(**tagged, TagKeys=["team"])
    assert runner.run(**place.options, **wanted)["repaired"] == ["Settings of the store were wrong or missing: tags."]
    assert place.client.list_tags_for_resource(**tagged)["TagList"] == [{"Key": "team", "Value": "network"}]
    (described,) = place.client.describe_parameters(ParameterFilters=[{"Key": "Name", "Values": [place.name]}])[
        "Parameters"
    ]
    assert described["Type"] == "SecureString"
    assert described["KeyId"] == "alias/ngfw"


def test_a_file_is_private_and_can_be_encrypted(
    stand_ins: Any, runner: Runner, directory: Path, tmp_path: Path
) -> None:
    place = Place(stand_ins, "file", directory)
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
    assert runner.run(**locked, state="revoked")["changed"] is True
    assert list(directory.iterdir()) == []


def test_without_a_store_the_token_is_returned(stand_ins: Any, runner: Runner) -> None:
    result = runner.run(admin_role="rulestack", role_arn=stand_ins.role_arn, store="none")
    assert result["changed"] is True
    assert result["token"]
    assert result["subscription_key"]
