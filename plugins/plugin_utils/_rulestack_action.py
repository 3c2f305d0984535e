# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The base class of the action plugins that read or write whole rulestacks.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import time
from typing import Any

from ansible_collections.panw.cloud.plugins.plugin_utils._controller_action import ControllerAction, plain

SECONDS_BETWEEN_LINES = 5.0
DATA_OPTIONS = ("rulestacks", "variables", "suppress")


class RulestackAction(ControllerAction):
    """Work on whole rulestacks on the controller, over a few kept connections."""

    def _arguments(self) -> dict[str, Any]:
        """The options of the task. A relative directory is one beside the playbook."""
        arguments = {name: plain(value) if name in DATA_OPTIONS else value for name, value in self._task.args.items()}
        if isinstance(arguments.get("directory"), str):
            arguments["directory"] = self._loader.path_dwim(arguments["directory"])
        return arguments

    def _progress(self) -> Any:
        """A function that shows the progress every few seconds."""
        last = time.monotonic()

        def report(what: str, done: int, total: int) -> None:
            nonlocal last
            if time.monotonic() - last >= SECONDS_BETWEEN_LINES:
                last = time.monotonic()
                of_total = f" of {total}" if total else ""
                self._show(f"{done}{of_total} {what}")

        return report
