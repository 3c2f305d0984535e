# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who runs a task, and where.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import os
import pwd
import socket
from collections.abc import Mapping
from typing import Any


def run_by(variables: Mapping[str, Any]) -> str:
    """The user and the host; in AWX preceded by the user who launched the job and the job, because there user and host are a container's.

    :param variables: of the task.
    """
    try:
        user = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # an arbitrary user ID of a container
        user = str(os.getuid())
    place = f"{user}@{socket.gethostname()}"
    awx = {
        name: variables.get(f"awx_{name}", variables.get(f"tower_{name}"))
        for name in ("user_name", "job_id", "job_template_name")
    }
    if awx["job_id"] is None:
        return place
    template = f" ({awx['job_template_name']})" if awx["job_template_name"] else ""
    return f"{awx['user_name'] or 'a schedule'} in AWX job {awx['job_id']}{template}, {place}"
