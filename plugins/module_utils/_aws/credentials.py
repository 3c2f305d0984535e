# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The caller's AWS credentials, from any provider of botocore.

Providers run programs, read files and call services, and raise arbitrary exceptions. Here they become one kind of error, which names the provider
and the next step, and never quotes the output of a program or a service: it can hold keys.

Source: botocore's user guide on credentials; AWS SDKs and tools reference guide (standardized credential providers).

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import copy
import dataclasses
import re
import threading
import traceback
from collections.abc import Mapping
from typing import Any

from .._common.errors import AuthenticationError, ErrorContext
from .._common.redaction import Scrubber
from .._transport.errors import explain
from .regions import DEFAULT_REGION

try:
    import boto3.session
    import botocore.exceptions
    import botocore.session
except ImportError:  # AnsibleAWSModule reports the missing SDK
    pass

ATTEMPTED = "find AWS credentials"
_WHERE = "Set 'profile', or keys (AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY), or run on an instance, in a task or in a pod with a role."
_KEYS = "Set both parts of the key, and the session token of temporary keys: in the options, in the environment, or in the profile."
_CODE_NEEDED = (
    "The profile requires an MFA code, and a run cannot prompt for it: get a session with 'aws sts get-session-token' or 'aws sts assume-role', "
    "with '--serial-number' and '--token-code', and use its keys."
)
# Next steps if a provider fails, by its name in botocore.
_ADVICE = {
    "custom-process": (
        "Run the program of 'credential_process' in the profile: it must exit with 0 and print one JSON object with Version 1, AccessKeyId and "
        "SecretAccessKey. Its output is not shown, because it can hold keys."
    ),
    "sso": "Run 'aws sso login' with the same profile, then run again. For unattended runs, use a role or keys.",
    "login": "Run 'aws login' with the same profile, then run again. For unattended runs, use a role or keys.",
    "assume-role": "Check the profile's 'role_arn', 'source_profile' and 'credential_source', and the trust policy of the role.",
    "assume-role-with-web-identity": (
        "Check the file that AWS_WEB_IDENTITY_TOKEN_FILE or 'web_identity_token_file' names, and that the trust policy of the role names the issuer "
        "of its token."
    ),
    "container-role": (
        "Check AWS_CONTAINER_CREDENTIALS_FULL_URI or AWS_CONTAINER_CREDENTIALS_RELATIVE_URI, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE, and the role of "
        "the task or pod."
    ),
    "iam-role": (
        "Check the instance profile and AWS_EC2_METADATA_SERVICE_ENDPOINT, and that the instance metadata service responds (containers need a hop "
        "limit of at least 2)."
    ),
    "explicit": _KEYS,
    "env": _KEYS,
    "boto-config": _KEYS,
    "ec2-credentials-file": _KEYS,
    "shared-credentials-file": _KEYS,
    "config-file": _KEYS,
}
_FILES = "Correct the AWS configuration and credentials files (AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE), or set 'profile' to one that they contain."
_KEY = re.compile(r"[\x21-\x7e]+")


@dataclasses.dataclass(frozen=True)
class Connection:
    """How to reach AWS, as amazon.aws reads it from options and environment.

    :param endpoint_url: a URL instead of AWS's own, or None.
    :param parameters: for boto3's session and clients: keys, C(profile_name), C(verify), C(aws_config).
    """

    region: str | None
    endpoint_url: str | None
    parameters: Mapping[str, Any]

    @property
    def verify(self) -> bool | str | None:
        """The CA bundle from the option, False for no verification, None for that of the environment or the profile."""
        asked: bool | str | None = self.parameters.get("verify")
        return None if asked is True else asked


class CodeNeeded(Exception):
    """A profile requires an MFA code."""


class Caller:
    """The caller's AWS session. Safe to share between threads.

    :param scrubber: learns the caller's secret key and session token.
    """

    def __init__(self, connection: Connection, scrubber: Scrubber) -> None:
        self._connection, self._scrubber = connection, scrubber
        self._loading = threading.Lock()
        self._session: Any = None
        self._found: Any = None
        self._failure: AuthenticationError | None = None
        self._usable: Any = None

    def session(self) -> Any:
        """boto3's session. :raises AuthenticationError: the profile or the files cannot be read."""
        self.keys()
        return self._session

    def keys(self) -> Any:
        """The current credentials, with the attribute names that botocore's signer reads.

        :raises AuthenticationError: none are available. The failure is cached: thousands of targets do not each wait for it.
        """
        if self._found is None:
            with self._loading:
                if self._found is None and self._failure is None:
                    self._failure = self._load()
        if self._failure:
            raise _copy(self._failure)
        try:
            return self._checked()
        except Exception as error:
            failure = unavailable(error, self._scrubber)
        raise failure

    def _load(self) -> AuthenticationError | None:
        try:
            self._session = _session(self._connection)
            found = self._session.get_credentials()
            if found is None:
                return AuthenticationError(ATTEMPTED, ErrorContext(reason="none are configured"), _WHERE)
            self._found = found
            self._checked()
        except Exception as error:
            self._found = None
            return unavailable(error, self._scrubber)
        return None

    def _checked(self) -> Any:
        """The credentials, checked. :raises _UnusableKeys: no request can be signed with them."""
        keys = self._found.get_frozen_credentials()
        if keys == self._usable:
            return keys
        self._scrubber.learn(*(value for value in (keys.secret_key, keys.token) if isinstance(value, str)))
        parts = {"access key": keys.access_key, "secret key": keys.secret_key, "session token": keys.token or "none"}
        wrong = [name for name, value in parts.items() if not (isinstance(value, str) and _KEY.fullmatch(value))]
        if wrong:
            raise _UnusableKeys(f"the credentials have no valid {' and no valid '.join(wrong)}", self._found)
        self._usable = keys
        return keys


