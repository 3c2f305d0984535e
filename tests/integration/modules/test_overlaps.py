# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Overlapping runs, lost or truncated responses, and manual changes: readers get valid secrets, and results match the servers' state.

The same cases for tokens, fleets and credentials, in all stores. The unit tests explore all interleavings; these tests use servers.
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
from ..harness.vaults import VAULTS

KINDS = ["token", "fleet", "credentials"]
# Credentials are in HashiCorp Vault as tokens are.
CASES = [(kind, store) for kind in KINDS for store in STORES if kind != "credentials" or store not in VAULTS]
SHORT = {"expiry_time": 15, "renew_before": 5}
LONG = {"expiry_time": 60, "renew_before": 20}
# The steps up to the verification of the new secret, and the one that promotes it.
TOKEN = ["GET /v1/mgmt/tokens/cloudrulestackadmin", "GET /v1/config/rulestacks"]
PROOF = {"token": TOKEN, "fleet": TOKEN, "credentials": ["/operations/reset", "/oauth2/access_token"]}
# In a file it becomes visible only when complete.
PROMOTION = {"secretsmanager": ["UpdateSecretVersionStage"], "ssm": ["PutParameter"], "file": []}
FORBIDDEN = {"service": "ngfw", "route": TOKEN[1], "status": 403}
INVALID_CLIENT = {"service": "oauth", "status": 401, "body": {"error": "invalid_client"}}
REFUSED = {"token": FORBIDDEN, "fleet": FORBIDDEN, "credentials": INVALID_CLIENT}
LOST = {"kind": "status", "status": 500, "after_acting": True}
CUT = {"kind": "truncate", "after_acting": True}
UNKNOWN = ('"state": "unknown"', "The contents of the store are unknown", "does not show whether it is in use")


@dataclasses.dataclass(frozen=True)
class Reported:
    """A run's result, also as JSON. :param document: what a reader found after the run."""

    failed: bool
    changed: bool
    fingerprint: str | None
    text: str
    document: Any


class Subject:
    """One secret in one store, and runs that manage it. :param kind: one of L(KINDS); a fleet has one target."""

    def __init__(self, kind: str, runner: Runner, place: Any) -> None:
        self.kind, self.runner, self.place, self.services = kind, runner, place, place.services
        retries = (
            {"aws_config": {"retries": {"mode": "standard", "total_max_attempts": 2}}} if place.store != "file" else {}
        )
        self._options = {**place.options, **retries}
        if kind == "fleet":
            location = {"location": str(place.path) if place.store == "file" else place.name}
            own = ("name", "path")
            same = {name: value for name, value in place.options.items() if name not in own}
            self.target = {"name": "one", **location, **same}
            self._options = {"targets": [self.target], "concurrency": 1, "retries": 0, **retries}

    @property
    def promotion(self) -> list[str]:
        """The step that promotes the new secret, if it is one."""
        return [f"POST /v1/secret/data/{self.place.name}"] if self.place.vault else PROMOTION[self.place.store]

    def run(self, **options: Any) -> Reported:
        """Run to the end."""
        return self.reported(self.runner.run(**self.options(**options)))

    def reported(self, result: dict[str, Any]) -> Reported:
        """A result in the common format of all kinds."""
        text = json.dumps(result)
        assert not any(word in text for word in ('"unexpected"', "Traceback", "KeyError")), text
        if self.kind == "fleet":
            (entry,) = result["targets"]
            failed = entry["state"] not in ("fresh", "rotated")
            result = {**entry, "changed": result["changed"], "failed": failed}
        said = [bool(result.get(name)) for name in ("failed", "changed")]
        return Reported(*said, result.get("fingerprint"), text, self.place.document())

    def hold(self, *steps: str) -> SteppedRun:
        """A rotation that has taken all of these steps except the last, before which it is stopped."""
        run = self.runner.begin(**self.options(state="rotated", **SHORT))
        for step in steps:
            while not (found := str(run.next_step())).endswith(step):
                assert found != "None", run.result
                run.go()
            if step != steps[-1]:
                run.go()
        return run

    def finish(self, run: SteppedRun) -> Reported:
        """Let a run take its remaining steps while a reader checks."""
        while True:
            run.go()
            if run.next_step() is None:
                return self.reported(run.result)
            self.check_reader()

    def check_reader(self) -> None:
        """Assert that a reader gets a valid token; for credentials only after runs have ended, because a reset invalidates the old secret."""
        if self.kind != "credentials":
            self.place.check_reader(expected=True)

    def edit(self) -> None:
        """Add a key to the current document, as a manual edit."""
        self.place.write(json.dumps({**self.place.document(), str(uuid.uuid4()): "by hand"}))

    def behave(self) -> int:
        """Clear the faults. :return: how often they triggered."""
        hits = sum(fault["hits"] for fault in self.services.ask("GET", "/faults")["faults"])
        self.services.ask("DELETE", "/faults")
        return hits

    def check_told(self, reported: Reported, before: dict[str, Any]) -> None:
        """Assert that a run's report is correct. :param before: what readers found before the run."""
        current = reported.document["fingerprint"]
        if reported.failed and not any(sentence in reported.text for sentence in UNKNOWN):
            assert reported.fingerprint in (None, current), reported
            assert current == before["fingerprint"], reported
        assert reported.failed or reported.fingerprint == current, reported

    def check_end(self) -> None:
        """Assert that readers get a valid secret, also after a further run, and that another run then changes nothing."""
        self.check_reader()
        first = last = self.run(**SHORT)
        if first.changed:
            last = self.run(**SHORT)
        assert (first.failed, last.failed, last.changed, last.fingerprint) == (False, False, False, first.fingerprint)
        self.check_store(last)

    def check_store(self, reported: Reported) -> None:
        """Assert that the reported secret is in the store and valid."""
        assert reported.document["fingerprint"] == reported.fingerprint
        assert self.place.works(reported.document), reported

    def options(self, **options: Any) -> dict[str, Any]:
        """The options of a run."""
        if self.kind == "credentials":
            options = {name: value for name, value in options.items() if name not in LONG}
        return {**self._options, **options}


