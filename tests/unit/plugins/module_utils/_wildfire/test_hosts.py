# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts of the WildFire public API."""

from __future__ import annotations

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.hosts import REGIONS, base_url


@pytest.mark.parametrize(
    ("region", "host"),
    [
        ("global", "wildfire.paloaltonetworks.com"),
        ("eu", "eu.wildfire.paloaltonetworks.com"),
        ("qatar", "qatar.wildfire.paloaltonetworks.com"),
    ],
)
def test_region_yields_host(region: str, host: str) -> None:
    assert region in REGIONS
    assert base_url(region, None) == f"https://{host}"


@pytest.mark.parametrize(
    "url", ["https://wf.example.com:8443", "https://wf.example.com:8443/", "https://wf.example.com:8443/publicapi/"]
)
def test_url_overrides_region(url: str) -> None:
    assert base_url("eu", url) == "https://wf.example.com:8443"


def test_url_without_tls_is_rejected() -> None:
    with pytest.raises(InvalidInput, match=r"'wildfire_url' would send credentials to example.com without TLS"):
        base_url("global", "http://example.com")
