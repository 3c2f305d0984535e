# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calls of the API for the log profile of a firewall, with the interface that the resource engine needs.

No source says whether the API replaces a profile as a whole or merges what is sent, so what a task does not manage is sent back as it was read. There is no
call that deletes a profile. What the vendor's OpenAPI document of 2026 allows in its place is a destination without log types, and metrics without fields and
namespace, of which a server may keep the namespace.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._common.errors import ErrorContext, InvalidRequest, NotFound
from ..._common.polling import Poller
from ..codec import lookup
from ..resources import codec
from ..resources.catalog.log_profile import IAM_BASED, LOG_PROFILE
from ..resources.descriptor import Resource
from ..resources.planner import Address, Change, Observed, plan
from .client import Firewall, FirewallClient
from .versions import Call

SUFFIX = "/logprofile"
FIELDS = "cloud_watch_metrics_fields"
OFF = {"CloudWatchMetricNamespace": "", "CloudWatchMetricsFields": []}
Json = Mapping[str, Any]


class LogProfileClient:
    """Reads and changes the log profile of one firewall.

    :param metrics_off: whether metrics are turned off, so that a namespace without fields counts as none.
    """

    def __init__(self, client: FirewallClient, firewall: Firewall, *, metrics_off: bool = False) -> None:
        self._client, self._firewall, self._metrics_off = client, firewall, metrics_off

    @property
    def number(self) -> int:
        """The version of the firewall, C(1) or C(2)."""
        return self._client.version.number

    def read(self, resource: Resource, address: Address, name: str) -> Observed:
        """Read the profile. A firewall without one has an empty one."""
        own = self._own()
        query = {"accountid": own["AccountId"]} if self._client.version.query and "AccountId" in own else {}
        call = Call(("GET",), SUFFIX, own)
        try:
            content = self._client.call(f"read the {resource.kind} '{name}'", self._firewall, call, query)
        except NotFound:
            content = {}
        raw = uniform(content, metrics_off=self._metrics_off)
        values = codec.values_of(resource.fields, raw)
        return Observed(address, name, raw, values, lookup(content, "update_token"))

    def write(self, change: Change) -> None:
        """Send a change. :raises PanwCloudError: it failed; C(outcome_unknown) says whether it may have been made."""
        body = dict(change.body or {})
        if self.number == 2:
            call = Call(("POST",), SUFFIX, body_v2(body, change.observed.raw if change.observed else {}))
        else:
            on_v2_tenant = bool(self._client.version.query)  # the documents of the two paths differ
            methods = ("POST", "PUT") if on_v2_tenant else ("PUT", "POST")
            call = Call(methods, SUFFIX, {**self._own(), **body_v1(body)})
        self._client.call(f"{change.operation} the {change.title}", self._firewall, call)

    def tags(self, resource: Resource, address: Address) -> dict[str, str]:
        """None: a log profile has no tags."""
        return {}

    def write_tags(self, resource: Resource, address: Address, before: Mapping[str, str], after: Json) -> None:
        """Nothing, for the same reason."""

    def _own(self) -> dict[str, Any]:
        """What a version 1 call says of the firewall."""
        if self.number == 2:
            return {}
        account = self._firewall.values.get("account_id")
        return {"FirewallName": self._firewall.name, **({"AccountId": account} if account else {})}


def uniform(content: Json, *, metrics_off: bool = False) -> dict[str, Any]:
    """A profile of either version as a list of destinations that have several log types, and an object of metrics. What is turned off is left out.

    :param metrics_off: whether a namespace with an empty list of fields is turned off, too.
    """
    metrics = lookup(content, "cloudwatch_metrics") or _metrics(content)
    if metrics_off and lookup(metrics, FIELDS) == []:
        metrics = {}
    raw: dict[str, Any] = {
        "LogConfig": _destinations(content),
        "CloudwatchMetrics": metrics if lookup(metrics, "cloud_watch_metric_namespace") else {},
    }
    if lookup(content, "advanced_threat_log") is not None:
        raw["AdvancedThreatLog"] = lookup(content, "advanced_threat_log")
    return raw


