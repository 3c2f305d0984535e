# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Process one target of a fleet, from reading its store to its entry in the result.

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
from ..._common.errors import ErrorContext, PanwCloudError
from ..._common.redaction import printable
from ..tokens.client_factory import ClientFactory
from ..tokens.reconciler import TokenReconciler
from .models import FleetTarget, RotationPlan
from .settling import PROMOTION, CandidateRecorder, conclude, needs_reading
from .shared_clients import SharedClients
from .shutdown import Interrupted, Shutdown
from .timings import SERVICE_STEPS, STORE_STEPS, StepTimer

if TYPE_CHECKING:
    from ..._stores.base import Contents, Store
    from ..._stores.documents import StoredToken
    from ..tokens.service import TokenService
    from ..tokens.spec import StoredTokenResult, TokenSource


class Unexpected(PanwCloudError):
    """A bug in this collection: reported by type and location only, because its text could contain anything."""

    kind = "unexpected"
    advice = "This is a bug in panw.cloud. Report it with its reason; the next run finishes the interrupted rotation."

    def __init__(self, error: BaseException) -> None:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{os.path.basename(frame.filename)}:{frame.lineno}"
        super().__init__("rotate the token", ErrorContext(reason=f"{type(error).__name__} in {place}"))


_PASSING = {"throttled", "server", "transport", "conflict"}


class TimedApi:
    """Implements L(TokenApi): a L(ClientFactory) whose calls are timed as steps.

    :param proving: whether a new token is proven; not needed without a store, because no old token is replaced.
    """

    def __init__(self, reach: ClientFactory, steps: StepTimer, *, proving: bool) -> None:
        self._reach, self._steps, self._proving = reach, steps, proving

    def service(self, source: TokenSource) -> TokenService:
        with self._steps.step("assume"):
            found = self._reach.service(source)
        watched: TokenService = self._steps.watch(found, SERVICE_STEPS)
        return watched

    def alive(self, token: StoredToken) -> bool:
        if not self._proving:
            return True
        with self._steps.step("prove"):
            return self._reach.alive(token)

    def account(self, source: TokenSource) -> str | None:
        return self._reach.account(source)


@dataclasses.dataclass
class TargetResult:
    """The result of a target.

    :ivar state: C(fresh), C(rotated), C(due), C(failed), C(unknown), C(locked) or C(not_started).
    :ivar token: the current one, stored or new. :ivar before: the one that was current at the start of the first attempt.
    :ivar created: whether this run put the current one in place.
    :ivar possibly_alive: number of lost tokens that may still be valid; if any, the target is not retried in the same run.
    :ivar spent: seconds by step. :ivar run: the identifier that its attempts share.
    :ivar steps: of the attempt in progress, None between attempts. :ivar outcome: of the same attempt, as far as it got.
    :ivar started: methods of the store and of the API that were started and are not settled yet.
    :ivar candidates: fingerprints of the tokens that its attempts may have made current.
    """

    member: FleetTarget
    state: str = "not_started"
    token: StoredToken | None = None
    before: StoredToken | None = None
    previous: StoredToken | None = None
    pending_revocations: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    repaired: list[str] = dataclasses.field(default_factory=list)
    warnings: list[str] = dataclasses.field(default_factory=list)
    changed: bool = False
    created: bool = False
    spent: dict[str, float] = dataclasses.field(default_factory=dict)
    step: str | None = None
    possibly_alive: int = 0
    error: PanwCloudError | None = None
    run: str = dataclasses.field(default_factory=lambda: str(uuid.uuid4()))
    steps: StepTimer | None = None
    outcome: StoredTokenResult | None = None
    started: set[str] = dataclasses.field(default_factory=set)
    candidates: set[str] = dataclasses.field(default_factory=set)

    def as_json(self) -> dict[str, Any]:
        """The entry of the result, without secrets."""
        token, error = self.token, self.error
        entry = {**self.member.as_json(), "state": self.state}
        entry["account_id"] = (token and token.account_id) or entry["account_id"]
        messages = {
            "warnings": self.warnings,
            "reason": error and error.summary,
            "next_step": error and error.next_step,
        }
        pending = {"pending_revocation": self.pending_revocations}
        return {
            **printable({**entry, **messages, **pending}),
            "fingerprint": token and token.fingerprint,
            "previous_fingerprint": self.previous and self.previous.fingerprint,
            "issued_at": token and show(token.issued_at),
            "expires_at": token and show(token.expires_at),
            "next_due": token and show(token.expires_at - self.member.target.renew_before),
            "repaired": self.repaired,
            "possibly_alive": self.possibly_alive,
            "duration": round(self.spent["total"], 4) if "total" in self.spent else None,
            "step": self.step if error else None,
            "kind": error and error.kind,
        }


