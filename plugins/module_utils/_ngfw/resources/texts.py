# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Types of text in the API's fields: which are valid, and which mean the same.

Patterns and lengths are those of the vendor's OpenAPI documents of 2026.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import functools
import ipaddress
import re
from collections.abc import Callable

from .descriptor import ANY, Text

_LABEL = r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?"
_FQDN = re.compile(
    rf"(\*\.)?({_LABEL}\.)+(?=[0-9_-]*[a-z]){_LABEL}", re.IGNORECASE
)  # the last label of an address is a number
_PORTS = re.compile(r"(TCP|UDP):(\d+(?:-\d+)?(?:,\d+(?:-\d+)?)*)", re.IGNORECASE)
_PROTOCOLS = ("application-default", ANY)


def matching(pattern: str, description: str, canonical: Callable[[str], str] = str) -> Text:
    """Text that a regular expression matches as a whole. :param pattern: in Python and in ECMAScript."""
    compiled = re.compile(pattern)
    return Text(lambda value: None if compiled.fullmatch(value) else description, canonical, pattern)


@functools.lru_cache(maxsize=4096)
def _network(value: str) -> ipaddress.IPv4Network | None:
    """The network of a CIDR block, None if it is invalid."""
    try:
        return ipaddress.IPv4Network(value)
    except ValueError:
        return None


def _cidr_problem(value: str) -> str | None:
    if value.lower() == ANY:
        return None
    if ":" in value:
        return "is IPv6; the API accepts IPv4 only"
    if _network(value):
        return None
    try:
        return f"has host bits set; the network is {ipaddress.IPv4Network(value, strict=False)}"
    except ValueError:
        return "is not an IPv4 CIDR block such as 10.0.0.0/8"


def _without_any(problem: Callable[[str], str | None]) -> Callable[[str], str | None]:
    return lambda value: f"'{ANY}' is not a prefix" if value.lower() == ANY else problem(value)


def _cidr_canonical(value: str) -> str:
    network = _network(value)
    return str(network) if network else value


def _fqdn_problem(value: str) -> str | None:
    if len(value) > 255:
        return "is longer than 255 characters"
    if "*" in value.removeprefix("*."):
        return "has a wildcard that is not the first label; only *.example.com is possible"
    return None if _FQDN.fullmatch(value) else "is not a fully qualified domain name"


def _protocol_problem(value: str) -> str | None:
    return (
        None if value.lower() in _PROTOCOLS else f"is not one of {', '.join(_PROTOCOLS)}; set ports in 'prot_port_list'"
    )


def _ports_problem(value: str) -> str | None:
    found = _PORTS.fullmatch(value.replace(" ", ""))
    if not found:
        return "is not a protocol with ports such as TCP:443 or UDP:53,1000-2000"
    for ports in found.group(2).split(","):
        first, _dash, last = ports.partition("-")
        if not 0 <= int(first) <= int(last or first) <= 65535:
            return f"has the invalid port range {ports}"
    return None


CIDR = Text(_cidr_problem, _cidr_canonical)
PREFIX = Text(_without_any(_cidr_problem), _cidr_canonical)
FQDN = Text(_fqdn_problem, str.lower)
COUNTRY = matching(r"[A-Za-z]{2}", "is not a country code such as US", str.upper)
PROTOCOL = Text(_protocol_problem, str.lower)
PROTOCOL_PORTS = Text(_ports_problem, lambda value: value.replace(" ", "").upper())
URL = matching(r"https?://\S+", "is not an http or https URL")
ACCOUNT = matching(r"[0-9]{12}", "is not an AWS account ID of 12 digits")
ARN = matching(r"arn:[\w-]+:[\w-]+:[\w-]*:\d*:\S+", "is not an ARN")
NAME = matching(r"[A-Za-z0-9-]+", "has other characters than letters, digits and hyphens")
CATEGORY_NAME = matching(
    r"[A-Za-z][A-Za-z0-9-]*", "does not start with a letter, or has other characters than letters, digits and hyphens"
)
