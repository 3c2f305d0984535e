# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Descriptor of security rules.

Keys and choices are those of the vendor's OpenAPI documents of 2026; C(ProtPortList) and C(InboundInspectionCertificate) are from its Go SDK (v2.0.5).

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...rulestack_calls import RULE, RULE_LIST
from ..descriptor import ANY, Field, Resource, Values
from ..texts import CIDR, COUNTRY, NAME, PROTOCOL, PROTOCOL_PORTS
from .objects import AUDIT_COMMENT

LOWEST_PRIORITY, HIGHEST_PRIORITY = 1, 1_000_000
# Empty for none. The OpenAPI documents have the first only, the vendor's CloudFormation registry all of them.
DECRYPTION_TYPES = (
    "",
    "SSLOutboundInspection",
    "SSLInboundInspection",
    "SSLOutboundNoInspection",
    "SSLInboundNoInspection",
)
RULE_SECTIONS = {"rules": "LocalRule", "pre_rules": "PreRule", "post_rules": "PostRule"}

_CIDRS = Field("cidrs", "Cidrs", "list", text=CIDR)
_PEER = (
    _CIDRS,
    Field("countries", "Countries", "list", text=COUNTRY),
    Field("feeds", "Feeds", "list", references="feeds"),
    Field("prefix_lists", "PrefixLists", "list", references="prefix_lists"),
)
_FQDN_LISTS = Field("fqdn_lists", "FqdnLists", "list", references="fqdn_lists")
_ANYWHERE = {"cidrs": [ANY]}  # what a match without criteria means
_CATEGORY = (
    Field("url_categories", "URLCategoryNames", "list", references="custom_url_categories"),
    Field("feeds", "IntelligentFeeds", "list", references="feeds"),
)


def _problems(values: Values) -> Iterator[tuple[str, str]]:
    for option in ("source", "destination"):
        match = values.get(option)
        if match is None:
            continue
        if ANY in map(str.lower, match.get("cidrs") or []) and sum(len(items or []) for items in match.values()) > 1:
            yield option, f"has '{ANY}' together with other values."
    applications = values.get("applications") or []
    if len(applications) > 1 and ANY in map(str.lower, applications):
        yield "applications", f"has '{ANY}' together with other values."


def _rule(section: str) -> Resource:
    return Resource(
        kind="security rule",
        section=section,
        list=RULE_LIST,
        describe=RULE,
        listed="rule_entry",
        described="rule_entry",
        name=Field("name", "RuleName", text=NAME, maximum=128),
        fields=(
            Field("description", "Description", maximum=512),
            Field("enabled", "Enabled", "bool", absent=True, initial=True),
            Field("source", "Source", "object", fields=_PEER, whole=True, absent=_ANYWHERE, required=True),
            Field("negate_source", "NegateSource", "bool", initial=False),
            Field(
                "destination",
                "Destination",
                "object",
                fields=(*_PEER, _FQDN_LISTS),
                whole=True,
                absent=_ANYWHERE,
                required=True,
            ),
            Field("negate_destination", "NegateDestination", "bool", initial=False),
            Field("applications", "Applications", "list", required=True, clearable=False),
            Field("category", "Category", "object", fields=_CATEGORY, whole=True),
            Field("protocol", "Protocol", text=PROTOCOL, absent="application-default", excludes=("prot_port_list",)),
            Field("prot_port_list", "ProtPortList", "list", text=PROTOCOL_PORTS, excludes=("protocol",)),
            Field(
                "action",
                "Action",
                choices=("Allow", "DenySilent", "DenyResetServer", "DenyResetBoth"),
                required=True,
            ),
            Field("logging", "Logging", "bool", initial=True),
            Field("decryption_rule_type", "DecryptionRuleType", choices=DECRYPTION_TYPES),
            Field("inbound_inspection_certificate", "InboundInspectionCertificate", references="certificates"),
            Field("tags", "Tags", "tags"),
            AUDIT_COMMENT,
        ),
        wrapper="RuleEntry",
        name_wrapped=True,
        addressed_by="priority",
        check=_problems,
    )


RULES = {section: _rule(section) for section in RULE_SECTIONS}
