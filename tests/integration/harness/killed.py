# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs that are killed at one of their requests."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import Any
from unittest import mock

import requests
from ansible_collections.panw.cloud.plugins.module_utils._transport.adapter import Adapter


def killed_at_write(work: Callable[[], dict[str, Any]], writes: int) -> bool:
    """Run in a process that is killed when it sends one more write than this; return whether it was."""
    process = os.fork()
    if process:
        return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == -signal.SIGKILL
    left = writes
    send = Adapter.send

    def deadly(adapter: Any, request: requests.PreparedRequest, *more: Any, **options: Any) -> Any:
        nonlocal left
        if request.method != "GET":
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)
            left -= 1
        return send(adapter, request, *more, **options)

    try:
        with mock.patch.object(Adapter, "send", deadly):
            result = work()
        os._exit(bool(result.get("failed")))
    finally:
        os._exit(2)
