# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fake Secrets Manager and Parameter Store: the operations that stores use, by AWS's documentation; stricter than the simulated services."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from ansible_collections.panw.cloud.plugins.module_utils._aws.assumed_role import AssumedRole
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import (
    ErrorContext,
    InvalidRequest,
    NotFound,
    PanwCloudError,
)
from ansible_collections.panw.cloud.plugins.module_utils._common.token_pair import TokenPair
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.endpoints import Endpoint
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.tokens.spec import TokenSource
from ansible_collections.panw.cloud.plugins.module_utils._stores.base import Contents, Store
from ansible_collections.panw.cloud.plugins.module_utils._stores.documents import (
    Reservation,
    StoredCredentials,
    StoredToken,
)
from ansible_collections.panw.cloud.tests.helpers.fakes import KEY, ROLE_ARN, URL, jwt

NOW = datetime(2026, 5, 19, 12, tzinfo=UTC)
RESERVATION = Reservation(NOW, "one")


def stored(number: int = 1, **more: Any) -> StoredToken:
    """A token for a store, unique per number."""
    fields: dict[str, Any] = {
        "pair": TokenPair(jwt(jti=number), KEY),
        "expires_at": NOW + timedelta(hours=1),
        "issued_at": NOW,
        "admin_role": "rulestack",
        "region": "us-east-1",
        "url": URL,
        "role_arn": ROLE_ARN,
        "account_id": "123456789012",
    }
    return StoredToken(**{**fields, **more})


def source(role_arn: str | None = ROLE_ARN, region: str = "us-east-1", url: str = URL) -> TokenSource:
    """The source of the tokens."""
    return TokenSource(AssumedRole(role_arn, "panw.cloud") if role_arn else None, Endpoint(url, region))


def credentials(number: int = 1, **more: Any) -> StoredCredentials:
    """Credentials for a store, unique per number."""
    fields: dict[str, Any] = {
        "issued_at": NOW,
        "name": "wildfire",
        "service_account_id": "6a0b3c1e-0000-4000-8000-000000000001",
        "client_id": "wildfire@1234567890.iam.panserviceaccount.com",
        "client_secret": f"a-made-up-client-secret-{number}",
        "tsg_id": "1234567890",
        "auth_url": "https://auth.example.com/oauth2/access_token",
    }
    return StoredCredentials(**{**fields, **more})


def run(store: Store[Any]) -> Contents[Any]:
    contents = store.load()
    assert contents.damage is None
    return contents


def rotated(store: Store[Any], number: int, grace: int = 0) -> None:
    run(store)
    store.reserve(RESERVATION)
    store.stage(stored(number), "one")
    store.promote(NOW + timedelta(minutes=grace) if grace else None)
    store.unlock()


class Killed(BaseException):
    """Simulates SIGKILL: no code catches it."""


def refusal(code: str) -> PanwCloudError:
    kind = NotFound if code in ("ResourceNotFoundException", "ParameterNotFound") else InvalidRequest
    return kind("do it", ErrorContext("AWS", 400, code, "no"))


