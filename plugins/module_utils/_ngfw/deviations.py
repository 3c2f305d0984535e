# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Deviations of our requests from the vendor's OpenAPI documents of 2026, each with its source.

The vendor's sources contradict each other. We send what the documents of 2026 and the Go SDK (v2.0.5) agree on; if they disagree on the place of
parameters, we send them in both. Tests compare our requests with this list: a deviation that is not listed is a bug, and so is one that is not sent.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses

SDK = "cloud-ngfw-aws-go v2.0.5"
_RULESTACK = "/v1/config/rulestacks/{rulestackname}"
_OVERRIDES = f"{_RULESTACK}/urlfilteringprofiles/custom/urlcategories"


@dataclasses.dataclass(frozen=True)
class Deviation:
    """A deviation from the documents.

    :param path: as the documents write it. :param part: C(path), C(query), C(body) or C(header): what the documents lack.
    :param names: of the parameters; empty for a path. :param source: what documents it.
    """

    method: str
    path: str
    part: str
    names: tuple[str, ...]
    source: str


TERRAFORM = "terraform-provider-cloudngfwaws v3.0.4"
CLOUDFORMATION = "the vendor's CloudFormation registry"
_PAGED = ("Candidate", "Running", "MaxResults", "NextToken")
_FLAGS = ("Candidate", "Running")
DEVIATIONS = (
    Deviation("GET", "/v1/mgmt/tokens/cloudaccountadmin", "path", (), f"{SDK}, permissions.go, which sends ExpiryTime"),
    Deviation("GET", "/v1/mgmt/tokens/cloudaccountadmin", "body", ("ExpiryTime",), f"{SDK}, permissions.go"),
    Deviation(
        "DELETE", "/v1/mgmt/tokens/{TokenId}", "path", (), "OpenAPI documents of 2022 to 2024, the guide of 2026"
    ),
    Deviation("DELETE", "/v1/mgmt/tokens/{TokenId}", "header", ("x-api-key",), "the guide of 2026"),
    Deviation(
        "GET",
        "/v1/config/rulestacks",
        "query",
        ("scope", "tagkey", "tagvalue", "candidate", "running", "nexttoken", "maxresults"),
        f"{SDK}, stack.go; OpenAPI documents of 2022",
    ),
    Deviation("GET", _RULESTACK, "query", ("candidate", "running"), f"{SDK}, stack.go"),
    Deviation("GET", f"{_RULESTACK}/rulelists/{{rulelistname}}", "body", _PAGED, f"{SDK}, securityrule.go"),
    Deviation(
        "GET",
        f"{_RULESTACK}/rulelists/{{rulelistname}}/priorities/{{priority}}",
        "body",
        _FLAGS,
        f"{SDK}, securityrule.go",
    ),
    Deviation("GET", f"{_RULESTACK}/prefixlists", "body", _PAGED, f"{SDK}, prefix.go"),
    Deviation("GET", f"{_RULESTACK}/fqdnlists", "body", _PAGED, f"{SDK}, fqdn.go, without NextToken there"),
    Deviation("GET", f"{_RULESTACK}/certificates", "body", _PAGED, f"{SDK}, certificate.go"),
    Deviation("GET", f"{_RULESTACK}/urlcustomcategories", "body", _PAGED, f"{SDK}, url.go"),
    Deviation("GET", f"{_RULESTACK}/urlcustomcategories/{{name}}", "body", _FLAGS, f"{SDK}, url.go"),
    Deviation("GET", f"{_RULESTACK}/feeds", "path", (), f"{SDK}, feed.go"),
    Deviation("GET", f"{_RULESTACK}/feeds", "body", _PAGED, f"{SDK}, feed.go"),
)
# Those of the calls for whole resources of rulestacks; names in a body with the keys around them.
RESOURCE_DEVIATIONS = (
    Deviation("GET", "/v1/config/rulestacks", "query", ("uncommitted",), "OpenAPI documents of 2022"),
    *(
        Deviation("GET", f"/v1/config/{catalog}", part, names, SDK)
        for catalog in ("countries", "appidversions", "appidversions/{version}")
        for part, names in (("path", ()), ("body", ("MaxResults", "NextToken")))
    ),
    *(
        Deviation("GET", f"{_RULESTACK}/{kind}", "body", ("Uncommitted",), SDK)
        for kind in (
            "rulelists/{rulelistname}",
            "prefixlists",
            "fqdnlists",
            "certificates",
            "urlcustomcategories",
            "feeds",
        )
    ),
    *(
        Deviation(
            method,
            path,
            "body",
            tuple(f"RuleStackEntry.{key}" for key in ("AccountGroup", "MinAppIdVersion", "LookupXForwardedFor")),
            f"{SDK}, stack.go",
        )
        for method, path in (("POST", "/v1/config/rulestacks"), ("PUT", _RULESTACK))
    ),
    *(
        Deviation(
            method,
            f"{_RULESTACK}/rulelists/{{rulelistname}}{suffix}",
            "body",
            ("RuleEntry.ProtPortList", "RuleEntry.InboundInspectionCertificate"),
            f"{SDK}, securityrule.go",
        )
        for method, suffix in (("POST", ""), ("PUT", "/priorities/{priority}"))
    ),
    Deviation("PUT", f"{_RULESTACK}/fqdnlists/{{name}}", "body", ("UpdateToken",), f"{SDK}, fqdn.go"),
    *(
        Deviation("GET", f"{_OVERRIDES}{name}", part, names, f"{SDK}, predefinedurl.go")
        for name in ("", "/{name}")
        for part, names in (("path", ()), ("body", _PAGED if not name else _FLAGS))
    ),
    Deviation("GET", _OVERRIDES, "body", ("Uncommitted",), f"{SDK}, predefinedurl.go"),
    Deviation("PUT", f"{_OVERRIDES}/{{name}}/action", "path", (), f"{SDK}, predefinedurl.go"),
    Deviation(
        "PUT",
        f"{_OVERRIDES}/{{name}}/action",
        "body",
        ("Action", "AuditComment", "UpdateToken"),
        f"{SDK}, predefinedurl.go",
    ),
)

