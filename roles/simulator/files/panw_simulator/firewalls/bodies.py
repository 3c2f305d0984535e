# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bodies of write requests.

Sources: the vendor's OpenAPI files for firewalls, rulestack associations and log profiles; for spellings that these lack, the
vendor's Go SDK v2.0.5 and Terraform provider v3.0.4. Unknown keys are accepted and ignored.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..documents import lookup
from ..envelope import ServiceError
from ..rulestacks.bodies import NAME, RULESTACK_TAGS
from ..rulestacks.fields import Body, Check, Field, boolean, choice, integer, invalid, ipv4, nested, sequence, text
from .model import Entry, named

TEXT = text()
ACCOUNT = text("[0-9]{12}")
RULESTACK = text(NAME, 128)
FIREWALL_V1_NAME = text(NAME, 128)
FIREWALL_NAME = text(r"[A-Za-z0-9][A-Za-z0-9_-]*", 128)
MODE = choice("ServiceManaged", "CustomerManaged")
ZONE = text(r"[a-z0-9]+-az[0-9]+")
LOG_TYPE = choice("TRAFFIC", "DECRYPTION", "THREAT", "USER_ID")
DESTINATION_TYPE = choice("S3", "CloudWatchLogs", "KinesisDataFirehose")
METRICS = sequence(
    choice(
        "Dataplane_CPU_Utilization",
        "Dataplane_Packet_Buffer_Utilization",
        "Connection_Per_Second",
        "Session_Throughput_Kbps",
        "Session_Throughput_Pps",
        "Session_Active",
        "Session_Utilization",
        "BytesIn",
        "BytesOut",
        "PktsIn",
        "PktsOut",
    )
)

PREFIX = nested(Body((Field("Cidrs", sequence(ipv4), default=[]),)))
PREFIXES = Body((Field("PrivatePrefix", PREFIX), Field("PublicPrefix", PREFIX)))
ENDPOINT = Body(
    (
        Field("EndpointId", TEXT),
        Field("AccountId", ACCOUNT),
        Field("EgressNATEnabled", boolean),
        Field("Mode", MODE, required=True),
        Field("Prefixes", nested(PREFIXES)),
        Field("SubnetId", TEXT),
        Field("VpcId", TEXT),
        Field("ZoneId", TEXT),
    )
)
SECURITY_ZONE = Body(
    (
        Field("EndpointId", TEXT, required=True),
        Field("EgressNATEnabled", boolean),
        Field("Prefixes", nested(PREFIXES)),
    )
)
POOL = Body((Field("IPPoolType", choice("AWSService", "BYOIP")), Field("IPAMPoolId", TEXT)))
NAT = Body((Field("Enabled", boolean, default=False), Field("Settings", nested(POOL))))
PRIVATE_ACCESS = Body(
    (Field("Type", choice("NetworkLoadBalancer"), required=True), Field("ResourceID", TEXT, required=True))
)
USER_ID = Body(
    (
        Field("Enabled", boolean, default=False),
        Field("Port", integer(0, 65535)),
        Field("AgentName", TEXT),
        Field("CollectorName", TEXT),
        Field("SecretKeyARN", TEXT),
        Field("CustomIncludeExcludeNetwork", sequence(nested(Body(())))),
    )
)
SUBNET = Body((Field("SubnetId", TEXT), Field("AvailabilityZone", TEXT), Field("AvailabilityZoneId", TEXT)))
TOKENS = (Field("UpdateToken", TEXT), Field("DeploymentUpdateToken", TEXT))


def nat(value: Any, path: str) -> Any:
    """EgressNAT; a pool of one's own needs its id."""
    settings = nested(NAT)(value, path)
    pool = settings.get("Settings", {})
    if pool.get("IPPoolType") == "BYOIP" and "IPAMPoolId" not in pool:
        required = f"invalid request: {path}.Settings.IPAMPoolId is required for IPPoolType BYOIP"
        raise ServiceError("InvalidRequestException", required)
    return settings


def user_id(value: Any, path: str) -> Any:
    """UserID; it needs the secret of its agent."""
    settings = nested(USER_ID)(value, path)
    if settings["Enabled"] and "SecretKeyARN" not in settings:
        raise ServiceError("InvalidRequestException", f"invalid request: {path}.SecretKeyARN is required")
    return named(settings, *(field.name for field in USER_ID.fields))


def subnet(value: Any, path: str) -> Any:
    """A subnet mapping: a subnet or a zone."""
    mapping = named(nested(SUBNET)(value, path), *(field.name for field in SUBNET.fields))
    if not mapping:
        raise invalid(path, "an object with SubnetId, AvailabilityZone or AvailabilityZoneId")
    return mapping


