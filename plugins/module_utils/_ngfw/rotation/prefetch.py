# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Prefetch many stores with one request, before their targets are processed.

Prefetching only saves requests. A version of a secret never changes, so its text stays valid; which version is current is queried again. A
parameter's text is used for one load, and every write checks that the parameter is unchanged.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..._common.errors import AuthorizationError, PanwCloudError
from ..._stores.ssm import as_slotted

if TYPE_CHECKING:
    from ..._aws.client import AwsClient

# Targets per request: Secrets Manager returns 20 secrets, Parameter Store 10 parameters, and each target has two of those.
BATCHES = {"secretsmanager": 20, "ssm": 5}


class Prefetcher:
    """Prefetches stores.

    :ivar refused: the reasons why operations are denied.
    """

    def __init__(self) -> None:
        self.refused: dict[str, str] = {}

    def read(self, kind: str, aws: AwsClient, stores: list[Any]) -> None:
        """Prime stores of one kind and account with the results of one request."""
        if kind == "secretsmanager":
            self._secrets(aws, stores)
        elif kind == "ssm":
            self._parameters(aws, stores)

    def _secrets(self, aws: AwsClient, stores: list[Any]) -> None:
        named = {store.location["name"]: store for store in stores}
        response = self._ask(aws, "secretsmanager", "batch_get_secret_value", SecretIdList=list(named))
        for value in response.get("SecretValues", ()):
            store = named.get(value.get("Name"))
            if store and value.get("SecretString"):
                store.prime(value["VersionId"], value["SecretString"])

    def _parameters(self, aws: AwsClient, stores: list[Any]) -> None:
        names = [name for store in stores for name in store.names]
        response = self._ask(aws, "ssm", "get_parameters", Names=names, WithDecryption=True)
        if response:
            held = {found["Name"]: as_slotted(found) for found in response.get("Parameters", ())}
            for store in stores:
                store.prime({name: held.get(name) for name in store.names})

    def _ask(self, aws: AwsClient, service: str, operation: str, **request: Any) -> Mapping[str, Any]:
        """The response, empty if the request fails: then each store is read on its own."""
        if operation in self.refused:
            return {}
        try:
            return aws.ask(service, "prefetch the stores", operation, **request)
        except AuthorizationError as error:
            self.refused[operation] = error.context.reason or error.kind
        except PanwCloudError:
            pass
        return {}
