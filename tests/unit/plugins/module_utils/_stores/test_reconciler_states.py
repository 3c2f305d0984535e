# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run of either reconciler does in each state, what check mode predicts, and what the result shows."""

from __future__ import annotations

from ansible_collections.panw.cloud.plugins.module_utils._stores.documents import Record
from ansible_collections.panw.cloud.tests.helpers.secret_worlds import SecretWorld


def test_present_creates_one_secret_and_keeps_it(world: SecretWorld) -> None:
    first = world.run()
    assert (first.changed, first.created) == (True, True)
    assert (first.previous, first.repaired) == (None, [])
    assert first.current == world.current()
    assert world.works()
    world.service.calls.clear()
    again = world.run()
    assert (again.changed, again.created) == (False, False)
    assert again.current == first.current
    assert world.service.calls == world.KEEPING


def test_rotated_replaces_secret_and_ends_old_one(world: SecretWorld) -> None:
    first = world.run()
    second = world.run("rotated")
    assert second.changed
    assert (second.previous, second.repaired) == (first.current, [])
    assert second.current == world.current()
    assert world.valid() == [world.secret(second.current)]
    assert not world.run().changed


def test_absent_empties_store_and_ends_what_can_be_ended(world: SecretWorld) -> None:
    last = world.run().current
    gone = world.run("absent")
    assert gone.changed
    assert gone.current is None
    assert not world.store().load().exists
    assert world.valid() == ([] if world.STORED.COEXISTS else [world.secret(last)])
    assert not world.run("absent").changed


def test_check_mode_of_empty_store_predicts_and_changes_nothing(world: SecretWorld) -> None:
    assert world.predict().changed
    assert not world.predict("absent").changed
    assert not world.store().load().exists
    assert world.valid() == []


def test_check_mode_of_filled_store_predicts_and_changes_nothing(world: SecretWorld) -> None:
    kept = world.run().current
    world.service.calls.clear()
    assert not world.predict().changed
    assert world.service.calls == world.KEEPING
    rotated = world.predict("rotated")
    assert (rotated.changed, rotated.current) == (True, None)
    removed = world.predict("absent")
    assert (removed.changed, removed.current) == (True, None)
    assert not world.CREATE & set(world.service.calls)
    assert world.current() == kept
    assert world.works()


def test_result_shows_fingerprints_but_no_secret(world: SecretWorld) -> None:
    world.run()
    outcome = world.run("rotated")
    result = outcome.as_result()
    assert result["previous_fingerprint"] == result["diff"]["before"]["fingerprint"] == outcome.previous.fingerprint
    assert result["fingerprint"] == result["diff"]["after"]["fingerprint"] == outcome.current.fingerprint
    for text in (*world.confidential(outcome.current), *world.confidential(outcome.previous)):
        assert text not in str(result) + repr(outcome)
        assert text in Record(outcome.current).dump() + Record(outcome.previous).dump()
