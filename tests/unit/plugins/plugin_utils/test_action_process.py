# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When the entry points of the actions that work on the controller are imported."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator

import pytest
from ansible.errors import AnsibleActionFail
from ansible_collections.panw.cloud.plugins.plugin_utils._action_process import _PACKAGE, entry_point, preload
from ansible_collections.panw.cloud.plugins.plugin_utils._controller_action import ControllerAction

ENTRY = "rulestack_directory"


@pytest.fixture
def collecting() -> Iterator[None]:
    """Restore garbage collection."""
    yield
    gc.enable()


def test_entry_point_is_imported_with_the_plugin(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ansible loads a plugin once, and then starts a process for each host."""
    monkeypatch.delitem(sys.modules, f"{_PACKAGE}.{ENTRY}", raising=False)

    class Action(ControllerAction):
        entry = ENTRY

    assert f"{_PACKAGE}.{ENTRY}" in sys.modules
    assert Action.entry == ENTRY


def test_missing_library_is_reported_by_the_task_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, f"{_PACKAGE}.firewall", None)
    preload("firewall")
    with pytest.raises(AnsibleActionFail, match="Failed to import the required Python library"):
        entry_point("firewall")


def test_other_failure_of_the_import_does_not_end_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_name: str) -> None:
        raise AttributeError("of libraries that do not fit together")

    monkeypatch.setattr("importlib.import_module", fail)
    preload("firewall")
    with pytest.raises(AttributeError):
        entry_point("firewall")


@pytest.mark.usefixtures("collecting")
@pytest.mark.parametrize("switch", [gc.enable, gc.disable])
def test_garbage_collection_is_as_before(switch: Callable[[], None]) -> None:
    switch()
    before = gc.isenabled()
    preload("missing")
    assert gc.isenabled() is before
