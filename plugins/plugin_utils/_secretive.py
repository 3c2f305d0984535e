# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The base of this collection's action plugins: what they do to keep secrets out of files and output.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

try:
    from ansible.module_utils.secrets import register_secret  # ansible-core 2.22 and newer
except ImportError:
    register_secret = None

SECRET_OPTIONS = frozenset(
    {
        "token",
        "subscription_key",
        "secret_key",
        "aws_secret_access_key",
        "aws_secret_key",
        "session_token",
        "aws_session_token",
        "client_secret",
        "bound_client_secret",
        "api_key",
    }
)


class SecretiveAction(ActionBase):
    """Runs the module of the same name with its options on standard input, so that no file holds them, and lets callbacks print no secret."""

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Run the module, and censor its result where it or the loop's item holds a secret."""
        if self._task.async_val:  # before Ansible says so without the reason
            raise AnsibleActionFail(
                f"{self._task.action} does not support async: the files in which Ansible keeps the state of an asynchronous task would hold secrets."
            )
        super().run(tmp, task_vars)
        known = task_vars or {}
        given = set(_secrets(self._task.args))
        result = self._answer(known)
        returned = set(_secrets(result))
        if register_secret is not None:
            for secret in given | returned:
                register_secret(secret)
        elif returned:
            self._censor(result)
        elif given.intersection(_strings(known.get(str(known.get("ansible_loop_var"))))):
            self._censor(result)
            if result.get("failed"):  # it carries no secret itself, and has to be read
                self._display.error(str(result.get("msg")), wrap_text=False)
        return result

    def _answer(self, task_vars: dict[str, Any]) -> dict[str, Any]:
        return self.module(self._task.args, task_vars)

    def module(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Run the module with these options."""
        name = self._task.action
        result: dict[str, Any] = self._execute_module(module_name=name, module_args=arguments, task_vars=task_vars)
        return result

    def _censor(self, result: dict[str, Any]) -> None:
        """Let callbacks print nothing of a result, nor of the loop that it is part of, which ansible-core 2.18 asks the task about."""
        result["_ansible_no_log"] = True
        self._task.no_log = True

    def _is_pipelining_enabled(self, module_style: str, wrap_async: bool = False) -> bool:
        """Feed the module to its interpreter wherever the connection can, whatever the configuration says, remote files kept for debugging included."""
        become = self._connection.become
        can = self._connection.has_pipelining and module_style == "new" and not wrap_async
        return bool(can and (not become or getattr(become, "pipelining", become.name != "su")))


def _secrets(options: dict[str, Any]) -> Iterator[str]:
    """The secrets among options or results, those of the current token and of targets included."""
    targets = options.get("targets")
    nested = (options.get("current"), *(targets if isinstance(targets, list) else ()))
    for holder in (options, *(entry for entry in nested if isinstance(entry, dict))):
        for name in SECRET_OPTIONS.intersection(holder):
            yield from filter(None, _strings(holder[name]))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _strings(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
