# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""AWS clients from the connection options of amazon.aws.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.botocore import get_aws_connection_info
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from .._aws.client import AwsClient, Connection
from .._aws.credentials import profile_problem
from .._aws.regions import check_region
from .._common.errors import InvalidInput
from .._common.redaction import Scrubber
from .._common.urls import require_tls

try:  # noqa: SIM105 - as everywhere else
    import botocore.exceptions
except ImportError:  # AnsibleAWSModule reports the missing SDK
    pass


@dataclasses.dataclass
class ModuleShim:
    """The interface of a module that tasks and amazon.aws need, for action plugins. :ivar warnings: for the user."""

    params: dict[str, Any]
    check_mode: bool = False
    warnings: list[str] = dataclasses.field(default_factory=list)

    def warn(self, warning: str) -> None:
        """Add a warning."""
        self.warnings.append(warning)

    def fail_json(self, msg: str, **_more: Any) -> None:
        """:raises InvalidInput: always."""
        raise InvalidInput("profile", msg)


def connection_of(asker: Any) -> Connection:
    """The connection options of a module. :param asker: has C(params) and C(fail_json), as amazon.aws requires.

    :raises InvalidInput: an option is invalid.
    """
    try:
        region, endpoint_url, parameters = get_aws_connection_info(asker)
    except (TypeError, ValueError, botocore.exceptions.BotoCoreError) as error:
        raise InvalidInput("aws_config", f"is not valid for botocore: {error}") from None
    if region:
        check_region("region", region)
    return Connection(region, endpoint_url, parameters)


class AwsClients:
    """The AWS connection of a task.

    :raises InvalidInput: a connection option is invalid.
    """

    def __init__(self, module: AnsibleAWSModule | ModuleShim, scrubber: Scrubber) -> None:
        self._scrubber = scrubber
        scrubber.learn(module.params.get("secret_key"), module.params.get("session_token"))
        if module.params.get("endpoint_url"):
            require_tls("endpoint_url", module.params["endpoint_url"])
        self._connection = connection_of(module)

    @property
    def region(self) -> str | None:
        """The region from the options, the environment or the profile."""
        return self._connection.region

    @contextlib.contextmanager
    def region_needed(self) -> Iterator[None]:
        """If a region is missing, check the profile: amazon.aws does not report one that cannot be read.

        :raises AuthenticationError: the profile cannot be read.
        """
        try:
            yield
        except InvalidInput as error:
            missing = error.option == "region" and self.region is None
            profile = self._connection.parameters.get("profile_name")
            raise (missing and profile_problem(profile, self._scrubber)) or error from None

    def client(self, region: str | None = None) -> AwsClient:
        """An AWS client with the task's connection options. :param region: overrides theirs."""
        if region:
            return AwsClient(dataclasses.replace(self._connection, region=region), self._scrubber)
        return AwsClient(self._connection, self._scrubber)
