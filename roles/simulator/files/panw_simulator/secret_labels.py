# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Versions of a secret and their staging labels by AWS's rules, several of which moto violates.

Sources: AWS Secrets Manager API reference (PutSecretValue, UpdateSecretVersionStage, DescribeSecret) and user guide (quotas).
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from moto.secretsmanager.exceptions import (
    InvalidParameterException,
    ResourceExistsException,
    SecretsManagerClientError,
)

CURRENT, PREVIOUS = "AWSCURRENT", "AWSPREVIOUS"
MOST_LABELS = 20  # across all versions of a secret
MOST_VERSIONS = 100
KEPT_SECONDS = 24 * 3600  # versions younger than this are never removed
CONTENT = ("secret_string", "secret_binary")
Secret: TypeAlias = Any  # moto has no types: a FakeSecret


def put_version(secret: Secret, version: str, content: Mapping[str, Any], labels: Sequence[str]) -> None:
    """Add a version with its labels. The first version of a secret is current. Repeating a request changes nothing.

    :raises ResourceExistsException: the version exists with different content.
    :raises SecretsManagerClientError: LimitExceededException, too many labels or versions.
    """
    present = secret.versions.get(version)
    if present and any(name in present for name in CONTENT):
        if any(present.get(name) != content.get(name) for name in CONTENT):
            raise ResourceExistsException(
                f"You can't use ClientRequestToken {version} because that value is already in use for a version of "
                f"secret {secret.arn}."
            )
        return
    held = _held(secret)
    for label in labels if CURRENT in held else dict.fromkeys((*labels, CURRENT)):
        _attach(held, label, version)
    _check_labels(held)
    _make_room(secret, held)
    now = int(time.time())
    given = {name: value for name, value in content.items() if value is not None}
    secret.versions[version] = {"createdate": now, "version_id": version, "version_stages": [], **given}
    _write(secret, held)


def move_label(secret: Secret, label: str, target: str | None, origin: str | None) -> None:
    """Attach a label to a version, detach it from one, or both.

    :raises InvalidParameterException: it is on a version other than the request says, or no version would be AWSCURRENT.
    :raises SecretsManagerClientError: LimitExceededException, too many labels.
    """
    if not target and not origin:
        raise InvalidParameterException("You must provide MoveToVersionId, RemoveFromVersionId, or both.")
    for version in filter(None, (target, origin)):
        if version not in secret.versions:
            raise InvalidParameterException(f"Not a valid version: {version}")
    held = _held(secret)
    holder = held.get(label)
    if origin and holder != origin:
        raise InvalidParameterException(f"Version stage {label} not found in version {origin}")
    if not origin and holder not in (None, target):
        raise InvalidParameterException(
            f"The parameter RemoveFromVersionId can't be empty. Staging label {label} is currently attached to version "
            f"{holder}, so you must explicitly reference that version in RemoveFromVersionId."
        )
    if target:
        _attach(held, label, target)
    elif label == CURRENT:
        raise InvalidParameterException(
            f"You can only move staging label {CURRENT} to a different secret version. It can't be completely removed."
        )
    else:
        del held[label]
    _check_labels(held)
    _write(secret, held)


def labeled(stages: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    """The versions that have labels: AWS does not list the others, which are deprecated."""
    return {version: labels for version, labels in stages.items() if labels}


def _held(secret: Secret) -> dict[str, str]:
    return {label: version for version, content in secret.versions.items() for label in content["version_stages"]}


def _attach(held: dict[str, str], label: str, version: str) -> None:
    """Attach a label, which one version only has; moving AWSCURRENT leaves AWSPREVIOUS on its former version."""
    origin = held.get(label)
    held[label] = version
    if label == CURRENT and origin not in (None, version):
        held[PREVIOUS] = str(origin)


def _check_labels(held: Mapping[str, str]) -> None:
    if len(held) > MOST_LABELS:
        raise _limit(f"{MOST_LABELS} staging labels")


def _make_room(secret: Secret, held: Mapping[str, str]) -> None:
    """Remove the oldest deprecated versions, except those of the last day, as AWS does in the background."""
    before, kept = time.time() - KEPT_SECONDS, {*held.values()}
    for version, content in list(secret.versions.items()):
        if len(secret.versions) < MOST_VERSIONS:
            return
        if version not in kept and content["createdate"] < before:
            del secret.versions[version]
    if len(secret.versions) >= MOST_VERSIONS:
        raise _limit(f"{MOST_VERSIONS} versions")


def _write(secret: Secret, held: Mapping[str, str]) -> None:
    for version, content in secret.versions.items():
        content["version_stages"] = [label for label, holder in held.items() if holder == version]
    secret.set_default_version_id(held.get(CURRENT))
    secret.last_changed_date = int(time.time())


def _limit(what: str) -> SecretsManagerClientError:
    return SecretsManagerClientError("LimitExceededException", f"You've exceeded the limit of {what} for a secret.")
