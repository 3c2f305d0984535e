# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ngfw_stored_token_info, run as a module against servers on loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._stores.documents import Record
from ansible_collections.panw.cloud.tests.helpers.fake_aws import stored
from ansible_collections.panw.cloud.tests.helpers.fakes import ROLE_ARN, refusal
from ansible_collections.panw.cloud.tests.helpers.run_module import STAGE, Cloud, failed, run

NAME = "ngfw_stored_token_info"
PROOF = f"GET {STAGE}/v1/config/rulestacks"


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    with Cloud() as made:
        yield made


def token(cloud: Cloud, **changes: Any) -> Any:
    """A token of this API that is valid for another 45 minutes and some seconds."""
    now = datetime.now(UTC).replace(microsecond=0)
    expires_at = now + timedelta(minutes=45, seconds=50)
    return stored(**{"url": cloud.options["ngfw_url"], "issued_at": now, "expires_at": expires_at, **changes})


def info(cloud: Cloud, directory: Path, content: Any, **options: Any) -> dict[str, Any]:
    directory.chmod(0o700)
    path = directory / "token.json"
    if content is not None:
        path.write_text(Record(content).dump())
        path.chmod(0o600)
    return run(NAME, {**cloud.options, "store": "file", "path": str(path), **options})


def test_stored_token_is_described_without_secrets_and_calls(cloud: Cloud, tmp_path: Path) -> None:
    held = token(cloud)
    result = info(cloud, tmp_path, held)
    expected = {
        "changed": False,
        "exists": True,
        "fingerprint": held.fingerprint,
        "admin_role": "rulestack",
        "role_arn": ROLE_ARN,
        "remaining_time": 45,
        "expired": False,
        "pending_rotation": None,
        "pending_revocation": [],
        "verified": None,
    }
    assert {key: result[key] for key in expected} == expected
    assert cloud.received == []
    assert not [secret for secret in (held.token, held.subscription_key) if secret in json.dumps(result)]


def test_empty_store_is_described(cloud: Cloud, tmp_path: Path) -> None:
    result = info(cloud, tmp_path, None)
    assert (result["exists"], result["fingerprint"], result["expired"]) == (False, None, None)


def test_verify_queries_the_api_and_no_aws_service(cloud: Cloud, tmp_path: Path) -> None:
    assert info(cloud, tmp_path, token(cloud), verify=True, admin_role="rulestack")["verified"] is True
    assert cloud.calls == [PROOF]
    assert cloud.sts == []


@pytest.mark.parametrize(
    ("changes", "options", "message"),
    [
        ({"expires_at": datetime(2026, 5, 19, tzinfo=UTC)}, {}, "the token has expired"),
        ({"admin_role": "firewall"}, {"admin_role": "rulestack"}, "does not match the options"),
        ({"region": "eu-west-1"}, {"admin_role": "rulestack"}, "does not match the options"),
    ],
)
def test_verify_fails_without_call_if_token_cannot_be_used(
    cloud: Cloud, tmp_path: Path, changes: dict[str, Any], options: dict[str, Any], message: str
) -> None:
    held = token(cloud, **changes)
    result = failed(info(cloud, tmp_path, held, verify=True, **options), (held.token, held.subscription_key))
    assert result["error"]["kind"] == "no_working_token"
    assert message in result["msg"]
    assert cloud.received == []


def test_verify_fails_if_the_api_rejects_the_token(tmp_path: Path) -> None:
    with Cloud({PROOF: refusal(403, "Forbidden")}) as cloud:
        held = token(cloud)
        result = failed(info(cloud, tmp_path, held, verify=True), (held.token, held.subscription_key))
    assert result["error"]["kind"] == "no_working_token"
    assert held.fingerprint in result["msg"]
