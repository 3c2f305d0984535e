# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calls of the API for firewalls, with the interface that the resource engine needs.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator, Mapping
from typing import Any

from ..._common.errors import ErrorContext, InvalidResponse, NotFound, PanwCloudError, RouteNotFound
from ..._common.token_pair import TokenPair
from ..._common.urls import segment
from ..._transport.http import REPEATABLE
from ..client import NgfwClient, Operation
from ..codec import lookup
from ..paging import PAGE_SIZE, each_page
from ..resources import codec
from ..resources.catalog.firewall import NAME_TAG
from ..resources.descriptor import Resource
from ..resources.planner import Address, Change, Observed
from .versions import Call, Version

Json = Mapping[str, Any]


@dataclasses.dataclass(frozen=True)
class Firewall(Observed):
    """A firewall as read.

    :param id: of the service; empty if it names none. :param status: the JSON of its status. :param version: C(1) or C(2). :param region: of the endpoint.
    """

    id: str = ""
    status: Json = dataclasses.field(default_factory=dict)
    version: int = 2
    region: str = ""

    @property
    def state(self) -> str:
        """The state in capitals, such as C(CREATE_COMPLETE); empty if the answer has none."""
        return str(lookup(self.status, "firewall_status") or "").upper()

    @property
    def is_gone(self) -> bool:
        """Whether it is deleted: the API may still show it for a while."""
        return self.state == "DELETE_COMPLETE"


