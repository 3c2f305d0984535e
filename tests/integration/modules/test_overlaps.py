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
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ..harness.crash_harness import Runner, SteppedRun
from ..harness.store_readers import STORES, CredentialsPlace, Place

KINDS = ["token", "fleet", "credentials"]
SHORT = {"expiry_time": 15, "renew_before": 5}
LONG = {"expiry_time": 60, "renew_before": 20}
# The steps that lead to the proof of the new secret, and the one that promotes it.
TOKEN = ["GET /v1/mgmt/tokens/cloudrulestackadmin", "GET /v1/config/rulestacks"]
PROOF = {"token": TOKEN, "fleet": TOKEN, "credentials": ["/operations/reset", "/oauth2/access_token"]}
# In a file it is not seen before it is done.
PROMOTION = {"secretsmanager": ["UpdateSecretVersionStage"], "ssm": ["PutParameter"], "file": []}
FORBIDDEN = {"service": "ngfw", "route": TOKEN[1], "status": 403}
INVALID_CLIENT = {"service": "oauth", "status": 401, "body": {"error": "invalid_client"}}
REFUSED = {"token": FORBIDDEN, "fleet": FORBIDDEN, "credentials": INVALID_CLIENT}
LOST = {"kind": "status", "status": 500, "after_acting": True}
CUT = {"kind": "truncate", "after_acting": True}
UNKNOWN = ('"state": "unknown"', "What the store holds now is not known", "does not show whether it is in use")


@dataclasses.dataclass(frozen=True)
class Told:
    """What a run says, as JSON too. :param document: what a reader found when it had ended."""

    failed: bool
    changed: bool
    fingerprint: str | None
    text: str
    document: Any


class Subject:
    """One secret in one store, and a way to keep it there. :param kind: one of L(KINDS); a fleet has one target."""

    def __init__(self, kind: str, runner: Runner, place: Any) -> None:
        self.kind, self.runner, self.place, self.stand_ins = kind, runner, place, place.stand_ins
        retries = (
            {"aws_config": {"retries": {"mode": "standard", "total_max_attempts": 2}}} if place.store != "file" else {}
        )
        self._options = {**place.options, **retries}
        if kind == "fleet":
            location = {"location": str(place.path) if place.store == "file" else place.name}
            same = {name: place.options[name] for name in ("store", "admin_role", "role_arn")}
            self.target = {"name": "one", **location, **same}
            self._options = {"targets": [self.target], "concurrency": 1, "retries": 0, **retries}

    def run(self, **options: Any) -> Told:
        """Run to the end."""
        return self.told(self.runner.run(**self.options(**options)))

    def told(self, result: dict[str, Any]) -> Told:
        """A result, as all kinds have it."""
        text = json.dumps(result)
        assert not any(word in text for word in ('"unexpected"', "Traceback", "KeyError")), text
        if self.kind == "fleet":
            (entry,) = result["targets"]
            failed = entry["state"] not in ("fresh", "rotated")
            result = {**entry, "changed": result["changed"], "failed": failed}
        said = [bool(result.get(name)) for name in ("failed", "changed")]
        return Told(*said, result.get("fingerprint"), text, self.place.document())

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

    def edit(self) -> None:
        """Add a key to the current document by hand."""
        self.place.write(json.dumps({**self.place.document(), str(uuid.uuid4()): "by hand"}))

    def behave(self) -> int:
        """Take the faults back. :return: how often they struck."""
        struck = sum(fault["struck"] for fault in self.stand_ins.ask("GET", "/faults")["faults"])
        self.stand_ins.ask("DELETE", "/faults")
        return struck

    def check_told(self, told: Told, before: dict[str, Any]) -> None:
        """What a run says is so. :param before: what readers found before it."""
        current = told.document["fingerprint"]
        if told.failed and not any(sentence in told.text for sentence in UNKNOWN):
            assert told.fingerprint in (None, current), told
            assert current == before["fingerprint"], told
        assert told.failed or told.fingerprint == current, told

    def check_end(self) -> None:
        """Readers find what works, also after a further run; then a run changes nothing."""
        self.check_reader()
        first = last = self.run(**SHORT)
        if first.changed:
            last = self.run(**SHORT)
        assert (first.failed, last.failed, last.changed, last.fingerprint) == (False, False, False, first.fingerprint)
        self.check_store(last)

    def check_store(self, told: Told) -> None:
        """What a run says is there, is there and works."""
        assert told.document["fingerprint"] == told.fingerprint
        assert self.place.works(told.document), told

    def options(self, **options: Any) -> dict[str, Any]:
        """The options of a run."""
        if self.kind == "credentials":
            options = {name: value for name, value in options.items() if name not in LONG}
        return {**self._options, **options}


