# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Descriptor of the log profiles of firewalls: where logs and metrics go.

Both versions have the same options. A firewall of version 2 sends all logs to one destination, one of version 1 sends each type to a separate destination;
L(firewalls/log_profiles) translates. Keys and choices are those of the vendor's OpenAPI documents of 2026.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...rulestack_calls import Read
from ..descriptor import Field, Resource, Values
from ..texts import ACCOUNT

DESTINATION_TYPES = ("S3", "CloudWatchLogs", "KinesisDataFirehose")
USER_ID = "USER_ID"
LOG_TYPES = ("TRAFFIC", "THREAT", "DECRYPTION", USER_ID)
IAM_BASED = "IamBased"
_NEEDED = ("type", "destination", "log_types")


def _problems(values: Values) -> Iterator[tuple[str, str]]:
    destinations = values.get("destinations") or []
    senders: dict[str, int] = {}
    for index, destination in enumerate(destinations):
        place = f"destinations[{index}]"
        for option in _NEEDED:
            if not destination.get(option):
                yield f"{place} > {option}", "is required."
        for log_type in dict.fromkeys(destination.get("log_types") or ()):
            sender = senders.setdefault(log_type, index)
            if sender != index:
                yield (
                    f"{place} > log_types",
                    f"has {log_type}, which destinations[{sender}] has too: a log type goes to one destination.",
                )
    metrics = values.get("cloudwatch_metrics") or {}
    if metrics.get("namespace") == "" and (metrics.get("fields") or metrics.get("account_id")):
        yield "cloudwatch_metrics > namespace", "is empty, which turns metrics off: omit 'fields' and 'account_id'."


NO_METRICS = {"namespace": "", "fields": [], "account_id": ""}
LOG_PROFILE = Resource(
    kind="log profile of firewall",
    section="firewall",
    list=Read("", base=""),
    describe=Read("/{}", base=""),
    listed="",
    described="",
    name=Field("firewall", "FirewallName"),
    fields=(
        Field(
            "destinations",
            "LogConfig",
            "items",
            fields=(
                Field("type", "LogDestinationType", choices=DESTINATION_TYPES),
                Field("destination", "LogDestination"),
                Field("log_types", "LogType", "list", choices=LOG_TYPES),
                Field("account_id", "AccountId", text=ACCOUNT),
                Field("role_type", "RoleType", choices=(IAM_BASED, "ResourceBased"), absent=IAM_BASED),
            ),
            identity=("type", "destination"),
            noise=frozenset({"log_destination_region"}),
        ),
        Field(
            "cloudwatch_metrics",
            "CloudwatchMetrics",
            "object",
            fields=(
                Field("namespace", "CloudWatchMetricNamespace"),
                Field("fields", "CloudWatchMetricsFields", "list"),
                Field("account_id", "AccountId", text=ACCOUNT),
            ),
        ),
        Field("advanced_threat_log", "AdvancedThreatLog", "bool"),
    ),
    creates=False,
    reset={"destinations": [], "cloudwatch_metrics": NO_METRICS, "advanced_threat_log": False},
    check=_problems,
    accepts=frozenset({"log_config", "cloudwatch_metrics", "advanced_threat_log"}),
)


def complete(values: Values) -> Values:
    """The given options with what follows from them: without a namespace there are no metrics."""
    metrics = values.get("cloudwatch_metrics")
    return {**values, "cloudwatch_metrics": NO_METRICS} if metrics and metrics.get("namespace") == "" else values


def version_problems(number: int, values: Values) -> Iterator[tuple[str, str]]:
    """What a firewall of a version cannot do of given options, as pairs of option and problem. :param number: C(1) or C(2)."""
    destinations = values.get("destinations") or []
    if number == 2:
        for index in range(1, len(destinations)):
            yield (
                f"destinations[{index}]",
                "is one too many: a firewall of version 2 sends all its logs to one destination.",
            )
        return
    for index, destination in enumerate(destinations):
        for option in ("account_id", "role_type"):
            if destination.get(option):
                yield f"destinations[{index}] > {option}", "is for firewalls of version 2; this one is of version 1."
        if USER_ID in (destination.get("log_types") or ()):
            yield f"destinations[{index}] > log_types", f"has {USER_ID}, which is for firewalls of version 2."
    if (values.get("cloudwatch_metrics") or {}).get("account_id"):
        yield "cloudwatch_metrics > account_id", "is for firewalls of version 2; this one is of version 1."


def unfinished(number: int, after: Values) -> Iterator[tuple[str, str]]:
    """What the profile would lack after a change, as pairs of option and problem. :param number: C(1) or C(2)."""
    metrics = after["cloudwatch_metrics"]
    if number == 2 and metrics.get("namespace") and not metrics.get("account_id"):
        yield "cloudwatch_metrics > account_id", "is required: the AWS account whose CloudWatch has the metrics."
    if not metrics.get("namespace") and (metrics.get("fields") or metrics.get("account_id")):
        yield "cloudwatch_metrics > namespace", "is required."
