# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Translate the options of rules into sets.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import functools
import ipaddress
from collections.abc import Iterable, Iterator

from ..descriptor import ANY, Values
from ..document import Document
from .intervals import Ranges, ranges
from .matches import EVERYWHERE, Addresses, Applications, Match, Services, Urls

_DEFAULT_PORTS = "application-default"


class Translation:
    """Translates the rules of a document, whose prefix lists and FQDN lists it knows."""

    def __init__(self, document: Document) -> None:
        sections = document.sections
        self._prefixes = {item.name: item.values.get("prefixes") for item in sections.get("prefix_lists", ())}
        self._fqdns = {item.name: item.values.get("fqdns") for item in sections.get("fqdn_lists", ())}

    def match(self, values: Values) -> Match:
        """What a rule matches. :param values: its options, of which source, destination and applications are given."""
        applications = _applications(values["applications"])
        every = applications.names is None
        return Match(
            applications,
            _services(values, every),
            _urls(values.get("category") or {}, every),
            self._addresses(values["source"], values.get("negate_source")),
            self._addresses(values["destination"], values.get("negate_destination")),
        )

    def _addresses(self, match: Values, negated: bool | None) -> Addresses:
        cidrs = match.get("cidrs") or []
        if not any(match.values()) or ANY in map(str.lower, cidrs):
            return Addresses(EVERYWHERE, negated=bool(negated))
        opaque = {f"country {code.upper()}" for code in match.get("countries") or []}
        opaque |= {f"feed {name}" for name in match.get("feeds") or []}
        prefixes = list(cidrs)
        for name in match.get("prefix_lists") or []:
            prefixes += self._prefixes.get(name) or []
            opaque |= set() if self._prefixes.get(name) else {f"prefix list {name}"}
        for name in match.get("fqdn_lists") or []:
            fqdns = self._fqdns.get(name)
            opaque |= {f"FQDN {fqdn.lower()}" for fqdn in fqdns} if fqdns else {f"FQDN list {name}"}
        return Addresses(_networks(tuple(prefixes)), frozenset(opaque), bool(negated))


@functools.lru_cache(maxsize=4096)
def _networks(prefixes: tuple[str, ...]) -> Ranges:
    networks = map(ipaddress.IPv4Network, prefixes)
    return ranges((int(one.network_address), int(one.broadcast_address)) for one in networks)


def _applications(names: Iterable[str]) -> Applications:
    names = frozenset(names)
    return Applications(None if ANY in map(str.lower, names) else names)


def _services(values: Values, every_application: bool) -> Services:
    given = values.get("prot_port_list")
    if not given:
        return Services((values.get("protocol") or _DEFAULT_PORTS).lower(), every_application=every_application)
    ports: dict[str, list[tuple[int, int]]] = {"TCP": [], "UDP": []}
    for entry in given:
        protocol, _colon, numbers = entry.replace(" ", "").upper().partition(":")
        ports[protocol] += _port_ranges(numbers)
    return Services("ports", ranges(ports["TCP"]), ranges(ports["UDP"]), every_application)


def _port_ranges(numbers: str) -> Iterator[tuple[int, int]]:
    for one in numbers.split(","):
        first, _dash, last = one.partition("-")
        yield int(first), int(last or first)


def _urls(category: Values, every_application: bool) -> Urls:
    names = [f"category {name}" for name in category.get("url_categories") or []]
    return Urls(frozenset([*names, *(f"feed {name}" for name in category.get("feeds") or [])]), every_application)
