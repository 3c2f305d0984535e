# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Host names of the vendor's services, for clients that reach the simulator by DNS.

Source: the vendor's API specifications, and the WildFire clouds in "Configure Advanced WildFire Analysis" (August 2026).
"""

from __future__ import annotations

WILDFIRE_REGIONS = (
    *("eu", "uk", "de", "ch", "pl", "fr"),
    *("jp", "sg", "au", "in", "id", "tw", "kr"),
    *("ca", "qatar", "za", "il"),
)
HOSTS = (
    "auth.apps.paloaltonetworks.com",
    "api.sase.paloaltonetworks.com",
    "wildfire.paloaltonetworks.com",
    *(f"{region}.wildfire.paloaltonetworks.com" for region in WILDFIRE_REGIONS),
)
