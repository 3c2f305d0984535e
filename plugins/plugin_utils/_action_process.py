# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The processes of an action that does its task itself: Ansible's main process loads the plugin, and forks another one for each host and task.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.module_utils.basic import missing_required_lib
from ansible.plugins.action import ActionBase

OBJECTS_PER_COLLECTION = 50_000  # instead of 700: the objects of a task hardly refer to each other in cycles
_PACKAGE = "ansible_collections.panw.cloud.plugins.module_utils._module"


def preload(entry: str) -> None:
    """Import a file of C(module_utils/_module) in the main process: Ansible compiles a collection's files in each process that imports them.

    What is loaded by now lives as long as the processes, so no garbage collection visits it any more. Python's documentation advises this before a fork.
    """
    collects = gc.isenabled()
    gc.disable()
    with contextlib.suppress(Exception):  # L(entry_point) reports it; here, it would end the whole run
        importlib.import_module(f"{_PACKAGE}.{entry}")
    if collects:
        gc.enable()
    gc.freeze()


def entry_point(entry: str) -> Any:
    """A file of C(module_utils/_module). :raises AnsibleActionFail: a library is missing."""
    try:
        return importlib.import_module(f"{_PACKAGE}.{entry}")
    except ImportError as error:
        raise AnsibleActionFail(missing_required_lib(str(error.name))) from error


def take_over(action: ActionBase) -> None:
    """Set up the process of a task, which serves nothing else: the task's environment, and few garbage collections."""
    environment: dict[str, Any] = {}
    action._compute_environment_string(environment)
    os.environ.update({name: str(value) for name, value in environment.items()})
    gc.freeze()
    gc.set_threshold(OBJECTS_PER_COLLECTION)
