# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the reconcilers of tokens and of credentials are tested in: one store, the service that issues the secrets, and runs that start and end."""

from __future__ import annotations

import abc
import itertools
import json
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import ErrorContext, PanwCloudError, ServerError
from ansible_collections.panw.cloud.plugins.module_utils._stores.base import Store
from ansible_collections.panw.cloud.plugins.module_utils._stores.documents import StoredSecret
from ansible_collections.panw.cloud.plugins.module_utils._stores.reconciler import Reconciler

from .fake_aws import NOW, FakeAws, Killed
from .fake_stores import open_store, stored_secrets
from .fake_vault import FakeVault
from .memory_slots import MemorySlots

STATES = ["present", "rotated", "absent"]
# For a run after an ended one. Real runs recognize it by its process; here all runs share one process.
AT_ONCE: dict[str, Any] = {"lock_timeout": timedelta()}
NAME = "/place"


def failure(kind: type[PanwCloudError] = ServerError) -> PanwCloudError:
    """An error whose reason is "no"."""
    return kind("do it", ErrorContext(reason="no"))


class FakeService:
    """The common part of the fake services.

    :ivar calls: names of the calls so far. :ivar before: called with the name of each call before it. :ivar failures: what calls raise, by name.
    :ivar rejects: whether all secrets are rejected. :ivar now: the current time in UTC.
    """

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.before: Callable[[str], None] = lambda name: None
        self.failures: dict[str, type[PanwCloudError]] = {}
        self.rejects = False
        self.now = NOW
        self.numbers = itertools.count(1)

    def called(self, name: str) -> None:
        """Record a call. :raises PanwCloudError: it is to fail."""
        self.before(name)
        self.calls.append(name)
        if name in self.failures:
            raise failure(self.failures[name])


class SecretWorld(abc.ABC):
    """One kind of secret, in one store.

    :cvar STORED: the type of the secrets. :cvar RECONCILER: the class under test.
    :cvar CREATE: the service's calls that create a secret. :cvar PREPARE: the call before them. :cvar PROVE: the call that checks a secret.
    :cvar KEEPING: the calls of a run that keeps a good secret. :cvar ADOPTING: options of a run that replaces a secret without its document.
    """

    STORED: ClassVar[type[StoredSecret]]
    RECONCILER: ClassVar[type[Reconciler[Any]]]
    CREATE: ClassVar[set[str]]
    PREPARE: ClassVar[str]
    PROVE: ClassVar[str]
    KEEPING: ClassVar[list[str]]
    ADOPTING: ClassVar[dict[str, Any]]

    def __init__(self, kind: str, service: FakeService) -> None:
        self.kind, self.service = kind, service
        self.aws, self.slots, self.vault = FakeAws(), MemorySlots(), FakeVault()

    @abc.abstractmethod
    def reconciler(self, **changes: Any) -> Any:
        """A new run. :param changes: of the desired state."""

    @abc.abstractmethod
    def valid(self) -> list[str]:
        """The secrets that the service accepts."""

    @abc.abstractmethod
    def invalidate(self, secret: Any) -> None:
        """Someone else ends a secret."""

    @abc.abstractmethod
    def confidential(self, secret: Any) -> list[str]:
        """The texts of a secret that nobody may see."""

    def run(self, state: str = "present", **changes: Any) -> Any:
        """The result of a run."""
        return self.reconciler(**changes).run(state)

    def predict(self, state: str = "present", **changes: Any) -> Any:
        """The result of a run in check mode."""
        return self.reconciler(**changes).predict(state)

    def store(self) -> Store[Any]:
        return open_store(self.kind, NAME, self.STORED, self)

    def current(self) -> Any:
        return self.store().load().current

    def stored(self) -> set[str]:
        """All secrets in the store."""
        return stored_secrets(self.store(), self.STORED)

    def secret(self, stored: Any) -> str:
        """The text that the service accepts."""
        found: str = getattr(stored, self.STORED.SECRET)
        return found

    def works(self) -> bool:
        """Whether readers find a secret that the service accepts."""
        current = self.current()
        return current is not None and self.secret(current) in self.valid()

    def later(self, **time: float) -> None:
        self.service.now += timedelta(**time)

    @contextmanager
    def failing(self, *calls: str, kind: type[PanwCloudError] = ServerError) -> Iterator[None]:
        """These calls of the service fail."""
        self.service.failures = dict.fromkeys(calls, kind)
        yield
        self.service.failures = {}

    def watch(self, watcher: Callable[[str], None]) -> None:
        """Call a function with the name of each call and each write before it."""
        self.service.before = self.aws.before = self.slots.before = self.vault.before = watcher

    def before_next(self, calls: Collection[str], action: Callable[[], object]) -> None:
        """Do something right before the next one of these calls of the service."""

        def before(name: str) -> None:
            if name in calls:
                self.service.before = lambda name: None
                action()

        self.service.before = before

    def killed_before(self, calls: Collection[str], state: str = "rotated") -> None:
        """A run is killed right before the first one of these calls of the service."""

        def kill() -> None:
            raise Killed

        self.before_next(calls, kill)
        with pytest.raises(Killed):
            self.run(state)

    def reserved(self) -> None:
        """A run is killed right after its reservation."""
        self.killed_before(self.CREATE)

    def staged(self) -> Any:
        """A run fails between staging and proving. :return: the staged secret."""
        with self.failing(self.PROVE), pytest.raises(ServerError):
            self.run("rotated")
        return self.store().load().pending

    def overwrite(self, text: str) -> None:
        """Someone else overwrites the current document."""
        if self.kind == "secretsmanager":
            secret = self.aws.secrets[NAME]
            secret["versions"][secret["stages"]["AWSCURRENT"]] = text
        elif self.kind == "ssm":
            self.aws.parameters[NAME]["Value"] = text
        elif self.kind == "hashi_vault":
            self.vault.write(NAME, _fields(text), self.vault.read(NAME).version)
        else:
            self.slots.delete(NAME)
            self.slots.create(NAME, text)

    def overwrite_pending(self, text: str) -> None:
        """Someone else writes a document to the pending place, which is empty."""
        if self.kind == "secretsmanager":
            secret = self.aws.secrets[NAME]
            secret["versions"]["other"], secret["stages"]["AWSPENDING"] = text, "other"
        elif self.kind == "ssm":
            self.aws.parameters[f"{NAME}.pending"] = {"Value": text, "Version": 1}
        elif self.kind == "hashi_vault":
            held = self.vault.read(NAME)
            self.vault.write(NAME, {**held.data, "pending": text}, held.version)
        else:
            self.slots.create(f"{NAME}.pending", text)


