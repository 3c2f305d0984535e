# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.panw.cloud.plugins.module_utils._module.argspec import token_spec
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.tokens.options import TOKEN_PARTS, kept
from ansible_collections.panw.cloud.plugins.plugin_utils._secret_action import SecretiveAction


class ActionModule(SecretiveAction):
    """Return the current token on the controller while it is fresh; run the module when a new one is due."""

    def _answer(self, task_vars: dict[str, Any]) -> dict[str, Any]:
        arguments = dict(self._task.args)
        current = arguments.pop("current", None) or None
        if isinstance(current, dict) and all(current.get(part, "") is None for part in TOKEN_PARTS):
            current = None  # the result of check mode
        if not isinstance(current, (dict, str, type(None))):
            raise AnsibleActionFail("Option 'current' is not a dictionary.")
        own = {name: value for name, value in arguments.items() if name in token_spec()}
        checked = ArgumentSpecValidator(token_spec()).validate({**own, "current": _known(current)})
        if checked.error_messages:
            raise AnsibleActionFail("; ".join(checked.error_messages))
        params = checked.validated_parameters
        if isinstance(current, dict) and current:
            params["current"] = {**current, **params["current"]}
        try:
            result = kept(params)
        except InvalidInput as error:
            return {"failed": True, **error.as_result()}
        return result or self.module(arguments, task_vars)


def _known(current: Any) -> Any:
    """The current token without the other keys of a registered result."""
    names = token_spec()["current"]["options"]
    return {name: current[name] for name in names if name in current} if isinstance(current, dict) else current