@pytest.fixture
def make(stand_ins: Any, runner: Any, credentials_runner: Any, rotator: Any, directory: Path) -> Iterator[Any]:
    """Makes subjects with a first secret. Afterwards no token is alive outside their stores, and the stand-ins behave again."""
    runners = {"token": runner, "fleet": rotator, "credentials": credentials_runner}

    def made(kind: str, store: str, *, run: bool = True) -> Subject:
        place = (CredentialsPlace if kind == "credentials" else Place)(stand_ins, store, directory)
        subject = Subject(kind, runners[kind], place)
        if run:
            assert subject.run().changed
            subjects.append(subject)
        return subject

    subjects: list[Subject] = []
    yield made
    assert [subject.place.strays() for subject in subjects if subject.kind != "credentials"] in ([], [set()])
    stand_ins.ask("DELETE", "/faults")


TAKES_OVER, DROPS = {**SHORT, "take_over_after": 0}, {**LONG, "take_over_after": 0}
# What happens while a run stands before its promotion: another run with these options, or none and a change by hand.
MEANWHILE = {
    "another wants more life": LONG,
    "another takes over": TAKES_OVER,
    "another takes over, and wants more life": DROPS,
    "another takes over, and its proof is refused": TAKES_OVER,
    "the document is edited": None,
}


