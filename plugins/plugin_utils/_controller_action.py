# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The base class of the action plugins that do the task themselves, on the controller, and show its progress.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import json
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import PanwCloudError
from ansible_collections.panw.cloud.plugins.module_utils._common.redaction import printable
from ansible_collections.panw.cloud.plugins.plugin_utils._action_process import entry_point, preload, take_over
from ansible_collections.panw.cloud.plugins.plugin_utils._secret_action import SecretiveAction


def plain(value: Any) -> Any:
    """A value as plain Python values: copying what ansible-core has tagged takes longer than comparing a document with the server."""
    return json.loads(json.dumps(value, default=str))


class ControllerAction(SecretiveAction):
    """Do a task on the controller.

    C(entry) names a file of C(module_utils/_module) with C(spec()), all options, and C(work(module, progress)), which returns the result.
    """

    entry = ""

    def __init_subclass__(cls, **more: Any) -> None:
        """Import the entry point with the plugin."""
        super().__init_subclass__(**more)
        if cls.entry:
            preload(cls.entry)

    def _answer(self, task_vars: dict[str, Any]) -> dict[str, Any]:
        take_over(self)
        entry = entry_point(self.entry)
        checked = ArgumentSpecValidator(entry.spec()).validate(self._arguments())
        if checked.error_messages:
            raise AnsibleActionFail("; ".join(checked.error_messages))
        warnings: list[str] = []
        try:
            result = self._work(entry, checked.validated_parameters, warnings)
        except PanwCloudError as error:
            result = {"failed": True, "warnings": warnings, **error.as_result()}
        if not self._task.diff:
            result.pop("diff", None)
        shown: dict[str, Any] = printable(result)  # all external text in results passes here
        return shown

    def _work(self, entry: Any, params: dict[str, Any], warnings: list[str]) -> dict[str, Any]:
        """Do the task.

        :param params: the options, checked for types. :param warnings: to add to; the result of a failure has them, too.
        :raises PanwCloudError: it failed.
        """
        module = entry.ModuleShim(params, self._task.check_mode, warnings)
        result: dict[str, Any] = entry.work(module, self._progress())
        return result

    def _arguments(self) -> dict[str, Any]:
        """The options of the task."""
        return dict(self._task.args)

    def _progress(self) -> Any:
        """What the entry calls with each line of progress."""
        return self._show

    def _show(self, text: str) -> None:
        self._display.display(f"{self._task.action}: {printable(text)}")
