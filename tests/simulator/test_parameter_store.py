# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parameter Store: names, versions, sizes and tiers, types, tags and paths by AWS's rules, and concurrent callers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

LEVELS = "".join(f"/{level}" for level in range(15))
LONGEST = 1011 - len("arn:aws:ssm:us-east-1:123456789012:parameter/")


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
    """The name of an existing parameter."""
    name = f"/rules/{uuid4()}"
    ssm.put_parameter(Name=name, Value="a", Type="SecureString")
    return name


def write(ssm, name, value="a", **more):
    given = {"Name": name, "Value": value, "Type": "SecureString", **more}
    return ssm.put_parameter(**{key: item for key, item in given.items() if item is not None})


@pytest.mark.parametrize("name", ["flat", "/flat-too", LEVELS, "x" * LONGEST, "/y/" + "x" * (LONGEST - 2)])
def test_valid_parameter_names_are_accepted(ssm, name):
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
def test_parameters_that_aws_rejects_are_rejected(ssm, parameters, code, text):
    with pytest.raises(ClientError, match=text) as failure:
        write(ssm, **parameters)
    assert failure.value.response["Error"]["Code"] == code
    assert code_of(ssm.get_parameter, Name="/new") == "ParameterNotFound"


def test_versions_increment_and_restart_after_deletion(ssm, parameter):
    assert code_of(ssm.put_parameter, Name=parameter, Value="b", Type="SecureString") == "ParameterAlreadyExists"
    assert [write(ssm, parameter, Overwrite=True)["Version"] for _index in range(3)] == [2, 3, 4]
    ssm.delete_parameter(Name=parameter)
    assert code_of(ssm.delete_parameter, Name=parameter) == "ParameterNotFound"
    assert write(ssm, parameter, Overwrite=True)["Version"] == 1


def test_name_with_and_without_slash_is_the_same_parameter(ssm):
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


def test_parameter_keeps_its_type(ssm, parameter):
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


def test_labels_of_a_missing_parameter_do_not_create_it(ssm):
    assert code_of(ssm.label_parameter_version, Name="/missing", Labels=["a"]) == "ParameterNotFound"
    assert code_of(ssm.get_parameter, Name="/missing") == "ParameterNotFound"


@pytest.mark.parametrize("operation", ["get_parameter", "delete_parameter", "get_parameter_history"])
def test_parameter_is_found_only_by_its_full_name(ssm, operation):
    assert code_of(getattr(ssm, operation), Name="cloud-ngfw/firewall") == "ValidationException"


def test_parameters_by_path(ssm):
    for name in ("/by-path/a", "/by-path/b/c", "/by-path-too/d"):
        write(ssm, name)
    for recursive, names in ((False, ["/by-path/a"]), (True, ["/by-path/a", "/by-path/b/c"])):
        found = ssm.get_parameters_by_path(Path="/by-path", Recursive=recursive)["Parameters"]
        assert [parameter["Name"] for parameter in found] == names
    assert code_of(ssm.get_parameters_by_path, Path="by-path") == "ValidationException"
    assert code_of(ssm.get_parameters_by_path, Path="/by-path", MaxResults=11) == "ValidationException"


def test_concurrent_creation_of_a_parameter_has_one_winner(world):
    clients, name = [world.client("ssm") for _index in range(8)], f"/race/{uuid4()}"

    def create(client):
        try:
            return write(client, name)["Version"]
        except ClientError as failure:
            return failure.response["Error"]["Code"]

    with ThreadPoolExecutor(len(clients)) as pool:
        results = list(pool.map(create, clients))
    assert sorted(results, key=str) == [1, *["ParameterAlreadyExists"] * 7]


def test_command_on_instances_by_tag_finds_none_in_ec2(ssm):
    targets = [{"Key": "tag:Name", "Values": ["none"]}]
    command = ssm.send_command(DocumentName="AWS-RunShellScript", Targets=targets)["Command"]
    assert command["InstanceIds"] == []
