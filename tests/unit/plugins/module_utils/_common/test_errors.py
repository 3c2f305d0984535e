# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors state the operation, the server's response and the next step."""

from __future__ import annotations

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common import errors
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import (
    ErrorContext,
    InvalidInput,
    PanwCloudError,
    ServerError,
)

FULL = ErrorContext("GET https://h/v1", 500, "7", "it failed.", "id-1", 3)
KINDS = [
    ("TransportError", "transport"),
    ("AuthenticationError", "authentication"),
    ("AuthorizationError", "authorization"),
    ("AccessDisabled", "access_disabled"),
    ("NotFound", "not_found"),
    ("RouteNotFound", "route_not_found"),
    ("Throttled", "throttled"),
    ("InvalidRequest", "invalid_request"),
    ("Conflict", "conflict"),
    ("ServerError", "server"),
    ("InvalidResponse", "invalid_response"),
]


@pytest.mark.parametrize(("name", "kind"), KINDS)
def test_every_error_kind_has_advice(name: str, kind: str) -> None:
    error = getattr(errors, name)("try", FULL)
    assert error.kind == kind
    assert error.advice
    assert str(error).endswith(error.advice)


def test_text_with_full_context_has_all_parts() -> None:
    error = ServerError("list rulestacks", FULL, "Wait.")
    error.add("One.")
    error.add("Two.")
    assert str(error) == (
        "Could not list rulestacks at GET https://h/v1 after 3 attempts: the server returned HTTP 500, error code 7: it failed. One. Two. Wait."
    )


def test_text_with_little_context_omits_missing_parts() -> None:
    assert str(PanwCloudError("try")) == "Could not try: no details."
    assert (
        str(PanwCloudError("try", ErrorContext(status=404)))
        == "Could not try: the server returned HTTP 404: no details."
    )


def test_result_has_documented_keys() -> None:
    assert ServerError("try", FULL).as_result() == {
        "msg": str(ServerError("try", FULL)),
        "error": {
            "kind": "server",
            "operation": "try",
            "next_step": ServerError.advice,
            "possibly_alive": 0,
            "target": "GET https://h/v1",
            "status": 500,
            "error_code": "7",
            "reason": "it failed.",
            "request_id": "id-1",
            "attempts": 3,
        },
    }


def test_invalid_input_names_option() -> None:
    error = InvalidInput("region", "is missing.")
    assert str(error) == "Option 'region' is missing."
    assert error.as_result()["error"]["kind"] == "invalid_input"
    assert error.as_result()["error"]["reason"] == "is missing."
