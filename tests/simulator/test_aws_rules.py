# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests that AWS rejects are rejected: names, sizes, tags, policies of secrets and roles; services that are not simulated."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

STATEMENT = {"Effect": "Allow", "Principal": {"AWS": "123456789012"}, "Action": "secretsmanager:*", "Resource": "*"}


def code_of(call, **parameters):
    with pytest.raises(ClientError) as failure:
        call(**parameters)
    return failure.value.response["Error"]["Code"]


@pytest.mark.parametrize(
    ("operation", "parameters", "code"),
    [
        ("create_secret", {"Name": "a secret"}, "ValidationException"),
        ("create_secret", {"Name": "schlüssel"}, "ValidationException"),
        ("create_secret", {"Name": "a" * 513}, "ValidationException"),
        ("create_secret", {"Name": "b", "KmsKeyId": "a" * 2049}, "ValidationException"),
        ("create_secret", {"Name": "b", "Description": "a" * 2049}, "ValidationException"),
        ("create_secret", {"Name": "b", "SecretString": "a" * 65537}, "ValidationException"),
        ("create_secret", {"Name": "b", "SecretString": "a", "SecretBinary": b"a"}, "InvalidParameterException"),
        ("create_secret", {"Name": "b", "ClientRequestToken": "short"}, "ValidationException"),
        ("create_secret", {"Name": "b", "Tags": [{"Key": "aws:a", "Value": "b"}]}, "InvalidParameterException"),
        ("create_secret", {"Name": "b", "Tags": [{"Key": "a", "Value": "b"}] * 2}, "InvalidParameterException"),
        ("create_secret", {"Name": "b", "Tags": [{"Key": "a" * 129, "Value": "b"}]}, "ValidationException"),
        (
            "create_secret",
            {"Name": "b", "Tags": [{"Key": str(index), "Value": "b"} for index in range(51)]},
            "InvalidParameterException",
        ),
        ("put_secret_value", {"SecretString": ""}, "ValidationException"),
        ("put_secret_value", {}, "InvalidRequestException"),
        ("put_secret_value", {"SecretString": "a", "VersionStages": ["a" * 257]}, "ValidationException"),
        ("put_secret_value", {"SecretString": "a", "VersionStages": []}, "ValidationException"),
        ("update_secret_version_stage", {"VersionStage": ""}, "ValidationException"),
        ("tag_resource", {"Tags": [{"Key": "aws:a", "Value": "b"}]}, "InvalidParameterException"),
        ("delete_secret", {"RecoveryWindowInDays": 6}, "InvalidParameterException"),
        ("delete_secret", {"RecoveryWindowInDays": 31}, "InvalidParameterException"),
        (
            "delete_secret",
            {"RecoveryWindowInDays": 7, "ForceDeleteWithoutRecovery": True},
            "InvalidParameterException",
        ),
        ("put_resource_policy", {"ResourcePolicy": "["}, "MalformedPolicyDocumentException"),
        ("put_resource_policy", {"ResourcePolicy": "{}"}, "MalformedPolicyDocumentException"),
        (
            "put_resource_policy",
            {"ResourcePolicy": json.dumps({"Statement": {**STATEMENT, "Condition": {"Foo": {}}}})},
            "MalformedPolicyDocumentException",
        ),
        (
            "put_resource_policy",
            {"ResourcePolicy": json.dumps({"Statement": {**STATEMENT, "Principal": "*"}}), "BlockPublicPolicy": True},
            "PublicPolicyException",
        ),
    ],
)
def test_secrets_that_aws_rejects_are_rejected(world, operation, parameters, code):
    secrets = world.client("secretsmanager")
    if operation != "create_secret":
        name = f"rules/{uuid4()}"
        secrets.create_secret(Name=name, SecretString="a")
        parameters = {"SecretId": name, **parameters}
        before = secrets.describe_secret(SecretId=name)
    assert code_of(getattr(secrets, operation), **parameters) == code
    if operation == "create_secret":
        assert code_of(secrets.describe_secret, SecretId="b") == "ResourceNotFoundException"
    else:
        assert secrets.describe_secret(SecretId=name)["VersionIdsToStages"] == before["VersionIdsToStages"]
        assert "ResourcePolicy" not in secrets.get_resource_policy(SecretId=name)


