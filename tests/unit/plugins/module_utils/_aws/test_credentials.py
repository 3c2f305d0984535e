# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each credential provider yields credentials or an authentication error with a next step and without provider output."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import botocore.credentials
import botocore.exceptions
import botocore.tokens
import botocore.utils
import pytest
from ansible_collections.panw.cloud.plugins.module_utils._aws.assumed_role import AssumedRole
from ansible_collections.panw.cloud.plugins.module_utils._aws.client import AwsClient, Connection
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import AuthenticationError
from ansible_collections.panw.cloud.plugins.module_utils._common.redaction import MASK, Scrubber
from ansible_collections.panw.cloud.tests.helpers.fakes import ROLE_ARN
from ansible_collections.panw.cloud.tests.helpers.servers import Loopback, answering

ROLE = AssumedRole(ROLE_ARN, "panw.cloud")
SECRET = "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY"
GOOD = {"Version": 1, "AccessKeyId": "AKIAPROGRAM", "SecretAccessKey": SECRET}
DENIED = (
    b'<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>AccessDenied</Code>'
    b"<Message>User is not authorized</Message></Error><RequestId>id-1</RequestId></ErrorResponse>"
)
KEYS = "aws_access_key_id = AKIASOURCE\naws_secret_access_key = source-secret\n"
SSO = "sso_account_id = 123456789012\nsso_role_name = r\n"
SESSION = (
    f"[profile p]\n{SSO}sso_session = s\n[sso-session s]\nsso_region = us-east-1\nsso_start_url = https://s.example\n"
)


