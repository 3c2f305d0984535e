# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Authorization of IAM, Secrets Manager, SSM and CloudFormation calls by identity-based policies, and IAM's policy simulation.

Resource policies are not evaluated: for callers of the same account they only add permissions.
Source: AWS Service Authorization Reference (resources of each action), IAM API reference (SimulatePrincipalPolicy).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from moto.iam.models import iam_backends

from . import iam_policy, secrets_manager
from .aws_protocol import AwsError, element, xml_result
from .identities import Identities, Identity
from .messages import Response
from .sts import members

SUFFIX = "-AbCdEf"  # for a secret that does not exist yet: AWS appends six random characters
VERDICTS = {
    iam_policy.Decision.ALLOW: "allowed",
    iam_policy.Decision.EXPLICIT_DENY: "explicitDeny",
    iam_policy.Decision.IMPLICIT_DENY: "implicitDeny",
}


def authorize(
    route: str,
    parameters: Mapping[str, Any],
    identity: Identity,
    environment: Mapping[str, Sequence[str]],
) -> None:
    """Check a call against the caller's policies.

    :param route: service and operation. :param parameters: of the call.
    :param environment: condition keys of the request itself.
    :raises AwsError: AccessDenied, for the first resource that is not allowed.
    """
    finder = FINDERS[route.partition(":")[0]]
    account, region = identity.caller.account_id, environment["aws:requestedregion"][0]
    for resource in finder(account, region, parameters) or ["*"]:
        question = iam_policy.Question(route, resource, {**identity.condition_keys(), **environment})
        decision = iam_policy.caller_decision(identity.policies, question)
        if decision is not iam_policy.Decision.ALLOW:
            denied = decision is iam_policy.Decision.EXPLICIT_DENY
            why = "with an explicit deny" if denied else f"because no identity-based policy allows the {route} action"
            what = f"User: {identity.caller.arn} is not authorized to perform: {route} on resource: {resource}"
            raise AwsError("AccessDenied", f"{what} {why}")


def simulate(identities: Identities, parameters: Mapping[str, str]) -> Response:
    """SimulatePrincipalPolicy for a role: the decision, and that of its permissions boundary.

    :raises AwsError: NoSuchEntity if the role does not exist; users and groups are not simulated.
    """
    arn = parameters.get("PolicySourceArn", "")
    policies = identities.role_policies(arn)
    if policies is None:
        raise AwsError("NoSuchEntity", f"The entity {arn} cannot be found.", 404)
    resources = members(parameters, r"ResourceArns\.member\.(\d+)").values() or ["*"]
    inner = "".join(
        f"    <member>\n{_verdict(policies, iam_policy.Question(action, resource))}    </member>\n"
        for action in members(parameters, r"ActionNames\.member\.(\d+)").values()
        for resource in resources
    )
    results = f"    <EvaluationResults>\n{inner}    </EvaluationResults>\n"
    return xml_result("iam", "SimulatePrincipalPolicy", element("IsTruncated", "false") + results)


def _verdict(policies: iam_policy.Policies, question: iam_policy.Question) -> str:
    decision = iam_policy.caller_decision(policies, question)
    fields = {
        "EvalActionName": question.action,
        "EvalResourceName": question.resource,
        "EvalDecision": VERDICTS[decision],
    }
    text = "".join(element(name, value) for name, value in fields.items())
    if policies.boundary is None:
        return text
    within = iam_policy.identity_decision(policies.boundary, question) is iam_policy.Decision.ALLOW
    allowed = element("AllowedByPermissionsBoundary", str(within).lower())
    return f"{text}    <PermissionsBoundaryDecisionDetail>\n{allowed}    </PermissionsBoundaryDecisionDetail>\n"


def _iam(account: str, region: str, parameters: Mapping[str, Any]) -> list[str]:
    if "RoleName" in parameters:
        role = next(
            (r for r in list(iam_backends[account]["aws"].roles.values()) if r.name == parameters["RoleName"]), None
        )
        return [str(role.arn) if role else f"arn:aws:iam::{account}:role/{parameters['RoleName']}"]
    if "UserName" in parameters:
        return [f"arn:aws:iam::{account}:user/{parameters['UserName']}"]
    return [parameters[name] for name in ("PolicySourceArn", "PolicyArn") if name in parameters]


def _secret(account: str, region: str, parameters: Mapping[str, Any]) -> list[str]:
    name = str(parameters.get("SecretId") or parameters.get("Name") or "")
    if not name or name.startswith("arn:"):
        return [name] if name else []
    secret = secrets_manager.find(account, region, name)
    return [str(secret.arn) if secret else f"arn:aws:secretsmanager:{region}:{account}:secret:{name}{SUFFIX}"]


def _stack(account: str, region: str, parameters: Mapping[str, Any]) -> list[str]:
    name = str(parameters.get("StackName") or "")
    if not name or name.startswith("arn:"):
        return [name] if name else []
    return [f"arn:aws:cloudformation:{region}:{account}:stack/{name}/*"]  # its last part is random


def _parameters(account: str, region: str, parameters: Mapping[str, Any]) -> list[str]:
    named = [parameters[key] for key in ("Name", "Path", "ResourceId") if isinstance(parameters.get(key), str)]
    names = [*named, *(parameters.get("Names") or [])]
    return [f"arn:aws:ssm:{region}:{account}:parameter/{str(name).lstrip('/')}" for name in names]


def _log_group(account: str, region: str, parameters: Mapping[str, Any]) -> list[str]:
    name = parameters.get("logGroupName") or parameters.get("logGroupNamePrefix")
    return [f"arn:aws:logs:{region}:{account}:log-group:{name}"] if name else []


FINDERS: Mapping[str, Callable[[str, str, Mapping[str, Any]], list[str]]] = {
    "iam": _iam,
    "secretsmanager": _secret,
    "ssm": _parameters,
    "cloudformation": _stack,
    "logs": _log_group,
}
