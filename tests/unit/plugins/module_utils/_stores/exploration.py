# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every interleaving of runs over one store, with faults: a search over all states that they can reach together.

A run is the real reconciler over the real store. Whatever it asks of the outside world (AWS, a file, the API, the clock, whether a process has ended) is
a call. What a run does next depends on the answers it has had and on nothing else, so that its state is the list of its answers: to take one more
step, the run is begun anew, is given the same answers again, and stops at the first call that has none yet. Two orders of steps that lead to the same
world and the same answers are one state, which is visited once.
"""

from __future__ import annotations

import dataclasses
import hashlib
import itertools
from collections.abc import Callable, Iterator
from typing import Any, Protocol

from ansible_collections.panw.cloud.plugins.module_utils._errors import Evidence, PanwCloudError, ServerError

UNBOUNDED = 1000


class Paused(BaseException):
    """A run has come to a call that has no answer yet."""

    def __init__(self, call: Call) -> None:
        super().__init__(call)
        self.call = call


@dataclasses.dataclass(frozen=True)
class Call:
    """What a run asks of the world. :param service: who is asked. :param immediate: whether nothing can come between the question and the answer."""

    service: str
    name: str
    arguments: dict[str, Any]
    immediate: bool = False

    def __str__(self) -> str:
        told = {key: value for key, value in self.arguments.items() if key in ("VersionStage", "name", "Name")}
        return f"{self.name} {' '.join(map(str, told.values()))}".strip()


@dataclasses.dataclass(frozen=True)
class Refused:
    """The answer that is an error."""

    kind: type[PanwCloudError]
    evidence: Evidence

    def error(self) -> PanwCloudError:
        """A new one each time, because errors collect notes."""
        return self.kind("do it", self.evidence)


LOST = Refused(ServerError, Evidence("the server", 500, reason="the answer was lost", attempts=5))


class Tape:
    """The answers of one run, in order. :ivar played: how many were given."""

    def __init__(self, run: str, answers: tuple[Any, ...]) -> None:
        self.run, self._answers, self.played = run, answers, 0
        self._numbers = itertools.count(1)

    def ask(self, service: str, name: str, /, *, immediate: bool = False, **arguments: Any) -> Any:
        """The answer to a call. :raises Paused: there is none yet."""
        if self.played == len(self._answers):
            raise Paused(Call(service, name, arguments, immediate))
        answer = self._answers[self.played]
        self.played += 1
        if isinstance(answer, Refused):
            raise answer.error()
        return clone(answer)

    def name(self) -> str:
        """The run, as processes are named."""
        return self.run

    def unique(self) -> str:
        """A name that is the same in each replay."""
        return f"{self.run}-{next(self._numbers)}"


class World(Protocol):
    """What runs act upon."""

    def key(self) -> Any:
        """What the future depends on."""

    def copy(self) -> World:
        """A world of its own, as this one is now."""

    def answer(self, run: str, call: Call) -> Any:
        """Do what a call asks for. :raises PanwCloudError: it is refused."""

    def faults(self, call: Call) -> list[str]:
        """What can go wrong with a call: C(lost), C(repeated), C(failed) or C(refused)."""

    def end(self, run: str, outcome: Any) -> None:
        """A run has ended."""

    def problems(self) -> list[str]:
        """Which invariants do not hold."""

    def finish(self) -> list[str]:
        """All runs have ended: which invariants do not hold after one last run."""


Program = Callable[[Tape], Any]


@dataclasses.dataclass
class State:
    """The world, what each run has been answered and asks next, and how much may still happen.

    :param answered: short for the answers. :param last: the run that made the last step.
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
        """The same for states that have the same future."""
        budget = self.faults, self.delays, self.switches, self.last if self.switches < UNBOUNDED else ""
        told = repr((self.world.key(), sorted(self.answered.items()), budget))
        return _digest(told)

    def take(self, run: str, answer: Any) -> None:
        """A run has an answer."""
        answer = clone(answer)
        self.answers[run] = (*self.answers[run], answer)
        self.answered[run] = _digest(f"{self.answered[run]!r}{answer!r}")


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


class Exploration:
    """A search over all states.

    :param faults: how many calls may go wrong. :param delays: how often so much time may pass that locks are stale.
    :param switches: how often a run may be interrupted by another one, which is then not interrupted back by the same step.
    :ivar states: how many were visited. :ivar ends: in how many of them all runs had ended. :ivar steps: between them.
    """

    def __init__(
        self, programs: dict[str, Program], *, faults: int = 1, delays: int = 0, switches: int = UNBOUNDED
    ) -> None:
        self._programs, self._faults, self._delays, self._switches = programs, faults, delays, switches
        self.states = self.ends = self.steps = 0
        self._replayed: dict[tuple[str, bytes], Call | tuple[Any]] = {}

    def violations(self, world: World) -> Iterator[str]:
        """Search, and give the problems that are found, each with the steps that lead to it."""
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
        answer: Any = None
        for _time in range({"failed": 0, "refused": 0, "repeated": 2}.get(fault, 1)):
            answer = _answer(made.world, run, call)
        if fault in ("lost", "failed"):
            answer = LOST
        elif fault == "refused":
            answer = False
        if fault == "lost" and call.name == "issue":
            made.world.lose()
        made.take(run, answer)
        self._advance(made, run)
        return made

    def _is_switch(self, state: State, run: str) -> bool:
        """Whether a step of a run interrupts another one."""
        return self._switches < UNBOUNDED and state.last in state.calls and state.last != run

    def _advance(self, state: State, run: str) -> None:
        """Let a run go on to its next call that others can come before, or to its end."""
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
        """What a run asks after the answers it has had, or how it ended. Many states have the answers of one run in common."""
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
    """A copy of dictionaries, lists and sets; all else is never changed."""
    if isinstance(thing, dict):
        return {key: clone(value) for key, value in thing.items()}
    if isinstance(thing, list):
        return [clone(item) for item in thing]
    return set(thing) if isinstance(thing, set) else thing


def _answer(world: World, run: str, call: Call) -> Any:
    try:
        return world.answer(run, call)
    except PanwCloudError as error:
        return Refused(type(error), error.evidence)
