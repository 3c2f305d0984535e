# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stores as readers and strangers see them, without the collection's code."""

from __future__ import annotations

import functools
import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import requests

STORES = ["secretsmanager", "ssm", "file"]


@functools.cache
def clients(stand_ins: Any) -> dict[str, Any]:
    return {service: stand_ins.aws(service) for service in ("secretsmanager", "ssm")}


class Place:
    """One place in one store, and its readers, which know nothing of the collection.

    :ivar options: of the module.
    """

    def __init__(self, stand_ins: Any, store: str, directory: Path) -> None:
        self.stand_ins, self.store = stand_ins, store
        self.name = f"ngfw/{uuid.uuid4().hex}"
        self.path = directory / f"{uuid.uuid4().hex}.json"
        where = {"path": str(self.path)} if store == "file" else {"name": self.name}
        self.options = {"admin_role": "rulestack", "role_arn": stand_ins.role_arn, "store": store, **where}
        self.before = set(stand_ins.alive_tokens())
        self.issued_before = stand_ins.state["issued"]
        self.client = clients(stand_ins)["ssm" if store == "ssm" else "secretsmanager"]
        self.session = requests.Session()
        self.session.trust_env = False

    def document(self) -> Any:
        """What a reader of the current version gets, None for nothing."""
        client = self.client
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

    def check_reader(self, *, expected: bool) -> None:
        """A reader gets a token that works, or where there has never been one, none."""
        document = self.document() or {}
        assert not expected or "token" in document
        if "token" in document:
            assert self.works(document)

    def write(self, text: str, *, pending: bool = False) -> None:
        """Put something there, as somebody else would."""
        beside = ".pending" if pending else ""
        if self.store == "file":
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

    def works(self, document: dict[str, Any]) -> bool:
        headers = {"Authorization": document["token"], "x-api-key": document["subscription_key"]}
        url, bundle = self.stand_ins.endpoints["ngfw_url"], self.stand_ins.endpoints["ca_bundle"]
        return self.session.get(f"{url}/v1/config/rulestacks", headers=headers, verify=bundle, timeout=30).ok

    def stored(self) -> set[str]:
        """The fingerprints of all tokens in the store, wherever they are in it."""
        return set(_fingerprints(self._everything()))

    def _everything(self) -> Iterator[Any]:
        client = self.client
        if self.store == "file":
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

    def strays(self) -> set[str]:
        """Tokens of this place that are alive and not in the store."""
        return set(self.stand_ins.alive_tokens()) - self.before - self.stored()


def _fingerprints(documents: Any) -> Iterator[str]:
    for document in documents:
        if "fingerprint" in document:
            yield document["fingerprint"]
        yield from _fingerprints(document.get("retiring", []))
