# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Another run acts on the same store between two steps of a run."""

from __future__ import annotations

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._stores.base import LockConflict
from ansible_collections.panw.cloud.tests.helpers.secret_worlds import AT_ONCE, SecretWorld, precede


def test_parallel_run_that_finished_first_is_accepted(world: SecretWorld) -> None:
    reconciler = world.reconciler()
    precede(reconciler, "reserve", world.run)
    outcome = reconciler.run("present")
    assert (outcome.changed, outcome.repaired) == (False, [])
    assert outcome.current == world.current()
    assert len(world.valid()) == 1


def test_parallel_rotation_that_finished_first_is_accepted_by_rotation(world: SecretWorld) -> None:
    first = world.run()
    reconciler = world.reconciler()
    precede(reconciler, "reserve", lambda: world.run("rotated"))
    outcome = reconciler.run("rotated")
    assert (outcome.changed, outcome.repaired) == (False, [])
    assert (outcome.observed, outcome.current) == (first.current, world.current())
    assert world.valid() == [world.secret(outcome.current)]


def test_parallel_run_that_wrote_nothing_prevents_no_rotation(world: SecretWorld) -> None:
    first = world.run()
    world.before_next({world.PREPARE}, world.run)
    outcome = world.run("rotated")
    assert (outcome.changed, outcome.previous) == (True, first.current)
    assert len([call for call in world.service.calls if call in world.CREATE]) == 2


def test_parallel_run_in_progress_raises_lock_conflict(world: SecretWorld) -> None:
    reconciler = world.reconciler()
    precede(reconciler, "reserve", world.reserved)
    with pytest.raises(LockConflict, match="another run has reserved"):
        reconciler.run("present")


def test_promotion_by_other_run_is_accepted(world: SecretWorld) -> None:
    world.run()
    reconciler = world.reconciler()

    def other() -> None:
        assert world.run(**AT_ONCE).changed

    world.before_next({world.PROVE}, other)
    outcome = reconciler.run("rotated")
    assert outcome.changed
    assert outcome.current.fingerprint == world.current().fingerprint
    assert world.store().load().pending_revocations == ()
    assert world.run().pending_revocations == []
    assert world.valid() == [world.secret(outcome.current)]


def test_late_promotion_raises_lock_conflict(world: SecretWorld) -> None:
    """The run slept after its check until others had promoted its secret and created another."""
    world.run()
    reconciler = world.reconciler()

    def others() -> None:
        assert world.run(**AT_ONCE).changed
        assert world.run("rotated").changed

    precede(reconciler, "promote", others)
    with pytest.raises(LockConflict):
        reconciler.run("rotated")
    assert world.works()
    world.run()
    assert world.valid() == [world.secret(world.current())]
