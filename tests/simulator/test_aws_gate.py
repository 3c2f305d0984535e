# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""STS, IAM, Secrets Manager and SSM with boto3 over TLS."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest
import requests
from botocore.credentials import Credentials
from botocore.exceptions import ClientError


def code_of(call, *args, **kwargs):
    with pytest.raises(ClientError) as failure:
        call(*args, **kwargs)
    return failure.value.response["Error"]["Code"], failure.value.response["Error"]["Message"]


def test_caller_identity_of_user_and_role(world, tools):
    assert world.client("sts").get_caller_identity()["Arn"] == f"arn:aws:iam::{tools.MAIN}:user/simulator-admin"
    arn = world.role()
    who = world.client("sts", world.assume(arn, RoleSessionName="me")).get_caller_identity()
    assert who["Arn"] == f"arn:aws:sts::{tools.MAIN}:assumed-role/{arn.rpartition('/')[2]}/me"
    assert who["UserId"].startswith("AROA")
    assert who["UserId"].endswith(":me")


@pytest.mark.parametrize("service", ["iam", "secretsmanager", "ssm"])
def test_other_services_behind_the_gate_are_served_by_moto(world, service):
    client = world.client(service)
    if service == "iam":
        assert client.list_users()["Users"]
    elif service == "ssm":
        client.put_parameter(Name="/a", Value="b", Type="String", Overwrite=True)
        assert client.get_parameter(Name="/a")["Parameter"]["Value"] == "b"
    else:
        arn = client.create_secret(Name="s", SecretString="b")["ARN"]
        assert client.get_secret_value(SecretId=arn)["SecretString"] == "b"


@pytest.mark.parametrize(
    ("service", "operation", "unknown", "wrong", "expired"),
    [
        ("sts", "get_caller_identity", "InvalidClientTokenId", "SignatureDoesNotMatch", "ExpiredToken"),
        ("iam", "list_users", "InvalidClientTokenId", "SignatureDoesNotMatch", "ExpiredToken"),
        (
            "ssm",
            "describe_parameters",
            "UnrecognizedClientException",
            "InvalidSignatureException",
            "ExpiredTokenException",
        ),
        (
            "secretsmanager",
            "list_secrets",
            "UnrecognizedClientException",
            "InvalidSignatureException",
            "ExpiredTokenException",
        ),
    ],
)
def test_bad_credentials_are_rejected_like_aws(world, service, operation, unknown, wrong, expired):
    def answer(credentials):
        return code_of(getattr(world.client(service, credentials), operation))[0]

    assert answer(Credentials("AKIAIOSFODNN7EXAMPLE", "x")) == unknown
    assert answer(Credentials(world.user.access_key, "wrong")) == wrong
    session = world.assume(world.role())
    assert answer(Credentials(session.access_key, session.secret_key, "other")) == unknown
    world.admin("POST", "/credentials/expire")
    assert answer(session) == expired


def test_unsigned_request_is_rejected(world):
    answer = world.session.post(world.endpoints.aws_url, data={"Action": "GetCallerIdentity"}, verify=world.ca)
    assert answer.status_code == 403
    assert "<Code>MissingAuthenticationToken</Code>" in answer.text


def test_presigned_caller_identity(world):
    url = world.client("sts").generate_presigned_url("get_caller_identity", ExpiresIn=60, HttpMethod="GET")
    assert "simulator-admin" in requests.get(url, verify=world.ca, timeout=20).text
    world.admin("PUT", "/clock", {"offset_seconds": 600})
    assert "Signature expired" in requests.get(url, verify=world.ca, timeout=20).text


@pytest.mark.parametrize(("offset", "text"), [(3600, "Signature expired: "), (-3600, "Signature not yet current: ")])
def test_clock_an_hour_off_is_rejected(world, offset, text):
    world.admin("PUT", "/clock", {"offset_seconds": offset})
    code, message = code_of(world.client("sts").get_caller_identity)
    assert code == "SignatureDoesNotMatch"
    assert message.startswith(text)


def test_inactive_and_deleted_keys(world):
    credentials, arn = world.user_with()
    name, iam = arn.rpartition("/")[2], world.client("iam")
    world.client("sts", credentials).get_caller_identity()
    iam.update_access_key(UserName=name, AccessKeyId=credentials.access_key, Status="Inactive")
    assert code_of(world.client("sts", credentials).get_caller_identity)[0] == "InvalidClientTokenId"
    iam.update_access_key(UserName=name, AccessKeyId=credentials.access_key, Status="Active")
    iam.delete_access_key(UserName=name, AccessKeyId=credentials.access_key)
    assert code_of(world.client("sts", credentials).get_caller_identity)[0] == "InvalidClientTokenId"


