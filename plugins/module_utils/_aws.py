# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""AWS sessions from the connection options of amazon.aws, and roles assumed with them.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
import json
import threading
from collections.abc import Callable, Mapping
from typing import Any

from ._arguments import Role
from ._aws_direct import OPERATIONS, DirectCalls
from ._errors import (
    AuthenticationError,
    AuthorizationError,
    Evidence,
    InvalidRequest,
    MalformedAnswer,
    NotFound,
    PanwCloudError,
    ServerError,
    Throttled,
    TransportError,
)
from ._no_answer import of_botocore
from ._pacing import Pace
from ._secrets import Scrubber, read_json

try:
    import boto3.session
    import botocore
    import botocore.config
    import botocore.exceptions
    import botocore.parsers
    import botocore.session
except ImportError:  # AnsibleAWSModule reports the missing SDK
    pass

DEFAULT_REGION = "us-east-1"
ASSUME_ROLE_ADVICE = (
    "Check that the role exists and that its trust policy allows the caller, with the same external id; "
    "a new or changed role takes some seconds to be seen."
)
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
class Connection:
    """How to reach AWS, as amazon.aws reads it from options and environment.

    :param endpoint_url: a URL in place of AWS's own, or None.
    :param parameters: for boto3's session and clients: keys, C(profile_name), C(verify), C(aws_config).
    """

    region: str | None
    endpoint_url: str | None
    parameters: Mapping[str, Any]


@dataclasses.dataclass(frozen=True)
class Credentials:
    """AWS keys, under the names that botocore's signer reads.

    :param account_id: the account they belong to, where it is known.
    """

    access_key: str
    secret_key: str = dataclasses.field(repr=False)
    token: str | None = dataclasses.field(repr=False)
    account_id: str | None = None


