# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts of the API's types: which are valid, and which are equal."""

from __future__ import annotations

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources import texts
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.descriptor import Text

PORTS = "is not a protocol with ports such as TCP:443 or UDP:53,1000-2000"
WILDCARD = "has a wildcard that is not the first label; only *.example.com is possible"
NAMES = "has other characters than letters, digits and hyphens"


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        (
            texts.CIDR,
            {
                "10.0.0.1/8": "has host bits set; the network is 10.0.0.0/8",
                "2001:db8::/32": "is IPv6; the API accepts IPv4 only",
                "10.0.0/33": "is not an IPv4 CIDR block such as 10.0.0.0/8",
                "": "is not an IPv4 CIDR block such as 10.0.0.0/8",
            },
        ),
        (
            texts.PREFIX,
            {"Any": "'any' is not a prefix", "10.0.0.1/8": "has host bits set; the network is 10.0.0.0/8"},
        ),
        (
            texts.FQDN,
            {
                "a.*.example.com": WILDCARD,
                "*a.example.com": WILDCARD,
                "localhost": "is not a fully qualified domain name",
                "-a.example.com": "is not a fully qualified domain name",
                "example.com.": "is not a fully qualified domain name",
                "a." * 127 + "com": "is longer than 255 characters",
            },
        ),
        (texts.COUNTRY, {"USA": "is not a country code such as US"}),
        (
            texts.PROTOCOL,
            {"TCP:443": "is not one of application-default, any; set ports in 'prot_port_list'"},
        ),
        (
            texts.PROTOCOL_PORTS,
            {
                **{"443": PORTS, "ICMP:1": PORTS, "TCP:443,": PORTS},
                "TCP:20-10": "has the invalid port range 20-10",
                "TCP:1,65536": "has the invalid port range 65536",
            },
        ),
        (texts.URL, {"ftp://example.com": "is not an http or https URL"}),
        (texts.ACCOUNT, {"12345678901": "is not an AWS account ID of 12 digits"}),
        (texts.ARN, {"arn:aws": "is not an ARN"}),
        (texts.NAME, {"a_b": NAMES}),
        (texts.CATEGORY_NAME, {"1a": f"does not start with a letter, or {NAMES}"}),
    ],
)
def test_invalid_text_is_explained(text: Text, problems: dict[str, str]) -> None:
    assert {value: text.problem(value) for value in problems} == problems


@pytest.mark.parametrize(
    ("text", "equal"),
    [
        (texts.CIDR, {"10.0.0.0/255.0.0.0": "10.0.0.0/8", "192.0.2.7": "192.0.2.7/32"}),
        (texts.PREFIX, {"0.0.0.0/0.0.0.0": "0.0.0.0/0"}),
        (texts.FQDN, {"*.Example.COM": "*.example.com", "_DMARC.example.com": "_dmarc.example.com"}),
        (texts.COUNTRY, {"us": "US"}),
        (texts.PROTOCOL, {"Application-Default": "application-default", "ANY": "any"}),
        (texts.PROTOCOL_PORTS, {"udp: 53, 1000-2000": "UDP:53,1000-2000", "tcp:0-65535": "TCP:0-65535"}),
    ],
)
def test_valid_texts_of_the_same_meaning_are_equal(text: Text, equal: dict[str, str]) -> None:
    assert [value for value in (*equal, *equal.values()) if text.problem(value)] == []
    assert {value: text.canonical(value) for value in equal} == equal
    assert {value: text.canonical(value) for value in equal.values()} == {value: value for value in equal.values()}


def test_what_was_not_validated_stays_as_the_server_sent_it() -> None:
    assert texts.CIDR.canonical("any") == "any"
    assert texts.CIDR.canonical("10.0.0.1/8") == "10.0.0.1/8"
