# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rulestacks in the API's format, with both the specification's and the vendor SDK's spelling of fields."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Value = Mapping[str, Any]


def compact(document: Mapping[str, Any]) -> dict[str, Any]:
    """Remove the keys that have no value."""
    return {key: value for key, value in document.items() if value is not None}


def tag_list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """Tags in the API's list format."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def update_token(content: Any) -> str:
    """A token that changes with the content."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


def _object(value: Value, **fields: Any) -> dict[str, Any]:
    return compact(
        {
            **fields,
            "Description": value.get("description"),
            "AuditComment": value.get("audit_comment"),
            "UpdateToken": update_token(value),
        }
    )


def certificate(value: Value) -> dict[str, Any]:
    """A certificate object."""
    return _object(value, CertificateSelfSigned=value["self_signed"], CertificateSignerArn=value["signer_arn"])


def prefix_list(value: Value) -> dict[str, Any]:
    """A prefix list."""
    return _object(value, PrefixList=value["prefixes"])


def fqdn_list(value: Value) -> dict[str, Any]:
    """A list of names."""
    return _object(value, FqdnList=value["fqdns"])


def feed(value: Value) -> dict[str, Any]:
    """An intelligent feed."""
    return _object(
        value,
        FeedURL=value["url"],
        Type=value["type"],
        Frequency=value["frequency"],
        Time=value["time"],
        Certificate=value["certificate"],
    )


def url_category(value: Value) -> dict[str, Any]:
    """A custom URL category: nested as in the specification, and flat as the SDK reads it."""
    entry = _object(value, UrlTargets=value["targets"], Action=value["action"])
    return {"URLCategoryEntry": entry, **entry}


def file_type(value: Value) -> dict[str, Any]:
    """The action for a file type."""
    return _object(value, Action=value["action"], Direction=value["direction"])


def category_override(value: Value) -> dict[str, Any]:
    """An action that overrides the default of a predefined URL category."""
    return _object(value, Action=value["action"])


def rule(value: Value) -> dict[str, Any]:
    """A security rule, with the feeds of its category in both spellings."""
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
        Category={
            "URLCategoryNames": category["url_categories"],
            "IntelligentFeeds": category["feeds"],
            "Feeds": category["feeds"],
        },
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


def rulestack_entry(stack: Value, configuration: Value) -> dict[str, Any]:
    """The candidate or the running configuration of a rulestack."""
    profiles = configuration["profiles"]
    return compact(
        {
            "AccountId": stack["account_id"],
            "AccountGroup": configuration["account_group"],
            "Description": configuration["description"] or None,
            "Scope": stack["scope"],
            "MinAppIdVersion": configuration["minimum_app_id_version"],
            "LookupXForwardedFor": configuration["lookup_x_forwarded_for"],
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
            "UpdateToken": update_token(configuration),
            "Tags": tag_list(stack["tags"]),
        }
    )


@dataclass(frozen=True)
class Collection:
    """One kind of named object in a rulestack.

    :param segment: last path segment of the list.
    :param key: key of the objects in the seed.
    :param lists: prefix of the keys in a list response.
    :param describes: prefix of the keys in the response for one object.
    """

    segment: str
    key: str
    view: Callable[[Value], dict[str, Any]]
    describes: str
    lists: tuple[str, str, str]
    kind: str
    variable: str = "name"
    name_field: str = "Name"
    operation_field: str = "Operation"
    candidate_default: bool = True
    running_default: bool = False


def _names(prefix: str) -> tuple[str, str, str]:
    return f"{prefix}Candidate", f"{prefix}Running", f"{prefix}Uncommitted"


COLLECTIONS = (
    Collection(
        "certificates",
        "certificates",
        certificate,
        "CertificateObject",
        _names("CertificateObject"),
        "certificate object",
    ),
    Collection("prefixlists", "prefix_lists", prefix_list, "PrefixList", _names("PrefixList"), "prefix list"),
    Collection(
        "fqdnlists", "fqdn_lists", fqdn_list, "FqdnList", _names("FqdnList"), "fqdn list", operation_field="operation"
    ),
    Collection("feeds", "feeds", feed, "Feed", _names("Feed"), "intelligent feed"),
    Collection(
        "urlcustomcategories",
        "custom_url_categories",
        url_category,
        "URLCategory",
        _names("Categories"),
        "custom url category",
        candidate_default=False,
        running_default=True,
    ),
    Collection(
        "fileblockingprofiles/custom/filetypes",
        "file_blocking",
        file_type,
        "FileBlocking",
        _names("FileBlocking"),
        "file type",
        variable="type",
        name_field="FileType",
    ),
    Collection(
        "urlfilteringprofiles/custom/urlcategories",
        "url_category_overrides",
        category_override,
        "URLCategory",
        ("Candidate", "Running", "CategoriesUncommitted"),
        "url category",
    ),
)
