# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS refuses is refused: names, sizes, tags, policies; and what is not simulated says so."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

LEVELS = "".join(f"/{level}" for level in range(15))
LONGEST = 1011 - len("arn:aws:ssm:us-east-1:123456789012:parameter/")
STATEMENT = {"Effect": "Allow", "Principal": {"AWS": "123456789012"}, "Action": "secretsmanager:*", "Resource": "*"}


def code_of(call, **parameters):
    with pytest.raises(ClientError) as failure:
        call(**parameters)
    return failure.value.response["Error"]["Code"]


@pytest.fixture
def ssm(world):
    """A client."""
    return world.client("ssm")


@pytest.fixture
def parameter(ssm):
    """The name of a parameter that exists."""
    name = f"/rules/{uuid4()}"
    ssm.put_parameter(Name=name, Value="a", Type="SecureString")
    return name


def write(ssm, name, value="a", **more):
    given = {"Name": name, "Value": value, "Type": "SecureString", **more}
    return ssm.put_parameter(**{key: item for key, item in given.items() if item is not None})


@pytest.mark.parametrize("name", ["flat", "/flat-too", LEVELS, "x" * LONGEST, "/y/" + "x" * (LONGEST - 2)])
def test_names_that_parameters_can_have(ssm, name):
    write(ssm, name)
    assert ssm.get_parameter(Name=name)["Parameter"]["Name"] == name
    ssm.delete_parameter(Name=name)


@pytest.mark.parametrize(
    ("parameters", "code", "text"),
    [
        ({"name": "cloud-ngfw/firewall"}, "ValidationException", "must be a fully qualified name"),
        ({"name": "/a/"}, "ValidationException", "sub-path"),
        ({"name": "/a//b"}, "ValidationException", "sub-path"),
        ({"name": "a b"}, "ValidationException", "sub-path"),
        ({"name": "/a@b"}, "ValidationException", "sub-path"),
        ({"name": "awsome"}, "ValidationException", "prefixed"),
        ({"name": "/SSM/a"}, "ValidationException", "prefixed"),
        ({"name": f"{LEVELS}/more"}, "HierarchyLevelLimitExceededException", "15 levels"),
        ({"name": "x" * (LONGEST + 1)}, "ValidationException", "1012 characters"),
        ({"name": "x" * 2049}, "ValidationException", "less than or equal to 2048"),
        ({"name": "/new", "Type": None}, "ValidationException", "type is required"),
        ({"name": "/new", "Type": "Secure"}, "ValidationException", "enum value set"),
        ({"name": "/new", "KeyId": "a key"}, "ValidationException", "regular expression"),
        ({"name": "/new", "KeyId": "a" * 257}, "ValidationException", "less than or equal to 256"),
        ({"name": "/new", "Description": "a" * 1025}, "ValidationException", "less than or equal to 1024"),
        ({"name": "/new", "value": "a {{ssm:b}} c"}, "ValidationException", "nest another parameter"),
        ({"name": "/new", "value": "x" * 4097}, "ValidationException", "maximum parameter value of 4096"),
        ({"name": "/new", "value": "ä" * 2049}, "ValidationException", "maximum parameter value of 4096"),
        ({"name": "/new", "value": "x" * 8193, "Tier": "Advanced"}, "ValidationException", "value of 8192"),
        ({"name": "/new", "value": "x" * 8193, "Tier": "Intelligent-Tiering"}, "ValidationException", "value of 8192"),
        ({"name": "/new", "value": ["a"]}, "SerializationException", "wrong type"),
        ({"name": "/new", "Tags": [{"Key": "aws:a", "Value": "b"}]}, "ValidationException", "reserved"),
        ({"name": "/new", "Tags": [{"Key": "a,b", "Value": "b"}]}, "ValidationException", "regular expression"),
        ({"name": "/new", "Tags": [{"Key": "a", "Value": "b" * 257}]}, "ValidationException", "equal to 256"),
        ({"name": "/new", "Overwrite": True, "Tags": [{"Key": "a", "Value": "b"}]}, "ValidationException", "overwrite"),
    ],
)
def test_parameters_that_aws_refuses(ssm, parameters, code, text):
    with pytest.raises(ClientError, match=text) as failure:
        write(ssm, **parameters)
    assert failure.value.response["Error"]["Code"] == code
    assert code_of(ssm.get_parameter, Name="/new") == "ParameterNotFound"


def test_versions_go_up_by_one_and_begin_anew_after_a_deletion(ssm, parameter):
    assert code_of(ssm.put_parameter, Name=parameter, Value="b", Type="SecureString") == "ParameterAlreadyExists"
    assert [write(ssm, parameter, Overwrite=True)["Version"] for _index in range(3)] == [2, 3, 4]
    ssm.delete_parameter(Name=parameter)
    assert code_of(ssm.delete_parameter, Name=parameter) == "ParameterNotFound"
    assert write(ssm, parameter, Overwrite=True)["Version"] == 1


def test_a_name_with_and_without_its_slash_is_one(ssm):
    name = f"one-{uuid4()}"
    write(ssm, name)
    assert code_of(ssm.put_parameter, Name=f"/{name}", Value="b", Type="String") == "ParameterAlreadyExists"


