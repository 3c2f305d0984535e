# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a process still runs, checked on a real process and on a fake /proc."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common import process_identity

TELL = "from ansible_collections.panw.cloud.plugins.module_utils._common.process_identity import identity; print(identity(), flush=True); input()"


@pytest.fixture
def other() -> subprocess.Popen[str]:
    """A process that has printed its identity."""
    environment = {"PYTHONPATH": ":".join(sys.path)}
    with subprocess.Popen(
        [sys.executable, "-c", TELL], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process
        process.kill()


def test_ended_running_process_is_false_and_killed_is_true(other: subprocess.Popen[str]) -> None:
    known = other.stdout.readline().strip()
    assert not process_identity.has_ended(known)
    other.kill()
    other.wait()
    assert process_identity.has_ended(known)


def test_ended_zombie_process_is_true(other: subprocess.Popen[str]) -> None:
    known = other.stdout.readline().strip()
    other.kill()
    other.stdout.read()  # ends when the process does
    state = Path(f"/proc/{other.pid}/stat")
    while state.read_text().rpartition(")")[2].split()[0] != "Z":
        pass
    assert process_identity.has_ended(known)


def test_ended_own_process_is_false() -> None:
    assert process_identity.identity()
    assert not process_identity.has_ended(process_identity.identity())


def test_ended_reused_pid_is_true() -> None:
    known = process_identity.identity().rpartition("/")[0]
    assert process_identity.has_ended(f"{known}/1")


@pytest.mark.parametrize("foreign", ["", "nonsense", "boot/pid:[1]/12/34", "/1/1"])
def test_ended_process_on_other_host_is_unknown(foreign: str) -> None:
    assert not process_identity.has_ended(foreign)


def test_identity_without_proc_is_unknown(tmp_path: Path) -> None:
    assert process_identity.identity(tmp_path) == ""
    assert not process_identity.has_ended("a/b/1/2", tmp_path)


@pytest.fixture
def proc(tmp_path: Path) -> Path:
    """A /proc that shows no process."""
    for directory in ("sys/kernel/random", "self/ns"):
        (tmp_path / directory).mkdir(parents=True)
    (tmp_path / "sys/kernel/random/boot_id").write_text("boot\n")
    (tmp_path / "self/ns/pid").symlink_to("pid:[1]")
    return tmp_path


def test_running_process_that_proc_hides_is_unknown(proc: Path) -> None:
    assert not process_identity.has_ended(f"boot/pid:[1]/{os.getpid()}/1", proc)


def test_process_of_unreadable_status_is_unknown(proc: Path) -> None:
    (proc / "12/stat").mkdir(parents=True)
    assert not process_identity.has_ended("boot/pid:[1]/12/1", proc)


def test_process_that_does_not_exist_has_ended(proc: Path, other: subprocess.Popen[str]) -> None:
    other.kill()
    other.wait()
    assert process_identity.has_ended(f"boot/pid:[1]/{other.pid}/1", proc)
    assert process_identity.has_ended(f"boot/pid:[1]/{1 << 40}/1", proc)
