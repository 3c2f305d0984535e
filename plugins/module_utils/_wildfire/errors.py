# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Errors of WildFire and its keys.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .._common.errors import AuthenticationError, AuthorizationError, ErrorContext, InvalidRequest, PanwCloudError


class KeyRefused(AuthenticationError):
    """WildFire rejects the key: an unknown API key, or an access token of an account that is not bound to a key."""

    advice = (
        "With an access token: bind the service account to a WildFire key with panw.cloud.wildfire_key, and wait until it is Valid. "
        "With an API key: check the key, and 'agent', which is required for keys longer than 32 characters."
    )


class NotPermitted(AuthorizationError):
    """WildFire knows the key, but denies the request."""

    advice = "Check what the key is licensed for."


class QuotaExceeded(PanwCloudError):
    """The key works, but its queries or uploads of the day are used up."""

    kind = "quota_exceeded"
    advice = "The quota resets at 00:00 UTC. Strata Cloud Manager shows the remaining quota next to the key."


class KeyNotReady(PanwCloudError):
    """A key did not reach the desired state in time."""

    kind = "timeout"


class Ineligible(InvalidRequest):
    """Files or URLs that WildFire does not analyze."""

    advice = "Leave them out, or set 'on_ineligible' to 'skip'. The result lists them in 'samples' with the reason."


class VerdictsPending(PanwCloudError):
    """Analysis did not end in time."""

    kind = "timeout"
    advice = "Run again: what was submitted is not submitted again. Full analysis takes minutes; raise 'wait_timeout' if needed."


class ManualStep(PanwCloudError):
    """A manual step in the console is required, because the vendor publishes no API.

    :param steps: the manual steps in order, with all names filled in.
    """

    kind = "manual_step"

    def __init__(self, attempted: str, context: ErrorContext, steps: Sequence[str]) -> None:
        self.steps = list(steps)
        listed = "\n".join(f"{number}. {step}" for number, step in enumerate(steps, 1))
        super().__init__(
            attempted,
            context,
            "Palo Alto Networks publishes no API for this: perform these steps in Strata Cloud Manager, or describe your own API "
            f"in 'registry'.\n{listed}",
        )

    def as_result(self) -> dict[str, Any]:
        return {**super().as_result(), "manual_steps": self.steps}
