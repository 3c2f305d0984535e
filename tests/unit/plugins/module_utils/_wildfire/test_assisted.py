# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A person's help: asked for when it is needed, waited for when that is wanted."""

from __future__ import annotations

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import Evidence
from ansible_collections.panw.cloud.plugins.module_utils._wildfire import manual_steps
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.assisted import assist
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.credential_check import Tried
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.errors import ManualStep
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.waiting import Patience
from ansible_collections.panw.cloud.tests.helpers.fakes import Clock

WORKS = Tried(works=True)
REFUSED = Tried(works=False, evidence=Evidence("POST https://example.com", 401, reason="Invalid API key"))
STEPS = ["Open the door.", "Close it."]


class Person:
    """Acts at a time."""

    def __init__(self, at: float, before: Tried, after: Tried) -> None:
        self.clock = Clock()
        self._at, self._before, self._after = at, before, after
        self.looks = 0

    def look(self) -> Tried:
        self.looks += 1
        return self._after if self.clock() >= self._at else self._before

    def patience(self, timeout: float) -> Patience:
        return Patience(timeout, 10, self.clock, self.clock.sleep)


@pytest.mark.parametrize(("wanted", "found"), [(True, WORKS), (False, REFUSED)])
def test_nobody_is_needed(wanted: bool, found: Tried) -> None:
    person = Person(0, found, found)
    assert assist("try", STEPS, person.look, wanted=wanted, patience=person.patience(60)) == (False, found)
    assert person.looks == 1


@pytest.mark.parametrize(("wanted", "before", "after"), [(True, REFUSED, WORKS), (False, WORKS, REFUSED)])
def test_somebody_does_it_meanwhile(wanted: bool, before: Tried, after: Tried) -> None:
    person = Person(25, before, after)
    assert assist("try", STEPS, person.look, wanted=wanted, patience=person.patience(60)) == (True, after)
    assert person.clock() == 30


def test_nobody_is_waited_for() -> None:
    person = Person(1, REFUSED, WORKS)
    with pytest.raises(ManualStep) as caught:
        assist("bind a key", STEPS, person.look, wanted=True, patience=None)
    error = caught.value
    assert person.looks == 1
    assert str(error).startswith(
        "Could not bind a key at POST https://example.com: the server answered HTTP 401: Invalid API key."
    )
    assert "publishes no API" in str(error)
    assert str(error).endswith("\n1. Open the door.\n2. Close it.")
    assert error.as_result()["manual_steps"] == STEPS
    assert error.as_result()["error"]["kind"] == "manual_step"


def test_nobody_does_it_in_time() -> None:
    person = Person(61, REFUSED, WORKS)
    with pytest.raises(ManualStep, match="Nobody did it within 60 seconds"):
        assist("try", STEPS, person.look, wanted=True, patience=person.patience(60))


def test_what_still_works_is_said_in_words() -> None:
    person = Person(1, WORKS, REFUSED)
    with pytest.raises(ManualStep, match="try: WildFire takes the service account for the holder of a valid key\\."):
        assist("try", STEPS, person.look, wanted=False, patience=None)


@pytest.mark.parametrize(
    ("make", "words"),
    [(manual_steps.create, ["Create New Key", "Valid"]), (manual_steps.revoke, ["Revoke API Access", "Revoked"])],
)
@pytest.mark.parametrize(
    ("product", "name"), [("advanced_wildfire", "Advanced WildFire"), ("prisma_access", "Prisma Access")]
)
def test_all_names_are_in_the_steps(make: object, words: list[str], product: str, name: str) -> None:
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
