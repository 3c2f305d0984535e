# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Manual steps: requested if needed, and waited for if enabled."""

from __future__ import annotations

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import ErrorContext
from ansible_collections.panw.cloud.plugins.module_utils._common.polling import Poller
from ansible_collections.panw.cloud.plugins.module_utils._wildfire import manual_steps
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.credential_check import ProbeResult
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.errors import ManualStep
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.reconciler import assist
from ansible_collections.panw.cloud.tests.helpers.fakes import Clock

WORKS = ProbeResult(works=True)
REFUSED = ProbeResult(works=False, context=ErrorContext("POST https://example.com", 401, reason="Invalid API key"))
STEPS = ["Open the door.", "Close it."]


class Person:
    """Completes the steps at a given time."""

    def __init__(self, at: float, before: ProbeResult, after: ProbeResult) -> None:
        self.clock = Clock()
        self._at, self._before, self._after = at, before, after
        self.looks = 0

    def look(self) -> ProbeResult:
        self.looks += 1
        return self._after if self.clock() >= self._at else self._before

    def poller(self, timeout: float) -> Poller:
        return Poller(timeout, 10, self.clock, self.clock.sleep)


@pytest.mark.parametrize(("desired", "found"), [(True, WORKS), (False, REFUSED)])
def test_assist_without_needed_steps_returns_at_once(desired: bool, found: ProbeResult) -> None:
    person = Person(0, found, found)
    assert assist("try", STEPS, person.look, desired=desired, poller=person.poller(60)) == (False, found)
    assert person.looks == 1


@pytest.mark.parametrize(("desired", "before", "after"), [(True, REFUSED, WORKS), (False, WORKS, REFUSED)])
def test_assist_steps_done_during_wait_reports_changed(desired: bool, before: ProbeResult, after: ProbeResult) -> None:
    person = Person(25, before, after)
    assert assist("try", STEPS, person.look, desired=desired, poller=person.poller(60)) == (True, after)
    assert person.clock() == 30


def test_assist_without_wait_raises_error() -> None:
    person = Person(1, REFUSED, WORKS)
    with pytest.raises(ManualStep) as caught:
        assist("bind a key", STEPS, person.look, desired=True, poller=None)
    error = caught.value
    assert person.looks == 1
    assert str(error).startswith(
        "Could not bind a key at POST https://example.com: the server returned HTTP 401: Invalid API key."
    )
    assert "publishes no API" in str(error)
    assert str(error).endswith("\n1. Open the door.\n2. Close it.")
    assert error.as_result()["manual_steps"] == STEPS
    assert error.as_result()["error"]["kind"] == "manual_step"


def test_assist_steps_not_done_in_time_raises_error() -> None:
    person = Person(61, REFUSED, WORKS)
    with pytest.raises(ManualStep, match="The manual steps were not done within 60 seconds"):
        assist("try", STEPS, person.look, desired=True, poller=person.poller(60))


def test_assist_error_describes_what_still_works() -> None:
    person = Person(1, WORKS, REFUSED)
    with pytest.raises(ManualStep, match="try: WildFire accepts the service account, and its key is valid\\."):
        assist("try", STEPS, person.look, desired=False, poller=None)


@pytest.mark.parametrize(
    ("make", "words"),
    [(manual_steps.create, ["Create New Key", "Valid"]), (manual_steps.revoke, ["Revoke API Access", "Revoked"])],
)
@pytest.mark.parametrize(
    ("product", "name"), [("advanced_wildfire", "Advanced WildFire"), ("prisma_access", "Prisma Access")]
)
def test_steps_show_all_names(make: object, words: list[str], product: str, name: str) -> None:
    assert callable(make)
    text = "\n".join(make("1700000001", product, "scanner (scanner@example.com)"))
    for word in [
        "1700000001",
        name,
        "scanner (scanner@example.com)",
        "Configuration > WildFire Setting",
        "Apply Change",
        *words,
    ]:
        assert word in text
    assert "{" not in text
