# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Evaluation of IAM policies: pure functions over documents and a context, usable for any service.

Source: AWS IAM User Guide, "Policy evaluation logic" (same account, cross account, permissions boundaries, session policies).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from typing import Any

from . import iam_conditions as conditions

Document = Mapping[str, Any]


class Decision(Enum):
    """The decision of a set of policies about one request. IMPLICIT_DENY: nothing matched."""

    ALLOW = "allow"
    EXPLICIT_DENY = "explicit deny"
    IMPLICIT_DENY = "implicit deny"


class Naming(IntEnum):
    """How specifically a resource policy names the caller; the higher, the less the caller's own policies must allow."""

    NOT_NAMED = 0
    ACCOUNT = 1
    ROLE = 2
    CALLER = 3


@dataclass(frozen=True)
class Caller:
    """The caller of a request.

    :param arn: of the user, or of the assumed-role session.
    :param role_arn: of the role behind a session, None for a user.
    """

    arn: str
    account_id: str
    role_arn: str | None = None
    unique_id: str = ""


@dataclass(frozen=True)
class Policies:
    """A caller's own policies. None as boundary or session policy: not set, so it limits nothing."""

    identity: Sequence[Document] = ()
    boundary: Sequence[Document] | None = None
    session: Sequence[Document] | None = None


@dataclass(frozen=True)
class Question:
    """A request to authorize: an action on a resource. ``keys`` are condition keys in lowercase."""

    action: str
    resource: str
    keys: conditions.ContextKeys = field(default_factory=dict)


class PolicyError(ValueError):
    """A text is not a policy document."""


def parse(text: str) -> Document:
    """Read a policy document.

    :raises PolicyError: it is not a JSON object, or its statements are not objects with an Effect.
    """
    try:
        document = json.loads(text)
    except ValueError as failure:
        raise PolicyError("not JSON") from failure
    if not isinstance(document, dict) or not document.get("Statement"):
        raise PolicyError("no Statement")
    for statement in conditions.as_list(document["Statement"]):
        if not isinstance(statement, dict) or statement.get("Effect") not in ("Allow", "Deny"):
            raise PolicyError("Effect must be Allow or Deny")
        if not {"Action", "NotAction"} & statement.keys():
            raise PolicyError("no Action")
    return document


def resource_statements(text: str) -> list[Document]:
    """The statements of a resource policy.

    :raises PolicyError: it is not a policy document, or a statement names no principal or no resource.
    """
    statements = conditions.as_list(parse(text)["Statement"])
    for statement in statements:
        for element in ("Principal", "Resource"):
            if not {element, f"Not{element}"} & statement.keys():
                raise PolicyError(f"no {element}")
        for operator in statement.get("Condition", {}):
            if not conditions.known_operator(operator):
                raise PolicyError(f"{operator} is not a condition operator")
    return statements


def identity_decision(documents: Iterable[Document], question: Question) -> Decision:
    """The decision of identity policies; also for boundaries and session policies, which have the same format."""
    allowed = False
    for statement in _statements(documents):
        if _asks(statement, question) and _covers(statement, question) and _conditions_hold(statement, question):
            if statement.get("Effect") == "Deny":
                return Decision.EXPLICIT_DENY
            allowed = allowed or statement.get("Effect") == "Allow"
    return Decision.ALLOW if allowed else Decision.IMPLICIT_DENY


def caller_decision(policies: Policies, question: Question) -> Decision:
    """The combined decision of a caller's own policies: each existing layer must allow, and none may deny."""
    layers = [layer for layer in (policies.identity, policies.boundary, policies.session) if layer is not None]
    decisions = [identity_decision(layer, question) for layer in layers]
    if Decision.EXPLICIT_DENY in decisions:
        return Decision.EXPLICIT_DENY
    return Decision.ALLOW if all(decision is Decision.ALLOW for decision in decisions) else Decision.IMPLICIT_DENY


def trust_decision(document: Document, caller: Caller, question: Question) -> tuple[Decision, Naming]:
    """The decision of a trust policy, and how specifically the allowing statement names the caller."""
    closest = Naming.NOT_NAMED
    for statement in _statements([document]):
        naming = _naming(statement, caller)
        if naming is Naming.NOT_NAMED or not _asks(statement, question) or not _conditions_hold(statement, question):
            continue
        if statement.get("Effect") == "Deny":
            return Decision.EXPLICIT_DENY, Naming.NOT_NAMED
        if statement.get("Effect") == "Allow":
            closest = max(closest, naming)
    return (Decision.ALLOW if closest else Decision.IMPLICIT_DENY), closest


def may_assume(trust: Document, owner: str, caller: Caller, policies: Policies, question: Question) -> bool:
    """Whether a caller is allowed to call an STS action on a role.

    :param owner: account of the role. In the same account a trust policy that names the caller is enough (a role named by
        its ARN stays inside its boundary and session policy); otherwise the caller's own policies must allow it too.
    """
    trusted, naming = trust_decision(trust, caller, question)
    own = caller_decision(policies, question)
    if trusted is not Decision.ALLOW or own is Decision.EXPLICIT_DENY:
        return False
    if own is Decision.ALLOW:
        return True
    if caller.account_id != owner or naming < Naming.ROLE:
        return False
    if naming is Naming.CALLER:
        return True
    limits = [layer for layer in (policies.boundary, policies.session) if layer is not None]
    return all(identity_decision(layer, question) is Decision.ALLOW for layer in limits)


def _statements(documents: Iterable[Document]) -> Iterator[Document]:
    for document in documents:
        for statement in conditions.as_list(document.get("Statement", [])):
            if isinstance(statement, dict):
                yield statement


def _asks(statement: Document, question: Question) -> bool:
    action = question.action.lower()
    if "NotAction" in statement:
        return not any(
            conditions.like(action, str(item).lower()) for item in conditions.as_list(statement["NotAction"])
        )
    return any(conditions.like(action, str(item).lower()) for item in conditions.as_list(statement.get("Action", [])))


def _covers(statement: Document, question: Question) -> bool:
    if "NotResource" in statement:
        return not _any_resource(statement["NotResource"], question)
    return _any_resource(statement.get("Resource", []), question)


def _any_resource(patterns: Any, question: Question) -> bool:
    resolved = (conditions.substitute(str(item), question.keys) for item in conditions.as_list(patterns))
    return any(item is not None and conditions.like(question.resource, item) for item in resolved)


def _conditions_hold(statement: Document, question: Question) -> bool:
    return conditions.matches(statement.get("Condition", {}), question.keys)


def _naming(statement: Document, caller: Caller) -> Naming:
    """NotPrincipal is not supported: in an Allow it matches no caller, in a Deny every caller."""
    if "NotPrincipal" in statement:
        return Naming.CALLER if statement.get("Effect") == "Deny" else Naming.NOT_NAMED
    principal = statement.get("Principal")
    entries = principal.get("AWS", []) if isinstance(principal, dict) else principal
    return max((_entry_naming(entry, caller) for entry in conditions.as_list(entries)), default=Naming.NOT_NAMED)


def _entry_naming(entry: Any, caller: Caller) -> Naming:
    by_role = Naming.ROLE if caller.role_arn else Naming.CALLER
    if entry == caller.arn:
        return Naming.CALLER
    if entry == "*" or (caller.unique_id and entry == caller.unique_id):
        return by_role
    if caller.role_arn and entry == caller.role_arn:
        return Naming.ROLE
    if entry in (caller.account_id, f"arn:aws:iam::{caller.account_id}:root"):
        return Naming.ACCOUNT
    return Naming.NOT_NAMED
