# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules that get reports and files, and request reviews: options are rejected without a call."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.panw.cloud.tests.helpers.run_module import failed, run
from ansible_collections.panw.cloud.tests.helpers.wildfire_cloud import EMPTY, Cloud

REVIEW = {"sha256": EMPTY, "verdict": "malware", "email": "a@example.com", "comment": "Ours"}
CASES = [
    ("wildfire_report_info", {}, "one of the following is required: hash, url"),
    ("wildfire_report_info", {"hash": EMPTY, "url": "https://a"}, "mutually exclusive: hash|url"),
    ("wildfire_report_info", {"dest": "@/x", "url": "https://a"}, "mutually exclusive: dest|url"),
    ("wildfire_report_info", {"hash": "ab"}, "Option 'hash' is neither an MD5"),
    ("wildfire_report_info", {"url": "a"}, "Option 'url' is not a URL"),
    ("wildfire_report_info", {"hash": EMPTY, "dest": "@"}, "Option 'dest' exists, and is not a regular file"),
    ("wildfire_sample", {"dest": "@/x"}, "content is sample but all of the following are missing: hash"),
    ("wildfire_sample", {"dest": "@/x", "content": "web_artifacts"}, "missing: url"),
    (
        "wildfire_sample",
        {"dest": "@/x", "content": "web_artifacts", "url": "https://a", "artifacts": []},
        "'artifacts' is empty",
    ),
    ("wildfire_sample", {"dest": "@/x", "hash": EMPTY, "mode": "0755"}, "Option 'mode' would make the file executable"),
    ("wildfire_sample", {"dest": "@/no/x", "hash": EMPTY}, "in a directory that does not exist"),
    ("wildfire_test_file", {"dest": "@"}, "Option 'dest' exists, and is not a regular file"),
    ("wildfire_verdict_change_request", {**REVIEW, "sha256": EMPTY[:32]}, "Option 'sha256' is not a SHA-256"),
    ("wildfire_verdict_change_request", {**REVIEW, "email": "nobody"}, "Option 'email' is not an e-mail address"),
    ("wildfire_verdict_info", {}, "one of the following is required: hashes, urls, changed_since"),
    ("wildfire_verdict_info", {"changed_since": "soon"}, "Option 'changed_since' is not a day"),
    ("wildfire_verdict_info", {"urls": ["https://a", "b"]}, "Option 'urls[2]' is not a URL"),
]


@pytest.mark.parametrize(("module", "options", "words"), CASES, ids=[f"{case[0]}-{case[2][:30]}" for case in CASES])
def test_invalid_options_are_rejected_without_a_call(
    module: str, options: dict[str, Any], words: str, tmp_path: Path
) -> None:
    given = {name: str(tmp_path) + value[1:] if str(value)[:1] == "@" else value for name, value in options.items()}
    with Cloud() as cloud:
        assert words in failed(run(module, {**cloud.options, **given}), cloud.secrets)["msg"]
        assert cloud.keyed.calls == []


def test_review_of_the_same_verdict_is_not_sent() -> None:
    with Cloud() as cloud:
        options = {**cloud.options, **REVIEW, "verdict": "benign"}
        result = run("wildfire_verdict_change_request", options)
        assert (result["changed"], result["current_verdict"], result["queries"]) == (False, "benign", 1)
        changed = run("wildfire_verdict_change_request", {**options, "verdict": "malware"}, check=True)
        assert (changed["changed"], changed["diff"]["after"]) == (True, {"verdict": "malware"})
        assert set(cloud.keyed.calls) == {"POST /oauth2/access_token", "POST /publicapi/get/verdict"}
