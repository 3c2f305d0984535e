# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts and regions: how they are derived, and what is rejected."""

from __future__ import annotations

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.panw.cloud.plugins.module_utils._common.urls import require_tls
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.endpoints import (
    Endpoint,
    data_plane,
    management_plane,
)

EU = "https://api.eu-west-1.aws.cloudngfw.paloaltonetworks.com"
GATEWAY = "https://abc123.execute-api.eu-west-1.amazonaws.com/prod"
REGIONS = [
    "us-west-1",
    "us-west-2",
    "us-east-1",
    "us-east-2",
    "ca-central-1",
    "ca-west-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "eu-central-1",
    "eu-south-1",
    "eu-south-2",
    "eu-north-1",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-4",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-east-1",
    "sa-east-1",
    "me-south-1",
    "mx-central-1",
    "af-south-1",
    "us-gov-west-1",
]


@pytest.mark.parametrize("region", REGIONS)
def test_region_yields_vendor_host(region: str) -> None:
    assert data_plane(region, None) == Endpoint(f"https://api.{region}.aws.cloudngfw.paloaltonetworks.com", region)


@pytest.mark.parametrize("region", ["", None])
def test_region_missing_is_rejected(region: str | None) -> None:
    with pytest.raises(InvalidInput, match="Option 'region' is missing"):
        data_plane(region, None)


@pytest.mark.parametrize(
    "region", ["us-east", "useast1", "us-east-1.evil.com/", "US-EAST-1", "us-east-1 ", "eu_west_1"]
)
def test_region_invalid_is_rejected(region: str) -> None:
    with pytest.raises(InvalidInput, match="Option 'region' is not the name of an AWS region"):
        data_plane(region, None)


@pytest.mark.parametrize("region", [None, "eu-west-1"])
@pytest.mark.parametrize(
    "url",
    [
        EU,
        EU.upper().replace("HTTPS", "https"),
        GATEWAY,
        GATEWAY.replace("eu-west-1.", "eu-west-1.vpce."),
        f"{EU}:8443/x",
    ],
)
def test_host_of_vendor_yields_region(url: str, region: str | None) -> None:
    assert data_plane(region, url) == Endpoint(url, "eu-west-1")


@pytest.mark.parametrize("url", [EU, GATEWAY])
def test_region_contradicting_host_is_rejected(url: str) -> None:
    with pytest.raises(InvalidInput, match=r"'ngfw_url' is a host of region eu-west-1, but the region is us-east-1\."):
        data_plane("us-east-1", url)


@pytest.mark.parametrize(
    "url",
    [
        "https://ngfw.example.com",
        "https://ngfw.example.com:8443/stage",
        "https://192.0.2.1/x",
        "https://[2001:db8::1]:8443",
        "https://api.eu-west-1.aws.cloudngfw.paloaltonetworks.com.example.com",
        "https://abc.execute-api.eu-west-1.amazonaws.com.example.com",
    ],
)
def test_host_of_other_domain_uses_task_region(url: str) -> None:
    assert data_plane("ap-south-1", url) == Endpoint(url, "ap-south-1")


def test_host_of_other_domain_without_region_is_rejected() -> None:
    with pytest.raises(InvalidInput, match=r"Option 'region' is missing, and the host ngfw\.example\.com"):
        data_plane(None, "https://ngfw.example.com")


@pytest.mark.parametrize("url", ["https://h.example/stage/", "https://h.example/stage//", "https://h.example/stage"])
def test_url_trailing_slash_is_removed(url: str) -> None:
    assert data_plane("us-east-1", url).url == "https://h.example/stage"
    assert data_plane("us-east-1", url).join("/v1/x", {"a": "1 2"}) == "https://h.example/stage/v1/x?a=1%202"


@pytest.mark.parametrize("value", ["a+b", "a/b", "a=b", "a%b", "a b", "ü", "-_.~"])
def test_query_is_encoded_like_aws_signature(value: str) -> None:
    url = Endpoint("https://h", "us-east-1").join("/p", {"q": value})
    assert set(url.partition("?q=")[2]) <= set("abABCDEF0123456789%-_.~")


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:8080",
        "http://LOCALHOST",
        "http://ngfw.localhost",
        "http://127.0.0.1",
        "http://127.255.0.3:1",
        "http://[::1]:8080/prod",
    ],
)
def test_loopback_url_without_tls_is_accepted(url: str) -> None:
    assert data_plane("us-east-1", url).url == url


