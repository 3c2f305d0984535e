# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How to reach HashiCorp Vault or OpenBao, from options and the environment.

The variables are those of Vault's own programs, each after the one that the collection community.hashi_vault reads. They are not fallbacks of the
argument specification: there, a variable would set an option of a store that the task does not use.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
import os
import re
from collections.abc import Mapping
from typing import Any

from .._common.errors import InvalidInput
from .._common.redaction import is_header_value
from .._common.urls import require_tls

DEFAULT_MOUNT_POINT = "secret"
_VARIABLES = {
    "hashi_vault_url": ("ANSIBLE_HASHI_VAULT_ADDR", "VAULT_ADDR"),
    "hashi_vault_namespace": ("ANSIBLE_HASHI_VAULT_NAMESPACE", "VAULT_NAMESPACE"),
    "hashi_vault_ca_cert": ("ANSIBLE_HASHI_VAULT_CA_CERT", "VAULT_CACERT"),
    "hashi_vault_token": ("ANSIBLE_HASHI_VAULT_TOKEN", "VAULT_TOKEN"),
    "hashi_vault_role_id": ("ANSIBLE_HASHI_VAULT_ROLE_ID", "VAULT_ROLE_ID"),
    "hashi_vault_secret_id": ("ANSIBLE_HASHI_VAULT_SECRET_ID", "VAULT_SECRET_ID"),
}
_PATH = re.compile(r"[\w.@+=-]+(?:/[\w.@+=-]+)*", re.ASCII)


@dataclasses.dataclass(frozen=True)
class VaultConnection:
    """How to reach a KV engine, and who calls: a token, or an AppRole.

    :param mount_point: of the KV engine. :param ca_cert: the path of a CA bundle, None for that of the system.
    """

    url: str
    mount_point: str = DEFAULT_MOUNT_POINT
    namespace: str | None = None
    ca_cert: str | None = None
    token: str | None = dataclasses.field(default=None, repr=False)
    role_id: str | None = None
    secret_id: str | None = dataclasses.field(default=None, repr=False)


def check_path(option: str, path: str | None) -> str:
    """Check a path in Vault, which has no dot segments that a client or proxy would resolve. :raises InvalidInput: it is not one."""
    if not path:
        raise InvalidInput(option, "is required if 'store' is 'hashi_vault'.")
    if not _PATH.fullmatch(path) or {".", ".."} & set(path.split("/")):
        raise InvalidInput(
            option,
            f"is {path!r}; a path in Vault has letters, digits and characters of '_.@+=-', in parts with a '/' between them, as in 'cloud-ngfw/firewall'.",
        )
    return path


def connection_from(params: Mapping[str, Any], environment: Mapping[str, str] | None = None) -> VaultConnection:
    """The connection from the options; variables of the environment are for options that are not set.

    :raises InvalidInput: an option is missing or invalid.
    """
    variables = os.environ if environment is None else environment
    given = {option: params[option] or _first(variables, names) for option, names in _VARIABLES.items()}
    url = given["hashi_vault_url"]
    if not url:
        raise InvalidInput("hashi_vault_url", "is missing: set it, or VAULT_ADDR, to the URL of Vault or OpenBao.")
    require_tls("hashi_vault_url", url)
    ca_cert = given["hashi_vault_ca_cert"]
    if ca_cert and not os.path.exists(ca_cert):
        raise InvalidInput("hashi_vault_ca_cert", f"names a file that does not exist: {ca_cert}")
    mount_point = check_path("hashi_vault_mount_point", params["hashi_vault_mount_point"] or DEFAULT_MOUNT_POINT)
    namespace = given["hashi_vault_namespace"]
    if namespace and not is_header_value(namespace):
        raise InvalidInput("hashi_vault_namespace", "contains characters that a header cannot carry.")
    return VaultConnection(url.rstrip("/"), mount_point, namespace, ca_cert, **_identity(params, given))


def _identity(params: Mapping[str, Any], given: Mapping[str, str | None]) -> dict[str, str | None]:
    """Who calls. An option precedes a variable: a token in the environment does not replace the AppRole of the options."""
    if params["hashi_vault_token"] and params["hashi_vault_role_id"]:
        raise InvalidInput("hashi_vault_token", "excludes 'hashi_vault_role_id': set one of them.")
    token, role_id, secret_id = (given[f"hashi_vault_{name}"] for name in ("token", "role_id", "secret_id"))
    if token and not params["hashi_vault_role_id"]:
        if not is_header_value(token):
            raise InvalidInput("hashi_vault_token", "contains white space or other characters that no token has.")
        return {"token": token}
    if not role_id:
        raise InvalidInput(
            "hashi_vault_token",
            "is missing: set it, or VAULT_TOKEN, or 'hashi_vault_role_id' and 'hashi_vault_secret_id'.",
        )
    if not secret_id:
        raise InvalidInput("hashi_vault_secret_id", "is missing: 'hashi_vault_role_id' needs it.")
    return {"role_id": role_id, "secret_id": secret_id}


def _first(variables: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    return next((variables[name] for name in names if variables.get(name)), None)
