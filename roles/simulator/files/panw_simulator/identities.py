# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS credentials and their owners: IAM users in moto, and the role sessions that this simulator issued."""

from __future__ import annotations

import base64
import json
import secrets
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from moto.iam.models import IAMBackend, Role, User, iam_backends

from . import iam_policy
from .clock import Clock
from .recorder import Recorder
from .sigv4 import Credentials


@dataclass(frozen=True)
class Session:
    """Temporary credentials of an assumed role. Times are seconds of the simulator's clock."""

    access_key: str
    secret_key: str
    token: str
    role_arn: str
    role_id: str
    name: str
    account_id: str
    expires_at: float
    policies: tuple[iam_policy.Document, ...] | None = None
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def arn(self) -> str:
        """ARN of the session as GetCallerIdentity returns it."""
        return f"arn:aws:sts::{self.account_id}:assumed-role/{self.role_arn.rpartition('/')[2]}/{self.name}"

    @property
    def user_id(self) -> str:
        """Unique id of the role, a colon, and the session name."""
        return f"{self.role_id}:{self.name}"


@dataclass(frozen=True)
class Identity:
    """A caller with all data that authorization needs."""

    caller: iam_policy.Caller
    user_id: str
    tags: Mapping[str, str]
    policies: iam_policy.Policies
    user_name: str | None = None

    def condition_keys(self) -> dict[str, Sequence[str]]:
        """Condition keys that describe the caller, names in lowercase."""
        keys: dict[str, Sequence[str]] = {
            "aws:principalarn": [self.caller.role_arn or self.caller.arn],
            "aws:principalaccount": [self.caller.account_id],
            "aws:principaltype": ["AssumedRole" if self.caller.role_arn else "User"],
            "aws:userid": [self.user_id],
        }
        if self.user_name is not None:
            keys["aws:username"] = [self.user_name]
        if self.caller.role_arn is not None:
            keys["aws:multifactorauthpresent"] = ["false"]
        keys.update({f"aws:principaltag/{name.lower()}": [value] for name, value in self.tags.items()})
        return keys


