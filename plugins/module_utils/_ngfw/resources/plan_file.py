# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plans as files: what is planned for the rulestacks of one account in one region, reviewed now and applied later.

A plan holds what was found, what is desired and the changes between them. Its ID is a digest of these: the same policy on the same rulestacks gives the
same ID. The digest detects an edited file; it does not prove who made it.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from typing import Any

from ..._common.errors import ErrorContext, InvalidInput, PanwCloudError
from .commit import Commits
from .descriptor import Values
from .differences import difference_text
from .engine import report
from .plan_content import FORMAT, digest, edited, identifier, load
from .planner import Observed
from .reader import Snapshot
from .rulestack_plan import Plan


class PlanRefused(PanwCloudError):
    """A plan file cannot be applied. Raised before anything is written."""

    kind = "plan_refused"
    advice = "Nothing was written. Plan again, review the new plan, then apply that."


class NotVerified(PanwCloudError):
    """The rulestacks are not as the applied plan would make them. :param left: the changes that are still to do. :param rulestacks: what was applied."""

    kind = "not_verified"
    advice = "The plan was applied. Another client has changed the rulestacks since, or the service keeps something else than was sent: plan again."
    changed = True

    def __init__(self, path: str, left: list[str], rulestacks: list[dict[str, Any]]) -> None:
        super().__init__(
            f"verify that the plan {path} took effect", ErrorContext(reason=f"still to do: {'; '.join(left)}")
        )
        self.rulestacks = rulestacks

    def as_result(self) -> dict[str, Any]:
        """The failure as C(fail_json) arguments, with the outcome of each rulestack."""
        return {**super().as_result(), "rulestacks": self.rulestacks}


@dataclasses.dataclass(frozen=True)
class Origin:
    """What a plan is about. :param version: of the collection. :param target: the name of the account for people."""

    version: str
    account_id: str
    region: str
    target: str = ""

    def as_content(self) -> dict[str, Any]:
        """The first keys of a plan."""
        return {
            "format": FORMAT,
            "collection": self.version,
            "target": self.target,
            "account_id": self.account_id,
            "region": self.region,
        }


def planned(given: Values, before: Snapshot | None, plan: Plan, state: str, commits: Commits) -> dict[str, Any]:
    """One rulestack in a plan.

    :param given: the document of the policy. :param before: what was found, read by the same reader that the plan was made with.
    """
    found = before and before.document
    return {
        "name": plan.document.name,
        "scope": plan.document.scope,
        "state": state,
        "fingerprint": digest(found),
        "before": found,
        "document": without_none(given),
        "after": _after(plan, before),
        "changes": [{**report(change), "audit_comment": _comment(change.observed)} for change in plan.changes],
        "uncommitted": [one.report for one in commits.uncommitted()] if before and commits.pending() else [],
    }


