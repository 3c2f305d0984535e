# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Presigned requests for the floor, of the same kinds and in the same number as the engine sends."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from . import floor
from .processes import Failed
from .services import SimulatedServices

ORDER = (
    "sts:AssumeRole",
    "secretsmanager:BatchGetSecretValue",
    "secretsmanager:DescribeSecret",
    "secretsmanager:GetSecretValue",
    "secretsmanager:PutSecretValue",
    "GET /v1/mgmt/tokens/cloudrulestackadmin",
    "GET /v1/config/rulestacks",
    "secretsmanager:UpdateSecretVersionStage",
    "DELETE /v1/mgmt/tokens/{TokenId}",
)
"""All request kinds of the engine, by their names in the simulated services, in the order in which the floor sends them."""
MINT = "/v1/mgmt/tokens/cloudrulestackadmin?expirytime=60"
FORM = "application/x-www-form-urlencoded; charset=utf-8"


@dataclass
class Target:
    """The data for the requests of one target."""

    role_arn: str
    secret: str
    version: str = field(default_factory=lambda: str(uuid.uuid4()))
    credentials: Credentials | None = None
    token: Mapping[str, Any] = field(default_factory=dict)


class Signer:
    """Creates requests for targets with a separate secret each.

    :param threads: for the preparation, such as tokens to revoke.
    """

    def __init__(self, services: SimulatedServices, role_arns: list[str], threads: int) -> None:
        self._point = services.endpoints
        self._user = services.user
        self._threads = threads
        self._targets = [Target(arn, f"floor/{len(role_arns)}/{index:05d}") for index, arn in enumerate(role_arns)]
        self._makers: dict[str, Callable[[Target, int], requests.PreparedRequest]] = {
            ORDER[0]: lambda target, _index: self._assume(target),
            ORDER[1]: lambda target, _index: self._batch(target),
            ORDER[2]: lambda target, _index: self._secret("DescribeSecret", target),
            ORDER[3]: lambda target, _index: self._secret("GetSecretValue", target),
            ORDER[4]: lambda target, _index: self._put(target),
            ORDER[5]: lambda target, _index: self._mint(target),
            ORDER[6]: lambda target, _index: self._read(target),
            ORDER[7]: self._label,
            ORDER[8]: lambda target, _index: self._revoke(target),
        }
        self._create_secrets()

    def by_target(self, calls: Mapping[str, int]) -> list[list[requests.PreparedRequest]]:
        """Requests by target.

        :param calls: number of requests of each kind, over all targets.
        :raises Failed: a kind is unknown, or a request cannot be prepared.
        """
        unknown = calls.keys() - set(ORDER)
        if unknown:
            raise Failed(f"the floor does not support {', '.join(sorted(unknown))}")
        self._renew(tokens=any("/v1/" in name for name in calls))
        made: list[list[requests.PreparedRequest]] = [[] for _target in self._targets]
        count = len(self._targets)
        for name in ORDER:
            for number in range(calls.get(name, 0)):
                place = number % count
                made[place].append(self._makers[name](self._targets[place], number // count))
        return made

    def _renew(self, tokens: bool) -> None:
        for target, answer in zip(self._targets, self._send([self._assume(t) for t in self._targets]), strict=True):
            found = re.findall(r"<(?:AccessKeyId|SecretAccessKey|SessionToken)>([^<]*)<", answer.text)
            target.credentials = Credentials(*found)
        if tokens:
            answers = self._send([self._mint(target) for target in self._targets])
            for target, answer in zip(self._targets, answers, strict=True):
                target.token = answer.json()["Response"]

    def _create_secrets(self) -> None:
        text = json.dumps({"token": "x" * 400})
        self._send(
            [
                self._store("CreateSecret", Name=target.secret, SecretString=text, ClientRequestToken=target.version)
                for target in self._targets
            ]
        )

    def _send(self, prepared: list[requests.PreparedRequest]) -> list[requests.Response]:
        answers = floor.send([[request] for request in prepared], self._threads, self._point["ca_bundle"])
        problems = floor.refused(answers)
        if problems or not all(answers):
            raise Failed(f"preparation requests of the floor failed: {problems[:3]}")
        return [found[0] for found in answers]

    def _sign(
        self, method: str, url: str, service: str, credentials: Credentials | None, body: str, **headers: str
    ) -> requests.PreparedRequest:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = AWSRequest(method, url, headers=named, data=body)
        SigV4Auth(credentials, service, self._point["region"]).add_auth(request)
        return requests.Request(method, url, headers=dict(request.headers.items()), data=body).prepare()

    def _assume(self, target: Target) -> requests.PreparedRequest:
        body = {"Action": "AssumeRole", "Version": "2011-06-15", "RoleArn": target.role_arn, "RoleSessionName": "floor"}
        return self._sign("POST", f"{self._point['aws_url']}/", "sts", self._user, urlencode(body), Content_Type=FORM)

    def _store(self, operation: str, **document: Any) -> requests.PreparedRequest:
        headers = {"Content_Type": "application/x-amz-json-1.1", "X_Amz_Target": f"secretsmanager.{operation}"}
        url = f"{self._point['aws_url']}/"
        return self._sign("POST", url, "secretsmanager", self._user, json.dumps(document), **headers)

    def _secret(self, operation: str, target: Target, **document: Any) -> requests.PreparedRequest:
        return self._store(operation, SecretId=target.secret, **document)

    def _batch(self, target: Target) -> requests.PreparedRequest:
        start = self._targets.index(target) * 20 % len(self._targets)
        return self._store("BatchGetSecretValue", SecretIdList=[t.secret for t in self._targets[start : start + 20]])

    def _put(self, target: Target) -> requests.PreparedRequest:
        text = json.dumps(dict(target.token) or {"token": "x" * 400})
        version = str(uuid.uuid4())
        return self._secret(
            "PutSecretValue", target, SecretString=text, ClientRequestToken=version, VersionStages=["floor"]
        )

    def _label(self, target: Target, index: int) -> requests.PreparedRequest:
        return self._secret(
            "UpdateSecretVersionStage", target, VersionStage=f"floor-{index}", MoveToVersionId=target.version
        )

    def _mint(self, target: Target) -> requests.PreparedRequest:
        url, body = self._point["ngfw_url"] + MINT, '{"ExpiryTime": 60}'
        return self._sign("GET", url, "execute-api", target.credentials, body, Content_Type="application/json")

    def _read(self, target: Target) -> requests.PreparedRequest:
        headers = {"Authorization": target.token["TokenId"], "x-api-key": target.token["SubscriptionKey"]}
        url = f"{self._point['ngfw_url']}/v1/config/rulestacks?maxresults=1"
        return requests.Request("GET", url, headers=headers).prepare()

    def _revoke(self, target: Target) -> requests.PreparedRequest:
        url = f"{self._point['ngfw_url']}/v1/mgmt/tokens/{target.token['TokenId']}"
        headers = {"x_api_key": target.token["SubscriptionKey"], "Content_Type": "application/json"}
        return self._sign("DELETE", url, "execute-api", target.credentials, "{}", **headers)
