# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Samples, packet captures, web artifacts and test files."""

from __future__ import annotations

import hashlib

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidResponse, NotFound
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.downloads import (
    Hash,
    read_artifacts,
    read_capture,
    read_sample,
    read_test_file,
)
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.errors import NotPermitted
from ansible_collections.panw.cloud.tests.helpers.factories import URL, form, legacy, refusal
from ansible_collections.panw.cloud.tests.helpers.fakes import Reply, Server, http

FILE = Reply(200, b"malware", {"Content-Disposition": 'attachment; filename="x"'})
SHA256 = Hash(hashlib.sha256(b"malware").hexdigest())
MD5 = Hash(hashlib.md5(b"malware", usedforsecurity=False).hexdigest())


@pytest.mark.parametrize("hash_", [SHA256, MD5])
def test_sample_has_the_requested_hash(hash_: Hash) -> None:
    server = Server(FILE)
    assert read_sample(legacy(server), hash_).content == b"malware"
    assert form(server.requests[0])["hash"] == hash_.digest
    with pytest.raises(InvalidResponse, match="does not have the requested hash"):
        read_sample(legacy(Server(FILE)), Hash("0" * len(hash_.digest)))


def test_platform_and_kinds_are_sent() -> None:
    server = Server(FILE)
    client = legacy(server)
    read_capture(client, SHA256, None)
    read_capture(client, SHA256, 61)
    read_artifacts(client, "https://a", ["screenshot", "download_files"])
    first, second, third = map(form, server.requests)
    assert "platform" not in first
    assert second["platform"] == "61"
    assert third["types"] == "screenshot,download_files"


def test_missing_files_have_their_own_next_step() -> None:
    client = legacy(Server(refusal(404, "not found")))
    with pytest.raises(NotFound, match="does not keep it"):
        read_sample(client, SHA256)
    with pytest.raises(NotFound, match="for 90 days"):
        read_capture(client, SHA256, None)
    with pytest.raises(NotFound, match=r"of https://a at .*submit it as a link"):
        read_artifacts(client, "https://a?b", ["screenshot"])
    with pytest.raises(NotPermitted, match="submitted by your organization"):
        read_sample(legacy(Server(refusal(403, "no"))), SHA256)


def test_test_file_needs_no_credentials() -> None:
    server = Server(FILE)
    assert read_test_file(http(server), URL, "elf").content == b"malware"
    (request,) = server.requests
    assert (request.method, request.path_url, request.body) == ("GET", "/publicapi/test/elf", None)
    assert "Authorization" not in request.headers
    with pytest.raises(NotFound, match="wildfire_url"):
        read_test_file(http(Server(refusal(404, "x"))), URL, "elf")
