# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook scan_files on three hosts: what is reported, what is uploaded, and what is left behind."""

from __future__ import annotations

import hashlib
import json
import stat
from pathlib import Path
from typing import Any

import pytest
import yaml

from ..conftest import ROOT
from ..harness.wildfire_helpers import Keyring

PLAYBOOK = ROOT / "playbooks/scan_files.yml"
FILES = {
    "web": {"new.sh": b"echo new\n", "sub/known.js": b"malware"},
    "db": {".hidden/copy.sh": b"echo new\n", "empty": b""},
    "mail": {"notes.txt": b"only text\n"},
}


@pytest.fixture
def keyring(services: Any, controller: Any) -> Keyring:
    """A tenant with a service account that is bound to a valid key."""
    made = Keyring(services)
    made.operator_creates()
    made.switch(analysis_seconds=0)
    services.ask("DELETE", "/calls")
    return made


class Scan:
    """Three hosts, which are directories of this machine."""

    def __init__(self, controller: Any, keyring: Keyring, folder: Path) -> None:
        self._controller, self._keyring, self.folder = controller, keyring, folder
        self.report = folder / "report.json"
        hosts = {}
        for host, files in FILES.items():
            for name, content in files.items():
                path = folder / host / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            local = {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"}
            hosts[host] = {**local, "scan_files_paths": [str(folder / host)]}
        self.inventory = folder / "inventory.yml"
        self.inventory.write_text(yaml.safe_dump({"all": {"hosts": hosts}}))
        self.temporary = folder / "tmp"
        self.temporary.mkdir()

    def run(self, *arguments: str, **variables: Any) -> Any:
        given = {"scan_files_report": str(self.report), "scan_files_wait_interval": 1, **variables}
        account = self._keyring.account
        environment = {"SCM_CLIENT_ID": account["client_id"], "SCM_CLIENT_SECRET": account["client_secret"]}
        extra = ("-i", str(self.inventory), "-e", json.dumps(given), *arguments)
        return self._controller.playbook(PLAYBOOK, *extra, **environment, TMPDIR=str(self.temporary))

    @property
    def verdicts(self) -> dict[str, str]:
        rows = json.loads(self.report.read_text())
        return {f"{row['host']}/{Path(row['path']).name}": row["verdict"] for row in rows}

    def contents(self) -> dict[str, bytes]:
        found = [path for host in FILES for path in (self.folder / host).rglob("*") if path.is_file()]
        return {str(path): path.read_bytes() for path in found}


@pytest.fixture
def scan(controller: Any, keyring: Keyring, tmp_path: Path) -> Scan:
    return Scan(controller, keyring, tmp_path)


def submissions(keyring: Keyring) -> int:
    return keyring.count("wildfire", "POST /publicapi/submit/file")


def test_scan_reports_and_uploads_nothing(keyring: Keyring, scan: Scan) -> None:
    before = scan.contents()
    run = scan.run()
    assert run.returncode == 0, run.output
    assert scan.verdicts == {
        "web/new.sh": "unknown",
        "web/known.js": "malware",
        "db/copy.sh": "unknown",
        "db/empty": "benign",
        "mail/notes.txt": "unknown",
    }
    digest = hashlib.sha256(b"malware").hexdigest()
    rows = json.loads(scan.report.read_text())
    (bad,) = (row for row in rows if row["verdict"] == "malware")
    path = str(scan.folder / "web/sub/known.js")
    assert bad == {"host": "web", "path": path, "size": 7, "sha256": digest, "verdict": "malware"}
    assert stat.S_IMODE(scan.report.stat().st_mode) == 0o600
    assert submissions(keyring) == 0
    assert scan.contents() == before


def test_unknown_files_are_uploaded_once_and_copies_removed(keyring: Keyring, scan: Scan) -> None:
    before = scan.contents()
    run = scan.run(scan_files_upload=True)
    assert run.returncode == 0, run.output
    found = scan.verdicts
    assert [found[name] for name in ("web/new.sh", "db/copy.sh", "mail/notes.txt")] == ["benign", "benign", "unknown"]
    assert submissions(keyring) == 1
    assert list(scan.temporary.glob("scan_files.*")) == []
    assert scan.contents() == before
    assert scan.run(scan_files_upload=True).returncode == 0
    assert submissions(keyring) == 1


def test_copies_are_removed_after_a_failed_upload(keyring: Keyring, scan: Scan) -> None:
    keyring.switch(uploads_per_day=0)
    run = scan.run(scan_files_upload=True)
    assert run.returncode != 0
    assert "quota" in run.output
    assert list(scan.temporary.glob("scan_files.*")) == []


def test_copies_are_removed_after_a_failed_fetch(keyring: Keyring, scan: Scan) -> None:
    """On all hosts, after which ansible-core would end the playbook."""
    deleted = {"path": str(scan.folder / "deleted.sh"), "size": 1, "checksum": "0" * 64}
    run = scan.run(scan_files_upload=True, scan_files_found=[deleted])
    assert run.returncode == 2
    assert "Could not fetch all unknown files of web" in run.output
    assert list(scan.temporary.glob("scan_files.*")) == []
    assert submissions(keyring) == 0


def test_check_mode_uploads_nothing(keyring: Keyring, scan: Scan) -> None:
    run = scan.run("--check", scan_files_upload=True)
    assert run.returncode == 0, run.output
    assert submissions(keyring) == 0
    assert not scan.report.exists()


def test_malicious_files_fail_their_host_on_request(scan: Scan) -> None:
    run = scan.run(scan_files_fail=True, scan_files_patterns=["*.js"])
    assert run.returncode == 2, run.output
    assert "web holds 1 malicious files" in run.output
    assert set(scan.verdicts) == {"web/known.js"}


def test_missing_paths_are_explained(scan: Scan) -> None:
    run = scan.run(scan_files_paths="/srv")
    assert run.returncode == 2
    assert "scan_files_paths is not a list of directories" in run.output


def test_nothing_to_scan_costs_nothing(services: Any, keyring: Keyring, scan: Scan) -> None:
    run = scan.run(scan_files_patterns=["*.nothing"])
    assert run.returncode == 0, run.output
    assert scan.verdicts == {}
    assert sum(services.tenant["calls"]["wildfire"].values()) == 0
