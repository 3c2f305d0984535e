# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Descriptors of the objects in a rulestack that security rules use.

Keys, lengths and choices are those of the vendor's OpenAPI documents of 2026; what they lack is from its Go SDK (v2.0.5).

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from typing import Any

from ...rulestack_calls import OBJECT_KINDS, URL_CATEGORY_OVERRIDES
from ..descriptor import Field, Resource
from ..texts import ARN, CATEGORY_NAME, FQDN, NAME, PREFIX, URL, matching

AUDIT_COMMENT = Field("audit_comment", "AuditComment", maximum=512, compared=False)


def _description(maximum: int = 512) -> Field:
    return Field("description", "Description", maximum=maximum)


def _object(kind: str, section: str, *fields: Field, name: Field | None = None, **more: Any) -> Resource:
    calls = OBJECT_KINDS[section]
    return Resource(
        kind=kind,
        section=section,
        list=calls.list,
        describe=calls.describe,
        listed=calls.listed,
        described=calls.described,
        name=name or Field("name", "Name", text=NAME, maximum=63),
        fields=(*fields, AUDIT_COMMENT),
        **more,
    )


_SHORT_NAME = Field("name", "Name", text=NAME, maximum=58)
PREFIX_LIST = _object(
    "prefix list",
    "prefix_lists",
    _description(),
    Field("prefixes", "PrefixList", "list", text=PREFIX, required=True, clearable=False),
    name=_SHORT_NAME,
)
FQDN_LIST = _object(
    "FQDN list",
    "fqdn_lists",
    _description(),
    Field("fqdns", "FqdnList", "list", text=FQDN, required=True, clearable=False),
    name=_SHORT_NAME,
)
FEED = _object(
    "intelligent feed",
    "feeds",
    _description(),
    Field("url", "FeedURL", text=URL, maximum=255, required=True, clearable=False),
    Field("type", "Type", choices=("IP_LIST", "URL_LIST"), required=True),
    Field("frequency", "Frequency", choices=("HOURLY", "DAILY"), required=True),
    Field("time", "Time", "int", minimum=0, maximum=23, only_with=("frequency", "DAILY")),
    Field("certificate", "Certificate", references="certificates"),
)
CERTIFICATE = _object(
    "certificate",
    "certificates",
    _description(),
    Field("self_signed", "CertificateSelfSigned", "bool", excludes=("signer_arn",)),
    Field("signer_arn", "CertificateSignerArn", text=ARN, excludes=("self_signed",)),
    one_of=("self_signed", "signer_arn"),
)
CUSTOM_URL_CATEGORY = _object(
    "custom URL category",
    "custom_url_categories",
    _description(255),
    Field(
        "urls",
        "UrlTargets",
        "list",
        text=matching(r"\S{1,255}", "is empty, has spaces or more than 255 characters"),
        required=True,
        clearable=False,
    ),
    Field("action", "Action", choices=("none", "alert", "allow", "block", "continue", "override"), absent="none"),
    name=Field("name", "Name", text=CATEGORY_NAME, maximum=29),
    nested="url_category_entry",
)
URL_CATEGORY_OVERRIDE = Resource(
    kind="predefined URL category override",
    section="predefined_url_category_overrides",
    list=URL_CATEGORY_OVERRIDES.list,
    describe=URL_CATEGORY_OVERRIDES.describe,
    listed=URL_CATEGORY_OVERRIDES.listed,
    described=URL_CATEGORY_OVERRIDES.described,
    name=Field("name", "Name"),
    fields=(
        Field("action", "Action", choices=("none", "allow", "alert", "block"), required=True, absent="none"),
        AUDIT_COMMENT,
    ),
    creates=False,
    suffix="/action",
    reset={"action": "none"},
    uncommitted="categories_uncommitted",
)
FILE_BLOCKING = _object(
    "file blocking",
    "file_blocking",
    _description(255),
    Field("action", "Action", choices=("alert", "block", "continue"), required=True),
    Field("direction", "Direction", choices=("upload", "download", "both"), required=True),
    name=Field("file_type", "FileType"),
    creates=False,
    deletes=False,
)
OBJECTS = (
    CERTIFICATE,
    PREFIX_LIST,
    FQDN_LIST,
    FEED,
    CUSTOM_URL_CATEGORY,
    URL_CATEGORY_OVERRIDE,
    FILE_BLOCKING,
)
