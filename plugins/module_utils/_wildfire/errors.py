# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The errors that only WildFire and its keys know.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .._common.errors import AuthenticationError, AuthorizationError, Evidence, PanwCloudError


class KeyRefused(AuthenticationError):
    """WildFire takes what it was shown for no valid key: an unknown API key, or an access token whose account is bound to none."""

    advice = (
        "With an access token: bind the service account to a WildFire key, which panw.cloud.wildfire_key tells how to do, and wait until it is Valid. "
        "With an API key: check the key, and 'agent', which keys of more than 32 characters need."
    )


class NotPermitted(AuthorizationError):
    """WildFire knows the key and does not let it do this."""

    advice = "Check what the key is licensed for."


class QuotaExceeded(PanwCloudError):
    """The key works, and its queries or uploads of the day are used up."""

    kind = "quota_exceeded"
    advice = "The allowance is reset at 00:00 UTC. Strata Cloud Manager shows what is left of it beside the key."


class KeyNotReady(PanwCloudError):
    """A key did not get where it was asked to within the time."""

    kind = "timeout"


class ManualStep(PanwCloudError):
    """Something has to be done in the console, for which the vendor publishes no API.

    :param steps: what a person does, in order, with all names filled in.
    """

    kind = "manual_step"

    def __init__(self, attempted: str, evidence: Evidence, steps: Sequence[str]) -> None:
        self.steps = list(steps)
        listed = "\n".join(f"{number}. {step}" for number, step in enumerate(steps, 1))
        super().__init__(
            attempted,
            evidence,
            "Palo Alto Networks publishes no API for this: a person does it in Strata Cloud Manager, and 'registry' can describe an API "
            f"that you have.\n{listed}",
        )

    def as_result(self) -> dict[str, Any]:
        return {**super().as_result(), "manual_steps": self.steps}
