# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Record of calls by route and of every issued secret (only for the loopback interface)."""

from __future__ import annotations

import hashlib
import threading
from collections import Counter


def fingerprint(secret: str) -> str:
    """The first 12 hex digits of the SHA-256: enough to recognize a secret, not to use it."""
    return hashlib.sha256(secret.encode()).hexdigest()[:12]


class Recorder:
    """Counters and secrets; thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: dict[str, Counter[str]] = {}
        self._secrets: dict[str, dict[str, None]] = {}

    def count(self, service: str, route: str) -> None:
        """Count one call of a route of a service."""
        with self._lock:
            self._calls.setdefault(service, Counter())[route] += 1

    def calls(self, service: str) -> dict[str, int]:
        """Calls of a service by route."""
        with self._lock:
            return dict(sorted(self._calls.get(service, Counter()).items()))

    def reset_calls(self) -> None:
        """Reset all counters."""
        with self._lock:
            self._calls.clear()

    def keep_secret(self, kind: str, value: str) -> None:
        """Record a secret that was issued or seeded."""
        with self._lock:
            self._secrets.setdefault(kind, {})[value] = None

    def secrets(self) -> dict[str, list[str]]:
        """Every secret by kind, in the order of issue."""
        with self._lock:
            return {kind: list(values) for kind, values in self._secrets.items()}
