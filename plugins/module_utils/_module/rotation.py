# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The entry point of a fleet rotation, which runs on the controller: options in, one run, one result.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.botocore import get_aws_region
from ansible_collections.amazon.aws.plugins.module_utils.modules import aws_argument_spec

from .._common.redaction import Scrubber
from .._common.urls import require_tls
from .._ngfw.rotation import options
from .._ngfw.rotation.engine import Rotation
from .._ngfw.rotation.progress import Throttle
from .._ngfw.rotation.shared_clients import SharedClients
from .._ngfw.rotation.shutdown import Shutdown
from .._transport.certificates import ca_bundle
from .._transport.http import HttpClient
from .._transport.rate_limiter import RateLimits
from .argspec import ngfw_spec, role_spec, rotation_spec
from .aws import ModuleShim, connection_of

__all__ = ["Shutdown", "Throttle", "fleet_spec", "rotation"]


def fleet_spec() -> dict[str, Any]:
    """All options, those of amazon.aws included."""
    return {
        **aws_argument_spec(),
        **ngfw_spec(),
        **role_spec(),
        **rotation_spec(),
    }


def rotation(params: dict[str, Any], *, dry_run: bool, stop: Shutdown, clock: Callable[[], float]) -> Rotation:
    """A rotation that is ready to run, without any connection yet.

    :param params: as L(fleet_spec) describes them, checked for types.
    :raises InvalidInput: an option is invalid.
    """
    if params["endpoint_url"]:
        require_tls("endpoint_url", params["endpoint_url"])
    trust = ca_bundle(params, "ngfw")
    connection = connection_of(ModuleShim(params))
    plan = options.plan(params, dry_run=dry_run)
    rates = RateLimits(options.caps(params), clock, stop.sleep, options.quota_share(params))
    members = options.members(
        params, connection, lambda profile: get_aws_region(ModuleShim({"region": params["region"], "profile": profile}))
    )
    scrubber = Scrubber(params["secret_key"], params["session_token"])
    http = HttpClient(
        trust, scrubber, connections=plan.concurrency, sleep=stop.sleep, clock=clock, ca_option="ngfw_ca_bundle"
    )
    return Rotation(
        members, plan, SharedClients(connection, http, rates, plan.concurrency, scrubber), stop, clock=clock
    )
