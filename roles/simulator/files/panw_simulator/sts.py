# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AssumeRole and GetCallerIdentity with AWS's rules, which moto does not enforce.

Source: AWS STS API reference (AssumeRole) and IAM User Guide (role chaining, session policies, session tags).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from moto.iam.models import Role

from . import iam_policy
from .aws_protocol import AwsError, element, xml_result
from .clock import iso8601
from .identities import Identities, Identity, Session, document
from .messages import Response

CHAINING_LIMIT = 3600
ROLE_ARN = re.compile(r"arn:aws:iam::\d{12}:role/[\w+=,.@/-]+")
SESSION_NAME = re.compile(r"[\w+=,.@-]*", re.ASCII)
EXTERNAL_ID = re.compile(r"[\w+=,.@:/-]*", re.ASCII)


@dataclass(frozen=True)
class AssumeRole:
    """The parameters of one call, syntactically valid."""

    role_arn: str
    session_name: str
    seconds: int | None
    external_id: str | None
    policy: str | None
    policy_arns: tuple[str, ...]
    tags: Mapping[str, str]

    @classmethod
    def read(cls, parameters: Mapping[str, str]) -> AssumeRole:
        """Parse the parameters of a query-protocol request.

        :raises AwsError: ValidationError with AWS's wording.
        """
        problems = [
            *_text_problems(parameters, "RoleArn", "roleArn", 20, 2048, None),
            *_text_problems(parameters, "RoleSessionName", "roleSessionName", 2, 64, SESSION_NAME),
        ]
        if "ExternalId" in parameters:
            problems += _text_problems(parameters, "ExternalId", "externalId", 2, 1224, EXTERNAL_ID)
        problems += _duration_problems(parameters.get("DurationSeconds"))
        if problems:
            plural = "s" if len(problems) > 1 else ""
            text = f"{len(problems)} validation error{plural} detected: {'; '.join(problems)}"
            raise AwsError("ValidationError", text, 400)
        if not ROLE_ARN.fullmatch(parameters["RoleArn"]):
            raise AwsError("ValidationError", f"{parameters['RoleArn']} is invalid", 400)
        seconds = parameters.get("DurationSeconds")
        return cls(
            parameters["RoleArn"],
            parameters["RoleSessionName"],
            int(seconds) if seconds else None,
            parameters.get("ExternalId"),
            parameters.get("Policy"),
            tuple(members(parameters, r"PolicyArns\.member\.(\d+)\.arn").values()),
            _tags(parameters),
        )


class SecurityTokenService:
    """The two STS operations that this simulator implements itself."""

    def __init__(self, identities: Identities) -> None:
        self._identities = identities

    def get_caller_identity(self, identity: Identity) -> Response:
        """Arn, UserId and Account of the caller."""
        caller = identity.caller
        inner = element("Arn", caller.arn) + element("UserId", identity.user_id) + element("Account", caller.account_id)
        return xml_result("sts", "GetCallerIdentity", inner)

    def assume_role(
        self, parameters: Mapping[str, str], identity: Identity, environment: dict[str, list[str]]
    ) -> Response:
        """Issue credentials for a role.

        :param environment: condition keys of the request itself (source address, time, transport, region).
        :raises AwsError: ValidationError, AccessDenied, MalformedPolicyDocument.
        """
        wanted = AssumeRole.read(parameters)
        role = self._identities.role(wanted.role_arn)
        if role is None or not self._allowed(wanted, role, identity, environment):
            raise AwsError(
                "AccessDenied",
                f"User: {identity.caller.arn} is not authorized to perform: sts:AssumeRole "
                f"on resource: {wanted.role_arn}",
            )
        seconds = _session_seconds(wanted, role, identity)
        policies = self._session_policies(wanted, str(role.account_id))
        return _answer(self._identities.open_session(role, wanted.session_name, seconds, policies, wanted.tags))

    def _allowed(self, wanted: AssumeRole, role: Role, identity: Identity, environment: dict[str, list[str]]) -> bool:
        keys = {**identity.condition_keys(), **environment, "sts:rolesessionname": [wanted.session_name]}
        keys["aws:resourceaccount"] = [str(role.account_id)]
        keys.update({f"aws:resourcetag/{tag['Key'].lower()}": [tag["Value"]] for tag in role.tags})
        keys.update({f"iam:resourcetag/{tag['Key'].lower()}": [tag["Value"]] for tag in role.tags})
        keys.update({f"aws:requesttag/{name.lower()}": [value] for name, value in wanted.tags.items()})
        if wanted.external_id is not None:
            keys["sts:externalid"] = [wanted.external_id]
        if wanted.tags:
            keys["aws:tagkeys"] = list(wanted.tags)
        trust = document(role.assume_role_policy_document)
        actions = ["sts:AssumeRole", *(["sts:TagSession"] if wanted.tags else [])]
        questions = [iam_policy.Question(action, wanted.role_arn, keys) for action in actions]
        owner = str(role.account_id)
        return all(
            iam_policy.may_assume(trust, owner, identity.caller, identity.policies, question) for question in questions
        )

    def _session_policies(self, wanted: AssumeRole, account_id: str) -> tuple[iam_policy.Document, ...] | None:
        documents = []
        if wanted.policy is not None:
            try:
                documents.append(iam_policy.parse(wanted.policy))
            except iam_policy.PolicyError:
                text = "Syntax errors in policy: This policy contains invalid Json or is not a policy document."
                raise AwsError("MalformedPolicyDocument", text, 400) from None
        for arn in wanted.policy_arns:
            document = self._identities.managed_policy(account_id, arn)
            if document is None:
                text = "The specified managed policy does not exist or is not attachable."
                raise AwsError("MalformedPolicyDocument", text, 400)
            documents.append(document)
        return tuple(documents) if documents else None


