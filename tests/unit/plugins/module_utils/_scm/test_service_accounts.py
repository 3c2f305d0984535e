# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Service accounts: lookup by name or id, single creation, reset and deletion."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import (
    Conflict,
    InvalidResponse,
    PanwCloudError,
    RouteNotFound,
    ServerError,
    TransportError,
)
from ansible_collections.panw.cloud.plugins.module_utils._scm.service_accounts import ServiceAccount, ServiceAccounts
from ansible_collections.panw.cloud.tests.helpers.fakes import Reply
from ansible_collections.panw.cloud.tests.helpers.tenants import ACCOUNTS, TSG, Tenant, client, error

CREATE, LIST = f"POST {ACCOUNTS}", f"GET {ACCOUNTS}"
RESET = f"POST {ACCOUNTS}/id-a/operations/reset"
A = ServiceAccount("id-a", "a", f"a@{TSG}.iam.panserviceaccount.com", TSG)


def of(tenant: Tenant) -> ServiceAccounts:
    return ServiceAccounts(client(tenant))


@pytest.mark.parametrize("wrapped", [False, True])
@pytest.mark.parametrize("reference", ["a", "id-a", "ID-A", A.client_id, A.client_id.upper()])
def test_account_is_found_by_name_id_and_client_id(wrapped: bool, reference: str) -> None:
    tenant = Tenant("a", "b")
    tenant.wrapped = wrapped
    assert of(tenant).find(reference) == A


@pytest.mark.parametrize("reference", ["A", "c", ""])
def test_account_missing_returns_none(reference: str) -> None:
    assert of(Tenant("a", "b")).find(reference) is None


def test_name_is_not_used_as_id() -> None:
    assert of(Tenant("a")).named("id-a") is None


def test_duplicate_name_error_lists_both_accounts() -> None:
    tenant = Tenant("a")
    tenant.accounts["id-2"] = {**tenant.accounts["id-a"], "id": "id-2", "client_id": "a2@x"}
    with pytest.raises(Conflict) as caught:
        of(tenant).named("a")
    assert f"several match: id-a ({A.client_id}), id-2 (a2@x)" in str(caught.value)


def test_accounts_of_other_tenant_service_groups_are_ignored() -> None:
    tenant = Tenant("a")
    tenant.accounts["id-2"] = {**tenant.accounts["id-a"], "id": "id-2", "tsg_id": "1700000002"}
    assert of(tenant).named("a") == A


@pytest.mark.parametrize("lacking", ["id", "name", "client_id"])
def test_account_with_missing_fields_raises_error(lacking: str) -> None:
    tenant = Tenant("a")
    del tenant.accounts["id-a"][lacking]
    with pytest.raises(InvalidResponse, match=f"lacks {lacking} of a service account"):
        of(tenant).all()


def test_create_sends_given_options() -> None:
    tenant = Tenant()
    made = of(tenant).create("a", "what for")
    assert made == dataclasses.replace(A, description="what for", client_secret="first-secret-of-a")
    assert "first-secret" not in repr(made)
    assert json.loads(tenant.bodies[-1]) == {"name": "a", "description": "what for"}
    assert tenant.changes == [CREATE]


def test_create_with_lost_response_yields_one_account() -> None:
    tenant = Tenant()
    tenant.lost = {CREATE}
    scm = client(tenant)
    made = ServiceAccounts(scm).create("a")
    (warning,) = scm.http.warnings
    assert warning == "The outcome of a request to create service account a is unknown; it was created, and is used."
    assert tenant.changes == [CREATE, RESET]
    assert made.client_secret == tenant.secrets["id-a"] == "secret-1-of-id-a"
    assert list(tenant.accounts) == ["id-a"]


@pytest.mark.parametrize("body", ["<html>", {"name": "a"}, {**dataclasses.asdict(A)}])
def test_create_with_unusable_response_raises_error(body: Any) -> None:
    tenant = Tenant("a")
    tenant.instead = {CREATE: [Reply(201, body)]}
    assert of(tenant).create("a").client_secret == "secret-1-of-id-a"
    assert tenant.changes == [CREATE, RESET]


def test_create_without_effect_is_repeated_after_lookup() -> None:
    tenant = Tenant()
    tenant.instead = {CREATE: [error(503, "down")]}
    scm = client(tenant)
    assert ServiceAccounts(scm).create("a").client_secret == "first-secret-of-a"
    assert "check that it does not exist twice" in scm.http.warnings[0]
    assert [call for call in tenant.calls if ACCOUNTS in call] == [CREATE, LIST, CREATE]


def test_create_is_sent_twice_at_most() -> None:
    tenant = Tenant()
    tenant.instead = {CREATE: [error(503, "down")] * 3}
    with pytest.raises(ServerError, match="up to 2 unknown ones may exist") as caught:
        of(tenant).create("a")
    assert tenant.changes == [CREATE, CREATE]
    assert caught.value.possibly_alive == 2


