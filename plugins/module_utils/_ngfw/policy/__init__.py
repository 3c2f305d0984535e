# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A directory of rulestacks in YAML: the documents for a target, an account in a region, without a connection.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from .reader import InvalidPolicy, Policy, Target, read_documents

__all__ = ["InvalidPolicy", "Policy", "Target", "read_documents"]
