# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The task of a Cloud NGFW module: checks the options and creates the clients.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from .._aws.assumed_role import assumed_role
from .._aws.client import AwsClient, Credentials
from .._common.errors import InvalidInput
from .._common.redaction import Scrubber
from .._common.token_pair import TokenPair
from .._ngfw.admin_roles import AdminRole
from .._ngfw.client import NgfwClient
from .._ngfw.endpoints import Endpoint, aws_region, endpoint_for
from .._ngfw.tokens.options import token_pair
from .._ngfw.tokens.service import TemporaryToken, TokenService
from .._stores.options import PLACE_OPTIONS
from .._transport.certificates import ca_bundle
from .._transport.http import HttpClient
from .argspec import UNVERIFIED, ngfw_spec, role_spec
from .aws import AwsClients, ModuleShim
from .runner import finish

SESSION_MINUTES = 15
CONNECTIONS = 16


@dataclasses.dataclass(frozen=True)
class Session:
    """The API, and the token to call it with."""

    client: NgfwClient
    pair: TokenPair


class Task:
    """One run of a module. Options are checked first; clients are created on first use.

    :raises InvalidInput: a connection option is invalid.
    """

    def __init__(self, module: AnsibleAWSModule | ModuleShim) -> None:
        self.params: dict[str, Any] = module.params
        self.check_mode: bool = module.check_mode
        self.role = assumed_role(self.params)
        self.scrubber = Scrubber(self.params.get("token"), self.params.get("subscription_key"))
        self._trust = ca_bundle(self.params, "ngfw")
        if self._trust is False:
            module.warn(UNVERIFIED)
        self._aws_clients = AwsClients(module, self.scrubber)
        urls = (self.params.get("ngfw_url"), self.params.get("ngfw_management_url"))
        self._aws_region = aws_region(self.region, urls, self.role)
        self._session_warnings: list[str] = []

    @property
    def region(self) -> str | None:
        """The AWS region from the options, the environment or the profile."""
        return self._aws_clients.region

    def endpoint(self, admin_role: AdminRole | None) -> Endpoint:
        """The API endpoint for an admin role. :raises InvalidInput: the URL or region is invalid, or not for the role."""
        with self._aws_clients.region_needed():
            return endpoint_for(admin_role, self.params, self.region, self.role)

    @functools.cached_property
    def aws(self) -> AwsClient:
        """The AWS client with the task's connection options, in the known region."""
        return self._aws_clients.client(self._aws_region)

    @functools.cached_property
    def http(self) -> HttpClient:
        """The task's HTTP client."""
        connections = max(self.params.get("concurrency") or 0, CONNECTIONS)
        return HttpClient(self._trust, self.scrubber, connections=connections, ca_option="ngfw_ca_bundle")

    @property
    def warnings(self) -> list[str]:
        """Warnings for the user about calls that succeeded."""
        return [*(self.http.warnings if "http" in vars(self) else []), *self._session_warnings]

    @functools.cached_property
    def credentials(self) -> Credentials:
        """The AWS credentials to sign with."""
        return self.aws.credentials(self.role)

    def client(self, admin_role: AdminRole | None) -> NgfwClient:
        """The API client for an admin role."""
        return NgfwClient(self.http, self.endpoint(admin_role))

    def tokens(self, client: NgfwClient) -> TokenService:
        """The token API of a client, with the task's credentials."""
        return TokenService(client, self.credentials)

    def holds_token(self) -> bool:
        """Whether the options set a token or a token store. :raises InvalidInput: they set both."""
        given = self.params["token"] is not None or self.params["subscription_key"] is not None
        if given and self.params["token_store"] is not None:
            raise InvalidInput("token_store", "must not be set together with 'token' or 'subscription_key'.")
        return given or self.params["token_store"] is not None

    @contextlib.contextmanager
    def session(self, admin_role: AdminRole | None = None, minutes: int = SESSION_MINUTES) -> Iterator[Session]:
        """The API with the caller's token, that of the token store, or a temporary one, revoked at the end.

        :param admin_role: of the temporary or stored token; None to accept the one of the caller or store.
        :param minutes: the lifetime of a temporary token, in case it cannot be revoked.
        :raises InvalidInput: the options give no usable token. :raises NoWorkingToken: the token in the store is missing, expired or for another admin role.
        """
        client = self.client(admin_role)
        if self.holds_token():
            yield Session(
                client,
                self._stored_pair(admin_role, client.endpoint)
                if self.params["token_store"]
                else token_pair(self.params),
            )
            return
        if admin_role is None:
            raise InvalidInput("token", "is missing. Set it with 'subscription_key', or set 'token_store'.")
        temporary = TemporaryToken(self.tokens(client), admin_role, minutes)
        with temporary as pair:
            yield Session(client, pair)
        self._session_warnings += temporary.warnings

    def _stored_pair(self, admin_role: AdminRole | None, endpoint: Endpoint) -> TokenPair:
        # Imported here: most tasks use no store, and each would wait for its modules to be compiled.
        from .._ngfw.tokens.inspection import usable_pair
        from .._stores.documents import StoredToken
        from .._stores.factory import open_store

        given = self.params["token_store"]
        options = {"store": given["type"], **{name: given[name] for name in PLACE_OPTIONS}}
        with self._aws_clients.region_needed():
            store = open_store(options, lambda: self.aws, self.region, StoredToken)
        place = " ".join(store.location.values())
        pair = usable_pair(store.load(), admin_role, endpoint, datetime.now(timezone.utc), place)
        self.scrubber.learn(pair.token, pair.subscription_key)
        return pair


def run(work: Callable[[Task], dict[str, Any]], argument_spec: dict[str, Any], **settings: Any) -> None:
    """Run a module.

    :param work: does the task and returns the result. :param settings: for AnsibleModule.
    """
    module = AnsibleAWSModule(
        argument_spec={**ngfw_spec(), **role_spec(), **argument_spec},
        supports_check_mode=True,
        **settings,
    )
    finish(module, lambda: _done(work, Task(module)))


def _done(work: Callable[[Task], dict[str, Any]], task: Task) -> dict[str, Any]:
    result = work(task)
    return {**result, "warnings": [*result.get("warnings", []), *task.warnings]}