def complete(
    origin: Origin,
    rulestacks: Iterable[dict[str, Any]],
    unmanaged: Iterable[str],
    findings: Iterable[dict[str, Any]],
    warnings: Iterable[str],
) -> dict[str, Any]:
    """A plan, with its ID. :param unmanaged: the names of local rulestacks that it is not about."""
    content = {
        **origin.as_content(),
        "rulestacks": list(rulestacks),
        "unmanaged": list(unmanaged),
        "findings": list(findings),
        "warnings": list(warnings),
    }
    return {
        **plain(content),
        "id": identifier(content),
        "created": datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def write(path: str, plan: Mapping[str, Any]) -> None:
    """Write a plan with mode 0644, limited by the umask, in one step. :raises InvalidInput: it cannot be written."""
    try:
        directory, name = os.path.split(path)
        os.makedirs(directory or ".", exist_ok=True)
        descriptor, beside = tempfile.mkstemp(prefix=f".{name}.", dir=directory or ".")
        try:
            with open(descriptor, "w", encoding="utf-8") as file:
                json.dump(plan, file, indent=1)
                file.write("\n")
            umask = os.umask(0)
            os.umask(umask)
            os.chmod(beside, 0o644 & ~umask)
            os.replace(beside, path)
        except BaseException:
            os.unlink(beside)
            raise
    except OSError as error:
        raise InvalidInput("dest", f"cannot be written: {path}: {error.strerror}.") from None


def read(path: str, option: str = "plan") -> dict[str, Any]:
    """A plan file that was not edited.

    :param option: the module's, for messages. :raises InvalidInput: it is not a plan. :raises PlanRefused: it was edited, or has another format.
    """
    content = load(path, option)
    if content["format"] != FORMAT:
        raise _refused(path, f"its format is {content['format']!r}; this version of panw.cloud reads format {FORMAT}")
    if edited(content):
        raise _refused(path, "it was edited after it was made: its ID is not the digest of its content")
    return content


def refuse_foreign(path: str, plan: Mapping[str, Any], origin: Origin, approved: str | None = None) -> None:
    """Check that a plan is for this account and version.

    :param approved: the ID that was approved, None to accept any. :raises PlanRefused: it is for another one, or not the approved one.
    """
    mine = {key: value for key, value in origin.as_content().items() if key != "target"}
    words = {"collection": "version {} of panw.cloud", "account_id": "AWS account {}", "region": "region {}"}
    for key, text in words.items():
        if plan.get(key) != mine[key]:
            other, own = text.format(plan.get(key)), text.format(mine[key])
            raise _refused(path, f"it was made for {other}, and this task is for {own}")
    if approved and approved != plan["id"]:
        raise _refused(path, f"its ID is {plan['id']}, and {approved} was approved")


def refuse_outdated(path: str, plan: Mapping[str, Any], found: Iterable[Snapshot | None]) -> None:
    """Check that the rulestacks are as the plan found them.

    :param found: each rulestack of the plan as it is now. :raises PlanRefused: one has changed, with all differences.
    """
    documents = (plain(one.document) if one else None for one in found)
    changed = [
        f"rulestack '{entry['name']}' {difference_text(entry['before'], now) or 'has changed'}"
        for entry, now in zip(plan["rulestacks"], documents)
        if digest(now) != entry["fingerprint"]
    ]
    if changed:
        raise _refused(path, f"since it was made, {'. '.join(changed)}")


def verify(path: str, again: Iterable[Plan], rulestacks: list[dict[str, Any]]) -> None:
    """Check that an applied plan took effect.

    :param again: the plans of its rulestacks, made anew. :param rulestacks: what was applied. :raises NotVerified: there are changes left.
    """
    left = [
        f"{change.operation} of {change.title} ({', '.join(change.options)})" for one in again for change in one.changes
    ]
    if left:
        raise NotVerified(path, left, rulestacks)


def identifier_at(path: str) -> str | None:
    """The ID of the plan in a file, None if there is no valid plan."""
    try:
        return str(read(path)["id"])
    except PanwCloudError:
        return None


def plain(value: Any) -> Any:
    """A value as it is read back from a file."""
    return json.loads(json.dumps(value))


def undone(plan: Mapping[str, Any]) -> list[tuple[Values, str]]:
    """The documents and states that take a plan back: what was there before is overridden, what was not is deleted."""
    return [
        (entry["before"], "overridden")
        if entry["before"]
        else ({"name": entry["name"], "scope": entry["scope"]}, "deleted")
        for entry in plan["rulestacks"]
    ]


def without_none(value: Any) -> Any:
    """Plain data without the keys that have no value."""
    if isinstance(value, Mapping):
        return {key: without_none(item) for key, item in value.items() if item is not None}
    return [without_none(item) for item in value] if isinstance(value, (list, tuple)) else value


def _after(plan: Plan, before: Snapshot | None) -> Values | None:
    """The document that a rulestack will be."""
    rulestack = before and before.rulestack
    left: dict[str, dict[Any, Observed]] = {
        section: {one.address: one for one in entries}
        for section, entries in (before.sections if before else {}).items()
    }
    for change in plan.changes:
        if change.observed is not None:
            left.get(change.resource.section, {}).pop(change.observed.address, None)
    for change in plan.changes:
        section, name = change.key
        made = None if change.after is None else Observed(change.address, name, {}, change.after)
        if not section:
            rulestack = made
        elif made is not None:
            left.setdefault(section, {})[change.address] = made
    sections = {section: list(entries.values()) for section, entries in left.items()}
    return Snapshot(rulestack, plan.document.scope, sections).document if rulestack else None


def _comment(observed: Observed | None) -> str | None:
    return (observed and observed.values.get("audit_comment")) or None


def _refused(path: str, reason: str) -> PlanRefused:
    return PlanRefused(f"apply the plan {path}", ErrorContext(reason=reason))
