# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verifier against vectors of AWS's published SigV4 test suite (aws-sig-v4-test-suite)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from panw_simulator import sigv4
from panw_simulator.messages import Headers, Request

SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
NOW = datetime(2015, 8, 30, 12, 36, tzinfo=UTC)
VECTORS = {
    "get-vanilla": ("GET", "/", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
    "get-vanilla-query-order-key-case": (
        "GET",
        "/?Param2=value2&Param1=value1",
        "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
    ),
    "post-vanilla": ("POST", "/", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
    "get-relative": ("GET", "/example/..", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
    "get-slashes": ("GET", "//", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
}


def signed(
    method, target, signature, stamp="20150830T123600Z", scope="20150830/us-east-1/service/aws4_request", **more
):
    authorization = (
        f"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/{scope}, SignedHeaders=host;x-amz-date, Signature={signature}"
    )
    headers = [("Host", "example.amazonaws.com"), ("X-Amz-Date", stamp), ("Authorization", authorization)]
    return Request(method, target, Headers([*headers, *more.get("headers", [])]), more.get("body", b""))


def verify(request, now=NOW, credentials=None, region="us-east-1", service="service"):
    known = credentials or sigv4.Credentials(SECRET)
    return sigv4.verify(request, {"AKIDEXAMPLE": known}.get, now, service, region)


@pytest.mark.parametrize("name", VECTORS)
def test_published_vectors_are_accepted(name):
    assert verify(signed(*VECTORS[name])).access_key == "AKIDEXAMPLE"


@pytest.mark.parametrize("name", VECTORS)
def test_published_vectors_with_another_body_are_rejected(name):
    with pytest.raises(sigv4.SignatureError, match="does not match"):
        verify(signed(*VECTORS[name], body=b"x"))


@pytest.mark.parametrize(
    ("query", "canonical"),
    [
        ("", ""),
        ("b=2&a=1", "a=1&b=2"),
        ("a=2&a=1", "a=1&a=2"),
        ("a", "a="),
        ("a=&b", "a=&b="),
        ("a=b%20c", "a=b%20c"),
        ("a=b+c", "a=b%20c"),
        ("a=%2f%7e", "a=%2F~"),
        ("a=1=2", "a=1%3D2"),
    ],
)
def test_query_is_sorted_and_encoded(query, canonical):
    assert sigv4.canonical_query(query) == canonical


@pytest.mark.parametrize(
    ("path", "canonical"),
    [
        ("", "/"),
        ("/a/./b", "/a/b"),
        ("/a//b/", "/a/b/"),
        ("/a/../b/..", "/"),
        ("/a%20b", "/a%2520b"),
        ("/a.b-c_d~e", "/a.b-c_d~e"),
    ],
)
def test_path_is_normalized_and_encoded_twice(path, canonical):
    assert sigv4.canonical_path(path) == canonical


@pytest.mark.parametrize("minutes", [-6, 6])
def test_clock_skew_beyond_five_minutes_is_rejected(minutes):
    with pytest.raises(sigv4.SignatureError, match=r"Signature (expired|not yet current): 20150830T123600Z"):
        verify(signed(*VECTORS["get-vanilla"]), NOW + timedelta(minutes=minutes))


@pytest.mark.parametrize("minutes", [-5, 5])
def test_clock_skew_of_five_minutes_is_accepted(minutes):
    verify(signed(*VECTORS["get-vanilla"]), NOW + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("options", "text"),
    [({"region": "eu-west-1"}, "valid region"), ({"service": "execute-api"}, "correct service: 'execute-api'")],
)
def test_wrong_scope_is_named(options, text):
    with pytest.raises(sigv4.SignatureError, match=text):
        verify(signed(*VECTORS["get-vanilla"]), **options)


def test_date_of_scope_must_be_that_of_the_request():
    request = signed(*VECTORS["get-vanilla"], scope="20150829/us-east-1/service/aws4_request")
    with pytest.raises(sigv4.SignatureError, match="Date in Credential scope"):
        verify(request)


def test_temporary_credentials_require_their_token_and_unexpired_session():
    temporary = sigv4.Credentials(SECRET, "the-token")
    with pytest.raises(sigv4.SignatureError, match="invalid"):
        verify(signed(*VECTORS["get-vanilla"]), credentials=temporary)
    with_token = signed(*VECTORS["get-vanilla"], headers=[("X-Amz-Security-Token", "the-token")])
    verify(with_token, credentials=temporary)
    with pytest.raises(sigv4.SignatureError, match="expired"):
        verify(with_token, credentials=sigv4.Credentials(SECRET, "the-token", expired=True))


@pytest.mark.parametrize("declared", ["UNSIGNED-PAYLOAD", "0" * 64])
def test_declared_hash_must_match_the_body(declared):
    with pytest.raises(sigv4.SignatureError, match="does not match"):
        verify(signed(*VECTORS["get-vanilla"], headers=[("X-Amz-Content-Sha256", declared)]))


@pytest.mark.parametrize(
    ("header", "text"),
    [
        ("Bearer abc", "missing equal-sign"),
        ("AWS4-HMAC-SHA256 Credential=a/b/c/d/e", "'Signature' parameter. .*'SignedHeaders' parameter"),
        ("AWS4-HMAC-SHA256 Credential=a, SignedHeaders=host, Signature=1", "5 slash-delimited"),
    ],
)
def test_malformed_authorization_is_explained(header, text):
    headers = Headers([("Host", "h"), ("X-Amz-Date", "20150830T123600Z"), ("Authorization", header)])
    with pytest.raises(sigv4.SignatureError, match=text) as refusal:
        verify(Request("GET", "/", headers))
    assert refusal.value.code == "IncompleteSignature"
