# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Descriptor of rulestacks.

Keys and choices are those of the vendor's OpenAPI documents of 2026; C(AccountGroup), C(MinAppIdVersion) and C(LookupXForwardedFor) are from its Go SDK
(v2.0.5). An update without a description keeps it, and neither the scope nor the account can change.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from ...rulestack_calls import LIST, RULESTACK, TAGS
from ..descriptor import NOISE, Field, Resource
from ..texts import ACCOUNT, NAME

SCOPES = ("Local", "Global")
_PROFILE = ("BestPractice", "custom")
_PROFILES = (
    Field("anti_spyware", "AntiSpywareProfile", choices=_PROFILE, initial="BestPractice", absent="BestPractice"),
    Field("anti_virus", "AntiVirusProfile", choices=_PROFILE, initial="BestPractice", absent="BestPractice"),
    Field("vulnerability", "VulnerabilityProfile", choices=_PROFILE, initial="BestPractice", absent="BestPractice"),
    Field("file_blocking", "FileBlockingProfile", choices=_PROFILE, initial="BestPractice", absent="BestPractice"),
    Field("url_filtering", "URLFilteringProfile", choices=(*_PROFILE, "None"), initial="None", absent="None"),
    Field("outbound_trust_certificate", "OutboundTrustCertificate", references="certificates"),
    Field("outbound_untrust_certificate", "OutboundUnTrustCertificate", references="certificates"),
)


RULESTACK_RESOURCE = Resource(
    kind="rulestack",
    section="",
    list=LIST,
    describe=RULESTACK,
    listed="rulestack",
    described="rulestack",
    name=Field("name", "RuleStackName", text=NAME, maximum=128),
    fields=(
        Field("scope", "Scope", choices=SCOPES, mutable=False, initial="Local", absent="Local"),
        Field("description", "Description", maximum=512, clearable=False),
        Field("account_id", "AccountId", text=ACCOUNT, mutable=False),
        Field("account_group", "AccountGroup", mutable=False),
        Field("min_app_id_version", "MinAppIdVersion", clearable=False),
        Field("lookup_x_forwarded_for", "LookupXForwardedFor", clearable=False),
        Field("profiles", "Profiles", "object", fields=_PROFILES),
        Field("tags", "Tags", "tags"),
    ),
    wrapper="RuleStackEntry",
    tags=TAGS,
    noise=NOISE | {"tags"},
)
