# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Submissions to WildFire on the simulated services, from the lookup to the verdict."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from ..harness.wildfire_helpers import Keyring

SUBMIT = "POST /publicapi/submit/file"
SUBMISSIONS = tuple(f"POST /publicapi/submit/{kind}" for kind in ("file", "url", "link", "links"))
PHISHING = "https://phishing.example.com/login"


@pytest.fixture
def keyring(services: Any, controller: Any) -> Keyring:
    """A tenant with a service account that is bound to a valid key."""
    made = Keyring(services)
    made.operator_creates()
    services.ask("DELETE", "/calls")
    return made


def submissions(keyring: Keyring) -> int:
    """The number of submissions that the simulated service received."""
    return sum(keyring.count("wildfire", route) for route in SUBMISSIONS)


@pytest.fixture
def uploads(tmp_path: Path) -> Path:
    """A new script, the same once more, a known file, and files that WildFire does not analyze."""
    content = {"new.sh": b"echo new\n", "sub/again.sh": b"echo new\n", "known.js": b"malware"}
    content |= {"empty.sh": b"", "notes.txt": b"only text\n"}
    for name, text in content.items():
        path = tmp_path / "uploads" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)
    return tmp_path / "uploads"


def submission(keyring: Keyring, name: str = "sent", **options: Any) -> dict[str, Any]:
    account = {option: keyring.account[option] for option in ("client_id", "client_secret")}
    return {"name": name, "panw.cloud.wildfire_submission": {**account, **options}, "register": name}


def states(result: dict[str, Any]) -> dict[str, tuple[str, str | None, str]]:
    return {
        Path(sample["path"] or sample["url"]).name: (sample["status"], sample["reason"], sample["verdict"])
        for sample in result["samples"]
    }


def test_only_unknown_files_are_submitted_and_only_once(controller: Any, keyring: Keyring, uploads: Path) -> None:
    keyring.switch(analysis_seconds=0)
    task = {"paths": [str(uploads)], "recurse": True}
    run = controller.play(submission(keyring, **task), submission(keyring, "again", **task))
    assert run.returncode == 0, run.output
    sent, again = run.results["sent"], run.results["again"]
    assert states(sent) == {
        "empty.sh": ("known", None, "benign"),
        "known.js": ("known", None, "malware"),
        "new.sh": ("submitted", None, "pending"),
        "notes.txt": ("skipped", "unsupported_type", "unknown"),
        "again.sh": ("submitted", None, "pending"),
    }
    assert (sent["changed"], sent["uploads"], sent["queries"], sent["pending"]) == (True, 1, 1, 2)
    assert (again["changed"], again["uploads"], again["queries"]) == (False, 0, 1)
    assert states(again)["new.sh"] == ("known", None, "benign")
    assert submissions(keyring) == 1


def test_check_mode_uploads_nothing(controller: Any, keyring: Keyring, uploads: Path) -> None:
    run = controller.play(
        submission(keyring, paths=[str(uploads / "*.sh")], links=[PHISHING], wait=True), arguments=("--check",)
    )
    assert run.returncode == 0, run.output
    assert run.results["sent"]["changed"] is True
    assert states(run.results["sent"])["new.sh"] == ("submitted", None, "unknown")
    assert submissions(keyring) == 0


def test_wait_shows_progress_and_returns_verdicts(services: Any, controller: Any, keyring: Keyring) -> None:
    keyring.switch(analysis_seconds=3)
    remote = {"url": "https://www.example.com/setup", "filename": "setup.sh"}
    options = {"remote_files": [remote], "links": [PHISHING], "wait": True, "wait_interval": 1, "wait_timeout": 60}
    run = controller.play(submission(keyring, **options))
    assert run.returncode == 0, run.output
    assert "waiting for 2 of 2 verdicts" in run.output
    sent = run.results["sent"]
    assert [(one["status"], one["verdict"]) for one in sent["samples"]] == [
        ("submitted", "benign"),
        ("submitted", "phishing"),
    ]
    assert (sent["pending"], sent["uploads"]) == (0, 2)
    assert sent["queries"] > 1


