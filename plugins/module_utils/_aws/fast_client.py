# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Direct requests to AWS over a boto3 client's connections, for fleets: botocore itself takes half of a rotation's CPU time.

The URL and the inputs of the signature come from botocore: it prepares and signs one request, which is not sent. If the signature computed here differs
from botocore's for the same request, botocore sends all requests.

A request is sent once. Only a success, or an error that no retry can change, is final; in all other cases botocore starts over, with its own retry
rules. Only requests that botocore itself would have retried are sent twice this way.

Source: AWS JSON 1.1 protocol and AWS Query protocol (smithy.io), AWS STS API reference (AssumeRole).

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from xml.etree import ElementTree

from .._transport.sigv4 import Signer

try:
    from botocore.awsrequest import AWSPreparedRequest
    from botocore.exceptions import BotoCoreError, ClientError
except ImportError:  # AnsibleAWSModule reports the missing SDK
    pass

if TYPE_CHECKING:
    from .._transport.rate_limiter import ServiceLimiter

OPERATIONS = {
    "sts": {"assume_role": "AssumeRole"},
    "secretsmanager": {
        "batch_get_secret_value": "BatchGetSecretValue",
        "describe_secret": "DescribeSecret",
        "get_secret_value": "GetSecretValue",
        "put_secret_value": "PutSecretValue",
        "update_secret_version_stage": "UpdateSecretVersionStage",
    },
}
"""The supported operations, by service and name in boto3. They do not need parameters that botocore would add."""
_THROTTLED = ("Throttling", "TooManyRequests", "RequestLimitExceeded", "SlowDown")
_SAMPLES: dict[str, tuple[str, dict[str, str]]] = {
    "sts": ("assume_role", {"RoleArn": "arn:aws:iam::123456789012:role/Sample", "RoleSessionName": "sample"}),
    "secretsmanager": ("describe_secret", {"SecretId": "sample"}),
}
_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=[^/]+/\d{8}/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request, SignedHeaders=(?P<names>[^,]+), Signature=\w+"
)
_FORM = "application/x-www-form-urlencoded; charset=utf-8"
_STS = "{https://sts.amazonaws.com/doc/2011-06-15/}"


class _NotSent(Exception):
    """Carries a request that botocore was about to send."""

    def __init__(self, request: Any) -> None:
        super().__init__()
        self.request = request


class DirectCalls:
    """Direct requests to one service.

    :param client: the boto3 client, whose connections, URL and region are used; it must not be in use yet.
    :param credentials: returns the caller's current credentials.
    """

    def __init__(self, client: Any, service: str, credentials: Callable[[], Any], pace: ServiceLimiter | None) -> None:
        self._service, self._credentials, self._pace = service, credentials, pace
        # Not a public interface of botocore: if another version lacks it, botocore sends the requests.
        self._http = getattr(getattr(client, "_endpoint", None), "http_session", None)
        self._signer: Signer | None = None
        self._url = self._region = self._agent = ""
        prepared = _prepared_by(client)
        if prepared is None or not self._learn_from(prepared):
            self._http = None

    def _learn_from(self, prepared: Any) -> bool:
        """Copy URL, region and service from a request that botocore signed. :return: whether our signature of it is equal."""
        headers = {name: _text(value) for name, value in prepared.headers.items()}
        found = _AUTHORIZATION.fullmatch(headers.get("Authorization", ""))
        if not found or found["service"] != self._service:
            return False
        self._url, self._region, self._agent = prepared.url, found["region"], headers.get("User-Agent", "")
        moment = datetime.strptime(headers["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=timezone.utc)
        signer = Signer(self._credentials(), self._region, self._service, lambda: moment)
        own = {"host", "x-amz-date", "x-amz-security-token"}
        also = {name: value for name, value in headers.items() if name.lower() in set(found["names"].split(";")) - own}
        body = prepared.body.encode() if isinstance(prepared.body, str) else prepared.body
        made = signer.headers(prepared.method, self._url, body, also)
        return made["Authorization"] == headers["Authorization"]

    def ask(self, operation: str, request: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """The response, None if botocore has to send the request.

        :param operation: its name in boto3. :raises ClientError: a final error of AWS.
        """
        name = OPERATIONS[self._service].get(operation)
        credentials = self._credentials()
        if self._http is None or name is None or credentials is None:
            return None
        prepared = self._prepared(name, request, credentials)
        if self._pace:
            self._pace.wait(name)
        sent = self._pace.now if self._pace else 0.0
        try:
            response = self._http.send(prepared)
            status, body = response.status_code, response.content
        except BotoCoreError:
            return None
        if self._pace:
            self._pace.took(f"{name} {self._url}", sent)
        try:
            return self._read(name, status, body, response.headers)
        except (ValueError, ElementTree.ParseError):
            return None

    def _prepared(self, name: str, request: Mapping[str, Any], credentials: Any) -> AWSPreparedRequest:
        if self._service == "sts":
            headers = {"Content-Type": _FORM}
            body = urlencode({"Action": name, "Version": "2011-06-15", **request}).encode()
        else:
            headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": f"{self._service}.{name}"}
            body = json.dumps(request).encode()
        signer = self._signer
        if signer is None or signer.credentials != credentials:
            signer = self._signer = Signer(credentials, self._region, self._service)
        signed = signer.headers("POST", self._url, body, headers)
        fields = {**headers, **signed, "User-Agent": self._agent}
        return AWSPreparedRequest("POST", self._url, fields, body, False)

    def _read(self, name: str, status: int, body: bytes, headers: Mapping[str, str]) -> Mapping[str, Any] | None:
        if self._service == "sts":
            self._learn(status == 429, headers)
            return _assumed(body) if status == 200 else None
        document = json.loads(body)
        if not isinstance(document, dict):
            return None
        if status == 200:
            self._learn(False, headers)
            return {key: value for key, value in document.items() if value is not None}
        code = str(document.get("__type", "")).rpartition("#")[2].partition(":")[0]
        throttled = status == 429 or code.startswith(_THROTTLED)
        self._learn(throttled, headers)
        if throttled or status >= 500 or not code:
            return None
        said = {"Code": code, "Message": str(document.get("message") or document.get("Message") or "")}
        meta = {"HTTPStatusCode": status, "RequestId": headers.get("x-amzn-requestid"), "RetryAttempts": 0}
        raise ClientError({"Error": said, "ResponseMetadata": meta}, name)

    def _learn(self, throttled: bool, headers: Mapping[str, str]) -> None:
        if self._pace:
            after = headers.get("retry-after", "")
            self._pace.answered(throttled=throttled, retry_after=float(after) if after.isdecimal() else None)


def _prepared_by(client: Any) -> Any:
    """A request that botocore prepared and signed, but did not send; None if it fails before."""

    def keep(request: Any, **_event: Any) -> None:
        raise _NotSent(request)

    service = client.meta.service_model.service_name
    client.meta.events.register_first("before-send", keep)
    try:
        operation, request = _SAMPLES[service]
        getattr(client, operation)(**request)
    except _NotSent as caught:
        return caught.request
    except Exception:  # it is raised and reported when botocore sends the request
        return None
    finally:
        client.meta.events.unregister("before-send", keep)


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def _assumed(body: bytes) -> Mapping[str, Any] | None:
    """The credentials in a response to AssumeRole."""
    found = ElementTree.fromstring(body).find(f"{_STS}AssumeRoleResult/{_STS}Credentials")  # noqa: S314 - as botocore does
    return None if found is None else {"Credentials": {field.tag.rpartition("}")[2]: field.text for field in found}}
