# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of a rotation: a list of targets with common defaults, and the rotation plan. All are validated before the run starts, and all mistakes
are reported together.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
import functools
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from ..._aws.assumed_role import AssumedRole, assumed_role
from ..._aws.client import Connection
from ..._common.errors import InvalidInput
from ..._stores.documents import StoredToken
from ..._stores.factory import open_store
from ..._stores.hashi_vault_client import VaultClient
from ..._stores.hashi_vault_connection import VaultConnection, connection_from
from ..._stores.options import STORED_OPTIONS, options_of
from ..admin_roles import ADMIN_ROLES
from ..endpoints import aws_region, endpoint_for
from ..tokens.spec import TokenSource, TokenSpec, desired
from .models import Account, FleetTarget, RotationPlan
from .shared_clients import KINDS

R = TypeVar("R")
MOST_AT_ONCE = 256
MOST_RETRIES = 10


def plan(params: Mapping[str, Any], *, dry_run: bool) -> RotationPlan:
    """The rotation plan. :raises InvalidInput: an option is invalid."""
    for option, least, most in (
        ("concurrency", 1, MOST_AT_ONCE),
        ("retries", 0, MOST_RETRIES),
        ("max_fail_percentage", 0, 100),
    ):
        value = params[option]
        if value is not None and not least <= value <= most:
            raise InvalidInput(option, f"is {value}; it must be {least} to {most}.")
    max_failed = params["max_fail_percentage"]
    return RotationPlan(params["state"], dry_run, params["concurrency"], params["retries"], max_failed)


def caps(params: Mapping[str, Any]) -> dict[str, float]:
    """Requests per second by kind, for this slice. :raises InvalidInput: a rate or the number of slices is 0 or less."""
    if params["slices"] < 1:
        raise InvalidInput("slices", f"is {params['slices']}; it must be 1 or more.")
    found = {}
    for kind in KINDS:
        rate = params[f"{kind}_rate"]
        if not rate > 0:
            raise InvalidInput(f"{kind}_rate", f"is {rate:g}; it must be more than 0 requests per second.")
        found[kind] = rate / params["slices"]
    return found


def quota_share(params: Mapping[str, Any]) -> float:
    """The part of AWS's quotas that this slice may use; 0 to ignore them."""
    return 1 / params["slices"] if params["aws_quotas"] else 0.0


def members(
    params: Mapping[str, Any], connection: Connection, region_of: Callable[[str], str | None] = lambda _profile: None
) -> list[FleetTarget]:
    """The targets.

    :param connection: from the task's options. :param region_of: the region of a target's own profile.
    :raises InvalidInput: the list is empty, or some targets are invalid; it names all mistakes of all targets.
    """
    if not params["targets"]:
        raise InvalidInput("targets", "is empty. Name at least one target.")
    problems: list[str] = []
    found, places, region_of = [], [], functools.lru_cache(None)(region_of)
    vault = functools.lru_cache(None)(VaultClient)  # one for all targets with the same connection
    for number, own in enumerate(params["targets"], 1):
        region = own["region"] or (own["profile"] and region_of(own["profile"])) or connection.region
        reader = _Reader(params, own, dataclasses.replace(connection, region=region), vault)
        label = f"'{own['name']}'" if own["name"] else f"number {number}"
        member = reader.member()
        problems += [f"target {label}: {problem}" for problem in reader.problems]
        if member:
            found.append(member)
            places += [reader.place(member)] if member.store != "none" else []
    problems += _repeated("name", Counter(own["name"] for own in params["targets"] if own["name"]))
    problems += _repeated("place in a store", Counter(places))
    if problems:
        raise InvalidInput("targets", f"has {len(problems)} mistakes, nothing was started. " + " ".join(problems))
    return found


def _repeated(what: str, counted: Mapping[str, int]) -> list[str]:
    return [f"{times} targets have the same {what}: {value}." for value, times in counted.items() if times > 1]


class _Reader:
    """The options of one target, with the task's options as defaults."""

    def __init__(
        self,
        params: Mapping[str, Any],
        own: Mapping[str, Any],
        connection: Connection,
        vault: Callable[[VaultConnection], VaultClient],
    ) -> None:
        kind = own["store"] or params["store"]
        self._own, self._connection, self._vault = own, connection, vault
        self._params = {**params, **{name: value for name, value in own.items() if value is not None}}
        self._params["recovery_window"] = None
        for name in STORED_OPTIONS:
            if own[name] is None and name not in options_of(kind):
                self._params[name] = None
        where = own["location"] or own["name"]
        self._params["path"] = own["location"] if kind == "file" else None
        self._params["name"] = where if "name" in options_of(kind) else None
        self._location = {"none": "", "file": own["location"] or ""}.get(kind, where)
        self.problems: list[str] = []

    def member(self) -> FleetTarget | None:
        """The target, None if it has problems."""
        own = self._own
        if not own["name"]:
            self.problems.append("Option 'name' is empty.")
        if own["profile"] and self._connection.parameters.get("aws_access_key_id"):
            self.problems.append("Option 'profile' cannot be combined with AWS keys.")
        if own["admin_role"] not in ADMIN_ROLES:
            known = ", ".join(ADMIN_ROLES)
            self.problems.append(f"Option 'admin_role' is {own['admin_role']!r}; it must be one of {known}.")
        role = self._tried(lambda: assumed_role(self._params))
        target = self._tried(lambda: self._target(role)) if own["admin_role"] in ADMIN_ROLES else None
        account = self._tried(lambda: self._account(role))
        self._tried(lambda: _open(self._stored, self._connection.region, self._vault, None))
        if self.problems or target is None or account is None:
            return None
        return FleetTarget(
            name=own["name"],
            target=target,
            account=account,
            store=self._params["store"],
            location=self._location,
            open=functools.partial(_open, self._stored, self._connection.region, self._vault),
        )

    def place(self, member: FleetTarget) -> str:
        """The target's place in a store, the same for all names of that place."""
        kind, name, account = member.store, member.location, member.account
        if kind == "file":
            return f"file {name}"
        if kind == "hashi_vault":
            where = connection_from(self._stored)
            namespace = f" in the namespace {where.namespace}" if where.namespace else ""
            return f"hashi_vault {where.mount_point}/{name} at {where.url}{namespace}"
        if kind == "ssm" and name.count("/") == 1:  # /name and name are the same parameter
            name = name.removeprefix("/")
        profile = f" of profile {account.profile}" if account.profile else ""
        return f"{kind} {name} in {account.region}{profile}"

    def _tried(self, read: Callable[[], R]) -> R | None:
        try:
            return read()
        except InvalidInput as error:
            if str(error) not in self.problems:
                self.problems.append(str(error))
            return None

    def _target(self, role: AssumedRole | None) -> TokenSpec:
        admin_role = ADMIN_ROLES[self._own["admin_role"]]
        endpoint = endpoint_for(admin_role, self._params, self._connection.region, role)
        return desired(self._params, TokenSource(role, endpoint))

    def _account(self, role: AssumedRole | None) -> Account:
        urls = (self._params["ngfw_url"], self._params["ngfw_management_url"])
        return Account(self._own["profile"], aws_region(self._connection.region, urls, role))

    @property
    def _stored(self) -> dict[str, Any]:
        return {name: self._params[name] for name in ("store", "name", "path", "recovery_window", *STORED_OPTIONS)}


def _open(
    params: Mapping[str, Any], region: str | None, vault: Callable[[VaultConnection], VaultClient], aws: Any
) -> Any:
    return open_store(params, lambda: aws, region, StoredToken, vault)
