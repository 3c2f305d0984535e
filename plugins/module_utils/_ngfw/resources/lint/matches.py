# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What rules match, as sets, and whether one set covers another: True, False, or None if the documents do not say.

A rule matches a session if each of its criteria does. Addresses, applications, ports and URLs are therefore compared one by one.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Sequence
from typing import Optional

from .intervals import Ranges, complement, ranges, within

LAST_ADDRESS, LAST_PORT = 2**32 - 1, 65535
EVERYWHERE: Ranges = ((0, LAST_ADDRESS),)
_EVERY_PORT: Ranges = ((1, LAST_PORT),)


@dataclasses.dataclass(frozen=True)
class Addresses:
    """IPv4 addresses.

    :param known: those that the document names. :param opaque: what else belongs to them, such as a country or a feed: the same text is the same set.
    :param negated: whether these are all other addresses.
    """

    known: Ranges
    opaque: frozenset[str] = frozenset()
    negated: bool = False

    @functools.cached_property
    def certain(self) -> Ranges:
        """Addresses that belong to the set whatever the opaque parts are."""
        if not self.negated:
            return self.known
        return () if self.opaque else complement(self.known, LAST_ADDRESS)

    @functools.cached_property
    def possible(self) -> Ranges:
        """Addresses that belong to the set if the opaque parts are so."""
        if self.negated:
            return complement(self.known, LAST_ADDRESS)
        return EVERYWHERE if self.opaque else self.known

    def covers(self, other: Addresses) -> bool | None:
        """Whether all addresses of the other set belong to this one."""
        if within(other.possible, self.certain) or self._contains(other):
            return True
        return None if within(other.certain, self.possible) else False

    def _contains(self, other: Addresses) -> bool:
        """Whether this set covers the other one by what they are made of."""
        if self.negated != other.negated:
            return False
        larger, smaller = (other, self) if self.negated else (self, other)
        return smaller.opaque <= larger.opaque and within(smaller.known, larger.known)

    @staticmethod
    def union(sets: Sequence[Addresses]) -> Addresses:
        """Addresses that belong to one of the sets for certain, and the opaque parts of those that are not negated."""
        known = ranges(pair for one in sets for pair in one.certain)
        return Addresses(known, frozenset(text for one in sets if not one.negated for text in one.opaque))


@dataclasses.dataclass(frozen=True)
class Applications:
    """Applications. :param names: None for any. They are compared by name; a name never stands for others."""

    names: frozenset[str] | None

    def covers(self, other: Applications) -> bool:
        """Whether all applications of the other set belong to this one."""
        return self.names is None or (other.names is not None and other.names <= self.names)

    @staticmethod
    def union(sets: Sequence[Applications]) -> Applications:
        """The applications of all sets, none of which is any."""
        return Applications(frozenset(name for one in sets for name in one.names or ()))


@dataclasses.dataclass(frozen=True)
class Services:
    """Protocols and ports of a rule.

    :param kind: C(any), C(application-default), or C(ports). :param tcp: the ports, for C(ports). :param udp: the same.
    :param every_application: whether the rule is for any application.
    """

    kind: str
    tcp: Ranges = ()
    udp: Ranges = ()
    every_application: bool = False

    def covers(self, other: Services) -> bool | None:
        """Whether this set covers the other one for each application of the other rule, if this rule has that application, too.

        Documents lack the default ports of applications. No ports are the default of every application, and some applications have none, such as ping.
        """
        if self.kind == "any":
            return True
        if self.kind == other.kind:
            return within(other.tcp, self.tcp) and within(other.udp, self.udp)
        if other.every_application:
            return False
        whole = any(within(_EVERY_PORT, ports) for ports in (self.tcp, self.udp))
        if self.kind == "ports" and other.kind == "any" and not whole:
            return False
        return None

    @staticmethod
    def union(sets: Sequence[Services]) -> Services:
        """The ports of all sets; default ports add none."""
        tcp = ranges(pair for one in sets for pair in one.tcp)
        return Services("ports", tcp, ranges(pair for one in sets for pair in one.udp))


@dataclasses.dataclass(frozen=True)
class Urls:
    """URLs of a rule. :param names: of categories and feeds; empty for any session. :param every_application: whether the rule is for any application."""

    names: frozenset[str]
    every_application: bool = False

    def covers(self, other: Urls) -> bool | None:
        """Whether all URLs of the other set belong to this one. Only web sessions have a URL, and documents lack the URLs of most categories."""
        if not self.names or (other.names and other.names <= self.names):
            return True
        return False if not other.names and other.every_application else None

    @staticmethod
    def union(sets: Sequence[Urls]) -> Urls:
        """The categories and feeds of all sets, none of which is empty."""
        return Urls(frozenset(name for one in sets for name in one.names))


@dataclasses.dataclass(frozen=True)
class Match:
    """What a rule matches. The names are those of its options; what is compared fastest is first."""

    applications: Applications
    protocol: Services
    category: Urls
    source: Addresses
    destination: Addresses

    @property
    def is_empty(self) -> bool:
        """Whether it matches no session for certain."""
        return not (self.source.possible and self.destination.possible)

    @property
    def is_everything(self) -> bool:
        """Whether it matches each session for certain, at least on the default ports of its application."""
        addresses = self.source.certain == self.destination.certain == EVERYWHERE
        return (
            addresses and self.applications.names is None and self.protocol.kind != "ports" and not self.category.names
        )


OPTIONS = tuple(field.name for field in dataclasses.fields(Match))
Gaps = dict[str, Optional[bool]]


def gaps(larger: Match, smaller: Match) -> Gaps:
    """The options in which a match does not cover another one for certain, with False or None.

    It is empty if each session of the smaller match is one of the larger. If some session certainly is not, it has a False, and two options suffice.
    """
    found: Gaps = {}
    for option in OPTIONS:
        answer = getattr(larger, option).covers(getattr(smaller, option))
        if answer is not True:
            found[option] = answer
            if len(found) > 1 and False in found.values():
                break
    return found


def together(option: str, larger: Sequence[Match], smaller: Match) -> bool:
    """Whether several matches together cover another one in an option for certain."""
    own = getattr(smaller, option)
    return bool(larger) and type(own).union([getattr(one, option) for one in larger]).covers(own) is True
