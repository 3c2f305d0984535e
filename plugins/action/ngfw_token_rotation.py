# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import gc
import os
import time
from typing import TYPE_CHECKING, Any

from ansible.errors import AnsibleActionFail
from ansible.module_utils.basic import missing_required_lib
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import PanwCloudError
from ansible_collections.panw.cloud.plugins.module_utils._module.argspec import UNVERIFIED
from ansible_collections.panw.cloud.plugins.plugin_utils._collection import run_by, version
from ansible_collections.panw.cloud.plugins.plugin_utils._rotation_report import (
    Report,
    failures,
    message,
    short_text,
)
from ansible_collections.panw.cloud.plugins.plugin_utils._secret_action import SecretiveAction
from ansible_collections.panw.cloud.plugins.plugin_utils._signal_handling import (
    Parent,
    end_soon,
    leave_group,
    signals_to,
)

if TYPE_CHECKING:
    from ansible_collections.panw.cloud.plugins.module_utils._ngfw.rotation.progress import Snapshot

SECONDS_BETWEEN_LINES = 5
SECONDS_BETWEEN_BARS = 0.5


class ActionModule(SecretiveAction):
    """Rotates a fleet of tokens on the controller, in one process with many threads."""

    def _answer(self, task_vars: dict[str, Any]) -> dict[str, Any]:
        environment: dict[str, Any] = {}
        self._compute_environment_string(environment)
        os.environ.update({name: str(value) for name, value in environment.items()})  # this process is the task's own
        # Else each collection looks through all that ansible-core holds, and there are many: a tenth of the time of a run.
        gc.freeze()
        gc.set_threshold(50_000)
        try:
            return self._rotate(task_vars)
        except PanwCloudError as error:
            return {"failed": True, **error.as_result()}

    def _rotate(self, task_vars: dict[str, Any]) -> dict[str, Any]:
        fleet = _fleet()
        params = self._checked(fleet.fleet_spec())
        stop, parent = fleet.Stop(time.monotonic), Parent()
        rotation = fleet.rotation(params, dry_run=self._task.check_mode, stop=stop, clock=time.monotonic)
        if not params["ngfw_validate_certs"]:
            self._display.warning(UNVERIFIED)
        tell = fleet.Every(*self._teller(parent))

        def watch(snapshot: Snapshot) -> None:
            if parent.gone:
                stop.interrupt()
            tell(snapshot)

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
            self._display.error(result["msg"], wrap_text=False)  # the result is censored, and this has to be read
        elif result["failed"] and not self._task.register:
            del result["targets"], result["steps"]  # nobody can use them, and they would be printed
        return result

    def _checked(self, spec: dict[str, Any]) -> dict[str, Any]:
        checked = ArgumentSpecValidator(spec).validate(dict(self._task.args))
        if checked.error_messages:
            raise AnsibleActionFail("; ".join(checked.error_messages))
        params: dict[str, Any] = checked.validated_parameters
        return params

    def _teller(self, parent: Parent) -> tuple[float, Any]:
        """How often to tell of the progress, and how."""
        columns = parent.columns
        if columns:
            return SECONDS_BETWEEN_BARS, lambda snapshot: parent.write(f"\r{snapshot.gauge(columns - 1)}\x1b[K")
        return SECONDS_BETWEEN_LINES, lambda snapshot: self._display.display(f"{self._task.action}: {snapshot.text}")


def _fleet() -> Any:
    """The engine's edge. Not before it is needed: the SDKs take as long to import as a small run takes."""
    try:
        from ansible_collections.panw.cloud.plugins.module_utils._module import rotation as fleet
    except ImportError as error:
        raise AnsibleActionFail(missing_required_lib(str(error.name))) from error
    return fleet


def _complete(result: dict[str, Any], report: Report | None, *, registered: bool) -> None:
    """Write the report, and complete the result: whether it is a failure, what has failed, and where all targets are listed."""
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
    """Where all targets are listed."""
    if written:
        return f"All targets are listed in {next(iter(written.values()))}."
    if registered:
        return "All targets are listed in the registered result."
    return "Set 'report', or register the result, to get the list of all targets."


def _hand_out(result: dict[str, Any], tokens: dict[str, Any]) -> None:
    """Put tokens that no store keeps into their targets' entries."""
    for entry in result["targets"]:
        token = tokens.get(entry["name"])
        if token:
            entry.update(token=token.token, subscription_key=token.subscription_key)
