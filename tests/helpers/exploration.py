# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""State-space exploration of all interleavings of runs over one store, with faults.

A run is the real reconciler over the real store. Each access to the outside world (AWS, a file, the API, the clock, whether a process has ended) is a
call. The next step of a run depends only on the responses so far, so its state is the list of its responses: to take one more step, the run restarts,
replays these responses, and stops at the first call without one. Sequences of steps that lead to the same world and the same responses are one state,
which is visited once.
"""

from __future__ import annotations

import dataclasses
import hashlib
import itertools
from collections.abc import Callable, Iterator
from typing import Any, Protocol

from ansible_collections.panw.cloud.plugins.module_utils._common.errors import ErrorContext, PanwCloudError, ServerError

UNBOUNDED = 1000


class Paused(BaseException):
    """A run has reached a call that has no response yet."""

    def __init__(self, call: Call) -> None:
        super().__init__(call)
        self.call = call


@dataclasses.dataclass(frozen=True)
class Call:
    """A run's call to the world. :param service: the callee. :param immediate: whether no other run can act between call and response."""

    service: str
    name: str
    arguments: dict[str, Any]
    immediate: bool = False

    def __str__(self) -> str:
        reported = {key: value for key, value in self.arguments.items() if key in ("VersionStage", "name", "Name")}
        return f"{self.name} {' '.join(map(str, reported.values()))}".strip()


@dataclasses.dataclass(frozen=True)
class Refused:
    """An error response."""

    kind: type[PanwCloudError]
    context: ErrorContext

    def error(self) -> PanwCloudError:
        """A new exception each time, because notes are added to exceptions."""
        return self.kind("do it", self.context)


LOST = Refused(ServerError, ErrorContext("the server", 500, reason="the answer was lost", attempts=5))


class Tape:
    """The responses of one run, in order. :ivar played: number of replayed responses."""

    def __init__(self, run: str, answers: tuple[Any, ...]) -> None:
        self.run, self._answers, self.played = run, answers, 0
        self._numbers = itertools.count(1)

    def ask(self, service: str, name: str, /, *, immediate: bool = False, **arguments: Any) -> Any:
        """The response to a call. :raises Paused: none exists yet."""
        if self.played == len(self._answers):
            raise Paused(Call(service, name, arguments, immediate))
        response = self._answers[self.played]
        self.played += 1
        if isinstance(response, Refused):
            raise response.error()
        return clone(response)

    def name(self) -> str:
        """The process name of the run."""
        return self.run

    def unique(self) -> str:
        """A unique name that is the same in each replay."""
        return f"{self.run}-{next(self._numbers)}"


class World(Protocol):
    """The shared state that runs act on."""

    def key(self) -> Any:
        """The state that determines future behavior."""

    def copy(self) -> World:
        """An independent copy."""

    def response(self, run: str, call: Call) -> Any:
        """Execute a call. :raises PanwCloudError: it is rejected."""

    def faults(self, call: Call) -> list[str]:
        """Possible faults of a call: C(lost), C(repeated), C(failed) or C(refused)."""

    def end(self, run: str, outcome: Any) -> None:
        """A run has ended."""

    def problems(self) -> list[str]:
        """The violated invariants."""

    def finish(self) -> list[str]:
        """The violated invariants after all runs and one final run have ended."""


Program = Callable[[Tape], Any]


@dataclasses.dataclass
class State:
    """The world, each run's responses and next call, and the remaining budgets.

    :param answered: digests of the responses. :param last: the run that took the last step.
    """

    world: Any
    answers: dict[str, tuple[Any, ...]]
    answered: dict[str, bytes]
    calls: dict[str, Call]
    faults: int
    delays: int
    switches: int
    last: str = ""
    path: tuple[str, ...] = ()

    def key(self) -> bytes:
        """A key that is equal for states with the same future."""
        budget = self.faults, self.delays, self.switches, self.last if self.switches < UNBOUNDED else ""
        reported = repr((self.world.key(), sorted(self.answered.items()), budget))
        return _digest(reported)

    def take(self, run: str, response: Any) -> None:
        """Record a response to a run."""
        response = clone(response)
        self.answers[run] = (*self.answers[run], response)
        self.answered[run] = _digest(f"{self.answered[run]!r}{_whole(response)}")


def _whole(thing: Any) -> str:
    """A response with the fields that its representation hides: two tokens are two responses."""
    if dataclasses.is_dataclass(thing) and not isinstance(thing, type):
        return f"{type(thing).__name__}({', '.join(_whole(value) for value in vars(thing).values())})"
    return repr(thing)


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


