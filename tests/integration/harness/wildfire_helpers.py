# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A service account and its WildFire key on the simulated services, and their tasks."""

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
    """The WildFire part of the simulated tenant.

    :ivar contract: the configuration of the simulator's registry. :ivar account: a service account, with its secret.
    """

    def __init__(self, services: Any) -> None:
        self._services = services
        self.contract = json.loads(Path(services.endpoints["registry_contract"]).read_text())
        self.account = self.new_account("scanner")

    def new_account(self, name: str) -> dict[str, str]:
        """Create a service account with a role, so that it gets access tokens."""
        made: dict[str, str] = self._services.scm("POST", "/iam/v1/service_accounts", {"name": name})
        resource = f"prn:{self._services.endpoints['tsg_id']}::::"
        policy = {"role": "auditor", "principal": made["client_id"], "resource": resource}
        self._services.scm("POST", "/iam/v1/access_policies", policy)
        return made

    def switch(self, **switches: Any) -> None:
        """Change the tenant's settings."""
        self._services.ask("PUT", "/strata", **switches)

    def operator_creates(
        self, account: dict[str, str] | None = None, product: str = PRODUCT, *, settled: bool = True
    ) -> Any:
        """Create a key like an operator in the console."""
        bound = (account or self.account)["client_id"]
        key = self._services.ask("POST", "/strata/keys", product=product, service_account=bound)
        return self._services.ask("POST", f"/strata/keys/{key['id']}/settle") if settled else key

    def operator_revokes(self, key: Any) -> None:
        """Revoke a key like an operator in the console."""
        self._services.ask("DELETE", f"/strata/keys/{key['id']}")
        self._services.ask("POST", f"/strata/keys/{key['id']}/settle")

    def entries(self, *statuses: str) -> list[Any]:
        """The registry's keys, all or those with a status."""
        return [key for key in self._services.tenant["keys"] if not statuses or key["status"] in statuses]

    def count(self, service: str, route: str) -> int:
        """The number of calls of a route."""
        return int(self._services.tenant["calls"][service].get(route, 0))

    def changes(self) -> int:
        """The number of write calls to the registry."""
        return sum(self.count("registry", route) for route in (CREATE, REVOKE, APPLY))

    @property
    def bound(self) -> dict[str, str]:
        """The options for a verification."""
        return {
            "bound_client_id": self.account["client_id"],
            "bound_client_secret": self.account["client_secret"],
        }

    def task(self, name: str = "key", **options: Any) -> dict[str, Any]:
        """A task for the account's key, without a registry and without verification."""
        given = {"product": PRODUCT, "service_account": "scanner", "wait_timeout": 20, "wait_interval": 1, **options}
        given = {option: value for option, value in given.items() if value is not None}
        return {"name": name, "panw.cloud.wildfire_key": given, "register": name.replace(" ", "_")}


def awaited(condition: Callable[[], bool], seconds: float = 120) -> None:
    """Wait until a condition is true."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "the condition did not become true"
        time.sleep(0.05)
