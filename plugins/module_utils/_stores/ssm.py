# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tokens in AWS Systems Manager's Parameter Store, as SecureString parameters.

Parameter Store has no compare-and-swap: a parameter is created only if it does not exist, and overwritten only after a check of its version. The run that
wrote the next version was first; older versions stay readable, so that a write whose response was lost is found again, and one that overwrote another run's
is undone. Two runs that take over the same stale reservation within the same milliseconds can both lose, but not both win.

The lock in the pending slot separates runs. A run that is suspended between its last check and its write for longer than its lock is valid cannot be
stopped: until it resumes and undoes its write, a reader can find what it has written. A token that another run has staged is therefore not revoked before
it expires, unless that run has ended.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
from collections.abc import Mapping
from typing import Any

from .._aws.client import AwsClient
from .._common.errors import ErrorContext, InvalidResponse, NotFound, PanwCloudError
from .base import lock_conflict
from .versioned_backend import Beside, Slotted

LARGEST = 8192  # bytes of an advanced parameter; Intelligent-Tiering takes a standard one up to 4096
_ADVICE = (
    "Allow ssm:GetParameter, ssm:PutParameter, ssm:DeleteParameter, for tags ssm:ListTagsForResource and "
    "ssm:AddTagsToResource, and the use of the KMS key."
)


@dataclasses.dataclass(frozen=True)
class SsmSlots:
    """Parameters as slots; a slot's mark is the parameter's version and a digest, because a recreated parameter starts again at version 1.

    :param description: of new parameters. :param kms_key_id: a customer managed key, None for the account's default.
    """

    aws: AwsClient
    description: str
    kms_key_id: str | None = None
    tags: Mapping[str, str] = dataclasses.field(default_factory=dict)

    @property
    def atomic(self) -> bool:
        return False

    def read(self, name: str) -> Slotted | None:
        try:
            found = self._ask("read", "get_parameter", name, WithDecryption=True).get("Parameter") or {}
        except NotFound:
            return None
        if not isinstance(found.get("Value"), str) or "Version" not in found:
            raise InvalidResponse(
                f"read parameter {name}", ErrorContext("AWS", reason="the response has no value or version")
            )
        return as_slotted(found)

    def create(self, name: str, text: str, beside: Beside = None) -> str:
        self._check(beside)
        tags = [{"Key": key, "Value": value} for key, value in self.tags.items()]
        try:
            return _mark(self._put(name, text, Overwrite=False, **({"Tags": tags} if tags else {})), text)
        except PanwCloudError as error:
            failure = error
        held = self._look(name)
        if held and held.text == text:  # the response to an earlier attempt was lost
            return held.mark
        if failure.context.error_code == "ParameterAlreadyExists":
            failure = lock_conflict(f"ssm {name}", "another run has written to it")
        raise failure

    def replace(self, name: str, text: str, mark: str, beside: Beside = None) -> str:
        self._check(beside)
        held = self.read(name)
        failure: PanwCloudError = lock_conflict(f"ssm {name}", "another run has written to it")
        if held is None or held.mark != mark:
            raise failure
        written, version = None, int(mark.partition("-")[0])
        try:
            written = self._put(name, text, Overwrite=True)
        except PanwCloudError as error:
            failure = error
        if written == 1:  # it was removed in the meantime
            self.delete(name, _mark(written, text))
            raise failure
        before = self._look(f"{name}:{version}")
        alone = before is None or before.text == held.text
        if alone and written == version + 1:
            return _mark(written, text)
        if alone and _is(self._look(f"{name}:{version + 1}"), text):  # written twice, because a response was lost
            latest = self._look(name)
            if latest and latest.text == text:
                return latest.mark
        elif written:
            self._undo(name, written)
        raise failure

    def _undo(self, name: str, written: int) -> None:
        """Restore what another run had written, and this one has overwritten."""
        before = self._look(f"{name}:{written - 1}")
        if before:
            self._put(name, before.text, Overwrite=True)

    def delete(self, name: str, mark: str | None = None) -> None:
        if mark is not None:
            held = self.read(name)
            if (held and held.mark) != mark:
                return
        with contextlib.suppress(NotFound):
            self._ask("delete", "delete_parameter", name)

    def _check(self, beside: Beside) -> None:
        held = self.read(beside[0]) if beside else None
        if beside and (held and held.mark) != beside[1]:
            raise lock_conflict(f"ssm {beside[0]}", "another run has written to it")

    def _look(self, name: str) -> Slotted | None:
        """The contents of a slot or of a version of it; None also if it cannot be read."""
        with contextlib.suppress(PanwCloudError):
            return self.read(name)
        return None

    def drift(self, name: str) -> list[str]:
        if not self.tags:
            return []
        response = self.aws.ask(
            "ssm", f"read the tags of parameter {name}", "list_tags_for_resource", _ADVICE, **_tagged(name)
        )
        present = {tag["Key"]: tag["Value"] for tag in response["TagList"]}
        return ["tags"] if not self.tags.items() <= present.items() else []

    def settle(self, name: str) -> None:
        tags = [{"Key": key, "Value": value} for key, value in self.tags.items()]
        self.aws.ask("ssm", f"tag parameter {name}", "add_tags_to_resource", _ADVICE, **_tagged(name), Tags=tags)

    def _put(self, name: str, text: str, **more: Any) -> int:
        """Write a parameter, and return its new version."""
        key = {"KeyId": self.kms_key_id} if self.kms_key_id else {}
        request = {
            "Value": text,
            "Type": "SecureString",
            "Tier": "Intelligent-Tiering",
            "Description": self.description,
        }
        return int(self._ask("write", "put_parameter", name, **request, **key, **more)["Version"])

    def _ask(self, verb: str, operation: str, name: str, **request: Any) -> Mapping[str, Any]:
        return self.aws.ask("ssm", f"{verb} parameter {name}", operation, _ADVICE, Name=name, **request)


def as_slotted(parameter: Mapping[str, Any]) -> Slotted:
    """The contents of a slot, from a parameter in an SSM response."""
    return Slotted(parameter["Value"], _mark(parameter["Version"], parameter["Value"]))


def _mark(version: int, text: str) -> str:
    return f"{version}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def _is(slotted: Slotted | None, text: str) -> bool:
    return slotted is not None and slotted.text == text


def _tagged(name: str) -> dict[str, str]:
    return {"ResourceType": "Parameter", "ResourceId": name}
