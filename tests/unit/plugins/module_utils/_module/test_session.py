# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Three ways to a token for every module: given by the caller, read from a store, or temporary."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._stores.documents import Record
from ansible_collections.panw.cloud.tests.helpers.fake_aws import stored
from ansible_collections.panw.cloud.tests.helpers.fakes import KEY, TOKEN
from ansible_collections.panw.cloud.tests.helpers.run_module import DELETE, STAGE, TOKENS, Cloud, failed, run

LIST = f"GET {STAGE}/v1/config/rulestacks"
WEB = f"{LIST}/web"
NOW = datetime.now(UTC).replace(microsecond=0)
FRESH = stored(issued_at=NOW, expires_at=NOW + timedelta(hours=1))


def of(cloud: Cloud, token: Any) -> Any:
    """A token of this API, None for none."""
    return token and dataclasses.replace(token, url=cloud.options["ngfw_url"])


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    with Cloud() as made:
        yield made


def written(directory: Path, token: Any) -> dict[str, Any]:
    """A token store that holds a document."""
    directory.chmod(0o700)
    path = directory / "token.json"
    path.write_text(Record(token).dump())
    path.chmod(0o600)
    return {"type": "file", "path": str(path)}


def read(cloud: Cloud, **options: Any) -> dict[str, Any]:
    """Read rulestacks, without an IAM role unless one is given."""
    return run("ngfw_rulestack_info", {**cloud.options, "role_arn": None, **options})


def test_token_store_is_used_without_aws(cloud: Cloud, tmp_path: Path) -> None:
    result = read(cloud, token_store=written(tmp_path, of(cloud, FRESH)))
    assert [rulestack["name"] for rulestack in result["rulestacks"]] == ["web"]
    assert cloud.calls == [LIST, WEB]
    assert cloud.sts == []
    request = cloud.received[0]
    assert (request.headers["authorization"], request.headers["x-api-key"]) == (FRESH.token, FRESH.subscription_key)
    assert not [secret for secret in (FRESH.token, FRESH.subscription_key) if secret in json.dumps(result)]


@pytest.mark.parametrize(
    ("token", "kind", "message"),
    [
        (
            dataclasses.replace(FRESH, issued_at=NOW - timedelta(hours=2), expires_at=NOW - timedelta(hours=1)),
            "no_working_token",
            "the token expired at",
        ),
        (None, "no_working_token", "the store holds no token"),
    ],
)
def test_token_store_without_usable_token_is_rejected_before_any_call(
    cloud: Cloud, tmp_path: Path, token: Any, kind: str, message: str
) -> None:
    result = failed(read(cloud, token_store=written(tmp_path, of(cloud, token))), (FRESH.token, FRESH.subscription_key))
    assert result["error"]["kind"] == kind
    assert message in result["msg"]
    assert str(tmp_path) in result["msg"]
    assert cloud.received == []


@pytest.mark.parametrize("changes", [{"url": "https://api.example.com"}, {"region": "eu-west-1"}])
def test_token_store_with_token_of_another_api_is_rejected_before_any_call(
    cloud: Cloud, tmp_path: Path, changes: dict[str, str]
) -> None:
    """Its token is not sent to a server that did not issue it."""
    place = written(tmp_path, dataclasses.replace(of(cloud, FRESH), **changes))
    result = failed(read(cloud, token_store=place), (FRESH.token, FRESH.subscription_key))
    assert result["error"]["kind"] == "no_working_token"
    assert result["error"]["next_step"] == "Set 'region' and 'ngfw_url' as the task that stored the token does."
    assert cloud.received == []


def test_token_store_with_invalid_document_is_rejected_before_any_call(cloud: Cloud, tmp_path: Path) -> None:
    place = written(tmp_path, of(cloud, FRESH))
    Path(place["path"]).write_text("{}")
    assert failed(read(cloud, token_store=place))["error"]["kind"] == "invalid_document"
    assert cloud.received == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"token_store": {"type": "file"}}, "Option 'path' is required if 'store' is 'file'"),
        ({"token_store": {"type": "ssm", "path": "/a"}}, "Option 'path' belongs to file"),
        (
            {"token_store": {"name": "a"}, "token": TOKEN, "subscription_key": KEY},
            "Option 'token_store' must not be set together",
        ),
        ({"token_store": {"name": "a"}, "admin_role": "firewall"}, "mutually exclusive"),
        ({"token": TOKEN}, "Option 'subscription_key' is empty"),
    ],
)
def test_contradicting_token_options_are_rejected_before_any_call(
    cloud: Cloud, options: dict[str, Any], message: str
) -> None:
    assert message in failed(read(cloud, **options))["msg"]
    assert cloud.received == []


def test_given_token_is_used_as_it_is(cloud: Cloud) -> None:
    read(cloud, token=TOKEN, subscription_key=KEY)
    assert cloud.calls == [LIST, WEB]
    assert cloud.received[0].headers["authorization"] == TOKEN


def test_temporary_token_is_revoked_at_the_end(cloud: Cloud) -> None:
    read(cloud, role_arn=cloud.options["role_arn"])
    assert cloud.calls == [f"GET {TOKENS}/cloudrulestackadmin", LIST, WEB, DELETE]
