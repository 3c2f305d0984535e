# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""AWS as the connection options of amazon.aws mean it.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import functools

from ansible_collections.amazon.aws.plugins.module_utils.botocore import get_aws_connection_info
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ._aws import AwsClient, Connection
from ._secrets import Scrubber
from ._urls import require_tls


class AwsSide:
    """The side of a task that faces AWS.

    :raises InvalidInput: a connection option cannot be right.
    """

    def __init__(self, module: AnsibleAWSModule, scrubber: Scrubber) -> None:
        self._scrubber = scrubber
        scrubber.learn(module.params.get("secret_key"), module.params.get("session_token"))
        if module.params.get("endpoint_url"):
            require_tls("endpoint_url", module.params["endpoint_url"])
        region, endpoint_url, parameters = get_aws_connection_info(module)
        self._connection = Connection(region, endpoint_url, parameters)

    @property
    def region(self) -> str | None:
        """The region that the options, the environment or the profile name."""
        return self._connection.region

    @functools.cached_property
    def client(self) -> AwsClient:
        """AWS with the task's connection options."""
        return AwsClient(self._connection, self._scrubber)
