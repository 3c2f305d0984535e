# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""wildfire_verdict_info, run as a module against servers on loopback."""

from __future__ import annotations

import pytest
from ansible_collections.panw.cloud.tests.helpers.factories import (
    API_KEY,
)
from ansible_collections.panw.cloud.tests.helpers.run_module import failed, run
from ansible_collections.panw.cloud.tests.helpers.wildfire_cloud import EMPTY, Cloud

PROOF = "POST /publicapi/get/verdict"


def test_verdicts_are_read_by_account_and_by_key() -> None:
    with Cloud() as cloud:
        file = {"verdict": "benign", "code": 0, "sha256": EMPTY, "md5": None}
        expected = [{"hash": EMPTY, **file, "files": [file]}]
        assert run("wildfire_verdict_info", {**cloud.options, "hashes": [EMPTY]})["verdicts"] == expected
        place = {"wildfire_url": f"{cloud.url}/publicapi", "api_key": API_KEY, "agent": "pcc"}
        before = len(cloud.keyed.calls)
        assert run("wildfire_verdict_info", {**place, "hashes": [EMPTY]})["verdicts"] == expected
        assert cloud.keyed.calls[before:] == [PROOF]
        cloud.keyed.works = False
        failed(run("wildfire_verdict_info", {**place, "hashes": [EMPTY]}), cloud.secrets)


def test_explicit_key_overrides_account_of_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    with Cloud() as cloud:
        for variable in ("SCM_CLIENT_ID", "SCM_CLIENT_SECRET"):
            monkeypatch.setenv(variable, "somebody")
        monkeypatch.setenv("WILDFIRE_URL", cloud.url)
        run("wildfire_verdict_info", {"api_key": API_KEY, "hashes": [EMPTY]})
        assert cloud.keyed.calls == [PROOF]
