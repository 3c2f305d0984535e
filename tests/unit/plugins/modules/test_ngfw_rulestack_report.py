# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ngfw_rulestack_report as a module: the action plugin of the same name does the work."""

from __future__ import annotations

from ansible_collections.panw.cloud.tests.helpers.run_module import failed, run


def test_module_without_its_action_plugin_is_refused() -> None:
    result = failed(run("ngfw_rulestack_report", {"plans": ["/nowhere"]}))
    assert result["msg"] == "Option 'plans' can only be read on the controller, by the action plugin."
