# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""scm_stored_credentials_info, run as a module against servers on loopback."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from ansible_collections.panw.cloud.tests.helpers.fakes import Reply
from ansible_collections.panw.cloud.tests.helpers.run_module import failed, run
from ansible_collections.panw.cloud.tests.helpers.tenants import AUTH, Strata, Tenant

NAME = "scm_stored_credentials_info"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    directory = tmp_path / "store"
    directory.mkdir(mode=0o700)
    return directory / "credentials.json"


def test_stored_credentials_are_described_and_verified(path: Path) -> None:
    with Strata(Tenant()) as strata:
        kept = {"store": "file", "path": str(path)}
        made = run("scm_stored_credentials", {**strata.options, **kept, "service_account": "a"})
        calls = len(strata.tenant.calls)
        anonymous = {name: value for name, value in strata.options.items() if not name.startswith(("client", "tsg"))}
        result = run(NAME, {**anonymous, **kept})
        assert len(strata.tenant.calls) == calls
        verified = run(NAME, {**anonymous, **kept, "verify": True})
        assert len(strata.tenant.calls) == calls + 1
    assert (result["exists"], result["authorized"], verified["authorized"]) == (True, None, True)
    for key in ("client_id", "fingerprint", "service_account_id", "issued_at"):
        assert result[key] == made[key]
    assert "first-secret-of-a" not in json.dumps([result, verified])


@pytest.mark.parametrize(
    ("stored", "message"), [(False, "the store holds no credentials"), (True, "the secret is rejected")]
)
def test_verify_fails_if_readers_cannot_use_the_credentials(path: Path, stored: bool, message: str) -> None:
    with Strata(Tenant()) as strata:
        kept = {"store": "file", "path": str(path)}
        if stored:
            run("scm_stored_credentials", {**strata.options, **kept, "service_account": "a"})
            strata.tenant.instead[f"POST {AUTH}"] = [Reply(401, "")]
        result = failed(run(NAME, {**strata.options, **kept, "verify": True}), strata.secrets)
    assert result["error"]["kind"] == "no_working_secret"
    assert message in result["msg"]