@dataclasses.dataclass
class FakeAws:
    """A fake AwsClient.

    :ivar calls: the operations so far. :ivar before: called with the name of each operation before it.
    :ivar lost: operations whose next response gets lost; the SDK retries them.
    """

    calls: list[str] = dataclasses.field(default_factory=list)
    secrets: dict[str, dict[str, Any]] = dataclasses.field(default_factory=dict)
    parameters: dict[str, dict[str, Any]] = dataclasses.field(default_factory=dict)
    history: dict[str, dict[str, Any]] = dataclasses.field(default_factory=dict)
    before: Callable[[str], None] = lambda operation: None
    lost: set[str] = dataclasses.field(default_factory=set)

    def ask(self, service: str, attempted: str, operation: str, advice: str = "", **request: Any) -> dict[str, Any]:
        self.before(operation)
        self.calls.append(operation)
        work = getattr(self, f"_{operation}")
        if operation in self.lost:
            self.lost.remove(operation)
            work(**request)
        response: dict[str, Any] = work(**request)
        return response

    # Secrets Manager

    def _secret(self, name: str) -> dict[str, Any]:
        if name not in self.secrets:
            raise refusal("ResourceNotFoundException")
        return self.secrets[name]

    def _describe_secret(self, SecretId: str) -> dict[str, Any]:
        secret = self._secret(SecretId)
        stages: dict[str, list[str]] = {}
        for stage, version in secret["stages"].items():
            stages.setdefault(version, []).append(stage)
        return {"VersionIdsToStages": stages, **secret["about"]}

    def _create_secret(self, Name: str, SecretString: str, ClientRequestToken: str, **about: Any) -> dict[str, Any]:
        found = self.secrets.get(Name)
        if found and found["versions"].get(ClientRequestToken) != SecretString:
            raise refusal("ResourceExistsException")
        about.pop("Description")
        stages = {"AWSCURRENT": ClientRequestToken}
        self.secrets[Name] = {"versions": {ClientRequestToken: SecretString}, "stages": stages, "about": about}
        return {}

    def _get_secret_value(self, SecretId: str, VersionId: str) -> dict[str, Any]:
        versions = self._secret(SecretId)["versions"]
        if VersionId not in versions:
            raise refusal("ResourceNotFoundException")
        return {"SecretString": versions[VersionId]}

    def _batch_get_secret_value(self, SecretIdList: list[str]) -> dict[str, Any]:
        values = []
        for name in SecretIdList:
            if name in self.secrets and "DeletedDate" not in self.secrets[name]["about"]:
                version = self.secrets[name]["stages"]["AWSCURRENT"]
                text = self.secrets[name]["versions"][version]
                values.append({"Name": name, "VersionId": version, "SecretString": text})
        return {"SecretValues": values, "Errors": []}

    def _put_secret_value(
        self, SecretId: str, SecretString: str, VersionStages: list[str], ClientRequestToken: str
    ) -> dict[str, Any]:
        secret = self._secret(SecretId)
        if "DeletedDate" in secret["about"]:
            raise refusal("InvalidRequestException")
        if ClientRequestToken in secret["versions"]:  # repeating a request changes nothing, not even labels
            if secret["versions"][ClientRequestToken] != SecretString:
                raise refusal("ResourceExistsException")
            return {}
        if not secret["versions"]:
            VersionStages = [*VersionStages, "AWSCURRENT"]
        secret["versions"][ClientRequestToken] = SecretString
        secret["stages"].update(dict.fromkeys(VersionStages, ClientRequestToken))
        return {}

    def _update_secret_version_stage(
        self, SecretId: str, VersionStage: str, MoveToVersionId: str = "", RemoveFromVersionId: str = ""
    ) -> dict[str, Any]:
        stages = self._secret(SecretId)["stages"]
        at = stages.get(VersionStage, "")
        if (at != RemoveFromVersionId and at != MoveToVersionId) or (RemoveFromVersionId and at != RemoveFromVersionId):
            raise refusal("InvalidParameterException")
        if MoveToVersionId:
            stages[VersionStage] = MoveToVersionId
            if VersionStage == "AWSCURRENT" and at:
                stages["AWSPREVIOUS"] = at
        else:
            del stages[VersionStage]
        return {}

    def _delete_secret(self, SecretId: str, RecoveryWindowInDays: int = 0, **_: Any) -> dict[str, Any]:
        if RecoveryWindowInDays:
            self._secret(SecretId)["about"]["DeletedDate"] = NOW
        else:
            del self.secrets[SecretId]
        return {}

    def _restore_secret(self, SecretId: str) -> dict[str, Any]:
        self._secret(SecretId)["about"].pop("DeletedDate", None)
        return {}

    def _update_secret(self, SecretId: str, KmsKeyId: str) -> dict[str, Any]:
        self._secret(SecretId)["about"]["KmsKeyId"] = KmsKeyId
        return {}

    def _tag_resource(self, SecretId: str, Tags: list[dict[str, str]]) -> dict[str, Any]:
        self._secret(SecretId)["about"]["Tags"] = Tags
        return {}

    def _get_resource_policy(self, SecretId: str) -> dict[str, Any]:
        policy = self._secret(SecretId).get("policy")
        return {"ResourcePolicy": policy} if policy else {}

    def _put_resource_policy(self, SecretId: str, ResourcePolicy: str, BlockPublicPolicy: bool) -> dict[str, Any]:
        assert BlockPublicPolicy
        self._secret(SecretId)["policy"] = ResourcePolicy
        return {}

    # Parameter Store

    def _get_parameter(self, Name: str, WithDecryption: bool) -> dict[str, Any]:
        assert WithDecryption
        bare = Name.partition(":")[0]
        if bare not in self.parameters:
            raise refusal("ParameterNotFound")
        if bare != Name and Name not in self.history:
            raise refusal("ParameterVersionNotFound")
        return {"Parameter": self.history[Name] if bare != Name else self.parameters[Name]}

    def _get_parameters(self, Names: list[str], WithDecryption: bool) -> dict[str, Any]:
        assert WithDecryption
        assert len(Names) <= 10
        found = [{"Name": name, **self.parameters[name]} for name in Names if name in self.parameters]
        return {"Parameters": found, "InvalidParameters": [name for name in Names if name not in self.parameters]}

    def _put_parameter(self, Name: str, Value: str, Overwrite: bool, **about: Any) -> dict[str, Any]:
        found = self.parameters.get(Name)
        assert about["Type"] == "SecureString"
        assert not (Overwrite and about.get("Tags"))
        if found and not Overwrite:
            raise refusal("ParameterAlreadyExists")
        version = found["Version"] + 1 if found else 1
        self.parameters[Name] = {"Value": Value, "Version": version, **about}
        self.history[f"{Name}:{version}"] = self.parameters[Name]
        return {"Version": version}

    def _delete_parameter(self, Name: str) -> dict[str, Any]:
        if self.parameters.pop(Name, None) is None:
            raise refusal("ParameterNotFound")
        self.history = {name: held for name, held in self.history.items() if name.partition(":")[0] != Name}
        return {}

    def _list_tags_for_resource(self, ResourceType: str, ResourceId: str) -> dict[str, Any]:
        return {"TagList": self.parameters[ResourceId].get("Tags", [])}

    def _add_tags_to_resource(self, ResourceType: str, ResourceId: str, Tags: list[dict[str, str]]) -> dict[str, Any]:
        self.parameters[ResourceId]["Tags"] = Tags
        return {}