def _fields(text: str) -> dict[str, Any]:
    """A document as the fields of a secret, which has no other form in Vault."""
    try:
        found: dict[str, Any] = json.loads(text)
    except ValueError:
        return {"text": text}
    return found


def refuse(reconciler: Any, *methods: str) -> None:
    """These methods of a run's store fail."""

    def refused(*_arguments: Any) -> None:
        raise failure()

    for method in methods:
        setattr(reconciler._store, method, refused)


def precede(reconciler: Any, method: str, action: Callable[[], object]) -> None:
    """Something else happens right before a run calls this method of its store."""
    work = getattr(reconciler._store, method)

    def preceded(*arguments: Any) -> Any:
        action()
        return work(*arguments)

    setattr(reconciler._store, method, preceded)


def check_kills(world: Callable[[], SecretWorld], state: str, **changes: Any) -> None:
    """Kill a run before each of its calls in turn. Readers find a valid secret, and the next run completes it, at most losing an unrecorded token."""
    lost = 0
    for number in itertools.count(1):
        killed = world()
        if state != "present":
            killed.run()
        steps: list[str] = []
        if not _is_killed(killed, number, steps, state, **changes):
            break
        created = bool(killed.CREATE & set(steps[:-1]))
        _check_reader(killed, steps, expected=state == "rotated", lapsed=created and not killed.STORED.COEXISTS)
        killed.run(state, **AT_ONCE, **changes)
        _check_reader(killed, steps, expected=state != "absent")
        lost += _lost(killed, steps, state, created=created)
        if state == "absent":
            assert not killed.store().load().exists, steps
        else:
            assert not killed.run().changed, steps
    assert number > 5
    assert bool(lost) == (state != "absent" and killed.STORED.COEXISTS)


def _is_killed(world: SecretWorld, number: int, steps: list[str], state: str, **changes: Any) -> bool:
    """Whether a run makes so many calls; before the last one of them, it is killed. :param steps: gets the calls."""

    def kill(name: str) -> None:
        steps.append(name)
        if len(steps) == number:
            raise Killed

    world.watch(kill)
    try:
        world.run(state, **changes)
    except Killed:
        return True
    finally:
        world.watch(lambda name: None)
    return False


def _check_reader(world: SecretWorld, steps: list[str], *, expected: bool, lapsed: bool = False) -> None:
    """Check the current secret.

    :param steps: of the killed run. :param expected: whether there must be a secret.
    :param lapsed: whether it may be invalid, because the service has created another one.
    """
    current = world.current()
    assert current or not expected, steps
    assert current is None or world.works() or lapsed, steps


def _lost(world: SecretWorld, steps: list[str], state: str, *, created: bool) -> int:
    """The number of tokens that are valid and not in the store, because a killed run could not record them. Credentials are lost only by removal."""
    strays = set(world.valid()) - world.stored()
    if world.STORED.COEXISTS:
        assert len(strays) <= created, steps
        return len(strays)
    assert len(world.valid()) == 1, steps
    assert bool(strays) == (state == "absent"), steps
    return 0
