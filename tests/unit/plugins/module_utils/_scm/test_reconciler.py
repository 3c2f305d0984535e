# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reconciling a service account: what changes, in which order, and the state after a failure."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import (
    AuthorizationError,
    Conflict,
    InvalidInput,
    NotFound,
    PanwCloudError,
)
from ansible_collections.panw.cloud.plugins.module_utils._scm.reconciler import (
    DesiredServiceAccount,
    ServiceAccountReconciler,
    desired,
)
from ansible_collections.panw.cloud.tests.helpers.tenants import ACCOUNTS, POLICIES, TSG, Tenant, client, error

CREATE, UPDATE = f"POST {ACCOUNTS}", f"PUT {ACCOUNTS}/id-a"
RESET, DELETE = f"POST {ACCOUNTS}/id-a/operations/reset", f"DELETE {ACCOUNTS}/id-a"
BIND = f"POST {POLICIES}"
OPTIONS = {"name": "a", "description": None, "contact_email": None, "role": None, "reset_secret": False}


def present(tenant: Tenant, *, check: bool = False, **options: Any) -> dict[str, Any]:
    return ServiceAccountReconciler(client(tenant), DesiredServiceAccount("a", **options), check_mode=check).present()


def absent(tenant: Tenant, *, check: bool = False) -> dict[str, Any]:
    return ServiceAccountReconciler(client(tenant), DesiredServiceAccount("a"), check_mode=check).absent()


def test_present_creates_account_with_role() -> None:
    tenant = Tenant()
    result = present(tenant, description="d", role="wildfire")
    assert tenant.changes == [CREATE, BIND]
    assert result == {
        "changed": True,
        "id": "id-a",
        "client_id": f"a@{TSG}.iam.panserviceaccount.com",
        "client_secret": "first-secret-of-a",
        "tsg_id": TSG,
        "role": f"wildfire:{TSG}",
        "secret_reset": False,
        "diff": {
            "before": {},
            "after": {"name": "a", "description": "d", "contact_email": "", "role": f"wildfire:{TSG}"},
        },
    }
    again = present(tenant, description="d", role=f"wildfire:{TSG}")
    assert (again["changed"], again["client_secret"], again["id"]) == (False, None, "id-a")
    assert again["diff"]["before"] == again["diff"]["after"]
    assert tenant.changes == [CREATE, BIND]


def test_present_does_not_reset_new_account() -> None:
    tenant = Tenant()
    result = present(tenant, reset_secret=True)
    assert tenant.changes == [CREATE]
    assert (result["secret_reset"], result["client_secret"]) == (False, "first-secret-of-a")


@pytest.mark.parametrize(
    ("options", "changes"),
    [
        ({}, []),
        ({"description": ""}, []),
        ({"description": "d"}, [UPDATE]),
        ({"contact_email": "c@example.com"}, [UPDATE]),
        ({"role": "auditor"}, [BIND]),
        ({"reset_secret": True}, [RESET]),
        ({"description": "d", "role": "auditor", "reset_secret": True}, [UPDATE, BIND, RESET]),
    ],
)
def test_present_changes_existing_account(options: dict[str, Any], changes: list[str]) -> None:
    predicted = present(Tenant("a"), check=True, **options)
    tenant = Tenant("a")
    result = present(tenant, **options)
    assert tenant.changes == changes
    assert result["changed"] is bool(changes)
    assert result["secret_reset"] is (RESET in changes)
    assert result["client_secret"] == ("secret-1-of-id-a" if RESET in changes else None)
    assert predicted == {**result, "client_secret": None}


def test_present_keeps_omitted_options() -> None:
    tenant = Tenant("a")
    tenant.accounts["id-a"].update(description="kept", contact_email="kept@example.com")
    present(tenant, description="other")
    assert tenant.accounts["id-a"]["contact_email"] == "kept@example.com"


def test_diff_shows_that_old_secret_expires() -> None:
    assert present(Tenant("a"), check=True, reset_secret=True)["diff"]["after"]["secret"] == (
        "a new one; the old one is invalid"
    )


def test_check_mode_changes_nothing() -> None:
    tenant = Tenant()
    result = present(tenant, check=True, role="auditor", description="d")
    assert tenant.changes == []
    assert result["changed"] is True
    assert (result["id"], result["client_id"], result["client_secret"]) == (None, None, None)
    assert result.keys() == present(tenant, role="auditor").keys()


def test_unknown_role_is_rejected_before_any_change() -> None:
    tenant = Tenant()
    with pytest.raises(NotFound):
        present(tenant, role="nothing")
    assert tenant.changes == []


def test_account_without_assignable_role_is_removed() -> None:
    """Its secret would be lost with the failure, and the next run could not get it."""
    tenant = Tenant()
    tenant.instead = {BIND: [error(403, "no")]}
    with pytest.raises(AuthorizationError, match="was deleted again"):
        present(tenant, role="auditor")
    assert not tenant.accounts
    assert present(tenant, role="auditor")["client_secret"] == "first-secret-of-a"


def test_account_not_removable_after_failure_is_named() -> None:
    tenant = Tenant()
    tenant.instead = {BIND: [error(403, "no")], DELETE: [error(403, "never")]}
    with pytest.raises(PanwCloudError) as caught:
        present(tenant, role="auditor")
    assert f"(a@{TSG}.iam.panserviceaccount.com), its secret is lost" in str(caught.value)
    assert "'reset_secret'" in str(caught.value)
    assert "first-secret" not in str(caught.value)


def test_reset_runs_last() -> None:
    tenant = Tenant("a")
    tenant.instead = {BIND: [error(403, "no")]}
    with pytest.raises(AuthorizationError):
        present(tenant, role="auditor", reset_secret=True)
    assert tenant.secrets["id-a"] == "first-secret-of-a"


def test_absent_deletes_account_with_policies() -> None:
    tenant = Tenant("a", "b")
    present(tenant, role="auditor")
    predicted = absent(tenant, check=True)
    result = absent(tenant)
    assert tenant.changes == [BIND, f"DELETE {POLICIES}/policy-0", DELETE]
    assert result["changed"] is True
    assert predicted == result
    assert (result["id"], result["tsg_id"], result["diff"]["after"]) == (None, None, {})
    assert list(tenant.accounts) == ["id-b"]
    assert absent(tenant)["changed"] is False


def test_absent_rejects_calling_account() -> None:
    tenant = Tenant("caller")
    with pytest.raises(Conflict, match="it is the calling account of this task"):
        ServiceAccountReconciler(client(tenant), DesiredServiceAccount("caller"), check_mode=True).absent()
    assert tenant.changes == []


def test_options_valid_are_accepted() -> None:
    assert desired({**OPTIONS, "role": "r"}) == DesiredServiceAccount("a", role="r")


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("name", ""),
        ("name", " a"),
        ("name", "a\n"),
        ("name", "a\x00b"),
        ("name", f"a@{TSG}.iam.panserviceaccount.com"),
        ("contact_email", "nobody"),
        ("contact_email", "a b@example.com"),
    ],
)
def test_options_invalid_are_rejected(option: str, value: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        desired({**OPTIONS, option: value})
    assert caught.value.option == option
