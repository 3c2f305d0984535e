# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ngfw_rulestack_lint as a module: without a connection, credentials or the library for HTTP."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._module import runner
from ansible_collections.panw.cloud.tests.helpers.run_module import failed, run

DENY: dict[str, Any] = {"source": {}, "destination": {}, "applications": ["any"], "action": "DenySilent"}
SHADOWED = [{"name": "web", "rules": [{"name": "deny", **DENY}, {"name": "allow", **DENY, "action": "Allow"}]}]


@pytest.mark.parametrize("check", [False, True])
def test_findings_are_returned_without_a_connection(monkeypatch: pytest.MonkeyPatch, check: bool) -> None:
    monkeypatch.setattr(runner, "REQUESTS_IMPORT_ERROR", "no requests")
    result = run("ngfw_rulestack_lint", {"rulestacks": SHADOWED, "fail_on": "none", "_ansible_check_mode": check})
    assert result["changed"] is False
    assert [finding["id"] for finding in result["findings"]] == ["any-to-any-allow", "shadowed-rule"]


def test_failure_has_all_findings() -> None:
    result = failed(run("ngfw_rulestack_lint", {"rulestacks": SHADOWED}))
    assert result["msg"] == (
        "The documents have findings:\n"
        "- rulestacks[0] web > rules[1] allow allows any application from any source to any destination (any-to-any-allow)\n"
        "- rulestacks[0] web > rules[1] allow can never match: all its sessions match rule 'deny' before it (shadowed-rule)\n"
        "Correct the documents, or list in 'suppress' what is meant to be so."
    )
    assert result["error"]["kind"] == "findings"
    assert result["counts"] == {"error": 2, "warning": 0, "info": 0}
    assert result["changed"] is False


def test_unknown_ids_are_refused() -> None:
    result = failed(run("ngfw_rulestack_lint", {"rulestacks": SHADOWED, "suppress": [{"id": "shadow"}]}))
    assert "value of id must be one of: any-to-any-allow" in result["msg"]
