# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The directory with the simulator's addresses, CA and bootstrap credentials for clients."""

from __future__ import annotations

import fcntl
import json
import os
import shlex
import stat
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILES = ("endpoints.json", "credentials", "config", "environment", "ca.pem", "scm-credentials.json", "registry.json")
LOCK = ".lock"
PROFILES = ("default", "simulator")
UNSET = (
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_ROLE_ARN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "SCM_CLIENT_ID",
    "SCM_CLIENT_SECRET",
)


class StateDirectoryError(Exception):
    """The directory cannot be used safely."""


@dataclass(frozen=True)
class Bootstrap:
    """The access key of the bootstrap user."""

    access_key: str
    secret_key: str


class StateDirectory:
    """Creates the directory with mode 0700, writes its files, and removes only those at the end.

    :raises StateDirectoryError: not owned by this user, writable by others, or in use by another simulator.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            status = self.path.lstat()
        except OSError as failure:
            raise StateDirectoryError(f"state directory {path} cannot be used: {failure.strerror}") from failure
        if not stat.S_ISDIR(status.st_mode):
            raise StateDirectoryError(f"state directory {path} is not a directory")
        if status.st_uid != os.getuid():
            raise StateDirectoryError(f"state directory {path} belongs to another user")
        if stat.S_IMODE(status.st_mode) & 0o022:
            raise StateDirectoryError(f"state directory {path} may be written by others; use a directory of mode 0700")
        self.path.chmod(0o700)
        self._lock = self._locked()

    def file(self, name: str) -> Path:
        """The path of one of the files."""
        return self.path / name

    def write(self, name: str, content: str | bytes, mode: int = 0o600) -> None:
        """Write a file atomically."""
        data = content.encode() if isinstance(content, str) else content
        descriptor, temporary = tempfile.mkstemp(dir=self.path, prefix=f".{name}-")
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(data)
            os.chmod(temporary, mode)
            os.replace(temporary, self.file(name))
        except OSError:
            os.unlink(temporary)
            raise

    def publish(self, endpoints: dict[str, Any], bootstrap: Bootstrap, entry_roles: Mapping[str, str]) -> None:
        """Write all files for clients, ``endpoints.json`` last.

        :param entry_roles: ARNs of roles by account; each account gets a profile of its id.
        """
        self.write("credentials", _credentials(bootstrap))
        self.write("config", _config(endpoints, entry_roles))
        self.write("environment", _environment(endpoints))
        self.write("endpoints.json", as_json(endpoints))

    def release(self) -> None:
        """Release the directory for another simulator."""
        self.file(LOCK).unlink(missing_ok=True)
        os.close(self._lock)

    def _locked(self) -> int:
        descriptor = os.open(self.file(LOCK), os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise StateDirectoryError(f"state directory {self.path} is used by a running simulator") from None
        return descriptor

    def clear(self) -> None:
        """Remove the files, first those that announce a running simulator."""
        for name in FILES:
            self.file(name).unlink(missing_ok=True)


def as_json(document: Any) -> str:
    """A document as JSON text for a file."""
    return json.dumps(document, indent=2) + "\n"


def _credentials(bootstrap: Bootstrap) -> str:
    return "".join(
        f"[{profile}]\naws_access_key_id = {bootstrap.access_key}\naws_secret_access_key = {bootstrap.secret_key}\n\n"
        for profile in PROFILES
    )


def _config(endpoints: dict[str, Any], entry_roles: Mapping[str, str]) -> str:
    names = {"default": "default", **{profile: f"profile {profile}" for profile in PROFILES[1:]}}
    roles = {
        f"profile {account}": f"role_arn = {arn}\nsource_profile = {PROFILES[1]}\n"
        for account, arn in entry_roles.items()
    }
    common = f"region = {endpoints['region']}\nca_bundle = {endpoints['ca_bundle']}\nendpoint_url = {endpoints['aws_url']}\n\n"
    sections = {**dict.fromkeys(names.values(), ""), **roles}
    return "".join(f"[{name}]\n{more}{common}" for name, more in sections.items())


def _environment(endpoints: dict[str, Any]) -> str:
    values = {
        "AWS_SHARED_CREDENTIALS_FILE": endpoints["credentials_file"],
        "AWS_CONFIG_FILE": endpoints["config_file"],
        "AWS_CA_BUNDLE": endpoints["ca_bundle"],
        "AWS_ENDPOINT_URL": endpoints["aws_url"],
        "AWS_DEFAULT_REGION": endpoints["region"],
        "AWS_REGION": endpoints["region"],
        "AWS_EC2_METADATA_DISABLED": "true",
        "NGFW_URL": endpoints["ngfw_url"],
        "NGFW_CA_BUNDLE": endpoints["ca_bundle"],
        "SCM_TSG_ID": endpoints["tsg_id"],
        "SCM_AUTH_URL": f"{endpoints['oauth_url']}/oauth2/access_token",
        "SCM_URL": endpoints["scm_url"],
        "SCM_CA_BUNDLE": endpoints["ca_bundle"],
        "WILDFIRE_URL": endpoints["wildfire_url"],
        "PANW_SIMULATOR_ADMIN_URL": endpoints["admin_url"],
    }
    lines = [f"unset {' '.join(UNSET)}", *(f"export {name}={shlex.quote(value)}" for name, value in values.items())]
    return "\n".join(lines) + "\n"
