# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sees to a browser for the tests: takes one that is there, or installs Debian's package where that can be done without asking.

Says what it came to, and never fails: without a browser the tests that need one are left out, and the test run says so.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess

from .chromium import find

APT = ["apt-get", "-qq", "-o", "Acquire::Retries=0", "-o", "Acquire::http::Timeout=20"]
PACKAGES = ["chromium", "fonts-dejavu-core"]
LONGEST = 600  # seconds for one command


def can_install() -> bool:
    """Whether this is Debian, and we are root. Ubuntu's package of that name wants a running snap daemon."""
    debian = platform.system() == "Linux" and platform.freedesktop_os_release().get("ID") == "debian"
    return debian and os.geteuid() == 0 and shutil.which("apt-get") is not None


def install() -> None:
    for command in ([*APT, "update"], [*APT, "install", "--yes", "--no-install-recommends", *PACKAGES]):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(command, env=environment, check=True, timeout=LONGEST, stdout=subprocess.DEVNULL)


def main() -> None:
    if find() is None and can_install():
        print("==> Installing Chromium for the tests of the rotation report", flush=True)
        try:
            install()
        except (subprocess.SubprocessError, OSError) as error:
            print(f"==> It could not be installed: {error}")
    browser = find()
    print(f"==> Browser tests: {f'run in {browser}' if browser else 'left out, no Chromium or Chrome on the path'}")


if __name__ == "__main__":
    main()
