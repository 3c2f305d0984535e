# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""References inside a configuration, checked at validation and commit.

The vendor's documents do not publish the wording of these messages. Names of applications are not checked: the simulator
knows only a few.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from .kinds import CERTIFICATES, FEEDS, FQDN_LISTS, PREFIX_LISTS, RULE_LISTS, URL_CATEGORIES, Entry, Kind
from .model import Configuration

RULE_REFERENCES: tuple[tuple[str, str, Kind], ...] = (
    ("Source", "PrefixLists", PREFIX_LISTS),
    ("Source", "Feeds", FEEDS),
    ("Destination", "PrefixLists", PREFIX_LISTS),
    ("Destination", "FqdnLists", FQDN_LISTS),
    ("Destination", "Feeds", FEEDS),
    ("Category", "IntelligentFeeds", FEEDS),
    ("Category", "URLCategoryNames", URL_CATEGORIES),
)
PROFILE_CERTIFICATES = ("OutboundTrustCertificate", "OutboundUnTrustCertificate")


def problems(configuration: Configuration, url_categories: Collection[str], countries: Collection[str]) -> list[str]:
    """One message per reference to an object that does not exist, in the order of the configuration.

    :param url_categories: names of the predefined URL categories. :param countries: codes that rules may name.
    """
    return [
        *_of_profiles(configuration),
        *_of_feeds(configuration),
        *(message for name in RULE_LISTS for message in _of_rules(configuration, name, url_categories, countries)),
    ]


def _of_profiles(configuration: Configuration) -> Iterator[str]:
    profiles = configuration.entry["Profiles"]
    for field in PROFILE_CERTIFICATES:
        yield from _absent(configuration, f"profile {field}", CERTIFICATES, [profiles.get(field)])


def _of_feeds(configuration: Configuration) -> Iterator[str]:
    for name, feed in sorted(configuration.tables[FEEDS.segment].items()):
        yield from _absent(configuration, FEEDS.called(name), CERTIFICATES, [feed.get("Certificate")])


def _of_rules(
    configuration: Configuration, list_name: str, url_categories: Collection[str], countries: Collection[str]
) -> Iterator[str]:
    for priority, rule in sorted(configuration.tables[list_name].items()):
        where = f'rule "{rule["RuleName"]}" ({list_name}, priority {priority})'
        for part, field, kind in RULE_REFERENCES:
            known = url_categories if kind is URL_CATEGORIES else ()
            yield from _absent(configuration, where, kind, _names(rule, part, field), known)
        yield from _absent(configuration, where, CERTIFICATES, [rule.get("InboundInspectionCertificate")])
        for part in ("Source", "Destination"):
            for code in _names(rule, part, "Countries"):
                if code not in countries:
                    yield f'{where}: country "{code}" does not exist'


def _names(rule: Entry, part: str, field: str) -> list[Any]:
    return list((rule.get(part) or {}).get(field) or [])


def _absent(
    configuration: Configuration, where: str, kind: Kind, names: list[Any], known: Collection[str] = ()
) -> Iterator[str]:
    table = configuration.tables[kind.segment]
    for name in names:
        if name is not None and name not in table and name not in known:
            yield f"{where}: {kind.called(name)} does not exist"
