# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The task of a Cloud NGFW module: checks the options and creates the clients.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from .._aws.assumed_role import assumed_role
from .._aws.client import AwsClient, Credentials
from .._common.redaction import Scrubber
from .._ngfw.admin_roles import AdminRole
from .._ngfw.client import NgfwClient
from .._ngfw.endpoints import Endpoint, aws_region, endpoint_for
from .._ngfw.tokens.service import TokenService
from .._transport.certificates import ca_bundle
from .._transport.http import HttpClient
from .argspec import UNVERIFIED, ngfw_spec, role_spec
from .aws import AwsClients, ModuleShim
from .runner import finish

CONNECTIONS = 16


class Task:
    """One run of a module. Options are checked first; clients are created on first use.

    :ivar session_warnings: warnings about the token of a session, which are shown with those of the calls.
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
        self.aws_clients = AwsClients(module, self.scrubber)
        urls = (self.params.get("ngfw_url"), self.params.get("ngfw_management_url"))
        self._aws_region = aws_region(self.region, urls, self.role)
        self.session_warnings: list[str] = []

    @property
    def region(self) -> str | None:
        """The AWS region from the options, the environment or the profile."""
        return self.aws_clients.region

    def endpoint(self, admin_role: AdminRole | None, region: str | None = None) -> Endpoint:
        """The API endpoint for an admin role.

        :param region: of the data plane, if it is not the task's. :raises InvalidInput: the URL or region is invalid, or not for the role.
        """
        with self.aws_clients.region_needed():
            return endpoint_for(admin_role, self.params, region or self.region, self.role)

    @functools.cached_property
    def aws(self) -> AwsClient:
        """The AWS client with the task's connection options, in the known region."""
        return self.aws_clients.client(self._aws_region)

    @functools.cached_property
    def http(self) -> HttpClient:
        """The task's HTTP client."""
        connections = max(self.params.get("concurrency") or 0, CONNECTIONS)
        return HttpClient(self._trust, self.scrubber, connections=connections, ca_option="ngfw_ca_bundle")

    @property
    def warnings(self) -> list[str]:
        """Warnings for the user about calls that succeeded."""
        return [*(self.http.warnings if "http" in vars(self) else []), *self.session_warnings]

    @functools.cached_property
    def credentials(self) -> Credentials:
        """The AWS credentials to sign with."""
        return self.aws.credentials(self.role)

    def client(self, admin_role: AdminRole | None, region: str | None = None) -> NgfwClient:
        """The API client for an admin role. :param region: of the data plane, if it is not the task's."""
        return NgfwClient(self.http, self.endpoint(admin_role, region))

    def tokens(self, client: NgfwClient) -> TokenService:
        """The token API of a client, with the task's credentials."""
        return TokenService(client, self.credentials)


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
