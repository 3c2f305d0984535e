# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A firewall: its configuration, its endpoints, its log profile, and the jobs that change its state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Entry = dict[str, Any]
KINDS = {"Local": "RuleStack", "Global": "GlobalRuleStack"}
"""Prefix of the status fields of a rulestack, by its scope."""
DEVICE = "DeviceRuleStack"
UNBORN = ("CREATING", "CREATE_FAIL")
UNCHANGEABLE = (*UNBORN, "UPDATING", "DELETING")


@dataclass
class Job:
    """What runs on a firewall until the clock has passed its duration.

    :param started: seconds of the simulator's clock. :param failure: the reason why it will fail, None if it will not.
    """

    started: float
    failure: str | None = None


@dataclass
class Commit:
    """The state of a commit on the device.

    :param moment: seconds since the epoch of the last one that ended, None before the first.
    """

    status: str
    messages: list[str] = field(default_factory=list)
    moment: int | None = None


@dataclass
class LogProfile:
    """Log destinations and metrics.

    :param destinations: one entry for each type of log: LogType, LogDestination, LogDestinationType.
    :param role: RoleType and AccountId of the role that writes the logs. :param metrics: CloudwatchMetrics, empty if off.
    :param advanced_threat: None if it was never set.
    """

    destinations: list[Entry] = field(default_factory=list)
    role: Entry = field(default_factory=dict)
    metrics: Entry = field(default_factory=dict)
    advanced_threat: bool | None = None
    update_token: str = ""


@dataclass
class Firewall:
    """One firewall.

    :param version: ``V1`` or ``V2``, the form in which it can be managed; None for one of the seed, which has both.
    :param v1: fields of the V1 form only. :param deployment: fields whose change is deployed to the device.
    :param endpoints: in the format of V2.
    :param rulestacks: names of the associated rulestacks, by ``RuleStack`` and ``GlobalRuleStack``.
    :param commits: by the same keys and ``DeviceRuleStack``. :param jobs: what runs: ``create``, ``update``, ``delete``,
        ``endpoints``, and commits by their keys.
    """

    id: str
    name: str
    version: str | None
    account_id: str
    region: str
    description: str = ""
    tags: dict[str, str] = field(default_factory=dict)
    change_protection: list[str] = field(default_factory=list)
    link_id: str | None = None
    v1: Entry = field(default_factory=dict)
    deployment: Entry = field(default_factory=dict)
    endpoints: list[Entry] = field(default_factory=list)
    rulestacks: dict[str, str] = field(default_factory=dict)
    logs: LogProfile = field(default_factory=LogProfile)
    status: str = "CREATING"
    failure_reason: str = ""
    commits: dict[str, Commit] = field(default_factory=dict)
    jobs: dict[str, Job] = field(default_factory=dict)
    update_token: str = ""
    deployment_token: str = ""
    deleted: bool = False


def named(mapping: Mapping[str, Any], *names: str) -> Entry:
    """The given keys of a mapping, without those that it does not have."""
    return {name: mapping[name] for name in names if name in mapping}
