# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prometheus' own checker of metrics and alert rules."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

UNPACKED = Path(__file__).parents[3] / ".build/programs"


def find() -> str | None:
    """The path of promtool: on PATH, or what C(make test-deps) has unpacked."""
    return shutil.which("promtool", path=os.pathsep.join([os.environ["PATH"], str(UNPACKED / "usr/bin")]))
