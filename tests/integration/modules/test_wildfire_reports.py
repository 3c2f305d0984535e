# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports, samples, packet captures, web artifacts, test files and requests for reviews on the simulated services."""

from __future__ import annotations

import hashlib
import stat
import tarfile
from pathlib import Path
from typing import Any

import pytest

from ..harness.wildfire_helpers import Keyring

MALWARE = hashlib.sha256(b"malware").hexdigest()
MD5 = hashlib.md5(b"malware", usedforsecurity=False).hexdigest()
SAMPLE = "POST /publicapi/get/sample"
REVIEW = "POST /publicapi/submit/change-request"
SUGGESTION = {"sha256": MALWARE, "verdict": "benign", "email": "a@example.com", "comment": "Ours"}


@pytest.fixture
def keyring(services: Any, controller: Any) -> Keyring:
    """A tenant with a service account that is bound to a valid key."""
    made = Keyring(services)
    made.operator_creates()
    services.ask("DELETE", "/calls")
    return made


def task(keyring: Keyring, module: str, name: str = "got", **options: Any) -> dict[str, Any]:
    account = {option: keyring.account[option] for option in ("client_id", "client_secret")}
    return {"name": name, f"panw.cloud.wildfire_{module}": {**account, **options}, "register": name}


def legacy_task(services: Any, module: str, length: int, name: str = "got", **options: Any) -> dict[str, Any]:
    key = services.ask("POST", "/strata/legacy-keys", length=length)["api_key"]
    agent = {"agent": "pcc"} if length > 32 else {}
    given = {"api_key": key, **agent, **options}
    return {"name": name, f"panw.cloud.wildfire_{module}": given, "register": name}


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_report_is_structured(services: Any, controller: Any, keyring: Keyring) -> None:
    for got in (task(keyring, "report_info", hash=MD5), legacy_task(services, "report_info", 64, hash=MALWARE)):
        run = controller.play(got)
        assert run.returncode == 0, run.output
        report = run.results["got"]["report"]
        assert [report[name] for name in ("sha256", "md5", "size", "malware")] == [MALWARE, MD5, 7, True]
        static, dynamic = report["analyses"]
        assert (static["platform"], dynamic["platform"]) == (204, 61)
        assert dynamic["summary"] == ["Sample modified the Windows registry"]
        (network,) = dynamic["details"]["network"]
        assert network["dns"] == [{"query": "c2.example.com", "response": "192.0.2.1", "type": "A"}]
        assert (run.results["got"]["changed"], run.results["got"]["queries"]) == (False, 1)


def test_report_of_a_page(controller: Any, keyring: Keyring) -> None:
    run = controller.play(task(keyring, "report_info", url="https://login.example.com/signin"))
    assert run.returncode == 0, run.output
    assert run.results["got"]["page_report"]["verdict"] == "phishing"
    failure = controller.play(task(keyring, "report_info", url="https://new.example.com")).failure
    assert failure["error"]["kind"] == "not_found"
    assert "panw.cloud.wildfire_submission" in failure["error"]["next_step"]


@pytest.mark.parametrize(("format_", "start"), [("pdf", b"%PDF-"), ("xml", b"<?xml"), ("maec", b"{")])
def test_report_is_written_once(controller: Any, keyring: Keyring, tmp_path: Path, format_: str, start: bytes) -> None:
    path = tmp_path / "report"
    options = {"hash": MALWARE, "dest": str(path), "format": format_}
    run = controller.play(
        task(keyring, "report_info", "checked", **options) | {"check_mode": True},
        task(keyring, "report_info", **options),
        task(keyring, "report_info", "again", **options),
        task(keyring, "report_info", "forced", force=True, mode="0640", **options),
    )
    assert run.returncode == 0, run.output
    assert path.read_bytes().startswith(start)
    assert [run.results[name]["changed"] for name in ("checked", "got", "again", "forced")] == [True, True, False, True]
    assert [run.results[name]["queries"] for name in ("checked", "got", "again", "forced")] == [0, 1, 0, 1]
    assert (run.results["checked"]["size"], run.results["got"]["mode"], mode(path)) == (None, "0600", 0o640)


def test_sample_is_verified_and_private(services: Any, controller: Any, keyring: Keyring, tmp_path: Path) -> None:
    path, by_key = tmp_path / "sample", tmp_path / "by_key"
    path.write_text("something else")
    path.chmod(0o644)
    options = {"hash": MALWARE.upper(), "dest": str(path)}
    run = controller.play(
        task(keyring, "sample", **options),
        task(keyring, "sample", "again", **options),
        task(keyring, "sample", "readable", mode="0644", **options),
        legacy_task(services, "sample", 32, "by_key", hash=MD5, dest=str(by_key)),
    )
    assert run.returncode == 0, run.output
    assert (path.read_bytes(), by_key.read_bytes()) == (b"malware", b"malware")
    names = ("got", "again", "readable", "by_key")
    assert [run.results[name]["changed"] for name in names] == [True, False, True, True]
    assert [run.results[name]["sha256"] for name in names] == [MALWARE] * 4
    assert (mode(path), mode(by_key), run.results["got"]["mode"]) == (0o644, 0o600, "0600")
    assert keyring.count("wildfire", SAMPLE) == 2
    assert sorted(one.name for one in tmp_path.iterdir() if one.name.startswith(".s")) == []