class Worker:
    """Brings targets to the state of the plan.

    :param now: the current time in UTC. :param clock: monotonic, in seconds.
    """

    def __init__(
        self,
        access: SharedClients,
        plan: RotationPlan,
        stop: Shutdown,
        now: Callable[[], datetime],
        clock: Callable[[], float],
    ) -> None:
        self._clients, self._plan, self._stop, self._now, self._clock = access, plan, stop, now, clock

    def process(self, result: TargetResult, store: Callable[[], Store[StoredToken]]) -> bool:
        """Make one attempt at a target, and record its result. Results of earlier attempts stay.

        :return: whether it failed, and a retry can help.
        """
        result.steps = steps = StepTimer(self._clock, self._stop, result.started)
        result.error = result.step = None
        try:
            with steps.step("total"):
                self._try(result, store(), steps)
        except PanwCloudError as error:
            result.error, result.step = error, steps.failed
        except BaseException as error:  # targets fail independently, even if an SDK exits
            result.error, result.step = Unexpected(error), steps.failed
        for name, seconds in steps.spent.items():
            result.spent[name] = result.spent.get(name, 0.0) + seconds
        passing = result.error is not None and result.error.kind in _PASSING and not result.possibly_alive
        if result.error:
            conclude(result, self.read(result))
        else:
            result.started.clear()
        result.steps = result.outcome = None
        return passing

    def read(self, result: TargetResult) -> Contents[StoredToken] | None:
        """The current contents of a target's store, None if it need not, or cannot, be read."""
        try:
            return (
                result.member.open(self._clients.aws(result.member.account)).load() if needs_reading(result) else None
            )
        except BaseException:
            return None

    def give_up(self, result: TargetResult) -> tuple[TargetResult, bool] | None:
        """Take the result of a target whose attempt is in progress. What the attempt itself records from now on does not count.

        :return: a copy, and whether a promotion is in progress; None if the attempt has ended.
        """
        steps = result.steps
        doing = steps.doing if steps else None
        left = dataclasses.replace(result, started=set(result.started), repaired=list(result.repaired))
        if result.steps is None:  # checked last: the attempt may have ended in the meantime
            return None
        if left.error is None:
            left.error, left.step = _left(), {**STORE_STEPS, **SERVICE_STEPS}.get(doing or "")
            if left.outcome:
                self._note(left, left.outcome)
        return left, doing == PROMOTION

    def _try(self, result: TargetResult, store: Store[StoredToken], steps: StepTimer) -> None:
        member = result.member
        http = self._clients.http(f"{member.account_id or ''} {member.target.source.endpoint.url}")
        reach = ClientFactory(self._clients.sessions(member.account), http)
        api = TimedApi(reach, steps, proving=member.store != "none")
        watched = steps.watch(CandidateRecorder(store, result.candidates), STORE_STEPS)
        reconciler = TokenReconciler(member.target, watched, api, self._now, result.run)
        result.outcome = reconciler.outcome
        state = "present" if result.created else self._plan.state
        try:
            outcome = reconciler.predict(state) if self._plan.dry_run else reconciler.run(state)
        finally:
            self._note(result, reconciler.outcome)
            result.warnings = [*result.warnings, *http.warnings]
            result.possibly_alive += http.possibly_alive
        if self._plan.dry_run:
            result.state = "due" if outcome.changed else "fresh"
        elif result.created:
            result.state = "rotated"
        else:
            result.state = "fresh" if reconciler.is_fresh(outcome.current) else "locked"

    def _note(self, result: TargetResult, outcome: StoredTokenResult) -> None:
        result.token = outcome.current or outcome.observed or result.token
        result.before = result.before or outcome.observed
        if outcome.created:
            result.previous, result.created = outcome.previous, True
        result.changed = result.changed or outcome.changed
        summary = outcome.as_result()
        result.pending_revocations = summary["pending_revocation"]
        result.repaired += summary["repaired"]
        result.warnings = list(summary["warnings"])


def _left() -> Interrupted:
    reason = "the run was interrupted, and this target did not finish in time"
    error = Interrupted()
    error.context = ErrorContext(reason=reason)
    error.next_step = "Run again: the next run finishes or rolls back the rotation."
    return error
