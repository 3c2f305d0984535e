# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hypothesis tries the same examples in every run, on slow machines too, and stores none."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("panw.cloud", derandomize=True, deadline=None, database=None)
settings.load_profile("panw.cloud")
