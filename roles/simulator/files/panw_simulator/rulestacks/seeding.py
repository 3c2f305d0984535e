# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rulestacks of the seed as entries in the API's format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..documents import compact, tag_list, update_token
from .kinds import (
    CATEGORY_OVERRIDES,
    CERTIFICATES,
    FEEDS,
    FILE_TYPES,
    FQDN_LISTS,
    PREFIX_LISTS,
    RULE_LISTS,
    URL_CATEGORIES,
)
from .model import Configuration, Rulestack

Value = Mapping[str, Any]


def rulestacks(seed: Sequence[Value]) -> list[Rulestack]:
    """The rulestacks of a seed."""
    return [_rulestack(value) for value in seed]


def _rulestack(value: Value) -> Rulestack:
    candidate, running = value["candidate"], value["running"]
    committed = candidate if running == "same" else None if running == "none" else running
    commit = value["commit"]
    return Rulestack(
        name=value["name"],
        scope=value["scope"],
        account_id=value["account_id"],
        tags=dict(value["tags"]),
        candidate=_configuration(candidate),
        running=None if committed is None else _configuration(committed),
        commit={
            "CommitStatus": commit["commit_status"],
            "ValidateStatus": commit["validate_status"],
            "CommitMessages": commit["commit_messages"],
            "ValidateMessages": commit["validate_messages"],
        },
    )


def _configuration(value: Value) -> Configuration:
    configuration = Configuration(_entry(value))
    for key, (kind, view) in _OBJECTS.items():
        configuration.tables[kind.segment].update({name: view(inner) for name, inner in value[key].items()})
    for name in RULE_LISTS:
        configuration.tables[name].update({rule["priority"]: _rule(rule) for rule in value["rules"][name]})
    return configuration


def _entry(value: Value) -> dict[str, Any]:
    profiles = value["profiles"]
    return compact(
        {
            "AccountGroup": value["account_group"],
            "Description": value["description"] or None,
            "MinAppIdVersion": value["minimum_app_id_version"],
            "LookupXForwardedFor": value["lookup_x_forwarded_for"],
            "Profiles": compact(
                {
                    "AntiSpywareProfile": profiles["anti_spyware"],
                    "AntiVirusProfile": profiles["anti_virus"],
                    "VulnerabilityProfile": profiles["vulnerability"],
                    "URLFilteringProfile": profiles["url_filtering"],
                    "FileBlockingProfile": profiles["file_blocking"],
                    "OutboundTrustCertificate": profiles["outbound_trust_certificate"],
                    "OutboundUnTrustCertificate": profiles["outbound_untrust_certificate"],
                }
            ),
            "UpdateToken": update_token(value),
        }
    )


def _object(value: Value, **fields: Any) -> dict[str, Any]:
    return compact(
        {
            **fields,
            "Description": value.get("description"),
            "AuditComment": value.get("audit_comment"),
            "UpdateToken": update_token(value),
        }
    )


def _certificate(value: Value) -> dict[str, Any]:
    return _object(value, CertificateSelfSigned=value["self_signed"], CertificateSignerArn=value["signer_arn"])


def _prefix_list(value: Value) -> dict[str, Any]:
    return _object(value, PrefixList=value["prefixes"])


def _fqdn_list(value: Value) -> dict[str, Any]:
    return _object(value, FqdnList=value["fqdns"])


def _feed(value: Value) -> dict[str, Any]:
    return _object(
        value,
        FeedURL=value["url"],
        Type=value["type"],
        Frequency=value["frequency"],
        Time=value["time"],
        Certificate=value["certificate"],
    )


def _url_category(value: Value) -> dict[str, Any]:
    return _object(value, UrlTargets=value["targets"], Action=value["action"])


def _file_type(value: Value) -> dict[str, Any]:
    return _object(value, Action=value["action"], Direction=value["direction"])


def _category_override(value: Value) -> dict[str, Any]:
    return _object(value, Action=value["action"])


def _rule(value: Value) -> dict[str, Any]:
    source, destination, category = value["source"], value["destination"], value["category"]
    return _object(
        value,
        RuleName=value["name"],
        Enabled=value["enabled"],
        Source=_match(source),
        NegateSource=value["negate_source"],
        Destination={**_match(destination), "FqdnLists": destination["fqdn_lists"]},
        NegateDestination=value["negate_destination"],
        Applications=value["applications"],
        Category={"URLCategoryNames": category["url_categories"], "IntelligentFeeds": category["feeds"]},
        Protocol=value["protocol"],
        ProtPortList=value["prot_port_list"] or None,
        Action=value["action"],
        Logging=value["logging"],
        DecryptionRuleType=value["decryption_rule_type"],
        InboundInspectionCertificate=value["inbound_inspection_certificate"],
        Tags=tag_list(value["tags"]),
    )


def _match(value: Value) -> dict[str, Any]:
    return {
        "Cidrs": value["cidrs"],
        "Countries": value["countries"],
        "Feeds": value["feeds"],
        "PrefixLists": value["prefix_lists"],
    }


_OBJECTS = {
    "certificates": (CERTIFICATES, _certificate),
    "prefix_lists": (PREFIX_LISTS, _prefix_list),
    "fqdn_lists": (FQDN_LISTS, _fqdn_list),
    "feeds": (FEEDS, _feed),
    "custom_url_categories": (URL_CATEGORIES, _url_category),
    "file_blocking": (FILE_TYPES, _file_type),
    "url_category_overrides": (CATEGORY_OVERRIDES, _category_override),
}
