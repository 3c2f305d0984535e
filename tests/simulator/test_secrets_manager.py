# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets Manager: staging labels by AWS's rules, lookups, pages, and concurrent callers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError


@pytest.fixture
def secrets(world):
    """A client."""
    return world.client("secretsmanager")


@pytest.fixture
def name(secrets):
    """A secret with one version, deleted afterwards."""
    name = f"panw/{uuid4()}"
    secrets.create_secret(Name=name, SecretString="first")
    yield name
    secrets.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)


def put(secrets, name, text, *stages):
    """Create a version and return its id."""
    return secrets.put_secret_value(SecretId=name, SecretString=text, VersionStages=list(stages))["VersionId"]


def stages(secrets, name):
    """The version of each stage."""
    versions = secrets.describe_secret(SecretId=name)["VersionIdsToStages"]
    return {stage: version for version, held in versions.items() for stage in held}


def move(secrets, name, stage, **versions):
    secrets.update_secret_version_stage(SecretId=name, VersionStage=stage, **versions)


def test_label_moves_only_from_its_current_version(secrets, name):
    first, second = put(secrets, name, "a", "AWSPENDING"), put(secrets, name, "b", "other")
    for wrong in ({}, {"RemoveFromVersionId": second}):
        with pytest.raises(ClientError) as failure:
            move(secrets, name, "AWSPENDING", MoveToVersionId=second, **wrong)
        assert failure.value.response["Error"]["Code"] == "InvalidParameterException"
    assert stages(secrets, name)["AWSPENDING"] == first
    move(secrets, name, "AWSPENDING", MoveToVersionId=second, RemoveFromVersionId=first)
    assert stages(secrets, name)["AWSPENDING"] == second


def test_unattached_label_is_attached_idempotently(secrets, name):
    version = put(secrets, name, "a", "other")
    for _again in range(2):
        move(secrets, name, "retire", MoveToVersionId=version)
        assert secrets.describe_secret(SecretId=name)["VersionIdsToStages"][version].count("retire") == 1


def test_move_to_an_unknown_version_keeps_the_label(secrets, name):
    version = put(secrets, name, "a", "AWSPENDING")
    with pytest.raises(ClientError, match="Not a valid version"):
        move(secrets, name, "AWSPENDING", MoveToVersionId=str(uuid4()), RemoveFromVersionId=version)
    assert stages(secrets, name)["AWSPENDING"] == version


def test_readers_get_the_current_version(secrets, name):
    old, new = stages(secrets, name)["AWSCURRENT"], put(secrets, name, "second", "AWSPENDING")
    move(secrets, name, "AWSCURRENT", MoveToVersionId=new, RemoveFromVersionId=old)
    assert secrets.get_secret_value(SecretId=name)["SecretString"] == "second"
    batch = secrets.batch_get_secret_value(SecretIdList=[name])["SecretValues"]
    assert [value["VersionId"] for value in batch] == [new]
    assert stages(secrets, name)["AWSPREVIOUS"] == old


def test_secret_is_found_by_name_and_arn_until_it_is_deleted(secrets):
    arn = secrets.create_secret(Name="found", SecretString="a")["ARN"]
    for identifier in ("found", arn, arn.rpartition("-")[0]):
        assert secrets.describe_secret(SecretId=identifier)["ARN"] == arn
    with pytest.raises(ClientError, match="already exists"):
        secrets.create_secret(Name="found", SecretString="b")
    secrets.delete_secret(SecretId=arn, ForceDeleteWithoutRecovery=True)
    for identifier in ("found", arn):
        with pytest.raises(ClientError) as failure:
            secrets.describe_secret(SecretId=identifier)
        assert failure.value.response["Error"]["Code"] == "ResourceNotFoundException"
    assert secrets.create_secret(Name="found", SecretString="b")["Name"] == "found"
    secrets.delete_secret(SecretId="found", ForceDeleteWithoutRecovery=True)


def test_pages_of_secrets_omit_deleted_ones(secrets):
    names = [f"page/{index}" for index in range(7)]
    for name in names:
        secrets.create_secret(Name=name, SecretString="a")
    secrets.delete_secret(SecretId="page/3")
    left = [name for name in names if name != "page/3"]
    for filters in ({}, {"Filters": [{"Key": "name", "Values": ["page/"]}]}):
        pages = list(secrets.get_paginator("list_secrets").paginate(PaginationConfig={"PageSize": 2}, **filters))
        assert [secret["Name"] for page in pages for secret in page["SecretList"]] == left
        assert [len(page["SecretList"]) for page in pages] == [2, 2, 2]
    for name in names:
        secrets.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)