def test_assume_role_rejections_have_the_same_message(world, tools):
    nobody, arn = world.user_with()
    missing = f"arn:aws:iam::{tools.MAIN}:role/missing"
    elsewhere = "arn:aws:iam::999999999999:role/r"
    service_only = world.role(document=tools.trust({"Service": "apigateway.amazonaws.com"}))
    for target, caller in [(missing, None), (elsewhere, None), (service_only, None), (world.role(), nobody)]:
        who = arn if caller else f"arn:aws:iam::{tools.MAIN}:user/simulator-admin"
        text = f"User: {who} is not authorized to perform: sts:AssumeRole on resource: {target}"
        assert code_of(world.assume, target, caller) == ("AccessDenied", text)


def test_trust_policy_external_id_session_name_and_deny_apply(world, tools):
    arn = world.role(document=tools.trust(Condition={"StringEquals": {"sts:ExternalId": "e-1"}}))
    assert code_of(world.assume, arn)[0] == "AccessDenied"
    assert code_of(world.assume, arn, ExternalId="e-2")[0] == "AccessDenied"
    world.assume(arn, ExternalId="e-1")
    denying = tools.trust()
    denying["Statement"].append({**denying["Statement"][0], "Effect": "Deny"})
    assert code_of(world.assume, world.role(document=denying))[0] == "AccessDenied"


def test_entry_role_gives_access_to_another_account(world, tools):
    entry = world.assume(f"arn:aws:iam::{tools.OTHER}:role/OrganizationAccountAccessRole")
    assert world.client("sts", entry).get_caller_identity()["Account"] == tools.OTHER
    arn = world.role(credentials=entry)
    assert arn.split(":")[4] == tools.OTHER
    assert world.assume(arn).token


@pytest.mark.parametrize(
    ("options", "code", "text"),
    [
        ({"DurationSeconds": 899}, "ValidationError", "value greater than or equal to 900"),
        ({"DurationSeconds": 43201}, "ValidationError", "value less than or equal to 43200"),
        ({"DurationSeconds": 3601}, "ValidationError", "exceeds the MaxSessionDuration set for this role."),
        ({"RoleSessionName": "not allowed"}, "ValidationError", "regular expression pattern"),
        ({"RoleSessionName": "x" * 65}, "ValidationError", "length less than or equal to 64"),
        ({"Policy": "{}"}, "MalformedPolicyDocument", "Syntax errors in policy"),
        (
            {"PolicyArns": [{"arn": "arn:aws:iam::aws:policy/NoSuchPolicy"}]},
            "MalformedPolicyDocument",
            "does not exist",
        ),
    ],
)
def test_assume_role_outside_its_limits_is_rejected(world, options, code, text):
    given, message = code_of(world.assume, world.role(), **options)
    assert given == code
    assert text in message


