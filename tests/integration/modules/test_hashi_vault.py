# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tokens in HashiCorp Vault: policies, AppRoles, old versions, other engines, and no secret in any output."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ..harness.crash_harness import Runner, wait_until
from ..harness.store_readers import Place
from ..harness.vaults import VAULTS, VaultAccess
from .test_secrecy import leaks, places

POLICY = ("create", "read", "update")


@pytest.fixture(params=VAULTS)
def place(services: Any, directory: Path, request: pytest.FixtureRequest) -> Place:
    return Place(services, request.param, directory)


def access(place: Place) -> VaultAccess:
    return place.services.vault(place.kind)


def identified(place: Place, **identity: str) -> dict[str, Any]:
    """The options with another identity."""
    return {**{name: value for name, value in place.options.items() if name != "hashi_vault_token"}, **identity}


def test_policy_of_the_documentation_is_enough(runner: Runner, place: Place) -> None:
    paths = (f"secret/data/{place.name}", f"secret/metadata/{place.name}")
    options = identified(place, hashi_vault_token=access(place).limited(*POLICY, paths=paths))
    for state in ("present", "rotated", "present", "absent", "present"):
        result = runner.run(**options, state=state)
        assert not result.get("failed"), result
    place.check_reader(expected=True)


@pytest.mark.parametrize("lacking", POLICY)
def test_policy_without_one_permission_is_named_and_loses_nothing(runner: Runner, place: Place, lacking: str) -> None:
    allowed = tuple(name for name in POLICY if name != lacking)
    options = identified(place, hashi_vault_token=access(place).limited(*allowed))
    if lacking == "update":  # without it, the first write succeeds
        runner.run(**place.options)
    failed = runner.run(**options, state="rotated")
    assert failed["failed"]
    assert failed["error"]["kind"] == "authorization", failed
    assert "Allow create, read and update on secret/data/ and secret/metadata/" in failed["msg"]
    assert place.strays() == set()


def test_expired_and_invalid_tokens_are_named(runner: Runner, place: Place) -> None:
    token = access(place).limited(*POLICY, ttl="1s", renewable=False)
    options = identified(place, hashi_vault_token=token)
    results = []

    def is_refused() -> bool:
        results.append(runner.run(**options))
        return bool(results[-1].get("failed"))

    wait_until(is_refused)
    results.append(runner.run(**identified(place, hashi_vault_token="hvs.a-made-up-token")))
    for result in results[-2:]:
        assert result["error"]["kind"] in ("authentication", "authorization"), result
        assert "token" in result["error"]["next_step"]
        assert token not in str(result)


def test_app_role_logs_in(runner: Runner, place: Place) -> None:
    role = access(place).app_role(*POLICY)
    assert runner.run(**identified(place, **role))["changed"] is True
    assert runner.run(**identified(place, **role))["changed"] is False
    place.check_reader(expected=True)
    failed = runner.run(**identified(place, **{**role, "hashi_vault_secret_id": "a-made-up-secret-id"}))
    assert failed["error"]["kind"] == "authentication"
    assert "hashi_vault_secret_id" in failed["msg"]
    assert "a-made-up-secret-id" not in str(failed)


def versions(place: Place) -> list[int]:
    """The versions that a reader can get."""
    newest = access(place).ask("GET", f"secret/data/{place.name}")["data"]["metadata"]["version"]
    return [number for number in range(1, newest + 1) if access(place).read(place.name, number) is not None]


def test_reader_of_old_versions_finds_nothing(runner: Runner, place: Place) -> None:
    for state in ("present", "rotated", "rotated"):
        runner.run(**place.options, state=state, grace_period=5)
        assert len(versions(place)) == 1
    metadata = f"secret/metadata/{place.name}"
    assert access(place).ask("GET", metadata)["data"]["max_versions"] == 1
    runner.run(**place.options, state="absent")
    assert [access(place).read(place.name, number) for number in versions(place)] == [{}]


def test_kept_old_versions_are_repaired(runner: Runner, place: Place) -> None:
    runner.run(**place.options)
    access(place).ask("POST", f"secret/metadata/{place.name}", {"max_versions": 5})
    access(place).write(place.name, access(place).read(place.name))
    assert len(versions(place)) == 2
    assert runner.run(**place.options, _ansible_check_mode=True)["changed"] is True
    repaired = runner.run(**place.options)
    assert repaired["repaired"] == ["Settings of the store were wrong or missing: max_versions."]
    assert len(versions(place)) == 1
    assert runner.run(**place.options)["changed"] is False


def test_deleted_secret_is_replaced(runner: Runner, place: Place) -> None:
    runner.run(**place.options)
    access(place).ask("DELETE", f"secret/data/{place.name}")
    assert runner.run(**place.options)["changed"] is True
    place.check_reader(expected=True)


def test_secret_of_another_program_is_left_alone(runner: Runner, place: Place) -> None:
    access(place).write(place.name, {"password": "another program's"})
    failed = runner.run(**place.options)
    assert failed["error"]["kind"] == "invalid_document"
    assert "another program's" not in str(failed)
    assert access(place).read(place.name) == {"password": "another program's"}


def test_check_and_set_may_be_required(runner: Runner, place: Place) -> None:
    access(place).ask("POST", f"secret/metadata/{place.name}", {"cas_required": True})
    for state in ("present", "rotated"):
        assert runner.run(**place.options, state=state)["changed"] is True


