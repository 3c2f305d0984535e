# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rotation engine over fake servers: failures, retries and interruptions."""

from __future__ import annotations

import functools
import re
import threading
from collections.abc import Callable
from typing import Any

import pytest
import requests
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidRequest, ServerError
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.rotation import engine, shutdown
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.rotation.engine import Rotation
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.rotation.models import Account, FleetTarget, RotationPlan
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.rotation.shutdown import Shutdown
from ansible_collections.panw.cloud.plugins.module_utils._stores.documents import Reservation, StoredToken
from ansible_collections.panw.cloud.plugins.module_utils._stores.factory import open_store
from ansible_collections.panw.cloud.plugins.module_utils._transport.http import Limits
from ansible_collections.panw.cloud.plugins.module_utils._transport.rate_limiter import RateLimits
from ansible_collections.panw.cloud.tests.helpers.fake_aws import FakeAws
from ansible_collections.panw.cloud.tests.helpers.fakes import (
    CREDENTIALS,
    Clock,
    Reply,
    Server,
    http,
    issued,
    jwt,
    success,
)
from ansible_collections.panw.cloud.tests.unit.plugins.module_utils._ngfw.rotation.test_options import one

ROLE = "arn:aws:iam::123456789012:role/One"
SECONDS = 30


class World:
    """AWS and the API, as far as a fleet needs them.

    :ivar alive: the tokens that the API accepts. :ivar response: called before the API acts.
    :ivar loses: whether the response to a token request is lost.
    """

    def __init__(self) -> None:
        self.aws, self.clock = FakeAws(), Clock()
        self.alive: list[str] = []
        self.issued = 0
        self.response: Callable[[str], Reply | BaseException | None] = lambda _route: None
        self.loses: Callable[[], bool] = lambda: False
        self.server = Server(handler=self._serve)
        self.rates = RateLimits({"api": 1e6, "sts": 1e6, "store": 1e6}, self.clock, self.clock.sleep)
        self._lock = threading.Lock()

    def _serve(self, request: requests.PreparedRequest) -> Reply | BaseException:
        path = request.path_url.partition("?")[0]
        route = "issue" if path.endswith("admin") else "revoke" if request.method == "DELETE" else "prove"
        refused = self.response(route)
        if refused:
            return refused
        with self._lock:
            if route == "issue":
                self.issued += 1
                token = jwt(jti=self.issued)
                self.alive.append(token)
                return requests.exceptions.ReadTimeout("late") if self.loses() else issued(token, minutes=60)
            token = path.rpartition("/")[2] if route == "revoke" else str(request.headers["Authorization"])
            if token not in self.alive:
                return Reply(404 if route == "revoke" else 403, {"message": "Forbidden"})
            if route == "revoke":
                self.alive.remove(token)
            return success({})

    # Replaces Access and Sessions.

    def sessions(self, _account: Account) -> World:
        return self

    def credentials(self, _role: Any) -> Any:
        return CREDENTIALS

    def account_of(self, credentials: Any) -> Any:
        return credentials.account_id

    def http(self, _place: str) -> Any:
        return http(self.server, clock=self.clock, limits=Limits(attempts=2))

    def client(self, _account: Account) -> FakeAws:
        return self.aws

    def rotation(self, members: list[FleetTarget], stop: Shutdown | None = None, **plan: Any) -> Rotation:
        plan = {"concurrency": 1, **plan}
        self.access = _Access(self)
        return Rotation(
            members,
            RotationPlan(**plan),
            self.access,
            stop or Shutdown(self.clock),
            now=self.clock.now,
            clock=self.clock,  # type: ignore[arg-type]
        )


class _Access:
    def __init__(self, world: World) -> None:
        self.aws, self.rates = world.client, world.rates
        self.sessions, self.http = world.sessions, world.http


def fleet(number: int, **own: Any) -> list[FleetTarget]:
    return [one({"name": f"t{index}", **own}, role_arn=ROLE) for index in range(number)]


def states(result: dict[str, Any]) -> list[str]:
    return [entry["state"] for entry in result["targets"]]


def test_fleet_first_run_creates_tokens_and_second_finds_them_fresh() -> None:
    world = World()
    first = world.rotation(fleet(25)).run()
    assert states(first) == ["rotated"] * 25
    assert first["counts"] == {
        "targets": 25,
        "fresh": 0,
        "rotated": 25,
        "failed": 0,
        "unknown": 0,
        "locked": 0,
        "not_started": 0,
        "repaired": 0,
    }
    assert (first["changed"], first["interrupted"], first["stopped"], first["dry_run"]) == (True, False, False, False)
    world.aws.calls.clear()
    requests_before = len(world.server.requests)
    second = world.rotation(fleet(25)).run()
    assert states(second) == ["fresh"] * 25
    assert second["changed"] is False
    assert [entry["fingerprint"] for entry in second["targets"]] == [entry["fingerprint"] for entry in first["targets"]]
    assert len(world.server.requests) == requests_before
    assert sorted(set(world.aws.calls)) == ["batch_get_secret_value", "describe_secret"]
    assert len(world.aws.calls) == 2 + 25