class Identities:
    """Look-ups over moto's IAM and the register of role sessions.

    :param accounts: the AWS accounts that exist.
    """

    def __init__(self, clock: Clock, recorder: Recorder, accounts: Sequence[str]) -> None:
        self.clock = clock
        self.recorder = recorder
        self.accounts = tuple(accounts)
        self._lock = threading.Lock()
        self._sessions: dict[str, Session] = {}
        self._roles: dict[str, Role] = {}
        self._keys: dict[str, tuple[User, Any]] = {}

    def credentials(self, access_key: str) -> Credentials | None:
        """Secret and session token of an access key; None if it is unknown, deleted or not active."""
        session = self.session(access_key)
        if session is not None:
            return Credentials(session.secret_key, session.token, expired=session.expires_at <= self.clock.time())
        found = self._user_key(access_key)
        if found is None or found[1].status != "Active":
            return None
        return Credentials(str(found[1].secret_access_key))

    def session(self, access_key: str) -> Session | None:
        """The role session of an access key, expired or not."""
        with self._lock:
            return self._sessions.get(access_key)

    def identity(self, access_key: str) -> Identity | None:
        """The caller behind an access key."""
        session = self.session(access_key)
        if session is not None:
            return self._session_identity(session)
        found = self._user_key(access_key)
        return self._user_identity(found[0]) if found else None

    def role(self, arn: str) -> Role | None:
        """The role with this ARN, None if the account or the role does not exist."""
        parts = arn.split(":")
        if len(parts) != 6 or parts[4] not in self.accounts:
            return None
        present = _backend(parts[4]).roles
        known = self._roles.get(arn)
        if known is None or present.get(known.id) is not known:
            self._roles.update({str(role.arn): role for role in list(present.values())})
            known = self._roles.get(arn)
        return known if known is not None and present.get(known.id) is known else None

    def role_tags(self, arn: str) -> dict[str, str]:
        """Current tags of a role in IAM."""
        role = self.role(arn)
        return {tag["Key"]: tag["Value"] for tag in role.tags} if role else {}

    def role_policies(self, arn: str) -> iam_policy.Policies | None:
        """The policies of a role and its boundary, None if the role does not exist."""
        role = self.role(arn)
        if role is None:
            return None
        return iam_policy.Policies(
            [*_documents(role)], self._boundary(str(role.account_id), role.permissions_boundary_arn)
        )

    def managed_policy(self, account_id: str, arn: str) -> iam_policy.Document | None:
        """The default version of a managed policy, None if it does not exist."""
        policy = _backend(account_id).managed_policies.get(arn)
        return _managed_document(policy) if policy else None

    def open_session(
        self,
        role: Role,
        name: str,
        seconds: int,
        policies: tuple[iam_policy.Document, ...] | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> Session:
        """Issue temporary credentials for a role."""
        session = Session(
            access_key="ASIA" + base64.b32encode(secrets.token_bytes(10)).decode(),
            secret_key=base64.b64encode(secrets.token_bytes(30)).decode(),
            token="IQoJb3JpZ2luX2Vj" + base64.b64encode(secrets.token_bytes(255)).decode() + "==",
            role_arn=str(role.arn),
            role_id=str(role.id),
            name=name,
            account_id=str(role.account_id),
            expires_at=int(self.clock.time()) + seconds,
            policies=policies,
            tags=tags or {},
        )
        with self._lock:
            self._sessions[session.access_key] = session
        self.recorder.keep_secret("secret_access_keys", session.secret_key)
        self.recorder.keep_secret("session_tokens", session.token)
        return session

    def expire_sessions(self) -> int:
        """Expire all temporary credentials now and return how many were valid."""
        now = self.clock.time()
        with self._lock:
            alive = [session for session in self._sessions.values() if session.expires_at > now]
            self._sessions.update({session.access_key: replace(session, expires_at=now) for session in alive})
        return len(alive)

    def keep_user_secrets(self) -> None:
        """Record the secret keys of all IAM users in the ledger."""
        for _user, key in self._user_keys():
            self.recorder.keep_secret("secret_access_keys", str(key.secret_access_key))

    def _user_keys(self) -> Iterator[tuple[User, Any]]:
        for account in self.accounts:
            for user in list(_backend(account).users.values()):
                for key in list(user.access_keys):
                    yield user, key

    def _user_key(self, access_key: str) -> tuple[User, Any] | None:
        user, key = self._keys.get(access_key, (None, None))
        if user and key in user.access_keys and _backend(str(user.account_id)).users.get(user.name) is user:
            return user, key
        found = next((found for found in self._user_keys() if found[1].access_key_id == access_key), None)
        if found is not None:
            self._keys[access_key] = found
        return found

    def _session_identity(self, session: Session) -> Identity:
        caller = iam_policy.Caller(session.arn, session.account_id, session.role_arn, session.role_id)
        role = self.role(session.role_arn)
        policies = self.role_policies(session.role_arn) if role and str(role.id) == session.role_id else None
        policies = replace(policies or iam_policy.Policies(), session=session.policies)
        return Identity(caller, session.user_id, {**self.role_tags(session.role_arn), **session.tags}, policies)

    def _user_identity(self, user: User) -> Identity:
        account = str(user.account_id)
        backend = _backend(account)
        documents = [*_documents(user)]
        for group in backend.get_groups_for_user(user.name):
            documents.extend(_documents(group))
        boundary = self._boundary(account, getattr(user, "permissions_boundary_arn", None))
        caller = iam_policy.Caller(str(user.arn), account, unique_id=str(user.id))
        tags = {tag["Key"]: tag["Value"] for tag in user.tags or []}
        return Identity(caller, str(user.id), tags, iam_policy.Policies(documents, boundary), str(user.name))

    def _boundary(self, account_id: str, arn: str | None) -> list[iam_policy.Document] | None:
        if not arn:
            return None
        found = self.managed_policy(account_id, arn)
        return [found] if found else []


@lru_cache(maxsize=4096)
def document(text: str) -> iam_policy.Document:
    """A parsed policy. Cached by text and shared: do not modify the result."""
    found: iam_policy.Document = json.loads(text)
    return found


def _backend(account_id: str) -> IAMBackend:
    return iam_backends[account_id]["aws"]


def _documents(holder: Any) -> Iterator[iam_policy.Document]:
    for text in list(holder.policies.values()):
        yield document(text)
    for policy in list(holder.managed_policies.values()):
        found = _managed_document(policy)
        if found is not None:
            yield found


def _managed_document(policy: Any) -> iam_policy.Document | None:
    for version in policy.versions:
        if version.version_id == policy.default_version_id or version.is_default:
            return document(version.document)
    return None