def _session_seconds(wanted: AssumeRole, role: Role, identity: Identity) -> int:
    limit = int(role.max_session_duration or CHAINING_LIMIT)
    seconds = 3600 if wanted.seconds is None else wanted.seconds
    if seconds > limit:
        text = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
        raise AwsError("ValidationError", text, 400)
    if identity.caller.role_arn is not None and seconds > CHAINING_LIMIT:
        text = "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining."
        raise AwsError("ValidationError", text, 400)
    return seconds


def _answer(session: Session) -> Response:
    credentials = (
        element("AccessKeyId", session.access_key)
        + element("SecretAccessKey", session.secret_key)
        + element("SessionToken", session.token)
        + element("Expiration", iso8601(session.expires_at))
    )
    user = element("AssumedRoleId", session.user_id) + element("Arn", session.arn)
    inner = f"<Credentials>{credentials}</Credentials><AssumedRoleUser>{user}</AssumedRoleUser>"
    packed = element("PackedPolicySize", 6) if session.policies or session.tags else ""
    return xml_result("sts", "AssumeRole", inner + packed)


def _text_problems(
    parameters: Mapping[str, str], name: str, member: str, least: int, most: int, pattern: re.Pattern[str] | None
) -> list[str]:
    value = parameters.get(name)
    start = f"Value '{value}' at '{member}' failed to satisfy constraint: Member must"
    if value is None:
        return [f"Value null at '{member}' failed to satisfy constraint: Member must not be null"]
    problems = []
    if pattern and not pattern.fullmatch(value):
        problems.append(f"{start} satisfy regular expression pattern: {pattern.pattern}")
    if len(value) > most:
        problems.append(f"{start} have length less than or equal to {most}")
    if len(value) < least:
        problems.append(f"{start} have length greater than or equal to {least}")
    return problems


def _duration_problems(value: str | None) -> list[str]:
    if value is None:
        return []
    start = f"Value '{value}' at 'durationSeconds' failed to satisfy constraint: Member must"
    if not re.fullmatch(r"-?\d{1,9}", value):
        raise AwsError("MalformedInput", "Invalid number for 'DurationSeconds'", 400)
    if int(value) < 900:
        return [f"{start} have value greater than or equal to 900"]
    if int(value) > 43200:
        return [f"{start} have value less than or equal to 43200"]
    return []


def members(parameters: Mapping[str, str], pattern: str) -> dict[str, str]:
    """The parameters whose names match a pattern, by the pattern's first group: list parameters of the query protocol."""
    found = ((re.fullmatch(pattern, name), value) for name, value in parameters.items())
    return {match[1]: value for match, value in found if match}


def _tags(parameters: Mapping[str, str]) -> dict[str, str]:
    names = members(parameters, r"Tags\.member\.(\d+)\.Key")
    values = members(parameters, r"Tags\.member\.(\d+)\.Value")
    return {name: values.get(index, "") for index, name in names.items()}
