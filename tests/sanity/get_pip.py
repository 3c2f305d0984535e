# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Install pip into the environment that runs it, from the wheel next to it.

ansible-test bootstraps its environments with a downloaded script, unless one is cached as `get_pip_<version>.py`.
Cached under that name, this script needs only a package index.
"""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

VERSION = Path(__file__).stem.removeprefix("get_pip_").replace("_", ".")
WHEEL = str(Path(__file__).with_name(f"pip-{VERSION}-py3-none-any.whl"))

sys.path.insert(0, WHEEL)
sys.argv[1:] = ["install", "--no-index", "--disable-pip-version-check", "--quiet", WHEEL]
runpy.run_module("pip", run_name="__main__", alter_sys=True)
