# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The settings of a secret in AWS Secrets Manager: key, tags and policy.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping
from typing import Any

Ask = Callable[..., Mapping[str, Any]]


@dataclasses.dataclass(frozen=True)
class Settings:
    """The desired settings; None or empty leaves a setting unchanged.

    :param recovery_window: days until a removed secret is gone, 7 to 30; 0 for at once.
    """

    kms_key_id: str | None = None
    tags: Mapping[str, str] = dataclasses.field(default_factory=dict)
    resource_policy: str | None = None
    recovery_window: int = 30

    def of_new(self) -> dict[str, Any]:
        """The parameters of CreateSecret."""
        key = {"KmsKeyId": self.kms_key_id} if self.kms_key_id else {}
        return {**key, **({"Tags": self._tags()} if self.tags else {})}

    def drift(self, described: Mapping[str, Any], ask: Ask) -> list[str]:
        """The settings that differ from the desired ones. :param described: the response of DescribeSecret. :param ask: calls AWS for the secret."""
        present = {tag["Key"]: tag["Value"] for tag in described.get("Tags", [])}
        found = []
        if self.kms_key_id and not _same_key(described.get("KmsKeyId"), self.kms_key_id):
            found.append("kms_key_id")
        if not self.tags.items() <= present.items():
            found.append("tags")
        if self.resource_policy and _policy(ask) != json.loads(self.resource_policy):
            found.append("resource_policy")
        return found

    def settle(self, described: Mapping[str, Any], ask: Ask) -> None:
        """Apply the desired settings. The parameters are those of L(drift)."""
        drift = self.drift(described, ask)
        if "kms_key_id" in drift:
            ask("set the key of", "update_secret", KmsKeyId=self.kms_key_id)
        if "tags" in drift:
            ask("tag", "tag_resource", Tags=self._tags())
        if "resource_policy" in drift:
            self.set_policy(ask)

    def set_policy(self, ask: Ask) -> None:
        """Set the policy, if there is a desired one."""
        if self.resource_policy:
            ask("set the policy of", "put_resource_policy", ResourcePolicy=self.resource_policy, BlockPublicPolicy=True)

    def _tags(self) -> list[dict[str, str]]:
        return [{"Key": key, "Value": value} for key, value in self.tags.items()]


def _policy(ask: Ask) -> Any:
    return json.loads(ask("read the policy of", "get_resource_policy").get("ResourcePolicy") or "null")


def _same_key(present: str | None, desired: str) -> bool:
    """Whether a key is the desired one, which may be an ARN, id or alias."""
    return present is not None and (present == desired or present.endswith((f"/{desired}", f":{desired}")))
