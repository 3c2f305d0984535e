# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import os
import time
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.module_utils.basic import missing_required_lib
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import PanwCloudError
from ansible_collections.panw.cloud.plugins.plugin_utils._secret_action import SecretiveAction

SECONDS_BETWEEN_LINES = 5.0


class ActionModule(SecretiveAction):
    """Apply whole rulestacks on the controller, over a few kept connections."""

    def _answer(self, task_vars: dict[str, Any]) -> dict[str, Any]:
        environment: dict[str, Any] = {}
        self._compute_environment_string(environment)
        os.environ.update(
            {name: str(value) for name, value in environment.items()}
        )  # this process serves this task only
        config = _config()
        given = {name: _plain(value) if name == "rulestacks" else value for name, value in self._task.args.items()}
        checked = ArgumentSpecValidator(config.config_spec()).validate(given)
        if checked.error_messages:
            raise AnsibleActionFail("; ".join(checked.error_messages))
        module = config.ModuleShim(checked.validated_parameters, self._task.check_mode)
        try:
            result: dict[str, Any] = config.run_config(module, self._reporter())
        except PanwCloudError as error:
            return {"failed": True, "warnings": module.warnings, **error.as_result()}
        if not self._task.diff:
            result.pop("diff", None)
        return result

    def _reporter(self) -> Any:
        """A function that shows the progress every few seconds."""
        last = time.monotonic()

        def report(what: str, done: int, total: int) -> None:
            nonlocal last
            if time.monotonic() - last >= SECONDS_BETWEEN_LINES:
                last = time.monotonic()
                of_total = f" of {total}" if total else ""
                self._display.display(f"{self._task.action}: {done}{of_total} {what}")

        return report


def _plain(value: Any) -> Any:
    """A document as plain Python values: copying what ansible-core has tagged takes longer than comparing it with the server."""
    return json.loads(json.dumps(value, default=str))


def _config() -> Any:
    """Import the entry point late: importing the SDKs takes as long as a small run."""
    try:
        from ansible_collections.panw.cloud.plugins.module_utils._module import rulestack_config
    except ImportError as error:
        raise AnsibleActionFail(missing_required_lib(str(error.name))) from error
    return rulestack_config
