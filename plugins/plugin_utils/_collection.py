# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Facts about a run: the release of the collection, the user and the host.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import json
import os
import pwd
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]


def version(root: Path = ROOT) -> str | None:
    """The version from the manifest of an installed collection, or from galaxy.yml of a clone; None if neither has it."""
    try:
        manifest = root / "MANIFEST.json"
        if manifest.exists():
            found = json.loads(manifest.read_text(encoding="utf-8"))["collection_info"]["version"]
        else:
            found = yaml.safe_load((root / "galaxy.yml").read_text(encoding="utf-8"))["version"]
    except (OSError, ValueError, KeyError, TypeError, yaml.YAMLError):
        return None
    return str(found)


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
