# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets Manager: moto's operations without its web framework, one at a time, over an index, and with AWS's rules for stage labels.

moto compares every secret to find one, and is not made for threads. Where it differs from AWS about labels, AWS's rules are here.
Source: AWS Secrets Manager API reference, UpdateSecretVersionStage ("If the staging label is already attached to a different version ...
you must also specify RemoveFromVersionId"), ListSecrets.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from itertools import islice
from typing import Any, TypeAlias

from moto.core.utils import camelcase_to_underscores, method_names_from_class
from moto.secretsmanager.exceptions import InvalidParameterException
from moto.secretsmanager.models import (
    FakeSecret,
    SecretsManagerBackend,
    SecretsStore,
    secretsmanager_backends,
)
from moto.secretsmanager.responses import SecretsManagerResponse
from moto.secretsmanager.utils import get_secret_name_from_partial_arn

from .messages import Response

CURRENT = "AWSCURRENT"
PAGE = 100
Secret: TypeAlias = Any  # moto has no types: a FakeSecret or a ReplicaSecret

_one_at_a_time = threading.RLock()


class SecretsManager:
    """The operations that moto has."""

    def __init__(self) -> None:
        self._methods = frozenset(method_names_from_class(_Operations))

    def knows(self, operation: str) -> bool:
        """Whether this can answer an operation."""
        return camelcase_to_underscores(operation) in self._methods

    def __call__(self, account: str, region: str, operation: str, parameters: Mapping[str, Any]) -> Response:
        """Do an operation that is allowed."""
        with _one_at_a_time:
            status, headers, body = _Operations(account, region, operation, parameters).call_action()
        fields = [(name, str(value)) for name, value in headers.items() if name.lower() != "status"]
        return Response(int(status), body if isinstance(body, bytes) else body.encode(), fields)


def find(account: str, region: str, name: str) -> Secret | None:
    """The secret of a name or ARN."""
    with _one_at_a_time:
        return _backend(account, region).secrets.get(name)


class _Index(SecretsStore):
    """moto's dictionary of secrets, which finds a name, an ARN, and an ARN without its suffix without looking at every secret."""

    def __init__(self) -> None:
        super().__init__()
        self._found: dict[str, Secret] = {}

    def __setitem__(self, key: str, value: Secret) -> None:
        dict.__setitem__(self, key, value)
        self._found.update({key: value, value.arn: value, value.name: value})

    def __getitem__(self, key: str) -> Secret:
        secret = self.get(key)
        if secret is None:
            raise KeyError(key)
        return secret

    def __contains__(self, key: object) -> bool:
        return self.get(str(key)) is not None

    def get(self, key: str) -> Secret | None:
        return self._found.get(key) or self._found.get(get_secret_name_from_partial_arn(key))

    def pop(self, key: str) -> Secret | None:
        secret = self.get(key)
        if secret is not None:
            for name in (key, secret.arn, secret.name):
                dict.pop(self, name, None)
                if self._found.get(name) is secret:
                    del self._found[name]
        return secret


def _backend(account: str, region: str) -> SecretsManagerBackend:
    backend: SecretsManagerBackend = secretsmanager_backends[account][region]
    if not isinstance(backend.secrets, _Index):
        backend.secrets = _Index()  # new, or forgotten by moto's reset
    return backend


class _Operations(SecretsManagerResponse):
    """One call. moto reads parameters from ``querystring`` and the action from the headers."""

    def __init__(self, account: str, region: str, operation: str, parameters: Mapping[str, Any]) -> None:
        super().__init__()
        self.current_account = account
        self.region = region
        self.partition = "aws"
        self.headers = {"X-Amz-Target": f"secretsmanager.{operation}", "Content-Type": "application/x-amz-json-1.1"}
        self.response_headers = {"Content-Type": "application/x-amz-json-1.1"}
        self.querystring = {name: [value] for name, value in parameters.items()}
        self.body = None
        self.uri_match: dict[str, Any] = {}

    @property
    def backend(self) -> SecretsManagerBackend:
        return _backend(self.current_account, self.region)

    def update_secret_version_stage(self) -> str:
        secret = self.backend.secrets.get(self._get_param("SecretId") or "")
        label, target = self._get_param("VersionStage"), self._get_param("MoveToVersionId")
        if secret is None or target is None:
            return str(super().update_secret_version_stage())
        if target not in secret.versions:
            raise InvalidParameterException(f"Not a valid version: {target}")
        holders = [version for version, content in secret.versions.items() if label in content["version_stages"]]
        if not self._get_param("RemoveFromVersionId") and holders:
            if holders == [target]:
                return json.dumps({"ARN": secret.arn, "Name": secret.name})
            raise InvalidParameterException(
                f"The parameter RemoveFromVersionId can't be empty. Staging label {label} is currently attached to version "
                f"{holders[0]}, so you must explicitly reference that version in RemoveFromVersionId."
            )
        answer = str(super().update_secret_version_stage())
        if label == CURRENT and isinstance(secret, FakeSecret):
            secret.set_default_version_id(target)
        return answer

    def list_secrets(self) -> str:
        """Without filters, a page from where the last one ended: moto describes every secret for each."""
        if self._get_param("Filters") or self._get_param("IncludePlannedDeletion"):
            return str(super().list_secrets())
        start, size = int(self._get_param("NextToken") or 0), int(self._get_param("MaxResults") or PAGE)
        rest = islice(enumerate(self.backend.secrets.values(), 1), start, None)
        alive = ((at, secret) for at, secret in rest if not secret.is_deleted())
        page = list(islice(alive, size))
        token = str(page[-1][0]) if any(alive) else None
        return json.dumps({"SecretList": [secret.to_dict() for _at, secret in page], "NextToken": token})
