# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs of the real reconcilers that an exploration interrupts, over a store whose readers it observes."""

from __future__ import annotations

import copy
import dataclasses
import functools
import itertools
import json
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, ClassVar
from unittest import mock

from ansible_collections.panw.cloud.plugins.module_utils._common.errors import PanwCloudError
from ansible_collections.panw.cloud.plugins.module_utils._stores import lock, secretsmanager
from ansible_collections.panw.cloud.plugins.module_utils._stores.base import LockConflict, Store
from ansible_collections.panw.cloud.plugins.module_utils._stores.documents import StoredSecret

from .exploration import Call, Program, Tape, clone
from .fake_aws import NOW, FakeAws
from .fake_stores import Services, open_store, stored_secrets
from .fake_vault import FakeVault
from .memory_slots import MemorySlots
from .token_world import TARGET

NAME = "/ngfw"
Ask = Callable[..., Any]


@dataclasses.dataclass
class Report:
    """The end of a run.

    :param shown: the secrets that it reports as current. :param failure: its error message. :param repaired: what it reports as repaired.
    """

    shown: set[str]
    failure: str = ""
    repaired: list[str] = dataclasses.field(default_factory=list)


class StoreWorld:
    """A store and the observations of its readers.

    :ivar is_forgiving: whether temporary violations count only if they persist after the last run.
    :ivar is_undisturbed: whether nothing fails and no run is killed, so that no run has anything to repair.
    :ivar ended: runs whose process has ended. :ivar seen: current secrets, in order. :ivar wrong: violated invariants.
    """

    STORED: type[StoredSecret]
    LAST: ClassVar[dict[str, Any]] = {}

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.aws, self.slots, self.vault, self.now = FakeAws(), MemorySlots(), FakeVault(), NOW
        self.made: dict[str, int] = {}
        self.ended: set[str] = set()
        self.seen: list[str | None] = []
        self.wrong: list[str] = []
        self.is_forgiving = self.is_undisturbed = False

    def key(self) -> Any:
        """What the future depends on."""
        own = {name: value for name, value in sorted(vars(self).items()) if name not in ("aws", "slots", "vault")}
        own = {name: sorted(value) if isinstance(value, set) else value for name, value in own.items()}
        held = sorted(self.slots.held.items()), sorted(self.vault.secrets.items())
        return own, self.aws.secrets, self.aws.history, self.aws.parameters, held

    def copy(self) -> Any:
        """An independent copy."""
        made = copy.copy(self)
        vars(made).update({name: clone(value) for name, value in vars(self).items()})
        made.aws, made.slots = FakeAws(), MemorySlots(dict(self.slots.held))
        made.vault = FakeVault(copy.deepcopy(self.vault.secrets))
        made.aws.secrets, made.aws.parameters = clone(self.aws.secrets), clone(self.aws.parameters)
        made.aws.history = clone(self.aws.history)
        return made

    def response(self, run: str, call: Call) -> Any:
        """Execute a call, then check what readers find."""
        response = getattr(self, f"_{call.service}")(run, call.name, **call.arguments)
        current = self.current()
        if not self.seen or self.seen[-1] != current:
            self.seen.append(current)
        self._look(current)
        return response

    def faults(self, call: Call) -> list[str]:
        """Files respond immediately; reads have no effect that could get lost; verifications can return a wrong result."""
        if call.service == "slots":
            return []
        if call.name in ("alive", "prove"):
            return ["failed", "refused"]
        if call.name.startswith(("get_", "describe_", "named", "read", "keeps_")):
            return ["failed"]
        return ["lost", "failed", *(["repeated"] if call.service in ("aws", "vault") else [])]

    def delay(self) -> None:
        """Advance time until locks are stale."""
        self.now += TARGET.lock_timeout

    def end(self, run: str, report: Report) -> None:
        """Compare a run's report with the store."""
        self.ended.add(run)
        if not report.shown <= set(self.seen):
            self.wrong.append(f"{run} reports a secret as current that never was")
        if self.is_undisturbed and report.repaired:
            self.wrong.append(f"{run} reports a repair: {report.repaired}")
        self._check(run, report)

    def problems(self) -> list[str]:
        return [] if self.is_forgiving else self.wrong

    def finish(self) -> list[str]:
        """Check that after one more run the current secret works and another run changes nothing."""
        with direct(self, "last", **self.LAST) as reconciler:
            try:
                reconciler.run("present")
            except PanwCloudError as error:
                return [f"the last run fails: {error}"]
        found = [*self.problems(), *self._remains()]
        with direct(self, "after") as reconciler:
            if reconciler.run("present").changed:
                found.append(f"after the last run, there is something to do: {reconciler.outcome.repaired}")
        return found

    def document(self) -> str | None:
        """The document that a reader of the store gets."""
        if self.kind == "secretsmanager":
            secret = self.aws.secrets.get(NAME)
            return secret and secret["versions"][secret["stages"]["AWSCURRENT"]]
        if self.kind == "ssm":
            found: str | None = self.aws.parameters.get(NAME, {}).get("Value")
            return found
        if self.kind == "hashi_vault":
            return json.dumps(self.vault.read(NAME).data)
        held = self.slots.read(NAME)
        return held and held.text

    def current(self) -> str | None:
        """The secret that a reader of the store gets."""
        document = self.document()
        return _secret(document, self.STORED.SECRET) if document else None

    def stored(self) -> set[str]:
        """All secrets in the store."""
        return stored_secrets(self.store(self), self.STORED)

    def store(self, services: Services) -> Store[Any]:
        return open_store(self.kind, NAME, self.STORED, services)

    def reconciler(self, ask: Ask, changes: dict[str, Any]) -> Any:
        """The real reconciler. :param ask: calls the world."""
        raise NotImplementedError

    def _number(self, run: str) -> str:
        """The name of a run's next object, independent of other runs."""
        self.made[run] = self.made.get(run, 0) + 1
        return f"{run}{self.made[run]}"

    def _look(self, current: str | None) -> None:
        """Check the invariants that must hold at all times."""

    def _check(self, run: str, report: Report) -> None:
        """Check the claims of a report."""

    def _remains(self) -> Iterator[str]:
        """The problems after the last run."""
        yield from ()

    def _aws(self, _run: str, operation: str, **request: Any) -> Any:
        return self.aws.ask("", "", operation, **request)

    def _vault(self, _run: str, operation: str, **request: Any) -> Any:
        return getattr(self.vault, operation)(**request)

    def _slots(self, _run: str, method: str, name: str, rest: tuple[Any, ...]) -> Any:
        return getattr(self.slots, method)(name, *rest)

    def _clock(self, _run: str, _name: str) -> datetime:
        return self.now

    def _process(self, _run: str, _name: str, other: str) -> bool:
        return other in self.ended


