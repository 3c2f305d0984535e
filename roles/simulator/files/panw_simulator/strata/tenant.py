# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Assembly of the tenant: its data, its four endpoints, and its admin operations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from ..clock import Clock
from ..faults import FaultBoard
from ..messages import Response
from ..recorder import Recorder
from ..validation import Invalid, Shape, choice, text
from .access import Access
from .access_api import AccessApi
from .access_tokens import AccessTokens
from .auth import Auth
from .groups import Groups
from .keys import Key, KeyRefused, Keys
from .oauth_api import OAuthApi
from .pages import Pages
from .registry_api import RegistryApi
from .responses import Refusal, oauth_error, platform_error
from .samples import VERDICTS, Samples
from .seed import PRODUCTS
from .service import Service
from .service_account_api import ServiceAccountApi
from .service_accounts import ServiceAccounts, client_id
from .submit_api import SubmitApi
from .tenant_api import TenantApi
from .tenant_settings import TenantSettings
from .wildfire_api import WildfireApi, refuse
from .wildfire_quota import WildfireQuota

SERVICES = ("oauth", "scm", "wildfire", "registry")
NEW_KEY = Shape({"product": choice(*PRODUCTS), "service_account": text()}, required=("product", "service_account"))
NEW_VERDICT = Shape({"verdict": choice(*VERDICTS)}, required=("verdict",))
LEGACY_KEY = Shape({"product": choice(*PRODUCTS, None), "length": choice(32, 64)})

AdminHandler = Callable[[str, Any], Any]


