# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The descriptors of all resources.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from .objects import OBJECTS
from .rulestack import RULESTACK_RESOURCE
from .security_rule import RULES

IN_RULESTACK = {resource.section: resource for resource in (*OBJECTS, *RULES.values())}
EVERY_RESOURCE = tuple(IN_RULESTACK.values())
__all__ = ["EVERY_RESOURCE", "IN_RULESTACK", "RULESTACK_RESOURCE"]
