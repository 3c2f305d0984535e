# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bodies of write requests.

Sources: the vendor's OpenAPI files for rulestacks and their objects; for fields, spellings and values that these lack, the
vendor's Go SDK v2.0.5 and Terraform provider v3.0.4.
"""

from __future__ import annotations

from .fields import Body, Check, Field, boolean, choice, integer, ipv4, ipv4_or_any, nested, sequence, text

NAME = r"[a-zA-Z0-9-]+"
TEXT = text()
TEXTS = sequence(TEXT)
PROFILE = choice("custom", "Custom", "BestPractice")
URL_FILTERING = choice("custom", "Custom", "BestPractice", "None")
ANY = ["any"]


def comments(longest: int, audit: int | None = None) -> tuple[Field, ...]:
    """Description and AuditComment with their lengths."""
    return Field("Description", text(longest=longest)), Field("AuditComment", text(longest=audit))


def tags(most: int, longest_value: int) -> Check:
    """A list of tags."""
    key, value = text(longest=128), text(longest=longest_value)
    return sequence(nested(Body((Field("Key", key, required=True), Field("Value", value, required=True)))), most=most)


RULESTACK_TAGS = tags(50, 256)
PROFILES = Body(
    (
        Field("AntiSpywareProfile", PROFILE, default="BestPractice"),
        Field("AntiVirusProfile", PROFILE, default="BestPractice"),
        Field("VulnerabilityProfile", PROFILE, default="BestPractice"),
        Field("URLFilteringProfile", URL_FILTERING, default="None"),
        Field("FileBlockingProfile", PROFILE, default="BestPractice"),
        Field("OutboundTrustCertificate", TEXT),
        Field("OutboundUnTrustCertificate", TEXT),
    )
)
RULESTACK = Body(
    (
        Field("Description", text(longest=512)),
        Field("Scope", choice("Local", "Global")),
        Field("AccountId", text("[0-9]{1,12}")),
        Field("AccountGroup", TEXT),
        Field("MinAppIdVersion", TEXT),
        Field("LookupXForwardedFor", TEXT),
        Field("Profiles", nested(PROFILES), default=PROFILES.parse({})),
        Field("Tags", RULESTACK_TAGS),
    )
)
RULESTACK_XML = Body((Field("Xml", TEXT, required=True),))
PREFIX_LIST = Body((*comments(512, 512), Field("PrefixList", sequence(ipv4, least=1), required=True)))
FQDN_LIST = Body(
    (*comments(512, 512), Field("FqdnList", sequence(text(r"[a-zA-Z0-9._-]+", 255), least=1), required=True))
)
FEED = Body(
    (
        *comments(512, 512),
        Field("Certificate", TEXT),
        Field("FeedURL", text(r"(http|https)://.+", 255), required=True),
        Field("Type", choice("IP_LIST", "URL_LIST"), required=True),
        Field("Frequency", choice("HOURLY", "DAILY"), required=True),
        Field("Time", integer(0, 23), default=3),
    )
)
CERTIFICATE = Body(
    (*comments(512, 512), Field("CertificateSelfSigned", boolean, default=False), Field("CertificateSignerArn", TEXT))
)
URL_CATEGORY = Body(
    (
        *comments(255),
        Field("UrlTargets", sequence(text(longest=255)), required=True),
        Field("Action", choice("none", "allow", "alert", "block", "continue", "override"), default="none"),
    )
)
FILE_TYPE = Body(
    (
        *comments(255),
        Field("Action", choice("alert", "block", "continue"), required=True),
        Field("Direction", choice("upload", "download", "both"), required=True),
    )
)
CATEGORY_OVERRIDE = Body(
    (Field("AuditComment", TEXT), Field("Action", choice("none", "allow", "alert", "block"), required=True))
)
SOURCE = (
    Field("Cidrs", sequence(ipv4_or_any)),
    Field("Countries", TEXTS),
    Field("Feeds", TEXTS),
    Field("PrefixLists", TEXTS),
)
RULE = Body(
    (
        Field("RuleName", text(NAME, 128), required=True),
        *comments(512, 512),
        Field("Enabled", boolean, default=True),
        Field("Source", nested(Body(SOURCE)), default={"Cidrs": ANY}),
        Field("NegateSource", boolean, default=False),
        Field("Destination", nested(Body((*SOURCE, Field("FqdnLists", TEXTS)))), default={"Cidrs": ANY}),
        Field("NegateDestination", boolean, default=False),
        Field("Applications", TEXTS, default=ANY),
        Field(
            "Category",
            nested(Body((Field("URLCategoryNames", TEXTS), Field("IntelligentFeeds", TEXTS, aliases=("Feeds",))))),
            default={},
        ),
        Field("Protocol", TEXT),
        Field("ProtPortList", TEXTS),
        Field("Action", choice("Allow", "DenySilent", "DenyResetServer", "DenyResetBoth"), default="Allow"),
        Field("Logging", boolean, default=False),
        Field(
            "DecryptionRuleType",
            choice(
                "SSLOutboundInspection", "SSLInboundInspection", "SSLOutboundNoInspection", "SSLInboundNoInspection"
            ),
        ),
        Field("InboundInspectionCertificate", TEXT),
        Field("Tags", tags(200, 128)),
    )
)
