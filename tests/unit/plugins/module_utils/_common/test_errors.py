# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors say what was attempted, what came back and what to do."""

from __future__ import annotations

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common import errors
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import (
    Evidence,
    InvalidInput,
    PanwCloudError,
    RouteNotFound,
    ServerError,
)

FULL = Evidence("GET https://h/v1", 500, "7", "it failed.", "id-1", 3)
KINDS = [
    ("TransportError", "transport"),
    ("AuthenticationError", "authentication"),
    ("AuthorizationError", "authorization"),
    ("AccessDisabled", "access_disabled"),
    ("NotFound", "not_found"),
    ("RouteNotFound", "not_found"),
    ("Throttled", "throttled"),
    ("InvalidRequest", "invalid_request"),
    ("Conflict", "conflict"),
    ("ServerError", "server"),
    ("MalformedAnswer", "malformed_answer"),
]


@pytest.mark.parametrize(("name", "kind"), KINDS)
def test_every_kind_has_advice(name: str, kind: str) -> None:
    error = getattr(errors, name)("try", FULL)
    assert error.kind == kind
    assert error.advice
    assert str(error).endswith(error.advice)


def test_text() -> None:
    error = ServerError("list rulestacks", FULL, "Wait.")
    error.add("One.")
    error.add("Two.")
    assert str(error) == (
        "Could not list rulestacks at GET https://h/v1 after 3 attempts: the server answered HTTP 500, error code 7: it failed. One. Two. Wait."
    )


def test_text_of_little_evidence() -> None:
    assert str(PanwCloudError("try")) == "Could not try: nothing."
    assert str(PanwCloudError("try", Evidence(status=404))) == "Could not try: the server answered HTTP 404: nothing."


def test_result_has_the_parts_for_playbooks() -> None:
    assert ServerError("try", FULL).as_result() == {
        "msg": str(ServerError("try", FULL)),
        "error": {
            "kind": "server",
            "attempted": "try",
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


def test_invalid_input_names_the_option() -> None:
    error = InvalidInput("region", "is missing.")
    assert str(error) == "Option 'region' is missing."
    assert error.as_result()["error"]["kind"] == "invalid_input"
    assert error.as_result()["error"]["reason"] == "is missing."


def test_a_missing_route_is_something_not_found() -> None:
    assert issubclass(RouteNotFound, errors.NotFound)
