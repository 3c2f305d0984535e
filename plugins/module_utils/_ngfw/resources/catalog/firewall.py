# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Descriptors of firewalls in both versions of the service.

Version 2 has zones and endpoints, version 1 a VPC and subnet mappings. Keys, lengths and choices are those of the vendor's OpenAPI documents of 2026, and what
they lack is from its Go SDK (v2.0.5).

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...rulestack_calls import Read
from ..descriptor import NOISE, Field, Resource, Values
from ..texts import ACCOUNT, ARN, PREFIX, matching

MODES = ("ServiceManaged", "CustomerManaged")
BYOIP = "BYOIP"
NAME_TAG = "FirewallName"
"""The tag that is the name of a firewall of version 2."""
MOST_TAGS, MOST_ACCOUNTS = 50, 300
_ZONE = matching(
    r"[a-z]{2,5}\d?-az\d+", "is not a zone ID such as use1-az1; a zone name such as us-east-1a differs by account"
)
_VPC = matching(r"vpc-[0-9a-f]+", "is not a VPC ID such as vpc-0123456789abcdef0")
_SUBNET = matching(r"subnet-[0-9a-f]+", "is not a subnet ID such as subnet-0123456789abcdef0")
_RULESTACK = matching(r"[A-Za-z0-9-]+", "has other characters than letters, digits and hyphens")


def _prefixes(option: str, wire: str) -> Field:
    return Field(option, wire, "object", fields=(Field("cidrs", "Cidrs", "list", text=PREFIX),))


def _endpoints(wire: str, *, additive: bool = False) -> Field:
    """The endpoints. :param additive: whether the service makes and removes them."""
    return Field(
        "endpoints",
        wire,
        "items",
        fields=(
            Field("mode", "Mode", choices=MODES, required=True),
            Field("zone_id", "ZoneId", text=_ZONE),
            Field("vpc_id", "VpcId", text=_VPC),
            Field("subnet_id", "SubnetId", text=_SUBNET),
            Field("account_id", "AccountId", text=ACCOUNT),
            Field("egress_nat_enabled", "EgressNATEnabled", "bool"),
            Field(
                "prefixes",
                "Prefixes",
                "object",
                fields=(_prefixes("private_prefix", "PrivatePrefix"), _prefixes("public_prefix", "PublicPrefix")),
            ),
        ),
        identity=("subnet_id", "zone_id"),
        apart=("mode", "vpc_id", "account_id"),
        additive=additive,
        noise=frozenset({"status", "rejected_reason"}),
    )


_NETWORK = Field(
    "custom_include_exclude_network",
    "CustomIncludeExcludeNetwork",
    "items",
    fields=(
        Field("name", "Name", required=True),
        Field("network_address", "NetworkAddress"),
        Field("enabled", "Enabled", "bool"),
        Field("discovery_include", "DiscoveryInclude", "bool"),
    ),
    identity=("name",),
)
_FEATURES = (
    Field(
        "egress_nat",
        "EgressNAT",
        "object",
        fields=(
            Field("enabled", "Enabled", "bool"),
            Field(
                "settings",
                "Settings",
                "object",
                fields=(
                    Field("ip_pool_type", "IPPoolType", choices=("AWSService", BYOIP)),
                    Field("ipam_pool_id", "IPAMPoolId"),
                ),
            ),
        ),
    ),
    Field(
        "private_access",
        "PrivateAccess",
        "object",
        fields=(Field("type", "Type", choices=("NetworkLoadBalancer",)), Field("resource_id", "ResourceID")),
    ),
    Field(
        "user_id",
        "UserID",
        "object",
        fields=(
            Field("enabled", "Enabled", "bool"),
            Field("port", "Port", "int", minimum=0, maximum=65535),
            Field("agent_name", "AgentName"),
            Field("collector_name", "CollectorName"),
            Field("secret_key_arn", "SecretKeyARN", text=ARN, no_log=False),
            _NETWORK,
        ),
        noise=frozenset({"user_id_status", "cft_url_link", "endpoint_dns"}),
    ),
)
_RULESTACKS = (
    Field("rulestack", "RuleStackName", text=_RULESTACK, maximum=128, references="rulestack"),
    Field("global_rulestack", "GlobalRuleStackName", text=_RULESTACK, maximum=128, references="rulestack"),
)
_NAME = Field(
    "name",
    "FirewallName",
    text=matching(r"[A-Za-z0-9-]+", "has other characters than letters, digits and hyphens"),
    maximum=128,
)
_COMMON = (Field("description", "Description", maximum=512), *_FEATURES, Field("tags", "Tags", "tags"), *_RULESTACKS)


def feature_problems(values: Values) -> Iterator[tuple[str, str]]:
    """Features that lack what they need. :param values: of the firewall after the change, because what is not given stays."""
    nat = values.get("egress_nat") or {}
    settings = nat.get("settings") or {}
    if settings.get("ip_pool_type") == BYOIP and not settings.get("ipam_pool_id"):
        yield "egress_nat > settings > ipam_pool_id", f"is required with 'ip_pool_type: {BYOIP}'."
    if settings.get("ipam_pool_id") and settings.get("ip_pool_type") not in (None, BYOIP):
        yield "egress_nat > settings > ipam_pool_id", f"is only valid with 'ip_pool_type: {BYOIP}'."
    user_id = values.get("user_id") or {}
    if user_id.get("enabled") and not user_id.get("secret_key_arn"):
        yield (
            "user_id > secret_key_arn",
            "is required with 'enabled: true': the ARN of the secret in AWS Secrets Manager that holds the agent's key.",
        )
    access = values.get("private_access") or {}
    if bool(access.get("type")) != bool(access.get("resource_id")):
        yield "private_access", "needs both 'type' and 'resource_id'."


