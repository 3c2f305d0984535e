# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What targets share: role sessions, clients and prefetched documents."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._aws.assumed_role import AssumedRole
from ansible_collections.panw.cloud.plugins.module_utils._aws.client import Connection
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import (
    AuthorizationError,
    ErrorContext,
    ServerError,
)
from ansible_collections.panw.cloud.plugins.module_utils._common.redaction import Scrubber
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.rotation.models import Account
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.rotation.prefetch import Prefetcher
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.rotation.shared_clients import Sessions, SharedClients
from ansible_collections.panw.cloud.plugins.module_utils._stores.documents import Record, Reservation, StoredToken
from ansible_collections.panw.cloud.plugins.module_utils._stores.factory import open_store
from ansible_collections.panw.cloud.plugins.module_utils._transport.rate_limiter import RateLimits
from ansible_collections.panw.cloud.tests.helpers.fake_aws import NOW, FakeAws, stored
from ansible_collections.panw.cloud.tests.helpers.fakes import CREDENTIALS, Clock, Server, http

ROLE = AssumedRole("arn:aws:iam::123456789012:role/One", "session")
SECONDS = 30


class Sts:
    """Replaces AwsClient: returns credentials after all expected callers have arrived."""

    def __init__(self, waiting: int = 0) -> None:
        self.asked: list[AssumedRole | None] = []
        self.failure: Exception | None = None
        self.go = threading.Event()
        if not waiting:
            self.go.set()

    def credentials(self, role: AssumedRole | None) -> Any:
        self.asked.append(role)
        assert self.go.wait(SECONDS)
        if self.failure:
            raise self.failure
        return CREDENTIALS

    def account_of(self, credentials: Any) -> str:
        return str(credentials.account_id)


def test_role_requested_in_parallel_is_assumed_once() -> None:
    sts = Sts(waiting=1)
    sessions = Sessions(sts, Clock())  # type: ignore[arg-type]
    found: list[Any] = []
    threads = [threading.Thread(target=lambda: found.append(sessions.credentials(ROLE))) for _number in range(8)]
    for thread in threads:
        thread.start()
    sts.go.set()
    for thread in threads:
        thread.join(SECONDS)
    assert found == [CREDENTIALS] * 8
    assert sts.asked == [ROLE]
    assert sessions.account_of(CREDENTIALS) == CREDENTIALS.account_id


@pytest.mark.parametrize(("duration", "kept"), [(None, 3300), (900, 600), (43200, 42900)])
def test_role_session_near_expiry_is_assumed_again(duration: int | None, kept: int) -> None:
    clock, sts = Clock(), Sts()
    sessions = Sessions(sts, clock)  # type: ignore[arg-type]
    role = AssumedRole(ROLE.arn, "session", duration=duration)
    for moment, asked in ((0, 1), (kept - 1, 1), (kept + 1, 2)):
        clock.seconds = moment
        sessions.credentials(role)
        assert len(sts.asked) == asked


def test_caller_credentials_are_not_cached_by_sessions() -> None:
    """They can expire long before a role session of one hour."""
    sts = Sts()
    sessions = Sessions(sts, Clock())  # type: ignore[arg-type]
    for _target in range(3):
        assert sessions.credentials(None) == CREDENTIALS
    assert sts.asked == [None] * 3


def test_failure_is_not_cached_and_each_caller_gets_a_copy() -> None:
    sts = Sts()
    sts.failure = AuthorizationError("assume the role")
    sessions = Sessions(sts, Clock())  # type: ignore[arg-type]
    errors = []
    for _attempt in range(2):
        with pytest.raises(AuthorizationError) as caught:
            sessions.credentials(ROLE)
        caught.value.add("a note of one target")
        errors.append(caught.value)
    assert errors[0] is not errors[1]
    assert errors[1].notes == ["a note of one target"]
    assert len(sts.asked) == 2
    sts.failure = None
    assert sessions.credentials(ROLE) == CREDENTIALS


def test_each_account_has_one_client_with_its_profile_and_region() -> None:
    clock = Clock()
    rates = RateLimits({"api": 9, "sts": 9, "store": 9}, clock, clock.sleep)
    connection = Connection("us-east-1", None, {"profile_name": None, "verify": True})
    access = SharedClients(connection, http(Server()), rates, 4, Scrubber())
    one, other = Account("one", "us-east-1"), Account(None, "eu-west-1")
    assert access.aws(one) is access.aws(one)
    assert access.aws(one) is not access.aws(other)
    assert access.sessions(one) is access.sessions(one)
    assert access.aws(one)._connection.parameters["profile_name"] == "one"
    assert access.aws(other)._connection == Connection("eu-west-1", None, connection.parameters)
    assert access.http("x") is not access.http("x"), "a target's secrets stay unknown to other targets"


