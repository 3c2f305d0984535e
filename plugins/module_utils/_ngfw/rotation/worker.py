# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One target of a fleet, from its first look at the store to the entry in the result.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
import os
import traceback
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ..._common.dates import show
from ..._common.errors import Evidence, PanwCloudError
from ..._common.redaction import printable
from ..tokens.client_factory import Reach
from ..tokens.reconciler import Keeper
from .models import Member, Plan
from .settling import PROMOTION, Noted, conclude, needs_reading
from .shared_clients import Access
from .shutdown import Interrupted, Stop
from .timings import SERVICE_STEPS, STORE_STEPS, Steps

if TYPE_CHECKING:
    from ..._stores.base import Contents, Store
    from ..._stores.documents import StoredToken
    from ..tokens.service import TokenService
    from ..tokens.spec import Outcome


class Unexpected(PanwCloudError):
    """A defect of this collection: told by kind and place, because its text could hold anything."""

    kind = "unexpected"
    advice = "This is a defect of panw.cloud. Report it with its reason; the next run finishes what is half-done."

    def __init__(self, error: BaseException) -> None:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{os.path.basename(frame.filename)}:{frame.lineno}"
        super().__init__("rotate the token", Evidence(reason=f"{type(error).__name__} in {place}"))


_PASSING = {"throttled", "server", "transport", "conflict"}


class StepApi:
    """Implements L(Api): a L(Reach) whose calls are timed as steps.

    :param proving: whether a new token is proven. Where no store holds an old one, there is nothing to lose by a token that does not work.
    """

    def __init__(self, reach: Reach, steps: Steps, *, proving: bool) -> None:
        self._reach, self._steps, self._proving = reach, steps, proving

    def service(self, role_arn: str | None, region: str, url: str) -> TokenService:
        with self._steps.step("assume"):
            found = self._reach.service(role_arn, region, url)
        watched: TokenService = self._steps.watch(found, SERVICE_STEPS)
        return watched

    def alive(self, token: StoredToken) -> bool:
        if not self._proving:
            return True
        with self._steps.step("prove"):
            return self._reach.alive(token)

    def account(self) -> str | None:
        return self._reach.account()


@dataclasses.dataclass
class Fate:
    """What became of a target.

    :ivar state: C(fresh), C(rotated), C(due), C(failed), C(unknown), C(busy) or C(not_started).
    :ivar token: the current one, in the store or made. :ivar before: the one that was current when the run came to it.
    :ivar made: whether the current one was put in place by this run.
    :ivar possibly_alive: how many tokens may be alive that nobody holds; with one of them, a target is not tried again in the same run.
    :ivar spent: seconds by step. :ivar run: what its attempts have in common.
    :ivar steps: of the attempt that is under way, None between attempts. :ivar outcome: of the last attempt, as far as it has come.
    :ivar begun: methods of the store and of the API that were begun and are not settled yet.
    :ivar candidates: fingerprints of the tokens that its attempts can have made the current one.
    """

    member: Member
    state: str = "not_started"
    token: StoredToken | None = None
    before: StoredToken | None = None
    previous: StoredToken | None = None
    retiring: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    repaired: list[str] = dataclasses.field(default_factory=list)
    warnings: list[str] = dataclasses.field(default_factory=list)
    changed: bool = False
    made: bool = False
    spent: dict[str, float] = dataclasses.field(default_factory=dict)
    step: str | None = None
    possibly_alive: int = 0
    error: PanwCloudError | None = None
    run: str = dataclasses.field(default_factory=lambda: str(uuid.uuid4()))
    steps: Steps | None = None
    outcome: Outcome | None = None
    begun: set[str] = dataclasses.field(default_factory=set)
    candidates: set[str] = dataclasses.field(default_factory=set)

    def as_json(self) -> dict[str, Any]:
        """The entry of the result, without secrets."""
        token, error = self.token, self.error
        entry = {**self.member.as_json(), "state": self.state}
        entry["account_id"] = (token and token.account_id) or entry["account_id"]
        shown: dict[str, Any] = printable(
            {
                **entry,
                "fingerprint": token and token.fingerprint,
                "previous_fingerprint": self.previous and self.previous.fingerprint,
                "expires_at": token and show(token.expires_at),
                "next_due": token and show(token.expires_at - self.member.target.renew_before),
                "retiring": self.retiring,
                "repaired": self.repaired,
                "warnings": self.warnings,
                "possibly_alive": self.possibly_alive,
                "duration": round(self.spent["total"], 4) if "total" in self.spent else None,
                "step": self.step if error else None,
                "kind": error and error.kind,
                "reason": error and error.told,
                "next_step": error and error.next_step,
            }
        )
        return shown


