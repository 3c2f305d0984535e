# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING, Any

from ansible.errors import AnsibleActionFail
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import PanwCloudError
from ansible_collections.panw.cloud.plugins.module_utils._common.release import version
from ansible_collections.panw.cloud.plugins.module_utils._module.argspec import UNVERIFIED
from ansible_collections.panw.cloud.plugins.plugin_utils._action_process import entry_point, preload, take_over
from ansible_collections.panw.cloud.plugins.plugin_utils._collection import run_by
from ansible_collections.panw.cloud.plugins.plugin_utils._rotation_report import (
    Report,
    failures,
    message,
    short_text,
)
from ansible_collections.panw.cloud.plugins.plugin_utils._secret_action import SecretiveAction
from ansible_collections.panw.cloud.plugins.plugin_utils._signal_handling import (
    ParentProcess,
    end_soon,
    leave_group,
    signals_to,
)

if TYPE_CHECKING:
    from ansible_collections.panw.cloud.plugins.module_utils._ngfw.rotation.progress import Snapshot

ENTRY = "rotation"
SECONDS_BETWEEN_LINES = 5
SECONDS_BETWEEN_BARS = 0.5

preload(ENTRY)


class ActionModule(SecretiveAction):
    """Rotate a fleet of tokens on the controller, in one process with many threads."""

    def _answer(self, task_vars: dict[str, Any]) -> dict[str, Any]:
        take_over(self)
        try:
            return self._rotate(task_vars)
        except PanwCloudError as error:
            return {"failed": True, **error.as_result()}

    def _rotate(self, task_vars: dict[str, Any]) -> dict[str, Any]:
        fleet = entry_point(ENTRY)
        params = self._checked(fleet.fleet_spec())
        stop, parent = fleet.Shutdown(time.monotonic), ParentProcess()
        rotation = fleet.rotation(params, dry_run=self._task.check_mode, stop=stop, clock=time.monotonic)
        if not params["ngfw_validate_certs"]:
            self._display.warning(UNVERIFIED)
        show_progress = fleet.Throttle(*self._reporter(parent))

        def watch(snapshot: Snapshot) -> None:
            if parent.gone:
                stop.interrupt()
            show_progress(snapshot)

        path = params["report"]
        with Report(path, len(params["targets"])) if path else contextlib.nullcontext() as report:
            leave_group()
            with signals_to(stop.interrupt):
                result = {"run_by": run_by(task_vars), "version": version(), **rotation.run(watch)}
                _complete(result, report, registered=bool(self._task.register))
                if stop.interrupted:
                    end_soon()
                    parent.write(f"\n{short_text(result)}\n")
        for warning in rotation.warnings:
            self._display.warning(warning)
        _hand_out(result, rotation.tokens)
        if result["failed"] and rotation.tokens:
            self._display.error(result["msg"], wrap_text=False)  # the result is censored, but the user needs this
        elif result["failed"] and not self._task.register:
            del result["targets"], result["steps"]  # unusable if not registered, and they would be printed
        return result

    def _checked(self, spec: dict[str, Any]) -> dict[str, Any]:
        checked = ArgumentSpecValidator(spec).validate(dict(self._task.args))
        if checked.error_messages:
            raise AnsibleActionFail("; ".join(checked.error_messages))
        params: dict[str, Any] = checked.validated_parameters
        return params

    def _reporter(self, parent: ParentProcess) -> tuple[float, Any]:
        """The seconds between progress reports, and the function that shows one."""
        columns = parent.columns
        if columns:
            return SECONDS_BETWEEN_BARS, lambda snapshot: parent.write(f"\r{snapshot.gauge(columns - 1)}\x1b[K")
        return SECONDS_BETWEEN_LINES, lambda snapshot: self._display.display(f"{self._task.action}: {snapshot.text}")


def _complete(result: dict[str, Any], report: Report | None, *, registered: bool) -> None:
    """Write the report, then add to the result whether the run failed, what failed, and where to find the list of all targets."""
    counts = result["counts"]
    bad = counts["failed"] or counts["unknown"] or result["interrupted"] or result["stopped"]
    result["since_last_run"] = report.since_last_run(result) if report else None
    written, unwritten = report.write(result) if report else ({}, [])
    texts = [message(result), failures(result), *map(str, unwritten)]
    if bad:
        texts.append(_where(written, registered=registered))
    result.update(complete=not (bad or unwritten), msg=" ".join(filter(None, texts)), report=written or None)
    result["failed"] = not result["complete"]


def _where(written: dict[str, str], *, registered: bool) -> str:
    """A sentence on where to find the list of all targets."""
    if written:
        return f"All targets are listed in {next(iter(written.values()))}."
    if registered:
        return "All targets are listed in the registered result."
    return "Set 'report', or register the result, to get the list of all targets."


def _hand_out(result: dict[str, Any], tokens: dict[str, Any]) -> None:
    """Add tokens without a store to the entries of their targets."""
    for entry in result["targets"]:
        token = tokens.get(entry["name"])
        if token:
            entry.update(token=token.token, subscription_key=token.subscription_key)