class Exploration:
    """A search over all states.

    :param faults: maximum failing calls. :param delays: maximum delays after which locks are stale.
    :param switches: maximum interruptions of a run by another one, which the same step does not interrupt back.
    :ivar states: visited states. :ivar ends: those in which all runs had ended. :ivar steps: transitions.
    """

    def __init__(
        self, programs: dict[str, Program], *, faults: int = 1, delays: int = 0, switches: int = UNBOUNDED
    ) -> None:
        self._programs, self._faults, self._delays, self._switches = programs, faults, delays, switches
        self.states = self.ends = self.steps = 0
        self._replayed: dict[tuple[str, bytes], Call | tuple[Any]] = {}

    def violations(self, world: World) -> Iterator[str]:
        """Search and yield the problems found, each with the steps that lead to it."""
        runs = self._programs
        answers: dict[str, tuple[Any, ...]] = dict.fromkeys(runs, ())
        budget = self._faults, self._delays, self._switches
        first = State(world, answers, dict.fromkeys(runs, b""), {}, *budget)
        for run in self._programs:
            self._advance(first, run)
        waiting, seen = [first], {first.key()}
        while waiting:
            state = waiting.pop()
            self.states += 1
            problems = state.world.problems()
            if not state.calls and not problems:
                self.ends += 1
                problems = state.world.copy().finish()
            yield from (f"{problem}\n  " + "\n  ".join(state.path) for problem in problems)
            if problems:
                continue
            for successor in self._successors(state):
                self.steps += 1
                key = successor.key()
                if key not in seen:
                    seen.add(key)
                    waiting.append(successor)

    def _successors(self, state: State) -> Iterator[State]:
        for run, call in state.calls.items():
            if self._is_switch(state, run) and not state.switches:
                continue
            faults = state.world.faults(call) if state.faults else []
            for fault in ["", *faults]:
                yield self._step(state, run, call, fault)
        if state.delays and state.calls:
            made = self._copy(state, "(time passes)")
            made.delays -= 1
            made.world.delay()
            yield made

    def _step(self, state: State, run: str, call: Call, fault: str) -> State:
        made = self._copy(state, f"{run}: {call}{f' ({fault})' if fault else ''}")
        made.faults -= bool(fault)
        made.switches -= self._is_switch(state, run)
        made.last = run
        response: Any = None
        for _time in range({"failed": 0, "refused": 0, "repeated": 2}.get(fault, 1)):
            response = _answer(made.world, run, call)
        if fault in ("lost", "failed"):
            response = LOST
        elif fault == "refused":
            response = False
        if fault == "lost" and call.name == "issue":
            made.world.lose()
        made.take(run, response)
        self._advance(made, run)
        return made

    def _is_switch(self, state: State, run: str) -> bool:
        """Whether a step of a run interrupts another one."""
        return self._switches < UNBOUNDED and state.last in state.calls and state.last != run

    def _advance(self, state: State, run: str) -> None:
        """Advance a run to its next interruptible call, or to its end."""
        state.calls.pop(run, None)
        while True:
            asked = self._replay(state, run)
            if isinstance(asked, tuple):
                state.world.end(run, asked[0])
                return
            if not asked.immediate:
                state.calls[run] = asked
                return
            state.take(run, _answer(state.world, run, asked))

    def _replay(self, state: State, run: str) -> Call | tuple[Any]:
        """The next call of a run after its responses, or its end; cached, because many states share a run's responses."""
        had = run, state.answered[run]
        if had not in self._replayed:
            try:
                self._replayed[had] = (self._programs[run](Tape(run, state.answers[run])),)
            except Paused as paused:
                self._replayed[had] = paused.call
        return self._replayed[had]

    def _copy(self, state: State, step: str) -> State:
        return State(
            state.world.copy(),
            dict(state.answers),
            dict(state.answered),
            dict(state.calls),
            state.faults,
            state.delays,
            state.switches,
            state.last,
            (*state.path, step),
        )


def clone(thing: Any) -> Any:
    """A deep copy of dictionaries, lists and sets; all other values are immutable."""
    if isinstance(thing, dict):
        return {key: clone(value) for key, value in thing.items()}
    if isinstance(thing, list):
        return [clone(item) for item in thing]
    return set(thing) if isinstance(thing, set) else thing


def _answer(world: World, run: str, call: Call) -> Any:
    try:
        return world.response(run, call)
    except PanwCloudError as error:
        return Refused(type(error), error.context)
