# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""WildFire requests: a form, with credentials in the header or in the form."""

from __future__ import annotations

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import (
    AuthenticationError,
    InvalidResponse,
    NotFound,
    TransportError,
)
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.client import Attachment, LegacyKey
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.errors import KeyRefused
from ansible_collections.panw.cloud.tests.helpers.factories import (
    API_KEY,
    Vendor,
    bound,
    form,
    legacy,
    refusal,
    wildfire,
)
from ansible_collections.panw.cloud.tests.helpers.fakes import Reply, Server

WRONG = refusal(401, "Invalid API key")


def test_access_token_is_sent_in_header_without_key() -> None:
    vendor = Vendor(wildfire())
    bound(vendor).ask("try", "/get/verdict", {"hash": "x"})
    (request,) = vendor.asked
    assert (request.method, request.url) == ("POST", "https://wildfire.paloaltonetworks.com/publicapi/get/verdict")
    assert request.headers["Authorization"] == "Bearer access-token-1"
    assert request.headers["Accept"] == "application/xml"
    assert form(request) == {"hash": "x"}


def test_legacy_key_is_sent_in_form_without_header(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    netrc = f"{tmp_path}/netrc"
    with open(netrc, "w", encoding="utf-8") as file:
        file.write("machine wildfire.paloaltonetworks.com login somebody password something\n")
    monkeypatch.setenv("NETRC", netrc)
    server = Server(wildfire())
    legacy(server, "pcc").ask("try", "/get/verdict", {"hash": "x"})
    (request,) = server.requests
    assert form(request) == {"apikey": API_KEY, "agent": "pcc", "hash": "x"}
    assert "Authorization" not in request.headers
    assert API_KEY not in request.url
    legacy(server).ask("try", "/get/verdict", {})
    assert form(server.requests[1]) == {"apikey": API_KEY}


def test_files_are_sent_as_multipart_files() -> None:
    server = Server(wildfire())
    legacy(server).ask("try", "/get/verdicts", {"file": ("hashes.txt", "a\nb\n")})
    (request,) = server.requests
    assert b'name="file"; filename="hashes.txt"' in request.body
    assert form(request)["file"] == "a\nb"


def test_rejected_access_token_is_renewed_once() -> None:
    vendor = Vendor(WRONG, wildfire())
    bound(vendor).ask("try", "/x", {})
    assert [request.headers["Authorization"] for request in vendor.asked] == [
        "Bearer access-token-1",
        "Bearer access-token-2",
    ]
    vendor = Vendor(WRONG)
    with pytest.raises(KeyRefused) as caught:
        bound(vendor).ask("try", "/x", {})
    assert len(vendor.asked) == 2
    assert caught.value.context.reason == "Invalid API key"


def test_rejected_legacy_key_is_not_retried() -> None:
    server = Server(WRONG)
    with pytest.raises(KeyRefused, match="agent"):
        legacy(server).ask("try", "/x", {})
    assert len(server.requests) == 1


def test_credentials_rejected_by_token_server_raise_other_error() -> None:
    server = Server(Reply(401, {"error": "invalid_client", "error_description": "Client authentication failed"}))
    with pytest.raises(AuthenticationError, match="Client authentication failed") as caught:
        bound(server).ask("try", "/x", {})
    assert not isinstance(caught.value, KeyRefused)


def test_errors_show_no_key() -> None:
    for server in (Server(refusal(500, f"cannot use {API_KEY}")), Server(ConnectionResetError(API_KEY))):
        with pytest.raises(Exception, match="Could not try") as caught:
            legacy(server).ask("try", "/x", {})
        assert API_KEY not in str(caught.value)
    assert isinstance(caught.value, TransportError)
    assert API_KEY not in repr(LegacyKey(API_KEY))


def test_file_has_the_servers_name() -> None:
    headers = {"Content-Disposition": 'attachment; filename="../sample.000"'}
    client = legacy(Server(Reply(200, b"MZ\x00", headers)))
    assert client.fetch("try", "/get/sample", {}) == Attachment("../sample.000", b"MZ\x00")
    assert (client.queries, client.uploads) == (1, 0)


@pytest.mark.parametrize("headers", [{}, {"Content-Disposition": "inline"}])
def test_page_instead_of_a_file_raises_error(headers: dict[str, str]) -> None:
    with pytest.raises(InvalidResponse, match="not a file"):
        legacy(Server(Reply(200, b"<html>", headers))).fetch("try", "/get/sample", {})


def test_documents_are_checked_and_not_changed() -> None:
    body = b'{"a":  1}'
    assert legacy(Server(Reply(200, body))).fetch_text("try", "/get/report", {}, is_xml=False) == body
    with pytest.raises(InvalidResponse, match="not JSON"):
        legacy(Server(wildfire())).fetch_text("try", "/get/report", {}, is_xml=False)
    assert legacy(Server(wildfire())).fetch_text("try", "/get/report", {}, is_xml=True) == wildfire().body
    with pytest.raises(InvalidResponse, match="not XML"):
        legacy(Server(Reply(200, body))).fetch_text("try", "/get/report", {}, is_xml=True)


def test_advice_of_a_call_replaces_the_general_one() -> None:
    server = Server(refusal(404, "not found"))
    with pytest.raises(NotFound, match="Submit it first"):
        legacy(server).fetch("try", "/get/sample", {}, {404: "Submit it first."})
    with pytest.raises(NotFound, match="wildfire_url"):
        legacy(server).ask("try", "/get/verdict", {}, {403: "Submit it first."})


def test_submission_is_sent_once_and_queries_are_repeated() -> None:
    lost = Server(ConnectionResetError(), wildfire())
    with pytest.raises(TransportError) as caught:
        legacy(lost).submit("try", "/submit/file", {})
    assert caught.value.outcome_unknown
    assert len(lost.requests) == 1
    client = legacy(Server(ConnectionResetError(), wildfire()))
    client.ask("try", "/get/verdict", {})
    client.submit("try", "/submit/file", {})
    assert (client.queries, client.uploads) == (1, 1)
