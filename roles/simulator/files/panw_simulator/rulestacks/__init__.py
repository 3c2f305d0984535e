# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rulestacks: candidate and running configurations, their objects and rules, commits and tags."""

from __future__ import annotations

from dataclasses import replace

from ..routing import Route
from ..seed import Seed
from .commit_api import CommitApi
from .object_api import ObjectApi
from .rulestack_api import RulestackApi
from .store import RulestackStore
from .tag_api import TagApi

__all__ = ["RulestackStore", "routes"]


def routes(store: RulestackStore, seed: Seed) -> list[Route]:
    """All routes of rulestacks; their handlers run one at a time."""
    apis = (
        RulestackApi(store),
        ObjectApi(store, seed.url_categories),
        CommitApi(store, seed.url_categories, seed.countries),
        TagApi(store),
    )
    return [replace(route, handler=store.handler(route.handler)) for api in apis for route in api.routes()]