class Surroundings:
    """Where a provider runs: files, environment and a loopback service."""

    def __init__(self, path: Path, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
        self.path, self.url, self.setenv = path, url, monkeypatch.setenv
        self.options: dict[str, Any] = {"profile_name": "p"}

    def file(self, name: str, content: str | bytes, mode: int = 0o644) -> Path:
        made = self.path / name
        made.write_bytes(content if isinstance(content, bytes) else content.encode())
        made.chmod(mode)
        return made

    def config(self, text: str | bytes) -> None:
        self.setenv("AWS_CONFIG_FILE", str(self.file("config", text)))

    def environment(self, **variables: str) -> None:
        self.options = {}
        for name, value in variables.items():
            self.setenv(name, value)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Disable waits between provider attempts, and hide the tester's own credentials."""
    monkeypatch.setattr(botocore.utils.ContainerMetadataFetcher, "SLEEP_TIME", 0)
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    for owner in (botocore.credentials.SSOProvider, botocore.tokens.SSOTokenProvider):
        monkeypatch.setattr(owner, "_SSO_TOKEN_CACHE_DIR", str(tmp_path / "sso"), raising=True)


def program(output: Any = "", end: int = 0, errors: str = "", mode: int = 0o755) -> Callable[[Surroundings], None]:
    """A program for `credential_process` that prints the output, as JSON unless it is a string."""
    text = output if isinstance(output, (str, bytes)) else json.dumps(output)

    def arrange(seen: Surroundings) -> None:
        printed = seen.file("output", text)
        path = seen.file("program", f"#!/bin/sh\ncat {printed}\necho '{errors}' >&2\nexit {end}\n", mode)
        seen.config(f"[profile p]\ncredential_process = {path}\n")

    return arrange


def config(text: str | bytes) -> Callable[[Surroundings], None]:
    return lambda seen: seen.config(text)


def environment(**variables: str) -> Callable[[Surroundings], None]:
    """Environment variables; {path} and {url} are those of the surroundings."""
    return lambda seen: seen.environment(
        **{name: value.format(path=seen.path, url=seen.url) for name, value in variables.items()}
    )


def option(**options: Any) -> Callable[[Surroundings], None]:
    return lambda seen: setattr(seen, "options", options)


def both(*arrangements: Callable[[Surroundings], None]) -> Callable[[Surroundings], None]:
    def arrange(seen: Surroundings) -> None:
        for arrangement in arrangements:
            arrangement(seen)

    return arrange


def cached_sso_token(content: str) -> Callable[[Surroundings], None]:
    def arrange(seen: Surroundings) -> None:
        seen.config(SESSION)
        (seen.path / "sso").mkdir()
        seen.file("sso/a0f1490a20d0211c997b44bc357e1972deab8ae3.json", content)  # SHA-1 of the session name

    return arrange


WEB = environment(AWS_WEB_IDENTITY_TOKEN_FILE="{path}/token", AWS_ROLE_ARN=ROLE_ARN, AWS_ENDPOINT_URL_STS="{url}")
CONTAINER = environment(AWS_CONTAINER_CREDENTIALS_FULL_URI="{url}/c")
ASSUMING = f"[profile p]\nrole_arn = {ROLE_ARN}\nsource_profile = s\n"
LEAKS = answering(f'{{"SecretAccessKey": "{SECRET}"}}'.encode(), "500 Internal Server Error")
FAILURES: dict[str, tuple[Any, str, str]] = {
    "program is missing": (config("[profile p]\ncredential_process = /missing\n"), "/missing", "credential_process"),
    "program may not be run": (program(GOOD, mode=0o644), "Permission denied", "credential_process"),
    "program's command line": (config("[profile p]\ncredential_process = a 'b\n"), "ValueError", "credential_process"),
    "program prints a list": (program([GOOD]), "custom-process", "print one JSON object"),
    "program prints a number": (program(1), "custom-process", "print one JSON object"),
    "program prints null": (program("null"), "custom-process", "print one JSON object"),
    "program prints nothing": (program(), "custom-process", "print one JSON object"),
    "program prints no JSON": (program(f"export KEY={SECRET}"), "custom-process", "print one JSON object"),
    "program prints no UTF-8": (program(b"\xff"), "custom-process", "print one JSON object"),
    "program prints version 2": (program({**GOOD, "Version": SECRET}), "custom-process", "Version 1"),
    "program prints no secret": (program({"Version": 1, "AccessKeyId": SECRET}), "custom-process", "SecretAccessKey"),
    "program prints lists as keys": (
        program({**GOOD, "SecretAccessKey": [SECRET]}),
        "no valid secret key",
        "Version 1",
    ),
    "program prints a broken key": (
        program({**GOOD, "SecretAccessKey": SECRET + "\n"}),
        "no valid secret key",
        "Version 1",
    ),
    "program prints no date": (program({**GOOD, "Expiration": SECRET}), "custom-process", "credential_process"),
    "program's keys have expired": (
        program({**GOOD, "Expiration": "2001-01-01T00:00:00Z"}),
        "custom-process",
        "process",
    ),
    "program fails": (program(GOOD, 3, f"bad {SECRET}"), "custom-process", "exit with 0"),
    "web identity: no file": (WEB, "No such file or directory", "AWS_WEB_IDENTITY_TOKEN_FILE"),
    "web identity: no role": (environment(AWS_WEB_IDENTITY_TOKEN_FILE="/token"), "no role ARN", "trust policy"),
    "web identity: a directory": (
        both(WEB, lambda seen: (seen.path / "token").mkdir()),
        "Is a directory",
        "TOKEN_FILE",
    ),
    "web identity: rejected": (both(WEB, lambda seen: seen.file("token", SECRET)), "not authorized", "TOKEN_FILE"),
    "container: no token file": (
        both(CONTAINER, environment(AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE="{path}/none")),
        "No such file or directory",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    ),
    "container: a broken token": (
        both(CONTAINER, environment(AWS_CONTAINER_AUTHORIZATION_TOKEN=f"{SECRET}\n")),
        "ValueError",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    ),
    "container: no such host": (
        environment(AWS_CONTAINER_CREDENTIALS_FULL_URI="http://192.0.2.1/c"),
        "container-role",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    ),
    "SSO: not logged in": (config(SESSION), "'sso'", "Run 'aws sso login'"),
    "SSO: legacy, not logged in": (
        config(f"[profile p]\n{SSO}sso_region = us-east-1\nsso_start_url = https://s.example\n"),
        "'sso'",
        "Run 'aws sso login'",
    ),
    "SSO: session expired": (
        cached_sso_token(json.dumps({"accessToken": SECRET, "expiresAt": "2001-01-01T00:00:00Z"})),
        "'sso'",
        "Run 'aws sso login'",
    ),
    "SSO: the cache is not JSON": (cached_sso_token(SECRET), "'sso'", "Run 'aws sso login'"),
    "SSO: the cache is a list": (cached_sso_token("[]"), "'sso'", "Run 'aws sso login'"),
    "SSO: incomplete": (config(f"[profile p]\n{SSO}"), "missing required configuration", "aws sso login"),
    "SSO: no such session": (config(f"[profile p]\n{SSO}sso_session = s\n"), 'does not exist: "s"', "aws sso login"),
    "MFA code": (
        config(f"{ASSUMING}mfa_serial = arn:aws:iam::123456789012:mfa/m\n[profile s]\n{KEYS}"),
        "requires an MFA code",
        "aws sts get-session-token",
    ),
    "role: rejected": (
        both(
            environment(AWS_ENDPOINT_URL_STS="{url}"),
            config(f"{ASSUMING}[profile s]\n{KEYS}"),
            option(profile_name="p"),
        ),
        "not authorized",
        "trust policy of the role",
    ),
    "role: no response": (
        both(
            environment(AWS_ENDPOINT_URL_STS="http://127.0.0.1:9"),
            config(f"{ASSUMING}[profile s]\n{KEYS}"),
            option(profile_name="p"),
        ),
        "could not connect",
        "Check the network",
    ),
    "role: no source": (config(ASSUMING), 'source_profile "s"', "'source_profile'"),
    "role: no way": (
        config(f"[profile p]\nrole_arn = {ROLE_ARN}\n"),
        "source_profile or credential_source",
        "profile's",
    ),
    "role: two sources": (config(f"{ASSUMING}credential_source = Environment\n"), "contains both", "profile's"),
    "role: a loop": (
        config(f"{ASSUMING}[profile s]\nrole_arn = {ROLE_ARN}\nsource_profile = p\n"),
        "nfinite loop",
        "profile's",
    ),
    "role: an empty source": (
        config(f"[profile p]\nrole_arn = {ROLE_ARN}\ncredential_source = Environment\n"),
        "assume-role",
        "'credential_source'",
    ),
    "role: no such source": (
        config(f"[profile p]\nrole_arn = {ROLE_ARN}\ncredential_source = X\n"),
        "X",
        "credential_source",
    ),
    "role: its source's program": (
        config(f"{ASSUMING}[profile s]\ncredential_process = /missing\n"),
        "/missing",
        "credential_process",
    ),
    "files: no section": (config("no section\n"), "Unable to parse config file", "AWS_CONFIG_FILE"),
    "files: no UTF-8": (config(b"[profile p]\nregion = \xff\n"), "Unable to parse config file", "AWS_CONFIG_FILE"),
    "files: duplicate section": (
        config("[profile p]\n[profile p]\n"),
        "Unable to parse config file",
        "AWS_CONFIG_FILE",
    ),
    "files: no such profile": (option(profile_name="nobody"), "nobody", "set 'profile'"),
    "environment: no such profile": (environment(AWS_PROFILE="nobody"), "nobody", "set 'profile'"),
    "profile: half a key": (config("[profile p]\naws_access_key_id = A\n"), "aws_secret_access_key", "both parts"),
    "environment: half a key": (environment(AWS_ACCESS_KEY_ID="A"), "AWS_SECRET_ACCESS_KEY", "both parts"),
    "option: half a key": (option(aws_access_key_id="A"), "no valid secret key", "both parts"),
    "option: a broken token": (
        option(aws_access_key_id="A", aws_secret_access_key="B" * 20, aws_session_token=f"{SECRET}\n"),
        "no valid session token",
        "both parts",
    ),
    "metadata: no URL": (
        environment(AWS_EC2_METADATA_DISABLED="false", AWS_EC2_METADATA_SERVICE_ENDPOINT="nonsense"),
        "nonsense",
        "AWS configuration",
    ),
    "metadata: no response": (
        environment(AWS_EC2_METADATA_DISABLED="false", AWS_EC2_METADATA_SERVICE_ENDPOINT="http://127.0.0.1:9"),
        "none are configured",
        "AWS_ACCESS_KEY_ID",
    ),
    "nothing": (option(), "none are configured", "Set 'profile', or keys"),
}
if hasattr(botocore.exceptions, "LoginError"):  # older botocore versions do not read such profiles
    login = config("[profile p]\nlogin_session = s\n")
    FAILURES["login: no session"] = (login, "botocore[crt]", "Run 'aws login'")


def shown(error: BaseException) -> str:
    return "".join(traceback.format_exception(error)) + repr(error)


@pytest.mark.parametrize(("arrange", "reason", "advice"), FAILURES.values(), ids=FAILURES)
def test_provider_failure_raises_authentication_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, arrange: Any, reason: str, advice: str
) -> None:
    with Loopback(answering(DENIED, "403 Forbidden")) as server:
        seen = Surroundings(tmp_path, monkeypatch, server.url)
        arrange(seen)
        made = AwsClient(Connection("us-east-1", None, seen.options), Scrubber(), direct=True)
        for ask in (
            lambda: made.credentials(None),
            lambda: made.credentials(ROLE),
            lambda: made.ask("secretsmanager", "look", "describe_secret", SecretId="n"),
        ):
            with pytest.raises(AuthenticationError) as caught:
                ask()
            error = caught.value
            assert (error.__cause__, error.__context__) == (None, None)
            assert str(error).startswith("Could not find AWS credentials")
            assert reason in str(error.context.reason)
            assert advice in error.next_step
            assert SECRET not in shown(error) + str(error.as_result())


