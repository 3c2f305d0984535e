# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which CA certificates verify a server, by precedence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.panw.cloud.plugins.module_utils._transport.certificates import ca_bundle

TRUST: dict[str, Any] = {"ngfw_validate_certs": True, "ngfw_ca_bundle": None, "aws_ca_bundle": None}


def refused(work: Any, *arguments: Any) -> str:
    with pytest.raises(InvalidInput) as caught:
        work(*arguments)
    return str(caught.value)


def test_trust_follows_precedence(tmp_path: Path) -> None:
    files = {}
    for name in ("ngfw_ca_bundle", "aws_ca_bundle", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        files[name] = str(tmp_path / name)
        Path(files[name]).touch()
    environment = {name: path for name, path in files.items() if name.isupper()}
    options = {name: path for name, path in files.items() if name.islower()}
    assert ca_bundle({**TRUST, **options}, "ngfw", environment) == files["ngfw_ca_bundle"]
    assert ca_bundle({**TRUST, **options, "ngfw_ca_bundle": None}, "ngfw", environment) == files["aws_ca_bundle"]
    assert ca_bundle(TRUST, "ngfw", environment) == files["REQUESTS_CA_BUNDLE"]
    assert ca_bundle(TRUST, "ngfw", {"CURL_CA_BUNDLE": files["CURL_CA_BUNDLE"]}) == files["CURL_CA_BUNDLE"]
    assert ca_bundle(TRUST, "ngfw", {}) is True
    assert ca_bundle({**TRUST, **options, "ngfw_validate_certs": False}, "ngfw", environment) is False


def test_trust_reads_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path))
    assert ca_bundle(TRUST, "ngfw") == str(tmp_path)


@pytest.mark.parametrize("option", ["ngfw_ca_bundle", "aws_ca_bundle"])
def test_ca_file_missing_is_rejected(option: str) -> None:
    assert refused(ca_bundle, {**TRUST, option: "/none.pem"}, "ngfw", {}) == (
        f"Option '{option}' names a file that does not exist: /none.pem"
    )


def test_ca_file_of_environment_missing_is_rejected() -> None:
    message = refused(ca_bundle, TRUST, "ngfw", {"REQUESTS_CA_BUNDLE": "/none.pem"})
    assert message == "Option 'REQUESTS_CA_BUNDLE' names a file that does not exist: /none.pem"


def test_stale_environment_variable_is_ignored_with_explicit_bundle(tmp_path: Path) -> None:
    given = {**TRUST, "ngfw_ca_bundle": str(tmp_path)}
    assert ca_bundle(given, "ngfw", {"REQUESTS_CA_BUNDLE": "/none.pem"}) == str(tmp_path)
