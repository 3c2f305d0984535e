# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""AWS as the connection options of amazon.aws mean it.

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


def connection_of(asker: Any) -> Connection:
    """The connection options of a module. :param asker: has C(params) and C(fail_json), as amazon.aws wants it.

    :raises InvalidInput: one cannot be right.
    """
    try:
        region, endpoint_url, parameters = get_aws_connection_info(asker)
    except (TypeError, ValueError, botocore.exceptions.BotoCoreError) as error:
        raise InvalidInput("aws_config", f"is not what botocore takes: {error}") from None
    if region:
        check_region("region", region)
    return Connection(region, endpoint_url, parameters)


class AwsSide:
    """The side of a task that faces AWS.

    :raises InvalidInput: a connection option cannot be right.
    """

    def __init__(self, module: AnsibleAWSModule, scrubber: Scrubber) -> None:
        self._scrubber = scrubber
        scrubber.learn(module.params.get("secret_key"), module.params.get("session_token"))
        if module.params.get("endpoint_url"):
            require_tls("endpoint_url", module.params["endpoint_url"])
        self._connection = connection_of(module)

    @property
    def region(self) -> str | None:
        """The region that the options, the environment or the profile name."""
        return self._connection.region

    @contextlib.contextmanager
    def region_needed(self) -> Iterator[None]:
        """Where a region turns out to be missing, the profile can be the reason: amazon.aws says nothing of one that cannot be read.

        :raises AuthenticationError: it is.
        """
        try:
            yield
        except InvalidInput as error:
            missing = error.option == "region" and self.region is None
            profile = self._connection.parameters.get("profile_name")
            raise (missing and profile_problem(profile, self._scrubber)) or error from None

    def client(self, region: str | None = None) -> AwsClient:
        """AWS with the task's connection options. :param region: in place of theirs."""
        if region:
            return AwsClient(dataclasses.replace(self._connection, region=region), self._scrubber)
        return AwsClient(self._connection, self._scrubber)
