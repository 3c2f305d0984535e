# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The short text, and the JSON next to it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.plugin_utils._rotation_report import short_text
from ansible_collections.panw.cloud.tests.helpers.rotation_results import fleet, result, target, written

HOSTILE = "\x1b[2J\u202e</script>\r\nFailed: 0 \ud800" + "x" * 5000


def test_text_of_failed_run_shows_failures() -> None:
    assert short_text(fleet(400)) == (
        "Token rotation, done with failures: 3 of 400 targets failed.\n"
        "Ended 2026-05-19 08:00:20 UTC after 20.8 s, run by alice@control with\n"
        "    panw.cloud 0.2.0.\n"
        "Targets: failed 3, locked 2, not started 0, rotated 247, fresh 148.\n"
        "The first token of a failed target expires at 2026-05-19 08:13:00 UTC, in 13\n"
        "    min (workload-0001-account).\n"
        "2 targets were locked by another run and skipped.\n"
        "The next token is due at 2026-05-19 07:44:00 UTC, 16 min ago\n"
        "    (workload-0025-firewall).\n"
        "The next token expiry is at 2026-05-19 08:04:00 UTC, in 4 min\n"
        "    (workload-0025-firewall).\n"
        "Failed at create, throttled: 2 targets. the server returned HTTP 429: Too Many\n"
        "    Requests.\n"
        "  Next step: Run again later, or with fewer hosts at once.\n"
        "Failed at assume, authorization: 1 target. the server returned HTTP 403, error\n"
        "    code AccessDenied: User: arn:aws:iam::111122223333:user/rotation is not …\n"
        "  Next step: Check the role's tags, its permission policy and its trust policy.\n"
        "2,800 requests, 134.6 per second, 51 throttled.\n"
    )


def test_text_of_dry_run_shows_next_expiries() -> None:
    text = short_text(result([target(1, "due"), target(2, "fresh")], dry_run=True, requests=2, throttled=0))
    assert text == (
        "Token rotation, dry run: 1 of 2 targets would be rotated.\n"
        "Ended 2026-05-19 08:00:20 UTC after 20.8 s, run by alice@control with\n"
        "    panw.cloud 0.2.0.\n"
        "Targets: failed 0, locked 0, not started 0, due 1, fresh 1.\n"
        "Dry run: nothing was changed.\n"
        "The next token is due at 2026-05-19 08:08:00 UTC, in 8 min\n"
        "    (workload-0000-global_rulestack).\n"
        "The next token expiry is at 2026-05-19 08:28:00 UTC, in 28 min\n"
        "    (workload-0000-global_rulestack).\n"
        "2 requests, 0.1 per second.\n"
    )


def worst() -> dict[str, Any]:
    """A result with every part of the text at its longest."""
    failed = [
        target(number, "failed", name=HOSTILE, step=f"{number}{HOSTILE}", reason=HOSTILE, next_step=HOSTILE)
        for number in range(20)
    ]
    others = [
        target(number, state, repaired=["a"]) for number, state in enumerate(["locked", "not_started", "rotated"])
    ]
    dead = target(9, "failed", name=HOSTILE, expires_at="2020-01-01T00:00:00Z")
    last = dict.fromkeys(("newly_failed", "still_failed", "recovered", "added", "removed"), [HOSTILE] * 9)
    more = {"run_by": HOSTILE, "version": HOSTILE, "since_last_run": {**last, "ended_at": HOSTILE}}
    return result([*failed, *others, dead], stopped=True, requests=10**9, throttled=10**9, duration=10**5, **more)


@pytest.mark.parametrize("report", [worst(), fleet(0), fleet(10000), {}], ids=["worst", "none", "large", "nothing"])
def test_text_fits_terminal_and_has_no_control_characters(report: dict[str, Any]) -> None:
    text = short_text(report)
    lines = text.splitlines()
    assert 2 < len(lines) <= 24
    assert max(map(len, lines)) <= 79
    assert text.endswith("\n")
    assert all(line.isprintable() for line in lines)
    text.encode()


@pytest.mark.parametrize("report", [worst(), fleet(0), fleet(1000), {}], ids=["worst", "none", "large", "nothing"])
def test_json_equals_result(tmp_path: Path, report: dict[str, Any]) -> None:
    text = Path(written(report, tmp_path)["json"]).read_text(encoding="ascii")
    assert json.loads(text) == {"targets": [], **report}


def test_json_has_one_line_per_target(tmp_path: Path) -> None:
    lines = Path(written(fleet(30), tmp_path)["json"]).read_text(encoding="ascii").splitlines()
    assert [json.loads(line.rstrip(","))["name"] for line in lines if '"name"' in line] == [
        entry["name"] for entry in fleet(30)["targets"]
    ]
