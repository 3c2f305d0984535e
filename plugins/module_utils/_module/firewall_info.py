# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read the firewalls of one or several regions, each with a separate token.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
import operator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from .._aws.regions import check_region
from .._common.errors import PanwCloudError
from .._ngfw.admin_roles import ADMIN_ROLES
from .._ngfw.endpoints import REGIONS
from .._ngfw.firewalls.finder import Firewalls
from .._ngfw.firewalls.reader import FirewallReader, Selection
from .ngfw import Task
from .session import holds_token, session

ALL = "all"
CONCURRENCY = 8


@dataclasses.dataclass
class RegionFirewalls:
    """What was read in a region. :param name: None for the task's own. :param error: why nothing was read."""

    name: str | None
    firewalls: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    warnings: list[str] = dataclasses.field(default_factory=list)
    error: PanwCloudError | None = None


def read_regions(task: Task) -> dict[str, Any]:
    """The result of the task. A region that cannot be read does not hide the others.

    :raises PanwCloudError: an option is invalid, or no region can be read.
    """
    regions = each_region(task)
    failed = [region for region in regions if region.error]
    if len(failed) == len(regions) and failed[0].error:
        raise failed[0].error
    return {
        "changed": False,
        "firewalls": [firewall for region in regions for firewall in region.firewalls],
        "failed_regions": [{"region": region.name, **region.error.as_result()} for region in failed if region.error],
        "warnings": [
            *(warning for region in regions for warning in region.warnings),
            *(f"The firewalls in {region.name} are missing: {region.error}" for region in failed),
        ],
    }


def each_region(task: Task) -> list[RegionFirewalls]:
    """What was read in each of the task's regions.

    :raises PanwCloudError: an option is invalid, or there are no AWS credentials.
    """
    names = region_names(task)
    shared = operator.attrgetter("http") if holds_token(task.params) else operator.attrgetter("http", "credentials")
    shared(task)  # created once, before the threads
    with ThreadPoolExecutor(CONCURRENCY) as pool:
        return list(pool.map(lambda name: _read(task, name), names))


def region_names(task: Task) -> list[str | None]:
    """The regions to read, None for the task's own. :raises InvalidInput: a name is invalid."""
    given = task.params["regions"]
    for name in given:
        if name != ALL:
            check_region("regions", name)
    return [*REGIONS] if ALL in given else [*dict.fromkeys(given)] or [None]


def _read(task: Task, name: str | None) -> RegionFirewalls:
    params, region = task.params, RegionFirewalls(name)
    selection = Selection(
        params["name"],
        params["firewall_id"],
        params["rulestack"],
        params["global_rulestack"],
        tuple(params["vpc_ids"]),
        params["log_profile"],
    )
    admin_role = None if holds_token(params) else ADMIN_ROLES["firewall"]
    try:
        with session(task, admin_role, region=name) as opened:
            reader = FirewallReader(Firewalls(opened.client, opened.pair, params["account_id"]))
            region.firewalls = reader.read(selection)
            region.warnings = reader.warnings
    except PanwCloudError as error:
        region.error = error
    return region
