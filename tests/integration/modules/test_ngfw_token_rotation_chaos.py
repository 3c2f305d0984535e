# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Chaos: servers that throttle, fail, disconnect and reject, a process that is killed ten times, and readers that must not be affected."""

from __future__ import annotations

import json
import random
import threading
from typing import Any

from ..harness.crash_harness import Runner
from ..harness.rotation_harness import Fleet, FleetRun, states

TARGETS = 300
KILLS = 10
AT_ONCE = 10
# Lifetime of the first tokens in minutes, which makes them due; their replacements are not.
FIRST = {"expiry_time": 60, "renew_before": 20}
SECOND = {"expiry_time": 180, "renew_before": 90, "concurrency": AT_ONCE, "retries": 5}
CONFLICT = {"__type": "InvalidParameterException", "message": "The staging label is not attached to that version."}


def misbehave(services: Any, dice: random.Random) -> None:
    """Inject the faults: 5 % of 429, 2 % of 5xx, 1 % of resets, and 1 % of conflicts in the store."""
    for service in ("ngfw", "sts", "secretsmanager"):
        for chance, fault in (
            (0.05, {"kind": "status", "status": 429}),
            (0.02, {"kind": "status", "status": 503}),
            (0.01, {"kind": "reset"}),
        ):
            services.ask("POST", "/faults", service=service, chance=chance, seed=dice.randrange(2**32), **fault)
    route = "secretsmanager:UpdateSecretVersionStage"
    order = {"service": "secretsmanager", "route": route, "kind": "status", "status": 400, "body": CONFLICT}
    services.ask("POST", "/faults", **order, chance=0.01, seed=dice.randrange(2**32))


class Reader:
    """Reads and uses the current version of each target in turn.

    :ivar dead: names of targets whose current token was rejected and still the current one afterwards.
    """

    def __init__(self, fleet: Fleet, dice: random.Random) -> None:
        self._fleet, self._dice = fleet, dice
        self._over = threading.Event()
        self.samples, self.dead = 0, list[str]()
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join()

    def _read(self) -> None:
        while not self._over.wait(0.02):
            name = self._dice.choice(self._fleet.names)
            document = self._fetched(name)
            if document is None or self._status(document) not in (200, 401, 403):
                continue  # the reader's own call hit a fault
            self.samples += 1
            if self._status(document) in (401, 403) and self._fetched(name) == document:
                self.dead.append(name)

    def _fetched(self, name: str) -> dict[str, Any] | None:
        try:
            text = self._fleet.client.get_secret_value(SecretId=name, VersionStage="AWSCURRENT")["SecretString"]
        except Exception:  # any botocore error from a fault
            return None
        document: dict[str, Any] = json.loads(text)
        return document

    def _status(self, document: dict[str, Any]) -> int:
        try:
            return self._fleet.status(document)
        except OSError:
            return 0


def killed(run: FleetRun, moment: int) -> bool:
    """Kill a run after a number of rotated targets. :return: whether it got that far."""
    for rotated in run.rotated():
        if rotated >= moment:
            run.kill()
            return True
    return False


def test_ten_kills_among_faults_leave_every_token_working(services: Any, rotator: Runner) -> None:
    seed = random.randrange(2**32)  # noqa: S311 - not for secrets
    print("seed", seed)
    dice = random.Random(seed)  # noqa: S311
    fleet = Fleet(services, f"chaos-{seed:08x}", TARGETS, roles=20)
    assert states(rotator.run(targets=fleet.targets, concurrency=AT_ONCE, **FIRST)) == {"rotated": TARGETS}
    old = {document["fingerprint"] for document in fleet.current().values()}
    misbehave(services, dice)
    reader = Reader(fleet, dice)
    kills = 0
    try:
        for _kill in range(KILLS):
            moment = dice.randint(1, TARGETS // KILLS * 3 // 4)
            print("kill after", moment)
            kills += killed(rotator.start(targets=fleet.targets, **SECOND), moment)
        for _attempt in range(5):
            last = rotator.run(targets=fleet.targets, **SECOND)
            print(states(last), [entry["reason"] for entry in last["targets"] if entry["reason"]])
            if states(last) == {"fresh": TARGETS}:
                break
    finally:
        reader.stop()
        services.ask("DELETE", "/faults")
    final = rotator.run(targets=fleet.targets, **SECOND)
    assert states(final) == {"fresh": TARGETS}, final["counts"]
    documents = fleet.current()
    assert len(documents) == TARGETS
    assert {fleet.status(document) for document in documents.values()} == {200}
    current = {document["fingerprint"] for document in documents.values()}
    assert not current & old
    lost = fleet.alive() - current
    print(kills, "kills,", len(lost), "tokens lost,", reader.samples, "samples")
    assert kills == KILLS
    assert len(lost) <= kills * AT_ONCE
    assert not lost & old
    assert reader.dead == []
    assert reader.samples > 50
