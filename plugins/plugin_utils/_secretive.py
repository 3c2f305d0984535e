# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The base of this collection's action plugins: what they do to keep secrets out of files and output.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

try:
    from ansible.module_utils.secrets import register_secret  # ansible-core 2.22 and newer
except ImportError:
    register_secret = None


class SecretiveAction(ActionBase):
    """Runs the module of the same name with its options on standard input, so that no file holds them, not even for a moment."""

    SECRETS: tuple[str, ...] = ()

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Run the module, and censor a success that carries secrets."""
        super().run(tmp, task_vars)
        if self._task.async_val:
            raise AnsibleActionFail(
                f"{self._task.action} does not support async: the files in which Ansible keeps the state of an asynchronous task would hold secrets."
            )
        return self.censored(self._answer(task_vars or {}))

    def _answer(self, task_vars: dict[str, Any]) -> dict[str, Any]:
        return self.module(self._task.args, task_vars)

    def module(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Run the module with these options."""
        result: dict[str, Any] = self._execute_module(
            module_name=self._task.action, module_args=arguments, task_vars=task_vars
        )
        return result

    def censored(self, result: dict[str, Any]) -> dict[str, Any]:
        """Let callbacks print nothing of a success that carries secrets; the registered result keeps them. A failure carries none and stays readable."""
        secrets = [result[name] for name in self.SECRETS if result.get(name)]
        if secrets and not result.get("failed"):
            if register_secret is None:
                result["_ansible_no_log"] = True
            else:
                for secret in secrets:
                    register_secret(secret)
        return result

    def _is_pipelining_enabled(self, module_style: str, wrap_async: bool = False) -> bool:
        """Feed the module to its interpreter wherever the connection can, whatever the configuration says, remote files kept for debugging included."""
        become = self._connection.become
        can = self._connection.has_pipelining and module_style == "new" and not wrap_async
        return bool(can and (not become or getattr(become, "pipelining", become.name != "su")))
