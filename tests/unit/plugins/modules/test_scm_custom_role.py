# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""scm_custom_role, run as a module against servers on loopback."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.panw.cloud.tests.helpers.run_module import failed, run
from ansible_collections.panw.cloud.tests.helpers.tenants import CUSTOM_ROLES, TSG, Strata, Tenant

NAME = "scm_stored_credentials"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    directory = tmp_path / "store"
    directory.mkdir(mode=0o700)
    return directory / "credentials.json"


def test_check_mode_and_unadopted_account_change_nothing(path: Path) -> None:
    with Strata(Tenant("b")) as strata:
        options = {**strata.options, "store": "file", "path": str(path), "return_secret": True}
        predicted = run(NAME, {**options, "service_account": "a"}, check=True)
        assert (predicted["changed"], predicted["client_secret"]) == (True, None)
        result = failed(run(NAME, {**options, "service_account": "b"}))
        assert result["error"]["kind"] == "conflict"
        assert run(NAME, {**options, "service_account": "b", "adopt": True}, check=True)["changed"] is True
        assert strata.tenant.changes == []
    assert not path.exists()


def test_custom_role_is_created_and_removed() -> None:
    with Strata(Tenant()) as strata:
        sets = [{"id": "iam.service_account", "access_types": ["read"]}]
        options = {**strata.options, "name": "api", "permission_sets": sets}
        results = [run("scm_custom_role", options, check=check) for check in (True, False, False)]
        results += [run("scm_custom_role", {**strata.options, "name": "api", "state": "absent"})]
        assert strata.tenant.changes == [f"POST {CUSTOM_ROLES}", f"DELETE {CUSTOM_ROLES}/api"]
    assert [one["changed"] for one in results] == [True, True, False, True]
    assert [one["id"] for one in results] == [None, f"api:{TSG}", f"api:{TSG}", None]
