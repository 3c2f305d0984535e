# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Web pages that WildFire's URL analysis knows."""

from __future__ import annotations

import dataclasses
import hashlib
import threading
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from ..clock import Clock
from .samples import BENIGN, PENDING, VERDICTS
from .tenant_settings import TenantSettings

_BY_LABEL = {name: code for code, name in VERDICTS.items()}


@dataclasses.dataclass(frozen=True)
class Page:
    """One page.

    :param due_at: when its analysis ends, by the simulator's clock; None if it never does.
    """

    url: str
    verdict: int
    due_at: float | None = 0.0

    @property
    def sha256(self) -> str:
        """The hash of the URL."""
        return hashlib.sha256(self.url.encode()).hexdigest()

    @property
    def md5(self) -> str:
        """The MD5 of the URL."""
        return hashlib.md5(self.url.encode(), usedforsecurity=False).hexdigest()


class Pages:
    """All pages; thread-safe."""

    def __init__(self, seed: Iterable[dict[str, Any]], clock: Clock, tenant_settings: TenantSettings) -> None:
        self._clock = clock
        self._tenant_settings = tenant_settings
        self._lock = threading.Lock()
        self._seed = {_plain(item["url"]): Page(_plain(item["url"]), item["verdict"]) for item in seed}
        self._pages = dict(self._seed)

    def find(self, url: str) -> Page | None:
        """The page of a URL."""
        with self._lock:
            return self._pages.get(_plain(url))

    def verdict(self, page: Page) -> int:
        """The verdict of a page: pending until its analysis has ended."""
        pending = page.due_at is None or self._clock.time() < page.due_at
        return PENDING if pending else page.verdict

    def add(self, url: str) -> Page:
        """Analyze a page: the first label of the host names its verdict, such as ``phishing.example.com``; others are benign."""
        seconds = self._tenant_settings.analysis_seconds
        due_at = None if seconds is None else self._clock.time() + seconds
        page = Page(_plain(url), _BY_LABEL.get(_label(url), BENIGN), due_at)
        with self._lock:
            self._pages.setdefault(page.url, page)
        return Page(url, page.verdict, due_at)  # the response has the hashes of the URL as it was sent

    def clear(self) -> None:
        """Restore the pages of the seed."""
        with self._lock:
            self._pages = dict(self._seed)


def _label(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").partition(".")[0]
    except ValueError:
        return ""


def _plain(url: str) -> str:
    return url.rstrip("/")
