# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""scm_stored_credentials, run as a module against servers on loopback."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from ansible_collections.panw.cloud.tests.helpers.run_module import run
from ansible_collections.panw.cloud.tests.helpers.tenants import ACCOUNTS, AUTH, Strata, Tenant

NAME = "scm_stored_credentials"
CREATE, RESET = f"POST {ACCOUNTS}", f"POST {ACCOUNTS}/id-a/operations/reset"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    directory = tmp_path / "store"
    directory.mkdir(mode=0o700)
    return directory / "credentials.json"


def test_credentials_are_kept_rotated_and_removed(path: Path) -> None:
    with Strata(Tenant()) as strata:
        options = {**strata.options, "service_account": "a", "store": "file", "path": str(path)}
        first = run(NAME, {**options, "return_secret": True})
        assert json.loads(path.read_text())["client_secret"] == first["client_secret"] == "first-secret-of-a"
        asked = len(strata.tenant.calls)
        kept = run(NAME, options)
        assert strata.tenant.calls[asked:] == [f"POST {AUTH}"]
        rotated = run(NAME, {**options, "state": "rotated"})
        gone = run(NAME, {**options, "state": "absent"})
        assert strata.tenant.changes == [CREATE, RESET]
    assert [one["changed"] for one in (first, kept, rotated, gone)] == [True, False, True, True]
    assert "client_secret" not in kept
    assert rotated["previous_fingerprint"] == kept["fingerprint"] == first["fingerprint"]
    assert (rotated["service_account_id"], rotated["authorized"]) == ("id-a", True)
    assert not path.exists()
