# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How to reach HashiCorp Vault: options, then variables of the environment."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.panw.cloud.plugins.module_utils._stores.hashi_vault_connection import (
    VaultConnection,
    check_path,
    connection_from,
)
from ansible_collections.panw.cloud.plugins.module_utils._stores.options import HASHI_VAULT_OPTIONS

URL = "https://vault.example.com:8200"
TOKEN = "hvs.a-made-up-token"


def connection(environment: dict[str, str] | None = None, **given: Any) -> VaultConnection:
    params = {name: given.get(name.removeprefix("hashi_vault_")) for name in HASHI_VAULT_OPTIONS}
    return connection_from(params, environment or {})


def test_options_and_defaults(tmp_path: Path) -> None:
    found = connection(url=f"{URL}/", token=TOKEN)
    assert found == VaultConnection(URL, "secret", token=TOKEN)
    ca_cert = tmp_path / "ca.pem"
    ca_cert.touch()
    more = {"mount_point": "team/kv", "namespace": "network/", "ca_cert": str(ca_cert)}
    found = connection(url=URL, role_id="one", secret_id="two", **more)
    assert found == VaultConnection(URL, **more, role_id="one", secret_id="two")


def test_secrets_are_not_shown() -> None:
    assert TOKEN not in repr(connection(url=URL, token=TOKEN))
    assert "hush" not in repr(connection(url=URL, role_id="one", secret_id="hush"))


@pytest.mark.parametrize("prefix", ["VAULT_", "ANSIBLE_HASHI_VAULT_"])
def test_environment_is_for_options_that_are_not_set(prefix: str, tmp_path: Path) -> None:
    ca_cert = tmp_path / "ca.pem"
    ca_cert.touch()
    ca_name = "VAULT_CACERT" if prefix == "VAULT_" else f"{prefix}CA_CERT"
    environment = {f"{prefix}ADDR": URL, f"{prefix}NAMESPACE": "network", ca_name: str(ca_cert)}
    token = {**environment, f"{prefix}TOKEN": TOKEN}
    role = {**environment, f"{prefix}ROLE_ID": "one", f"{prefix}SECRET_ID": "two"}
    same: dict[str, Any] = {"namespace": "network", "ca_cert": str(ca_cert)}
    assert connection(token) == VaultConnection(URL, **same, token=TOKEN)
    assert connection(role) == VaultConnection(URL, **same, role_id="one", secret_id="two")
    assert connection(token, url="https://other.example.com", token="hvs.other").url == "https://other.example.com"
    assert connection({**token, **role}).token == TOKEN
    assert connection(token, role_id="three", secret_id="four") == VaultConnection(
        URL, **same, role_id="three", secret_id="four"
    )


def test_variables_of_ansible_precede_those_of_vault_and_empty_ones_are_not_set() -> None:
    environment = {"VAULT_ADDR": URL, "ANSIBLE_HASHI_VAULT_TOKEN": TOKEN, "VAULT_TOKEN": "hvs.other"}
    assert connection(environment).token == TOKEN
    assert connection({**environment, "ANSIBLE_HASHI_VAULT_TOKEN": ""}).token == "hvs.other"


@pytest.mark.parametrize(
    ("given", "option", "problem"),
    [
        ({"token": TOKEN}, "hashi_vault_url", "VAULT_ADDR"),
        ({"url": "vault.example.com", "token": TOKEN}, "hashi_vault_url", "is not a URL"),
        ({"url": "http://vault.example.com", "token": TOKEN}, "hashi_vault_url", "without TLS"),
        ({"url": URL}, "hashi_vault_token", "VAULT_TOKEN"),
        ({"url": URL, "token": "two words"}, "hashi_vault_token", "white space"),
        ({"url": URL, "token": TOKEN, "role_id": "one"}, "hashi_vault_token", "excludes 'hashi_vault_role_id'"),
        ({"url": URL, "role_id": "one"}, "hashi_vault_secret_id", "is missing"),
        ({"url": URL, "token": TOKEN, "mount_point": "/secret"}, "hashi_vault_mount_point", "a path in Vault"),
        ({"url": URL, "token": TOKEN, "namespace": "a b"}, "hashi_vault_namespace", "header"),
        ({"url": URL, "token": TOKEN, "ca_cert": "/no/such/file"}, "hashi_vault_ca_cert", "does not exist"),
    ],
)
def test_invalid_options_are_named(given: dict[str, str], option: str, problem: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        connection(**given)
    assert caught.value.option == option
    assert problem in str(caught.value)
    assert TOKEN not in str(caught.value)
    assert "two words" not in str(caught.value)


@pytest.mark.parametrize("path", ["cloud-ngfw/firewall", "a", "a.b_c/d@e+f=g", "panw/x.pending"])
def test_path_is_accepted(path: str) -> None:
    assert check_path("name", path) == path


@pytest.mark.parametrize("path", ["", None, "/a", "a/", "a//b", "a/../b", ".", "a b", "a?b", "a#b", "a%2e", "ä", "a\n"])
def test_path_that_a_client_would_change_is_refused(path: str | None) -> None:
    with pytest.raises(InvalidInput, match="name"):
        check_path("name", path)
