# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The wait for verdicts: what is queried, what is shown, and how it ends."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.action import wildfire_submission
from ansible_collections.panw.cloud.tests.helpers.fakes import Clock
from ansible_collections.panw.cloud.tests.helpers.run_action import Action

SECRET = "the-client-secret-of-the-account"
ARGUMENTS = {"client_id": "me", "client_secret": SECRET, "tsg_id": "1700000001", "paths": ["/a"], "wait": True}
WAIT = {"timeout": 60, "interval": 30}


def sample(**changes: Any) -> dict[str, Any]:
    given = {"kind": "file", "path": "/a", "url": None, "sha256": "ab", "status": "submitted", "verdict": "pending"}
    return {**given, "code": -100, **changes}


LINK = sample(kind="link", path=None, url="https://a", sha256=None)


class Waiting(Action):
    """The action, with a clock that only sleep advances, and modules with scripted results."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *results: dict[str, Any], wait: Any = WAIT) -> None:
        super().__init__("wildfire_submission", ARGUMENTS)
        self.clock, self.shown = Clock(), []
        monkeypatch.setattr(wildfire_submission, "time", self)
        self.plugin._display.display = self.shown.append
        first = {"changed": True, "queries": 1, "uploads": 1, "pending": 1, **results[0]}
        self.results = [{**first, **({"wait": wait} if wait else {})}, *results[1:]]

    def monotonic(self) -> float:
        return self.clock()

    def sleep(self, seconds: float) -> None:
        self.clock.sleep(seconds)

    def _execute(self, **settings: Any) -> dict[str, Any]:
        self.modules.append(settings)
        return json.loads(json.dumps(self.results.pop(0)))  # type: ignore[no-any-return]


def verdicts(*files: tuple[str, str, int], urls: tuple[tuple[str, str, int], ...] = ()) -> dict[str, Any]:
    return {
        "verdicts": [{"hash": digest, "verdict": word, "code": code} for digest, word, code in files],
        "url_verdicts": [{"url": url, "verdict": word, "code": code} for url, word, code in urls],
        "queries": 1,
    }


@pytest.mark.parametrize(
    ("samples", "wait"),
    [
        ([sample()], None),
        ([sample(status="known", verdict="malware")], WAIT),
        ([sample(status="skipped", verdict="unknown")], WAIT),
        ([], WAIT),
    ],
)
def test_nothing_is_queried_without_need(monkeypatch: pytest.MonkeyPatch, samples: Any, wait: Any) -> None:
    action = Waiting(monkeypatch, {"samples": samples}, wait=wait)
    result = action.run()
    assert (result["samples"], "wait" in result) == (samples, False)
    assert len(action.modules) == 1
    assert action.shown == []


def test_verdicts_are_queried_until_all_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    action = Waiting(
        monkeypatch,
        {"samples": [sample(), LINK, sample(path="/b"), sample(sha256="cd", verdict="malware")]},
        verdicts(("ab", "unknown", -102), urls=(("https://a", "phishing", 4),)),
        verdicts(("ab", "benign", 0)),
    )
    result = action.run()
    assert [one["verdict"] for one in result["samples"]] == ["benign", "phishing", "benign", "malware"]
    assert (result["pending"], result["queries"], result["changed"]) == (0, 3, True)
    assert action.clock.pauses == [30, 30]
    assert action.shown == [
        "panw.cloud.wildfire_submission: waiting for 3 of 4 verdicts, at most 60 more seconds",
        "panw.cloud.wildfire_submission: waiting for 2 of 4 verdicts, at most 30 more seconds",
    ]
    first, second = (call["module_args"] for call in action.modules[1:])
    account = {name: ARGUMENTS[name] for name in ("client_id", "client_secret", "tsg_id")}
    assert first == {**account, "hashes": ["ab"], "urls": ["https://a"]}
    assert second == {**account, "hashes": ["ab"]}


def test_wait_ends_at_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    pending = verdicts(("ab", "pending", -100))
    result = Waiting(monkeypatch, {"samples": [sample()]}, *[pending] * 2).run()
    assert (result["failed"], result["changed"], result["error"]["kind"]) == (True, True, "timeout")
    assert result["msg"].startswith(
        "Could not get 1 WildFire verdicts: 1 are still missing after 60 seconds. Run again"
    )
    assert result["samples"] == [sample()]


def test_failed_query_keeps_the_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    failure = {"failed": True, "msg": "no", "error": {"kind": "quota_exceeded"}, "changed": False}
    result = Waiting(monkeypatch, {"samples": [sample()]}, failure).run()
    assert (result["msg"], result["error"], result["changed"]) == ("no", {"kind": "quota_exceeded"}, True)
    assert result["samples"] == [sample()]


def test_check_mode_and_failure_do_not_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    action = Waiting(monkeypatch, {"samples": [sample()], "failed": True, "msg": "no"})
    assert action.run()["msg"] == "no"
    action = Waiting(monkeypatch, {"samples": [sample()]})
    action.task.check_mode = True
    action.run()
    assert len(action.modules) == 1
