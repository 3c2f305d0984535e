# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""IAM: what a trust policy allows a caller, and how IAM responses are read."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._aws.iam import Iam, IamRole, Permission, trust
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidResponse

USER = "arn:aws:iam::123456789012:user/team/me"
SESSION = "arn:aws:sts::123456789012:assumed-role/automation/job"
ROLE = "arn:aws:iam::123456789012:role/cloud/automation"
ROOT = "arn:aws:iam::123456789012:root"


def statement(principal: Any, effect: str = "Allow", action: Any = "sts:AssumeRole", **more: Any) -> dict[str, Any]:
    return {"Effect": effect, "Principal": principal, "Action": action, **more}


def external_id(value: Any, operator: str = "StringEquals") -> dict[str, Any]:
    return {"Condition": {operator: {"sts:ExternalId": value}}}


@pytest.mark.parametrize(
    ("caller", "statements", "allows", "why"),
    [
        (USER, statement({"AWS": USER}), True, f"allows {USER}"),
        (USER, [statement({"AWS": [ROLE, USER]})], True, f"allows {USER}"),
        (USER, statement("*"), True, f"allows {USER}"),
        (USER, statement({"AWS": "123456789012"}, action="sts:*"), True, f"allows {USER}"),
        (USER, statement({"AWS": ROOT}, action=["s3:*", "STS:Assume*"]), True, f"allows {USER}"),
        (SESSION, statement({"AWS": SESSION}), True, f"allows {SESSION}"),
        (SESSION, statement({"AWS": ROLE}), True, f"allows {SESSION}"),
        (SESSION, statement({"AWS": ROLE + "2"}), False, "names neither"),
        (SESSION, statement({"AWS": USER}), False, "names neither"),
        (USER, statement({"AWS": ROOT.replace("1", "2")}), False, "names neither"),
        (USER, statement({"Service": "apigateway.amazonaws.com"}), False, "names neither"),
        (USER, statement({"AWS": USER}, action="sts:TagSession"), False, "names neither"),
        (USER, [], False, "names neither"),
        (USER, [statement({"AWS": USER}), statement("*", "Deny")], False, f"denies {USER}"),
        (USER, statement({"AWS": USER}, **external_id("mine")), True, f"allows {USER}"),
        (USER, statement({"AWS": USER}, **external_id(["other", "mine"])), True, f"allows {USER}"),
        (USER, statement({"AWS": USER}, **external_id("other")), False, "the task sends a different one"),
        (USER, [statement({"AWS": ROOT}, **external_id("other")), statement({"AWS": USER})], True, f"allows {USER}"),
        (USER, statement({"AWS": USER}, **external_id("m*", "StringLike")), None, "under conditions on sts:externalid"),
        (
            USER,
            [statement({"AWS": USER}), statement("*", "Deny", Condition={"Bool": {"aws:SecureTransport": "false"}})],
            None,
            "denies",
        ),
    ],
)
def test_trust_policy_evaluates_caller(caller: str, statements: Any, allows: bool | None, why: str) -> None:
    verdict = trust({"Statement": statements}, caller, "mine")
    assert verdict.allows is allows
    assert why in verdict.why


def test_trust_policy_external_id_missing_is_reported() -> None:
    verdict = trust({"Statement": statement({"AWS": USER}, **external_id("other"))}, USER, None)
    assert (verdict.allows, verdict.why) == (False, "requires an external ID, but the task sends none")


class Aws:
    """AWS client that returns one response."""

    def __init__(self, response: dict[str, Any]) -> None:
        self.response = response
        self.asked: tuple[Any, ...] = ()

    def ask(self, service: str, attempted: str, operation: str, **request: Any) -> dict[str, Any]:
        self.asked = (service, operation, request)
        return self.response


@pytest.mark.parametrize("encode", [lambda document: document, lambda document: quote(json.dumps(document))])
def test_role_is_read(encode: Any) -> None:
    document = {"Statement": statement({"AWS": USER})}
    found = {"Arn": ROLE, "AssumeRolePolicyDocument": encode(document), "Tags": [{"Key": "a", "Value": "b"}]}
    aws = Aws({"Role": found})
    assert Iam(aws).role(ROLE) == IamRole(ROLE, {"a": "b"}, document, None)  # type: ignore[arg-type]
    assert aws.asked == ("iam", "get_role", {"RoleName": "automation"})


@pytest.mark.parametrize("within", [None, True, False])
def test_permission_simulation_is_read(within: bool | None) -> None:
    detail = {} if within is None else {"PermissionsBoundaryDecisionDetail": {"AllowedByPermissionsBoundary": within}}
    aws = Aws({"EvaluationResults": [{"EvalDecision": "implicitDeny", **detail}]})
    found = Iam(aws).permission(ROLE, "execute-api:Invoke", "arn:aws:execute-api:*:*:*")  # type: ignore[arg-type]
    assert found == Permission("implicitDeny", within)


@pytest.mark.parametrize(
    "response", [{}, {"Arn": None, "Role": None}, {"Role": {}}, {"Role": []}, {"Role": {"Arn": ROLE, "Tags": [1]}}]
)
def test_invalid_response_raises_error(response: dict[str, Any]) -> None:
    iam = Iam(Aws({**response, "EvaluationResults": []}))  # type: ignore[arg-type]
    asks: list[Any] = [lambda: iam.role(ROLE), lambda: iam.permission(ROLE, "a", "r")]
    for ask in asks if "Arn" in response else [*asks, iam.caller]:
        with pytest.raises(InvalidResponse) as caught:
            ask()
        assert caught.value.context.reason == "the response is not from AWS"
