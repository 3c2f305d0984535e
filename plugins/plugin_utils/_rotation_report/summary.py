# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The result of a rotation, prepared for the page and the short text: verdict, advice, causes of failures, next expiries.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from .._report.wording import count, date, distance, moment, sentence, visible, were
from .difference import BAD

# In order of urgency, each with its meaning.
STATES = {
    "failed": "see the causes",
    "unknown": "may have a new token",
    "locked": "locked by another run",
    "not_started": "not processed",
    "due": "would be rotated",
    "rotated": "have a new token",
    "fresh": "need no new token",
}
_RANKS = {state: rank for rank, state in enumerate(STATES)}
SHOWN, FEW = 12, 3
LONGEST_NAME = 160


@dataclasses.dataclass(frozen=True)
class TargetSummary:
    """One target of the result, with texts that are safe to show."""

    name: str
    account: str
    admin_role: str
    region: str
    location: str
    state: str
    expires: datetime | None
    due: datetime | None
    duration: float | None
    fingerprint: str
    notes: str

    @property
    def rank(self) -> tuple[int, str, str]:
        """The sort key: what needs attention first, then by expiry."""
        return _RANKS.get(self.state, -1), date(self.expires) or "9999", self.name


@dataclasses.dataclass
class Cause:
    """The cause of failures: one step, one kind of error, one next step."""

    step: str
    kind: str
    reason: str
    next_step: str
    alike: bool = True
    names: list[str] = dataclasses.field(default_factory=list)

    @property
    def title(self) -> str:
        return ", ".join(filter(None, (self.step, self.kind))) or "unknown step"

    @property
    def examples(self) -> str:
        """The first names, and the number of the others."""
        more = len(self.names) - SHOWN
        return ", ".join(self.names[:SHOWN]) + (f" and {count(more)} more" if more > 0 else "")


class Summary:
    """The result of a run, a dry run, or an interrupted run.

    :param result: as the rotation returns it; missing keys count as empty.
    """

    def __init__(self, result: dict[str, Any]) -> None:
        self.result = result
        self.started = moment(result.get("started_at"))
        self.ended = moment(result.get("ended_at")) or self.started
        self.dry = bool(result.get("dry_run"))
        self.targets = sorted(map(_target, result.get("targets") or []), key=lambda target: target.rank)
        self.causes = _causes(result.get("targets") or [])
        self.expiring = sorted(
            (target for target in self.targets if target.expires), key=lambda target: date(target.expires)
        )
        self.dead = [
            target for target in self.expiring if target.expires and self.ended and target.expires <= self.ended
        ]
        self.alive = self.expiring[len(self.dead) :]
        self.next_due = min(
            (target for target in self.targets if target.due), key=lambda target: date(target.due), default=None
        )
        self.slowest = sorted(
            (target for target in self.targets if target.duration), key=lambda target: -(target.duration or 0)
        )

    def number(self, name: str) -> int:
        """The number of targets by C(targets), C(repaired) or a state."""
        return int((self.result.get("counts") or {}).get(name) or 0)

    @property
    def states(self) -> dict[str, int]:
        """The number of targets by state, without states that cannot occur in this kind of run, or rarely do."""
        absent = ("rotated" if self.dry else "due", "unknown")
        return {state: self.number(state) for state in STATES if state not in absent or self.number(state)}

    @property
    def status(self) -> str:
        """How the run ended, in one to three words."""
        for name, words in (("interrupted", "Interrupted"), ("stopped", "Stopped"), ("dry_run", "Dry run")):
            if self.result.get(name):
                return words
        return "Done with failures" if self.number("failed") + self.number("unknown") else "Done"

    @property
    def good(self) -> bool:
        """Whether nothing needs attention."""
        return self.status in ("Done", "Dry run") and not any(
            self.number(state) for state in ("failed", "unknown", "locked", "not_started")
        )

    @property
    def verdict(self) -> str:
        """The run in one sentence."""
        total, failed, left = (self.number(name) for name in ("targets", "failed", "not_started"))
        if not total:
            return "No targets."
        unknown = self.number("unknown")
        done = total - failed - unknown - left - self.number("locked")
        doubt = f", {count(unknown)} unknown" if unknown else ""
        if self.result.get("interrupted") or self.result.get("stopped"):
            why = "" if self.result.get("interrupted") else ", after too many failures"
            return f"{count(done)} of {count(total, 'target')} done, {count(failed)} failed{doubt}, {count(left)} not started{why}."
        if failed or unknown:
            return f"{count(failed)} of {count(total, 'target')} failed{doubt}."
        if self.dry:
            return f"{count(self.number('due'))} of {count(total, 'target')} would be rotated."
        if done < total:
            return f"{count(done)} of {count(total, 'target')} have a working token; {count(total - done)} {were(total - done)} skipped."
        return (
            "The target has a working token." if total == 1 else f"All {count(total, 'target')} have a working token."
        )

    @property
    def advice(self) -> list[str]:
        """What to do or know, most urgent first."""
        return list(self._advice())

    def _advice(self) -> Iterator[str]:
        if self.dry:
            yield "Dry run: nothing was changed."
        if self.dead:
            yield f"{count(len(self.dead), 'stored token')} had expired when the run ended, that of {self.dead[0].name} first."
        failed = [target for target in self.alive if target.state == "failed"]
        if failed:
            yield f"The first token of a failed target expires {self.expiry(failed[0])}."
        left, locked, repaired = (self.number(name) for name in ("not_started", "locked", "repaired"))
        unknown = self.number("unknown")
        if unknown:
            yield f"{count(unknown, 'store')} may hold a new token. Run again to find out; the next run completes interrupted rotations."
        if left:
            yield f"Run the job again to process the {count(left, 'target')} not started; a fresh target costs one read."
        if locked:
            yield f"{count(locked, 'target')} {were(locked)} locked by another run and skipped."
        if repaired:
            yield f"{count(repaired, 'target')} {were(repaired)} incomplete or invalid, and repaired."

    @property
    def requests_per_second(self) -> float:
        """The requests per second to all servers together."""
        duration = self.result.get("duration") or 0
        return float((self.result.get("requests") or 0) / duration) if duration else 0.0

    @property
    def difference(self) -> str:
        """The changes since the last run, empty if it is unknown."""
        last = self.result.get("since_last_run")
        if not last:
            return ""
        parts = []
        for name in ("newly_failed", "still_failed", "recovered", "added", "removed"):
            names = last.get(name) or []
            if names:
                shown = ", ".join(visible(one, LONGEST_NAME) for one in names[:FEW])
                more = f" and {count(len(names) - FEW)} more" if len(names) > FEW else ""
                parts.append(f"{count(len(names))} {name.replace('_', ' ')} ({shown}{more})")
        ended = moment(last.get("ended_at"))
        when = f", which ended {date(ended)} UTC" if ended else ""
        return f"Since the last run{when}: {', '.join(parts) or 'no change'}."

    def expiry(self, target: TargetSummary) -> str:
        """When the token of a target expires, as the end of a sentence."""
        return self._when(target.expires, target)

    @property
    def due(self) -> str:
        """When the next target is due, as the end of a sentence; empty if unknown."""
        return self._when(self.next_due.due, self.next_due) if self.next_due else ""

    def _when(self, at: datetime | None, target: TargetSummary) -> str:
        span = f", {distance(at - self.ended)}" if at and self.ended else ""
        return f"at {date(at)} UTC{span} ({target.name})"