def _unplaced_endpoints(values: Values) -> Iterator[tuple[str, str]]:
    for index, endpoint in enumerate(values.get("endpoints") or ()):
        if not endpoint.get("zone_id") and not endpoint.get("subnet_id"):
            yield f"endpoints[{index}]", "needs 'zone_id' or 'subnet_id'."


def _endpoint_problems(values: Values) -> Iterator[tuple[str, str]]:
    """Endpoints that the API could not place."""
    zones = values.get("zones")
    yield from _unplaced_endpoints(values)
    for index, endpoint in enumerate(values.get("endpoints") or ()):
        place = f"endpoints[{index}]"
        if zones and endpoint.get("zone_id") and endpoint["zone_id"] not in zones:
            yield f"{place} > zone_id", f"is '{endpoint['zone_id']}', which 'zones' does not list."
        if endpoint.get("mode") == "ServiceManaged" and not endpoint.get("subnet_id"):
            yield (
                f"{place} > subnet_id",
                "is required with 'mode: ServiceManaged': the service creates the endpoint there.",
            )


def _tag_problems(values: Values, most: int) -> Iterator[tuple[str, str]]:
    tags = values.get("tags") or {}
    if NAME_TAG in tags:
        yield f"tags > {NAME_TAG}", "is the firewall's name in version 2: set 'name'."
    if len(tags) > most:
        yield "tags", f"has {len(tags)} tags; {most} are allowed."
    for key, value in tags.items():
        if not 1 <= len(str(key)) <= 128 or not 1 <= len(str(value)) <= 256:
            yield f"tags > {key}", "has no key of 1 to 128 characters, or no value of 1 to 256."


def _v2_problems(values: Values) -> Iterator[tuple[str, str]]:
    yield from _endpoint_problems(values)
    yield from _tag_problems(values, MOST_TAGS - 1)
    if len(values.get("allowed_accounts") or ()) > MOST_ACCOUNTS:
        yield "allowed_accounts", f"has {len(values['allowed_accounts'])} accounts; {MOST_ACCOUNTS} are allowed."


def _v1_problems(values: Values) -> Iterator[tuple[str, str]]:
    yield from _unplaced_endpoints(values)
    yield from _tag_problems(values, MOST_TAGS)
    for index, mapping in enumerate(values.get("subnet_mappings") or ()):
        if not any(mapping.get(option) for option in _MAPPING):
            yield f"subnet_mappings[{index}]", f"needs one of {', '.join(map(repr, _MAPPING))}."


_MAPPING = ("subnet_id", "availability_zone", "availability_zone_id")
FIREWALL_V2 = Resource(
    kind="firewall",
    section="firewall",
    list=Read("", "lower", base=""),
    describe=Read("/{}", base=""),
    listed="firewalls",
    described="firewall",
    name=_NAME,
    fields=(
        Field("zones", "CustomerZoneIdList", "list", text=_ZONE, required=True, clearable=False),
        Field("allowed_accounts", "AllowListAccounts", "list", text=ACCOUNT),
        Field("change_protection", "ChangeProtection", "list"),
        _endpoints("Endpoints"),
        *_COMMON,
        Field("link_id", "LinkId"),
    ),
    check=_v2_problems,
    # The body of a change in the OpenAPI documents.
    accepts=frozenset(
        (
            "allow_list_accounts",
            "change_protection",
            "customer_zone_id_list",
            "deployment_update_token",
            "description",
            "egress_nat",
            "endpoints",
            "gwlb_tcp_idle_timeout",
            "private_access",
            "tags",
            "user_id",
        )
    ),
)
FIREWALL_V1 = Resource(
    kind="firewall",
    section="firewall",
    list=Read("", base=""),
    describe=Read("/{}", base=""),
    listed="firewalls",
    described="firewall",
    name=_NAME,
    fields=(
        Field("account_id", "AccountId", text=ACCOUNT, compared=False),
        Field("vpc_id", "VpcId", text=_VPC, required=True, mutable=False),
        Field("endpoint_mode", "EndpointMode", choices=MODES, required=True, mutable=False),
        Field("multi_vpc", "MultiVpcEnable", "bool"),
        Field(
            "subnet_mappings",
            "SubnetMappings",
            "items",
            fields=(
                Field("subnet_id", "SubnetId", text=_SUBNET),
                Field("availability_zone", "AvailabilityZone"),
                Field("availability_zone_id", "AvailabilityZoneId", text=_ZONE),
            ),
            required=True,
            clearable=False,
            identity=_MAPPING,
        ),
        Field("app_id_version", "AppIdVersion"),
        Field("automatic_upgrade_app_id_version", "AutomaticUpgradeAppIdVersion", "bool", absent=True),
        _endpoints("SecurityZones", additive=True),
        *_COMMON,
        Field("link_id", "LinkId", mutable=False),
    ),
    noise=NOISE,
    check=_v1_problems,
)
