# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The versions of firewalls: where the API has them, and the calls that change each part.

On a tenant of version 2, firewalls of version 1 are addressed by C(v1route). If the OpenAPI documents and the vendor's Go SDK (v2.0.5) name different paths
or methods, all are listed, and the client takes the first that the API has.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from ..codec import lookup
from ..resources import codec
from ..resources.catalog.firewall import FIREWALL_V1, FIREWALL_V2, NAME_TAG
from ..resources.descriptor import Resource
from ..resources.planner import Change

Body = dict[str, Any]


@dataclasses.dataclass(frozen=True)
class Call:
    """A request that changes a part of a firewall. :param methods: those that the API may have for it. :param suffix: after the firewall's path."""

    methods: tuple[str, ...]
    suffix: str
    body: Body


@dataclasses.dataclass(frozen=True)
class Part:
    """Options that are changed by the same call.

    :param calls: the requests of a change. Each can need the update token of the one before, so only the first is sent before the firewall is read again.
    """

    options: frozenset[str]
    calls: Callable[[Change], list[Call]]


@dataclasses.dataclass(frozen=True, eq=False)
class Version:
    """A version of firewalls on a tenant.

    :param number: C(1) or C(2). :param bases: the paths of the list; for each call, the first that the API has is used.
    :param query: of each call, in addition to the region.
    :param regional: whether calls name the region. :param account_in: where reads and deletions name the account: C(query) or C(body).
    """

    number: int
    resource: Resource
    bases: tuple[str, ...]
    parts: tuple[Part, ...]
    query: Mapping[str, str] = dataclasses.field(default_factory=dict)
    regional: bool = True
    account_in: str = ""


def _changed(change: Change, option: str) -> Any:
    return (change.after or {}).get(option)


def _update_token(change: Change) -> Body:
    token = change.observed.update_token if change.observed else None
    return {"UpdateToken": token} if token else {}


def _named(change: Change, **more: Any) -> Body:
    """The body of a version 1 call."""
    account = (change.before or {}).get("account_id")
    named = {"FirewallName": change.desired.name, **({"AccountId": account} if account else {})}
    return {**named, **more, **_update_token(change)}


def _patch(change: Change) -> list[Call]:
    body = dict(change.body or {})
    if "Tags" in body:
        tags = [tag for tag in body["Tags"] if lookup(tag, "key") != NAME_TAG]
        body["Tags"] = [{"Key": NAME_TAG, "Value": change.desired.name}, *tags]
    return [Call(("PATCH",), "", body)]


def _association(option: str, suffix: str, methods: tuple[str, ...], *, named: bool) -> Callable[[Change], list[Call]]:
    """Calls that associate or disassociate a rulestack. :param named: whether the body names the firewall."""

    def calls(change: Change) -> list[Call]:
        own = _named(change) if named else _update_token(change)
        if new := _changed(change, option):
            return [Call(methods, suffix, {**own, "RuleStackName": new})]
        old = {} if named else {"RuleStackName": (change.before or {})[option]}
        return [Call(("DELETE",), suffix, {**own, **old})]

    return calls


def _link(change: Change) -> list[Call]:
    if new := _changed(change, "link_id"):
        return [Call(("POST",), "/link", {"LinkId": new, **_update_token(change)})]
    return [Call(("DELETE",), "/link", {"LinkId": (change.before or {})["link_id"], **_update_token(change)})]


def _description(change: Change) -> list[Call]:
    return [Call(("PUT",), "/description", _named(change, Description=_changed(change, "description")))]


def _subnets(change: Change) -> list[Call]:
    field = FIREWALL_V1.by_option["subnet_mappings"]
    before, after = (change.before or {})["subnet_mappings"], _changed(change, "subnet_mappings")
    kept = codec.matched(field, after, before)
    sides = {
        "AssociateSubnetMappings": [item for item, index in zip(after, kept) if index is None],
        "DisassociateSubnetMappings": [item for index, item in enumerate(before) if index not in kept],
    }
    more: Body = {wire: [codec.encode(field.fields, item) for item in items] for wire, items in sides.items() if items}
    if "multi_vpc" in change.options:
        more["MultiVpcEnable"] = _changed(change, "multi_vpc")
    return [Call(("PUT", "POST"), "/subnets", _named(change, **more))]


def _content(change: Change) -> list[Call]:
    fields = [FIREWALL_V1.by_option[option] for option in _CONTENT]
    values = {option: _changed(change, option) for option in _CONTENT if _changed(change, option) not in (None, "")}
    return [Call(("PUT",), "/contentversion", _named(change, **codec.encode(fields, values)))]


def _features(change: Change) -> list[Call]:
    options = [option for option in _FEATURES if option in change.options]
    body = change.body or {}
    wires = [FIREWALL_V1.by_option[option].wire for option in options]
    return [Call(("PUT",), "/features", _named(change, Features={wire: body[wire] for wire in wires if wire in body}))]


def _tags(change: Change) -> list[Call]:
    """Set the tags that differ, or else remove those that are not desired: one call cannot do both."""
    before, after = (change.before or {}).get("tags") or {}, _changed(change, "tags")
    own = {key: value for key, value in _named(change).items() if key != "UpdateToken"}
    changed = [{"Key": key, "Value": value} for key, value in after.items() if before.get(key) != value]
    gone = [key for key in before if key not in after]
    calls = [Call(("POST",), "/tags", {**own, "Tags": changed})] if changed else []
    return [*calls, *([Call(("DELETE",), "/tags", {**own, "TagKeys": gone})] if gone else [])]


_CONTENT = ("app_id_version", "automatic_upgrade_app_id_version")
_FEATURES = ("egress_nat", "private_access", "user_id", "endpoints")


def _part(calls: Callable[[Change], list[Call]], *options: str) -> Part:
    return Part(frozenset(options), calls)


_V2_PARTS = (
    _part(
        _patch,
        *(
            field.option
            for field in FIREWALL_V2.fields
            if field.option not in ("rulestack", "global_rulestack", "link_id")
        ),
    ),
    _part(_link, "link_id"),
    _part(_association("rulestack", "/rulestack", ("POST",), named=False), "rulestack"),
    _part(_association("global_rulestack", "/rulestack", ("POST",), named=False), "global_rulestack"),
)
_V1_PARTS = (
    _part(_description, "description"),
    _part(_subnets, "subnet_mappings", "multi_vpc"),
    _part(_content, *_CONTENT),
    _part(_features, *_FEATURES),
    _part(_tags, "tags"),
    _part(_association("rulestack", "/rulestack", ("POST", "PUT"), named=True), "rulestack"),
    _part(_association("global_rulestack", "/globalrulestack", ("POST", "PUT"), named=True), "global_rulestack"),
)

V2 = Version(2, FIREWALL_V2, ("/v2/config/ngfirewalls", "/v2/ngfirewalls"), _V2_PARTS)
V1_ON_V2 = Version(
    1,
    FIREWALL_V1,
    ("/v2/config/ngfirewalls/", "/v2/ngfirewalls/", "/v1/config/ngfirewalls/"),
    _V1_PARTS,
    {"v1route": "true"},
    account_in="query",
)
V1 = Version(1, FIREWALL_V1, ("/v1/config/ngfirewalls",), _V1_PARTS, regional=False, account_in="body")


def versions(tenant_version: str | None) -> tuple[Version, ...]:
    """The versions that a tenant's firewalls can have, the one of new firewalls first. :param tenant_version: of the token; None if unknown."""
    if str(tenant_version or "").upper() == "V1":
        return (V1,)
    return (V2, V1_ON_V2) if tenant_version else (V2, V1_ON_V2, V1)