# Paths of the SDK that stand for a path of the documents, with the same calls below them.
SAME_PATHS = {"/v2/config/ngfirewalls": "/v2/ngfirewalls"}
_V1_FIREWALL, _V1_ON_V2 = "/v1/config/ngfirewalls/{ngfirewallname}", "/v2/ngfirewalls/{firewall_name}"


def _association(method: str, path: str) -> tuple[Deviation, ...]:
    """A call for the association of a rulestack that only the SDK has."""
    keys = ("FirewallName", "AccountId", "UpdateToken", *(("RuleStackName",) if method == "POST" else ()))
    query = () if path.startswith(_V1_FIREWALL) else ("region", "v1route")
    parts: tuple[tuple[str, tuple[str, ...]], ...] = (("path", ()), ("body", keys), ("query", query))
    return tuple(
        Deviation(method, path, part, names, f"{SDK}, firewall.go") for part, names in parts if names or part == "path"
    )


# Those of the calls for log profiles and associations of firewalls.
FIREWALL_PART_DEVIATIONS = (
    Deviation("GET", f"{_V1_FIREWALL}/logprofile", "body", ("FirewallName",), f"{SDK}, logprofile.go"),
    Deviation(
        "PUT",
        f"{_V1_FIREWALL}/logprofile",
        "body",
        ("FirewallName", "AdvancedThreatLog", "CloudWatchMetricNamespace", "CloudWatchMetricsFields"),
        f"{SDK}, logprofile.go",
    ),
    *_association("POST", f"{_V1_FIREWALL}/rulestack"),
    *_association("DELETE", f"{_V1_FIREWALL}/rulestack"),
    *_association("POST", f"{_V1_FIREWALL}/globalrulestack"),
    *_association("DELETE", f"{_V1_FIREWALL}/globalrulestack"),
    *_association("DELETE", f"{_V1_ON_V2}/rulestack"),
    *_association("POST", f"{_V1_ON_V2}/globalrulestack"),
    *_association("DELETE", f"{_V1_ON_V2}/globalrulestack"),
)

_NAMED = "the OpenAPI document of version 2, whose bodies of the same calls require it"
_SCHEMA_V2 = "the schema of version 1 in the OpenAPI document of version 2"
_CONTENT_KEYS = ("FirewallName", "AccountId", "AppIdVersion", "AutomaticUpgradeAppIdVersion", "UpdateToken")
_SUBNET_KEYS = (
    "FirewallName",
    "AccountId",
    "AssociateSubnetMappings",
    "DisassociateSubnetMappings",
    "MultiVpcEnable",
    "UpdateToken",
)
# Those of the calls for firewalls.
FIREWALL_DEVIATIONS = (
    Deviation(
        "GET",
        "/v1/config/ngfirewalls",
        "query",
        ("describe", "maxresults", "nexttoken", "rulestackname", "vpcids"),
        f"{SDK}, firewall.go, without vpcids there",
    ),
    Deviation(
        "GET",
        "/v2/ngfirewalls/",
        "query",
        ("describe", "maxresults", "nexttoken"),
        f"{SDK}, firewall.go, and the list of version 2",
    ),
    *(Deviation(method, _V1_ON_V2, "query", ("accountid",), f"{SDK}, firewall.go") for method in ("GET", "DELETE")),
    *(
        Deviation(method, f"{_V1_FIREWALL}/{part}", "body", ("FirewallName",), _NAMED)
        for method, part in (("PUT", "description"), ("PUT", "subnets"), ("POST", "tags"), ("DELETE", "tags"))
    ),
    Deviation("POST", "/v1/config/ngfirewalls", "body", ("SubnetMappings.AvailabilityZoneId",), f"{SDK}, firewall.go"),
    Deviation(
        "PUT",
        f"{_V1_FIREWALL}/subnets",
        "body",
        (
            "MultiVpcEnable",
            "AssociateSubnetMappings.AvailabilityZoneId",
            "DisassociateSubnetMappings.AvailabilityZoneId",
        ),
        _SCHEMA_V2,
    ),
    *(
        Deviation("PUT", f"{_V1_ON_V2}/subnets", part, names, f"{SDK}, firewall.go, which sends PUT")
        for part, names in (("path", ()), ("query", ("region", "v1route")), ("body", _SUBNET_KEYS))
    ),
    *(
        Deviation("PUT", f"{_V1_FIREWALL}/{call}", part, names, source)
        for call, keys, source in (
            ("contentversion", _CONTENT_KEYS, "cloud-ngfw-aws-go v1.0.8"),
            ("features", ("FirewallName", "AccountId", "Features", "UpdateToken"), f"{SDK}, firewall.go"),
        )
        for part, names in (("path", ()), ("body", keys))
    ),
    Deviation("PUT", f"{_V1_ON_V2}/contentversion", "body", ("UpdateToken",), "cloud-ngfw-aws-go v1.0.8"),
)

# Values that the documents' enumerations lack, by key.
SPELLINGS = {
    "Action": ("continue", "override"),  # of custom URL categories and file types: OpenAPI documents of 2022, TERRAFORM
    "DecryptionRuleType": (
        "SSLInboundInspection",
        "SSLOutboundNoInspection",
        "SSLInboundNoInspection",
    ),  # CLOUDFORMATION
}
