# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which responses confirm or reject a key."""

from __future__ import annotations

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import (
    AuthenticationError,
    AuthorizationError,
    InvalidRequest,
    NotFound,
    PanwCloudError,
    ServerError,
)
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.credential_check import EMPTY_FILE, try_key
from ansible_collections.panw.cloud.tests.helpers.factories import (
    Vendor,
    bound,
    entry,
    form,
    refusal,
    wildfire,
)
from ansible_collections.panw.cloud.tests.helpers.fakes import Reply, Server


def test_valid_key_costs_one_query() -> None:
    vendor = Vendor(wildfire(entry(0, EMPTY_FILE)))
    tried = try_key(bound(vendor))
    assert (tried.works, tried.quota_exhausted) == (True, False)
    assert [form(request) for request in vendor.asked] == [{"hash": EMPTY_FILE}]
    assert EMPTY_FILE.startswith("e3b0c442")


@pytest.mark.parametrize(("status", "exhausted"), [(419, True), (420, False), (421, False)])
def test_error_unrelated_to_key_confirms_it(status: int, exhausted: bool) -> None:
    tried = try_key(bound(Vendor(refusal(status, "no"))))
    assert (tried.works, tried.quota_exhausted) == (True, exhausted)


@pytest.mark.parametrize(("status", "sent"), [(401, 2), (403, 1)])
def test_denial_rejects_key(status: int, sent: int) -> None:
    vendor = Vendor(refusal(status, "Invalid API key"))
    tried = try_key(bound(vendor))
    assert (tried.works, tried.context.status, tried.context.reason) == (False, status, "Invalid API key")
    assert len(vendor.asked) == sent


@pytest.mark.parametrize(("status", "error"), [(404, NotFound), (413, InvalidRequest), (500, ServerError)])
def test_other_response_is_inconclusive(status: int, error: type[PanwCloudError]) -> None:
    with pytest.raises(error):
        try_key(bound(Vendor(refusal(status, "no"))))


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [(401, "invalid_client", AuthenticationError), (400, "invalid_scope", AuthorizationError)],
)
def test_account_without_access_token_is_inconclusive(status: int, code: str, error: type[PanwCloudError]) -> None:
    with pytest.raises(error):
        try_key(bound(Server(Reply(status, {"error": code}))))
