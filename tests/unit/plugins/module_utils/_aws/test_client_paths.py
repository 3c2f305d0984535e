# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Direct requests match botocore's: same URL, proxy, CA and signing scope, wherever a setting comes from."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import botocore.awsrequest
import botocore.httpsession
import pytest
from ansible_collections.panw.cloud.plugins.module_utils._aws import fast_client
from ansible_collections.panw.cloud.plugins.module_utils._aws.assumed_role import AssumedRole
from ansible_collections.panw.cloud.plugins.module_utils._aws.client import AwsClient, Connection
from ansible_collections.panw.cloud.plugins.module_utils._common.redaction import Scrubber
from ansible_collections.panw.cloud.plugins.module_utils._transport.sigv4 import Signer
from ansible_collections.panw.cloud.tests.helpers.fakes import ROLE_ARN
from ansible_collections.panw.cloud.tests.helpers.servers import Loopback, answering

KEYS = {"aws_access_key_id": "AKIAEXAMPLEEXAMPLE1", "aws_secret_access_key": "the-secret-key-of-the-caller"}
SESSION = {**KEYS, "aws_session_token": "the/session+token=="}
# The minimum of a complete response, by operation.
WHOLE = b'{"ARN": "arn", "VersionId": "1", "SecretValues": [], "Parameter": {}, "Parameters": [], "Version": 1, "TagList": []}'
ASSUMED = b"""<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
<AccessKeyId>ASIAEXAMPLEEXAMPLE1</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>session</SessionToken>
<Expiration>2026-05-19T13:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"""
OPERATIONS = {
    "assume_role": ("sts", {}),
    "describe_secret": ("secretsmanager", {"SecretId": "a/b"}),
    "get_secret_value": ("secretsmanager", {"SecretId": "a/b", "VersionStage": "AWSCURRENT"}),
}


@dataclasses.dataclass(frozen=True)
class Sent:
    """A sent request without the parts that differ each time."""

    url: str
    body: Any
    proxies: Any
    verify: Any
    scope: str
    signed: frozenset[str]
    target: str | None


