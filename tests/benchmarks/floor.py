# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The floor: a bare ``requests`` loop that only sends presigned requests, with as many threads as the engine.

``python -m tests.benchmarks.floor FILE THREADS`` reads lists of prepared requests, one list per target, and prints its cost as JSON.
"""

from __future__ import annotations

import json
import pickle
import queue
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import requests

Targets = Sequence[Sequence[requests.PreparedRequest]]


def send(targets: Targets, threads: int, ca_bundle: str) -> list[list[requests.Response]]:
    """Send the requests of each target in sequence and return the responses."""
    waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
    for index in range(len(targets)):
        waiting.put(index)
    answers: list[list[requests.Response]] = [[] for _target in targets]

    def work() -> None:
        with requests.Session() as session:
            while True:
                try:
                    index = waiting.get_nowait()
                except queue.Empty:
                    return
                answers[index] = [session.send(request, verify=ca_bundle, timeout=120) for request in targets[index]]

    workers = [threading.Thread(target=work) for _index in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return answers


def refused(answers: Sequence[Sequence[requests.Response]]) -> list[str]:
    """Error responses, and the number of requests without a response."""
    return [
        f"{answer.request.method} {answer.status_code} {answer.text[:200]}"
        for found in answers
        for answer in found
        if not answer.ok or (b'"ErrorCode": 0' not in answer.content and b"ResponseStatus" in answer.content)
    ]


def main(path: str, threads: str) -> int:
    """Send the requests in a file and return the exit code."""
    ca_bundle, targets = pickle.loads(Path(path).read_bytes())  # noqa: S301 - written by the benchmark itself
    begun, cpu = time.perf_counter(), time.process_time()
    answers = send(targets, int(threads), ca_bundle)
    wall, cpu = time.perf_counter() - begun, time.process_time() - cpu
    problems = refused(answers)
    print(json.dumps({"wall": wall, "cpu": cpu, "requests": sum(map(len, answers)), "problems": problems[:3]}))
    return 1 if problems or len(answers) != sum(map(bool, answers)) else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
