# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""WildFire's samples: their verdicts, which analysis gives them after a while, and changes of verdicts."""

from __future__ import annotations

import dataclasses
import hashlib
import re
import threading
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from ..clock import Clock, iso8601
from .tenant_settings import TenantSettings
from .test_files import is_test_file

HASH = re.compile(r"[0-9a-f]{32}|[0-9a-f]{64}")
MALWARE = 1
BENIGN = 0
GRAYWARE = 2
PHISHING = 4
C2 = 5
PENDING = -100
UNKNOWN = -102
INVALID = -103
VERDICTS = {BENIGN: "benign", MALWARE: "malware", GRAYWARE: "grayware", PHISHING: "phishing", C2: "c2"}
DAYS_OF_CHANGES = 30
"""How far back changed verdicts are available. Source: the vendor's page on changed verdicts."""


@dataclasses.dataclass(frozen=True)
class Sample:
    """One sample. Verdicts are the API's numbers: 0 benign, 1 malware, 2 grayware, 4 phishing, 5 C2.

    :param content: None if only the verdict is known, as for samples that other customers submitted.
    :param due_at: when its analysis ends, by the simulator's clock; None if it never does.
    """

    sha256: str
    md5: str
    verdict: int
    size: int
    filetype: str
    content: bytes | None = None
    due_at: float | None = 0.0


class Samples:
    """All samples; thread-safe.

    :param seed: the known samples; ``content``, if present, is text.
    """

    def __init__(self, seed: Iterable[dict[str, Any]], clock: Clock, tenant_settings: TenantSettings) -> None:
        self._clock = clock
        self._tenant_settings = tenant_settings
        self._lock = threading.Lock()
        self._seed: dict[str, Sample] = {item["sha256"]: _seeded(item) for item in seed}
        self._samples = dict(self._seed)
        self._changed: dict[str, date] = {}

    def find(self, digest: str) -> list[Sample]:
        """Samples with this SHA-256 or MD5; several can share an MD5."""
        with self._lock:
            return [sample for sample in self._samples.values() if digest in (sample.sha256, sample.md5)]

    def verdict(self, sample: Sample) -> int:
        """The verdict of a sample: pending until its analysis has ended."""
        pending = sample.due_at is None or self._clock.time() < sample.due_at
        return PENDING if pending else sample.verdict

    def add(self, content: bytes, filetype: str) -> Sample:
        """Analyze a file: malware if it is one of the test files, otherwise benign. A known sample is not analyzed again."""
        sha256 = hashlib.sha256(content).hexdigest()
        md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()
        verdict = MALWARE if is_test_file(content) else BENIGN
        seconds = self._tenant_settings.analysis_seconds
        due_at = None if seconds is None else self._clock.time() + seconds
        new = Sample(sha256, md5, verdict, len(content), filetype, content, due_at)
        with self._lock:
            known: Sample = self._samples.get(sha256, new)
            if known.content is None:
                known = dataclasses.replace(known, content=content, filetype=filetype)
            self._samples[sha256] = known
            return known

    def change_verdict(self, sha256: str, verdict: int) -> bool:
        """Change the verdict of a sample, as the vendor does after a review; False if it is unknown."""
        with self._lock:
            if sha256 not in self._samples:
                return False
            self._samples[sha256] = dataclasses.replace(self._samples[sha256], verdict=verdict, due_at=0.0)
            self._changed[sha256] = self._clock.now().date()
            return True

    def changed_since(self, day: date) -> list[Sample] | None:
        """Samples whose verdict changed on or after a day; None if the day is in the future or too long ago."""
        today = self._clock.now().date()
        if not today - timedelta(days=DAYS_OF_CHANGES) <= day <= today:
            return None
        with self._lock:
            return [self._samples[sha256] for sha256, changed in self._changed.items() if changed >= day]

    def clear(self) -> None:
        """Restore the samples of the seed."""
        with self._lock:
            self._samples = dict(self._seed)
            self._changed.clear()

    def describe(self) -> list[dict[str, Any]]:
        """All samples without their content."""
        with self._lock:
            samples = list(self._samples.values())
        return [
            {
                "sha256": sample.sha256,
                "verdict": self.verdict(sample),
                "size": sample.size,
                "filetype": sample.filetype,
                "analyzed_at": iso8601(sample.due_at) if sample.due_at else None,
            }
            for sample in samples
        ]


def _seeded(item: dict[str, Any]) -> Sample:
    text = item.get("content")
    return Sample(**{**item, "content": None if text is None else text.encode()})
