# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""AWS clients with the connection options of amazon.aws, and assumed roles.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
import json
import threading
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from .._common.errors import (
    AuthenticationError,
    AuthorizationError,
    ErrorContext,
    InvalidRequest,
    InvalidResponse,
    NotFound,
    PanwCloudError,
    ServerError,
    Throttled,
    TransportError,
)
from .._common.redaction import Scrubber, read_json
from .._transport.errors import explain, of_botocore
from .._transport.rate_limiter import ServiceLimiter
from .assumed_role import AssumedRole
from .credentials import Caller, Connection, provider_of, unavailable
from .fast_client import OPERATIONS, DirectCalls

try:
    import botocore
    import botocore.config
    import botocore.exceptions
    import botocore.parsers
except ImportError:  # AnsibleAWSModule reports the missing SDK
    pass

__all__ = ["AwsClient", "Connection", "Credentials"]

ASSUME_ROLE_ADVICE = (
    "Check that the role exists and that its trust policy allows the caller, with the same external ID. If the AWS credentials are a session of this role "
    "already, leave 'role_arn' out. A new or changed role takes some seconds to take effect."
)
_READS = ("batch_get_", "describe_", "get_", "list_")
# A member that every complete response to an operation has.
_MEMBERS = {
    "assume_role": "Credentials",
    "batch_get_secret_value": "SecretValues",
    "create_secret": "ARN",
    "delete_secret": "ARN",
    "describe_secret": "ARN",
    "get_caller_identity": "Account",
    "get_parameter": "Parameter",
    "get_parameters": "Parameters",
    "get_resource_policy": "ARN",
    "get_secret_value": "VersionId",
    "list_tags_for_resource": "TagList",
    "put_parameter": "Version",
    "put_resource_policy": "ARN",
    "put_secret_value": "VersionId",
    "restore_secret": "ARN",
    "update_secret": "ARN",
    "update_secret_version_stage": "ARN",
}
# Next steps by AWS error code, if more specific than those of the error class.
_ADVICE = {
    "ExpiredToken": "Get new AWS credentials: the session of these AWS keys has expired.",
    "ExpiredTokenException": "Get new AWS credentials: the session of these AWS keys has expired.",
    "MalformedPolicyDocument": "Correct 'session_policy'.",
    "PackedPolicyTooLarge": "Shorten 'session_policy'.",
    "RegionDisabledException": "Activate STS for this region in the account, or set 'region' to another one.",
}
_DENIED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "RegionDisabledException"}
_NOT_AUTHENTICATED = {
    "ExpiredToken",
    "ExpiredTokenException",
    "IncompleteSignature",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "MissingAuthenticationToken",
    "RequestExpired",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
}
_MISSING = {"NoSuchEntity", "ParameterNotFound", "ResourceNotFoundException"}
_THROTTLED = {"Throttling", "ThrottlingException", "RequestLimitExceeded", "TooManyRequestsException", "SlowDown"}


@dataclasses.dataclass(frozen=True)
class Credentials:
    """AWS keys, with the attribute names that botocore's signer reads.

    :param account_id: the account they belong to, None if unknown.
    """

    access_key: str
    secret_key: str = dataclasses.field(repr=False)
    token: str | None = dataclasses.field(repr=False)
    account_id: str | None = None


