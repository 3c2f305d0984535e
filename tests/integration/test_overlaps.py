# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two runs that overlap, answers that are lost or cut, and changes by hand: readers find what works, and results say what the servers hold.

The same cases for tokens, fleets and credentials, in all stores. The exploration of all interleavings is with the unit tests; here the servers answer.
"""

from __future__ import annotations

import dataclasses
import itertools
import json
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from .places import STORES, CredentialsPlace, Place
from .stepping import Runner, SteppedRun

KINDS = ["token", "fleet", "credentials"]
SHORT = {"expiry_time": 15, "renew_before": 5}
LONG = {"expiry_time": 60, "renew_before": 20}
# The steps that lead to the proof of the new secret, and the one that promotes it.
PROOF = {
    "token": ["GET /v1/mgmt/tokens/cloudrulestackadmin", "GET /v1/config/rulestacks"],
    "credentials": ["/operations/reset", "/oauth2/access_token"],
}
PROOF["fleet"] = PROOF["token"]
# In a file it is not seen before it is done.
PROMOTION = {"secretsmanager": ["UpdateSecretVersionStage"], "ssm": ["PutParameter"], "file": []}
REFUSED = {
    "token": {"service": "ngfw", "route": "GET /v1/config/rulestacks", "status": 403},
    "credentials": {"service": "oauth", "status": 401, "body": {"error": "invalid_client"}},
}
REFUSED["fleet"] = REFUSED["token"]
LOST = {"kind": "status", "status": 500, "after_acting": True}
CUT = {"kind": "truncate", "after_acting": True}
TURNS = 5
UNKNOWN = ("What the store holds now is not known", "does not show whether it is in use")


@dataclasses.dataclass(frozen=True)
class Told:
    """What a run says. :param text: all that it says, as JSON. :param document: what a reader found when it had ended."""

    failed: bool
    changed: bool
    kind: str | None
    fingerprint: str | None
    text: str
    document: dict[str, Any] | None

    @property
    def is_unknown(self) -> bool:
        """Whether it says that it does not know what the store holds."""
        return '"state": "unknown"' in self.text or any(sentence in self.text for sentence in UNKNOWN)


class Subject:
    """One secret in one store, and a way to keep it there. :param kind: C(token), C(fleet), which is one of a target, or C(credentials)."""

    def __init__(self, kind: str, runner: Runner, place: Any) -> None:
        self.kind, self.runner, self.place = kind, runner, place
        self.store: str = place.store
        self.stand_ins = place.stand_ins
        retries = {"aws_config": {"retries": {"mode": "standard", "max_attempts": 2}}} if self.store != "file" else {}
        self._options = {**place.options, **retries}
        if kind == "fleet":
            where = {"store": self.store, "location": str(place.path) if self.store == "file" else place.name}
            more = {name: place.options[name] for name in ("admin_role", "role_arn")}
            self.target = {"name": "one", **where, **more}
            self._options = {"targets": [self.target], "concurrency": 1, "retries": 0, **retries}

    def run(self, **options: Any) -> Told:
        """Run to the end."""
        return self.told(self.runner.run(**self.options(**options)))

    def told(self, result: dict[str, Any]) -> Told:
        """A result, as all kinds have it."""
        text = json.dumps(result)
        if self.kind == "fleet":
            (entry,) = result["targets"]
            failed = entry["state"] not in ("fresh", "rotated")
            result = {**entry, "changed": result["changed"], "failed": failed}
        kind = result.get("kind") or result.get("error", {}).get("kind")
        failed, changed = bool(result.get("failed")), bool(result.get("changed"))
        told = Told(failed, changed, kind, result.get("fingerprint"), text, self.place.document())
        assert told.kind != "unexpected", text
        assert "Error in " not in text, text
        assert "Traceback" not in text, text
        return told

    def hold(self, *steps: str) -> SteppedRun:
        """A rotation that has taken all of these steps but the last, before which it stands."""
        run = self.runner.begin(**self.options(state="rotated", **SHORT))
        for step in steps:
            while not (found := str(run.next_step())).endswith(step):
                assert found != "None", run.result
                run.go()
            if step != steps[-1]:
                run.go()
        return run

    def finish(self, run: SteppedRun) -> Told:
        """Let a run take the steps that are left, while a reader looks."""
        while True:
            run.go()
            if run.next_step() is None:
                return self.told(run.result)
            self.check_reader()

    def check_reader(self) -> None:
        """A reader finds a token that works; of credentials only when runs have ended, because a reset kills what readers have."""
        if self.kind != "credentials":
            self.place.check_reader(expected=True)

    def fault(self, **order: Any) -> None:
        """Order a fault."""
        self.stand_ins.ask("POST", "/faults", **order)

    def edit(self) -> None:
        """Add a key to the current document by hand."""
        note = f"by hand, {uuid.uuid4()}"
        self.place.write(json.dumps({**self.place.document(), "note": note}))

    def behave(self) -> int:
        """Take the faults back. :return: how often they struck."""
        struck = sum(fault["struck"] for fault in self.stand_ins.ask("GET", "/faults")["faults"])
        self.stand_ins.ask("DELETE", "/faults")
        return struck

    def check_told(self, told: Told, before: dict[str, Any] | None) -> None:
        """What a run says is so. :param before: what readers found before it."""
        current = told.document and told.document.get("fingerprint")
        if told.is_unknown:
            return
        if not told.failed:
            assert told.fingerprint == current, told
        else:
            assert told.fingerprint in (None, current), told
            assert current == (before and before.get("fingerprint")), told

    def check_end(self) -> None:
        """Readers find what works, also after a further run; then a run changes nothing."""
        self.check_reader()
        first = last = self.run()
        if first.changed:
            last = self.run()
        assert (first.failed, last.failed, last.changed, last.fingerprint) == (False, False, False, first.fingerprint)
        self.check_store(last)

    def check_store(self, told: Told) -> None:
        """What a run says that changed nothing: that works, and no token is alive outside the store."""
        document = self.place.document()
        assert document["fingerprint"] == told.fingerprint
        assert self.place.works(document), told
        if self.kind != "credentials":
            assert self.place.strays() == set(), told

    def options(self, **options: Any) -> dict[str, Any]:
        """The options of a run."""
        if self.kind == "credentials":
            options = {name: value for name, value in options.items() if name not in LONG}
        return {**self._options, **options}


Make = Callable[..., Subject]


@pytest.fixture
def make(
    stand_ins: Any, runner: Runner, credentials_runner: Runner, rotator: Runner, directory: Path
) -> Iterator[Make]:
    """Makes subjects, with a first secret; afterwards the stand-ins behave again."""
    runners = {"token": runner, "fleet": rotator, "credentials": credentials_runner}

    def made(kind: str, store: str, *, run: bool = True) -> Subject:
        place = (CredentialsPlace if kind == "credentials" else Place)(stand_ins, store, directory)
        subject = Subject(kind, runners[kind], place)
        assert not run or subject.run().changed
        return subject

    yield made
    stand_ins.ask("DELETE", "/faults")


TAKE_OVER = {"take_over_after": 0}
# What happens while a run stands before its promotion: a run with these options, one whose first proof is refused, or a change by hand.
MEANWHILE: dict[str, tuple[dict[str, Any], str]] = {
    "another wants more life": (LONG, ""),
    "another takes over": ({**SHORT, **TAKE_OVER}, ""),
    "another takes over, and wants more life": ({**LONG, **TAKE_OVER}, ""),
    "another takes over, and its proof is refused": ({**SHORT, **TAKE_OVER}, "refused"),
    "another takes over, and rotates": ({**SHORT, **TAKE_OVER, "state": "rotated"}, ""),
    "the document is edited": ({}, "edited"),
}


@pytest.mark.parametrize("store", STORES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_run_meets_another_one(make: Make, kind: str, store: str) -> None:
    """R1: what the one takes over, drops or writes, the other does not promote when it is dead, and does not end while it is in use."""
    subject = make(kind, store)
    for name, (options, how) in MEANWHILE.items():
        print(name)
        before, stored = subject.place.document(), subject.place.stored()
        slow = subject.hold(*PROOF[kind], *PROMOTION[store])
        (staged,) = subject.place.stored() - stored
        if how == "edited":
            subject.edit()
        else:
            if how == "refused":
                subject.fault(kind="status", times=1, **REFUSED[kind])
            quick = subject.run(**options)
            assert subject.behave() == (how == "refused")
            subject.check_told(quick, before)
            subject.check_reader()
        slowly = subject.finish(slow)
        current = slowly.document["fingerprint"]
        assert (current != staged) if slowly.failed else (slowly.fingerprint == staged == current), slowly
        if "The new token is revoked." in slowly.text:
            assert staged not in subject.stand_ins.alive_tokens()
        subject.check_end()


WRITES = {"secretsmanager": ("PutSecretValue", "SecretId"), "ssm": ("PutParameter", "Name")}


@pytest.mark.parametrize("store", WRITES)
@pytest.mark.parametrize("kind", KINDS)
def test_the_answer_to_the_staging_is_lost(make: Make, kind: str, store: str) -> None:
    """R2: each time that it is asked. Another run comes between the first time and the second one, or none."""
    subject = make(kind, store)
    fault = {"service": store, "route": WRITES[store][0], **LOST, "times": 1}
    for options in (None, LONG, {**SHORT, **TAKE_OVER}, {**LONG, **TAKE_OVER}):
        print(options)
        before = subject.place.document()
        run = subject.hold(PROOF[kind][0], WRITES[store][0])
        subject.fault(**fault)
        run.go()
        run.next_step()
        assert subject.behave() == 1
        if options is not None:
            subject.check_told(subject.run(**options), before)
            before = subject.place.document()
        subject.fault(**fault)
        told = subject.finish(run)
        subject.behave()
        subject.check_told(told, before)
        subject.check_end()


@pytest.mark.parametrize("store", STORES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_document_that_was_edited_keeps_its_secret(make: Make, kind: str, store: str) -> None:
    """R4."""
    subject = make(kind, store)
    for state in ("present", "rotated"):
        before = subject.place.document()
        subject.edit()
        told = subject.run(state=state)
        assert not told.failed, told
        assert (told.fingerprint == before["fingerprint"]) == (state == "present"), told
        subject.check_told(told, before)
        subject.check_end()


ROUTES = [("ssm", "PutParameter", LOST), ("secretsmanager", "PutSecretValue", LOST)]
ROUTES += [("secretsmanager", "UpdateSecretVersionStage", LOST)]
ROUTES += [("ssm", route, CUT) for route in ("GetParameter", "PutParameter")]
READS = ("DescribeSecret", "GetSecretValue")
ROUTES += [("secretsmanager", route, CUT) for route in (*READS, "PutSecretValue", "UpdateSecretVersionStage")]


@pytest.mark.parametrize(("store", "route", "fault"), ROUTES)
@pytest.mark.parametrize("kind", ["token", "credentials"])
def test_answers_of_the_store_are_lost(make: Make, kind: str, store: str, route: str, fault: dict[str, Any]) -> None:
    """R3 and R5: each answer of a rotation once, and all of them."""
    subject = make(kind, store)
    turns: Iterator[dict[str, int]] = ({"skip": number, "times": 1} for number in itertools.count())
    struck = 0
    for turn in itertools.chain([{}], turns):
        before = subject.place.document()
        subject.fault(service=store, route=route, **fault, **turn)
        result = subject.runner.run(**subject.options(state="rotated"))
        if not subject.behave():
            break
        struck += 1
        told = subject.told(result)
        print(turn, told.failed, told.kind)
        subject.check_told(told, before)
        subject.check_end()
    assert struck > 1


@pytest.mark.parametrize("store", WRITES)
def test_answers_of_the_store_are_lost_for_targets_of_a_fleet(make: Make, stand_ins: Any, store: str) -> None:
    """R3 and R5: another answer for each target, and no further attempt."""
    turns: list[dict[str, int]] = [{}, *({"skip": number, "times": 1} for number in range(TURNS))]
    ends = ("", ".pending") if store == "ssm" else ("",)
    orders = [
        ({"service": store, "route": route, **fault, **turn}, end)
        for service, route, fault in ROUTES
        for turn in turns
        for end in ends
        if service == store
    ]
    subjects = [make("fleet", store, run=False) for _order in orders]
    targets = [{**subject.target, "name": str(number)} for number, subject in enumerate(subjects)]
    whole = {**subjects[0].options(), "targets": targets, "concurrency": 4}

    def run(**options: Any) -> list[Told]:
        result = subjects[0].runner.run(**whole, **options)
        stand_ins.ask("DELETE", "/faults")
        entries = [{"changed": result["changed"], "targets": [entry]} for entry in result["targets"]]
        return [subject.told(entry) for subject, entry in zip(subjects, entries, strict=True)]

    first = run()
    for subject, (order, end) in zip(subjects, orders, strict=True):
        subject.fault(**order, having={WRITES[store][1]: subject.place.name + end})
    for subject, told, before in zip(subjects, run(state="rotated"), first, strict=True):
        subject.check_told(told, before.document)
        subject.check_reader()
    run()
    for subject, told in zip(subjects, run(), strict=True):
        assert (told.failed, told.changed) == (False, False), told
        document = subject.place.document()
        assert document["fingerprint"] == told.fingerprint
        assert subject.place.works(document), told
    stored = {fingerprint for subject in subjects for fingerprint in subject.place.stored()}
    assert set(stand_ins.alive_tokens()) - subjects[0].place.before <= stored