def test_tiers(ssm, parameter):
    assert write(ssm, parameter, "x" * 4096, Overwrite=True, Tier="Intelligent-Tiering")["Tier"] == "Standard"
    assert write(ssm, parameter, "x" * 4097, Overwrite=True, Tier="Intelligent-Tiering")["Tier"] == "Advanced"
    assert write(ssm, parameter, "x", Overwrite=True, Tier="Intelligent-Tiering")["Tier"] == "Advanced"
    with pytest.raises(ClientError, match="can't downgrade"):
        write(ssm, parameter, "x", Overwrite=True, Tier="Standard")
    assert ssm.get_parameter(Name=parameter)["Parameter"]["Version"] == 4


def test_a_parameter_keeps_its_type(ssm, parameter):
    assert code_of(ssm.put_parameter, Name=parameter, Value="b", Type="String", Overwrite=True) == (
        "HierarchyTypeMismatchException"
    )


def test_tags_of_a_parameter(ssm, parameter):
    def tag(*keys):
        tags = [{"Key": key, "Value": "a"} for key in keys]
        ssm.add_tags_to_resource(ResourceType="Parameter", ResourceId=parameter, Tags=tags)

    tag(*(f"key-{index}" for index in range(50)))
    tag("key-0")
    assert code_of(lambda: tag("one-more")) == "TooManyTagsError"
    assert code_of(lambda: tag("aws:a")) == "ValidationException"
    assert len(ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId=parameter)["TagList"]) == 50
    missing = {"ResourceType": "Parameter", "ResourceId": "/missing", "Tags": [{"Key": "a", "Value": "b"}]}
    assert code_of(ssm.add_tags_to_resource, **missing) == "InvalidResourceId"


def test_labels_of_a_missing_parameter_make_none(ssm):
    assert code_of(ssm.label_parameter_version, Name="/missing", Labels=["a"]) == "ParameterNotFound"
    assert code_of(ssm.get_parameter, Name="/missing") == "ParameterNotFound"


@pytest.mark.parametrize("operation", ["get_parameter", "delete_parameter", "get_parameter_history"])
def test_a_parameter_is_asked_for_by_its_whole_name(ssm, operation):
    assert code_of(getattr(ssm, operation), Name="cloud-ngfw/firewall") == "ValidationException"


def test_parameters_by_path(ssm):
    for name in ("/by-path/a", "/by-path/b/c", "/by-path-too/d"):
        write(ssm, name)
    for recursive, names in ((False, ["/by-path/a"]), (True, ["/by-path/a", "/by-path/b/c"])):
        found = ssm.get_parameters_by_path(Path="/by-path", Recursive=recursive)["Parameters"]
        assert [parameter["Name"] for parameter in found] == names
    assert code_of(ssm.get_parameters_by_path, Path="by-path") == "ValidationException"
    assert code_of(ssm.get_parameters_by_path, Path="/by-path", MaxResults=11) == "ValidationException"


def test_of_many_that_create_a_parameter_one_wins(world):
    clients, name = [world.client("ssm") for _index in range(8)], f"/race/{uuid4()}"

    def create(client):
        try:
            return write(client, name)["Version"]
        except ClientError as failure:
            return failure.response["Error"]["Code"]

    with ThreadPoolExecutor(len(clients)) as pool:
        results = list(pool.map(create, clients))
    assert sorted(results, key=str) == [1, *["ParameterAlreadyExists"] * 7]


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
def test_secrets_that_aws_refuses(world, operation, parameters, code):
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


def test_roles_that_aws_refuses(world, tools):
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
def test_condition_operators_that_iam_has(world, tools, operator):
    assert world.role(document=tools.trust(Condition={operator: {"aws:PrincipalArn": "a"}}))


@pytest.mark.parametrize(
    ("service", "operation"),
    [
        ("s3", "list_buckets"),
        ("ec2", "describe_instances"),
        ("cloudformation", "describe_stacks"),
        ("dynamodb", "list_tables"),
        ("kms", "list_keys"),
        ("lambda", "list_functions"),
        ("cloudwatch", "list_metrics"),
        ("organizations", "list_accounts"),
    ],
)
def test_a_service_that_is_not_simulated_says_so(world, service, operation):
    world.admin("DELETE", "/calls")
    client = world.client(service)
    with pytest.raises(
        ClientError, match="is not simulated: the simulator plays sts, iam, secretsmanager, ssm"
    ) as failure:
        getattr(client, operation)()
    assert failure.value.response["Error"]["Code"] == "NotSimulated"
    assert list(world.state()["aws_calls"].values()) == [1]


def test_credentials_that_the_simulator_could_not_honor_are_not_issued(world):
    sts = world.client("sts")
    web = {"RoleArn": world.role(), "RoleSessionName": "test", "WebIdentityToken": "a" * 20}
    assert code_of(sts.assume_role_with_web_identity, **web) == "NotSimulated"
    assert code_of(sts.get_session_token) == "NotSimulated"
    assert code_of(sts.get_federation_token, Name="test") == "NotSimulated"
