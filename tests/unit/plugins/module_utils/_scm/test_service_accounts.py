# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Service accounts: found in any way, created once, reset and deleted."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import (
    Conflict,
    MalformedAnswer,
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
def test_found_by_name_id_and_client_id(wrapped: bool, reference: str) -> None:
    tenant = Tenant("a", "b")
    tenant.wrapped = wrapped
    assert of(tenant).find(reference) == A


@pytest.mark.parametrize("reference", ["A", "c", ""])
def test_not_found(reference: str) -> None:
    assert of(Tenant("a", "b")).find(reference) is None


def test_name_is_not_taken_for_an_id() -> None:
    assert of(Tenant("a")).named("id-a") is None


def test_two_of_a_name_are_both_named() -> None:
    tenant = Tenant("a")
    tenant.accounts["id-2"] = {**tenant.accounts["id-a"], "id": "id-2", "client_id": "a2@x"}
    with pytest.raises(Conflict) as caught:
        of(tenant).named("a")
    assert f"there are id-a ({A.client_id}), id-2 (a2@x)" in str(caught.value)


def test_accounts_of_other_tenant_service_groups_do_not_count() -> None:
    tenant = Tenant("a")
    tenant.accounts["id-2"] = {**tenant.accounts["id-a"], "id": "id-2", "tsg_id": "1700000002"}
    assert of(tenant).named("a") == A


@pytest.mark.parametrize("lacking", ["id", "name", "client_id"])
def test_account_without_its_parts(lacking: str) -> None:
    tenant = Tenant("a")
    del tenant.accounts["id-a"][lacking]
    with pytest.raises(MalformedAnswer, match=f"lacks {lacking} of a service account"):
        of(tenant).all()


def test_created_with_what_is_given() -> None:
    tenant = Tenant()
    made = of(tenant).create("a", "what for")
    assert made == dataclasses.replace(A, description="what for", client_secret="first-secret-of-a")
    assert "first-secret" not in repr(made)
    assert json.loads(tenant.bodies[-1]) == {"name": "a", "description": "what for"}
    assert tenant.changes == [CREATE]


def test_creation_whose_answer_is_lost_leads_to_one_account() -> None:
    tenant = Tenant()
    tenant.lost = {CREATE}
    scm = client(tenant)
    made = ServiceAccounts(scm).create("a")
    (warning,) = scm.http.warnings
    assert (
        warning
        == "The outcome of a request to create service account a is not known; what it made was found, and is used."
    )
    assert tenant.changes == [CREATE, RESET]
    assert made.client_secret == tenant.secrets["id-a"] == "secret-1-of-id-a"
    assert list(tenant.accounts) == ["id-a"]


@pytest.mark.parametrize("body", ["<html>", {"name": "a"}, {**dataclasses.asdict(A)}])
def test_creation_whose_answer_is_no_use(body: Any) -> None:
    tenant = Tenant("a")
    tenant.instead = {CREATE: [Reply(201, body)]}
    assert of(tenant).create("a").client_secret == "secret-1-of-id-a"
    assert tenant.changes == [CREATE, RESET]


def test_creation_that_did_not_happen_is_done_after_a_look() -> None:
    tenant = Tenant()
    tenant.instead = {CREATE: [error(503, "down")]}
    scm = client(tenant)
    assert ServiceAccounts(scm).create("a").client_secret == "first-secret-of-a"
    assert "check that it is not there twice" in scm.http.warnings[0]
    assert [call for call in tenant.calls if ACCOUNTS in call] == [CREATE, LIST, CREATE]


def test_creation_is_not_tried_a_third_time() -> None:
    tenant = Tenant()
    tenant.instead = {CREATE: [error(503, "down")] * 3}
    with pytest.raises(ServerError, match="up to 2 may be there that nobody knows") as caught:
        of(tenant).create("a")
    assert tenant.changes == [CREATE, CREATE]
    assert caught.value.possibly_alive == 2


@pytest.mark.parametrize(("second", "alive"), [(503, 2), (400, 1), (403, 1)])
def test_what_may_have_been_created_is_counted(second: int, alive: int) -> None:
    tenant = Tenant()
    tenant.instead = {CREATE: [error(503, "down"), error(second, "no")]}
    with pytest.raises(PanwCloudError) as caught:
        of(tenant).create("a")
    assert caught.value.as_result()["error"]["possibly_alive"] == alive