def test_role_chaining_is_limited_to_an_hour(world):
    arn = world.role(MaxSessionDuration=7200)
    world.assume(arn, DurationSeconds=7200)
    iam = world.client("iam")
    first = world.role()
    iam.attach_role_policy(RoleName=first.rpartition("/")[2], PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    chained = world.assume(first)
    assert "role chaining" in code_of(world.assume, arn, chained, DurationSeconds=3601)[1]
    world.assume(arn, chained)


def test_session_tags_need_their_own_permission(world, tools):
    tags = [{"Key": "team", "Value": "blue"}]
    assert code_of(world.assume, world.role(), Tags=tags)[0] == "AccessDenied"
    world.assume(world.role(document=tools.trust(Action=["sts:AssumeRole", "sts:TagSession"])), Tags=tags)


def test_sessions_expire_by_the_simulators_clock(world):
    session = world.assume(world.role(), DurationSeconds=900)
    world.admin("PUT", "/clock", {"offset_seconds": 901})
    assert code_of(world.client("sts", session).get_caller_identity)[0] == "ExpiredToken"


def test_client_headers_cannot_switch_moto_to_another_account(world, tools):
    arn = world.role()
    client = world.client("iam")
    client.meta.events.register(
        "before-sign.iam", lambda request, **_: request.headers.add_header("X-Moto-Account-Id", tools.OTHER)
    )
    assert client.get_role(RoleName=arn.rpartition("/")[2])["Role"]["Arn"] == arn


def test_policy_of_the_caller_counts_for_the_account_principal(world):
    arn = world.role()
    allowed, _key = world.user_with({"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": arn})
    denied, _key = world.user_with(
        {"Effect": "Allow", "Action": "*", "Resource": "*"}, {"Effect": "Deny", "Action": "sts:*", "Resource": arn}
    )
    assert world.assume(arn, allowed).token
    assert code_of(world.assume, arn, denied)[0] == "AccessDenied"
    assert json.dumps(world.state()["aws_calls"]["sts:AssumeRole"])


@pytest.mark.parametrize(
    ("service", "operation", "options", "action", "resource"),
    [
        ("iam", "get_role", {"RoleName": "{role}"}, "iam:GetRole", "arn:aws:iam::{account}:role/{role}"),
        ("iam", "list_roles", {}, "iam:ListRoles", "*"),
        ("secretsmanager", "create_secret", {"Name": "mine"}, "secretsmanager:CreateSecret", "{secrets}:mine-*"),
        (
            "secretsmanager",
            "get_secret_value",
            {"SecretId": "kept"},
            "secretsmanager:GetSecretValue",
            "{secrets}:kept-*",
        ),
        ("ssm", "get_parameter", {"Name": "/kept"}, "ssm:GetParameter", "{parameters}/kept"),
        ("ssm", "get_parameters", {"Names": ["/kept"]}, "ssm:GetParameters", "{parameters}/kept"),
    ],
)
def test_callers_without_a_policy_are_denied(world, tools, service, operation, options, action, resource):
    names = {
        "role": world.role().rpartition("/")[2],
        "account": tools.MAIN,
        "secrets": f"arn:aws:secretsmanager:us-east-1:{tools.MAIN}:secret",
        "parameters": f"arn:aws:ssm:us-east-1:{tools.MAIN}:parameter",
    }
    if operation == "get_secret_value":
        world.client(service).create_secret(Name="kept", SecretString="a")
    if service == "ssm":
        world.client(service).put_parameter(Name="/kept", Value="a", Type="String", Overwrite=True)
    options = {name: value.format(**names) if isinstance(value, str) else value for name, value in options.items()}
    nobody, arn = world.user_with()
    code, message = code_of(getattr(world.client(service, nobody), operation), **options)
    assert code in ("AccessDenied", "AccessDeniedException")
    assert message.startswith(f"User: {arn} is not authorized to perform: {action} on resource: ")
    statement = {"Effect": "Allow", "Action": action, "Resource": resource.format(**names)}
    somebody = world.user_with(statement)[0]
    getattr(world.client(service, somebody), operation)(**options)
    denied = world.user_with(statement, {**statement, "Effect": "Deny"})[0]
    assert "explicit deny" in code_of(getattr(world.client(service, denied), operation), **options)[1]


def test_role_policies_are_simulated(world, tools):
    iam = world.client("iam")
    arn = world.role()
    api = "arn:aws:execute-api:us-east-1:999988887777:abcdefghij/prod/GET/v1/mgmt/tokens"
    asked = {"ActionNames": ["execute-api:Invoke", "s3:*"], "PolicySourceArn": arn, "ResourceArns": [api]}
    results = iam.simulate_principal_policy(**asked)["EvaluationResults"]
    assert [result["EvalDecision"] for result in results] == ["allowed", "implicitDeny"]
    boundary = iam.create_policy(PolicyName="narrow", PolicyDocument=json.dumps(NARROW))["Policy"]["Arn"]
    iam.put_role_permissions_boundary(RoleName=arn.rpartition("/")[2], PermissionsBoundary=boundary)
    first = iam.simulate_principal_policy(**asked)["EvaluationResults"][0]
    assert first["EvalDecision"] == "implicitDeny"
    assert first["PermissionsBoundaryDecisionDetail"] == {"AllowedByPermissionsBoundary": False}
    asked["PolicySourceArn"] = f"arn:aws:iam::{tools.MAIN}:role/missing"
    assert code_of(iam.simulate_principal_policy, **asked)[0] == "NoSuchEntity"


NARROW = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}


def test_responses_are_dated_by_the_simulators_clock(world):
    world.admin("PUT", "/clock", {"offset_seconds": 86400})
    dates = [
        world.session.get(url, verify=world.ca).headers["Date"]
        for url in (world.endpoints.aws_url, world.endpoints.ngfw_url)
    ]
    ahead = [parsedate_to_datetime(date) - datetime.now(UTC) for date in dates]
    assert all(timedelta(hours=23) < difference < timedelta(hours=25) for difference in ahead)