class Wire:
    """Replaces botocore's connections: records requests and returns responses."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.sent: list[Sent] = []
        self.agents: list[str] = []
        wire = self

        def send(session: Any, request: Any) -> Any:
            return wire.response(session, request)

        monkeypatch.setattr(botocore.httpsession.URLLib3Session, "send", send)

    def response(self, session: Any, request: Any) -> Any:
        headers = {name.lower(): value for name, value in _texts(request.headers).items()}
        found = re.search(r"Credential=[^/]+/\d+/(\S+), SignedHeaders=(\S+), Sig", headers["authorization"])
        assert found
        own = {name for name in found[2].split(";") if not name.startswith("amz-sdk")}
        body = request.body if isinstance(request.body, bytes) else request.body.encode()
        proxy = session._proxy_config.proxy_url_for(request.url)
        content = sorted(parse_qsl(body.decode())) if b"Action=" in body else json.loads(body)
        target = headers.get("x-amz-target")
        self.sent.append(Sent(request.url, content, proxy, session._verify, found[1], frozenset(own), target))
        self.agents.append(headers["user-agent"])
        response = ASSUMED if b"Action=" in body else WHOLE
        made = botocore.awsrequest.AWSResponse(request.url, 200, {}, None)
        made._content = response
        return made


def _texts(headers: Any) -> dict[str, str]:
    return {name: value.decode() if isinstance(value, bytes) else str(value) for name, value in headers.items()}


def profile(text: str) -> dict[str, str]:
    return {"profile": text}


FIPS, DUAL = "AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT"
SETTINGS: dict[str, dict[str, Any]] = {
    "nothing": {},
    "session token": {"options": SESSION},
    "no region": {"region": None},
    "url": {"url": "https://h.example"},
    "url with a slash": {"url": "https://h.example/"},
    "url with a path": {"url": "https://h.example/a/b"},
    "url with a path and a slash": {"url": "https://h.example/a/b/"},
    "url with dots and blanks": {"url": "https://h.example/a/../b%20c//d/"},
    "url with a port": {"url": "https://h.example:8443/"},
    "url with the scheme's port": {"url": "https://h.example:443"},
    "url of an address": {"url": "http://[::1]:9/"},
    "variable": {"env": {"AWS_ENDPOINT_URL": "https://h.example/"}},
    "variable with a path": {"env": {"AWS_ENDPOINT_URL": "https://h.example/aws"}},
    "variable with a query": {"env": {"AWS_ENDPOINT_URL": "https://h.example/aws?b=2&a=1"}},
    "variable with an odd query": {"env": {"AWS_ENDPOINT_URL": "https://h.example?a&&b=ü"}},
    "variables of services": {
        "env": {
            "AWS_ENDPOINT_URL_STS": "https://s.example/",
            "AWS_ENDPOINT_URL_SECRETS_MANAGER": "https://m.example/x/",
        }
    },
    "variable of one service": {"env": {"AWS_ENDPOINT_URL_STS": "https://s.example"}},
    "variable and option": {"url": "https://o.example/", "env": {"AWS_ENDPOINT_URL": "https://h.example"}},
    "variables to ignore": {
        "env": {"AWS_ENDPOINT_URL": "https://h.example", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"}
    },
    "profile's url": {"config": "endpoint_url = https://p.example/"},
    "profile's services": {
        "config": "services = s\n[services s]\nsts =\n  endpoint_url = https://s.example/a/\nsecrets_manager =\n  endpoint_url = https://m.example"
    },
    "profile's urls to ignore": {"config": "endpoint_url = https://p.example\nignore_configured_endpoint_urls = true"},
    "China": {"region": "cn-north-1"},
    "GovCloud": {"region": "us-gov-west-1"},
    "Europe's sovereign cloud": {"region": "eusc-de-east-1"},
    "isolated": {"region": "us-iso-east-1"},
    "future region": {"region": "mx-north-9"},
    "FIPS": {"env": {FIPS: "true"}, "region": "us-east-1"},
    "FIPS in GovCloud": {"env": {FIPS: "true"}, "region": "us-gov-west-1"},
    "FIPS of the profile": {"config": "use_fips_endpoint = true", "region": "us-west-2"},
    "dual stack": {"env": {DUAL: "true"}},
    "dual stack of the profile": {"config": "use_dualstack_endpoint = true"},
    "dual stack and FIPS": {"env": {DUAL: "true", FIPS: "true"}, "region": "us-east-1"},
    "dual stack in China": {"env": {DUAL: "true"}, "region": "cn-north-1"},
    "legacy STS": {"env": {"AWS_STS_REGIONAL_ENDPOINTS": "legacy"}, "region": "us-west-2"},
    "proxy": {"env": {"HTTPS_PROXY": "http://p.example:3128"}},
    "proxy for some": {"env": {"https_proxy": "http://p.example:3128", "NO_PROXY": "sts.eu-west-1.amazonaws.com"}},
    "proxy for none": {"env": {"HTTPS_PROXY": "http://p.example:3128", "no_proxy": "*"}},
    "proxy for http": {"env": {"HTTP_PROXY": "http://p.example:3128"}, "url": "http://localhost:9/"},
    "CA of the option": {"options": {**KEYS, "verify": "{bundle}"}},
    "CA of the environment": {"options": {**KEYS, "verify": True}, "env": {"AWS_CA_BUNDLE": "{bundle}"}},
    "CA of the profile": {"options": {"verify": True}, "config": "ca_bundle = {bundle}"},
    "CA of requests": {"options": {**KEYS, "verify": True}, "env": {"REQUESTS_CA_BUNDLE": "{bundle}"}},
    "no CA": {"options": {**KEYS, "verify": False}, "env": {"AWS_CA_BUNDLE": "{bundle}"}},
    "accounts in URLs": {"env": {"AWS_ACCOUNT_ID_ENDPOINT_MODE": "required"}},
    "many signature versions": {"env": {"AWS_AUTH_SCHEME_PREFERENCE": "sigv4a,sigv4"}},
}


def arranged(settings: Any, monkeypatch: pytest.MonkeyPatch, path: Path, bundle: str) -> Connection:
    for name, value in settings.get("env", {}).items():
        monkeypatch.setenv(name, value.replace("{bundle}", bundle))
    options = {name: bundle if value == "{bundle}" else value for name, value in settings.get("options", KEYS).items()}
    if "config" in settings:
        keys = f"aws_access_key_id = {KEYS['aws_access_key_id']}\naws_secret_access_key = the-key\n"
        file = path / "config"
        file.write_text(f"[profile p]\n{keys}{settings['config'].replace('{bundle}', bundle)}\n", encoding="utf-8")
        monkeypatch.setenv("AWS_CONFIG_FILE", str(file))
        options = {"profile_name": "p", "verify": options.get("verify")}
    return Connection(settings.get("region", "eu-west-1"), settings.get("url"), options)


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
def test_direct_request_equals_botocore_request(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, bundle: str, settings: dict[str, Any]
) -> None:
    wire = Wire(monkeypatch)
    connection = arranged(settings, monkeypatch, tmp_path, bundle)
    for direct in (False, True):
        made = AwsClient(connection, Scrubber(), direct=direct)
        made.credentials(AssumedRole(ROLE_ARN, "panw.cloud", external_id="a+b c", duration=900))
        for operation, (service, request) in OPERATIONS.items():
            if service != "sts":
                made.ask(service, "look", operation, **request)
    own, other = wire.sent[:3], wire.sent[3:]
    assert own == other
    if settings.get("config", "").startswith("ca_bundle") or "CA of" in str(settings):
        assert own[0].verify == bundle


def direct_ones(monkeypatch: pytest.MonkeyPatch, connection: Connection) -> int:
    """Return how many of three requests bypass botocore."""
    sent: list[str] = []
    read = fast_client.DirectCalls._read

    def counted(self: Any, name: str, *rest: Any) -> Any:
        sent.append(name)
        return read(self, name, *rest)

    monkeypatch.setattr(fast_client.DirectCalls, "_read", counted)
    made = AwsClient(connection, Scrubber(), direct=True)
    made.credentials(AssumedRole(ROLE_ARN, "panw.cloud"))
    for operation, (service, request) in OPERATIONS.items():
        if service != "sts":
            made.ask(service, "look", operation, **request)
    return len(sent)


def test_direct_path_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """Guards the comparison above: it proves nothing if botocore sends both requests."""
    Wire(monkeypatch)
    for url in (None, "https://h.example/a/", "https://h.example:8443"):
        assert direct_ones(monkeypatch, Connection("eu-west-1", url, SESSION)) == 3


def test_signature_different_from_botocores_disables_direct_path(monkeypatch: pytest.MonkeyPatch) -> None:
    wire, headers = Wire(monkeypatch), Signer.headers

    def other(self: Any, method: str, url: str, body: bytes, also: Any = None) -> dict[str, str]:
        return headers(self, method, url + "x", body, also)

    monkeypatch.setattr(Signer, "headers", other)
    assert direct_ones(monkeypatch, Connection("eu-west-1", None, KEYS)) == 0
    assert len(wire.sent) == 3


def test_direct_client_sends_nothing_before_first_call() -> None:
    """Reading botocore's settings costs neither a request nor a rate limiter turn."""
    with Loopback(answering(ASSUMED)) as server:
        made = AwsClient(Connection("eu-west-1", f"{server.url}/", KEYS), Scrubber(), direct=True)
        made.client("sts")
        assert server.received == []
        made.credentials(AssumedRole(ROLE_ARN, "panw.cloud"))
        assert [request.target for request in server.received] == ["/"]