def test_wait_ends_at_its_limit_with_what_is_known(controller: Any, keyring: Keyring, uploads: Path) -> None:
    keyring.switch(analysis_seconds=None)
    paths = [str(uploads / name) for name in ("new.sh", "known.js")]
    failure = controller.play(submission(keyring, paths=paths, wait=True, wait_interval=1, wait_timeout=2)).failure
    assert failure["error"]["kind"] == "timeout"
    assert "1 are still missing after 2 seconds" in failure["msg"]
    assert [one["verdict"] for one in failure["samples"]] == ["pending", "malware"]


@pytest.mark.parametrize(("length", "agent"), [(32, None), (64, "prismaaccessapi")])
def test_legacy_key_submits(
    services: Any, controller: Any, keyring: Keyring, uploads: Path, length: int, agent: str | None
) -> None:
    key = services.ask("POST", "/strata/legacy-keys", length=length)["api_key"]
    options = {"api_key": key, "paths": [str(uploads / "new.sh")], **({"agent": agent} if agent else {})}
    run = controller.play({"name": "sent", "panw.cloud.wildfire_submission": options, "register": "sent"})
    assert run.returncode == 0, run.output
    assert run.results["sent"]["uploads"] == 1


def test_exhausted_quota_returns_what_was_submitted(controller: Any, keyring: Keyring, tmp_path: Path) -> None:
    keyring.switch(uploads_per_day=2)
    for number in range(4):
        (tmp_path / f"{number}.sh").write_text(f"echo {number}")
    failure = controller.play(submission(keyring, paths=[str(tmp_path / "*.sh")])).failure
    assert (failure["error"]["kind"], failure["changed"], failure["uploads"]) == ("quota_exceeded", True, 2)
    assert "2 of 4 files and links were sent before" in failure["msg"]
    assert "00:00 UTC" in failure["error"]["next_step"]
    assert [one["status"] for one in failure["samples"]] == ["submitted", "submitted", "skipped", "skipped"]


def test_limits_are_checked_before_the_first_upload(controller: Any, keyring: Keyring, uploads: Path) -> None:
    failure = controller.play(
        submission(keyring, paths=[str(uploads / "new.sh")], links=[PHISHING], max_uploads=1)
    ).failure
    assert "this needs 2 uploads, and 'max_uploads' allows 1" in failure["msg"]
    failure = controller.play(submission(keyring, paths=[str(uploads / "notes.txt")], on_ineligible="fail")).failure
    assert failure["error"]["kind"] == "invalid_request"
    assert "unsupported_type" in failure["msg"]
    assert submissions(keyring) == 0


def test_rejected_file_does_not_stop_the_others(controller: Any, keyring: Keyring, uploads: Path) -> None:
    keyring.switch(max_file_bytes=20)
    (uploads / "a.sh").write_text("echo larger than WildFire accepts")
    run = controller.play(submission(keyring, paths=[str(uploads / "[an]*.sh")]))
    assert run.returncode == 0, run.output
    found = states(run.results["sent"])
    assert [status for status, _reason, _verdict in found.values()] == ["rejected", "submitted"]
    assert "HTTP 413" in str(found["a.sh"][1])
    assert "WildFire rejected" in run.output


def test_lost_response_is_not_followed_by_a_second_upload(
    services: Any, controller: Any, keyring: Keyring, uploads: Path
) -> None:
    services.ask("POST", "/faults", kind="reset", service="wildfire", route=SUBMIT, times=1, after_acting=True)
    run = controller.play(submission(keyring, paths=[str(uploads / "new.sh")]))
    assert run.returncode == 0, run.output
    digest = hashlib.sha256(b"echo new\n").hexdigest()
    assert [(one["status"], one["sha256"]) for one in run.results["sent"]["samples"]] == [("submitted", digest)]
    assert submissions(keyring) == 1