FEATURES = (
    Field("EgressNAT", nat),
    Field("PrivateAccess", nested(PRIVATE_ACCESS)),
    Field("UserID", user_id),
)
DEPLOYED = (
    *FEATURES,
    Field("AllowListAccounts", sequence(ACCOUNT, most=300)),
    Field("CustomerZoneIdList", sequence(ZONE, least=1)),
    Field("GwlbTcpIdleTimeout", integer(0, 3600)),
)
ASSOCIATIONS = (Field("RuleStackName", RULESTACK), Field("GlobalRuleStackName", RULESTACK))
FIREWALL_V2 = Body(
    (
        *DEPLOYED,
        *ASSOCIATIONS,
        *TOKENS,
        Field("FirewallName", FIREWALL_NAME),
        Field("ChangeProtection", sequence(TEXT)),
        Field("Endpoints", sequence(nested(ENDPOINT))),
        Field("LinkId", TEXT),
        Field("Tags", RULESTACK_TAGS),
    )
)
FIREWALL_V1 = Body(
    (
        *ASSOCIATIONS,
        Field("FirewallName", FIREWALL_V1_NAME, required=True),
        Field("AccountId", ACCOUNT),
        Field("AppIdVersion", TEXT),
        Field("AutomaticUpgradeAppIdVersion", boolean),
        Field("EgressNAT", nat),
        Field("EndpointMode", MODE, required=True),
        Field("LinkId", TEXT),
        Field("MultiVpcEnable", boolean, aliases=("MultiVpc",)),
        Field("SubnetMappings", sequence(subnet, least=1), required=True),
        Field("Tags", RULESTACK_TAGS),
        Field("VpcId", TEXT, required=True),
    )
)
DESCRIPTION = Body(TOKENS)
SUBNETS = Body(
    (
        *TOKENS,
        Field("AssociateSubnetMappings", sequence(subnet), default=[]),
        Field("DisassociateSubnetMappings", sequence(subnet), default=[]),
        Field("MultiVpcEnable", boolean, aliases=("MultiVpc",)),
    )
)
CONTENT_VERSION = Body((*TOKENS, Field("AppIdVersion", TEXT), Field("AutomaticUpgradeAppIdVersion", boolean)))
FEATURE_SET = Body((*FEATURES, Field("SecurityZones", sequence(nested(SECURITY_ZONE)))))
FEATURES_V1 = Body((*TOKENS, Field("Features", nested(FEATURE_SET), default={})))
ASSOCIATION = Body((*TOKENS, Field("RuleStackName", RULESTACK, required=True)))
DISASSOCIATION = Body((*TOKENS, Field("RuleStackName", RULESTACK)))
LINK = Body((*TOKENS, Field("LinkId", TEXT, required=True)))
CLOUDWATCH = (
    Field("CloudWatchMetricNamespace", TEXT),
    Field("CloudWatchMetricsFields", METRICS),
    Field("AccountId", ACCOUNT),
)
LOG_CONFIG = Body(
    (
        Field("LogDestination", TEXT, required=True),
        Field("LogDestinationType", DESTINATION_TYPE, required=True),
        Field("LogType", sequence(LOG_TYPE), required=True),
        Field("AccountId", ACCOUNT),
        Field("RoleType", choice("ResourceBased", "IamBased"), default="IamBased"),
    )
)
LOG_DESTINATION = Body(
    (
        Field("LogDestination", TEXT, required=True),
        Field("LogDestinationType", DESTINATION_TYPE, required=True),
        Field("LogType", LOG_TYPE, required=True),
    )
)
LOG_PROFILE_V2 = Body(
    (
        *TOKENS,
        *CLOUDWATCH,
        Field("AdvancedThreatLog", boolean),
        Field("CloudwatchMetrics", nested(Body(CLOUDWATCH))),
        Field("LogConfig", nested(LOG_CONFIG)),
    )
)
LOG_PROFILE_V1 = Body(
    (
        *CLOUDWATCH,
        Field("AdvancedThreatLog", boolean),
        Field("LogDestinationConfigs", sequence(nested(LOG_DESTINATION))),
    )
)


def parsed(body: Body, document: Mapping[str, Any]) -> Entry:
    """The known fields of a body.

    :raises ServiceError: a field is missing or invalid.
    """
    return named(body.parse(document), *(field.name for field in body.fields))


def description(document: Mapping[str, Any]) -> str | None:
    """The Description of a body, None if it is missing; "" removes it.

    :raises ServiceError: it is not a string.
    """
    value = lookup(document, "Description")
    check: Check = text(longest=512)
    return None if value is None else str(check(value, "Description"))