@pytest.mark.parametrize(
    "url",
    [
        "http://ngfw.example.com",
        "http://192.0.2.1",
        "http://0.0.0.0",
        "http://[::]",
        "http://[2001:db8::1]",
        "http://localhost.example.com",
        "http://127.0.0.1.example.com",
        "http://notlocalhost",
        "http://10.0.0.1:8080",
        "http://128.0.0.1",
    ],
)
def test_remote_url_without_tls_is_rejected(url: str) -> None:
    with pytest.raises(InvalidInput, match=r"Option 'ngfw_url' would send credentials to .* without TLS\."):
        data_plane("us-east-1", url)


@pytest.mark.parametrize(
    "url",
    [
        "ngfw.example.com",
        "ngfw.example.com:443",
        "//ngfw.example.com",
        "ftp://ngfw.example.com",
        "file:///etc/passwd",
        "https://",
        "https:///path",
        "https://:443",
        "https://h:0",
        "https://h:99999",
        "https://h:port",
        "https://h example",
        "https://h\n",
        "https://[::1",
        "https://h]",
        "https://a\uff0fb.example",
        "http://evil.example\\.localhost/",
        "https://evil.example\\@h",
        "nonsense",
        " ",
    ],
)
def test_host_not_a_url_is_rejected(url: str) -> None:
    for plane in (lambda: data_plane("us-east-1", url), lambda: management_plane(url, None, "us-east-1")):
        with pytest.raises(InvalidInput, match="Option 'ngfw_url' is not a URL"):
            plane()


@pytest.mark.parametrize("url", ["https://user:hunter2@h", "https://user@h", "https://h?x=1", "https://h/#top"])
def test_url_with_extra_parts_is_rejected(url: str) -> None:
    with pytest.raises(InvalidInput, match="must not contain a user name, a query or a fragment") as caught:
        data_plane("us-east-1", url)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["ftp://user:hunter2@h", "https://user:hunter2@h:99999", "user:hunter2@h", "https://u:hunter2@h x"]
)
def test_url_password_is_not_repeated_in_error(url: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        require_tls("endpoint_url", url)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "management_url", "region", "expected"),
    [
        (None, None, "us-east-1", ("https://api.us-east-1.aws.cloudngfw.paloaltonetworks.com", "us-east-1")),
        (None, None, "eu-west-1", (EU, "eu-west-1")),
        (EU, None, "us-east-1", ("https://api.us-east-1.aws.cloudngfw.paloaltonetworks.com", "us-east-1")),
        ("https://h.example/p", None, "us-east-1", ("https://h.example/p", "us-east-1")),
        ("https://h.example/p", None, "eu-west-1", ("https://h.example/p", "eu-west-1")),
        (GATEWAY, None, "us-east-1", (GATEWAY, "eu-west-1")),
        (EU, "https://m.example", "us-east-1", ("https://m.example", "us-east-1")),
        (None, GATEWAY, "us-east-1", (GATEWAY, "eu-west-1")),
        (None, EU, "us-east-1", (EU, "eu-west-1")),
        (None, "http://[::1]:9", "us-west-2", ("http://[::1]:9", "us-west-2")),
    ],
)
def test_management_plane_url_is_derived(
    url: str | None, management_url: str | None, region: str, expected: tuple[str, str]
) -> None:
    assert management_plane(url, management_url, region) == Endpoint(*expected)


@pytest.mark.parametrize("option", ["ngfw_url", "ngfw_management_url"])
def test_management_region_contradicting_host_is_rejected(option: str) -> None:
    urls = (GATEWAY, None) if option == "ngfw_url" else (None, GATEWAY)
    with pytest.raises(InvalidInput, match=f"'{option}' is a host of region eu-west-1, but the region is us-west-2"):
        management_plane(*urls, "us-west-2")


def test_management_region_invalid_is_rejected() -> None:
    with pytest.raises(InvalidInput, match="Option 'ngfw_management_region' is not the name of an AWS region"):
        management_plane(None, None, "nowhere")


def test_management_url_without_tls_is_rejected() -> None:
    with pytest.raises(InvalidInput, match="Option 'ngfw_management_url' would send credentials"):
        management_plane(None, "http://h.example", "us-east-1")