class Tenant:
    """A tenant of Strata Cloud Manager with its WildFire keys.

    :param seed: the section ``strata`` of the seed.
    """

    def __init__(self, seed: dict[str, Any], clock: Clock, recorder: Recorder, faults: FaultBoard) -> None:
        self._groups = Groups(seed["groups"])
        self._tenant_settings = TenantSettings()
        self._accounts = ServiceAccounts(recorder)
        self._access = Access(self._groups)
        self._tokens = AccessTokens(clock, recorder)
        self._keys = Keys(clock, recorder, self._tenant_settings, seed["licenses"])
        self._registry = RegistryApi(self._keys, self._accounts, clock)
        self._samples = Samples(seed["samples"], clock, self._tenant_settings)
        self._pages = Pages(seed["pages"], clock, self._tenant_settings)
        self._submissions = SubmitApi(self._samples, self._pages, self._tenant_settings, seed["remote_files"])
        self._recorder = recorder
        self.tsg_id = self._groups.first
        administrator = {"name": seed["administrator"], "tsg_id": self.tsg_id, "roles": ["superuser"]}
        self._seeded = [{"description": "", **item} for item in (administrator, *seed["service_accounts"])]
        self._populate()
        self.doors = self._doors(seed, faults)

    @property
    def credentials(self) -> dict[str, str]:
        """Client id, client secret and tenant of the tenant administrator."""
        account = self._accounts.of_tenant(self.tsg_id)[0]
        return {"client_id": account.client_id, "client_secret": account.secret, "tsg_id": self.tsg_id}

    def _populate(self) -> None:
        """Add accounts and policies of the seed; an existing account keeps its secret."""
        for item in self._seeded:
            address = client_id(item["name"], item["tsg_id"])
            if self._accounts.find(address) is None:
                self._accounts.create(item["name"], item["tsg_id"], description=item["description"])
            for role in item["roles"]:
                self._access.add_policy(role, address, item["tsg_id"])

    def _reset(self, _id: str, _body: Any) -> dict[str, Any]:
        """Restore the tenant from the seed. Existing accounts keep their client secrets."""
        self._tenant_settings.change(asdict(TenantSettings()))
        self._keys.clear()
        self._access.clear()
        for part in (self._samples, self._pages, self._submissions):
            part.clear()
        seeded = {client_id(item["name"], item["tsg_id"]) for item in self._seeded}
        for account in self._accounts.all():
            if account.client_id not in seeded:
                self._accounts.delete(account)
        self._populate()
        return {}

    def _doors(self, seed: dict[str, Any], faults: FaultBoard) -> dict[str, Service]:
        auth = Auth(self._tokens, self._accounts, self._access)
        platform = [
            *ServiceAccountApi(self._accounts, self._access, self._tenant_settings).operations(auth),
            *AccessApi(self._access, self._accounts, self._groups, self._tenant_settings).operations(auth),
            *TenantApi(self._groups, seed, self._keys).operations(auth),
        ]
        quota = WildfireQuota(self._keys, self._tokens, self._accounts)
        wildfire = [
            *WildfireApi(self._samples, self._pages).operations(quota),
            *self._submissions.operations(quota),
        ]
        oauth = OAuthApi(self._accounts, self._access, self._tokens)
        recorder = self._recorder
        return {
            "oauth": Service("oauth", oauth.operations(), _oauth_refusal, faults, recorder),
            "scm": Service("scm", platform, platform_error, faults, recorder),
            "wildfire": Service("wildfire", wildfire, refuse, faults, recorder),
            "registry": Service("registry", self._registry.operations(auth), platform_error, faults, recorder),
        }

    @property
    def routes(self) -> Mapping[str, tuple[str, ...]]:
        """Names of the operations by service."""
        return {name: service.routes for name, service in self.doors.items()}

    def describe(self) -> dict[str, Any]:
        """Everything except secrets."""
        return {
            "tsg_id": self.tsg_id,
            "switches": asdict(self._tenant_settings),
            "service_accounts": self._accounts.describe(),
            **self._access.describe(),
            "access_tokens": self._tokens.describe(),
            **self._keys.describe(),
            "calls": {name: self._recorder.calls(name) for name in SERVICES},
        }

    def admin_handlers(self) -> dict[str, AdminHandler]:
        """Admin operations of the tenant, including the operator's steps in the console."""
        return {
            "GET /strata": lambda _id, _body: asdict(self._tenant_settings),
            "PUT /strata": lambda _id, body: self._tenant_settings.change(body),
            "POST /strata/reset": self._reset,
            "POST /strata/access-tokens/expire": lambda _id, _body: {"expired": self._tokens.expire_all()},
            "GET /strata/keys": lambda _id, _body: self._keys.describe(),
            "POST /strata/keys": self._create_key,
            "DELETE /strata/keys/{id}": self._revoke_key,
            "POST /strata/keys/{id}/settle": self._settle_key,
            "POST /strata/legacy-keys": self._add_legacy_key,
            "GET /strata/samples": lambda _id, _body: {"samples": self._samples.describe()},
            "PUT /strata/samples/{id}": self._change_verdict,
            "GET /strata/change-requests": lambda _id, _body: {"change_requests": self._submissions.change_requests},
            "DELETE /strata/legacy-keys": lambda _id, _body: {"forgotten": self._keys.forget_legacy()},
        }

    def _create_key(self, _id: str, body: Any) -> dict[str, Any]:
        NEW_KEY.check(body)
        try:
            key = self._registry.make(self.tsg_id, body["product"], body["service_account"])
        except Refusal as refusal:
            raise Invalid(refusal.response.json()["message"]) from None
        self._keys.apply(self.tsg_id)
        return self._keys.entry(key)

    def _revoke_key(self, key_id: str, _body: Any) -> dict[str, Any]:
        key = self._key(key_id)
        try:
            self._keys.revoke(key)
        except KeyRefused as refused:
            raise Invalid(refused.message) from None
        self._keys.apply(self.tsg_id)
        return self._keys.entry(key)

    def _settle_key(self, key_id: str, _body: Any) -> dict[str, Any]:
        key = self._key(key_id)
        self._keys.settle(key)
        return self._keys.entry(key)

    def _key(self, key_id: str) -> Key:
        key = self._keys.find(key_id)
        if key is None:
            raise Invalid("unknown key")
        return key

    def _add_legacy_key(self, _id: str, body: Any) -> dict[str, Any]:
        LEGACY_KEY.check(body)
        key = self._keys.add_legacy(self.tsg_id, body.get("product"), body.get("length", 32))
        return {"api_key": key.text, "product": key.product}

    def _change_verdict(self, sha256: str, body: Any) -> dict[str, Any]:
        NEW_VERDICT.check(body)
        if not self._samples.change_verdict(sha256, body["verdict"]):
            raise Invalid("unknown sample")
        return {"sha256": sha256, **body}


def _oauth_refusal(status: int) -> Response:
    return oauth_error(status, "not_found" if status == 404 else "method_not_allowed", "")
