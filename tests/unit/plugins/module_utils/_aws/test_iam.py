# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a trust policy says about a caller, and what IAM's answers become."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._aws.iam import Iam, IamRole, Permission, trust
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import MalformedAnswer

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
        (USER, statement({"AWS": USER}, **external_id("other")), False, "the task's is another"),
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
def test_trust(caller: str, statements: Any, allows: bool | None, why: str) -> None:
    verdict = trust({"Statement": statements}, caller, "mine")
    assert verdict.allows is allows
    assert why in verdict.why


def test_a_missing_external_id() -> None:
    verdict = trust({"Statement": statement({"AWS": USER}, **external_id("other"))}, USER, None)
    assert (verdict.allows, verdict.why) == (False, "asks for an external id, and the task has none")


class Aws:
    """AWS that gives one answer."""

    def __init__(self, answer: dict[str, Any]) -> None:
        self.answer = answer
        self.asked: tuple[Any, ...] = ()

    def ask(self, service: str, attempted: str, operation: str, **request: Any) -> dict[str, Any]:
        self.asked = (service, operation, request)
        return self.answer


@pytest.mark.parametrize("encode", [lambda document: document, lambda document: quote(json.dumps(document))])
def test_a_role(encode: Any) -> None:
    document = {"Statement": statement({"AWS": USER})}
    found = {"Arn": ROLE, "AssumeRolePolicyDocument": encode(document), "Tags": [{"Key": "a", "Value": "b"}]}
    aws = Aws({"Role": found})
    assert Iam(aws).role(ROLE) == IamRole(ROLE, {"a": "b"}, document, None)  # type: ignore[arg-type]
    assert aws.asked == ("iam", "get_role", {"RoleName": "automation"})


@pytest.mark.parametrize("within", [None, True, False])
def test_a_permission(within: bool | None) -> None:
    detail = {} if within is None else {"PermissionsBoundaryDecisionDetail": {"AllowedByPermissionsBoundary": within}}
    aws = Aws({"EvaluationResults": [{"EvalDecision": "implicitDeny", **detail}]})
    found = Iam(aws).permission(ROLE, "execute-api:Invoke", "arn:aws:execute-api:*:*:*")  # type: ignore[arg-type]
    assert found == Permission("implicitDeny", within)


@pytest.mark.parametrize(
    "answer", [{}, {"Arn": None, "Role": None}, {"Role": {}}, {"Role": []}, {"Role": {"Arn": ROLE, "Tags": [1]}}]
)
def test_an_answer_that_is_not_one_of_aws(answer: dict[str, Any]) -> None:
    iam = Iam(Aws({**answer, "EvaluationResults": []}))  # type: ignore[arg-type]
    asks: list[Any] = [lambda: iam.role(ROLE), lambda: iam.permission(ROLE, "a", "r")]
    for ask in asks if "Arn" in answer else [*asks, iam.caller]:
        with pytest.raises(MalformedAnswer) as caught:
            ask()
        assert caught.value.evidence.reason == "the answer is not one of AWS"
