# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Result entries match the stores, whichever request fails, gets lost, or hangs until the run gives up."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import (
    InvalidResponse,
    PanwCloudError,
    ServerError,
)
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.rotation import engine, options, shutdown
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.rotation.models import FleetTarget
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.rotation.shutdown import Shutdown
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.tokens.spec import StoredTokenResult
from ansible_collections.panw.cloud.plugins.module_utils._stores.base import Contents
from ansible_collections.panw.cloud.plugins.module_utils._stores.documents import StoredToken
from ansible_collections.panw.cloud.tests.helpers.fake_vault import FakeVault

from .test_engine import SECONDS, World, fleet

STORES = ["secretsmanager", "ssm", "hashi_vault", "file"]
AHEAD = {"secretsmanager": 1, "ssm": 1, "hashi_vault": 0, "file": 0}  # requests before the target's own
VAULT = {"hashi_vault_url": "https://vault.example.com", "hashi_vault_token": "hvs.a-made-up-token"}
UNKNOWN = "The store may hold a new token. Run again: the next run finishes or rolls back the rotation."
# How a request ends, and whether the server acted before.
ENDS: dict[str, tuple[BaseException, bool]] = {
    "refused": (ServerError("write"), False),
    "lost": (ServerError("write"), True),
    "truncated": (KeyError("Version"), True),
    "malformed": (InvalidResponse("write"), True),
    "exits": (SystemExit(1), False),
}


class Requests:
    """The requests of a run in order, file changes included.

    :param vault: the client that the target shares.
    :ivar each: called for each request with its number, its name and the function that sends it.
    """

    def __init__(self, world: World, vault: FakeVault, monkeypatch: pytest.MonkeyPatch) -> None:
        self.names: list[str] = []
        self.each: Callable[[int, str, Callable[[], Any]], Any] = lambda _number, _name, act: act()
        ask, replace, unlink, serve = world.aws.ask, os.replace, os.unlink, world.server.send
        monkeypatch.setattr(
            world.aws,
            "ask",
            lambda service, attempted, operation, advice="", **request: self._one(
                operation, lambda: ask(service, attempted, operation, advice, **request)
            ),
        )
        for operation in ("read", "write", "limit_versions", "keeps_old_versions"):
            self._watch(vault, operation, monkeypatch)
        monkeypatch.setattr(os, "replace", lambda *paths: self._one("replace", lambda: replace(*paths)))
        monkeypatch.setattr(os, "unlink", lambda path: self._one("unlink", lambda: unlink(path)))
        monkeypatch.setattr(
            world.server, "send", lambda request, **more: self._one("api", lambda: serve(request, **more))
        )

    def _watch(self, vault: FakeVault, operation: str, monkeypatch: pytest.MonkeyPatch) -> None:
        act = getattr(vault, operation)
        monkeypatch.setattr(vault, operation, lambda *request: self._one(operation, lambda: act(*request)))

    def begin(self, each: Callable[[int, str, Callable[[], Any]], Any]) -> None:
        """Count from 0."""
        self.names, self.each = [], each

    def _one(self, name: str, act: Callable[[], Any]) -> Any:
        self.names.append(name)
        return self.each(len(self.names) - 1, name, act)


def member_in(store: str, directory: Path) -> tuple[FleetTarget, FakeVault]:
    """A target, and the client of Vault that it uses if its store is there."""
    directory.mkdir(mode=0o700)
    more = {"file": {"location": str(directory / "token.json")}, "hashi_vault": VAULT}.get(store, {})
    vault = FakeVault()
    with mock.patch.object(options, "VaultClient", return_value=vault):
        (member,) = fleet(1, store=store, **more)
    return member, vault


def held(world: World, member: FleetTarget) -> Contents[StoredToken]:
    aws: Any = world.aws
    return member.open(aws).load()


def check(entry: dict[str, Any], before: StoredToken, contents: Contents[StoredToken], *, down: bool = False) -> None:
    """Assert that an entry matches its store; C(unknown) makes no claim. :param down: whether the store was unreadable at the end."""
    current = contents.current
    assert current is not None
    if entry["state"] == "unknown":
        assert entry["next_step"] == UNKNOWN
        assert "old one stays" not in entry["reason"]
        return
    if entry["step"] == "read":  # nothing started, nothing known
        assert (entry["state"], current) == ("failed", before)
        return
    assert (entry["state"] == "rotated") == (current != before), entry
    assert entry["fingerprint"] == current.fingerprint
    assert entry["previous_fingerprint"] == (before.fingerprint if current != before else None)
    assert (
        down
        or entry["pending_revocation"]
        == StoredTokenResult(pending_revocations=list(contents.pending_revocations)).as_result()["pending_revocation"]
    )


def length(store: str, directory: Path) -> int:
    """Return the number of requests of a rotation."""
    with pytest.MonkeyPatch.context() as patch:
        world, (member, vault) = World(), member_in(store, directory)
        world.rotation([member]).run()
        requests = Requests(world, vault, patch)
        world.rotation([member], state="rotated").run()
        return len(requests.names)