class _UnusableKeys(Exception):
    """Credentials that cannot sign a request. :ivar method: botocore's name of their provider."""

    def __init__(self, problem: str, found: Any) -> None:
        super().__init__(problem)
        self.method = getattr(found, "method", None)


def unavailable(error: BaseException, scrubber: Scrubber) -> AuthenticationError:
    """The error for any exception during the search for credentials. Raise it outside of the handler, so that nothing is chained."""
    provider = provider_of(error)
    by = f" (provider '{provider}')" if provider else ""
    context, advice = ErrorContext(reason=f"{_reason(error)}{by}"), _ADVICE.get(provider or "", _FILES)
    if isinstance(error, botocore.exceptions.ClientError):
        said, meta = error.response.get("Error", {}), error.response.get("ResponseMetadata", {})
        context = ErrorContext(
            status=meta.get("HTTPStatusCode"),
            error_code=str(said.get("Code", "")),
            reason=f"{scrubber.clean(str(said.get('Message', '')))}{by}",
            request_id=meta.get("RequestId"),
        )
    elif isinstance(error, (CodeNeeded, botocore.exceptions.RefreshWithMFAUnsupportedError)):
        advice = _CODE_NEEDED
    elif isinstance(error, (botocore.exceptions.HTTPClientError, botocore.exceptions.ConnectionError)):
        advice = f"Check the network, the proxy and 'aws_ca_bundle'. {advice}"
    return AuthenticationError(ATTEMPTED, context, advice)


def profile_problem(profile: str | None, scrubber: Scrubber) -> AuthenticationError | None:
    """Why a profile, by default that of the environment, cannot be read; None if it can."""
    try:
        botocore.session.Session(profile=profile).get_scoped_config()
    except botocore.exceptions.BotoCoreError as error:
        return unavailable(error, scrubber)
    return None


def provider_of(error: BaseException) -> str | None:
    """botocore's name of the provider that failed: the innermost one in the traceback, since providers can call others.

    The first frame is that of the handler. It is not a provider, and reading its variables would keep a reference to the exception in them.
    """
    raised = error.__traceback__ and error.__traceback__.tb_next
    frames = [frame for frame, _line in traceback.walk_tb(raised)]
    for owner in (error, *(frame.f_locals.get("self") for frame in reversed(frames))):
        for name in (getattr(owner, "METHOD", None), getattr(owner, "method", None)):
            if isinstance(name, str) and name in _ADVICE:
                return name
    return None


def _reason(error: BaseException) -> str:
    """The reason: botocore's message if it is about configuration, never text from a program, a service or a file."""
    configuration = (
        botocore.exceptions.ConfigNotFound,
        botocore.exceptions.ConfigParseError,
        botocore.exceptions.InvalidConfigError,
        botocore.exceptions.InvalidIMDSEndpointError,
        botocore.exceptions.InvalidIMDSEndpointModeError,
        botocore.exceptions.MissingDependencyException,
        botocore.exceptions.PartialCredentialsError,
        botocore.exceptions.ProfileNotFound,
        botocore.exceptions.RefreshWithMFAUnsupportedError,
        botocore.exceptions.SSOError,
        botocore.exceptions.UnknownCredentialError,
        CodeNeeded,
        _UnusableKeys,
    )
    if isinstance(error, configuration):
        return str(error)
    if isinstance(error, (botocore.exceptions.HTTPClientError, botocore.exceptions.ConnectionError)):
        return explain(error, "aws_ca_bundle").reason
    if isinstance(error, OSError) and error.filename:
        return f"{error.strerror}: {error.filename}"
    return f"the provider failed with {type(error).__name__}"


def _session(connection: Connection) -> Any:
    parameters = connection.parameters
    base = botocore.session.Session(profile=parameters.get("profile_name"))
    base.set_config_variable("sts_regional_endpoints", "regional")
    if isinstance(connection.verify, str):  # for the services that providers call
        base.set_config_variable("ca_bundle", connection.verify)
    made = boto3.session.Session(
        aws_access_key_id=parameters.get("aws_access_key_id"),
        aws_secret_access_key=parameters.get("aws_secret_access_key"),
        aws_session_token=parameters.get("aws_session_token"),
        region_name=connection.region or DEFAULT_REGION,
        botocore_session=base,
    )
    if not parameters.get("aws_access_key_id"):
        # Not a public interface of botocore: its default prompter waits for input on the terminal.
        base.get_component("credential_provider").get_provider("assume-role")._prompter = _refuse_to_ask
    return made


def _refuse_to_ask(_prompt: str) -> str:
    raise CodeNeeded("the profile requires an MFA code")


def _copy(failure: AuthenticationError) -> AuthenticationError:
    made = copy.copy(failure)
    made.notes = list(failure.notes)
    return made