@pytest.mark.parametrize("store", STORES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_run_meets_another_one(make: Any, kind: str, store: str) -> None:
    """R1: what the one takes over, drops or writes, the other does not promote when it is dead, and does not end while it is in use."""
    subject = make(kind, store)
    for name, options in MEANWHILE.items():
        print(name)
        before, alive = subject.place.document(), set(subject.stand_ins.alive_tokens())
        slow = subject.hold(*PROOF[kind], *PROMOTION[store])
        staged = set(subject.stand_ins.alive_tokens()) - alive
        if "refused" in name:
            subject.stand_ins.ask("POST", "/faults", kind="status", times=1, **REFUSED[kind])
        if options is None:
            subject.edit()
        else:
            subject.check_told(subject.run(**options), before)
        assert subject.behave() == ("refused" in name)
        subject.check_reader()
        slowly = subject.finish(slow)
        subject.check_told(slowly, slowly.document)
        assert kind == "credentials" or slowly.failed == (staged != {slowly.document["fingerprint"]}), slowly
        if "The new token is revoked." in slowly.text:
            assert not staged & set(subject.stand_ins.alive_tokens())
        subject.check_end()


WRITES = {"secretsmanager": ("PutSecretValue", "SecretId"), "ssm": ("PutParameter", "Name")}


@pytest.mark.parametrize("store", WRITES)
@pytest.mark.parametrize("kind", KINDS)
def test_the_answer_to_the_staging_is_lost(make: Any, kind: str, store: str) -> None:
    """R2: once or each time that it is asked. Another run comes between the first time and the second one, or none."""
    subject = make(kind, store)
    fault = {"service": store, "route": WRITES[store][0], **LOST, "times": 1}
    for options, again in [(None, 1), (LONG, 1), (TAKES_OVER, 0), (TAKES_OVER, 1), (DROPS, 1)]:
        print(options, again)
        before = subject.place.document()
        run = subject.hold(PROOF[kind][0], WRITES[store][0])
        subject.stand_ins.ask("POST", "/faults", **fault)
        run.go()
        run.next_step()
        assert subject.behave() == 1
        if options is not None:
            subject.check_told(subject.run(**options), before)
            before = subject.place.document()
        if again:
            subject.stand_ins.ask("POST", "/faults", **fault)
        told = subject.finish(run)
        subject.behave()
        subject.check_told(told, before)
        subject.check_end()


@pytest.mark.parametrize("store", STORES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_document_that_was_edited_keeps_its_secret(make: Any, kind: str, store: str) -> None:
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


READS = ("ssm GetParameter", "secretsmanager DescribeSecret", "secretsmanager GetSecretValue")
CHANGES = ("ssm PutParameter", "secretsmanager PutSecretValue", "secretsmanager UpdateSecretVersionStage")
SPOILED = [*((*call.split(), CUT) for call in (*READS, *CHANGES)), *((*call.split(), LOST) for call in CHANGES)]


@pytest.mark.parametrize(("store", "route", "fault"), SPOILED)
@pytest.mark.parametrize("kind", ["token", "credentials"])
def test_answers_of_the_store_are_lost(make: Any, kind: str, store: str, route: str, fault: dict[str, Any]) -> None:
    """R3 and R5: all answers of a rotation, and each one that is lost; each one that is cut is the fleet's matter."""
    subject = make(kind, store)
    each = ({"skip": number, "times": 1} for number in itertools.count())
    struck = 0
    for turn in itertools.chain([{}], each if fault is LOST else ()):
        before = subject.place.document()
        subject.stand_ins.ask("POST", "/faults", service=store, route=route, **fault, **turn)
        result = subject.runner.run(**subject.options(state="rotated"))
        if not subject.behave():
            break
        struck += 1
        told = subject.told(result)
        subject.check_told(told, before)
        subject.check_end()
    assert struck > (fault is LOST)


@pytest.mark.parametrize("store", WRITES)
def test_answers_of_the_store_are_lost_for_targets_of_a_fleet(make: Any, stand_ins: Any, store: str) -> None:
    """R3 and R5: another answer for each target, and no further attempt."""
    turns = [dict[str, int](), *({"skip": number, "times": 1} for number in range(5))]
    calls = [{"service": store, "route": route, **fault} for service, route, fault in SPOILED if service == store]
    ends = ("", ".pending") if store == "ssm" else ("",)
    orders = [({**call, **turn}, end) for call in calls for turn in turns for end in ends]
    subjects, struck = [make("fleet", store, run=False) for _order in orders], []
    targets = [{**subject.target, "name": str(number)} for number, subject in enumerate(subjects)]

    def run(**options: Any) -> list[Told]:
        result = subjects[0].runner.run(**subjects[0].options(targets=targets, concurrency=4, **options))
        struck.append(subjects[0].behave())
        entries = [{"changed": result["changed"], "targets": [entry]} for entry in result["targets"]]
        return [subject.told(entry) for subject, entry in zip(subjects, entries, strict=True)]

    first = run()
    for subject, (order, end) in zip(subjects, orders, strict=True):
        subject.stand_ins.ask("POST", "/faults", **order, having={WRITES[store][1]: subject.place.name + end})
    spoiled = run(state="rotated")
    for subject, told, before in zip(subjects, spoiled, first, strict=True):
        subject.check_told(told, before.document)
        subject.check_reader()
    assert struck[1] > len(orders) / 2
    run()
    for subject, told in zip(subjects, run(), strict=True):
        assert (told.failed, told.changed) == (False, False), told
        subject.check_store(told)
    stored = {fingerprint for subject in subjects for fingerprint in subject.place.stored()}
    said = "".join(told.text for told in spoiled)
    for stray in set(stand_ins.alive_tokens()) - subjects[0].place.before - stored:
        assert f"(fingerprint {stray}) is not revoked, because the store does not show whether it is in use" in said
