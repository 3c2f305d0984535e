# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests to HashiCorp Vault over TLS, and errors that say what to do and show no secret."""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import (
    AuthenticationError,
    AuthorizationError,
    InvalidInput,
    InvalidRequest,
    InvalidResponse,
    NotFound,
    PanwCloudError,
    ServerError,
    Throttled,
    TransportError,
)
from ansible_collections.panw.cloud.plugins.module_utils._stores import hashi_vault_client
from ansible_collections.panw.cloud.plugins.module_utils._stores.hashi_vault_client import VaultClient, VaultSecret
from ansible_collections.panw.cloud.plugins.module_utils._stores.hashi_vault_connection import VaultConnection
from ansible_collections.panw.cloud.tests.helpers.fakes import KEY, TOKEN
from ansible_collections.panw.cloud.tests.helpers.servers import (
    Behavior,
    Loopback,
    answering,
    hanging_up,
    in_turn,
    resetting,
)
from ansible_collections.panw.cloud.tests.helpers.vault_server import VaultServer

PATH = "cloud-ngfw/firewall"
VAULT_TOKEN = "hvs.a-made-up-token-of-vault"
DATA = {"token": TOKEN, "subscription_key": KEY}


@pytest.fixture
def server(tls: ssl.SSLContext) -> Iterator[VaultServer]:
    with VaultServer(tls, "localhost") as running:
        yield running


@pytest.fixture
def client(server: VaultServer, bundle: str) -> VaultClient:
    return VaultClient(VaultConnection(server.url, ca_cert=bundle, token=server.vault.root), first_pause=0)


def of(url: str, bundle: str | None = None, **more: Any) -> VaultClient:
    identity = {} if "role_id" in more else {"token": VAULT_TOKEN}
    return VaultClient(VaultConnection(url, ca_cert=bundle, **{**identity, **more}), first_pause=0)


def failure(client: VaultClient, act: Callable[[VaultClient], object]) -> PanwCloudError:
    with pytest.raises(PanwCloudError) as caught:
        act(client)
    text = f"{caught.value} {caught.value.as_result()} {caught.value.__cause__} {caught.value.__context__}"
    for secret in (VAULT_TOKEN, TOKEN, KEY, "a-made-up-secret-id"):
        assert secret not in text
    return caught.value


def refused(status: str, body: Any, *headers: str) -> Behavior:
    return answering(json.dumps(body).encode(), status, ("Content-Type: application/json", *headers))


def test_secret_is_written_read_and_limited(client: VaultClient) -> None:
    assert client.read(PATH) == VaultSecret(0, {})
    client.require_version_2()
    client.write(PATH, {**DATA, "pending": {"a": [1, None]}}, 0)
    assert client.read(PATH) == VaultSecret(1, {**DATA, "pending": {"a": [1, None]}})
    assert client.keeps_old_versions(PATH)
    client.limit_versions(PATH)
    client.write(PATH, DATA, 1)
    assert client.read(PATH) == VaultSecret(2, DATA)
    assert not client.keeps_old_versions(PATH)
    error = failure(client, lambda one: one.write(PATH, DATA, 1))
    assert isinstance(error, InvalidRequest)
    assert "check-and-set parameter did not match" in str(error)
    assert client.read(PATH).version == 2


def test_deleted_version_keeps_its_number(client: VaultClient, server: VaultServer) -> None:
    client.write(PATH, DATA, 0)
    server.vault.answer("DELETE", f"/v1/secret/data/{PATH}", server.vault.root, None)
    assert client.read(PATH) == VaultSecret(1, {})
    client.write(PATH, DATA, 1)


def test_required_check_and_set_is_sent(client: VaultClient, server: VaultServer) -> None:
    server.vault.answer("POST", f"/v1/secret/metadata/{PATH}", server.vault.root, {"cas_required": True})
    client.write(PATH, DATA, 0)
    assert client.read(PATH).version == 1


def test_engine_of_version_1_is_refused(server: VaultServer, bundle: str) -> None:
    server.vault.answer("POST", "/v1/sys/mounts/old", server.vault.root, {"options": {"version": "1"}})
    server.vault.answer("POST", f"/v1/old/data/{PATH}", server.vault.root, {"data": "by hand"})
    old = VaultClient(VaultConnection(server.url, "old", ca_cert=bundle, token=server.vault.root), first_pause=0)
    for act in (lambda one: one.read(PATH), lambda one: one.require_version_2()):
        error = failure(old, act)
        assert isinstance(error, InvalidRequest)
        assert "'hashi_vault_mount_point' to a KV engine of version 2" in str(error)
    assert "of the type kv of version 1" in str(error)


