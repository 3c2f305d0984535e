# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signatures match AWS's test suite and a server-side computation."""

from __future__ import annotations

import hashlib
import hmac
import random
import string
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, quote, urlsplit

import botocore.auth
import botocore.awsrequest
import pytest
import requests
from ansible_collections.panw.cloud.plugins.module_utils._aws.client import Credentials
from ansible_collections.panw.cloud.plugins.module_utils._common.redaction import Scrubber
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.endpoints import Endpoint
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.responses import classify
from ansible_collections.panw.cloud.plugins.module_utils._transport.http import REPEATABLE, Call, HttpClient, Limits
from ansible_collections.panw.cloud.plugins.module_utils._transport.sigv4 import SERVICE, Signer, SigV4Auth
from ansible_collections.panw.cloud.tests.helpers import sigv4_vectors as vectors
from ansible_collections.panw.cloud.tests.helpers.fakes import CREDENTIALS, TOKEN, Reply, Server
from ansible_collections.panw.cloud.tests.helpers.fakes import http as client
from ansible_collections.panw.cloud.tests.helpers.servers import Loopback, answering


class Moments:
    """A clock that advances by a second at each call."""

    def __init__(self) -> None:
        self.next = datetime.strptime(vectors.DATE, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)

    def __call__(self) -> datetime:
        moment, self.next = self.next, self.next + timedelta(seconds=1)
        return moment


def auth(credentials: Credentials = CREDENTIALS, region: str = "us-east-1", service: str = SERVICE) -> SigV4Auth:
    return SigV4Auth(Signer(credentials, region, service, Moments()))


def raw(method: str, path: str) -> requests.PreparedRequest:
    """A request with the path as written in the test suite; requests itself encodes only the query."""
    request = requests.Request(method, f"https://{vectors.HOST}{path}").prepare()
    if "?" not in path:
        request.url = f"https://{vectors.HOST}{path}"
    return request


@pytest.mark.parametrize("case", vectors.CASES)
def test_signature_equals_published_vectors(case: str) -> None:
    line, signature = vectors.CASES[case]
    token = vectors.SESSION_TOKENS.get(case)
    credentials = Credentials(vectors.ACCESS_KEY, vectors.SECRET_KEY, token)
    request = auth(credentials, vectors.REGION, vectors.SERVICE)(raw(*line.split(" ", 1)))
    signed = "host;x-amz-date" + (";x-amz-security-token" if token else "")
    assert request.headers["Authorization"] == (
        f"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders={signed}, Signature={signature}"
    )
    assert request.headers["X-Amz-Date"] == vectors.DATE
    assert request.headers.get("X-Amz-Security-Token") == token