ANSWERS = {
    "500": LEAKS,
    "a list": answering(json.dumps([SECRET]).encode()),
    "no JSON": answering(SECRET.encode()),
    "no key": answering(json.dumps({"Token": SECRET}).encode()),
    "no date": answering(
        json.dumps({"AccessKeyId": "A", "SecretAccessKey": SECRET, "Token": "t", "Expiration": SECRET}).encode()
    ),
}


@pytest.mark.parametrize("behavior", ANSWERS.values(), ids=ANSWERS)
def test_container_service_with_unexpected_response_raises_error(
    monkeypatch: pytest.MonkeyPatch, behavior: Any
) -> None:
    with Loopback(behavior) as server:
        monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", f"{server.url}/c")
        made = AwsClient(Connection("us-east-1", None, {}), Scrubber())
        with pytest.raises(AuthenticationError) as caught:
            made.credentials(None)
    assert "container-role" in str(caught.value.context.reason)
    assert SECRET not in shown(caught.value)


def test_missing_credentials_are_searched_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A thousand targets do not wait a thousand times; each gets a separate error that accepts notes."""
    seen = Surroundings(tmp_path, monkeypatch, "")
    runs = tmp_path / "runs"
    seen.config(
        f"[profile p]\ncredential_process = {seen.file('program', f'#!/bin/sh{chr(10)}echo >> {runs}', 0o755)}\n"
    )
    made, errors = AwsClient(Connection("us-east-1", None, seen.options), Scrubber()), []
    for _target in range(3):
        with pytest.raises(AuthenticationError) as caught:
            made.credentials(None)
        caught.value.add("a note")
        errors.append(caught.value)
    assert runs.read_text() == "\n"
    assert [error.notes for error in errors] == [["a note"]] * 3


def test_credential_refresh_failure_raises_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The first response is valid for a moment, the second is invalid."""
    seen = Surroundings(tmp_path, monkeypatch, "")
    program({**GOOD, "Expiration": "2999-01-01T00:00:00Z"})(seen)
    made = AwsClient(Connection("us-east-1", None, seen.options), Scrubber())
    assert made.credentials(None).access_key == "AKIAPROGRAM"
    seen.file("output", f'["{SECRET}"]')
    monkeypatch.setattr(
        made._caller._found, "_expiry_time", botocore.credentials._parse_if_needed("2001-01-01T00:00:00Z")
    )
    with pytest.raises(AuthenticationError) as caught:
        made.credentials(None)
    assert "custom-process" in str(caught.value)
    assert SECRET not in shown(caught.value)


def test_profile_keys_and_environment_keys_are_resolved(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    seen = Surroundings(tmp_path, monkeypatch, "")
    seen.config(f"[profile p]\n{KEYS}")
    found = AwsClient(Connection("us-east-1", None, {"profile_name": "p"}), Scrubber()).credentials(None)
    assert (found.access_key, found.secret_key, found.token) == ("AKIASOURCE", "source-secret", None)
    seen.environment(AWS_ACCESS_KEY_ID="AKIAENVIRONMENT", AWS_SECRET_ACCESS_KEY=SECRET)
    scrubber = Scrubber()
    assert AwsClient(Connection("us-east-1", None, {}), scrubber).credentials(None).access_key == "AKIAENVIRONMENT"
    assert scrubber.clean(SECRET) == MASK
