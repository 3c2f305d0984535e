# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read-only information about a tenant's WildFire keys.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from .._common.redaction import fingerprint
from .._scm.client import ScmClient
from .._scm.service_accounts import ServiceAccounts
from .._scm.subscriptions import Instance, Subscriptions
from .keys import KeyOwner
from .registry import Key, Registry
from .registry_config import RegistryConfig


class KeyInventory:
    """Queries documented APIs, and the user's own one if 'registry' describes it."""

    def __init__(self, scm: ScmClient, registry_config: RegistryConfig | None) -> None:
        self._scm, self._registry_config = scm, registry_config

    def report(self, product: str | None, reference: str | None) -> dict[str, Any]:
        """All information, without the keys themselves.

        :param product: only keys for it. :param reference: only keys of this service account, by name, client ID or UUID.
        """
        account = ServiceAccounts(self._scm).find(reference) if reference else None
        owner = KeyOwner.of(account, reference)
        subscriptions = Subscriptions(self._scm)
        return {
            "wildfire_keys": self._keys(product, owner),
            "service_account": {name: getattr(account, name) for name in ("id", "name", "client_id")}
            if account
            else None,
            "instances": [_shown(instance) for instance in subscriptions.instances() if instance.wildfire_api_key],
            "licenses": [dataclasses.asdict(license) for license in subscriptions.licenses()],
        }

    def _keys(self, product: str | None, owner: KeyOwner | None) -> list[dict[str, Any]] | None:
        if self._registry_config is None:
            return None
        keys = Registry(self._scm, self._registry_config).keys()

        def desired(key: Key) -> bool:
            return product in (None, key.product) and (owner is None or owner.holds(key))

        return [dataclasses.asdict(key) for key in keys if desired(key)]


def _shown(instance: Instance) -> dict[str, Any]:
    known = dataclasses.asdict(instance)
    key = known.pop("wildfire_api_key")
    known.pop("tsg_id")  # the task's own
    return {**known, "fingerprint": fingerprint(key)}
