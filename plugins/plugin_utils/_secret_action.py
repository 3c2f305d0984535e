# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The base class of this collection's action plugins, which keeps secrets out of files and output.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import os
from typing import Any

from ansible.errors import AnsibleActionFail, AnsibleConnectionFailure, AnsibleError
from ansible.plugins.action import ActionBase
from ansible_collections.panw.cloud.plugins.module_utils._common.redaction import fingerprint
from ansible_collections.panw.cloud.plugins.plugin_utils._known_secrets import (
    holds,
    is_secret_name,
    named_secrets,
    read,
    secrets_of_variables,
    without,
)

try:
    from ansible.module_utils.secrets import register_secret  # ansible-core 2.22 and newer
except ImportError:
    register_secret = None


class SecretiveAction(ActionBase):
    """Run the module of the same name with its options on standard input, so that no file holds them, and keep secrets out of callbacks."""

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Run the module, and censor every outcome with which core would print a secret, of the result or of the loop around it."""
        variables, ending = task_vars or {}, None
        looped = self._looped(variables)
        secrets = self._secrets(variables, looped)
        if register_secret is not None:
            for secret in secrets:
                register_secret(secret)
        self._wanted_no_log = bool(self._play_context.no_log)  # the task's may be set by a previous attempt
        # Core adds the item after the plugin ends, in any way; in a loop the task is a copy for the item.
        self._task.no_log = self._wanted_no_log or (register_secret is None and holds(looped, secrets))
        try:
            result = self._checked_answer(tmp, variables)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # a task timeout is not an Exception
            ending = error
        # Not in the handler: ansible-core 2.18 formats the exception that is being handled into the result of a new one.
        if ending is not None:
            return self._censored_end(ending, secrets, looped)
        returned, text = read(result)
        if register_secret is not None:
            for secret in returned:
                register_secret(secret)
        elif self._task.no_log or returned or any(secret in text for secret in secrets):
            self._censor(result, secrets | returned, looped)
        return result

    def _checked_answer(self, tmp: str | None, task_vars: dict[str, Any]) -> dict[str, Any]:
        if self._task.async_val:  # Ansible's own error would not give the reason
            raise AnsibleActionFail(
                f"{self._task.action} does not support async: the files in which Ansible keeps the state of an asynchronous task would hold secrets."
            )
        super().run(tmp, task_vars)
        return self._answer(task_vars)

    def _answer(self, task_vars: dict[str, Any]) -> dict[str, Any]:
        return self.module(self._task.args, task_vars)

    def module(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Run the module with the given options."""
        name = self._task.action
        result: dict[str, Any] = self._execute_module(module_name=name, module_args=arguments, task_vars=task_vars)
        return result

    def _looped(self, task_vars: dict[str, Any]) -> list[Any]:
        """What core adds to the result of a loop iteration: the item, the extended loop variable, and the label."""
        if self._task.loop is None:
            return []
        control = self._task.loop_control
        label = control.label if control else None
        try:
            label = self._templar.template(label) if label else None
        except Exception:  # core reports it when it needs the label
            label = None
        return [task_vars.get(str(task_vars.get("ansible_loop_var"))), task_vars.get("ansible_loop"), label]

    def _secrets(self, task_vars: dict[str, Any], looped: list[Any]) -> set[str]:
        """All values that are secret by name."""
        given = [self._task.args, self._task.environment, looped, dict(os.environ)]
        return {*named_secrets(given), *secrets_of_variables(task_vars)}

    def _censored_end(self, error: BaseException, secrets: set[str], looped: list[Any]) -> dict[str, Any]:
        """End with an exception without secrets. :raises BaseException: the original one, if it has nothing to hide."""
        text = str(error) if isinstance(error, AnsibleError) else f"{type(error).__name__}: {error}"
        message, more = without(text, secrets), {}
        if register_secret is not None or (message == text and not self._task.no_log):
            raise error
        if isinstance(error, AnsibleConnectionFailure):
            unreachable = {"unreachable": True, "msg": message}
            self._censor(unreachable, secrets, looped)
            return unreachable
        if not isinstance(error, Exception):
            message = f"The task did not end within its timeout of {self._task.timeout} seconds."
            more = {"timedout": {"period": self._task.timeout}}
        if self._task.no_log:
            self._report_failure(message, looped)
        # Raised, because ansible-core 2.18 drops the censoring of a result that an asynchronous task returns.
        raise AnsibleActionFail(message, result={**more, "_ansible_no_log": bool(self._task.no_log)})

    def _censor(self, result: dict[str, Any], secrets: set[str], looped: list[Any]) -> None:
        """Hide a result from callbacks, and the loop around it, for which ansible-core 2.18 reads the task.

        Print here what may be shown: the message of a failure always, otherwise the non-secret values from verbosity 1.
        """
        result["_ansible_no_log"] = True
        self._task.no_log = True
        for warning in result.get("warnings", ()):
            if isinstance(warning, str):  # ansible-core 2.18 drops them with the rest
                self._display.warning(without(warning, secrets))
        if result.get("failed") or result.get("unreachable"):
            # ansible-core 2.19 and newer print it anyway, with the exception that holds it.
            message = without(str(result.get("msg")), secrets)
            if "msg" in result:
                result["msg"] = message
            result.pop("exception", None)
            self._report_failure(message, looped)
        elif not self._wanted_no_log:
            self._display.v(f"{self._task.action}: {without(_shown(result), secrets)}")

    def _report_failure(self, message: str, looped: list[Any]) -> None:
        if not self._wanted_no_log:
            self._display.error(f"{self._task.action}{_which(looped)}: {message}", wrap_text=False)

    def _is_pipelining_enabled(self, module_style: str, wrap_async: bool = False) -> bool:
        """Pipeline the module if the connection supports it, regardless of the configuration, ANSIBLE_KEEP_REMOTE_FILES included."""
        become = self._connection.become
        can = self._connection.has_pipelining and module_style == "new" and not wrap_async
        return bool(can and (not become or getattr(become, "pipelining", become.name != "su")))


def _which(looped: list[Any]) -> str:
    """Identify the loop iteration by the fingerprint of the item's token, or of its first secret."""
    item = looped[0] if looped else None
    secret = next(named_secrets(looped), None)
    found = item.get("fingerprint") if isinstance(item, dict) else None
    found = found or (fingerprint(secret) if secret else None)
    return f", item with fingerprint {found}" if found else ""


def _shown(result: dict[str, Any]) -> str:
    """The scalar values of a result that are not secret."""
    shown = {name: value for name, value in result.items() if not name.startswith("_") and not is_secret_name(name)}
    return ", ".join(
        f"{name}={value}" for name, value in sorted(shown.items()) if isinstance(value, (str, bool, int, float))
    )
