# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options that modules share, and the checks that need no network and no SDK.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
import os
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ansible.module_utils.basic import AnsibleFallbackNotFound

from ._admin_roles import ADMIN_ROLES, LONGEST_EXPIRY, MANAGEMENT_REGION, SHORTEST_EXPIRY
from ._dates import parse
from ._errors import InvalidInput
from ._secrets import is_header_value

SESSION_NAME = "panw.cloud"
_ROLE_ARN = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/(?:[\x21-\x7e]+/)?[\w+=,.@-]{1,64}", re.ASCII)
_SESSION_NAME = re.compile(r"[\w+=,.@-]{2,64}", re.ASCII)
_EXTERNAL_ID = re.compile(r"[\w+=,.@:/-]{2,1224}", re.ASCII)
UNVERIFIED = "TLS certificates of the Cloud NGFW API are not verified ('ngfw_validate_certs'): whoever is in between can take the token."
HELD_PARTS = ("token", "subscription_key", "expires_at")


def from_environment(*names: str) -> str:
    """The first variable of the environment that is not empty: AWX sets one for each field of a credential, empty where the field is.

    :raises AnsibleFallbackNotFound: there is none.
    """
    for name in names:
        if os.environ.get(name):
            return os.environ[name]
    raise AnsibleFallbackNotFound


@dataclasses.dataclass(frozen=True)
class Role:
    """A role to assume, and the session to have with it.

    :param arn: C(arn:aws:iam::<account>:role/<path and name>).
    :param duration: seconds, 900 to the role's own maximum; None for AWS's default of 3600.
    :param policy: a session policy as JSON, which can only narrow what the role may do.
    """

    arn: str
    session_name: str
    external_id: str | None = None
    duration: int | None = None
    policy: str | None = None

    @property
    def account_id(self) -> str:
        """The account that the role is in."""
        return self.arn.split(":")[4]


def ngfw_spec() -> dict[str, Any]:
    """Where the Cloud NGFW API is and whom to trust."""
    return {
        "ngfw_url": {"type": "str", "fallback": (from_environment, ["NGFW_URL"])},
        "ngfw_management_url": {"type": "str", "fallback": (from_environment, ["NGFW_MANAGEMENT_URL"])},
        "ngfw_management_region": {
            "type": "str",
            "default": MANAGEMENT_REGION,
            "fallback": (from_environment, ["NGFW_MANAGEMENT_REGION"]),
        },
        "ngfw_ca_bundle": {"type": "path", "fallback": (from_environment, ["NGFW_CA_BUNDLE"])},
        "ngfw_validate_certs": {"type": "bool", "default": True},
    }


def role_spec() -> dict[str, Any]:
    """Which IAM role to act as, and in what session."""
    return {
        "role_arn": {"type": "str", "fallback": (from_environment, ["NGFW_ROLE_ARN"])},
        "role_session_name": {"type": "str", "default": SESSION_NAME},
        "external_id": {"type": "str", "fallback": (from_environment, ["NGFW_EXTERNAL_ID"])},
        "session_duration": {"type": "int"},
        "session_policy": {"type": "json"},
    }


def held_spec(*, required: bool) -> dict[str, Any]:
    """A token that the caller holds, and its subscription key."""
    return {
        "token": {"type": "str", "no_log": True, "required": required},
        "subscription_key": {"type": "str", "no_log": True, "required": required},
    }


def admin_role_option(**more: Any) -> dict[str, Any]:
    """One of the vendor's admin roles."""
    return {"type": "str", "choices": list(ADMIN_ROLES), **more}


def role(params: Mapping[str, Any]) -> Role | None:
    """The role to assume, None for the caller's own credentials. :raises InvalidInput: an option of it cannot be right."""
    arn = params.get("role_arn")
    session = {name: params.get(name) for name in ("external_id", "session_duration", "session_policy")}
    if not arn:
        for name, value in session.items():
            if value is not None:
                raise InvalidInput(name, "needs 'role_arn': it belongs to the session of an assumed role.")
        return None
    _check_arn(arn)
    name, external_id, duration = params["role_session_name"], session["external_id"], session["session_duration"]
    if not _SESSION_NAME.fullmatch(name):
        raise InvalidInput("role_session_name", "must have 2 to 64 letters, digits or characters of '_+=,.@-'.")
    if external_id is not None and not _EXTERNAL_ID.fullmatch(external_id):
        raise InvalidInput("external_id", "must have 2 to 1224 letters, digits or characters of '_+=,.@:/-'.")
    if duration is not None and not 900 <= duration <= 43200:
        raise InvalidInput("session_duration", f"is {duration}; AWS allows 900 to 43200 seconds.")
    return Role(arn, name, external_id, duration, session["session_policy"])


