# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read IAM roles, and evaluate their trust policies for a caller.

Source: AWS IAM API reference (GetRole, SimulatePrincipalPolicy), IAM User Guide (policy elements Principal and Condition).

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import re
from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any, TypeVar
from urllib.parse import unquote

from .._common.errors import ErrorContext, InvalidResponse
from .client import AwsClient

R = TypeVar("R")

ASSUME_ROLE = "sts:assumerole"
EXTERNAL_ID = "sts:externalid"
_SESSION = re.compile(r"arn:(?P<partition>[^:]+):sts::(?P<account>[^:]*):assumed-role/(?P<role>[^/]+)/.+")


@dataclasses.dataclass(frozen=True)
class IamRole:
    """An IAM role. :param boundary: the ARN of its permissions boundary, or None."""

    arn: str
    tags: Mapping[str, str]
    trust: Mapping[str, Any]
    boundary: str | None


@dataclasses.dataclass(frozen=True)
class Permission:
    """The result of a simulation. :param decision: C(allowed), C(explicitDeny) or C(implicitDeny). :param within_boundary: None without a boundary."""

    decision: str
    within_boundary: bool | None


@dataclasses.dataclass(frozen=True)
class Trust:
    """What a trust policy says about a caller.

    :param allows: None if it depends on other conditions. :param why: the end of "The trust policy …".
    """

    allows: bool | None
    why: str


class Iam:
    """Reads IAM with the caller's own credentials."""

    def __init__(self, aws: AwsClient) -> None:
        self._aws = aws

    def caller(self) -> str:
        """The caller's ARN. :raises PanwCloudError: STS rejects the credentials, or cannot be reached."""
        return self._read("sts", "identify the caller", "get_caller_identity", lambda found: str(found["Arn"]))

    def role(self, arn: str) -> IamRole:
        """Read a role. :raises NotFound: it does not exist. :raises AuthorizationError: the caller lacks the permission."""
        name = arn.rpartition("/")[2]
        return self._read("iam", f"read the role {name}", "get_role", lambda found: _role(found["Role"]), RoleName=name)

    def permission(self, arn: str, action: str, resource: str) -> Permission:
        """Simulate an action with a role's policies and boundary. :raises AuthorizationError: the caller lacks the permission."""
        request: dict[str, Any] = {"PolicySourceArn": arn, "ActionNames": [action], "ResourceArns": [resource]}
        attempted = f"simulate the policies of {arn}"
        return self._read("iam", attempted, "simulate_principal_policy", _permission, **request)

    def _read(self, service: str, attempted: str, operation: str, read: Callable[[Any], R], **request: Any) -> R:
        """Call AWS and parse the response. :raises InvalidResponse: it is not from AWS."""
        response = self._aws.ask(service, attempted, operation, **request)
        with contextlib.suppress(AttributeError, LookupError, TypeError, ValueError):
            return read(response)
        raise InvalidResponse(attempted, ErrorContext(reason="the response is not from AWS"))


def _role(found: Mapping[str, Any]) -> IamRole:
    trust = found.get("AssumeRolePolicyDocument") or {}
    return IamRole(
        arn=found["Arn"],
        tags={tag["Key"]: tag["Value"] for tag in found.get("Tags", [])},
        trust=json.loads(unquote(trust)) if isinstance(trust, str) else trust,
        boundary=found.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
    )


def _permission(found: Mapping[str, Any]) -> Permission:
    result = found["EvaluationResults"][0]
    boundary = result.get("PermissionsBoundaryDecisionDetail", {}).get("AllowedByPermissionsBoundary")
    return Permission(result["EvalDecision"], boundary)


def trust(document: Mapping[str, Any], caller: str, external_id: str | None) -> Trust:
    """Evaluate a trust policy for a caller, with its external ID or None."""
    statements = list(_statements(document, caller))
    denials = [_denial(statement, caller) for statement in statements if statement.get("Effect") == "Deny"]
    certain = [verdict for verdict in denials if verdict.allows is False]
    if certain:
        return certain[0]
    others = [statement for statement in statements if statement.get("Effect") != "Deny"]
    verdicts = [_allowance(statement, caller, external_id) for statement in others]
    for desired in (True, None, False):
        for verdict in verdicts:
            if verdict.allows is desired:
                return denials[0] if desired and denials else verdict
    return Trust(False, f"names neither {caller} nor its account")


def _statements(document: Mapping[str, Any], caller: str) -> Iterator[Mapping[str, Any]]:
    for statement in _listed(document.get("Statement")):
        actions = [str(action).lower() for action in _listed(statement.get("Action"))]
        principal = statement.get("Principal")
        named = _listed(principal.get("AWS")) if isinstance(principal, Mapping) else _listed(principal)
        if any(fnmatchcase(ASSUME_ROLE, action) for action in actions) and any(
            _names(entry, caller) for entry in named
        ):
            yield statement


def _denial(statement: Mapping[str, Any], caller: str) -> Trust:
    others = _keys(_conditions(statement))
    return Trust(None, f"denies {caller} under conditions on {others}") if others else Trust(False, f"denies {caller}")


def _allowance(statement: Mapping[str, Any], caller: str, external_id: str | None) -> Trust:
    conditions = _conditions(statement)
    desired = conditions.pop(("StringEquals", EXTERNAL_ID), None)
    if desired is not None and external_id not in desired:
        what = "the task sends a different one" if external_id else "the task sends none"
        return Trust(False, f"requires an external ID, but {what}")
    if conditions:
        return Trust(None, f"allows {caller} under conditions on {_keys(conditions)}")
    return Trust(True, f"allows {caller}")


def _conditions(statement: Mapping[str, Any]) -> dict[tuple[str, str], list[Any]]:
    """The values by operator and lower-case key."""
    return {
        (operator, key.lower()): _listed(values)
        for operator, tests in statement.get("Condition", {}).items()
        for key, values in tests.items()
    }


def _keys(conditions: Mapping[tuple[str, str], Any]) -> str:
    return ", ".join(sorted({key[1] for key in conditions}))


def _names(entry: Any, caller: str) -> bool:
    """Whether a principal matches the caller, the role of its session, or its account."""
    if entry in ("*", caller):
        return True
    account = caller.split(":")[4]
    session = _SESSION.fullmatch(caller)
    if session:
        role = f"arn:{session['partition']}:iam::{account}:role/"
        if str(entry).startswith(role) and str(entry).rpartition("/")[2] == session["role"]:
            return True
    return entry == account or bool(re.fullmatch(rf"arn:[^:]+:iam::{account}:root", str(entry)))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
