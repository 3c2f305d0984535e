# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible import constants as C
from ansible_collections.panw.cloud.plugins.plugin_utils._secret_action import SecretiveAction


class ActionModule(SecretiveAction):
    """Show the manual steps before the module waits for them: a module's own output appears only after it ends."""

    def _answer(self, task_vars: dict[str, Any]) -> dict[str, Any]:
        arguments = self._task.args
        if arguments.get("on_manual_step") != "wait" or self._task.check_mode:
            return self.module(arguments, task_vars)
        first = self.module({**arguments, "on_manual_step": "fail"}, task_vars)
        if "manual_steps" not in first or not first.get("failed"):
            return first
        # Not a warning: since ansible-core 2.19, the warnings of a task are shown after it ends.
        self._display.display(
            f"{self._task.action} is waiting for manual steps in the console. {first['msg']}", color=C.COLOR_WARN
        )
        waited = self.module(arguments, task_vars)
        return waited if waited.get("failed") else {**waited, "changed": True, "manual_steps": first["manual_steps"]}
