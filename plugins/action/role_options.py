# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.module_utils.common.yaml import yaml_load
from ansible.plugins.action import ActionBase
from ansible_collections.panw.cloud.plugins.plugin_utils._role_options import typed


class ActionModule(ActionBase):
    """Convert the variables of a role on the controller."""

    _requires_connection = False
    _VALID_ARGS = frozenset(("argument_specs", "entry_point", "texts", "hosts", "module_defaults"))

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the role's options, on request also those of other hosts, by name without the role's prefix."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        known, args = task_vars or {}, self._task.args
        path = Path(args.get("argument_specs") or f"{known['role_path']}/meta/argument_specs.yml")
        specs = yaml_load(path.read_text(encoding="utf-8"))["argument_specs"]
        options = _Options(
            specs[args.get("entry_point", "main")]["options"], f"{path.parents[1].name}_", args.get("texts")
        )
        faults: list[str] = []
        result["options"] = options.absent | options.read(known, self._templar.template, faults)
        result["options"] |= self._inherited(args.get("module_defaults") or {}, result["options"], known.get("omit"))
        result["hosts"] = {}
        for host in args.get("hosts") or []:
            wrong: list[str] = []
            result["hosts"][host] = options.read(known["hostvars"][host], self._templar.template, wrong)
            faults += [f"{host}: {fault}" for fault in wrong]
        if faults:
            raise AnsibleActionFail("\n".join(faults))
        result.update(changed=False, _ansible_no_log=True)  # options can hold secrets, vaulted ones included
        return result

    def _inherited(self, sources: Mapping[str, list[str]], options: Mapping[str, Any], omitted: Any) -> dict[str, Any]:
        """The options that are empty, from the module_defaults of the play. Other defaults are not templated: they can be secrets and lookups.

        A task that passes an omitted variable to a module would hide the default of that name.

        :param omitted: what stands for an omitted value before ansible-core 2.19.
        """
        defaults: dict[str, Any] = {}
        for layer in self._task.module_defaults or ():
            defaults.update(layer)
        found = {}
        for source, names in sources.items():
            values = defaults.get(source) or {}
            if isinstance(values, str):
                values = self._templar.template(values)
            needed = {name: values[name] for name in names if name in values and not options.get(name)}
            found.update(self._templar.template(needed))
        return {name: value for name, value in found.items() if value and (omitted is None or value != omitted)}


class _Options:
    """The options of a role's entry point."""

    def __init__(self, spec: dict[str, Any], prefix: str, texts: list[str] | None) -> None:
        self._spec, self._prefix = spec, prefix
        self._texts = {*(texts or ()), *(f"{prefix}{name}" for name in texts or ())}
        self.absent = {name.removeprefix(prefix): None for name in spec}

    def read(self, variables: Mapping[str, Any], template: Callable[[Any], Any], faults: list[str]) -> dict[str, Any]:
        """Convert the options found among the variables; append problems to the faults."""
        given = {name: template(variables[name]) for name in self._spec if name in variables}
        found, wrong = typed(self._spec, given, self._texts)
        faults += wrong
        return {name.removeprefix(self._prefix): value for name, value in found.items()}