class FirewallClient:
    """Reads and changes firewalls of one version with one token.

    :param account_id: the AWS account of the firewalls, if it is not the caller's.
    """

    def __init__(self, client: NgfwClient, pair: TokenPair, version: Version, account_id: str | None = None) -> None:
        self.version = version
        self._client, self._pair, self._account = client, pair, account_id
        self._bases = list(version.bases)
        self._answered = False  # whether the first of them is known to exist
        self._ids: dict[str, str] = {}

    def each(self, **filters: Any) -> Iterator[Firewall]:
        """All firewalls of the region, described. :param filters: C(RuleStackName), C(GlobalRuleStackName), and in version 1 C(VpcIds), a list."""
        attempted = f"list the firewalls in {self._client.endpoint.region}"
        pages = each_page(
            lambda asked: self._page(attempted, asked),
            {**filters, "MaxResults": PAGE_SIZE},
            lambda reason: InvalidResponse(attempted, ErrorContext(reason=reason)),
        )
        for page in pages:
            described = lookup(page, "firewalls_describe")
            for entry in lookup(page, "firewalls") or () if described is None else described:
                yield self._listed(entry, described is not None)

    def named(self, name: str) -> list[Firewall]:
        """The firewalls of a name; in version 2 a tag is the name, so several firewalls can have it."""
        if self.version.number == 1:
            found = self.read(self.version.resource, (name,), name)
            return [found] if found else []
        return [firewall for firewall in self.each() if firewall.name == name and not firewall.is_gone]

    def by_id(self, firewall_id: str) -> Firewall | None:
        """The firewall of version 2 with an ID, None if it does not exist."""
        return self._standing(firewall_id, f"firewall '{firewall_id}'")

    def read(self, resource: Resource, address: Address, name: str) -> Firewall | None:
        """Read a firewall, None if it does not exist. :raises InvalidResponse: several have the name, and none was chosen by its ID."""
        if self.version.number == 1:
            return self._standing(name, f"firewall '{name}'")
        if name not in self._ids:
            found = self.named(name)
            if len(found) > 1:
                shown = ", ".join(one.id for one in found)
                reason = f"{len(found)} firewalls have the name: {shown}. Set 'firewall_id'"
                raise InvalidResponse(f"read firewall '{name}'", ErrorContext(reason=reason))
            if not found:
                return None
            self._ids[name] = found[0].id
        standing = self.by_id(self._ids[name])
        if standing is None:
            del self._ids[name]  # a new firewall of the name has another ID
        return standing

    def choose(self, firewall: Firewall) -> None:
        """Let a name mean this firewall from now on."""
        self._ids[firewall.name] = firewall.id

    def write(self, change: Change) -> None:
        """Send a change: a creation, a deletion, or the first call of the first part that changes.

        :raises PanwCloudError: it failed; C(outcome_unknown) says whether it may have been made.
        """
        attempted = f"{change.operation} {change.title}"
        if change.operation == "create":
            self._create(attempted, change)
            return
        if not isinstance(change.observed, Firewall):
            raise ValueError("a change has no observed firewall")
        if change.operation == "delete":
            self._addressed(attempted, "DELETE", self._path(change.observed), change.observed.values.get("account_id"))
            return
        part = next(part for part in self.version.parts if part.options & set(change.options))
        call = part.calls(change)[0]
        self._send(attempted, dataclasses.replace(call, suffix=self._path(change.observed) + call.suffix))

    def tags(self, resource: Resource, address: Address) -> dict[str, str]:
        """None: the tags of a firewall are among its fields."""
        return {}

    def write_tags(self, resource: Resource, address: Address, before: Mapping[str, str], after: Json) -> None:
        """Nothing, for the same reason."""

    def call(
        self, attempted: str, firewall: Firewall, call: Call, query: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """Send a call for a firewall; return the C(Response). :raises PanwCloudError: it failed."""
        return self._send(attempted, dataclasses.replace(call, suffix=self._path(firewall) + call.suffix), query)

    def _create(self, attempted: str, change: Change) -> None:
        body = dict(change.body or {})
        if self.version.number == 2:
            body.pop(change.resource.name.wire, None)
            tags = (change.after or {}).get("tags") or {}
            body["Tags"] = [
                {"Key": key, "Value": value} for key, value in {NAME_TAG: change.desired.name, **tags}.items()
            ]
        elif self._account:
            body.setdefault("AccountId", self._account)
        answer = self._send(attempted, Call(("POST",), "", body))
        if firewall_id := lookup(answer, "firewall_id"):
            self._ids[change.desired.name] = str(firewall_id)

    def _path(self, firewall: Firewall) -> str:
        return f"/{segment(firewall.id if self.version.number == 2 else firewall.name)}"

    def _standing(self, key: str, title: str) -> Firewall | None:
        """The firewall, None if it does not exist or is deleted."""
        found = self._described(key, title)
        return None if found is None or found.is_gone else found

    def _described(self, key: str, title: str) -> Firewall | None:
        try:
            answer = self._addressed(f"read {title}", "GET", f"/{segment(key)}")
        except NotFound:
            return None
        return self._observed(answer) if lookup(answer, "firewall") else None

    def _addressed(self, attempted: str, method: str, path: str, account: str | None = None) -> dict[str, Any]:
        """Send a call whose only parameter is the account."""
        account = account or self._account
        places = {self.version.account_in: account} if account else {}
        query = {"accountid": places["query"]} if "query" in places else {}
        body = {"AccountId": places["body"]} if "body" in places else {}
        return self._send(attempted, Call((method,), path, body), query)

    def _listed(self, entry: Json, described: bool) -> Firewall:
        if described:
            return self._observed(entry)
        key = str(lookup(entry, "firewall_id" if self.version.number == 2 else "firewall_name"))
        return self._described(key, f"firewall '{key}'") or self._observed({"Firewall": entry})

    def _observed(self, content: Json) -> Firewall:
        raw, status = lookup(content, "firewall") or {}, lookup(content, "status") or {}
        values = codec.values_of(self.version.resource.fields, raw)
        name = values["tags"].pop(NAME_TAG, None) if self.version.number == 2 else None
        firewall_id = str(lookup(raw, "firewall_id") or "")
        name = str(name or lookup(raw, "firewall_name") or firewall_id)
        return Firewall(
            (name,),
            name,
            raw,
            values,
            lookup(raw, "update_token"),
            id=firewall_id,
            status=status,
            version=self.version.number,
            region=self._client.endpoint.region,
        )

    def _page(self, attempted: str, asked: Json) -> dict[str, Any]:
        """A page of the list. Version 1 has its parameters in the body, and in the Go SDK in the query."""
        query = {
            key.lower(): ",".join(value) if isinstance(value, list) else str(value) for key, value in asked.items()
        }
        body = {} if self.version.regional else dict(asked)
        return self._send(attempted, Call(("GET",), "", body), {**query, "describe": "true"})

    def _send(self, attempted: str, call: Call, query: Mapping[str, str] | None = None) -> dict[str, Any]:
        """Send to the first path and with the first method that the API has."""
        missing: PanwCloudError | None = None
        for base, method in itertools.product(list(self._bases), call.methods):
            try:
                answer = self._client.raw(self._operation(attempted, base, method, call, query or {}), self._pair)
            except RouteNotFound as error:
                missing = missing or error
            except NotFound as error:
                if self._answered or len(self._bases) == 1 or error.context.error_code is not None:
                    raise
                missing = error  # outside the service's envelope, it can be of the path
            else:
                self._bases.sort(key=lambda one: one != base)
                self._answered = True
                return answer
        raise missing or ValueError("a version of firewalls has no path")

    def _operation(self, attempted: str, base: str, method: str, call: Call, query: Mapping[str, str]) -> Operation:
        region = {"region": self._client.endpoint.region} if self.version.regional else {}
        return Operation(
            attempted,
            method,
            base.rstrip("/") + call.suffix if call.suffix else base,
            {**region, **self.version.query, **query},
            call.body if call.body or method not in ("GET", "DELETE") else None,
            may_be_empty=True,
            unknown_limit=1 if method == "POST" else REPEATABLE,
        )
