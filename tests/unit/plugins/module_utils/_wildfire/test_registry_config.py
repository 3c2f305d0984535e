# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A registry contract is complete, or rejected with all its errors."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.panw.cloud.plugins.module_utils._module.wildfire_argspec import registry_spec
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.registry_config import Request, read_registry_config
from ansible_collections.panw.cloud.tests.helpers.factories import registry_config

ROOT = Path(__file__).resolve().parents[5]
ACCOUNT = "a b/c@1700000001.example.com"


def problem(**parts: Any) -> str:
    with pytest.raises(InvalidInput) as caught:
        read_registry_config(registry_config(**parts))
    return str(caught.value)


def test_contract_missing_returns_none() -> None:
    assert read_registry_config(None) is None


def test_contract_complete_is_read() -> None:
    found = read_registry_config(registry_config(base_url="https://console.example.com/api/"))
    assert found is not None
    assert found.base_url == "https://console.example.com/api"
    assert (found.listing.method, found.items, found.apply) == ("GET", "data.keys", None)
    assert found.products == {"advanced_wildfire": "NGFW", "prisma_access": "prisma_access"}


def test_contract_of_simulated_service_is_complete() -> None:
    given = yaml.safe_load((ROOT / "roles/simulator/files/panw_simulator/registry.yml").read_text())
    checked = ArgumentSpecValidator({"registry": registry_spec()}).validate(
        {"registry": {"base_url": "https://x", **given}}
    )
    assert not checked.error_messages
    found = read_registry_config(checked.validated_parameters["registry"])
    assert found is not None
    assert found.apply is not None


def test_placeholders_are_replaced_everywhere() -> None:
    found = read_registry_config(registry_config())
    assert found is not None
    values = {"product": "NGFW", "service_account": ACCOUNT, "tsg_id": "1700000001"}
    assert found.create.fill(values).body == {
        "type": "NGFW",
        "binding": {"account": ACCOUNT},
        "tags": ["tsg 1700000001", 1],
    }
    assert found.listing.fill(values).path == "/keys?tenant=1700000001"
    assert Request("POST", "/accounts/{service_account}/keys").fill(values).path == (
        "/accounts/a%20b%2Fc%401700000001.example.com/keys"
    )


def test_missing_parts_are_reported_together() -> None:
    with pytest.raises(InvalidInput) as caught:
        read_registry_config({})
    assert str(caught.value) == (
        "Option 'registry' lacks base_url, list.method, list.path, create.method, create.path, revoke.method, revoke.path, "
        "fields.id, fields.product, fields.service_account, fields.status, "
        "statuses.pending, statuses.valid, statuses.revoked, statuses.expired."
    )


@pytest.mark.parametrize("part", ["base_url", "list", "create", "revoke", "fields", "statuses"])
def test_each_part_is_required(part: str) -> None:
    assert re.match(rf"Option 'registry' lacks {part}[.,]", problem(**{part: None}))


def test_apply_request_is_required_complete_or_absent() -> None:
    assert problem(apply={"method": "POST"}) == "Option 'registry' lacks apply.path."


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (
            {"create": {"method": "POST", "path": "/keys", "body": {"p": "{product}"}}},
            "create does not use {service_account}",
        ),
        ({"create": {"method": "POST", "path": "/keys/{service_account}"}}, "create does not use {product}"),
        ({"revoke": {"method": "DELETE", "path": "/keys"}}, "revoke does not use {id}"),
        ({"revoke": {"method": "DELETE", "path": "/keys/{id}/{key}"}}, "revoke has the unknown placeholder {key}"),
        ({"list": {"method": "GET", "path": "/keys/{product}"}}, "list has the unknown placeholder {product}"),
        (
            {"apply": {"method": "POST", "path": "/push", "body": {"id": "{id}"}}},
            "apply has the unknown placeholder {id}",
        ),
        ({"list": {"method": "GET", "path": "keys"}}, "list.path must start with a slash"),
        (
            {"list": {"method": "GET", "path": "/my keys"}},
            "list.path must start with a slash and contain no white space",
        ),
        ({"list": {"method": "GET", "path": "/keys\\..#x"}}, "list.path must start"),
        (
            {"statuses": {"pending": "Pending", "valid": "OK", "revoked": "ok", "expired": "Expired"}},
            "statuses has a duplicate value",
        ),
        ({"products": {"advanced_wildfire": "NGFW", "prisma_access": "ngfw"}}, "products has a duplicate value"),
    ],
)
def test_invalid_value_is_rejected(parts: dict[str, Any], words: str) -> None:
    assert words in problem(**parts)


def test_all_errors_are_reported_together() -> None:
    text = problem(list={"method": "GET", "path": "keys"}, revoke={"method": "DELETE", "path": "/{x}"})
    assert "list.path" in text
    assert "unknown placeholder {x}" in text
    assert "does not use {id}" in text


def test_administrator_token_is_not_sent_without_tls() -> None:
    assert problem(base_url="http://console.example.com").startswith(
        "Option 'registry.base_url' would send credentials"
    )
    assert "is not a URL" in problem(base_url="console")