def test_missing_engine_is_named(server: VaultServer, bundle: str) -> None:
    other = VaultClient(VaultConnection(server.url, "none", ca_cert=bundle, token=server.vault.root), first_pause=0)
    error = failure(other, lambda one: one.read(PATH))
    assert isinstance(error, NotFound)
    assert "no handler for route" in str(error)
    assert "Check 'hashi_vault_mount_point', 'hashi_vault_namespace'" in str(error)


def test_unknown_token_is_an_authentication_error(server: VaultServer, bundle: str) -> None:
    error = failure(of(server.url, bundle), lambda one: one.read(PATH))
    assert isinstance(error, AuthenticationError)
    assert "Get a new Vault token" in str(error)


def test_denied_request_names_what_to_allow(server: VaultServer, bundle: str) -> None:
    made = server.vault.answer("POST", "/v1/auth/token/create", server.vault.root, {"policies": ["none"]})
    limited = of(server.url, bundle, token=made[1]["auth"]["client_token"])
    error = failure(limited, lambda one: one.write(PATH, DATA, 0))
    assert isinstance(error, AuthorizationError)
    assert f"Could not write secret secret/{PATH} at {server.url}: the server returned HTTP 403" in str(error)
    assert "Allow create, read and update on secret/data/ and secret/metadata/" in str(error)


def app_role(server: VaultServer) -> dict[str, str]:
    ask, root = server.vault.answer, server.vault.root
    policy = {"path": {"secret/*": {"capabilities": ["create", "read", "update"]}}}
    ask("POST", "/v1/sys/policies/acl/kv", root, {"policy": json.dumps(policy)})
    ask("POST", "/v1/auth/approle/role/ngfw", root, {"token_policies": ["kv"], "token_ttl": "100s"})
    role_id = ask("GET", "/v1/auth/approle/role/ngfw/role-id", root, None)[1]["data"]["role_id"]
    secret_id = ask("POST", "/v1/auth/approle/role/ngfw/secret-id", root, None)[1]["data"]["secret_id"]
    return {"role_id": role_id, "secret_id": secret_id}


def test_app_role_logs_in_once_and_again_before_its_token_expires(server: VaultServer, bundle: str) -> None:
    now = [1000.0]
    connection = VaultConnection(server.url, ca_cert=bundle, **app_role(server))
    client = VaultClient(connection, lambda: now[0], first_pause=0)

    def logins() -> int:
        return server.vault.calls.count("POST auth/approle/login")

    assert logins() == 0
    client.write(PATH, DATA, 0)
    now[0] += 79
    client.read(PATH)
    assert logins() == 1
    now[0] += 1
    client.read(PATH)
    assert logins() == 2


def test_rejected_app_role_names_both_options(server: VaultServer, bundle: str) -> None:
    wrong = of(server.url, bundle, role_id="one", secret_id="a-made-up-secret-id")
    error = failure(wrong, lambda one: one.read(PATH))
    assert isinstance(error, AuthenticationError)
    assert "Check 'hashi_vault_role_id' and 'hashi_vault_secret_id'" in str(error)


@pytest.mark.parametrize(
    ("status", "body", "kind", "advice"),
    [
        ("503 Service Unavailable", {"errors": ["Vault is sealed"]}, ServerError, "when Vault is unsealed"),
        ("429 Too Many Requests", {"errors": ["request path quota exceeded"]}, Throttled, "Run again later"),
        ("473 Standby", {"errors": []}, ServerError, "to the active node"),
        ("472 Standby", {"errors": []}, ServerError, "to the active node"),
        ("412 Precondition Failed", {"errors": ["required index state not present"]}, ServerError, "Run again"),
        ("500 Internal Server Error", {"errors": [f"could not store {TOKEN}"]}, ServerError, "Run again later"),
        ("400 Bad Request", {"errors": [f"{VAULT_TOKEN} is bad"]}, InvalidRequest, "Correct the option"),
        ("307 Temporary Redirect", {}, InvalidResponse, "A standby node redirects requests"),
        ("200 OK", {"data": {"other": 1}}, InvalidRequest, "KV engine of version 2"),
        ("200 OK", ["no", "object"], InvalidRequest, "KV engine of version 2"),
        ("418 I'm a teapot", "no JSON object", InvalidRequest, "proxies and firewalls"),
    ],
)
def test_response_is_explained(
    tls: ssl.SSLContext, bundle: str, status: str, body: Any, kind: type[PanwCloudError], advice: str
) -> None:
    with Loopback(refused(status, body, "Location: https://localhost:1/"), tls, "localhost") as loopback:
        error = failure(of(loopback.url, bundle), lambda one: one.read(PATH))
    assert type(error) is kind
    assert f"read secret secret/{PATH}" in str(error)
    assert advice in str(error)


