# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find the programs that some tests need and no Python package provides, or install Debian's package if that needs no confirmation.

It reports the result and never fails: the tests of a missing program are skipped, and the test run says so.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.browser import chromium
from tests.integration.harness import promtool

APT = ["apt-get", "-qq", "-o", "Acquire::Retries=0", "-o", "Acquire::http::Timeout=20"]
LONGEST = 600  # seconds per command


@dataclass(frozen=True)
class Program:
    """A program.

    :param since: the first Debian release with the packages, L(NEVER) for none.
    :param unpacked: where the package is unpacked instead of being installed, because it would also start a service.
    """

    name: str
    find: Callable[[], str | None]
    packages: tuple[str, ...]
    since: int
    unpacked: Path | None = None


NEVER = 1000
PROGRAMS = (
    Program("Chromium or Chrome", chromium.find, ("chromium", "fonts-dejavu-core"), 11),
    Program("receptor", lambda: shutil.which("receptor"), ("receptor",), 13),
    Program("Vault or OpenBao", lambda: shutil.which("bao") or shutil.which("vault"), (), NEVER),
    Program("promtool", promtool.find, ("prometheus",), 11, promtool.UNPACKED),
)


def release() -> int:
    """The Debian release if its packages can be installed, else 0. Ubuntu's browser packages need a running snap daemon."""
    system = platform.freedesktop_os_release() if platform.system() == "Linux" else {}
    allowed = system.get("ID") == "debian" and os.geteuid() == 0 and shutil.which("apt-get")
    return int(system.get("VERSION_ID", "99")) if allowed else 0


def apt(*arguments: str) -> None:
    """Run apt-get."""
    run(*APT, *arguments)


def run(*command: str, cwd: Path | None = None) -> None:
    """Run a command without output and questions. :raises subprocess.SubprocessError: it fails."""
    subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        check=True,
        timeout=LONGEST,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def unpack(packages: tuple[str, ...], directory: Path) -> None:
    """Unpack Debian packages into a directory. Their scripts do not run."""
    directory.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as downloads:
        run(*APT, "-o", "APT::Sandbox::User=root", "download", *packages, cwd=Path(downloads))
        for package in Path(downloads).glob("*.deb"):
            run("dpkg", "--extract", str(package), str(directory))


def install(program: Program) -> None:
    """Install a program, or report why not."""
    try:
        if program.unpacked:
            unpack(program.packages, program.unpacked)
        else:
            apt("install", "--yes", "--no-install-recommends", *program.packages)
    except subprocess.CalledProcessError as error:
        print(f"==> Could not install {program.name}: {' '.join(error.stderr.split())}")
    except (subprocess.SubprocessError, OSError) as error:
        print(f"==> Could not install {program.name}: {error}")


def main() -> None:
    found = release()
    missing = [program for program in PROGRAMS if not program.find() and found >= program.since]
    if missing:
        print(f"==> Installing {', '.join(program.name for program in missing)} for the tests", flush=True)
        try:
            apt("update")
        except (subprocess.SubprocessError, OSError) as error:
            print(f"==> Could not update the package lists: {error}")
        for program in missing:
            install(program)
    for program in PROGRAMS:
        print(f"==> {program.name}: {program.find() or 'not found, skipping the tests that need it'}")


if __name__ == "__main__":
    main()
