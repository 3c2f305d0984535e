# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""wildfire_submission, run as a module against servers on loopback."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.panw.cloud.tests.helpers.factories import API_KEY
from ansible_collections.panw.cloud.tests.helpers.run_module import failed, run
from ansible_collections.panw.cloud.tests.helpers.wildfire_cloud import EMPTY, Cloud

GOOD = "https://a.example.com"


def test_known_file_is_not_submitted(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    with Cloud() as cloud:
        for options in (cloud.options, {"wildfire_url": cloud.url, "api_key": API_KEY, "agent": "pcc"}):
            result = run("wildfire_submission", {**options, "paths": [str(tmp_path)]})
            assert (result["changed"], result["uploads"], result["queries"], result["pending"]) == (False, 0, 1, 0)
            (sample,) = result["samples"]
            assert (sample["sha256"], sample["status"], sample["verdict"]) == (EMPTY, "known", "benign")
        cloud.keyed.works = False
        failed(run("wildfire_submission", {**cloud.options, "paths": [str(tmp_path)]}), cloud.secrets)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "one of the following is required: paths, remote_files, links"),
        ({"paths": ["/nothing/here"]}, "Option 'paths' names what is neither a file nor a directory: /nothing/here"),
        ({"links": ["a"]}, "Option 'links[1]' is not a URL"),
        ({"links": [GOOD, "https://me:mine@a"]}, "Option 'links[2]' contains a user name or password"),
        ({"remote_files": [{"url": "file:///etc/passwd"}]}, "Option 'remote_files[1].url' is not a URL"),
        ({"remote_files": [{"url": GOOD, "sha256": "ab"}]}, "Option 'remote_files[1].sha256' is not a SHA-256"),
        ({"links": [GOOD], "max_uploads": 0}, "Option 'max_uploads' is 0; it must be at least 1."),
        ({"links": [GOOD], "max_file_size": 0}, "Option 'max_file_size' is 0"),
        ({"links": [GOOD], "wait_timeout": -1}, "Option 'wait_timeout' is -1 seconds"),
        ({"links": [GOOD], "client_id": None}, "Option 'client_id' is missing"),
    ],
)
def test_invalid_options_are_rejected_without_a_call(options: dict[str, Any], words: str) -> None:
    with Cloud() as cloud:
        result = failed(run("wildfire_submission", {**cloud.options, **options}), cloud.secrets)
        assert words in result["msg"]
        assert cloud.keyed.calls == []
