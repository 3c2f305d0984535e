# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a module for Strata Cloud Manager does that has a store, which may be in AWS.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from .._stores.base import Store
from .._stores.documents import StoredCredentials
from .._stores.factory import choose
from .argspec import scm_spec, store_spec
from .aws import AwsSide
from .runner import finish
from .scm import ScmTask, done

STORES = ("secretsmanager", "ssm", "file")


class ScmStoreTask(ScmTask):
    """One run of a module, as L(ScmTask) describes it, with a store for credentials."""

    def __init__(self, module: AnsibleAWSModule) -> None:
        super().__init__(module)
        self._side = AwsSide(module, self.scrubber)

    def store(self) -> Store[StoredCredentials]:
        """The store that the options mean. :raises InvalidInput: an option is missing, cannot be right, or belongs to another store."""
        with self._side.region_needed():
            return choose(self.params, self._side.client, self._side.region, StoredCredentials)


def run(work: Callable[[ScmStoreTask], dict[str, Any]], argument_spec: dict[str, Any], **settings: Any) -> None:
    """Run a module.

    :param work: does the task and returns the result. :param settings: for AnsibleModule.
    """
    module = AnsibleAWSModule(
        argument_spec={**scm_spec(), **store_spec(STORES), **argument_spec}, supports_check_mode=True, **settings
    )
    finish(module, lambda: done(work, ScmStoreTask(module)))
