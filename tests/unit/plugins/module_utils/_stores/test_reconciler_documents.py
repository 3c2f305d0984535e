# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A store whose documents or settings are wrong."""

from __future__ import annotations

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import PanwCloudError
from ansible_collections.panw.cloud.tests.helpers.secret_worlds import STATES, SecretWorld


def test_invalid_document_is_replaced_only_on_request(world: SecretWorld) -> None:
    world.run()
    world.overwrite("nonsense")
    for state in STATES:
        with pytest.raises(PanwCloudError, match="on_invalid_document"):
            world.run(state)
    assert world.predict(replace_invalid=True, **world.ADOPTING).changed
    outcome = world.run(replace_invalid=True, **world.ADOPTING)
    assert outcome.changed
    assert ("its version is None" if world.kind == "hashi_vault" else "it is not JSON") in outcome.repaired[0]
    assert world.works()
    assert not world.run().changed


def test_invalid_pending_document_is_replaced_on_request(world: SecretWorld) -> None:
    first = world.run()
    world.overwrite_pending("nonsense")
    with pytest.raises(PanwCloudError, match="on_invalid_document"):
        world.run()
    outcome = world.run(replace_invalid=True)
    assert outcome.changed
    assert outcome.current == first.current
    assert not world.run().changed


def test_drift_of_settings_is_predicted_and_repaired(world: SecretWorld) -> None:
    world.run()
    reconciler = world.reconciler()
    settled: list[int] = []
    reconciler._store.drift = lambda: ["tags"]
    reconciler._store.settle = lambda: settled.append(1)
    assert reconciler.predict("present").changed
    assert not settled
    outcome = reconciler.run("present")
    assert outcome.changed
    assert outcome.repaired == ["Settings of the store were wrong or missing: tags."]
    assert settled