def test_transient_failure_is_retried_at_the_end() -> None:
    world = World()
    failures = iter([Reply(429), Reply(429)])
    world.response = lambda route: next(failures, None) if route == "issue" else None
    result = world.rotation(fleet(3), retries=1).run()
    assert states(result) == ["rotated"] * 3
    assert world.issued == len(world.alive) == 3
    assert result["targets"][0]["reason"] is None


def test_attempts_are_limited_per_target() -> None:
    world = World()
    world.response = lambda route: Reply(429) if route == "issue" else None
    result = world.rotation(fleet(2), retries=2).run()
    assert states(result) == ["failed"] * 2
    assert len(world.server.requests) == 2 * 3 * 2, "targets, attempts, requests"
    entry = result["targets"][0]
    assert (entry["step"], entry["kind"], entry["possibly_alive"]) == ("create", "throttled", 0)
    assert "429" in entry["reason"]
    assert "Run again later" in entry["next_step"]
    assert entry["next_step"] not in entry["reason"]


@pytest.mark.parametrize(
    "lost",
    [
        Reply(503),
        Reply(500),
        Reply(408),
        Reply(200, "<html>"),
        Reply(200, ""),
        requests.exceptions.ReadTimeout("late"),
        requests.exceptions.ConnectionError("reset"),
    ],
)
def test_unknown_token_outcome_is_not_retried(lost: Reply | BaseException) -> None:
    """Regardless of the attempt limit: each retry could leave two more orphaned tokens."""
    world = World()
    world.response = lambda route: lost if route == "issue" else None
    result = world.rotation(fleet(2), retries=2).run()
    assert states(result) == ["failed"] * 2
    for entry in result["targets"]:
        assert entry["possibly_alive"] == len(world.server.requests) // 2 <= 2
        assert re.search(r"The outcome of .* unknown.* lost.* expires? within \d+ minutes", entry["reason"]), entry


def test_lost_responses_leave_no_more_tokens_than_counted() -> None:
    world = World()
    world.loses = lambda: True
    result = world.rotation(fleet(3), retries=5).run()
    assert states(result) == ["failed"] * 3
    assert [entry["possibly_alive"] for entry in result["targets"]] == [2] * 3
    assert len(world.alive) == 6


def test_success_after_lost_response_warns() -> None:
    world = World()
    losing = iter([True])
    world.loses = lambda: next(losing, False)
    rotation = world.rotation(fleet(2))
    result = rotation.run()
    assert states(result) == ["rotated"] * 2
    assert sorted(entry["possibly_alive"] for entry in result["targets"]) == [0, 1]
    assert len(world.alive) == 3
    (warning,) = rotation.warnings
    assert "it is lost, and expires within" in warning


def test_permanent_failure_is_not_retried() -> None:
    world = World()
    world.response = lambda route: Reply(403, {"message": "Forbidden"}) if route == "issue" else None
    result = world.rotation(fleet(1), retries=5).run()
    assert states(result) == ["failed"]
    assert len(world.server.requests) == 1


def test_unreleased_reservation_is_recognized_as_own() -> None:
    world = World()
    world.rotation(fleet(1)).run()
    failures = iter([Reply(429), Reply(429)])
    world.response = lambda route: next(failures, None) if route == "issue" else None
    moves = iter(range(99))

    def before(operation: str) -> None:
        if operation == "update_secret_version_stage" and next(moves) == 1:  # the release
            raise ServerError("move it")

    world.aws.before = before
    result = world.rotation(fleet(1), state="rotated", retries=1).run()
    assert states(result) == ["rotated"], result["targets"]
    assert len(world.alive) == 1


def test_reservation_of_other_run_reports_target_locked() -> None:
    world = World()
    (member,) = fleet(1)
    options = dict.fromkeys(
        ("path", "kms_key_id", "store_tags", "resource_policy", "recovery_window", "vault_password_file")
    )
    aws: Any = world.aws
    other: Any = open_store({**options, "store": "secretsmanager", "name": "t0"}, lambda: aws, "us-east-1", StoredToken)
    other.load()
    other.reserve(Reservation(world.clock.now(), "somebody else"))
    result = world.rotation([member], retries=0).run()
    assert states(result) == ["locked"]
    assert result["targets"][0]["kind"] == "conflict"
    assert world.issued == 0
    assert result["changed"] is False


def test_created_token_is_not_recreated_after_later_failure() -> None:
    world = World()
    world.rotation(fleet(1)).run()
    old = list(world.alive)
    failed = iter([True])

    def before(operation: str) -> None:
        if (
            operation == "update_secret_version_stage"
            and world.alive
            and world.alive[0] not in old
            and next(failed, False)
        ):
            raise ServerError("forget it")

    world.aws.before = before
    result = world.rotation(fleet(1), state="rotated", retries=1).run()
    assert states(result) == ["rotated"], result["targets"]
    assert world.issued == 2
    assert len(world.alive) == 1
    assert result["targets"][0]["previous_fingerprint"]


