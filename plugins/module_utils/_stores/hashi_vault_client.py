# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests to a KV engine of version 2 in HashiCorp Vault or OpenBao: the library hvac, with errors that hold no secret.

Every write names the version that it replaces (check-and-set), so that Vault rejects it if another write was quicker. A read is repeated after a failure;
a write only if it was never sent. Redirects are not followed, because C(requests) would send the Vault token to any host.

Sources, of HashiCorp's documentation: "KV secrets engine - version 2 (API)", "AppRole auth method (API)", and for statuses "HTTP API".

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
import json
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from .._common.errors import (
    AuthenticationError,
    AuthorizationError,
    ErrorContext,
    InvalidInput,
    InvalidRequest,
    InvalidResponse,
    NotFound,
    PanwCloudError,
    ServerError,
    TransportError,
)
from .._common.redaction import Scrubber, read_json
from .._transport.errors import explain
from .._transport.statuses import by_status, shape
from .hashi_vault_connection import VaultConnection

try:
    import hvac
    import requests
    import urllib3
    from requests.adapters import HTTPAdapter
except ImportError:
    HVAC_IMPORT_ERROR: str | None = traceback.format_exc()
else:
    HVAC_IMPORT_ERROR = None

TIMEOUT = 30  # seconds to connect, and without data from the server
_CONNECTIONS = 64
_ATTEMPTS = 4
_PASSING = (412, 429, 500, 502, 503, 504)
_RENEW_AT = 0.8  # of a token's lifetime
_NO_TOKEN = "Get a new Vault token, or use an AppRole: 'hashi_vault_role_id' and 'hashi_vault_secret_id'."  # noqa: S105
_NO_ROUTE = "Check 'hashi_vault_mount_point', 'hashi_vault_namespace' and 'hashi_vault_url'."
_STANDBY = "Set 'hashi_vault_url' to the active node, or to a load balancer that leads to it."
_MEANINGS: dict[int, tuple[type[PanwCloudError], str | None]] = {
    404: (NotFound, _NO_ROUTE),
    412: (ServerError, "Run again: this node of Vault has not yet received what another one has written."),
    472: (ServerError, _STANDBY),
    473: (ServerError, _STANDBY),
    503: (ServerError, "Run again when Vault is unsealed and has an active node: 'vault status' shows both."),
}


@dataclasses.dataclass(frozen=True)
class VaultSecret:
    """The newest version of a secret. :param version: 0 if there has never been one. :param data: empty if there is none, or it is deleted."""

    version: int
    data: Mapping[str, Any]


