# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Invalid options of Strata Cloud Manager are rejected before any call."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.panw.cloud.plugins.module_utils._scm.oauth import ClientCredentials
from ansible_collections.panw.cloud.plugins.module_utils._scm.options import base_url, client_credentials

GOOD = {
    "client_id": "a@1700000001.iam.panserviceaccount.com",
    "client_secret": "s3cret-hunter2",
    "tsg_id": "1700000001",
}


def test_options_valid_are_accepted() -> None:
    assert client_credentials(GOOD) == ClientCredentials(*GOOD.values())
    assert client_credentials({**GOOD, "bound_client_id": "b@x", "bound_client_secret": "t"}, "bound_") == (
        ClientCredentials("b@x", "t", "1700000001")
    )


@pytest.mark.parametrize(
    "tsg_id", ["", "170000001", "17000000011", "170000000a", " 1700000001", "1700000001\n", "\u0661" * 10]
)
def test_tsg_id_invalid_is_rejected(tsg_id: str) -> None:
    with pytest.raises(InvalidInput, match=r"Option 'tsg_id' is not a valid tenant service group \(TSG\) ID"):
        client_credentials({**GOOD, "tsg_id": tsg_id})


@pytest.mark.parametrize("name", ["client_id", "client_secret"])
@pytest.mark.parametrize("value", ["", " ", "hunter2\n", "hunter 2", "hunter\u00fc"])
@pytest.mark.parametrize("prefix", ["", "bound_"])
def test_credentials_with_unsendable_characters_are_rejected(name: str, value: str, prefix: str) -> None:
    given: dict[str, Any] = {**GOOD, **{f"{prefix}{key}": text for key, text in GOOD.items()}, prefix + name: value}
    with pytest.raises(InvalidInput) as caught:
        client_credentials(given, prefix)
    assert caught.value.option == prefix + name
    assert "hunter" not in str(caught.value)


def test_client_id_with_colon_is_rejected() -> None:
    with pytest.raises(InvalidInput, match="'client_id' contains"):
        client_credentials({**GOOD, "client_id": "a:b"})
    client_credentials({**GOOD, "client_secret": "a:b"})


def test_base_url_is_validated() -> None:
    assert base_url({"scm_url": "https://h.example/x/"}, "scm_url") == "https://h.example/x"
    with pytest.raises(InvalidInput, match=r"Option 'scm_url' would send credentials to h\.example without TLS"):
        base_url({"scm_url": "http://h.example"}, "scm_url")
