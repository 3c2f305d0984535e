# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible_collections.panw.cloud.plugins.plugin_utils._controller_action import ControllerAction, plain


class ActionModule(ControllerAction):
    """Read a directory of rulestacks on the controller."""

    entry = "rulestack_directory"

    def _arguments(self) -> dict[str, Any]:
        """The options of the task. A relative directory is one beside the playbook."""
        arguments: dict[str, Any] = plain(dict(self._task.args))
        if isinstance(arguments.get("directory"), str):
            arguments["directory"] = self._loader.path_dwim(arguments["directory"])
        return arguments
