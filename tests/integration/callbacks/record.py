# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
import os
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: record
type: aggregate
short_description: Writes down all that a callback is given
description:
  - Plays a log aggregator, the most curious of readers.
"""


class CallbackModule(CallbackBase):
    """Writes each result to the file that RECORD_TO names, a JSON object with the task's name a line."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "record"
    CALLBACK_NEEDS_ENABLED = True

    def _record(self, result: Any, failed: bool) -> None:
        content = {**result._result, "failed": failed}
        with open(os.environ["RECORD_TO"], "a", encoding="utf-8") as file:
            name = result.task_name.rpartition(" : ")[2]  # ansible-core 2.21 puts the role's name before it
            file.write(json.dumps({name: content}, default=str) + "\n")

    def _ok(self, result: Any) -> None:
        self._record(result, failed=False)

    def _failed(self, result: Any, ignore_errors: bool = False) -> None:
        self._record(result, failed=True)

    v2_runner_on_ok = v2_runner_on_skipped = v2_runner_item_on_ok = v2_runner_item_on_skipped = _ok
    v2_runner_on_failed = v2_runner_on_unreachable = v2_runner_item_on_failed = v2_runner_retry = _failed