class VaultClient:
    """Calls Vault with a token, or with the token of an AppRole, which it requests when needed. Safe to share between threads.

    :param clock: seconds that only grow. :param first_pause: seconds before a read is repeated, which double each time.
    :raises InvalidInput: the hvac package is missing.
    """

    def __init__(
        self, connection: VaultConnection, clock: Callable[[], float] = time.monotonic, first_pause: float = 0.5
    ) -> None:
        if HVAC_IMPORT_ERROR:
            raise InvalidInput("store", "is 'hashi_vault', which needs the Python package hvac where the module runs.")
        self._connection, self._clock = connection, clock
        self._logging_in = threading.Lock()
        self._login_due = 0.0 if connection.role_id else float("inf")
        self._hvac = hvac.Client(
            url=connection.url,
            token=connection.token or "",
            namespace=connection.namespace,
            verify=connection.ca_cert or True,
            timeout=TIMEOUT,
            allow_redirects=False,
            session=_session(connection.ca_cert or True, first_pause),
            adapter=hvac.adapters.RawAdapter,
            ignore_exceptions=True,
        )

    def read(self, path: str) -> VaultSecret:
        """The newest version of a secret. :raises PanwCloudError: it cannot be read."""
        attempted = f"read {self._place(path)}"
        response = self._send(
            attempted,
            lambda: self._kv.read_secret_version(path, mount_point=self._mount, raise_on_deleted_version=True),
        )
        body = read_json(response.content)
        data = body.get("data") if isinstance(body, dict) else None
        found = data.get("metadata") if isinstance(data, dict) else None
        version = found.get("version") if isinstance(found, dict) else None
        if response.status_code in (200, 404) and isinstance(data, dict) and isinstance(version, int):
            return VaultSecret(version, data.get("data") or {})
        if response.status_code == 404 and isinstance(body, dict) and not body.get("errors"):
            return VaultSecret(0, {})
        if response.status_code == 200:
            raise self._not_version_2(attempted, "the response has no version")
        raise self._refusal(attempted, response)

    def write(self, path: str, data: Mapping[str, Any], version: int) -> None:
        """Write a new version. :param version: the one that it replaces, 0 for none.

        :raises InvalidRequest: another version is the newest. :raises PanwCloudError: Vault rejects the write, or its outcome is unknown.
        """
        attempted = f"write {self._place(path)}"
        response = self._send(
            attempted,
            lambda: self._kv.create_or_update_secret(path, dict(data), cas=version, mount_point=self._mount),
        )
        if response.status_code != 200:
            raise self._refusal(attempted, response, data)

    def limit_versions(self, path: str) -> None:
        """Make Vault keep only the newest version of a secret, from its next write on."""
        attempted = f"limit the versions of {self._place(path)}"
        response = self._send(
            attempted, lambda: self._kv.update_metadata(path, max_versions=1, mount_point=self._mount)
        )
        if not response.ok:
            raise self._refusal(attempted, response)

    def keeps_old_versions(self, path: str) -> bool:
        """Whether Vault keeps older versions of a secret than the newest one."""
        attempted = f"read the metadata of {self._place(path)}"
        response = self._send(attempted, lambda: self._kv.read_secret_metadata(path, mount_point=self._mount))
        if response.status_code != 200:
            raise self._refusal(attempted, response)
        body = read_json(response.content)
        try:
            return bool(body["data"]["max_versions"] != 1 or len(body["data"]["versions"]) > 1)
        except (KeyError, TypeError):
            raise self._invalid_response(attempted) from None

    def require_version_2(self) -> None:
        """Check the engine before its first write: version 1 would accept that, but without check-and-set.

        :raises InvalidRequest: it is not a KV engine of version 2.
        """
        attempted = f"find the KV engine {self._mount}"
        response = self._send(
            attempted, lambda: self._hvac.adapter.get(f"/v1/sys/internal/ui/mounts/{quote(self._mount)}")
        )
        if response.status_code != 200:
            raise self._refusal(attempted, response)
        body = read_json(response.content)
        data = body.get("data") if isinstance(body, dict) else None
        if not isinstance(data, dict):
            raise self._invalid_response(attempted)
        options = data.get("options") or {}
        if data.get("type") != "kv" or str(options.get("version")) != "2":
            version = f" of version {options.get('version') or 1}" if data.get("type") == "kv" else ""
            raise self._not_version_2(attempted, f"it is an engine of the type {data.get('type')}{version}")

    @property
    def _kv(self) -> Any:
        return self._hvac.secrets.kv.v2

    @property
    def _mount(self) -> str:
        return self._connection.mount_point

    def _place(self, path: str) -> str:
        return f"secret {self._mount}/{path}"

    def _send(self, attempted: str, call: Callable[[], Any]) -> Any:
        if self._clock() >= self._login_due:
            with self._logging_in:
                if self._clock() >= self._login_due:
                    self._login()
        return self._answer(attempted, call)

    def _login(self) -> None:
        attempted = "log in to Vault with the AppRole"
        one = self._connection
        response = self._answer(
            attempted, lambda: self._hvac.auth.approle.login(one.role_id, one.secret_id, use_token=False)
        )
        if response.status_code != 200:
            failure = self._refusal(attempted, response)
            if response.status_code in (400, 403):
                next_step = "Check 'hashi_vault_role_id' and 'hashi_vault_secret_id', which can expire."
                failure = AuthenticationError(attempted, failure.context, next_step)
            raise failure
        body = read_json(response.content)
        try:
            token, lifetime = str(body["auth"]["client_token"]), float(body["auth"]["lease_duration"])
        except (KeyError, TypeError, ValueError):
            raise self._invalid_response(attempted) from None
        self._hvac.token = token
        self._login_due = self._clock() + _RENEW_AT * lifetime if lifetime else float("inf")

    def _answer(self, attempted: str, call: Callable[[], Any]) -> Any:
        """The response to a request. :raises TransportError: there is none."""
        try:
            return call()
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            found = explain(error, "hashi_vault_ca_cert")
        failure = TransportError(attempted, ErrorContext(self._connection.url, reason=found.reason), found.next_step)
        failure.outcome_unknown = not found.never_sent
        raise failure

    def _refusal(self, attempted: str, response: Any, sent: Mapping[str, Any] | None = None) -> PanwCloudError:
        """The error for a response. :param sent: what a server could quote."""
        scrubber = Scrubber(self._hvac.token, self._connection.secret_id)
        read_json(json.dumps(sent or {}), scrubber)
        body, status = read_json(response.content, scrubber), response.status_code
        errors = body.get("errors") if isinstance(body, dict) else None
        said = "; ".join(map(str, errors)) if isinstance(errors, list) else ""
        reason = scrubber.clean(said) or shape(response.content, response.headers.get("Content-Type"))
        kind, next_step = self._meaning(status, reason)
        return kind(attempted, ErrorContext(self._connection.url, status, reason=reason), next_step)

    def _meaning(self, status: int, reason: str) -> tuple[type[PanwCloudError], str | None]:
        if status == 403 and "invalid token" in reason:
            return AuthenticationError, _NO_TOKEN
        if status == 403:
            allow = f"Allow create, read and update on {self._mount}/data/ and {self._mount}/metadata/ for this path"
            return AuthorizationError, f"{allow} in a policy of the token. A token that has expired is denied as well."
        if 300 <= status < 400:
            return InvalidResponse, f"A standby node redirects requests, or 'hashi_vault_url' is wrong. {_STANDBY}"
        return _MEANINGS.get(status) or by_status(status)

    def _invalid_response(self, attempted: str) -> InvalidResponse:
        context = ErrorContext(self._connection.url, reason="the response is not from Vault")
        return InvalidResponse(attempted, context, "Check 'hashi_vault_url', and that no proxy or login page responds.")

    def _not_version_2(self, attempted: str, reason: str) -> InvalidRequest:
        next_step = (
            "Set 'hashi_vault_mount_point' to a KV engine of version 2: 'vault secrets list -detailed' shows them."
        )
        return InvalidRequest(attempted, ErrorContext(self._connection.url, reason=reason), next_step)


def _session(verify: bool | str, first_pause: float) -> requests.Session:
    """A session that repeats reads, and requests that were never sent."""
    again = urllib3.Retry(
        total=_ATTEMPTS,
        redirect=0,
        status_forcelist=_PASSING,
        allowed_methods=("GET",),
        backoff_factor=first_pause,
        respect_retry_after_header=False,  # it has no upper limit
        raise_on_status=False,
        raise_on_redirect=False,
    )
    made = requests.Session()
    made.verify = verify
    for scheme in ("https://", "http://"):
        made.mount(scheme, HTTPAdapter(pool_maxsize=_CONNECTIONS, max_retries=again))
    return made
