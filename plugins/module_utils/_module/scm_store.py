# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The task of a Strata Cloud Manager module with a store, which may be in AWS.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from .._stores.base import Store
from .._stores.documents import StoredCredentials
from .._stores.factory import open_store
from .argspec import scm_spec
from .aws import AwsClients
from .runner import finish
from .scm import OpenTask, ScmTask, done


class _WithStore(OpenTask):
    """Adds the credentials store, which may be in AWS."""

    def __init__(self, module: AnsibleAWSModule) -> None:
        super().__init__(module)
        self._aws_clients = AwsClients(module, self.scrubber)

    def store(self) -> Store[StoredCredentials]:
        """The store from the options. :raises InvalidInput: an option is missing, invalid, or belongs to another store."""
        with self._aws_clients.region_needed():
            return open_store(self.params, self._aws_clients.client, self._aws_clients.region, StoredCredentials)


class ScmStoreTask(_WithStore, ScmTask):
    """One run of a module that acts as a service account and has a store, as L(ScmTask) describes it."""


class StoreReaderTask(_WithStore):
    """One run of a module that reads a store without a calling service account."""


StoreTask = TypeVar("StoreTask", bound=_WithStore)


def run(
    task: Callable[[AnsibleAWSModule], StoreTask],
    work: Callable[[StoreTask], dict[str, Any]],
    argument_spec: dict[str, Any],
    **settings: Any,
) -> None:
    """Run a module.

    :param task: the class of the task. :param work: does the task and returns the result. :param settings: for AnsibleModule.
    """
    module = AnsibleAWSModule(argument_spec={**scm_spec(), **argument_spec}, supports_check_mode=True, **settings)
    finish(module, lambda: done(work, task(module)))