@pytest.mark.parametrize(("second", "alive"), [(503, 2), (400, 1), (403, 1)])
def test_possibly_created_accounts_are_counted(second: int, alive: int) -> None:
    tenant = Tenant()
    tenant.instead = {CREATE: [error(503, "down"), error(second, "no")]}
    with pytest.raises(PanwCloudError) as caught:
        of(tenant).create("a")
    assert caught.value.as_result()["error"]["possibly_alive"] == alive


def test_reset_is_sent_twice_at_most() -> None:
    tenant = Tenant("a")
    tenant.instead = {RESET: [error(503, "down")] * 5}
    with pytest.raises(ServerError):
        of(tenant).reset(A)
    assert tenant.changes == [RESET, RESET]


def test_reset_after_lost_response_warns() -> None:
    tenant = Tenant("a")
    tenant.lost = {RESET}
    scm = client(tenant)
    assert ServiceAccounts(scm).reset(A).client_secret == "secret-2-of-id-a"
    assert scm.http.warnings == [
        "The outcome of a request to reset the secret of service account a is unknown; it was repeated."
    ]


@pytest.mark.parametrize("secret", [7, ["x"], {"a": "b"}, True, "two\nlines", "esc\x1b", "ü", "\u202e"])
def test_unusable_secret_raises_error(secret: Any) -> None:
    tenant = Tenant("a")
    tenant.instead = {RESET: [Reply(201, {**dataclasses.asdict(A), "client_secret": secret})]}
    with pytest.raises(InvalidResponse, match="client_secret in the response is unusable"):
        of(tenant).reset(A)


@pytest.mark.parametrize("field", ["description", "contact_email"])
@pytest.mark.parametrize("value", [7, ["x"], {"client_secret": "x"}, True])
def test_account_field_of_other_type_raises_error(field: str, value: Any) -> None:
    tenant = Tenant("a")
    tenant.accounts["id-a"][field] = value
    with pytest.raises(InvalidResponse, match="a text field of the service account is not a string"):
        of(tenant).all()


def test_rejected_creation_is_not_repeated() -> None:
    tenant = Tenant("a")
    with pytest.raises(Conflict):
        of(tenant).create("a")
    assert tenant.changes == [CREATE]


def test_creation_with_unknown_outcome_raises_error() -> None:
    tenant = Tenant()
    tenant.lost = {CREATE}
    tenant.instead = {LIST: [error(403, "no")]}
    with pytest.raises(TransportError, match="It may have been created"):
        of(tenant).create("a")
    assert tenant.changes == [CREATE]


def test_reset_is_repeated_after_lost_response() -> None:
    """The second reset counts; the first secret is unknown to every client."""
    tenant = Tenant("a")
    tenant.lost = {RESET}
    assert of(tenant).reset(A).client_secret == tenant.secrets["id-a"] == "secret-2-of-id-a"
    assert tenant.changes == [RESET, RESET]


def test_reset_without_secret_raises_error() -> None:
    tenant = Tenant("a")
    tenant.instead = {RESET: [Reply(201, dataclasses.asdict(A))]}
    with pytest.raises(InvalidResponse, match="lacks client_secret"):
        of(tenant).reset(A)


def test_new_secret_is_masked_in_later_texts() -> None:
    tenant = Tenant("a")
    made = client(tenant)
    secret = ServiceAccounts(made).reset(A).client_secret or ""
    tenant.instead = {LIST: [error(400, f"I know {secret}")]}
    with pytest.raises(PanwCloudError) as caught:
        ServiceAccounts(made).all()
    assert secret not in str(caught.value.as_result())


def test_describe_changes_description_and_contact() -> None:
    tenant = Tenant("a")
    assert of(tenant).describe(A, "other", "c@example.com") == dataclasses.replace(
        A, description="other", contact_email="c@example.com"
    )
    assert tenant.accounts["id-a"]["contact_email"] == "c@example.com"


def test_delete_removes_account() -> None:
    tenant = Tenant("a")
    of(tenant).delete(A)
    assert not tenant.accounts
    of(tenant).delete(A)
    tenant.instead = {f"DELETE {ACCOUNTS}/id-a": [Reply(404, "<html>")]}
    with pytest.raises(RouteNotFound):
        of(tenant).delete(A)


def test_exists_requires_same_client_id() -> None:
    tenant = Tenant("a")
    assert of(tenant).exists(A)
    assert not of(tenant).exists(dataclasses.replace(A, id="id-b"))
    assert not of(tenant).exists(dataclasses.replace(A, client_id="somebody@else"))
    tenant.instead = {f"GET {ACCOUNTS}/id-a": [Reply(404, "<html>")]}
    with pytest.raises(RouteNotFound):
        of(tenant).exists(A)
