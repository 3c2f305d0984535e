# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible_collections.panw.cloud.plugins.plugin_utils._controller_action import ControllerAction
from ansible_collections.panw.cloud.plugins.plugin_utils._rulestack_report import report


class ActionModule(ControllerAction):
    """Report on rulestack plans on the controller, where the files are."""

    entry = "rulestack_report"

    def _work(self, entry: Any, params: dict[str, Any], warnings: list[str]) -> dict[str, Any]:
        return report(params["plans"], params["kind"], params["dest"], params["failed"], dry_run=self._task.check_mode)
