# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Firewalls in the V1 form (by name) and the V2 form (by id): states on the clock, endpoints, associations, log profiles, tags.

V2 paths have two spellings: ``/v2/ngfirewalls`` in the specification, ``/v2/config/ngfirewalls`` in the vendor's SDK. Their
query has the region, and ``v1route=true`` for V1 firewalls. A firewall of the seed has both forms.
"""

from __future__ import annotations

from dataclasses import replace

from ..routing import Call, Caller, Content, Handler, Route
from ..rulestacks import RulestackStore
from .association_api import AssociationApi
from .firewall_api import FirewallApi
from .log_api import LogApi
from .read_api import ReadApi
from .store import FirewallStore
from .tag_api import TagApi
from .v1_api import V1Api

__all__ = ["FirewallStore", "routes"]


def routes(store: FirewallStore, rulestacks: RulestackStore) -> list[Route]:
    """All routes of firewalls; their handlers run one at a time, and not while one of rulestacks does."""
    associations = AssociationApi(store, rulestacks)
    apis = (
        ReadApi(store),
        FirewallApi(store, associations),
        V1Api(store),
        associations,
        LogApi(store),
        TagApi(store),
    )
    return [
        replace(route, handler=rulestacks.handler(_settled(store, route.handler)))
        for api in apis
        for route in api.routes()
    ]


def _settled(store: FirewallStore, handle: Handler) -> Handler:
    def run(call: Call, caller: Caller) -> Content:
        with store.lock:
            store.settle()
            return handle(call, caller)

    return run
