# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a plan will be: the document after its changes. What a plan is for, and refused for, is tested with the modules."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources import plan_file
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.commit import Commits
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.document import document_problems, parse
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.engine import Engine
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.read_once import ReadOnce
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.reader import Reader, gather, snapshot
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.rulestack_plan import plan_rulestack
from ansible_collections.panw.cloud.tests.helpers.fake_rulestacks import FakeRulestacks
from ansible_collections.panw.cloud.tests.helpers.resource_values import documents
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

ORIGIN = plan_file.Origin("0.2.0", "123456789012", "us-east-1")


@pytest.mark.parametrize("state", ["merged", "replaced", "overridden"])
@settings(max_examples=2, phases=[Phase.generate])
@given(data=st.data())
def test_document_after_a_plan_is_what_is_gathered_then(state: str, data: st.DataObject) -> None:
    """From nothing to any rulestack, and from that to any other, rules that move included."""
    fake = FakeRulestacks()
    for _round in range(2):
        wanted = data.draw(documents("local"))
        (document,) = parse([wanted])
        assert list(document_problems([document])) == []
        reader = Reader(ReadOnce.like(fake.client), 1)
        before = snapshot(reader, "web", "local")
        plan = plan_rulestack(reader, document, state)
        entry = plan_file.planned(wanted, before, plan, state, Commits(fake.client, "web", "local"))
        Engine(fake.client).run(plan.levels, lambda _result: None, 1)
        assert plan_file.plain(entry["after"]) == plan_file.plain(gather(Reader(fake.client, 1), "web", "local"))
        assert plan_file.plain(entry["before"]) == plan_file.plain(before and before.document)


def test_plan_file_is_written_in_one_step_with_the_umask(tmp_path: Path) -> None:
    path, before = tmp_path / "new" / "plan.json", os.umask(0o027)
    try:
        plan = plan_file.complete(ORIGIN, [], [], [], [])
        plan_file.write(str(path), plan)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert (plan_file.read(str(path)), plan_file.identifier_at(str(path))) == (plan, plan["id"])
    assert [one.name for one in path.parent.iterdir()] == ["plan.json"]
    with pytest.raises(InvalidInput, match="cannot be written"):
        plan_file.write(str(path / "plan.json"), plan)


def test_id_covers_everything_that_is_approved(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    plan = plan_file.complete(ORIGIN, [], ["old"], [{"id": "empty-list"}], ["careful"])
    path.write_text(json.dumps({**plan, "created": "", "warnings": []}))
    assert plan_file.read(str(path))["id"] == plan["id"]
    for key in plan.keys() - {"id", "format", "created", "unmanaged", "warnings"}:
        path.write_text(json.dumps({**plan, key: "edited"}))
        with pytest.raises(plan_file.PlanRefused, match="was edited"):
            plan_file.read(str(path))
    assert plan_file.identifier_at(str(path)) is None
