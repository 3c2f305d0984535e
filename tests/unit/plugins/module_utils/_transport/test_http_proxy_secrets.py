# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No error shows a proxy's user name or password, whatever their characters and whichever library fails."""

from __future__ import annotations

import json
import socket
import traceback
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._aws.client import AwsClient, Connection
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import PanwCloudError
from ansible_collections.panw.cloud.plugins.module_utils._common.redaction import Scrubber
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.responses import classify
from ansible_collections.panw.cloud.plugins.module_utils._transport.errors import explain, of_botocore
from ansible_collections.panw.cloud.plugins.module_utils._transport.tls_probe import proxy
from ansible_collections.panw.cloud.tests.helpers.send_request import QUICK, call, quick
from botocore import exceptions
from botocore.config import Config
from requests import exceptions as requests_exceptions

ONCE = Config(retries={"total_max_attempts": 1}, connect_timeout=2)
PASSWORDS = {
    "plain": "pässw0rd-Zq7",
    "slash": "Zq7/behind",
    "hash": "Zq7#behind",
    "question mark": "Zq7?behind",
    "at": "Zq7@behind",
    "colon": "Zq7:behind",
    "percent": "Zq7%behind",
    "space": "Zq7 behind",
    "brackets": "Zq7[behind]",
    "quotes": "Zq7\"behind'",
    "backslash": "Zq7\\behind",
}
SCHEMES = ("http", "https", "socks5", "socks5h", "socks4a", "ftp", "")


@pytest.fixture
def closed() -> Iterator[int]:
    """A port without a listener."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def urls(password: str, port: int, schemes: tuple[str, ...] = SCHEMES) -> list[str]:
    """Proxy URLs with the password as users write it: escaped and unescaped."""
    written = dict.fromkeys([password, quote(password, safe="")])
    places = [f"user-Zq7:{text}@127.0.0.1:{port}" for text in written]
    return [f"{scheme}://{place}" if scheme else place for scheme in schemes for place in places]


def shown(error: PanwCloudError) -> str:
    chained = "".join(traceback.format_exception(error))
    return f"{error}{error!r}{json.dumps(error.as_result())}{chained}"


@pytest.mark.parametrize("password", PASSWORDS.values(), ids=PASSWORDS)
def test_http_client_error_shows_no_proxy_password(password: str, closed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for url in urls(password, closed):
        monkeypatch.setenv("HTTPS_PROXY", url)
        with pytest.raises(PanwCloudError) as caught:
            quick(limits=QUICK).send(call("https://api.example.invalid"), classify)
        assert "Zq7" not in shown(caught.value), url
        assert "behind" not in shown(caught.value), url
        assert proxy("https://api.example.invalid") == f"127.0.0.1:{closed}", url


@pytest.mark.parametrize("password", PASSWORDS.values(), ids=PASSWORDS)
def test_aws_client_error_shows_no_proxy_password(password: str, closed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = {"aws_access_key_id": "AKIDEXAMPLE", "aws_secret_access_key": "x" * 40, "aws_config": ONCE}
    for url in urls(password, closed, ("http", "socks5h", "")):
        monkeypatch.setenv("HTTPS_PROXY", url)
        made = AwsClient(Connection("us-east-1", None, keys), Scrubber())
        with pytest.raises(PanwCloudError) as caught:
            made.ask("sts", "identify the caller", "get_caller_identity")
        assert "Zq7" not in shown(caught.value), url
        assert "behind" not in shown(caught.value), url


URL = "http://user-Zq7:Zq7@proxy:1"
RAISED: list[Exception] = [
    exceptions.ProxyConnectionError(proxy_url=URL),
    exceptions.HTTPClientError(error=ValueError(f"Failed to parse: {URL}")),
    exceptions.EndpointConnectionError(endpoint_url=URL),
    exceptions.ConnectTimeoutError(endpoint_url=URL),
    exceptions.SSLError(endpoint_url=URL, error=OSError(f"no {URL}")),
    exceptions.ConnectionClosedError(endpoint_url=URL),
    exceptions.CredentialRetrievalError(provider="custom-process", error_msg="Zq7 printed by a program"),
    exceptions.TokenRetrievalError(provider="sso", error_msg="Zq7"),
    exceptions.ParamValidationError(report="Invalid type for parameter SecretString, value: Zq7, type: x"),
    exceptions.ValidationError(value="Zq7", param="SecretString", type_name="text"),
    exceptions.MetadataRetrievalError(error_msg=f"Received error when attempting: {URL}"),
    exceptions.ProfileNotFound(profile=f"named {URL}"),
    ValueError(f"Failed to parse: {URL}"),
    OSError(f"Tunnel connection failed: {URL}"),
    OSError(5, f"Zq7 {URL}"),
    socket.gaierror(-2, f"unknown {URL}"),
    requests_exceptions.ProxyError(OSError(f"Tunnel connection failed: 407 Zq7 {URL}")),
    requests_exceptions.InvalidProxyURL(f"Please check {URL}"),
    requests_exceptions.ConnectionError(OSError(f"SOCKS5 authentication failed: {URL}")),
]


@pytest.mark.parametrize("error", RAISED, ids=repr)
def test_library_error_text_with_proxy_password_is_replaced(error: Exception) -> None:
    assert "Zq7" not in of_botocore(error)
    assert of_botocore(error).strip()
    assert "Zq7" not in explain(error, "ngfw_ca_bundle").reason


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (exceptions.NoCredentialsError(), "Unable to locate credentials"),
        (exceptions.ProfileNotFound(profile="prod"), "The config profile (prod) could not be found"),
        (
            exceptions.PartialCredentialsError(provider="env", cred_var="aws_secret_access_key"),
            "Partial credentials found in env, missing: aws_secret_access_key",
        ),
        (exceptions.CredentialRetrievalError(provider="sso", error_msg="x"), "retrieving credentials from sso"),
        (exceptions.ParamValidationError(report="Invalid length for parameter RoleArn, value: 3"), "RoleArn"),
        (exceptions.HTTPClientError(error=OSError(113, "x")), "No route to host"),
        (exceptions.SSLError(endpoint_url="https://x", error=OSError(104, "x")), "Connection reset by peer"),
    ],
    ids=repr,
)
def test_library_error_text_without_secret_is_quoted(error: Exception, words: str) -> None:
    assert words in of_botocore(error)