@pytest.fixture
def make(services: Any, runner: Any, credentials_runner: Any, rotator: Any, directory: Path) -> Iterator[Any]:
    """Creates subjects with a first secret. Afterwards asserts that no valid token is outside their stores, and clears faults."""
    runners = {"token": runner, "fleet": rotator, "credentials": credentials_runner}

    def made(kind: str, store: str, *, run: bool = True) -> Subject:
        place = (CredentialsPlace if kind == "credentials" else Place)(services, store, directory)
        subject = Subject(kind, runners[kind], place)
        if run:
            assert subject.run().changed
            subjects.append(subject)
        return subject

    subjects: list[Subject] = []
    yield made
    assert [subject.place.strays() for subject in subjects if subject.kind != "credentials"] in ([], [set()])
    services.ask("DELETE", "/faults")


TAKES_OVER, DROPS = {**SHORT, "lock_timeout": 0}, {**LONG, "lock_timeout": 0}
# Events while a run is stopped before its promotion: another run with these options, or a manual change.
MEANWHILE = {
    "another requires more lifetime": LONG,
    "another takes over": TAKES_OVER,
    "another takes over and requires more lifetime": DROPS,
    "another takes over and its verification fails": TAKES_OVER,
    "the document is edited": None,
}


@pytest.mark.parametrize(("kind", "store"), CASES)
def test_overlapping_run_neither_promotes_an_invalid_token_nor_revokes_one_in_use(
    make: Any, kind: str, store: str
) -> None:
    """R1: the other run does not promote an invalid token that the first took over, dropped or wrote, and does not revoke one in use."""
    subject = make(kind, store)
    for name, options in MEANWHILE.items():
        print(name)
        before, alive = subject.place.document(), set(subject.services.alive_tokens())
        slow = subject.hold(*PROOF[kind], *subject.promotion)
        staged = set(subject.services.alive_tokens()) - alive
        if "refused" in name:
            subject.services.ask("POST", "/faults", kind="status", times=1, **REFUSED[kind])
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
            assert not staged & set(subject.services.alive_tokens())
        subject.check_end()


WRITES = {"secretsmanager": ("PutSecretValue", "SecretId"), "ssm": ("PutParameter", "Name")}


