# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tokens in AWS Secrets Manager, with AWS's rotation protocol: AWSPENDING, then AWSCURRENT, which moves AWSPREVIOUS along.

A version that is no longer current or pending is found by its stage label C(revoke-<epoch>-<fingerprint>). A token's version has such a label from
the moment it is written, so that no kill can leave a token in a version without one; a grace period is a second label with a later time.

====================  ============  =====================  ======================
after                 AWSCURRENT    AWSPENDING             revoke labels
====================  ============  =====================  ======================
reserve: put          old token     as before              on the old token
reserve: move         old token     reservation            on the old token
stage                 old token     new token              on both tokens
promote               new token     new token (finished)   on both tokens
forget                new token     new token (finished)   on the new token
drop: put             old token     new token              on both tokens
drop: move            old token     copy of the old token  on both tokens
drop: fence           its copy      its copy (finished)    on both tokens
====================  ============  =====================  ======================

AWSPENDING is the lock: it is moved only away from the version on which it was seen, which Secrets Manager checks. The call that writes a token also
moves it: if another run has taken over the reservation in the meantime, both have working tokens, but only one can move AWSCURRENT away from the old
token, which is checked as well, and the other one revokes its own. A version that is both pending and current is AWS's sign of a finished rotation.
The first version of a secret is always AWSCURRENT: until the first token is stored, a reader finds a reservation, which has no token.

A promotion moves AWSCURRENT away from the version on which it was seen while the token was pending. To drop a token, the pending place is therefore
emptied first, then a copy replaces the current version: no promotion that was prepared before can succeed, however late it arrives.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import functools
import re
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from typing import Any, Generic

from .._aws.client import AwsClient
from .._common.errors import NotFound, PanwCloudError
from .base import Contents, PendingRevocation, lock_conflict
from .documents import InvalidDocument, K, Record, Reservation, StoredSecret, load
from .secret_settings import Settings

CURRENT, PENDING, INTENT = "AWSCURRENT", "AWSPENDING", "panw-cloud-intent"
_REVOKE_LABEL = re.compile(r"revoke-(\d+)-([0-9a-f]{12})")
_ADVICE = (
    "Allow secretsmanager:DescribeSecret, GetSecretValue, CreateSecret, PutSecretValue and UpdateSecretVersionStage on it, "
    "for the options also TagResource, UpdateSecret, GetResourcePolicy, PutResourcePolicy, RestoreSecret and DeleteSecret, and the use of the KMS key."
)


