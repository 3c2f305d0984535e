# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What can be told about a tenant's WildFire keys without changing anything.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from .._common.redaction import fingerprint
from .._scm.client import ScmClient
from .._scm.service_accounts import ServiceAccounts
from .._scm.subscriptions import Instance, Subscriptions
from .keys import Holder
from .registry import Key, Registry
from .registry_config import Contract


class Survey:
    """Asks documented APIs, and the user's own where a contract describes one."""

    def __init__(self, scm: ScmClient, contract: Contract | None) -> None:
        self._scm, self._contract = scm, contract

    def tell(self, product: str | None, reference: str | None) -> dict[str, Any]:
        """All that is known, without any key.

        :param product: only keys for it. :param reference: only keys of this service account, by name, client id or UUID.
        """
        account = ServiceAccounts(self._scm).find(reference) if reference else None
        holder = Holder.of(account, reference)
        subscriptions = Subscriptions(self._scm)
        return {
            "wildfire_keys": self._keys(product, holder),
            "service_account": {name: getattr(account, name) for name in ("id", "name", "client_id")}
            if account
            else None,
            "instances": [_shown(instance) for instance in subscriptions.instances() if instance.wildfire_api_key],
            "licences": [dataclasses.asdict(licence) for licence in subscriptions.licences()],
        }

    def _keys(self, product: str | None, holder: Holder | None) -> list[dict[str, Any]] | None:
        if self._contract is None:
            return None
        keys = Registry(self._scm, self._contract).keys()

        def wanted(key: Key) -> bool:
            return product in (None, key.product) and (holder is None or holder.holds(key))

        return [dataclasses.asdict(key) for key in keys if wanted(key)]


def _shown(instance: Instance) -> dict[str, Any]:
    known = dataclasses.asdict(instance)
    key = known.pop("wildfire_api_key")
    known.pop("tsg_id")  # the task's own
    return {**known, "fingerprint": fingerprint(key)}
