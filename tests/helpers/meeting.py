# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls that only succeed if they are made at the same time."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.descriptor import Resource
from ansible_collections.panw.cloud.tests.helpers.fake_rulestacks import FakeRulestacks


def let_meet(monkeypatch: pytest.MonkeyPatch, fake: FakeRulestacks, parties: int) -> None:
    """Make the lists, and the reads of a rulestack itself, wait until so many of them have begun."""
    together = threading.Barrier(parties)
    read, lists = fake.client.read, fake.client.list

    def read_together(resource: Resource, *more: Any) -> Any:
        if not resource.section:
            together.wait(30)
        return read(resource, *more)

    def list_together(*more: Any) -> Any:
        together.wait(30)
        return lists(*more)

    monkeypatch.setattr(fake.client, "read", read_together)
    monkeypatch.setattr(fake.client, "list", list_together)
