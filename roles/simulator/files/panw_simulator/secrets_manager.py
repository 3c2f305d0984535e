# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets Manager: moto's operations without its web framework, serialized, with an index and AWS's rules.

moto scans all secrets to find one, is not thread-safe, and accepts requests that AWS rejects.
Source: AWS Secrets Manager API reference.
"""

from __future__ import annotations

import json
import re
import threading
import uuid
from collections.abc import Mapping
from itertools import islice
from typing import Any, TypeAlias

from moto.core.utils import camelcase_to_underscores, method_names_from_class
from moto.secretsmanager.exceptions import (
    InvalidParameterException,
    InvalidRequestException,
    OperationNotPermittedOnReplica,
    ResourceExistsException,
    SecretNotFoundException,
    SecretsManagerClientError,
    ValidationException,
)
from moto.secretsmanager.models import (
    ReplicaSecret,
    SecretsManagerBackend,
    SecretsStore,
    secretsmanager_backends,
)
from moto.secretsmanager.responses import SecretsManagerResponse
from moto.secretsmanager.utils import get_secret_name_from_partial_arn

from . import iam_policy
from .aws_tags import MOST_TAGS, tag_problem, too_many_tags
from .messages import Response
from .secret_labels import CURRENT, labeled, move_label, put_version

PAGE = 100
NAME = re.compile(r"[A-Za-z0-9/_+=.@-]+")
Secret: TypeAlias = Any  # moto has no types: a FakeSecret or a ReplicaSecret

_one_at_a_time = threading.RLock()


class SecretsManager:
    """The operations that moto has."""

    def __init__(self) -> None:
        self._methods = frozenset(method_names_from_class(_Operations))

    def knows(self, operation: str) -> bool:
        """Whether this implements an operation."""
        return camelcase_to_underscores(operation) in self._methods

    def __call__(self, account: str, region: str, operation: str, parameters: Mapping[str, Any]) -> Response:
        """Execute an authorized operation. A null parameter counts as absent."""
        given = {name: value for name, value in parameters.items() if value is not None}
        with _one_at_a_time:
            status, headers, body = _Operations(account, region, operation, given).call_action()
        fields = [(name, str(value)) for name, value in headers.items() if name.lower() != "status"]
        return Response(int(status), body if isinstance(body, bytes) else body.encode(), fields)


def find(account: str, region: str, name: str) -> Secret | None:
    """The secret of a name or ARN."""
    with _one_at_a_time:
        return _backend(account, region).secrets.get(name)


class _Index(SecretsStore):
    """moto's dictionary of secrets, indexed by name, ARN, and ARN without its suffix."""

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
        backend.secrets = _Index()  # new, or lost by moto's reset
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

    def create_secret(self) -> str:
        name, content = self._get_param("Name"), self._content()
        if not NAME.fullmatch(name):
            raise ValidationException(
                "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!"
            )
        secret = self.backend.secrets.get(name)
        if secret is None:
            self._check_tags({})
            return str(super().create_secret())
        if secret.is_deleted():
            raise InvalidRequestException(
                "You can't create this secret because a secret with this name is already scheduled for deletion."
            )
        token = self._token()
        if token not in secret.versions:
            raise ResourceExistsException(f"The operation failed because the secret {secret.name} already exists.")
        put_version(secret, token, content, [])
        return str(secret.to_short_dict(version_id=token))

    def put_secret_value(self) -> str:
        secret, content, token = self._secret(), self._content(), self._token()
        if not content:
            raise InvalidRequestException("You must provide either SecretString or SecretBinary.")
        put_version(secret, token, content, self._get_param("VersionStages") or [CURRENT])
        return str(secret.to_short_dict(include_version_stages=True, version_id=token))

    def update_secret(self) -> str:
        secret, content, token = self._secret(), self._content(), self._token()
        if content:
            put_version(secret, token, content, [CURRENT])
        for name, field in (("Description", "description"), ("KmsKeyId", "kms_key_id")):
            if self._get_param(name) is not None:
                setattr(secret, field, self._get_param(name))
        return str(secret.to_short_dict(version_id=token if content else None, include_version_id=bool(content)))

    def update_secret_version_stage(self) -> str:
        secret = self._secret()
        target, origin = self._get_param("MoveToVersionId"), self._get_param("RemoveFromVersionId")
        move_label(secret, self._get_param("VersionStage"), target, origin)
        return json.dumps({"ARN": secret.arn, "Name": secret.name})

    def describe_secret(self) -> str:
        described = json.loads(super().describe_secret())
        for name in {"VersionIdsToStages", "SecretVersionsToStages"} & described.keys():
            described[name] = labeled(described[name])
        return json.dumps(described)

    def list_secret_version_ids(self) -> str:
        answer = json.loads(super().list_secret_version_ids())
        if not self._get_param("IncludeDeprecated"):
            answer["Versions"] = [version for version in answer["Versions"] if version["VersionStages"]]
        return json.dumps(answer)

    def get_resource_policy(self) -> str:
        self._secret()
        return str(super().get_resource_policy())

    def put_resource_policy(self) -> str:
        self._secret()
        statements = _policy_statements(self._get_param("ResourcePolicy"))
        if self._get_param("BlockPublicPolicy") and any(map(_is_public, statements)):
            raise SecretsManagerClientError(
                "PublicPolicyException",
                "Resource policy can't be attached: BlockPublicPolicy is set and the policy allows broad access to the secret.",
            )
        return str(super().put_resource_policy())

    def delete_resource_policy(self) -> str:
        self._secret()
        return str(super().delete_resource_policy())

    def tag_resource(self) -> str:
        self._check_tags({tag["Key"]: tag["Value"] for tag in self._secret().tags or []})
        return str(super().tag_resource())

    def untag_resource(self) -> str:
        self._secret()
        return str(super().untag_resource())

    def list_secrets(self) -> str:
        """Without filters, list only one page: moto describes all secrets for each page."""
        if self._get_param("Filters") or self._get_param("IncludePlannedDeletion"):
            return str(super().list_secrets())
        start, size = int(self._get_param("NextToken") or 0), int(self._get_param("MaxResults") or PAGE)
        rest = islice(enumerate(self.backend.secrets.values(), 1), start, None)
        alive = ((at, secret) for at, secret in rest if not secret.is_deleted())
        page = list(islice(alive, size))
        token = str(page[-1][0]) if any(alive) else None
        return json.dumps({"SecretList": [secret.to_dict() for _at, secret in page], "NextToken": token})

    def _secret(self) -> Secret:
        """The secret of the request, if it can be changed."""
        secret = self.backend.secrets.get(self._get_param("SecretId"))
        if secret is None:
            raise SecretNotFoundException
        if isinstance(secret, ReplicaSecret):
            raise OperationNotPermittedOnReplica
        if secret.is_deleted():
            raise InvalidRequestException(
                "You can't perform this operation on the secret because it was marked for deletion."
            )
        return secret

    def _content(self) -> dict[str, Any]:
        fields = {"secret_string": "SecretString", "secret_binary": "SecretBinary"}
        given = {field: self._get_param(name) for field, name in fields.items() if self._get_param(name) is not None}
        if len(given) > 1:
            raise InvalidParameterException("You can't specify both a binary secret value and a string secret value.")
        return given

    def _token(self) -> str:
        return str(self._get_param("ClientRequestToken") or uuid.uuid4())

    def _check_tags(self, present: Mapping[str, str]) -> None:
        tags = self._get_param("Tags") or []
        problem = tag_problem(tags)
        if problem:
            raise InvalidParameterException(problem)
        if too_many_tags(present, tags):
            raise InvalidParameterException(f"A secret can have at most {MOST_TAGS} tags.")


def _policy_statements(text: str) -> list[Mapping[str, Any]]:
    try:
        statements = iam_policy.resource_statements(text)
    except iam_policy.PolicyError as failure:
        raise SecretsManagerClientError(
            "MalformedPolicyDocumentException", f"This resource policy contains a syntax error: {failure}."
        ) from None
    return statements


def _is_public(statement: Mapping[str, Any]) -> bool:
    """Whether a policy without conditions allows any principal; AWS also analyzes conditions."""
    principal = statement.get("Principal")
    named = principal.get("AWS") if isinstance(principal, dict) else principal
    everybody = named == "*" or (isinstance(named, list) and "*" in named)
    return everybody and statement["Effect"] == "Allow" and not statement.get("Condition")
