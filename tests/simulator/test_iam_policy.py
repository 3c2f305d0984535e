# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Unit tests of the policy evaluator."""

from __future__ import annotations

import pytest
from panw_simulator import iam_conditions as conditions
from panw_simulator import iam_policy as iam

MAIN, OTHER = "111111111111", "222222222222"
ROLE = f"arn:aws:iam::{MAIN}:role/target"
USER = iam.Caller(f"arn:aws:iam::{MAIN}:user/ann", MAIN)
FOREIGN = iam.Caller(f"arn:aws:iam::{OTHER}:user/bob", OTHER)
SESSION = iam.Caller(f"arn:aws:sts::{MAIN}:assumed-role/source/s", MAIN, f"arn:aws:iam::{MAIN}:role/source")
ALLOW = {"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}]}
DENY = {"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}


def trust(principal, effect="Allow", action="sts:AssumeRole", **more):
    return {"Statement": [{"Effect": effect, "Principal": principal, "Action": action, **more}]}


def may(document, caller=USER, identity=(), boundary=None, session=None, **keys):
    question = iam.Question("sts:AssumeRole", ROLE, {name.replace("_", ":"): [value] for name, value in keys.items()})
    return iam.may_assume(document, MAIN, caller, iam.Policies(identity, boundary, session), question)


@pytest.mark.parametrize("principal", [MAIN, f"arn:aws:iam::{MAIN}:root"])
def test_trust_in_the_account_needs_the_callers_own_policy(principal):
    assert not may(trust({"AWS": principal}))
    assert may(trust({"AWS": [principal, OTHER]}), identity=[ALLOW])


def test_trust_in_the_caller_is_enough_in_one_account_only():
    assert may(trust({"AWS": USER.arn}))
    assert not may(trust({"AWS": FOREIGN.arn}), FOREIGN)
    assert may(trust({"AWS": FOREIGN.arn}), FOREIGN, [ALLOW])
    assert not may(trust({"AWS": USER.arn + "x"}), identity=[ALLOW])


@pytest.mark.parametrize("entry", [SESSION.arn, SESSION.role_arn, "*"])
def test_trust_in_a_role_or_its_session(entry):
    assert may(trust({"AWS": entry}), SESSION)


def test_boundary_and_session_policy_limit_a_role_but_not_a_named_user_or_session():
    nothing = {"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
    assert not may(trust({"AWS": SESSION.role_arn}), SESSION, boundary=[nothing])
    assert not may(trust({"AWS": SESSION.role_arn}), SESSION, session=[nothing])
    assert may(trust({"AWS": SESSION.role_arn}), SESSION, boundary=[ALLOW], session=[ALLOW])
    assert may(trust({"AWS": SESSION.arn}), SESSION, session=[nothing])
    assert not may(trust({"AWS": MAIN}), identity=[ALLOW], boundary=[nothing])


def test_explicit_deny_wins_in_any_policy():
    good = trust({"AWS": USER.arn})
    denied = {"Statement": [*good["Statement"], *trust("*", "Deny")["Statement"]]}
    assert not may(denied, identity=[ALLOW])
    for layer in ({"identity": [ALLOW, DENY]}, {"boundary": [DENY]}, {"session": [DENY]}):
        assert not may(good, **layer)


@pytest.mark.parametrize(
    "document",
    [
        trust({"Service": "apigateway.amazonaws.com"}),
        trust({"Federated": "*"}),
        trust({"AWS": MAIN}, action="sts:AssumeRoleWithSAML"),
        {"Statement": [{"Effect": "Allow", "NotPrincipal": {"AWS": OTHER}, "Action": "sts:AssumeRole"}]},
        {"Statement": []},
        {},
    ],
)
def test_statements_without_the_user_grant_nothing(document):
    assert not may(document, identity=[ALLOW])


@pytest.mark.parametrize("action", ["*", "sts:*", "STS:assumerole", "sts:Assume?ole", ["s3:x", "sts:AssumeRole"]])
def test_actions_match_wildcards_case_insensitively(action):
    assert may(trust({"AWS": USER.arn}, action=action))


def test_not_action_and_not_resource():
    question = iam.Question("execute-api:Invoke", "arn:aws:execute-api:r:1:api/prod/GET/v1")
    for statement, decision in [
        ({"NotAction": "iam:*", "Resource": "*"}, iam.Decision.ALLOW),
        ({"NotAction": "execute-api:*", "Resource": "*"}, iam.Decision.IMPLICIT_DENY),
        ({"Action": "*", "NotResource": "arn:aws:execute-api:*"}, iam.Decision.IMPLICIT_DENY),
        ({"Action": "*", "NotResource": "arn:aws:s3:::*"}, iam.Decision.ALLOW),
        ({"Action": "*"}, iam.Decision.IMPLICIT_DENY),
    ]:
        assert iam.identity_decision([{"Statement": [{"Effect": "Allow", **statement}]}], question) is decision


KEYS = {
    "sts:externalid": ["a*b"],
    "aws:principalarn": [ROLE],
    "aws:sourceip": ["10.1.2.3"],
    "aws:currenttime": ["2026-05-01T12:00:00Z"],
    "aws:epochtime": ["1777636800"],
    "aws:securetransport": ["true"],
    "aws:principaltag/team": ["blue"],
    "aws:tagkeys": ["x", "y"],
    "aws:username": ["ann"],
}


@pytest.mark.parametrize(
    ("operator", "key", "value", "holds"),
    [
        ("StringEquals", "sts:ExternalId", "a*b", True),
        ("StringEquals", "sts:ExternalId", ["no", "a*b"], True),
        ("StringEquals", "sts:ExternalId", "aXb", False),
        ("StringLike", "sts:ExternalId", "a?b", True),
        ("StringLike", "sts:ExternalId", "[a]*", False),
        ("StringNotLike", "sts:ExternalId", "a*", False),
        ("StringEqualsIgnoreCase", "STS:EXTERNALID", "A*B", True),
        ("StringNotEquals", "sts:ExternalId", ["x", "a*b"], False),
        ("StringNotEquals", "sts:ExternalId", ["x", "y"], True),
        ("StringNotEquals", "sts:RoleSessionName", "x", True),
        ("StringEquals", "sts:RoleSessionName", "x", False),
        ("StringEqualsIfExists", "sts:RoleSessionName", "x", True),
        ("StringEqualsIfExists", "sts:ExternalId", "x", False),
        ("ArnEquals", "aws:PrincipalArn", f"arn:aws:iam::{MAIN}:role/*", True),
        ("ArnLike", "aws:PrincipalArn", "arn:*:target", False),
        ("ArnNotLike", "aws:PrincipalArn", "arn:aws:iam::*:user/*", True),
        ("Bool", "aws:SecureTransport", True, True),
        ("Bool", "aws:SecureTransport", "false", False),
        ("Null", "sts:RoleSessionName", "true", True),
        ("Null", "sts:ExternalId", True, False),
        ("Null", "sts:ExternalId", "false", True),
        ("DateLessThan", "aws:CurrentTime", "2026-06-01T00:00:00Z", True),
        ("DateGreaterThan", "aws:CurrentTime", "2026-06-01T00:00:00Z", False),
        ("DateLessThan", "aws:CurrentTime", "soon", False),
        ("NumericLessThanEquals", "aws:EpochTime", 1777636800, True),
        ("NumericGreaterThan", "aws:EpochTime", "x", False),
        ("IpAddress", "aws:SourceIp", ["192.0.2.0/24", "10.0.0.0/8"], True),
        ("NotIpAddress", "aws:SourceIp", "10.0.0.0/8", False),
        ("StringEquals", "aws:PrincipalTag/Team", "blue", True),
        ("ForAllValues:StringEquals", "aws:TagKeys", ["x", "y", "z"], True),
        ("ForAllValues:StringEquals", "aws:TagKeys", ["x"], False),
        ("ForAnyValue:StringEquals", "aws:TagKeys", ["y"], True),
        ("StringEquals", "sts:ExternalId", "${aws:username}", False),
        ("StringLike", "aws:username", "${aws:username}", True),
        ("StringEquals", "aws:PrincipalOrgID", "o-1", False),
        ("StringNotEquals", "aws:PrincipalOrgID", "o-1", False),
        ("StringSounds", "sts:ExternalId", "a*b", False),
        ("BinaryEquals", "sts:ExternalId", "a*b", False),
    ],
)
def test_condition_operators(operator, key, value, holds):
    assert conditions.matches({operator: {key: value}}, KEYS) is holds


def test_every_condition_must_hold():
    block = {"StringEquals": {"sts:ExternalId": "a*b"}, "Bool": {"aws:SecureTransport": "false"}}
    assert not conditions.matches(block, KEYS)
    assert conditions.matches({}, KEYS)
    assert not conditions.matches({"StringEquals": "x"}, KEYS)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"Statement": [1]}',
        '{"Statement": {"Effect": "Maybe", "Action": "*"}}',
        '{"Statement": {"Effect": "Allow"}}',
    ],
)
def test_invalid_policy_is_rejected(text):
    with pytest.raises(iam.PolicyError):
        iam.parse(text)