def test_quotas_apply_to_each_account_and_region() -> None:
    clock = Clock()
    rates = RateLimits({"api": 1e6, "sts": 1e6, "store": 1e6}, clock, clock.sleep, share=1)
    access = SharedClients(Connection("us-east-1", None, {}), http(Server()), rates, 4, Scrubber())
    paces = [
        access._pacer(Account(profile, region))("secretsmanager")
        for profile, region in ((None, "us-east-1"), (None, "eu-west-1"), ("one", "us-east-1"))
    ]
    for _turn in range(11):
        for pace in paces:
            pace.wait("PutSecretValue")
    assert clock.seconds == pytest.approx(10 / 45, rel=0.01), "50 writes a second in each, nine tenths of them used"


def stores(aws: FakeAws, kind: str, number: int) -> list[Any]:
    options = dict.fromkeys(
        ("path", "kms_key_id", "store_tags", "resource_policy", "recovery_window", "vault_password_file")
    )
    return [
        open_store({**options, "store": kind, "name": f"/place/{index}"}, lambda: aws, "us-east-1", StoredToken)  # type: ignore[arg-type]
        for index in range(number)
    ]


def rotate(store: Any, number: int) -> None:
    store.load()
    store.reserve(Reservation(NOW, "one"))
    store.stage(stored(number), "one")
    store.promote(None)
    store.unlock()


@pytest.mark.parametrize(
    ("kind", "batch", "each"),
    [("secretsmanager", "batch_get_secret_value", "describe_secret"), ("ssm", "get_parameters", "")],
)
def test_stores_are_prefetched(kind: str, batch: str, each: str) -> None:
    aws = FakeAws()
    for number, store in enumerate(stores(aws, kind, 3)):
        if number != 1:
            rotate(store, number)
    aws.calls.clear()
    again = stores(aws, kind, 3)
    Prefetcher().read(kind, aws, again)  # type: ignore[arg-type]
    assert [store.load().current for store in again] == [stored(0), None, stored(2)]
    assert aws.calls == [batch, *[each] * 3] if each else [batch]


def test_stale_prefetched_document_does_no_harm() -> None:
    for kind in ("secretsmanager", "ssm"):
        aws = FakeAws()
        rotate(stores(aws, kind, 1)[0], 1)
        late = stores(aws, kind, 1)
        Prefetcher().read(kind, aws, late)  # type: ignore[arg-type]
        rotate(stores(aws, kind, 1)[0], 2)
        held = late[0].load().current
        if kind == "secretsmanager":
            assert held == stored(2), "the current version is queried again"
        else:
            with pytest.raises(Exception, match="another run has just ended"):
                late[0].reserve(Reservation(NOW, "late"))
            assert late[0].load().current == stored(2)


def test_prefetch_without_permission_warns_once() -> None:
    asked: list[str] = []

    class Refusing:
        def ask(self, _service: str, _attempted: str, operation: str, **_request: Any) -> Any:
            asked.append(operation)
            raise AuthorizationError("read", ErrorContext(reason="not allowed"))

    ahead = Prefetcher()
    for _group in range(3):
        ahead.read("secretsmanager", Refusing(), stores(FakeAws(), "secretsmanager", 1))  # type: ignore[arg-type]
    assert asked == ["batch_get_secret_value"]
    assert ahead.refused == {"batch_get_secret_value": "not allowed"}


def test_prefetch_other_failure_is_left_to_targets() -> None:
    class Failing:
        def ask(self, *_arguments: Any, **_request: Any) -> Any:
            raise ServerError("read")

    ahead = Prefetcher()
    ahead.read("ssm", Failing(), stores(FakeAws(), "ssm", 1))  # type: ignore[arg-type]
    assert ahead.refused == {}


def test_prefetched_document_is_used_once() -> None:
    """A prefetched parameter is used once; later reads query the store."""
    aws = FakeAws()
    (store,) = stores(aws, "ssm", 1)
    aws.parameters["/place/0"] = {"Value": Record(stored(5)).dump(), "Version": 3}
    Prefetcher().read("ssm", aws, [store])  # type: ignore[arg-type]
    aws.calls.clear()
    store.load()
    store.load()
    assert aws.calls == ["get_parameter", "get_parameter"]
