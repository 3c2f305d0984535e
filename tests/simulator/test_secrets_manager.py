# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets Manager: stage labels by AWS's rules, look-ups, pages, and many callers at once."""

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
    """A secret with one version; it is gone afterwards."""
    name = f"panw/{uuid4()}"
    secrets.create_secret(Name=name, SecretString="first")
    yield name
    secrets.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)


def put(secrets, name, text, *stages):
    """A new version; gives its id."""
    return secrets.put_secret_value(SecretId=name, SecretString=text, VersionStages=list(stages))["VersionId"]


def stages(secrets, name):
    """The version of each stage."""
    versions = secrets.describe_secret(SecretId=name)["VersionIdsToStages"]
    return {stage: version for version, held in versions.items() for stage in held}


def move(secrets, name, stage, **versions):
    secrets.update_secret_version_stage(SecretId=name, VersionStage=stage, **versions)


def test_a_label_that_is_elsewhere_is_moved_only_from_where_it_is(secrets, name):
    first, second = put(secrets, name, "a", "AWSPENDING"), put(secrets, name, "b", "other")
    for wrong in ({}, {"RemoveFromVersionId": second}):
        with pytest.raises(ClientError) as failure:
            move(secrets, name, "AWSPENDING", MoveToVersionId=second, **wrong)
        assert failure.value.response["Error"]["Code"] == "InvalidParameterException"
    assert stages(secrets, name)["AWSPENDING"] == first
    move(secrets, name, "AWSPENDING", MoveToVersionId=second, RemoveFromVersionId=first)
    assert stages(secrets, name)["AWSPENDING"] == second


def test_a_label_is_attached_where_it_was_nowhere_and_again(secrets, name):
    version = put(secrets, name, "a", "other")
    for _again in range(2):
        move(secrets, name, "retire", MoveToVersionId=version)
        assert secrets.describe_secret(SecretId=name)["VersionIdsToStages"][version].count("retire") == 1


def test_a_move_to_no_version_leaves_the_label(secrets, name):
    version = put(secrets, name, "a", "AWSPENDING")
    with pytest.raises(ClientError, match="Not a valid version"):
        move(secrets, name, "AWSPENDING", MoveToVersionId=str(uuid4()), RemoveFromVersionId=version)
    assert stages(secrets, name)["AWSPENDING"] == version


def test_readers_get_the_version_that_was_made_current(secrets, name):
    old, new = stages(secrets, name)["AWSCURRENT"], put(secrets, name, "second", "AWSPENDING")
    move(secrets, name, "AWSCURRENT", MoveToVersionId=new, RemoveFromVersionId=old)
    assert secrets.get_secret_value(SecretId=name)["SecretString"] == "second"
    batch = secrets.batch_get_secret_value(SecretIdList=[name])["SecretValues"]
    assert [value["VersionId"] for value in batch] == [new]
    assert stages(secrets, name)["AWSPREVIOUS"] == old


def test_a_secret_is_found_by_name_and_arn_until_it_is_deleted(secrets):
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


def test_pages_of_secrets_without_what_is_deleted(secrets):
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


def test_many_callers_at_once(world):
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


def test_of_callers_that_move_a_label_at_once_one_wins(world, secrets, name):
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
