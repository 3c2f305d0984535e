# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Access to the stores as other applications have it, without the collection's code."""

from __future__ import annotations

import functools
import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import requests

from .vaults import VAULTS

STORES = ["secretsmanager", "ssm", "file", *VAULTS]


@functools.cache
def clients(services: Any) -> dict[str, Any]:
    return {service: services.aws(service) for service in ("secretsmanager", "ssm")}


class AnyPlace:
    """One place in one store, and its readers, which are independent of the collection.

    :param kind: of the store; HashiCorp Vault has one for each server.
    :ivar options: of the module.
    """

    def __init__(self, services: Any, kind: str, directory: Path, **options: Any) -> None:
        self.services, self.kind = services, kind
        self.store = store = "hashi_vault" if kind in VAULTS else kind
        self.vault = services.vault(kind) if kind in VAULTS else None
        self.name = f"{'' if self.vault else '/'}panw/{uuid.uuid4().hex}"
        self.path = directory / f"{uuid.uuid4().hex}.json"
        where = {"path": str(self.path)} if store == "file" else {"name": self.name}
        self.options = {"store": store, **where, **(self.vault.options if self.vault else {}), **options}
        self.client = clients(services)["ssm" if store == "ssm" else "secretsmanager"]
        self.session = requests.Session()
        self.session.trust_env = False

    def document(self) -> Any:
        """The document that a reader of the current version gets, None if none exists."""
        client = self.client
        if self.vault:
            data = self.vault.read(self.name) or {}
            return {name: value for name, value in data.items() if name != "pending"} or None
        try:
            if self.store == "file":
                text = self.path.read_text()
            elif self.store == "ssm":
                text = client.get_parameter(Name=self.name, WithDecryption=True)["Parameter"]["Value"]
            else:
                text = client.get_secret_value(SecretId=self.name, VersionStage="AWSCURRENT")["SecretString"]
        except (FileNotFoundError, client.exceptions.ClientError):
            return None
        return json.loads(text)

    def write(self, text: str, *, pending: bool = False) -> None:
        """Write a document like another application would."""
        beside = ".pending" if pending else ""
        if self.vault:
            self._write_to_vault(text, pending=pending)
        elif self.store == "file":
            self.path.with_name(self.path.name + beside).write_text(text)
        elif self.store == "ssm":
            self.client.put_parameter(Name=self.name + beside, Value=text, Type="SecureString", Overwrite=True)
        elif pending:
            self.client.put_secret_value(SecretId=self.name, SecretString=text, VersionStages=["AWSPENDING"])
        else:
            try:
                self.client.create_secret(Name=self.name, SecretString=text)
            except self.client.exceptions.ResourceExistsException:
                self.client.put_secret_value(SecretId=self.name, SecretString=text)

    def _write_to_vault(self, text: str, *, pending: bool) -> None:
        try:
            document = json.loads(text)
        except ValueError:
            document = {"text": text}  # a secret has keys
        if pending:
            document = {**(self.document() or {}), "pending": document}
        assert self.vault
        self.vault.write(self.name, document)

    def stored(self) -> set[str]:
        """The fingerprints of all secrets anywhere in the store."""
        return set(_fingerprints(self._everything()))

    def _everything(self) -> Iterator[Any]:
        client = self.client
        if self.vault:
            data = self.vault.read(self.name) or {}
            yield from [data, data.get("pending") or {}]
        elif self.store == "file":
            yield from (json.loads(path.read_text()) for path in self.path.parent.glob(f"{self.path.name}*"))
        elif self.store == "ssm":
            names = [self.name, f"{self.name}.pending"]
            for parameter in client.get_parameters(Names=names, WithDecryption=True)["Parameters"]:
                yield json.loads(parameter["Value"])
        else:
            try:
                described = client.describe_secret(SecretId=self.name)
            except client.exceptions.ResourceNotFoundException:
                return
            for version in [] if "DeletedDate" in described else described["VersionIdsToStages"]:
                yield json.loads(client.get_secret_value(SecretId=self.name, VersionId=version)["SecretString"])


class Place(AnyPlace):
    """A place for a token."""

    def __init__(self, services: Any, kind: str, directory: Path) -> None:
        super().__init__(services, kind, directory, admin_role="rulestack", role_arn=services.role_arn)
        self.before = set(services.alive_tokens())
        self.issued_before = services.state["issued"]

    def check_reader(self, *, expected: bool) -> None:
        """Assert that a reader gets a valid token, or none if none has ever existed."""
        document = self.document() or {}
        assert not expected or "token" in document
        if "token" in document:
            assert self.works(document)

    def works(self, document: dict[str, Any]) -> bool:
        headers = {"Authorization": document["token"], "x-api-key": document["subscription_key"]}
        url, bundle = self.services.endpoints["ngfw_url"], self.services.endpoints["ca_bundle"]
        return self.session.get(f"{url}/v1/config/rulestacks", headers=headers, verify=bundle, timeout=30).ok

    def strays(self) -> set[str]:
        """Valid tokens of this place that are not in the store."""
        return set(self.services.alive_tokens()) - self.before - self.stored()


class CredentialsPlace(AnyPlace):
    """A place for the credentials of a service account.

    :ivar account: the name of the service account.
    """

    def __init__(self, services: Any, kind: str, directory: Path) -> None:
        self.account = f"test-{uuid.uuid4().hex[:12]}"
        super().__init__(services, kind, directory, service_account=self.account)

    def accounts(self) -> list[dict[str, Any]]:
        """The server's service accounts of this name."""
        return [item for item in self.services.tenant["service_accounts"] if item["name"] == self.account]

    def works(self, document: dict[str, Any]) -> bool:
        """Whether the token endpoint accepts the secret, regardless of the account's roles."""
        answer = self.session.post(
            document["auth_url"],
            data={"grant_type": "client_credentials", "scope": f"tsg_id:{document['tsg_id']}"},
            auth=(document["client_id"], document["client_secret"]),
            verify=self.services.endpoints["ca_bundle"],
            timeout=30,
        )
        return answer.ok or answer.json()["error"] == "invalid_scope"


def _fingerprints(documents: Any) -> Iterator[str]:
    for document in documents:
        if "fingerprint" in document:
            yield document["fingerprint"]
        yield from _fingerprints(document.get("pending_revocation", []))
