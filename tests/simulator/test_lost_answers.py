# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS calls whose response is lost before or after execution, selected by operation, sequence and parameters."""

from __future__ import annotations

import pytest
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

STORES = {
    "secretsmanager": (
        "PutSecretValue",
        lambda client, name: client.put_secret_value(SecretId=name, SecretString="new"),
        lambda client, name: client.get_secret_value(SecretId=name)["SecretString"],
    ),
    "ssm": (
        "PutParameter",
        lambda client, name: client.put_parameter(Name=name, Value="new", Type="String", Overwrite=True),
        lambda client, name: client.get_parameter(Name=name)["Parameter"]["Value"],
    ),
}


@pytest.fixture(params=STORES)
def written(world, request):
    """A store with content: its service, the write operation, and calls that write and read."""
    client, name = world.client(request.param), "/lost-answers"
    if request.param == "ssm":
        client.put_parameter(Name=name, Value="old", Type="String")
    else:
        client.create_secret(Name=name, SecretString="old")
    operation, write, read = STORES[request.param]
    yield request.param, operation, lambda: write(client, name), lambda: read(client, name)
    if request.param == "ssm":
        client.delete_parameter(Name=name)
    else:
        client.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)


def is_lost(write):
    """Whether the client gets no usable response; botocore returns an empty document for a truncated one."""
    try:
        answer = write()
    except (BotoCoreError, ClientError, ResponseParserError):
        return True
    return not {"Version", "VersionId", "Credentials"} & answer.keys()


@pytest.mark.parametrize("acted", [False, True])
@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("reset", {}),
        ("close", {}),
        ("truncate", {}),
        ("truncate", {"announced": True}),
        ("status", {"status": 500}),
        ("not_json", {}),
        ("empty", {}),
    ],
)
def test_store_response_is_lost_before_or_after_execution(world, written, kind, more, acted):
    service, operation, write, read = written
    world.fault(kind, service=service, route=operation, times=1, after_acting=acted, **more)
    assert is_lost(write)
    assert read() == ("new" if acted else "old")
    assert not is_lost(write)


def test_sts_response_is_lost(world):
    arn = world.role()
    world.fault("truncate", service="sts", route="AssumeRole", skip=1, times=1, after_acting=True)
    assert [
        is_lost(lambda: world.client("sts").assume_role(RoleArn=arn, RoleSessionName="test")) for _time in range(3)
    ] == [
        False,
        True,
        False,
    ]


def test_parameters_select_the_calls(world, written):
    service, operation, write, _read = written
    name = "SecretId" if service == "secretsmanager" else "Name"
    world.fault("status", status=500, service=service, route=operation, having={name: "/another"})
    write()
    world.fault("status", status=500, service=service, route=operation, having={name: "/lost-answers"})
    with pytest.raises(ClientError):
        write()


def test_list_value_selects_the_calls(world):
    secrets = world.client("secretsmanager")
    secrets.create_secret(Name="chosen", SecretString="a")
    world.fault("status", status=500, service="secretsmanager", having={"VersionStages": "AWSPENDING"})
    secrets.put_secret_value(SecretId="chosen", SecretString="b", VersionStages=["mine"])
    with pytest.raises(ClientError):
        secrets.put_secret_value(SecretId="chosen", SecretString="c", VersionStages=["mine", "AWSPENDING"])
