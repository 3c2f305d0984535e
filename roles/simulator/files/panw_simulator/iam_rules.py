# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests that IAM rejects and moto accepts: names and limits of AWS's service model, reserved tags, trust policies.

Principals are not checked for existence: they can be in an account that is not simulated.
Sources: AWS IAM API reference (CreateRole, UpdateAssumeRolePolicy) and user guide (policy grammar, quotas).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from . import aws_model, iam_conditions, iam_policy
from .aws_protocol import AwsError
from .aws_tags import reserved_tag

TRUST = {"CreateRole": "AssumeRolePolicyDocument", "UpdateAssumeRolePolicy": "PolicyDocument"}
LONGEST_TRUST = 2048  # characters without white space, the default quota
VERSIONS = ("2012-10-17", "2008-10-17")
ELEMENTS = frozenset({"Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Condition"})
AWS_PRINCIPAL = re.compile(r"\*|\d{12}|arn:[\w-]+:(?:iam|sts)::\d{12}:.+|A[A-Z0-9]{15,}", re.ASCII)


def check(operation: str, parameters: Mapping[str, str]) -> None:
    """Check a call.

    :raises AwsError: ValidationError, InvalidInput, LimitExceeded or MalformedPolicyDocument.
    """
    try:
        given = aws_model.check("iam", operation, aws_model.from_query("iam", operation, parameters))
    except AwsError as failure:
        raise AwsError("ValidationError", failure.message, 400) from None
    if reserved_tag(given.get("Tags", [])):
        text = "Invalid tag key: keys that begin with aws: are reserved for system use."
        raise AwsError("InvalidInput", text, 400)
    if operation in TRUST:
        problem = trust_problem(parameters[TRUST[operation]])
        if problem:
            raise AwsError("MalformedPolicyDocument", problem, 400)
        if len(re.sub(r"\s", "", parameters[TRUST[operation]])) > LONGEST_TRUST:
            raise AwsError("LimitExceeded", f"Cannot exceed quota for ACLSizePerRole: {LONGEST_TRUST}", 409)


def trust_problem(text: str) -> str | None:
    """The problem with a trust policy; None if it is valid."""
    try:
        document = iam_policy.parse(text)
    except iam_policy.PolicyError as failure:
        return f"This policy contains invalid Json or is not a policy document: {failure}"
    if document.get("Version", VERSIONS[0]) not in VERSIONS:
        return "The policy must contain a valid version string"
    problems = map(_statement_problem, iam_conditions.as_list(document["Statement"]))
    return next(filter(None, problems), None)


def _statement_problem(statement: Mapping[str, Any]) -> str | None:
    foreign = [name for name in statement if name not in ELEMENTS]
    if foreign:
        return f"Has prohibited field {foreign[0]}"
    principals = [statement[name] for name in ("Principal", "NotPrincipal") if name in statement]
    if len(principals) != 1:
        return "Missing required field Principal"
    actions = iam_conditions.as_list(statement.get("Action", statement.get("NotAction")))
    if not all(isinstance(action, str) and action.lower().startswith("sts:") for action in actions):
        return "AssumeRole policy may only specify STS AssumeRole actions."
    return _principal_problem(principals[0]) or _condition_problem(statement.get("Condition", {}))


def _principal_problem(principal: Any) -> str | None:
    if principal == "*":
        return None
    if not isinstance(principal, dict) or not principal or not principal.keys() <= {"AWS", "Service", "Federated"}:
        return f"Invalid principal in policy: {json.dumps(principal)}"
    for value in iam_conditions.as_list(principal.get("AWS", [])):
        if not isinstance(value, str) or not AWS_PRINCIPAL.fullmatch(value):
            return f'Invalid principal in policy: "AWS":{json.dumps(value)}'
    return None


def _condition_problem(block: Any) -> str | None:
    if not isinstance(block, dict) or not all(isinstance(tests, dict) for tests in block.values()):
        return "Condition must be an object of objects"
    unknown = [operator for operator in block if not iam_conditions.known_operator(operator)]
    return f"Invalid Condition type : {unknown[0]}" if unknown else None