def _target(entry: dict[str, Any]) -> TargetSummary:
    return TargetSummary(
        name=_name(entry),
        account=visible(entry.get("account_id")),
        admin_role=visible(entry.get("admin_role")),
        region=visible(entry.get("region") or entry.get("url")),
        location=" ".join(filter(None, (visible(entry.get("store")), visible(entry.get("location"))))),
        state=visible(entry.get("state")),
        expires=moment(entry.get("expires_at")),
        due=moment(entry.get("next_due")),
        duration=entry.get("duration"),
        fingerprint=visible(entry.get("fingerprint")),
        notes=" ".join(filter(None, _notes(entry))),
    )


def _name(entry: dict[str, Any]) -> str:
    return visible(entry.get("name"), LONGEST_NAME)


def _notes(entry: dict[str, Any]) -> Iterator[str]:
    where = ", ".join(filter(None, (visible(entry.get("step")), visible(entry.get("kind")))))
    reason = visible(entry.get("reason"))
    if reason:
        yield sentence(f"{where}: {reason}" if where else reason)
    for text in (entry.get("next_step"), *(entry.get("repaired") or [])):
        yield sentence(visible(text))
    for old in entry.get("pending_revocation") or []:
        yield f"Old token {visible(old.get('fingerprint'))} will be revoked after {date(moment(old.get('revoke_at')))}."


def _causes(entries: list[dict[str, Any]]) -> list[Cause]:
    causes: dict[tuple[Any, ...], Cause] = {}
    for entry in entries:
        if entry.get("state") in BAD:
            key = tuple(visible(entry.get(part)) for part in ("step", "kind", "next_step"))
            reason = sentence(visible(entry.get("reason")))
            cause = causes.setdefault(key, Cause(step=key[0], kind=key[1], reason=reason, next_step=key[2]))
            cause.alike &= cause.reason == reason
            cause.names.append(_name(entry))
    return sorted(causes.values(), key=lambda cause: -len(cause.names))