def test_concurrent_callers_succeed(world):
    clients = [world.client("secretsmanager") for _index in range(8)]

    def work(client):
        for _index in range(20):
            name = f"many/{uuid4()}"
            client.create_secret(Name=name, SecretString="a")
            client.list_secrets()
            client.describe_secret(SecretId=name)
            client.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)
        return "done"

    with ThreadPoolExecutor(len(clients)) as pool:
        assert list(pool.map(work, clients)) == ["done"] * len(clients)


def test_concurrent_label_moves_have_one_winner(world, secrets, name):
    clients = [world.client("secretsmanager") for _index in range(8)]
    held = put(secrets, name, "a", "AWSPENDING")
    versions = [put(secrets, name, "b", f"mine-{index}") for index in range(8)]

    def work(client, version):
        try:
            move(client, name, "AWSPENDING", MoveToVersionId=version, RemoveFromVersionId=held)
        except ClientError:
            return None
        return version

    with ThreadPoolExecutor(len(clients)) as pool:
        won = [version for version in pool.map(work, clients, versions) if version]
    assert won == [stages(secrets, name)["AWSPENDING"]]


def held(secrets, name):
    """All state that a repeated request could change."""
    described = secrets.describe_secret(SecretId=name)
    value = secrets.get_secret_value(SecretId=name)
    return described["VersionIdsToStages"], value["VersionId"], value["SecretString"]


@pytest.mark.parametrize("stages_now", [["AWSPENDING"], ["AWSCURRENT"], ["AWSPREVIOUS"], []])
def test_repeated_token_changes_nothing_at_any_stage(secrets, name, stages_now):
    token, first = str(uuid4()), stages(secrets, name)["AWSCURRENT"]
    written = {"SecretId": name, "SecretString": "new", "ClientRequestToken": token}
    secrets.put_secret_value(**written, VersionStages=["AWSPENDING", "mine"])
    if stages_now != ["AWSPENDING"]:
        move(secrets, name, "AWSPENDING", MoveToVersionId=first, RemoveFromVersionId=token)
        move(secrets, name, "mine", RemoveFromVersionId=token)
    if stages_now in (["AWSCURRENT"], ["AWSPREVIOUS"]):
        move(secrets, name, "AWSCURRENT", MoveToVersionId=token, RemoveFromVersionId=first)
    if stages_now == ["AWSPREVIOUS"]:
        put(secrets, name, "newer", "AWSCURRENT")
    before = held(secrets, name)
    for again in ({"VersionStages": ["AWSPENDING", "mine"]}, {}):
        answer = secrets.put_secret_value(**written, **again)
        assert answer["VersionId"] == token
        assert {*answer["VersionStages"]} >= {*stages_now}
        assert held(secrets, name) == before
    with pytest.raises(ClientError) as failure:
        secrets.put_secret_value(**{**written, "SecretString": "other"}, VersionStages=["AWSPENDING"])
    assert failure.value.response["Error"]["Code"] == "ResourceExistsException"
    assert held(secrets, name) == before
    assert secrets.get_secret_value(SecretId=name, VersionId=token)["SecretString"] == "new"


@pytest.mark.parametrize("operation", ["put_secret_value", "update_secret"])
def test_labels_stay_with_their_versions_when_another_becomes_current(secrets, name, operation):
    first = stages(secrets, name)["AWSCURRENT"]
    for label in ("retire", "AWSPENDING"):
        move(secrets, name, label, MoveToVersionId=first)
    second = getattr(secrets, operation)(SecretId=name, SecretString="second")["VersionId"]
    assert stages(secrets, name) == {"AWSCURRENT": second, "AWSPREVIOUS": first, "retire": first, "AWSPENDING": first}


def test_awsprevious_moves_to_the_former_awscurrent(secrets, name):
    first, second = stages(secrets, name)["AWSCURRENT"], put(secrets, name, "b", "AWSCURRENT")
    move(secrets, name, "AWSCURRENT", MoveToVersionId=second, RemoveFromVersionId=second)
    assert stages(secrets, name) == {"AWSCURRENT": second, "AWSPREVIOUS": first}
    move(secrets, name, "AWSCURRENT", MoveToVersionId=first, RemoveFromVersionId=second)
    assert stages(secrets, name) == {"AWSCURRENT": first, "AWSPREVIOUS": second}