def _destinations(content: Json) -> list[dict[str, Any]]:
    config = lookup(content, "log_config")
    if lookup(config, "log_destination"):
        return [dict(config)] if lookup(config, "log_type") else []
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for entry in lookup(content, "log_destination_configs") or ():
        kind, name = (str(lookup(entry, key) or "") for key in ("log_destination_type", "log_destination"))
        new: dict[str, Any] = {"LogDestinationType": kind, "LogDestination": name, "LogType": []}
        found.setdefault((kind, name), new)["LogType"].append(lookup(entry, "log_type"))
    return list(found.values())


def _metrics(content: Json) -> dict[str, Any]:
    keys = {
        "CloudWatchMetricNamespace": "cloud_watch_metric_namespace",
        "CloudWatchMetricsFields": FIELDS,
    }
    return {wire: lookup(content, key) for wire, key in keys.items() if lookup(content, key) is not None}


def body_v2(body: Json, observed: Json) -> dict[str, Any]:
    """A planned body as version 2 takes it: at most one destination. The OpenAPI document requires its C(RoleType).

    :param observed: the profile before, whose destination and account name what is turned off.
    """
    sent = {key: value for key, value in body.items() if key not in ("LogConfig", "CloudwatchMetrics")}
    off = [{**_documented("destinations", config), "LogType": []} for config in observed.get("LogConfig") or ()]
    for config in body.get("LogConfig") or off:
        given = {key: value for key, value in config.items() if value or key == "LogType"}
        sent["LogConfig"] = {"RoleType": IAM_BASED, **given}
    metrics = {key: value for key, value in (body.get("CloudwatchMetrics") or {}).items() if value}
    before = observed.get("CloudwatchMetrics")
    if not metrics.get("CloudWatchMetricNamespace") and before:
        account = _documented("cloudwatch_metrics", before).get("AccountId")
        metrics = {**OFF, **({"AccountId": account} if account else {})}
    return {**sent, "CloudwatchMetrics": metrics} if metrics else sent


def _documented(option: str, value: Json) -> dict[str, Any]:
    """An object of an answer with the documented spelling of its keys, and without those that are never sent."""
    field = LOG_PROFILE.by_option[option]
    return codec.encode(field.fields, {}, value, field.noise)


def body_v1(body: Json) -> dict[str, Any]:
    """A planned body as version 1 takes it: each log type with its destination."""
    sent = {key: value for key, value in body.items() if key not in ("LogConfig", "CloudwatchMetrics")}
    keys = ("LogDestinationType", "LogDestination")
    sent["LogDestinationConfigs"] = [
        {**{key: config[key] for key in keys}, "LogType": log_type}
        for config in body.get("LogConfig") or ()
        for log_type in config.get("LogType") or ()
    ]
    metrics = {key: value for key, value in (body.get("CloudwatchMetrics") or {}).items() if key != "AccountId"}
    return {**sent, **(OFF if metrics.get("CloudWatchMetricNamespace") == "" else metrics)}


def confirm_emptied(client: LogProfileClient, change: Change, poller: Poller) -> None:
    """Check that the API has emptied what a change empties, which no source documents.

    :raises InvalidRequest: it accepted the request and kept something.
    """
    desired = change.desired
    resource = change.resource

    def left(observed: Observed) -> Change | None:
        return plan(resource, observed, desired)

    seen = poller.until(
        lambda: client.read(resource, desired.address, desired.name), lambda observed: left(observed) is None
    )
    if rest := left(seen):
        kept = ", ".join(repr(option) for option in LOG_PROFILE.by_option if _is_kept(rest, option))
        raise InvalidRequest(
            f"{change.operation} the {change.title}",
            ErrorContext(reason=f"the API accepted the request, but kept {kept}"),
            "The API has no call that deletes a log profile. Empty it in the Cloud NGFW console, or send the logs elsewhere.",
        )


def _is_kept(rest: Change, option: str) -> bool:
    wanted = LOG_PROFILE.reset if rest.after is None else rest.after
    return bool(rest.before and wanted and rest.before.get(option) != wanted.get(option))