def _check_arn(arn: str) -> None:
    if _ROLE_ARN.fullmatch(arn):
        return
    kind = re.match(
        r"arn:aws[a-z-]*:(?:iam|sts)::[0-9]{12}:(user|group|assumed-role|root|policy|instance-profile)", arn
    )
    if kind:
        raise InvalidInput(
            "role_arn",
            f"is the ARN of a {kind.group(1)}, not of a role: {arn}. It has to look like 'arn:aws:iam::123456789012:role/Name'.",
        )
    raise InvalidInput("role_arn", f"is malformed: {arn!r}. It has to look like 'arn:aws:iam::123456789012:role/Name'.")


def check_expiry(minutes: int) -> None:
    """:raises InvalidInput: the vendor grants no token for so many minutes."""
    if not SHORTEST_EXPIRY <= minutes <= LONGEST_EXPIRY:
        raise InvalidInput(
            "expiry_time", f"is {minutes}; the vendor allows {SHORTEST_EXPIRY} to {LONGEST_EXPIRY} minutes."
        )


def check_renewal(renew_before: int, expiry_time: int) -> None:
    """:raises InvalidInput: every token would be due for renewal as soon as it is issued, or never."""
    if not 0 <= renew_before < expiry_time:
        raise InvalidInput(
            "renew_before",
            f"is {renew_before}; it must be 0 or more, and less than 'expiry_time' ({expiry_time} minutes).",
        )


def held(params: Mapping[str, Any], prefix: str = "") -> tuple[str, str]:
    """The token and subscription key that the caller gave. :raises InvalidInput: one is missing or cannot be sent as a header."""
    for name in ("token", "subscription_key"):
        value = params.get(name)
        if not value or not str(value).strip():
            raise InvalidInput(prefix + name, "is empty. A token is used together with its subscription key.")
        if not is_header_value(value):
            raise InvalidInput(prefix + name, "holds white space or characters that no HTTP header can carry.")
    return params["token"], params["subscription_key"]


def current(given: Mapping[str, Any] | None, admin_role: str) -> datetime | None:
    """When the token that the caller holds expires; None where it holds none.

    :raises InvalidInput: a part is missing, the date cannot be read, or it is a token of another admin role.
    """
    if not given or all(value is None for value in given.values()):
        return None
    missing = [name for name in HELD_PARTS if not given.get(name)]
    if missing:
        raise InvalidInput(
            "current",
            f"lacks {', '.join(missing)}. It has to hold {', '.join(HELD_PARTS)}, as the result of an earlier run does.",
        )
    held(given, "current.")
    other = given.get("admin_role")
    if other and other != admin_role:
        raise InvalidInput("current", f"holds a token for admin role '{other}', but 'admin_role' is '{admin_role}'.")
    return date("current.expires_at", given["expires_at"])


def date(option: str, text: str | None) -> datetime | None:
    """A date that the caller gave, None where it gave none. :raises InvalidInput: it cannot be read."""
    if text is None:
        return None
    try:
        return parse(str(text))
    except ValueError:
        raise InvalidInput(
            option, f"is {text!r}; it has to be a date and time with a time zone, such as '2026-05-19T12:00:00Z'."
        ) from None


def trust(params: Mapping[str, Any], product: str, environment: Mapping[str, str] | None = None) -> bool | str:
    """Whom to trust for a product's certificates: a CA bundle's path, True for the system's choice, False for anybody.

    The bundle named for AWS serves as well, because where a proxy opens TLS it does so for both.

    :param product: C(ngfw) or C(scm), the prefix of the options.
    :raises InvalidInput: the named file is missing.
    """
    if not params[f"{product}_validate_certs"]:
        return False
    variables = os.environ if environment is None else environment
    named = {name: params.get(name) for name in (f"{product}_ca_bundle", "aws_ca_bundle")}
    if not any(named.values()):
        named = {name: variables.get(name) for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")}
    for name, path in named.items():
        if path and not os.path.exists(path):
            raise InvalidInput(name, f"names a file that does not exist: {path}")
    return next(filter(None, named.values()), True)