def test_max_failed_exceeded_starts_no_more_targets() -> None:
    world = World()
    world.response = lambda route: Reply(403, {"message": "Forbidden"}) if route == "issue" else None
    result = world.rotation(fleet(20), max_failed=10).run()
    assert states(result) == ["failed"] * 3 + ["not_started"] * 17
    assert (result["stopped"], result["interrupted"]) == (True, False)
    assert result["targets"][5]["duration"] is None


def test_interruption_leaves_no_reservation_and_creates_no_token() -> None:
    world = World()
    stop = Shutdown(world.clock)

    def before(operation: str) -> None:
        if operation == "create_secret" and world.issued == 3:
            stop.interrupt()

    world.aws.before = before
    result = world.rotation(fleet(10), stop).run()
    assert states(result) == ["rotated"] * 3 + ["not_started"] * 7
    assert result["interrupted"] is True
    assert world.issued == 3
    again = world.rotation(fleet(10)).run()
    assert states(again) == ["fresh"] * 3 + ["rotated"] * 7


def test_hanging_target_is_abandoned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutdown, "LAST", 5.0)
    world = World()
    stop, release = Shutdown(world.clock), threading.Event()

    def hang(route: str) -> None:
        if route == "prove":
            stop.interrupt()
            world.clock.seconds += 6
            assert release.wait(SECONDS)

    world.response = functools.partial(hang)  # type: ignore[assignment]
    rotation = world.rotation(fleet(2), stop)
    result = rotation.run()
    release.set()
    assert states(result) == ["failed", "not_started"]
    assert result["targets"][0]["kind"] == "interrupted"
    assert "finishes or rolls back" in result["targets"][0]["next_step"]


def test_task_timeout_leaves_nothing_half_done() -> None:
    world = World()
    started, release = threading.Event(), threading.Event()

    def hang(route: str) -> None:
        if route == "prove":
            started.set()
            assert release.wait(SECONDS)

    world.response = hang  # type: ignore[assignment]

    def watch(_snapshot: Any) -> None:
        assert started.wait(SECONDS)
        threading.Timer(0.2, release.set).start()
        raise TimeoutError("the task's")

    with pytest.raises(TimeoutError, match="the task's"):
        world.rotation(fleet(5)).run(watch)
    assert world.issued == 1
    again = world.rotation(fleet(5)).run()
    assert states(again) == ["fresh", *["rotated"] * 4]


def test_neighbors_are_of_different_accounts() -> None:
    world = World()
    members = [
        one({"name": f"{profile}{index}", "profile": profile}, role_arn=ROLE) for profile in "ab" for index in range(45)
    ]
    groups = [(group[0].result.member.account.profile, len(group)) for group in world.rotation(members)._groups()]
    assert groups == [("a", 20), ("b", 20), ("a", 20), ("b", 20), ("a", 5), ("b", 5)]


def test_warning_names_its_target() -> None:
    world = World()
    world.rotation(fleet(1)).run()
    world.response = lambda route: Reply(400, {"message": "no"}) if route == "revoke" else None
    rotation = world.rotation(fleet(1), state="rotated")
    result = rotation.run()
    assert states(result) == ["rotated"]
    assert result["targets"][0]["pending_revocation"]
    (warning,) = rotation.warnings
    assert warning.startswith("t0: Could not revoke the token")
    assert InvalidRequest.kind not in states(result)


def test_same_warning_of_several_targets_is_shown_once() -> None:
    rotation = World().rotation(fleet(3, expiry_time=480))  # the API of this world grants 60
    result = rotation.run()
    assert rotation.warnings == [
        "t0 and 2 more targets: The token lives for 60 minutes, and 480 were requested: the maximum of the tenant is lower."
    ]
    assert all(len(entry["warnings"]) == 1 for entry in result["targets"])


def test_fleet_without_store_returns_tokens_outside_result() -> None:
    world = World()
    rotation = world.rotation(fleet(2, store="none"))
    result = rotation.run()
    assert states(result) == ["rotated"] * 2
    assert sorted(token.token for token in rotation.tokens.values()) == sorted(world.alive)
    assert not [token for token in world.alive if token in str(result)]
    assert "prove" not in result["steps"]


def test_concurrency_is_adapted_while_the_run_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    together, world = threading.Barrier(4), World()
    asked: list[tuple[Any, int, int]] = []

    class Growing:
        limit = 1

        def __init__(self, latencies: Any, most: int) -> None:
            self._latencies, self._most = latencies, most

        def update(self, throttled: int) -> int:
            asked.append((self._latencies, self._most, throttled))
            return self._most

    def response(route: str) -> None:
        if route == "issue":
            together.wait(SECONDS)

    monkeypatch.setattr(engine, "Concurrency", Growing)
    world.response = response
    assert states(world.rotation(fleet(4), concurrency=9).run()) == ["rotated"] * 4
    assert not together.broken
    assert asked[0] == (world.rates.latencies, 4, 0), "capped by the number of targets"
