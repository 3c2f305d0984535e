# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading many stores at once, ahead of the targets' own turns.

What is read here only saves requests. A version of a secret never changes its content, so that its text is as good as one read later; which version
is current is asked again. A parameter's text is used for one look, and every write checks that the parameter is still the same.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..._common.errors import AuthorizationError, PanwCloudError
from ..._stores.ssm import as_slotted

if TYPE_CHECKING:
    from ..._aws.client import AwsClient

# How many targets one request can read: Secrets Manager gives 20 secrets, Parameter Store 10 parameters, of which each target has two.
BATCHES = {"secretsmanager": 20, "ssm": 5}


class Ahead:
    """Reads ahead.

    :ivar refused: by operation, why it may not be used.
    """

    def __init__(self) -> None:
        self.refused: dict[str, str] = {}

    def read(self, kind: str, aws: AwsClient, stores: list[Any]) -> None:
        """Let stores of one kind and account know what they hold, as far as one request tells."""
        if kind == "secretsmanager":
            self._secrets(aws, stores)
        elif kind == "ssm":
            self._parameters(aws, stores)

    def _secrets(self, aws: AwsClient, stores: list[Any]) -> None:
        named = {store.location["name"]: store for store in stores}
        answer = self._ask(aws, "secretsmanager", "batch_get_secret_value", SecretIdList=list(named))
        for value in answer.get("SecretValues", ()):
            store = named.get(value.get("Name"))
            if store and value.get("SecretString"):
                store.know(value["VersionId"], value["SecretString"])

    def _parameters(self, aws: AwsClient, stores: list[Any]) -> None:
        names = [name for store in stores for name in store.names]
        answer = self._ask(aws, "ssm", "get_parameters", Names=names, WithDecryption=True)
        if answer:
            held = {found["Name"]: as_slotted(found) for found in answer.get("Parameters", ())}
            for store in stores:
                store.know({name: held.get(name) for name in store.names})

    def _ask(self, aws: AwsClient, service: str, operation: str, **request: Any) -> Mapping[str, Any]:
        """The answer, nothing where there is none: then each store is read by itself."""
        if operation in self.refused:
            return {}
        try:
            return aws.ask(service, "read stores ahead", operation, **request)
        except AuthorizationError as error:
            self.refused[operation] = error.evidence.reason or error.kind
        except PanwCloudError:
            pass
        return {}
