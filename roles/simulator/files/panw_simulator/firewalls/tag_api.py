# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tags of V1 firewalls. Those of V2 firewalls are a field of the firewall."""

from __future__ import annotations

from ..documents import compact, tag_list
from ..envelope import ServiceError
from ..routing import Call, Caller, Content, Route
from ..rulestacks.tag_api import MOST, TAG_KEYS, TAGS
from ..tokens import AdminRole
from .forms import ONES
from .store import FirewallStore

ADMIN = frozenset({AdminRole.FIREWALL})


class TagApi:
    """Handlers of the routes."""

    def __init__(self, store: FirewallStore) -> None:
        self._store = store

    def routes(self) -> list[Route]:
        """The routes with their handlers."""
        return [
            Route(method, f"{one}/tags", handler, roles=ADMIN)
            for one in ONES
            for method, handler in (("GET", self.list), ("POST", self.add), ("DELETE", self.remove))
        ]

    def list(self, call: Call, caller: Caller) -> Content:
        """Tags; the name of the firewall under both keys that clients read."""
        firewall = self._store.find(call, caller, v1=True)
        page, token = self._store.page(call, caller, tag_list(firewall.tags))
        names = {"FirewallName": firewall.name, "ResourceName": firewall.name, "AccountId": firewall.account_id}
        return compact({**names, "Tags": [*page], "NextToken": token})

    def add(self, call: Call, caller: Caller) -> Content:
        """Add tags, or change the values of existing ones."""
        firewall = self._store.writable(call, caller, v1=True)
        sent = TAGS.parse(call.document)["Tags"]
        tags = {**firewall.tags, **{tag["Key"]: tag["Value"] for tag in sent}}
        if len(tags) > MOST:
            raise ServiceError("LimitExceededException", f"a firewall has at most {MOST} tags")
        firewall.tags = tags
        self._store.stamp(firewall)
        return {"FirewallName": firewall.name, "AccountId": firewall.account_id, "Tags": sent}

    def remove(self, call: Call, caller: Caller) -> Content:
        """Remove the tags with these keys; keys that do not exist are ignored."""
        firewall = self._store.writable(call, caller, v1=True)
        keys = TAG_KEYS.parse(call.document)["TagKeys"]
        firewall.tags = {key: value for key, value in firewall.tags.items() if key not in keys}
        self._store.stamp(firewall)
        return {"FirewallName": firewall.name, "AccountId": firewall.account_id, "TagKeys": keys}
