# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tags of a rulestack. They take effect at once: they belong to the AWS resource, not to its configuration."""

from __future__ import annotations

from ..documents import compact, tag_list
from ..envelope import ServiceError
from ..routing import READERS, Call, Caller, Content, Route
from .bodies import RULESTACK_TAGS
from .fields import Body, Field, sequence, text
from .kinds import RULESTACK_ADMINS
from .object_api import ONE
from .store import RulestackStore

MOST = 50
TAGS = Body((Field("Tags", RULESTACK_TAGS, required=True),))
TAG_KEYS = Body((Field("TagKeys", sequence(text(longest=128), most=MOST), required=True),))


class TagApi:
    """Handlers of the routes of tags."""

    def __init__(self, store: RulestackStore) -> None:
        self._store = store

    def routes(self) -> list[Route]:
        """The routes with their handlers."""
        path = f"{ONE}/tags"
        return [
            Route("GET", path, self.list, roles=RULESTACK_ADMINS),
            Route("POST", path, self.add, roles=READERS),
            Route("DELETE", path, self.remove, roles=READERS),
        ]

    def list(self, call: Call, caller: Caller) -> Content:
        """Tags; the name of the rulestack under both keys that clients read."""
        stack = self._store.find(call, caller)
        page, token = self._store.page(call, caller, tag_list(stack.tags))
        names = {"RuleStackName": stack.name, "ResourceName": stack.name}
        return compact({**names, "Tags": [*page], "NextToken": token})

    def add(self, call: Call, caller: Caller) -> Content:
        """Add tags, or change the values of existing ones."""
        stack = self._store.find(call, caller)
        sent = TAGS.parse(call.document)["Tags"]
        tags = {**stack.tags, **{tag["Key"]: tag["Value"] for tag in sent}}
        if len(tags) > MOST:
            raise ServiceError("LimitExceededException", f"a rulestack has at most {MOST} tags")
        stack.tags = tags
        return {"RuleStackName": stack.name, "Tags": sent}

    def remove(self, call: Call, caller: Caller) -> Content:
        """Remove the tags with these keys; keys that do not exist are ignored."""
        stack = self._store.find(call, caller)
        keys = TAG_KEYS.parse(call.document)["TagKeys"]
        stack.tags = {key: value for key, value in stack.tags.items() if key not in keys}
        return {"RuleStackName": stack.name, "TagKeys": keys}
