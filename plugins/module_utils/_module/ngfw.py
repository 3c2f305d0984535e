# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every module for Cloud NGFW does between Ansible and the services: options in, clients made.

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
from .._ngfw.endpoints import Endpoint, aws_region, check_role, data_plane, management_plane
from .._ngfw.tokens.service import TokenService
from .._transport.certificates import ca_bundle
from .._transport.http import HttpClient
from .argspec import UNVERIFIED, ngfw_spec, role_spec
from .aws import AwsSide
from .runner import finish


class Task:
    """One run of a module. What it makes, it makes when it is first asked for; all options are checked before.

    :raises InvalidInput: a connection option cannot be right.
    """

    def __init__(self, module: AnsibleAWSModule) -> None:
        self.params: dict[str, Any] = module.params
        self.check_mode: bool = module.check_mode
        self.role = assumed_role(self.params)
        self.scrubber = Scrubber(self.params.get("token"), self.params.get("subscription_key"))
        self._trust = ca_bundle(self.params, "ngfw")
        if self._trust is False:
            module.warn(UNVERIFIED)
        self._side = AwsSide(module, self.scrubber)
        urls = (self.params.get("ngfw_url"), self.params.get("ngfw_management_url"))
        self._aws_region = aws_region(self.region, urls, self.role)

    @property
    def region(self) -> str | None:
        """The region of AWS that the options, the environment or the profile name."""
        return self._side.region

    def endpoint(self, admin_role: AdminRole | None) -> Endpoint:
        """Where the API for an admin role is. :raises InvalidInput: the URL or region cannot be right, or is not for the role."""
        if admin_role and admin_role.option == "account":
            names = ("ngfw_url", "ngfw_management_url", "ngfw_management_region")
            found = management_plane(*(self.params[name] for name in names))
        else:
            with self._side.region_needed():
                found = data_plane(self.region, self.params["ngfw_url"])
        check_role("role_arn", self.role, found, admin_role.option if admin_role else None)
        return found

    @functools.cached_property
    def aws(self) -> AwsClient:
        """AWS with the task's connection options, in the region that is known."""
        return self._side.client(self._aws_region)

    @functools.cached_property
    def http(self) -> HttpClient:
        """The task's pool of connections."""
        return HttpClient(self._trust, self.scrubber, ca_option="ngfw_ca_bundle")

    @property
    def warnings(self) -> list[str]:
        """What the user has to know although the calls succeeded."""
        return self.http.warnings if "http" in vars(self) else []

    @functools.cached_property
    def credentials(self) -> Credentials:
        """The AWS credentials to sign with."""
        return self.aws.credentials(self.role)

    def client(self, admin_role: AdminRole | None) -> NgfwClient:
        """The API for an admin role."""
        return NgfwClient(self.http, self.endpoint(admin_role))

    def tokens(self, client: NgfwClient) -> TokenService:
        """The token API behind a client, with the task's credentials."""
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