def test_engine_may_have_another_mount_point(runner: Runner, place: Place) -> None:
    assert runner.run(**place.options, hashi_vault_mount_point="team/kv2")["changed"] is True
    found = access(place).ask("GET", f"team/kv2/data/{place.name}")["data"]["data"]
    assert place.works(found)


@pytest.mark.parametrize(
    ("mount_point", "kind", "said"),
    [
        ("team/kv1", "invalid_request", "to a KV engine of version 2"),
        ("none", "not_found", "Check 'hashi_vault_mount_point'"),
    ],
)
def test_other_engine_is_refused_before_a_write(
    runner: Runner, place: Place, mount_point: str, kind: str, said: str
) -> None:
    issued = place.services.state["issued"]
    failed = runner.run(**place.options, hashi_vault_mount_point=mount_point)
    assert failed["error"]["kind"] == kind, failed
    assert said in failed["msg"]
    assert place.services.state["issued"] == issued
    if mount_point == "team/kv1":
        assert access(place).ask("GET", f"{mount_point}/data/{place.name}") is None
        assert access(place).ask("GET", f"{mount_point}/metadata/{place.name}") is None


def tasks_of(place: Place) -> list[dict[str, Any]]:
    """All that uses a store, with the token of Vault as an option, also where it fails."""
    own = {name: place.options[name] for name in ("store", "name", "hashi_vault_url", "hashi_vault_ca_cert")}
    given = {**own, "hashi_vault_token": place.options["hashi_vault_token"]}
    role = {"admin_role": "rulestack", "role_arn": place.options["role_arn"]}
    kept = {"type": given["store"], **{name: value for name, value in given.items() if name != "store"}}
    other = {name: value for name, value in given.items() if name != "name"}
    target = {**role, "name": "one", "location": f"{place.name}/fleet", **other}
    pairs = ", ".join(f"{name}='{value}'" for name, value in kept.items())
    fleet = {"panw.cloud.ngfw_token_rotation": {"targets": [target], "report": f"{place.path}-report"}}
    return [
        {"name": "keep", "panw.cloud.ngfw_stored_token": {**given, **role}, "register": "first"},
        {"name": "loop", "panw.cloud.ngfw_stored_token": {**role, "name": place.name, "store": "hashi_vault",
         "hashi_vault_url": "{{ item.url }}", "hashi_vault_ca_cert": "{{ item.ca }}", "hashi_vault_token": "{{ item.token }}"},
         "loop": [{"url": own["hashi_vault_url"], "ca": own["hashi_vault_ca_cert"], "token": given["hashi_vault_token"]}]},
        {"name": "inspect", "panw.cloud.ngfw_stored_token_info": {**given, "verify": True}},
        {"name": "use", "panw.cloud.ngfw_rulestack_info": {"token_store": kept}},
        {"name": "look up", "ansible.builtin.assert": {"that": f"lookup('panw.cloud.ngfw_stored_token', {pairs}).token | length > 0"}, "no_log": True},
        {"name": "rotate", **fleet, "register": "fleet"},
        {"name": "be refused", "panw.cloud.ngfw_stored_token": {**given, **role, "hashi_vault_mount_point": "none"},
         "ignore_errors": True},
        {"name": "be unreachable", "panw.cloud.ngfw_stored_token": {**given, **role, "hashi_vault_url": "https://127.0.0.1:1"},
         "ignore_errors": True},
        {"name": "remove", "panw.cloud.ngfw_stored_token": {**given, **role, "state": "absent"}},
    ]  # fmt: skip


def test_playbook_uses_the_store_and_shows_no_secret(services: Any, controller: Any, place: Place) -> None:
    """Neither the tokens and their keys nor that of Vault, at verbosity 4 without C(no_log)."""
    run = controller.play(*tasks_of(place), arguments=("-vvvv", "--diff"), **places(controller.home))
    assert run.returncode == 0, run.output
    assert run.output.count("...ignoring") == 2
    secrets = [*services.secrets(), access(place).token]
    written = (controller.home / "playbook.yml", *place.path.parent.iterdir())
    assert any("-report" in path.name for path in written)
    (controller.home / "playbook.yml").unlink()
    assert leaks(controller.home, run.output, secrets) == []
    assert leaks(place.path.parent, "", secrets) == []


def test_environment_reaches_vault_and_does_not_affect_other_stores(
    services: Any, controller: Any, place: Place
) -> None:
    role = {"admin_role": "rulestack", "role_arn": services.role_arn}
    login = access(place).app_role(*POLICY)
    task = {"panw.cloud.ngfw_stored_token": {**role, "store": "hashi_vault", "name": place.name}}
    other = {"panw.cloud.ngfw_stored_token": {**role, "store": "file", "path": str(place.path)}}
    fleet = {"targets": [{**role, "name": place.name}], "store": "hashi_vault"}
    run = controller.play(
        {"name": "keep", **task},
        {"name": "other", **other},
        {"name": "fleet", "panw.cloud.ngfw_token_rotation": fleet, "register": "rotation"},
        VAULT_ADDR=access(place).url,
        VAULT_CACERT=access(place).ca_cert,
        VAULT_ROLE_ID=login["hashi_vault_role_id"],
        VAULT_SECRET_ID=login["hashi_vault_secret_id"],
    )
    assert run.returncode == 0, run.output
    assert run.results["fleet"]["counts"]["fresh"] == 1
    place.check_reader(expected=True)