@pytest.mark.parametrize("store", WRITES)
@pytest.mark.parametrize("kind", KINDS)
def test_lost_response_to_the_staging_is_recovered(make: Any, kind: str, store: str) -> None:
    """R2: once or at each attempt. Another run acts between the first and the second attempt, or none."""
    subject = make(kind, store)
    fault = {"service": store, "route": WRITES[store][0], **LOST, "times": 1}
    for options, again in [(None, 1), (LONG, 1), (TAKES_OVER, 0), (TAKES_OVER, 1), (DROPS, 1)]:
        print(options, again)
        before = subject.place.document()
        run = subject.hold(PROOF[kind][0], WRITES[store][0])
        subject.services.ask("POST", "/faults", **fault)
        run.go()
        run.next_step()
        assert subject.behave() == 1
        if options is not None:
            subject.check_told(subject.run(**options), before)
            before = subject.place.document()
        if again:
            subject.services.ask("POST", "/faults", **fault)
        reported = subject.finish(run)
        subject.behave()
        subject.check_told(reported, before)
        subject.check_end()


@pytest.mark.parametrize(("kind", "store"), CASES)
def test_document_that_was_edited_keeps_its_secret(make: Any, kind: str, store: str) -> None:
    """R4."""
    subject = make(kind, store)
    for state in ("present", "rotated"):
        before = subject.place.document()
        subject.edit()
        reported = subject.run(state=state)
        assert not reported.failed, reported
        assert (reported.fingerprint == before["fingerprint"]) == (state == "present"), reported
        subject.check_told(reported, before)
        subject.check_end()


READS = ("ssm GetParameter", "secretsmanager DescribeSecret", "secretsmanager GetSecretValue")
CHANGES = ("ssm PutParameter", "secretsmanager PutSecretValue", "secretsmanager UpdateSecretVersionStage")
SPOILED = [*((*call.split(), CUT) for call in (*READS, *CHANGES)), *((*call.split(), LOST) for call in CHANGES)]


@pytest.mark.parametrize(("store", "route", "fault"), SPOILED)
@pytest.mark.parametrize("kind", ["token", "credentials"])
def test_lost_store_responses_are_recovered(
    make: Any, kind: str, store: str, route: str, fault: dict[str, Any]
) -> None:
    """R3 and R5: all responses of a rotation lost, and each single one; the fleet test covers truncated ones."""
    subject = make(kind, store)
    each = ({"skip": number, "times": 1} for number in itertools.count())
    hits = 0
    for turn in itertools.chain([{}], each if fault is LOST else ()):
        before = subject.place.document()
        subject.services.ask("POST", "/faults", service=store, route=route, **fault, **turn)
        result = subject.runner.run(**subject.options(state="rotated"))
        if not subject.behave():
            break
        hits += 1
        reported = subject.reported(result)
        subject.check_told(reported, before)
        subject.check_end()
    assert hits > (fault is LOST)


@pytest.mark.parametrize("store", WRITES)
def test_lost_store_responses_of_a_fleet_are_recovered(make: Any, services: Any, store: str) -> None:
    """R3 and R5: a different response per target, without retries."""
    turns = [dict[str, int](), *({"skip": number, "times": 1} for number in range(5))]
    calls = [{"service": store, "route": route, **fault} for service, route, fault in SPOILED if service == store]
    ends = ("", ".pending") if store == "ssm" else ("",)
    orders = [({**call, **turn}, end) for call in calls for turn in turns for end in ends]
    subjects, hits = [make("fleet", store, run=False) for _order in orders], []
    targets = [{**subject.target, "name": str(number)} for number, subject in enumerate(subjects)]

    def run(**options: Any) -> list[Reported]:
        result = subjects[0].runner.run(**subjects[0].options(targets=targets, concurrency=4, **options))
        hits.append(subjects[0].behave())
        entries = [{"changed": result["changed"], "targets": [entry]} for entry in result["targets"]]
        return [subject.reported(entry) for subject, entry in zip(subjects, entries, strict=True)]

    first = run()
    for subject, (order, end) in zip(subjects, orders, strict=True):
        subject.services.ask("POST", "/faults", **order, having={WRITES[store][1]: subject.place.name + end})
    spoiled = run(state="rotated")
    for subject, reported, before in zip(subjects, spoiled, first, strict=True):
        subject.check_told(reported, before.document)
        subject.check_reader()
    assert hits[1] > len(orders) / 2
    run()
    for subject, reported in zip(subjects, run(), strict=True):
        assert (reported.failed, reported.changed) == (False, False), reported
        subject.check_store(reported)
    stored = {fingerprint for subject in subjects for fingerprint in subject.place.stored()}
    said = "".join(reported.text for reported in spoiled)
    for stray in set(services.alive_tokens()) - subjects[0].place.before - stored:
        assert f"(fingerprint {stray}) is not revoked, because the store does not show whether it is in use" in said