class AwsClient:
    """Provides AWS credentials and clients over one session, one client per service, safe to share between threads.

    :param scrubber: learns the caller's own secret key and session token, not those of assumed roles.
    :param connections: the number of pooled connections per host.
    :param pace: the rate limiter of a service, None for no limit.
    :param direct: whether frequent requests are sent by L(DirectCalls).
    """

    def __init__(
        self,
        connection: Connection,
        scrubber: Scrubber,
        *,
        connections: int = 10,
        pace: Callable[[str], ServiceLimiter] | None = None,
        direct: bool = False,
    ) -> None:
        self._connection = connection
        self._scrubber = scrubber
        self._caller = Caller(connection, scrubber)
        self._connections, self._pace = connections, pace
        self._making = threading.Lock()
        self._clients: dict[str, Any] = {}
        self._direct: dict[str, DirectCalls] = {}
        # The user's 'aws_config' can have settings that only botocore supports.
        self._directly = direct and not connection.parameters.get("aws_config")

    def credentials(self, role: AssumedRole | None) -> Credentials:
        """The credentials of an assumed role, or without a role those of the caller.

        :raises PanwCloudError: AWS rejects the request, or cannot be reached.
        """
        return self._assume(role) if role else self._ambient()

    def _assume(self, role: AssumedRole) -> Credentials:
        optional = {"ExternalId": role.external_id, "DurationSeconds": role.duration, "Policy": role.policy}
        request = {
            "RoleArn": role.arn,
            "RoleSessionName": role.session_name,
            **{k: v for k, v in optional.items() if v is not None},
        }
        attempted = f"assume role {role.arn}"
        issued = self.ask("sts", attempted, "assume_role", ASSUME_ROLE_ADVICE, **request).get("Credentials", {})
        access_key, secret_key, token = (issued.get(n) for n in ("AccessKeyId", "SecretAccessKey", "SessionToken"))
        if not (access_key and secret_key and token):
            raise self._invalid_response(attempted)
        return Credentials(access_key, secret_key, token, role.account_id)

    def _ambient(self) -> Credentials:
        keys = self._caller.keys()
        return Credentials(keys.access_key, keys.secret_key, keys.token, getattr(keys, "account_id", None))

    def account_of(self, credentials: Credentials) -> str | None:
        """The account of the credentials, queried from STS if unknown; None if STS fails."""
        if credentials.account_id:
            return credentials.account_id
        try:
            return self.ask("sts", "identify the caller", "get_caller_identity").get("Account")
        except PanwCloudError:
            return None

    def client(self, service: str) -> Any:
        """The boto3 client for a service, with the caller's own credentials."""
        if service not in self._clients:
            with self._making:  # a session is not safe to share, a client is
                if service not in self._clients:
                    self._clients[service] = self._made(service)
        return self._clients[service]

    def _made(self, service: str) -> Any:
        config = botocore.config.Config(
            connect_timeout=10,
            read_timeout=30,
            retries={"mode": "standard", "max_attempts": 5},
            max_pool_connections=self._connections,
            user_agent=f"panw.cloud (Ansible collection) Botocore/{botocore.__version__}",  # botocore's default takes a tenth of a request's time
        )
        own = self._connection.parameters.get("aws_config")
        made = self._caller.session().client(
            service,
            endpoint_url=self._connection.endpoint_url,
            verify=self._connection.verify,
            config=config.merge(own) if own else config,
        )
        pace = self._pace(service) if self._pace else None
        if self._directly and service in OPERATIONS:
            self._direct[service] = DirectCalls(made, service, self._caller.keys, pace)
        if pace:
            _set_pace(made.meta.events, pace)
        return made

    def ask(self, service: str, attempted: str, operation: str, advice: str = "", **request: Any) -> Mapping[str, Any]:
        """Call one operation of a service.

        :param attempted: its purpose, as the end of "Could not …". :param operation: its name in boto3. :param advice: what to do if AWS denies it.
        :raises PanwCloudError: no credentials, or AWS rejects the request, or cannot be reached.
        """
        self._caller.keys()
        tries = 2 if operation.startswith(_READS) else 1  # a truncated response to a read is worth a retry
        failure: PanwCloudError | None = None
        for _time in range(tries):
            try:
                response = self._send(service, operation, request)
                # botocore returns an empty document for a truncated response.
                if operation not in _MEMBERS or _MEMBERS[operation] in response:
                    return response
            except (botocore.parsers.ResponseParserError, KeyError):
                pass  # the text of the former holds the response
            except Exception as error:
                failure = self._failure(service, attempted, error, advice)
                if not failure:
                    raise
                break
        try:
            raise failure or self._invalid_response(attempted)
        finally:
            del failure  # else it would be in a reference cycle with its traceback

    def _send(self, service: str, operation: str, request: Mapping[str, Any]) -> Mapping[str, Any]:
        client = self.client(service)
        direct = self._direct.get(service)
        response: Mapping[str, Any] | None = direct.ask(operation, request) if direct else None
        return getattr(client, operation)(**request) if response is None else response

    def _invalid_response(self, attempted: str) -> PanwCloudError:
        context = ErrorContext(target=self._connection.endpoint_url or "AWS", reason="the response is not from AWS")
        return InvalidResponse(attempted, context, "Check 'endpoint_url', and that no proxy or login page responds.")

    def _failure(self, service: str, attempted: str, error: Exception, advice: str) -> PanwCloudError | None:
        """Convert an exception of botocore, None for any other. The caller raises it outside of the handler, so that nothing is chained."""
        if provider_of(error):  # while renewing credentials
            return unavailable(error, self._scrubber)
        if isinstance(error, botocore.exceptions.ClientError):
            return self._refusal(service, attempted, error.response, advice)
        if isinstance(error, (botocore.exceptions.HTTPClientError, botocore.exceptions.ConnectionError)):
            found = explain(error, "aws_ca_bundle")
            next_step = found.next_step or "Check 'endpoint_url', 'region', the network and the proxy."
            return TransportError(attempted, ErrorContext(target=self._target(service), reason=found.reason), next_step)
        if isinstance(error, (botocore.exceptions.BotoCoreError, ValueError)):
            context = ErrorContext(
                target=self._connection.endpoint_url, reason=self._scrubber.clean(of_botocore(error))
            )
            return InvalidRequest(attempted, context, "Correct the AWS connection options.")
        return None

    def _target(self, service: str) -> str:
        """The target of requests to a service: the URL in the options, otherwise botocore's host."""
        made = self._clients.get(service)
        return self._connection.endpoint_url or (made and urlsplit(made.meta.endpoint_url).hostname) or "AWS"

    def _refusal(self, service: str, attempted: str, response: Mapping[str, Any], advice: str) -> PanwCloudError:
        read_json(json.dumps(response, default=str), self._scrubber)  # learns the values under secrets' names
        said, meta = response.get("Error", {}), response.get("ResponseMetadata", {})
        code, status = str(said.get("Code", "")), int(meta.get("HTTPStatusCode", 0))
        context = ErrorContext(
            target=self._connection.endpoint_url or "AWS",
            status=status,
            error_code=self._scrubber.clean(code),
            reason=self._scrubber.clean(str(said.get("Message", ""))),
            request_id=self._scrubber.clean(str(meta["RequestId"])) if meta.get("RequestId") else None,
            attempts=int(meta.get("RetryAttempts", 0)) + 1,
        )
        next_step = _ADVICE.get(code)
        if code in _DENIED:
            return AuthorizationError(attempted, context, next_step or advice or None)
        if code in _NOT_AUTHENTICATED:
            region = self._clients[service].meta.region_name
            check = f"Check the AWS keys, that they are valid in {region}, for which the request was signed, and this host's clock."
            return AuthenticationError(attempted, context, next_step or check)
        if code in _MISSING:
            return NotFound(attempted, context)
        if code in _THROTTLED:
            return Throttled(attempted, context)
        if status >= 500:
            return ServerError(attempted, context)
        if "DurationSeconds" in str(context.reason):
            next_step = "Lower 'session_duration': it exceeds the maximum of the role, or of AWS for role chaining."
        return InvalidRequest(attempted, context, next_step)


def _set_pace(events: Any, pace: ServiceLimiter) -> None:
    """Make each request of a boto3 client wait for the rate limiter, retries included."""

    def wait(event_name: str, **_event: Any) -> None:
        pace.wait(event_name.rpartition(".")[2])  # such as before-send.secretsmanager.PutSecretValue

    def learn(response_dict: Any, parsed_response: Any, **_event: Any) -> None:
        code = (parsed_response or {}).get("Error", {}).get("Code")
        after = str((response_dict or {}).get("headers", {}).get("retry-after", ""))
        throttled = code in _THROTTLED or (response_dict or {}).get("status_code") == 429
        pace.answered(throttled=throttled, retry_after=float(after) if after.isascii() and after.isdigit() else None)

    events.register("before-send", wait)
    events.register("response-received", learn)