class AwsClient:
    """Gets AWS credentials and clients over one session, one client per service, which threads may share.

    :param scrubber: learns the caller's own secret key and session token. Those of assumed roles are for others to use, and to learn.
    :param connections: how many connections to one host are kept.
    :param pace: of the requests to a service, None for as they come.
    :param direct: whether frequent requests are sent by L(DirectCalls).
    """

    def __init__(
        self,
        connection: Connection,
        scrubber: Scrubber,
        *,
        connections: int = 10,
        pace: Callable[[str], Pace] | None = None,
        direct: bool = False,
    ) -> None:
        self._connection = connection
        self._scrubber = scrubber
        self._connections, self._pace = connections, pace
        self._making = threading.Lock()
        self._session: Any = None
        self._clients: dict[str, Any] = {}
        self._direct: dict[str, DirectCalls] = {}
        # A user's own settings of botocore can ask for what only botocore knows.
        self._directly = direct and not connection.parameters.get("aws_config")

    def credentials(self, role: Role | None) -> Credentials:
        """The credentials of an assumed role, or without a role those of the caller.

        :raises PanwCloudError: AWS refuses, or cannot be reached.
        """
        return self._assume(role) if role else self._ambient()

    def _assume(self, role: Role) -> Credentials:
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
            raise self._nonsense(attempted)
        return Credentials(access_key, secret_key, token, role.account_id)

    def _ambient(self) -> Credentials:
        attempted = "find AWS credentials"
        try:
            found = self._boto_session().get_credentials()
            frozen = found and found.get_frozen_credentials()
        except (botocore.exceptions.BotoCoreError, ValueError) as error:  # the latter of a program that prints no JSON
            failure = self._failure(attempted, error, "")
        else:
            if frozen:
                return self._known(
                    frozen.access_key, frozen.secret_key, frozen.token, getattr(found, "account_id", None)
                )
            failure = AuthenticationError(
                attempted,
                Evidence(reason="none are configured"),
                "Set a profile, keys or an instance role, or 'role_arn'.",
            )
        raise failure

    def account_of(self, credentials: Credentials) -> str | None:
        """The account of the credentials, asked from STS where it is not known; None where STS does not tell."""
        if credentials.account_id:
            return credentials.account_id
        try:
            return self.ask("sts", "identify the caller", "get_caller_identity").get("Account")
        except PanwCloudError:
            return None

    def _known(self, access_key: str, secret_key: str, token: str | None, account_id: str | None) -> Credentials:
        self._scrubber.learn(secret_key, token)
        return Credentials(access_key, secret_key, token, account_id)

    def _boto_session(self) -> Any:
        if self._session is None:
            parameters = self._connection.parameters
            base = botocore.session.Session(profile=parameters.get("profile_name"))
            base.set_config_variable("sts_regional_endpoints", "regional")
            self._session = boto3.session.Session(
                aws_access_key_id=parameters.get("aws_access_key_id"),
                aws_secret_access_key=parameters.get("aws_secret_access_key"),
                aws_session_token=parameters.get("aws_session_token"),
                region_name=self._connection.region or DEFAULT_REGION,
                botocore_session=base,
            )
        return self._session

    def client(self, service: str) -> Any:
        """boto3's client for a service, with the caller's own credentials."""
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
            user_agent=f"panw.cloud (Ansible collection) Botocore/{botocore.__version__}",  # botocore's own takes a tenth of a request's time
        )
        own = self._connection.parameters.get("aws_config")
        made = self._boto_session().client(
            service,
            endpoint_url=self._connection.endpoint_url,
            verify=self._connection.parameters.get("verify"),
            config=config.merge(own) if own else config,
        )
        if self._pace:
            _set_pace(made.meta.events, self._pace(service))
        return made

    def ask(self, service: str, attempted: str, operation: str, advice: str = "", **request: Any) -> Mapping[str, Any]:
        """Call one operation of a service.

        :param attempted: what it is for, as the end of "Could not …". :param operation: boto3's name of it. :param advice: what to do where AWS denies it.
        :raises PanwCloudError: AWS refuses, or cannot be reached.
        """
        try:
            answer: Mapping[str, Any] | None = self._ask_directly(service, operation, request)
            if answer is None:
                answer = getattr(self.client(service), operation)(**request)
        except (botocore.exceptions.ClientError, botocore.exceptions.BotoCoreError, ValueError) as error:
            failure = self._failure(attempted, error, advice)
        except (botocore.parsers.ResponseParserError, KeyError):  # the text of the former holds the answer
            failure = self._nonsense(attempted)
        else:
            return answer or {}
        raise failure

    def _ask_directly(self, service: str, operation: str, request: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """The answer, None where botocore's general way has to be taken."""
        if not self._directly or operation not in OPERATIONS.get(service, ()):
            return None
        client = self.client(service)
        with self._making:
            if service not in self._direct:
                pace = self._pace(service) if self._pace else None
                self._direct[service] = DirectCalls(client, service, self._frozen, pace)
        return self._direct[service].ask(operation, request)

    def _frozen(self) -> Any:
        found = self._boto_session().get_credentials()
        return found and found.get_frozen_credentials()

    def _nonsense(self, attempted: str) -> PanwCloudError:
        evidence = Evidence(target=self._connection.endpoint_url or "AWS", reason="the answer is not one of AWS")
        return MalformedAnswer(attempted, evidence, "Check 'endpoint_url', and that no proxy or login page answers.")

    def _failure(self, attempted: str, error: Exception, advice: str) -> PanwCloudError:
        """Turn botocore's exception into ours, raised by the caller outside of the handler so that nothing of it is chained."""
        if isinstance(error, botocore.exceptions.ClientError):
            return self._refusal(attempted, error.response, advice)
        evidence = Evidence(target=self._connection.endpoint_url, reason=self._scrubber.clean(of_botocore(error)))
        credentials = (
            botocore.exceptions.NoCredentialsError,
            botocore.exceptions.PartialCredentialsError,
            botocore.exceptions.CredentialRetrievalError,
            botocore.exceptions.ProfileNotFound,
            botocore.exceptions.TokenRetrievalError,
        )
        if isinstance(error, credentials):
            return AuthenticationError(attempted, evidence, "Set a profile, keys or an instance role that AWS accepts.")
        if isinstance(error, (botocore.exceptions.HTTPClientError, botocore.exceptions.ConnectionError)):
            return TransportError(
                attempted, evidence, "Check 'endpoint_url', 'region', 'aws_ca_bundle', the network and the proxy."
            )
        return InvalidRequest(attempted, evidence, "Correct the AWS connection options.")

    def _refusal(self, attempted: str, response: Mapping[str, Any], advice: str) -> PanwCloudError:
        read_json(json.dumps(response, default=str), self._scrubber)  # learns what stands under secrets' names
        said, meta = response.get("Error", {}), response.get("ResponseMetadata", {})
        code, status = str(said.get("Code", "")), int(meta.get("HTTPStatusCode", 0))
        evidence = Evidence(
            target=self._connection.endpoint_url or "AWS",
            status=status,
            error_code=self._scrubber.clean(code),
            reason=self._scrubber.clean(str(said.get("Message", ""))),
            request_id=self._scrubber.clean(str(meta["RequestId"])) if meta.get("RequestId") else None,
            attempts=int(meta.get("RetryAttempts", 0)) + 1,
        )
        if code in _DENIED:
            return AuthorizationError(attempted, evidence, advice or None)
        if code in _NOT_AUTHENTICATED:
            return AuthenticationError(attempted, evidence, "Check the AWS keys, their expiry and this host's clock.")
        if code in _MISSING:
            return NotFound(attempted, evidence)
        if code in _THROTTLED:
            return Throttled(attempted, evidence)
        return ServerError(attempted, evidence) if status >= 500 else InvalidRequest(attempted, evidence)


def _set_pace(events: Any, pace: Pace) -> None:
    """Let each request of a boto3 client wait for its turn, the repeated ones included."""

    def wait(**_event: Any) -> None:
        pace.wait()

    def learn(response_dict: Any, parsed_response: Any, **_event: Any) -> None:
        code = (parsed_response or {}).get("Error", {}).get("Code")
        after = str((response_dict or {}).get("headers", {}).get("retry-after", ""))
        throttled = code in _THROTTLED or (response_dict or {}).get("status_code") == 429
        pace.answered(throttled=throttled, retry_after=float(after) if after.isascii() and after.isdigit() else None)

    events.register("before-send", wait)
    events.register("response-received", learn)