@pytest.mark.parametrize(
    ("label", "versions", "text"),
    [
        ("AWSCURRENT", {"RemoveFromVersionId": "first"}, "can't be completely removed"),
        ("AWSCURRENT", {"MoveToVersionId": "second"}, "RemoveFromVersionId can't be empty"),
        ("AWSPENDING", {}, "RemoveFromVersionId, or both"),
        ("nowhere", {"RemoveFromVersionId": "first"}, "not found in version"),
    ],
)
def test_invalid_move_changes_nothing(secrets, name, label, versions, text):
    ids = {"first": stages(secrets, name)["AWSCURRENT"], "second": put(secrets, name, "a", "AWSPENDING")}
    before = stages(secrets, name)
    with pytest.raises(ClientError, match=text) as failure:
        move(secrets, name, label, **{key: ids[value] for key, value in versions.items()})
    assert failure.value.response["Error"]["Code"] == "InvalidParameterException"
    assert stages(secrets, name) == before


def test_version_without_labels_is_deprecated_and_can_still_be_read(secrets, name):
    version = put(secrets, name, "a", "mine")
    move(secrets, name, "mine", RemoveFromVersionId=version)
    assert version not in secrets.describe_secret(SecretId=name)["VersionIdsToStages"]
    listed = [
        [found["VersionId"] for found in secrets.list_secret_version_ids(SecretId=name, **more)["Versions"]]
        for more in ({}, {"IncludeDeprecated": True})
    ]
    assert [version in ids for ids in listed] == [False, True]
    assert secrets.get_secret_value(SecretId=name, VersionId=version)["SecretString"] == "a"


def test_more_than_twenty_labels_are_rejected(secrets, name):
    version = put(secrets, name, "a", *(f"label-{index}" for index in range(10)))
    for index in range(9):
        move(secrets, name, f"other-{index}", MoveToVersionId=stages(secrets, name)["AWSCURRENT"])
    before = stages(secrets, name)
    assert len(before) == 20
    for more in (
        lambda: move(secrets, name, "one-more", MoveToVersionId=version),
        lambda: put(secrets, name, "b", "one-more"),
        lambda: put(secrets, name, "b", "AWSCURRENT"),  # AWSPREVIOUS would be the 21st
    ):
        with pytest.raises(ClientError) as failure:
            more()
        assert failure.value.response["Error"]["Code"] == "LimitExceededException"
        assert stages(secrets, name) == before


def test_more_than_a_hundred_versions_in_a_day_are_rejected(secrets, name):
    for _index in range(99):
        put(secrets, name, "a", "mine")
    with pytest.raises(ClientError) as failure:
        put(secrets, name, "a", "mine")
    assert failure.value.response["Error"]["Code"] == "LimitExceededException"


def test_older_versions_without_labels_are_removed(secrets, name):
    from panw_simulator.secrets_manager import find

    labeled = put(secrets, name, "a", "kept")
    old = [put(secrets, name, "a", "mine") for _index in range(98)]
    versions = find("123456789012", "us-east-1", name).versions
    for content in versions.values():
        content["createdate"] -= 25 * 3600
    put(secrets, name, "b", "newest")
    assert [version for version in (labeled, *old) if version not in versions] == [old[0]]


@pytest.mark.parametrize(
    ("operation", "more"),
    [
        ("get_secret_value", {}),
        ("put_secret_value", {"SecretString": "a"}),
        ("update_secret", {"Description": "a"}),
        ("update_secret_version_stage", {"VersionStage": "a", "MoveToVersionId": "x" * 32}),
        ("tag_resource", {"Tags": [{"Key": "a", "Value": "b"}]}),
        ("untag_resource", {"TagKeys": ["a"]}),
        ("get_resource_policy", {}),
        ("put_resource_policy", {"ResourcePolicy": "{}"}),
        ("delete_resource_policy", {}),
        ("delete_secret", {"RecoveryWindowInDays": 8}),
    ],
)
def test_secret_scheduled_for_deletion_can_only_be_described_and_restored(secrets, name, operation, more):
    secrets.delete_secret(SecretId=name, RecoveryWindowInDays=7)
    with pytest.raises(ClientError) as failure:
        getattr(secrets, operation)(SecretId=name, **more)
    assert failure.value.response["Error"]["Code"] == "InvalidRequestException"
    with pytest.raises(ClientError, match="already scheduled for deletion"):
        secrets.create_secret(Name=name, SecretString="b")
    assert secrets.describe_secret(SecretId=name)["DeletedDate"]
    secrets.restore_secret(SecretId=name)
    assert secrets.get_secret_value(SecretId=name)["SecretString"] == "first"
