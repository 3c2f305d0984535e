# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Install pip into the environment that runs it, from the wheel next to it.

ansible-test bootstraps its environments with a downloaded script, unless one is cached as `get_pip_<version>.py`.
Cached under that name, this script needs only a package index. There are a dozen environments, so the wheel is unpacked and compiled
once and copied; pip would take ten times as long to install itself.
"""

from __future__ import annotations

import compileall
import shutil
import sysconfig
import zipfile
from pathlib import Path

VERSION = Path(__file__).stem.removeprefix("get_pip_").replace("_", ".")
WHEEL = Path(__file__).with_name(f"pip-{VERSION}-py3-none-any.whl")
UNPACKED = Path(__file__).with_name(f"pip-{VERSION}")

if not UNPACKED.exists():
    new = UNPACKED.with_name(f"{UNPACKED.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    zipfile.ZipFile(WHEEL).extractall(new)
    compileall.compile_dir(new, quiet=1)
    new.rename(UNPACKED)
shutil.copytree(UNPACKED, sysconfig.get_path("purelib"), dirs_exist_ok=True)