def role_refusals(trust):
    statement = trust()["Statement"][0]

    def condition(operator):
        return trust(Condition={operator: {"aws:PrincipalArn": "arn:aws:iam::123456789012:role/a"}})

    return {
        "MalformedPolicyDocument": [
            *(
                {"document": condition(operator)}
                for operator in ("ForAnyValues:StringLike", "StringEqual", "NullIfExists")
            ),
            {"document": trust(Resource="*")},
            {"document": trust(Action="s3:GetObject")},
            {"document": trust({"AWS": "nonsense"})},
            {"document": trust({"Users": "123456789012"})},
            {"document": {"Statement": [{**statement, "Effect": "allow"}]}},
            {"document": {"Statement": [{name: value for name, value in statement.items() if name != "Principal"}]}},
            {"document": {"Version": "2012", "Statement": [statement]}},
            {"document": {"Version": "2012-10-17"}},
        ],
        "LimitExceeded": [{"document": trust(Condition={"StringEquals": {"aws:a": ["x" * 100] * 20}})}],
        "ValidationError": [
            {"RoleName": "a b"},
            {"RoleName": "rôle"},
            {"RoleName": "a" * 65},
            {"Path": "nowhere"},
            {"Description": "a" * 1001},
            {"MaxSessionDuration": 3599},
            {"MaxSessionDuration": 43201},
            {"PermissionsBoundary": "short"},
            {"Tags": [{"Key": "a,b", "Value": "b"}]},
            {"Tags": [{"Key": "a", "Value": "b" * 257}]},
            {"Tags": [{"Key": str(index), "Value": "b"} for index in range(51)]},
        ],
        "InvalidInput": [{"Tags": [{"Key": "aws:a", "Value": "b"}]}],
    }


def test_roles_that_aws_rejects_are_rejected(world, tools):
    iam, arn = world.client("iam"), world.role()
    existing = arn.rpartition("/")[2]
    before = iam.get_role(RoleName=existing)["Role"]["AssumeRolePolicyDocument"]
    for code, refusals in role_refusals(tools.trust).items():
        for refused in refusals:
            document = json.dumps(refused.pop("document", tools.trust()))
            given = {"RoleName": "refused", "AssumeRolePolicyDocument": document, **refused}
            assert code_of(iam.create_role, **given) == code, given
            if not refused:
                update = {"RoleName": existing, "PolicyDocument": document}
                assert code_of(iam.update_assume_role_policy, **update) == code, update
    assert code_of(iam.get_role, RoleName="refused") == "NoSuchEntity"
    assert iam.get_role(RoleName=existing)["Role"]["AssumeRolePolicyDocument"] == before


@pytest.mark.parametrize(
    "operator",
    ["StringEquals", "ForAnyValue:StringLike", "ForAllValues:StringNotLikeIfExists", "ArnLikeIfExists", "Null", "Bool"],
)
def test_condition_operators_of_iam_are_accepted(world, tools, operator):
    assert world.role(document=tools.trust(Condition={operator: {"aws:PrincipalArn": "a"}}))


@pytest.mark.parametrize(
    ("service", "operation"),
    [
        ("s3", "list_buckets"),
        ("ec2", "describe_instances"),
        ("sns", "list_topics"),
        ("dynamodb", "list_tables"),
        ("kms", "list_keys"),
        ("lambda", "list_functions"),
        ("cloudwatch", "list_metrics"),
        ("organizations", "list_accounts"),
    ],
)
def test_unsupported_service_reports_that_it_is_not_simulated(world, service, operation):
    world.admin("DELETE", "/calls")
    client = world.client(service)
    with pytest.raises(
        ClientError,
        match="is not simulated: the simulator supports sts, iam, secretsmanager, ssm, cloudformation, logs",
    ) as failure:
        getattr(client, operation)()
    assert failure.value.response["Error"]["Code"] == "NotSimulated"
    assert list(world.state()["aws_calls"].values()) == [1]


def test_credentials_that_the_simulator_does_not_support_are_not_issued(world):
    sts = world.client("sts")
    web = {"RoleArn": world.role(), "RoleSessionName": "test", "WebIdentityToken": "a" * 20}
    assert code_of(sts.assume_role_with_web_identity, **web) == "NotSimulated"
    assert code_of(sts.get_session_token) == "NotSimulated"
    assert code_of(sts.get_federation_token, Name="test") == "NotSimulated"
