# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rulestacks are read as documents that say what differs from the server's defaults."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidRequest, ServerError
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.catalog import IN_RULESTACK, sections_of
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.client import Listed
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.reader import Reader, gather
from ansible_collections.panw.cloud.tests.helpers.fake_rulestacks import FakeRulestacks, refused
from ansible_collections.panw.cloud.tests.helpers.fakes import refusal
from ansible_collections.panw.cloud.tests.helpers.meeting import let_meet

RULES = "/web/rulelists/LocalRule/priorities"
PROFILES = {"AntiVirusProfile": "custom", "AntiSpywareProfile": "BestPractice", "OutboundTrustCertificate": "c"}
MATCH = {"Source": {"Cidrs": ["any"]}, "Destination": {"Countries": ["us"]}, "Applications": ["Any"], "Action": "Allow"}


def web() -> FakeRulestacks:
    return FakeRulestacks(
        {
            "/web": {"Scope": "Local", "Description": "x", "Profiles": PROFILES, "New": 1},
            "/web/certificates/c": {"CertificateSelfSigned": True},
            "/web/feeds/f": {"FeedURL": "https://a.example", "Type": "IP_LIST", "Frequency": "HOURLY", "Time": 3},
            "/web/urlfilteringprofiles/custom/urlcategories/games": {"Action": "block", "AuditComment": "why"},
            "/web/urlfilteringprofiles/custom/urlcategories/news": {"Action": "none"},
            f"{RULES}/200": {"RuleName": "last", **MATCH, "ProtPortList": ["TCP:443"], "Logging": False},
            f"{RULES}/100": {
                "RuleName": "first",
                **MATCH,
                "Enabled": False,
                "Protocol": "application-default",
                "Logging": True,
            },
        },
        tags={"web": {"team": "network"}},
    )


def test_gathered_document_has_what_differs_from_the_defaults() -> None:
    """Or from what a new rule has. Rules are in the order of evaluation; there is no hour of an hourly feed, and no protocol beside ports."""
    counted: list[int] = []
    rule = {
        "source": {"cidrs": ["any"]},
        "destination": {"countries": ["US"]},
        "applications": ["any"],
        "action": "Allow",
    }
    assert gather(Reader(web().client), "web", "local", counted.append) == {
        "name": "web",
        "scope": "local",
        "description": "x",
        "profiles": {
            **{"anti_virus": "custom", "anti_spyware": "BestPractice", "vulnerability": "BestPractice"},
            **{"file_blocking": "BestPractice", "url_filtering": "None", "outbound_trust_certificate": "c"},
        },
        "tags": {"team": "network"},
        "certificates": [{"name": "c", "self_signed": True}],
        "feeds": [{"name": "f", "url": "https://a.example", "type": "IP_LIST", "frequency": "HOURLY"}],
        "predefined_url_category_overrides": [{"name": "games", "action": "block"}],
        "rules": [
            {"name": "first", "enabled": False, **rule, "priority": 100},
            {"name": "last", **rule, "prot_port_list": ["TCP:443"], "logging": False, "priority": 200},
        ],
    }
    assert sum(counted) == 6


def test_rulestack_that_does_not_exist_has_no_document() -> None:
    assert gather(Reader(FakeRulestacks().client), "web", "local") is None


def test_list_that_the_api_does_not_have_holds_what_is_named() -> None:
    fake = web()
    fake.missing.add("feeds")
    reader = Reader(fake.client)
    feeds = IN_RULESTACK["feeds"]
    assert reader.listed(feeds, ("web",), ["f"]) == [Listed("f", ("web", "f"))]
    (warning,) = reader.warnings
    assert warning.startswith(
        "The list of each intelligent feed of rulestack 'web' cannot be read: only those in the document are managed."
    )


def test_objects_that_disappear_while_they_are_read_are_left_out() -> None:
    fake = web()
    fake.fail("GET /web/certificates/c", refused("certificate c does not exist", 404))
    assert "certificates" not in (gather(Reader(fake.client), "web", "local") or {})


def test_failure_of_one_read_is_raised() -> None:
    fake = web()
    fake.fail("GET /web/feeds/f", *[refusal(503, "Service Unavailable")] * 5)
    with pytest.raises(ServerError, match="read intelligent feed 'f' in rulestack 'web'"):
        gather(Reader(fake.client), "web", "local")


def test_reader_without_client_finds_nothing() -> None:
    reader = Reader(None)
    assert reader.one(IN_RULESTACK["feeds"], ("web", "f"), "f") is None
    assert reader.listed(IN_RULESTACK["feeds"], ("web",), ["f"]) == []
    assert reader.rulestack("web", ["feeds"], lambda section: ["f"], lambda section, one: True, print) == (None, {})


def test_rulestack_and_its_lists_are_read_at_the_same_time(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = web()
    let_meet(monkeypatch, fake, len(sections_of("local")) + 1)
    assert (gather(Reader(fake.client), "web", "local") or {})["name"] == "web"


def test_after_a_failure_nothing_more_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeRulestacks({"/web": {}, **{f"/web/feeds/f{number}": {} for number in range(40)}})
    cancelled = threading.Event()
    shutdown = ThreadPoolExecutor.shutdown

    def record(pool: ThreadPoolExecutor, wait: bool = True, *, cancel_futures: bool = False) -> None:
        shutdown(pool, wait, cancel_futures=cancel_futures)
        if cancel_futures:
            cancelled.set()

    monkeypatch.setattr(ThreadPoolExecutor, "shutdown", record)
    fake.fail("GET /web/feeds/f0", refused("no", 400))
    fake.fail("GET /web/feeds/f5", lambda: cancelled.wait(10))  # the first one of the next part
    with pytest.raises(InvalidRequest, match="read intelligent feed 'f0'"):
        gather(Reader(fake.client, 1), "web", "local")
    assert [call for call in fake.calls if "/web/feeds/" in call] == ["GET /web/feeds/f0", "GET /web/feeds/f5"]


def test_failed_list_of_a_rulestack_that_does_not_exist_is_ignored() -> None:
    fake = FakeRulestacks()
    fake.missing.add("feeds")
    reader = Reader(fake.client)
    assert gather(reader, "web", "local") is None
    assert reader.warnings == []