def test_corrupted_sample_is_not_written(services: Any, controller: Any, keyring: Keyring, tmp_path: Path) -> None:
    services.ask(
        "POST", "/faults", kind="truncate", announced=True, after_acting=True, service="wildfire", route=SAMPLE
    )
    path = tmp_path / "sample"
    failure = controller.play(task(keyring, "sample", hash=MALWARE, dest=str(path))).failure
    assert failure["error"]["kind"] == "invalid_response"
    assert "does not have the requested hash" in failure["msg"]
    assert list(tmp_path.glob("*sample*")) == []


def test_packet_capture_and_web_artifacts(controller: Any, keyring: Keyring, tmp_path: Path) -> None:
    capture, page = tmp_path / "capture", tmp_path / "page.tgz"
    run = controller.play(
        task(keyring, "sample", content="packet_capture", hash=MALWARE, platform=61, dest=str(capture)),
        task(keyring, "sample", "page", content="web_artifacts", url="https://www.google.com", dest=str(page)),
        task(keyring, "sample", "again", content="web_artifacts", url="https://www.google.com", dest=str(page)),
    )
    assert run.returncode == 0, run.output
    assert capture.read_bytes()[:4] == bytes.fromhex("d4c3b2a1")
    assert run.results["got"]["filename"] == f"{MALWARE}.61.0.pcap"
    assert run.results["again"]["changed"] is False
    with tarfile.open(page) as archive:
        assert "screenshot/page.jpg" in archive.getnames()
    missing = task(keyring, "sample", content="packet_capture", hash=MALWARE, platform=4, dest=str(capture), force=True)
    failure = controller.play(missing).failure
    assert (failure["error"]["kind"], failure["error"]["status"]) == ("not_found", 404)
    assert "90 days" in failure["error"]["next_step"]
    assert capture.exists()


@pytest.mark.parametrize("kind", ["pe", "apk", "macos", "elf"])
def test_test_file_goes_from_download_to_verdict(controller: Any, keyring: Keyring, tmp_path: Path, kind: str) -> None:
    keyring.switch(analysis_seconds=1)
    path = tmp_path / "test"
    download = {"panw.cloud.wildfire_test_file": {"type": kind, "dest": str(path)}}
    run = controller.play(
        {"name": "got", **download, "register": "got"},
        {"name": "again", **download, "register": "again"},
        task(keyring, "submission", "sent", paths=[str(path)], wait=True, wait_interval=1, wait_timeout=60),
    )
    assert run.returncode == 0, run.output
    assert (run.results["got"]["changed"], run.results["again"]["changed"], mode(path)) == (True, False, 0o600)
    (sample,) = run.results["sent"]["samples"]
    assert (sample["status"], sample["verdict"], sample["sha256"]) == (
        "submitted",
        "malware",
        run.results["got"]["sha256"],
    )


def test_review_is_requested_unless_the_verdict_is_right(services: Any, controller: Any, keyring: Keyring) -> None:
    run = controller.play(
        task(keyring, "verdict_change_request", "checked", **SUGGESTION) | {"check_mode": True},
        task(keyring, "verdict_change_request", **SUGGESTION),
        task(keyring, "verdict_change_request", "same", **{**SUGGESTION, "verdict": "malware"}),
    )
    assert run.returncode == 0, run.output
    assert [run.results[name]["changed"] for name in ("checked", "got", "same")] == [True, True, False]
    assert run.results["got"]["current_verdict"] == "malware"
    assert keyring.count("wildfire", REVIEW) == 1
    (recorded,) = services.ask("GET", "/strata/change-requests")["change_requests"]
    assert recorded == {"sha256": MALWARE, "verdict": 0, "email": "a@example.com", "comment": "Ours"}
    unknown = {**SUGGESTION, "sha256": "0" * 64}
    failure = controller.play(task(keyring, "verdict_change_request", **unknown)).failure
    assert "WildFire does not know the sample" in failure["msg"]


def test_changed_verdicts_and_urls(services: Any, controller: Any, keyring: Keyring) -> None:
    services.ask("PUT", f"/strata/samples/{MALWARE}", verdict=0)
    today = "{{ '%Y-%m-%d' | ansible.builtin.strftime(now(utc=true).timestamp()) }}"
    urls = ["https://www.google.com", "https://new.example.com"]
    run = controller.play(task(keyring, "verdict_info", changed_since=today, urls=urls))
    assert run.returncode == 0, run.output
    got = run.results["got"]
    assert got["changed_verdicts"] == [{"sha256": MALWARE, "md5": MD5, "verdict": "benign", "code": 0}]
    assert [one["verdict"] for one in got["url_verdicts"]] == ["benign", "unknown"]
    assert (got["verdicts"], got["queries"]) == ([], 3)
    failure = controller.play(task(keyring, "verdict_info", changed_since="2020-01-01")).failure
    assert "within the last 30 days" in failure["error"]["next_step"]