def test_quoted_data_of_a_write_is_masked(tls: ssl.SSLContext, bundle: str) -> None:
    said = {"errors": [f"rejected: {json.dumps(DATA)} of {VAULT_TOKEN}"]}
    with Loopback(refused("400 Bad Request", said), tls, "localhost") as loopback:
        error = failure(of(loopback.url, bundle), lambda one: one.write(PATH, DATA, 0))
    assert "rejected" in str(error)


@pytest.mark.parametrize("act", ["read", "write", "limit_versions"])
def test_broken_connection_is_repeated_for_reads_only(tls: ssl.SSLContext, bundle: str, act: str) -> None:
    body = {"data": {"data": DATA, "metadata": {"version": 7}}}
    arguments = {"write": (DATA, 6)}.get(act, ())
    for first in (resetting, hanging_up, refused("503 Service Unavailable", {"errors": ["Vault is sealed"]})):
        with Loopback(in_turn(first, refused("200 OK", body)), tls, "localhost") as loopback:
            client = of(loopback.url, bundle)
            if act == "read":
                assert client.read(PATH) == VaultSecret(7, DATA)
            else:
                error = failure(client, lambda one: getattr(one, act)(PATH, *arguments))
                assert error.outcome_unknown
                assert len(loopback.received) == 1


def test_pause_that_a_server_asks_for_is_not_taken(tls: ssl.SSLContext, bundle: str) -> None:
    limited = refused("429 Too Many Requests", {"errors": ["quota exceeded"]}, "Retry-After: 86400")
    with Loopback(limited, tls, "localhost") as loopback:
        error = failure(of(loopback.url, bundle), lambda one: one.read(PATH))
        assert isinstance(error, Throttled)
        assert len(loopback.received) == 5


def test_failed_connection_is_explained(tls: ssl.SSLContext, other_bundle: str) -> None:
    with Loopback(refused("200 OK", {}), tls, "localhost") as loopback:
        error = failure(of(loopback.url, other_bundle), lambda one: one.write(PATH, DATA, 0))
    assert isinstance(error, TransportError)
    assert "'hashi_vault_ca_cert'" in str(error)
    assert not error.outcome_unknown
    closed = failure(of("https://localhost:1"), lambda one: one.write(PATH, DATA, 0))
    assert isinstance(closed, TransportError)
    assert not closed.outcome_unknown


@pytest.mark.parametrize(
    "act", [lambda one: one.keeps_old_versions(PATH), lambda one: one.require_version_2()], ids=["metadata", "engine"]
)
@pytest.mark.parametrize("body", [{}, {"data": None}, "login page"])
def test_response_of_another_server_is_invalid(
    tls: ssl.SSLContext, bundle: str, act: Callable[[VaultClient], object], body: Any
) -> None:
    with Loopback(refused("200 OK", body), tls, "localhost") as loopback:
        assert isinstance(failure(of(loopback.url, bundle), act), InvalidResponse)


def test_login_response_without_token_is_invalid(tls: ssl.SSLContext, bundle: str) -> None:
    with Loopback(refused("200 OK", {"auth": None}), tls, "localhost") as loopback:
        client = of(loopback.url, bundle, role_id="one", secret_id="a-made-up-secret-id")
        assert isinstance(failure(client, lambda one: one.read(PATH)), InvalidResponse)


def test_environment_of_the_library_is_not_read(
    server: VaultServer, bundle: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAULT_TOKEN", server.vault.root)
    monkeypatch.setenv("VAULT_ADDR", "https://localhost:1")
    error = failure(of(server.url, bundle), lambda one: one.read(PATH))
    assert isinstance(error, AuthenticationError)


def test_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashi_vault_client, "HVAC_IMPORT_ERROR", "no module")
    with pytest.raises(InvalidInput, match="the Python package hvac where the module runs"):
        of("https://localhost:1")
