# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Known WildFire samples, and the test files."""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

HASH = re.compile(r"[0-9a-f]{32}|[0-9a-f]{64}")
MALWARE = 1
BENIGN = 0
UNKNOWN = -102
INVALID = -103
TEST_FILES = {
    "pe": "wildfire-test-pe-file.exe",
    "apk": "wildfire-test-apk-file.apk",
    "macos": "wildfire-test-macos-file",
    "elf": "wildfire-test-elf-file",
}
TEST_MARK = b"This is a harmless simulated service for a WildFire test file.\n"


@dataclass(frozen=True)
class Sample:
    """One sample with its verdict. Verdicts are the API's numbers: 0 benign, 1 malware, 2 grayware, 4 phishing, 5 C2."""

    sha256: str
    md5: str
    verdict: int
    size: int
    filetype: str


class Samples:
    """All samples; thread-safe."""

    def __init__(self, seed: Iterable[dict[str, Any]]) -> None:
        self._lock = threading.Lock()
        self._samples = {item["sha256"]: Sample(**item) for item in seed}

    def find(self, digest: str) -> list[Sample]:
        """Samples with this SHA-256 or MD5; several can share an MD5."""
        with self._lock:
            return [sample for sample in self._samples.values() if digest in (sample.sha256, sample.md5)]

    def add(self, content: bytes) -> Sample:
        """Analyze a file: malware if it is one of the test files, otherwise benign."""
        sha256 = hashlib.sha256(content).hexdigest()
        md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()
        verdict = MALWARE if content.startswith(TEST_MARK) else BENIGN
        with self._lock:
            return self._samples.setdefault(sha256, Sample(sha256, md5, verdict, len(content), "unknown"))


def test_file() -> bytes:
    """A test file with a unique hash."""
    return TEST_MARK + secrets.token_hex(16).encode() + b"\n"