class SecretsManagerStore(Generic[K]):
    """A secret as a store: implements L(Store). :param kept: the type of its contents."""

    fences = True

    def __init__(self, aws: AwsClient, name: str, settings: Settings, kept: type[K]) -> None:
        self._aws, self._name, self._settings, self._kept = aws, name, settings, kept
        self._described: Mapping[str, Any] | None = None
        self._stages: dict[str, str] = {}
        self._displaced: dict[str, list[str]] = {}
        self._current: K | None = None
        self._pending: K | None = None
        self._tokens: dict[str, K] = {}
        self._texts: dict[str, str] = {}

    def prime(self, version: str, text: str) -> None:
        """Cache the contents of a version, which never change, so that it need not be read."""
        self._texts[version] = text

    @property
    def location(self) -> dict[str, str]:
        return {"store": "secretsmanager", "name": self._name}

    @property
    def version(self) -> str | None:
        return self._stages.get(CURRENT) if self._current else None

    def load(self) -> Contents[K]:
        self._describe()
        damages: list[InvalidDocument] = []

        def held(stage: str) -> K | Reservation | None:
            version = self._stages.get(stage)
            if version is None:
                return None
            try:
                return self._record(version).content
            except InvalidDocument as damage:
                damages.append(damage)
                return None

        current = held(CURRENT)
        finished = self._stages.get(PENDING) == self._stages.get(CURRENT)
        pending = held(PENDING) if not finished else None
        if isinstance(current, Reservation):  # of the first run, before the first token is stored
            current, pending = None, pending or (current if PENDING not in self._stages else None)
        self._current = current
        self._pending = pending if isinstance(pending, self._kept) else None
        staged_by = self._record(self._stages[PENDING]).staged_by if self._pending else None
        held_back = {self._stages.get(CURRENT), self._stages.get(PENDING)}
        pending_revocations = tuple(
            _pending_revocation(version, labels)
            for version, labels in self._displaced.items()
            if version not in held_back
        )
        return Contents(current, pending, pending_revocations, self._exists, damages[0] if damages else None, staged_by)

    def drift(self) -> list[str]:
        return self._settings.drift(self._described, self._ask) if self._described and self._exists else []

    def settle(self) -> None:
        if self._described and self._exists:
            self._settings.settle(self._described, self._ask)

    def reserve(self, reservation: Reservation) -> None:
        text = Record(reservation).dump()
        version = str(uuid.uuid4())
        if self._described is None:
            self._create(text, version)
            self._stages[CURRENT] = version
        else:
            if not self._exists:
                self._ask("restore", "restore_secret")
                self._describe()
            self._put(text, version, INTENT)
            if CURRENT in self._stages:
                self._move(PENDING, version, self._stages.get(PENDING))
            else:  # the first version of a secret that others have created is current at once
                self._stages[CURRENT] = version

    def stage(self, token: K, staged_by: str) -> None:
        version = str(uuid.uuid4())
        label = _label(token, token.issued_at)
        at_once = [PENDING] if self._kept.COEXISTS else []
        self._put(Record(token, staged_by=staged_by).dump(), version, label, *at_once)
        self._displaced[version] = [label]
        if at_once:
            self._stages[PENDING] = version
        else:
            self._move(PENDING, version, self._stages.get(PENDING))
        self._pending = token

    def promote(self, due: datetime | None) -> PendingRevocation | None:
        if self._current and due:
            self._label(self._stages[CURRENT], _label(self._current, due))
        return self._replace_current(self._stages[PENDING], self._pending)

    def unlock(self) -> None:
        """Do nothing: AWSPENDING and AWSCURRENT on one version mark the rotation as finished."""

    def withdraw(self) -> PendingRevocation | None:
        if self._current is None:
            return None
        version = str(uuid.uuid4())
        self._put(Record().dump(), version, INTENT)
        return self._replace_current(version, None)

    def drop_pending(self, due: datetime | None = None) -> PendingRevocation | None:
        """Mark the rotation as finished without a new token: fence off a pending token; move the label of a reservation to the current version."""
        pending, current = self._stages.get(PENDING), self._stages.get(CURRENT)
        if current is None or pending == current:
            return None
        if pending and self._pending:
            if due:
                self._label(pending, _label(self._pending, due))
            self._fence(current, pending)
        else:
            self._move(PENDING, current, pending)
        self._pending = None
        labels = self._displaced.get(pending or "")
        return _pending_revocation(pending, labels) if pending and labels else None

    def _fence(self, current: str, pending: str) -> None:
        """Empty the pending place, and replace the current version with a copy, so that promotions prepared for the original fail."""
        copy = str(uuid.uuid4())
        self._put(self._text(current), copy, INTENT)
        self._move(PENDING, copy, pending)
        self._move(CURRENT, copy, current)
        self._take_labels_off(current)

    def read(self, pending_revocations: PendingRevocation) -> K:
        token = self._tokens.get(pending_revocations.handle) or self._record(pending_revocations.handle).kept
        if token is None:
            raise InvalidDocument(
                self._place, f"version {pending_revocations.handle} is labeled as a token but holds none"
            )
        return token

    def postpone(self, pending_revocations: PendingRevocation, due: datetime) -> None:
        self._label(pending_revocations.handle, f"revoke-{int(due.timestamp())}-{pending_revocations.fingerprint}")

    def forget(self, pending_revocations: PendingRevocation) -> None:
        self._take_labels_off(pending_revocations.handle)

    def _take_labels_off(self, version: str) -> None:
        for label in self._displaced.pop(version, []):
            del self._stages[label]
            request = {"VersionStage": label, "RemoveFromVersionId": version}
            try:
                self._ask("remove a label from", "update_secret_version_stage", **request)
            except PanwCloudError:  # another run may have removed it, too
                if not self._is_done(functools.partial(_is_off, label)):
                    raise

    def remove(self) -> None:
        seen = self._stages.get(CURRENT), self._stages.get(PENDING)
        self._describe()
        if seen != (self._stages.get(CURRENT), self._stages.get(PENDING)):
            raise lock_conflict(self._place, "another run has written to it")
        window = self._settings.recovery_window
        how = {"RecoveryWindowInDays": window} if window else {"ForceDeleteWithoutRecovery": True}
        self._ask("delete", "delete_secret", **how)

    @property
    def _place(self) -> str:
        return f"secret {self._name}"

    @property
    def _exists(self) -> bool:
        return self._described is not None and not self._described.get("DeletedDate")

    def _describe(self) -> None:
        try:
            self._described = self._ask("describe", "describe_secret")
        except NotFound:
            self._described = None
        self._stages = _stages(self._described) if self._described and self._exists else {}
        self._displaced = {}
        for stage, version in self._stages.items():
            if _REVOKE_LABEL.fullmatch(stage):
                self._displaced.setdefault(version, []).append(stage)

    def _record(self, version: str) -> Record[K]:
        place = f"{self._place}, version {version}"
        try:
            return load(self._text(version), place, self._kept)
        except NotFound:
            raise InvalidDocument(place, "it has no value") from None

    def _text(self, version: str) -> str:
        """The contents of a version, which never change."""
        if version not in self._texts:
            self._texts[version] = self._ask("read", "get_secret_value", VersionId=version).get("SecretString", "")
        return self._texts[version]

    def _create(self, text: str, version: str) -> None:
        request = {"Name": self._name, "SecretString": text, "ClientRequestToken": version}
        request.update(self._settings.of_new())
        description = self._kept.DESCRIPTION
        try:
            self._aws.ask(
                "secretsmanager", f"create {self._place}", "create_secret", _ADVICE, Description=description, **request
            )
        except PanwCloudError as error:
            if not self._is_done(lambda stages: stages.get(CURRENT) == version):
                if error.context.error_code == "ResourceExistsException":
                    raise lock_conflict(self._place, "another run has just created it") from None
                raise
        self._settings.set_policy(self._ask)

    def _put(self, text: str, version: str, *stages: str) -> None:
        request = {"SecretString": text, "VersionStages": list(stages), "ClientRequestToken": version}
        try:
            self._ask("write to", "put_secret_value", **request)
        except PanwCloudError:
            if not self._is_done(lambda stages: version in stages.values()):
                raise
        self._texts[version] = text

    def _is_done(self, check: Callable[[Mapping[str, str]], bool]) -> bool:
        """Whether a failed write was done anyway, as far as the secret can be read. :param check: checks the versions of its labels."""
        try:
            return check(_stages(self._ask("describe", "describe_secret")))
        except PanwCloudError:
            return False

    def _move(self, stage: str, to: str, away_from: str | None) -> None:
        """Move a label if no other run has moved it. :raises LockConflict: another run has."""
        origin = {"RemoveFromVersionId": away_from} if away_from else {}
        try:
            self._ask(
                "stage a version of", "update_secret_version_stage", VersionStage=stage, MoveToVersionId=to, **origin
            )
        except PanwCloudError as error:
            if not self._is_done(lambda stages: stages.get(stage) == to):
                if error.context.error_code == "InvalidParameterException":
                    raise lock_conflict(self._place, f"another run has moved {stage}") from None
                raise
        self._stages[stage] = to

    def _replace_current(self, version: str, by: K | None) -> PendingRevocation | None:
        old, token = self._stages.get(CURRENT), self._current
        if old and token and old not in self._displaced:  # written by others
            self._label(old, _label(token, token.issued_at))
        self._move(CURRENT, version, old)
        self._current = by
        if old is None or token is None:
            return None
        self._tokens[old] = token
        labels = self._displaced.get(old)  # none if another run has moved it, and ended the old token
        return _pending_revocation(old, labels) if labels else None

    def _label(self, version: str, label: str) -> None:
        """Put a label on a version, moved from another one if necessary: a copy of a document has the same label."""
        before = self._stages.get(label)
        if before != version:
            self._move(label, version, before)
            if before in self._displaced:
                self._displaced[before].remove(label)
            self._displaced.setdefault(version, []).append(label)

    def _ask(self, verb: str, operation: str, **request: Any) -> Mapping[str, Any]:
        return self._aws.ask(
            "secretsmanager", f"{verb} {self._place}", operation, _ADVICE, SecretId=self._name, **request
        )


def _stages(described: Mapping[str, Any]) -> dict[str, str]:
    """The versions of a secret by label."""
    versions = described.get("VersionIdsToStages", {})
    return {stage: version for version, stages in versions.items() for stage in stages}


def _is_off(label: str, stages: Mapping[str, str]) -> bool:
    return label not in stages


def _label(token: StoredSecret, due: datetime) -> str:
    return f"revoke-{int(due.timestamp())}-{token.fingerprint}"


def _pending_revocation(version: str, labels: list[str]) -> PendingRevocation:
    found = [(int(label.split("-")[1]), label.split("-")[2]) for label in labels]
    due, fingerprint = max(found)
    return PendingRevocation(fingerprint, datetime.fromtimestamp(due, timezone.utc), version)
