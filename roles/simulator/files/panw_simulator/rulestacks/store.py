# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rulestacks of the tenant, with the permissions and limits that apply to all of their operations."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import Any

from ..clock import Clock
from ..documents import update_token
from ..envelope import ServiceError
from ..pagination import Pager
from ..routing import Call, Caller, Content, Handler
from ..settings import Settings
from ..tokens import AdminRole
from . import seeding
from .kinds import Entry
from .model import Configuration, Rulestack

PAGE = 1024
SCOPES = {AdminRole.RULESTACK: ("Local",), AdminRole.GLOBAL_RULESTACK: ("Global",)}

Associated = Callable[[str], Sequence[str]]
"""Returns the names of the firewalls that use a rulestack."""

Committed = Callable[[str, float], None]
"""Is called with the name of a rulestack whose commit succeeded, and the time of that, in seconds of the simulator's clock."""


class RulestackStore:
    """Rulestacks by name; names are unique in the tenant. All handlers run one at a time.

    :param seed: the rulestacks of the seed.

    ``lock`` is held while a handler runs.
    """

    def __init__(
        self,
        seed: Sequence[Mapping[str, Any]],
        clock: Clock,
        settings: Settings,
        associated: Associated,
        pager: Pager,
        committed: Committed = lambda _name, _moment: None,
    ) -> None:
        self._seed = seed
        self.clock = clock
        self.settings = settings.rulestacks
        self.associated = associated
        self._committed = committed
        self._pager = pager
        self.lock = threading.RLock()
        self._revisions = count(1)
        self.rulestacks: dict[str, Rulestack] = {}
        self.reset()

    def reset(self) -> None:
        """Restore the rulestacks of the seed."""
        with self.lock:
            self.rulestacks = {stack.name: stack for stack in seeding.rulestacks(self._seed)}

    def settle(self, everything: bool = False) -> int:
        """Finish the commits and validations that have run long enough, or everything, and return their number."""
        seconds, now, finished = self.settings.commit_seconds, self.clock.time(), 0
        with self.lock:
            for stack in [*self.rulestacks.values()]:
                for kind, job in [*stack.jobs.items()]:
                    if everything or (seconds is not None and now >= job.started + seconds):
                        stack.finish(kind)
                        finished += 1
                        if kind == "Commit" and stack.commit["CommitStatus"] == "Success":
                            self._committed(stack.name, now if everything or seconds is None else job.started + seconds)
                if stack.candidate is None and stack.running is None:
                    del self.rulestacks[stack.name]
        return finished

    def handler(self, handle: Handler) -> Handler:
        """A handler that runs while no other does, and after the commits that are due."""

        def run(call: Call, caller: Caller) -> Content:
            with self.lock:
                self.settle()
                return handle(call, caller)

        return run

    def visible(self, caller: Caller) -> list[Rulestack]:
        """The rulestacks that exist for a caller, by name."""
        return [stack for _name, stack in sorted(self.rulestacks.items()) if exists_for(stack, caller)]

    def find(self, call: Call, caller: Caller) -> Rulestack:
        """The called rulestack.

        :raises ServiceError: it does not exist for the caller.
        """
        stack = self.rulestacks.get(call.path["rulestackname"])
        if stack is None or not exists_for(stack, caller):
            raise missing(call.path["rulestackname"])
        return stack

    def candidate(self, call: Call, caller: Caller) -> tuple[Rulestack, Configuration]:
        """The called rulestack and its candidate configuration, to change it.

        :raises ServiceError: it does not exist for the caller, or was deleted.
        """
        stack = self.find(call, caller)
        if stack.candidate is None:
            raise missing(stack.name)
        return stack, stack.candidate

    def stamped(self, entry: Entry) -> Entry:
        """The entry with a new UpdateToken."""
        return {**entry, "UpdateToken": update_token([next(self._revisions), entry])}

    def page(
        self, call: Call, caller: Caller, items: Sequence[Any], filters: str = ""
    ) -> tuple[Sequence[Any], str | None]:
        """The requested page of a list, and the token of the next page."""
        role = caller.admin_role.value
        listing = f"{caller.account_id}/{role}/{call.place.region}/{'/'.join(call.place.segments)}?{filters}"
        size = call.integer("maxresults", PAGE, 1, PAGE)
        return self._pager.cut(items, listing, call.text("nexttoken"), size)


def exists_for(stack: Rulestack, caller: Caller) -> bool:
    """Whether a rulestack exists for a caller: by the scope of its token, and by the account of a local rulestack."""
    scopes = SCOPES.get(caller.admin_role, ("Local", "Global"))
    return stack.scope in scopes and (stack.scope == "Global" or stack.account_id == caller.account_id)


def missing(name: str) -> ServiceError:
    """The error for a rulestack that does not exist."""
    return ServiceError("ResourceNotFoundException", f'rulestack "{name}" does not exist')
