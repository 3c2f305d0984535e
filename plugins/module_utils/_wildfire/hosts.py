# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The hosts of the WildFire public API.

Source of the regions: "Configure Advanced WildFire Analysis" of the vendor's administration guide, August 2026.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from .._common.urls import require_tls

REGIONS = (
    *("global", "eu", "uk", "de", "ch", "pl", "fr"),
    *("jp", "sg", "au", "in", "id", "tw", "kr"),
    *("ca", "qatar", "za", "il"),
)
_HOST = "wildfire.paloaltonetworks.com"
API = "/publicapi"


def base_url(region: str, url: str | None) -> str:
    """The base URL of the API, without its path C(/publicapi).

    :param region: one of L(REGIONS). :param url: overrides the region's host.
    :raises InvalidInput: the URL is invalid.
    """
    if url:
        require_tls("wildfire_url", url)
        bare = url.rstrip("/")
        return bare[: -len(API)] if bare.endswith(API) else bare
    return f"https://{_HOST}" if region == "global" else f"https://{region}.{_HOST}"