class OutsideSlots:
    """Files; each change is one step."""

    atomic = True

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def drift(self, _name: str) -> list[str]:
        return []

    def __getattr__(self, method: str) -> Any:
        return lambda name, *rest: self._ask("slots", method, name=name, rest=rest)


class OutsideVault:
    """The client of Vault; each request is one step."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def write(self, path: str, data: Any, version: int) -> None:
        self._ask("vault", "write", path=path, data=data, version=version)

    def require_version_2(self) -> None:
        """Not a step: it has no effect, and precedes only the first write."""

    def __getattr__(self, operation: str) -> Any:
        return lambda path: self._ask("vault", operation, path=path)


def program(
    world: StoreWorld, state: str, *, attempts: int = 1, is_slow_to_look: bool = False, **changes: Any
) -> Program:
    """A run of the real reconciler.

    :param attempts: at most; after a lock conflict, the target of a fleet is tried again.
    :param is_slow_to_look: whether other runs can act between a read of the store and the check whether the process that it names has ended.
    """

    def run(tape: Tape) -> Report:
        repaired: list[str] = []

        def has_ended(other: str) -> bool:
            found: bool = tape.ask("process", "ended", other=other, immediate=not is_slow_to_look)
            return found

        with _process(tape.name, tape.unique, has_ended):
            for left in reversed(range(attempts)):
                reconciler = world.reconciler(tape.ask, changes)
                try:
                    outcome = reconciler.run(state)
                    break
                except PanwCloudError as error:
                    repaired += reconciler.outcome.repaired
                    if not left or not isinstance(error, LockConflict):
                        return Report(set(), str(error), repaired)
        found = (outcome.current, outcome.previous)
        shown = {getattr(secret, world.STORED.SECRET) for secret in found if secret}
        return Report(shown, repaired=repaired + outcome.repaired)

    return run


@contextmanager
def direct(world: StoreWorld, name: str, **changes: Any) -> Iterator[Any]:
    """An uninterrupted run after all others have ended."""
    numbers = itertools.count(1)

    def ask(service: str, called: str, /, *, immediate: bool = False, **arguments: Any) -> Any:
        return world.response(name, Call(service, called, arguments, immediate))

    with _process(name.strip, lambda: f"{name}-{next(numbers)}", bool):
        yield world.reconciler(ask, changes)
    world.ended.add(name)


@contextmanager
def _process(
    identity: Callable[[], str], unique: Callable[[], str], has_ended: Callable[[str], bool]
) -> Iterator[None]:
    """Replace what a replay would answer differently. :param unique: all unique names of the run, in the same order in each replay."""
    with (
        mock.patch.object(secretsmanager, "uuid", types.SimpleNamespace(uuid4=unique)),
        mock.patch.object(lock, "uuid", types.SimpleNamespace(uuid4=unique)),
        mock.patch.object(lock, "identity", identity),
        mock.patch.object(lock, "has_ended", has_ended),
    ):
        yield


@functools.cache  # readers look after each step, and most steps leave the document as it is
def _secret(document: str, field: str) -> str | None:
    """The secret in a document, None if it is of another kind."""
    found = json.loads(document).get(field)
    return found if isinstance(found, str) else None
