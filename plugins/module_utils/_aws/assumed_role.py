# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The IAM role to assume and its session, from the module options.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import Any

from .._common.errors import InvalidInput

SESSION_NAME = "panw.cloud"
_ROLE_ARN = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/(?:[\x21-\x7e]+/)?[\w+=,.@-]{1,64}", re.ASCII)
_SESSION_NAME = re.compile(r"[\w+=,.@-]{2,64}", re.ASCII)
_EXTERNAL_ID = re.compile(r"[\w+=,.@:/-]{2,1224}", re.ASCII)


@dataclasses.dataclass(frozen=True)
class AssumedRole:
    """A role to assume, and its session.

    :param arn: C(arn:aws:iam::<account>:role/<path and name>).
    :param duration: seconds, 900 to the role's maximum; None for AWS's default of 3600.
    :param policy: a session policy as JSON, which can only restrict the role's permissions.
    """

    arn: str
    session_name: str
    external_id: str | None = None
    duration: int | None = None
    policy: str | None = None

    @property
    def account_id(self) -> str:
        """The ID of the role's account."""
        return self.arn.split(":")[4]


def assumed_role(params: Mapping[str, Any]) -> AssumedRole | None:
    """The role to assume, None for the caller's own credentials. :raises InvalidInput: one of its options is invalid."""
    arn = params.get("role_arn")
    session = {name: params.get(name) for name in ("external_id", "session_duration", "session_policy")}
    if not arn:
        for name, value in session.items():
            if value is not None:
                raise InvalidInput(
                    name, "requires 'role_arn', because it applies only to the session of an assumed role."
                )
        return None
    _check_arn(arn)
    name, external_id, duration = params["role_session_name"], session["external_id"], session["session_duration"]
    if not _SESSION_NAME.fullmatch(name):
        raise InvalidInput("role_session_name", "must have 2 to 64 letters, digits or characters of '_+=,.@-'.")
    if external_id is not None and not _EXTERNAL_ID.fullmatch(external_id):
        raise InvalidInput("external_id", "must have 2 to 1224 letters, digits or characters of '_+=,.@:/-'.")
    if duration is not None and not 900 <= duration <= 43200:
        raise InvalidInput("session_duration", f"is {duration}; AWS allows 900 to 43200 seconds.")
    return AssumedRole(arn, name, external_id, duration, session["session_policy"])


def _check_arn(arn: str) -> None:
    if _ROLE_ARN.fullmatch(arn):
        return
    kind = re.match(
        r"arn:aws[a-z-]*:(?:iam|sts)::[0-9]{12}:(user|group|assumed-role|root|policy|instance-profile)", arn
    )
    if kind:
        raise InvalidInput(
            "role_arn",
            f"is the ARN of a {kind.group(1)}, not of a role: {arn}. Use the format 'arn:aws:iam::123456789012:role/Name'.",
        )
    raise InvalidInput("role_arn", f"is malformed: {arn!r}. Use the format 'arn:aws:iam::123456789012:role/Name'.")
