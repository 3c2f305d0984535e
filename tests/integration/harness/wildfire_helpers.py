# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A service account and its WildFire key on the stand-ins, and the tasks that are about them."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

PRODUCT = "advanced_wildfire"
CREATE = "POST /console/wildfire/keys"
REVOKE = "POST /console/wildfire/keys/{id}/revocation"
APPLY = "POST /console/wildfire/changes"
LIST = "GET /console/wildfire/keys"
VERDICT = "POST /publicapi/get/verdict"
VERDICTS = "POST /publicapi/get/verdicts"


class Keyring:
    """The WildFire side of the stand-ins' tenant.

    :ivar contract: of the stand-in's registry, which is nobody else's. :ivar account: a service account, with its secret.
    """

    def __init__(self, stand_ins: Any) -> None:
        self._stand_ins = stand_ins
        self.contract = json.loads(Path(stand_ins.endpoints["registry_contract"]).read_text())
        self.account = self.new_account("scanner")

    def new_account(self, name: str) -> dict[str, str]:
        """A service account with a role, so that it gets access tokens."""
        made: dict[str, str] = self._stand_ins.scm("POST", "/iam/v1/service_accounts", {"name": name})
        resource = f"prn:{self._stand_ins.endpoints['tsg_id']}::::"
        policy = {"role": "auditor", "principal": made["client_id"], "resource": resource}
        self._stand_ins.scm("POST", "/iam/v1/access_policies", policy)
        return made

    def switch(self, **switches: Any) -> None:
        """Change how the tenant behaves."""
        self._stand_ins.ask("PUT", "/strata", **switches)

    def operator_creates(
        self, account: dict[str, str] | None = None, product: str = PRODUCT, *, settled: bool = True
    ) -> Any:
        """A person creates a key in the console."""
        bound = (account or self.account)["client_id"]
        key = self._stand_ins.ask("POST", "/strata/keys", product=product, service_account=bound)
        return self._stand_ins.ask("POST", f"/strata/keys/{key['id']}/settle") if settled else key

    def operator_revokes(self, key: Any) -> None:
        """A person revokes a key in the console."""
        self._stand_ins.ask("DELETE", f"/strata/keys/{key['id']}")
        self._stand_ins.ask("POST", f"/strata/keys/{key['id']}/settle")

    def entries(self, *statuses: str) -> list[Any]:
        """The keys that the registry has, those with a status or all."""
        return [key for key in self._stand_ins.tenant["keys"] if not statuses or key["status"] in statuses]

    def count(self, service: str, route: str) -> int:
        """How often a route has been called."""
        return int(self._stand_ins.tenant["calls"][service].get(route, 0))

    def changes(self) -> int:
        """How often the registry was asked to change something."""
        return sum(self.count("registry", route) for route in (CREATE, REVOKE, APPLY))

    @property
    def bound(self) -> dict[str, str]:
        """The options for a proof."""
        return {
            "bound_client_id": self.account["client_id"],
            "bound_client_secret": self.account["client_secret"],
        }

    def task(self, name: str = "key", **options: Any) -> dict[str, Any]:
        """A task for the account's key, without a contract and without a proof."""
        given = {"product": PRODUCT, "service_account": "scanner", "wait_timeout": 20, "wait_interval": 1, **options}
        given = {option: value for option, value in given.items() if value is not None}
        return {"name": name, "panw.cloud.wildfire_key": given, "register": name.replace(" ", "_")}


def awaited(condition: Callable[[], bool], seconds: float = 120) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)
