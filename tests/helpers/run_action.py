# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action plugins without a play: a fake task and connection, and a module that is not run."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

import yaml

ROOT = Path(__file__).resolve().parents[2]


def action_plugin(module: str) -> str:
    """The action plugin that ansible-core runs for a module."""
    routing = yaml.safe_load((ROOT / "meta/runtime.yml").read_text(encoding="utf-8"))["plugin_routing"]["modules"]
    routed: str = routing.get(module, {}).get("action_plugin", f"panw.cloud.{module}")
    return routed.removeprefix("panw.cloud.")


class Action:
    """An action plugin, its module call, and its output."""

    def __init__(
        self,
        name: str,
        args: dict[str, Any],
        *,
        result: dict[str, Any] | BaseException | None = None,
        async_val: int = 0,
        become: Any = None,
        has_pipelining: bool = True,
    ) -> None:
        plugin = importlib.import_module(f"ansible_collections.panw.cloud.plugins.action.{action_plugin(name)}")
        self.task = mock.MagicMock(args=args, async_val=async_val, check_mode=False, no_log=False, environment=[])
        self.task.action = f"panw.cloud.{name}"
        connection = mock.MagicMock(become=become, has_pipelining=has_pipelining)
        connection._shell = SimpleNamespace(tmpdir="/nowhere")
        self.modules: list[dict[str, Any]] = []
        self.errors: list[str] = []
        self.warnings: list[str] = []
        self.verbose: list[str] = []
        self.plugin = plugin.ActionModule(self.task, connection, mock.MagicMock(no_log=False), None, None, None)
        self.plugin._execute_module = self._execute
        self.plugin._display = SimpleNamespace(
            error=lambda text, **_also: self.errors.append(text), warning=self.warnings.append, v=self.verbose.append
        )
        self._result = {"changed": True} if result is None else result

    def _execute(self, **settings: Any) -> dict[str, Any]:
        self.modules.append(settings)
        if isinstance(self._result, BaseException):
            raise self._result
        return dict(self._result)

    def run(self, **variables: Any) -> dict[str, Any]:
        found: dict[str, Any] = self.plugin.run(None, variables)
        return found