@pytest.mark.parametrize("store", STORES)
@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("down", [False, True], ids=["once", "from then on"])
def test_entry_after_any_failed_request_matches_store(tmp_path: Path, store: str, end: str, down: bool) -> None:
    error, acts = ENDS[end]
    number = length(store, tmp_path / "first")
    assert number >= 7
    seen = set()
    for failing in range(AHEAD[store], number):
        with pytest.MonkeyPatch.context() as patch:
            world, (member, vault) = World(), member_in(store, tmp_path / str(failing))
            world.rotation([member]).run()
            before = held(world, member).current
            assert before
            requests = Requests(world, vault, patch)

            def strike(position: int, _name: str, act: Callable[[], Any], failing: int = failing) -> Any:
                if position == failing or (down and position > failing):
                    if acts and position == failing:
                        act()
                    raise error.with_traceback(None)
                return act()

            requests.begin(strike)
            result = world.rotation([member], state="rotated", retries=0).run()
            requests.begin(lambda _position, _name, act: act())
            (entry,) = result["targets"]
            check(entry, before, held(world, member), down=down)
            seen.add(entry["state"])
            assert entry["state"] != "unknown" or down
            assert result["changed"] or entry["state"] not in ("rotated", "unknown")
    assert seen >= {"failed", "rotated"}


class Hanging:
    """Hang one request until the run has given up. :param acts: whether the server acts before."""

    def __init__(self, world: World, stop: Shutdown, at: int, acts: bool) -> None:
        self._world, self._stop, self._at, self._acts = world, stop, at, acts
        self.release, self.ended = threading.Event(), threading.Event()
        self.thread: threading.Thread | None = None

    def __call__(self, position: int, _name: str, act: Callable[[], Any]) -> Any:
        if position != self._at:
            return act()
        self.thread = threading.current_thread()
        done = act() if self._acts else None
        self._stop.interrupt()
        self._world.clock.seconds += shutdown.LAST + 1
        assert self.release.wait(SECONDS)
        return done if self._acts else act()


@pytest.mark.parametrize("store", STORES)
@pytest.mark.parametrize("acts", [True, False], ids=["response is late", "server is late"])
def test_entry_after_any_hanging_request_matches_store_for_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, store: str, acts: bool
) -> None:
    """Includes what the abandoned attempt does when its request returns."""
    monkeypatch.setattr(engine, "TICK", 0.01)
    seen = set()
    for at in range(length(store, tmp_path / "first")):
        with pytest.MonkeyPatch.context() as patch:
            world, (member, vault) = World(), member_in(store, tmp_path / str(at))
            world.rotation([member]).run()
            before = held(world, member).current
            assert before
            stop, requests = Shutdown(world.clock), Requests(world, vault, patch)
            hanging = Hanging(world, stop, at, acts)
            requests.begin(hanging)
            result = world.rotation([member], stop, state="rotated").run()
            (entry,) = result["targets"]
            if entry["state"] != "not_started":
                check(entry, before, held(world, member))
            hanging.release.set()
            assert hanging.thread
            hanging.thread.join(SECONDS)
            after = held(world, member).current
            assert after
            assert entry["state"] in ("rotated", "unknown") or after == before, entry
            assert entry["state"] != "rotated" or after.fingerprint == entry["fingerprint"]
            seen.add(entry["state"])
    # In all others, a promotion is one request: if it succeeded, so did the promotion.
    assert seen == {"not_started", "failed", "rotated"} | (set() if acts and store != "ssm" else {"unknown"})


def test_entry_after_store_timeout_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "SETTLING", 0.05)
    world, release = World(), threading.Event()
    world.rotation(fleet(1)).run()
    stop, requests = Shutdown(world.clock), Requests(world, FakeVault(), monkeypatch)

    def hang(position: int, name: str, act: Callable[[], Any]) -> Any:
        if stop.interrupted or (name == "update_secret_version_stage" and "api" in requests.names[:-1]):
            act()  # the promotion
            stop.interrupt()
            world.clock.seconds += shutdown.LAST + 1
            assert release.wait(SECONDS)
        return act()

    requests.begin(hang)
    result = world.rotation(fleet(1), stop, state="rotated").run()
    release.set()
    (entry,) = result["targets"]
    assert (entry["state"], entry["kind"], entry["step"]) == ("unknown", "interrupted", "finish")
    assert entry["next_step"] == UNKNOWN
    assert (result["counts"]["unknown"], result["changed"]) == (1, True)


def test_lost_promotion_is_not_repeated_by_next_attempt(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    world.rotation(fleet(1)).run()
    requests = Requests(world, FakeVault(), monkeypatch)
    lost = iter([True])

    def lose(_position: int, name: str, act: Callable[[], Any]) -> Any:
        done = act()
        promoted = name == "update_secret_version_stage" and requests.names.count("api") >= 2
        if promoted and next(lost, False):
            raise ServerError("move it")
        return done

    requests.begin(lose)
    result = world.rotation(fleet(1), state="rotated", retries=1).run()
    assert [entry["state"] for entry in result["targets"]] == ["rotated"]
    assert (world.issued, len(world.alive)) == (2, 1)
    assert result["targets"][0]["warnings"] == []


def test_unknown_state_counts_as_failure() -> None:
    failure: PanwCloudError = ServerError("move it")
    world = World()
    world.rotation(fleet(3)).run()
    aws: Any = world.aws

    def down(operation: str) -> None:
        if operation == "update_secret_version_stage" and world.issued > 3:
            world.aws.before = always
            raise failure

    def always(_operation: str) -> None:
        raise failure

    aws.before = down
    result = world.rotation(fleet(3), state="rotated", retries=0, max_failed=10).run()
    assert result["stopped"] is True
    assert result["counts"]["unknown"] + result["counts"]["failed"] >= 1
