# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import time
from typing import Any

from ansible_collections.panw.cloud.plugins.plugin_utils._secret_action import SecretiveAction
from ansible_collections.panw.cloud.plugins.plugin_utils._wildfire_wait import Pending, connection, waiting


class ActionModule(SecretiveAction):
    """Wait for the verdicts, and show the progress: a module's own output appears only after it ends."""

    def _answer(self, task_vars: dict[str, Any]) -> dict[str, Any]:
        result = self.module(self._task.args, task_vars)
        wait = waiting(result)
        if result.get("failed") or self._task.check_mode or wait is None:
            return result
        deadline = time.monotonic() + wait.timeout
        pending = Pending(result)
        while pending and not result.get("failed"):
            left = deadline - time.monotonic()
            if left <= 0:
                return pending.timed_out(wait.timeout)
            self._display.display(f"{self._task.action}: {pending.progress(left)}")
            time.sleep(min(wait.interval, left))
            queried = self._execute_module(
                module_name="panw.cloud.wildfire_verdict_info",
                module_args={**connection(self._task.args), **pending.query()},
                task_vars=task_vars,
            )
            result = pending.take(queried)
        return result