def expected(request: requests.PreparedRequest, host: str) -> str:
    """The signature according to AWS's specification, computed from what a server received, without botocore."""
    path, _rest, query = (request.path_url or "").partition("?")
    pairs = sorted((quote(k, safe="-_.~"), quote(v, safe="-_.~")) for k, v in parse_qsl(query, keep_blank_values=True))
    date = request.headers["X-Amz-Date"]
    names = {"host": host, "x-amz-date": date, "x-amz-security-token": request.headers["X-Amz-Security-Token"]}
    body = request.body or b""
    canonical = "\n".join(
        [
            request.method or "",
            quote(path, safe="/-_.~"),
            "&".join(f"{k}={v}" for k, v in pairs),
            *(f"{name}:{value}" for name, value in names.items()),
            "",
            ";".join(names),
            hashlib.sha256(body if isinstance(body, bytes) else body.encode()).hexdigest(),
        ]
    )
    scope = f"{date[:8]}/us-east-1/execute-api/aws4_request"
    text = "\n".join(["AWS4-HMAC-SHA256", date, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    key = b"AWS4" + CREDENTIALS.secret_key.encode()
    for part in (*scope.split("/"), text):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key.hex()


def signature(request: requests.PreparedRequest) -> str:
    return str(request.headers["Authorization"]).rpartition("Signature=")[2]


def sent(url: str, method: str = "GET", body: bytes | None = b'{"ExpiryTime": 30}') -> requests.PreparedRequest:
    server = Server(Reply(200, {}))
    client(server).send(Call("try", method, url, auth(), body), classify)
    return server.requests[0]


BASE = "https://abc.execute-api.us-east-1.amazonaws.com"
QUERIES = ["plus+sign", "a/b=c", "100%", "two words", "+/=%& ", "ü", "~-._", ""]


@pytest.mark.parametrize("value", QUERIES)
def test_query_is_signed_as_sent(value: str) -> None:
    request = sent(Endpoint(BASE, "us-east-1").join("/v1/config/rulestacks", {"nexttoken": value, "a": "1"}))
    assert signature(request) == expected(request, "abc.execute-api.us-east-1.amazonaws.com")
    assert dict(parse_qsl(urlsplit(request.url or "").query, keep_blank_values=True)) == {"nexttoken": value, "a": "1"}


@pytest.mark.parametrize(
    ("url", "host"),
    [
        (f"{BASE}/prod/v1/mgmt/tokens", "abc.execute-api.us-east-1.amazonaws.com"),
        (f"{BASE}:443/v1/mgmt/tokens", "abc.execute-api.us-east-1.amazonaws.com"),
        ("https://localhost:8443/stage/two/v1/mgmt/tokens", "localhost:8443"),
        ("https://[::1]:8443/v1/mgmt/tokens", "[::1]:8443"),
    ],
)
def test_stage_path_and_port_are_signed(url: str, host: str) -> None:
    request = sent(url)
    assert signature(request) == expected(request, host)


def test_token_in_path_is_signed() -> None:
    token = TOKEN + "/+= %"
    request = sent(f"{BASE}/v1/mgmt/tokens/{quote(token, safe='')}", "DELETE", b"{}")
    assert request.path_url.endswith("%2F%2B%3D%20%25")
    assert signature(request) == expected(request, "abc.execute-api.us-east-1.amazonaws.com")


@pytest.mark.parametrize("body", [None, b"", b"{}", b'{"ExpiryTime": 30}', "ü".encode()])
def test_body_is_signed(body: bytes | None) -> None:
    request = sent(BASE, "POST", body)
    assert signature(request) == expected(request, "abc.execute-api.us-east-1.amazonaws.com")


def test_each_retry_has_new_date_and_signature() -> None:
    server = Server(Reply(503), Reply(503), Reply(200, {}))
    client(server).send(Call("try", "GET", BASE, auth(), unknown_limit=REPEATABLE), classify)
    dates = [request.headers["X-Amz-Date"] for request in server.requests]
    assert dates == ["20150830T123600Z", "20150830T123601Z", "20150830T123602Z"]
    assert len({signature(request) for request in server.requests}) == 3
    assert all(signature(request) == expected(request, urlsplit(BASE).netloc) for request in server.requests)


def test_sent_request_equals_signed_request() -> None:
    """Path, query, host and body as received on a real socket yield the same signature."""
    with Loopback(answering(b"{}")) as server:
        url = f"{server.url}/prod/v1/mgmt/tokens/a%2Fb?expirytime=30&x=%2B%20%25"
        HttpClient(True, Scrubber(), ca_option="ngfw_ca_bundle", limits=Limits(attempts=1)).send(
            Call("try", "GET", url, auth(), b'{"ExpiryTime": 30}'), classify
        )
        (got,) = server.received
    request = requests.PreparedRequest()
    request.method, request.url, request.body = got.method, f"http://ignored{got.target}", got.body
    request.headers = got.headers
    assert signature(request) == expected(request, got.headers["Host"])


@pytest.mark.parametrize("seed", range(50))
def test_signature_equals_botocores(seed: int) -> None:
    """For random paths, queries, bodies and headers; retried if the second changes between the two signatures."""
    dice = random.Random(seed)  # noqa: S311 - not for secrets

    def text(most: int) -> str:
        return "".join(dice.choices(string.ascii_letters + string.digits + "-._~/ +=&%,;:üλ", k=dice.randint(0, most)))

    query = "&".join(f"{quote(text(9), safe='')}={quote(text(9), safe='')}" for _pair in range(dice.randint(0, 4)))
    port = dice.choice(["", ":443", ":8443"])
    url = f"https://Host.example{port}/{quote(text(30), safe=dice.choice(['/', '']))}{'?' if query else ''}{query}"
    body, headers = text(40).encode(), {"Content-Type": "application/json", "X-Amz-Target": f"a  {seed}.b"}
    token = dice.choice([None, "session//token+=="])
    keys = Credentials("AKIAEXAMPLE", "secret/+key", token)
    while True:
        theirs = botocore.awsrequest.AWSRequest(method="POST", url=url, data=body, headers=headers)
        botocore.auth.SigV4Auth(keys, "secretsmanager", "eu-west-1").add_auth(theirs)
        ours = Signer(keys, "eu-west-1", "secretsmanager").headers("POST", url, body, headers)
        if ours["X-Amz-Date"] == theirs.headers["X-Amz-Date"]:
            break
    assert ours == {name: value for name, value in theirs.headers.items() if name not in headers}


def test_signer_reused_past_midnight_signs_for_new_day() -> None:
    moments = [datetime(2026, 5, 19, 23, 59, 59, tzinfo=UTC), datetime(2026, 5, 20, tzinfo=UTC)]
    kept = Signer(CREDENTIALS, "us-east-1", SERVICE, iter(moments).__next__)
    for moment in moments:
        fresh = Signer(CREDENTIALS, "us-east-1", SERVICE, lambda moment=moment: moment)
        assert kept.headers("GET", BASE, b"") == fresh.headers("GET", BASE, b"")