def test_a_reset_is_repeated_once_at_most() -> None:
    tenant = Tenant("a")
    tenant.instead = {RESET: [error(503, "down")] * 5}
    with pytest.raises(ServerError):
        of(tenant).reset(A)
    assert tenant.changes == [RESET, RESET]


def test_a_reset_after_a_lost_answer_warns() -> None:
    tenant = Tenant("a")
    tenant.lost = {RESET}
    scm = client(tenant)
    assert ServiceAccounts(scm).reset(A).client_secret == "secret-2-of-id-a"
    assert scm.http.warnings == [
        "The outcome of a request to reset the secret of service account a is not known; it was repeated."
    ]


@pytest.mark.parametrize("secret", [7, ["x"], {"a": "b"}, True, "two\nlines", "esc\x1b", "ü", "\u202e"])
def test_secret_that_cannot_be_used(secret: Any) -> None:
    tenant = Tenant("a")
    tenant.instead = {RESET: [Reply(201, {**dataclasses.asdict(A), "client_secret": secret})]}
    with pytest.raises(MalformedAnswer, match="holds as client_secret cannot be used"):
        of(tenant).reset(A)


@pytest.mark.parametrize("field", ["description", "contact_email"])
@pytest.mark.parametrize("value", [7, ["x"], {"client_secret": "x"}, True])
def test_text_of_an_account_that_is_none(field: str, value: Any) -> None:
    tenant = Tenant("a")
    tenant.accounts["id-a"][field] = value
    with pytest.raises(MalformedAnswer, match="a text of the service account is none"):
        of(tenant).all()


def test_creation_that_is_refused_is_not_repeated() -> None:
    tenant = Tenant("a")
    with pytest.raises(Conflict):
        of(tenant).create("a")
    assert tenant.changes == [CREATE]


def test_creation_of_which_nothing_is_known() -> None:
    tenant = Tenant()
    tenant.lost = {CREATE}
    tenant.instead = {LIST: [error(403, "no")]}
    with pytest.raises(TransportError, match="Whether it was created all the same is not known"):
        of(tenant).create("a")
    assert tenant.changes == [CREATE]


def test_reset_is_repeated_after_a_lost_answer() -> None:
    """Of two resets the later one counts, and nobody knows the secret of the first."""
    tenant = Tenant("a")
    tenant.lost = {RESET}
    assert of(tenant).reset(A).client_secret == tenant.secrets["id-a"] == "secret-2-of-id-a"
    assert tenant.changes == [RESET, RESET]


def test_reset_without_a_secret() -> None:
    tenant = Tenant("a")
    tenant.instead = {RESET: [Reply(201, dataclasses.asdict(A))]}
    with pytest.raises(MalformedAnswer, match="lacks client_secret"):
        of(tenant).reset(A)


def test_new_secret_is_scrubbed_from_what_comes_later() -> None:
    tenant = Tenant("a")
    made = client(tenant)
    secret = ServiceAccounts(made).reset(A).client_secret or ""
    tenant.instead = {LIST: [error(400, f"I know {secret}")]}
    with pytest.raises(PanwCloudError) as caught:
        ServiceAccounts(made).all()
    assert secret not in str(caught.value.as_result())


def test_described_anew() -> None:
    tenant = Tenant("a")
    assert of(tenant).describe(A, "other", "c@example.com") == dataclasses.replace(
        A, description="other", contact_email="c@example.com"
    )
    assert tenant.accounts["id-a"]["contact_email"] == "c@example.com"


def test_deleted_and_gone() -> None:
    tenant = Tenant("a")
    of(tenant).delete(A)
    assert not tenant.accounts
    of(tenant).delete(A)
    tenant.instead = {f"DELETE {ACCOUNTS}/id-a": [Reply(404, "<html>")]}
    with pytest.raises(RouteNotFound):
        of(tenant).delete(A)


def test_exists_with_its_own_client_id() -> None:
    tenant = Tenant("a")
    assert of(tenant).exists(A)
    assert not of(tenant).exists(dataclasses.replace(A, id="id-b"))
    assert not of(tenant).exists(dataclasses.replace(A, client_id="somebody@else"))
    tenant.instead = {f"GET {ACCOUNTS}/id-a": [Reply(404, "<html>")]}
    with pytest.raises(RouteNotFound):
        of(tenant).exists(A)
