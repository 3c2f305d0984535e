# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hypothesis tries the same examples in every run, however slow, and writes only below .build."""

from __future__ import annotations

from pathlib import Path

from hypothesis import settings
from hypothesis.configuration import set_hypothesis_home_dir

set_hypothesis_home_dir(Path(__file__).resolve().parents[5] / ".build/hypothesis")
settings.register_profile("panw.cloud", derandomize=True, deadline=None, database=None, max_examples=300)
settings.load_profile("panw.cloud")