class Worker:
    """Takes targets to the state that the plan wants.

    :param now: the time of day in UTC. :param clock: seconds that only grow.
    """

    def __init__(
        self, access: Access, plan: Plan, stop: Stop, now: Callable[[], datetime], clock: Callable[[], float]
    ) -> None:
        self._access, self._plan, self._stop, self._now, self._clock = access, plan, stop, now, clock

    def attend(self, fate: Fate, store: Callable[[], Store[StoredToken]]) -> bool:
        """Make one attempt at a target, and take note of what became of it. Earlier attempts' results stay.

        :return: whether it failed, and another attempt can help.
        """
        fate.steps = steps = Steps(self._clock, self._stop, fate.begun)
        fate.error = fate.step = None
        try:
            with steps.step("total"):
                self._try(fate, store(), steps)
        except PanwCloudError as error:
            fate.error, fate.step = error, steps.failed
        except BaseException as error:  # one target's trouble is no other's, an SDK that exits included
            fate.error, fate.step = Unexpected(error), steps.failed
        for name, seconds in steps.spent.items():
            fate.spent[name] = fate.spent.get(name, 0.0) + seconds
        passing = fate.error is not None and fate.error.kind in _PASSING and not fate.possibly_alive
        if fate.error:
            conclude(fate, self.read(fate))
        else:
            fate.begun.clear()
        fate.steps = None
        return passing

    def read(self, fate: Fate) -> Contents[StoredToken] | None:
        """What the store of a target holds now, None if it need not, or cannot, be read."""
        try:
            return fate.member.open(self._access.aws(fate.member.account)).load() if needs_reading(fate) else None
        except BaseException:
            return None

    def give_up(self, fate: Fate) -> tuple[Fate, bool] | None:
        """How far a target is whose attempt is under way. What the attempt itself notes from now on does not count.

        :return: a copy, and whether a promotion is under way; None if the attempt has come to its end.
        """
        steps = fate.steps
        doing = steps.doing if steps else None
        left = dataclasses.replace(fate, begun=set(fate.begun), repaired=list(fate.repaired))
        if fate.steps is None:  # asked last: the attempt may have ended meanwhile
            return None
        if left.error is None:
            left.error, left.step = _left(), {**STORE_STEPS, **SERVICE_STEPS}.get(doing or "")
            if left.outcome:
                self._note(left, left.outcome)
        return left, doing == PROMOTION

    def _try(self, fate: Fate, store: Store[StoredToken], steps: Steps) -> None:
        member = fate.member
        http = self._access.http(f"{member.role.account_id if member.role else ''} {member.target.url}")
        reach = Reach(self._access.sessions(member.account), http, member.role)
        api = StepApi(reach, steps, proving=member.store != "none")
        watched = steps.watch(Noted(store, fate.candidates), STORE_STEPS)
        keeper = Keeper(member.target, watched, api, self._now, fate.run)
        fate.outcome = keeper.outcome
        state = "present" if fate.made else self._plan.state
        try:
            outcome = keeper.predict(state) if self._plan.dry_run else keeper.run(state)
        finally:
            self._note(fate, keeper.outcome)
            fate.warnings = [*fate.warnings, *http.warnings]
            fate.possibly_alive += http.possibly_alive
        if self._plan.dry_run:
            fate.state = "due" if outcome.changed else "fresh"
        elif fate.made:
            fate.state = "rotated"
        else:
            fate.state = "fresh" if keeper.is_fresh(outcome.current) else "busy"

    def _note(self, fate: Fate, outcome: Outcome) -> None:
        fate.token = outcome.current or outcome.found or fate.token
        fate.before = fate.before or outcome.found
        if outcome.made:
            fate.previous, fate.made = outcome.previous, True
        fate.changed = fate.changed or outcome.changed
        told = outcome.as_result()
        fate.retiring = told["retiring"]
        fate.repaired += told["repaired"]
        fate.warnings = list(told["warnings"])


def _left() -> Interrupted:
    reason = "the run was told to end, and this target did not come to an end in time"
    error = Interrupted()
    error.evidence = Evidence(reason=reason)
    error.next_step = "Run again: what was left half-done is finished or taken back."
    return error
