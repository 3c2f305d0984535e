# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The descriptors of all resources.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from ..descriptor import Resource
from .objects import OBJECTS, URL_CATEGORY_OVERRIDE
from .rulestack import RULESTACK_RESOURCE
from .security_rule import RULES

IN_RULESTACK = {resource.section: resource for resource in (*OBJECTS, *RULES.values())}
EVERY_RESOURCE = tuple(IN_RULESTACK.values())


def sections_of(scope: str) -> dict[str, Resource]:
    """The sections that a rulestack of a scope has, C(local) or C(global).

    The vendor's Go SDK (v2.0.5) sends the calls for predefined URL categories with tokens of the local rulestack administrator only.
    """
    foreign = ("pre_rules", "post_rules") if scope.lower() == "local" else ("rules", URL_CATEGORY_OVERRIDE.section)
    return {section: resource for section, resource in IN_RULESTACK.items() if section not in foreign}


__all__ = ["EVERY_RESOURCE", "IN_RULESTACK", "RULESTACK_RESOURCE", "sections_of"]
