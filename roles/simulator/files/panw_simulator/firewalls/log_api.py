# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Log profiles: one destination for each type of log in the V1 format, one for several types in the V2 format.

Keys that are not sent stay as they are. This is how the vendor's clients behave: they cannot turn the advanced threat log
off because they leave out false. A destination without types of logs is none; the specification has no least number.
"""

from __future__ import annotations

from ..documents import check_update_token
from ..envelope import ServiceError
from ..routing import READERS, Call, Caller, Content, Route
from ..tokens import AdminRole
from . import bodies
from .forms import ONES, is_v1
from .model import Entry, Firewall, named
from .store import FirewallStore
from .views import log_profile_v1, log_profile_v2

ADMIN = frozenset({AdminRole.FIREWALL})
METRICS = ("CloudWatchMetricNamespace", "CloudWatchMetricsFields", "AccountId")


class LogApi:
    """Handlers of the routes."""

    def __init__(self, store: FirewallStore) -> None:
        self._store = store

    def routes(self) -> list[Route]:
        """The routes with their handlers."""
        return [
            Route(method, f"{one}/logprofile", handler, roles=roles)
            for one in ONES
            for method, handler, roles in (
                ("GET", self.read, READERS),
                ("POST", self.update, ADMIN),
                ("PUT", self.update, ADMIN),
            )
        ]

    def read(self, call: Call, caller: Caller) -> Content:
        """The log profile of a firewall."""
        v1 = is_v1(call)
        return _view(self._store.find(call, caller, v1=v1), v1)

    def update(self, call: Call, caller: Caller) -> Content:
        """Change what is sent."""
        v1 = is_v1(call)
        firewall = self._store.writable(call, caller, v1=v1)
        logs = firewall.logs
        if v1:
            sent = bodies.parsed(bodies.LOG_PROFILE_V1, call.document)
            destinations = _one_for_each(sent.get("LogDestinationConfigs", logs.destinations))
        else:
            sent = bodies.parsed(bodies.LOG_PROFILE_V2, call.document)
            check_update_token(sent.get("UpdateToken"), logs.update_token)
            destinations = _for_all(sent["LogConfig"]) if "LogConfig" in sent else logs.destinations
        metrics = _metrics(firewall, sent)
        if "LogConfig" in sent:
            logs.role = {"AccountId": firewall.account_id, **named(sent["LogConfig"], "AccountId", "RoleType")}
        logs.role = logs.role or {"AccountId": firewall.account_id, "RoleType": "IamBased"}
        logs.destinations, logs.metrics = destinations, metrics
        logs.advanced_threat = sent.get("AdvancedThreatLog", logs.advanced_threat)
        logs.update_token = self._store.new_token(firewall)
        return _view(firewall, v1)


def _view(firewall: Firewall, v1: bool) -> Entry:
    return log_profile_v1(firewall) if v1 else log_profile_v2(firewall)


def _one_for_each(destinations: list[Entry]) -> list[Entry]:
    types = [destination["LogType"] for destination in destinations]
    for log_type in types:
        if types.count(log_type) > 1:
            message = f"invalid request: LogDestinationConfigs has more than one destination for {log_type}"
            raise ServiceError("InvalidRequestException", message)
    return destinations


def _for_all(config: Entry) -> list[Entry]:
    place = named(config, "LogDestination", "LogDestinationType")
    return [{**place, "LogType": log_type} for log_type in dict.fromkeys(config["LogType"])]


def _metrics(firewall: Firewall, sent: Entry) -> Entry:
    """The metrics after a request, which has them in CloudwatchMetrics or, in the V1 format and the SDK's, beside it."""
    given = {**named(sent, *METRICS), **named(sent.get("CloudwatchMetrics", {}), *METRICS)}
    if not {"CloudWatchMetricNamespace", "CloudWatchMetricsFields"} & given.keys():
        return firewall.logs.metrics
    metrics = {"AccountId": firewall.account_id, **firewall.logs.metrics, **given}
    if "CloudWatchMetricNamespace" not in metrics:
        raise ServiceError("InvalidRequestException", "invalid request: CloudWatchMetricNamespace is required")
    return metrics
