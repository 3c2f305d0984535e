# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plans of all targets, prepared for the page and the text: verdict, advice, counts, and rulestacks in the order of urgency.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.plan_content import edited

from .._report.wording import count, date, moment, visible
from .kinds import KINDS
from .plans import OPERATIONS, SEVERITIES
from .rows import Finding, Place, Rows

FEW = 3
LONGEST_REASON = 4000  # characters of a failure: a policy can have many problems
_LAST = (True, True, 0, True, "", "", "")
UNMANAGED = "unmanaged"


@dataclasses.dataclass(frozen=True)
class Rulestack:
    """One rulestack of a target.

    :param state: C(create), C(update) or C(delete), empty without a change, or C(unmanaged).
    :param changes: the number of changes by operation. :param findings: the number of findings by severity. :param uncommitted: section, name and operation.
    :param rows: its rules and objects, None if it is unmanaged.
    """

    id: str
    target_id: str
    name: str
    scope: str
    state: str
    target: str
    account: str
    region: str
    changes: Mapping[str, int]
    findings: Mapping[str, int]
    uncommitted: Sequence[tuple[str, str, str]]
    rows: Rows | None

    @property
    def has_details(self) -> bool:
        """Whether there is more to show than that nothing changes."""
        return self.rows is not None and bool(self.state or self.uncommitted or any(self.findings.values()))

    @property
    def rank(self) -> tuple[bool, bool, int, bool, str, str, str]:
        """The sort key: findings that are errors, removed rulestacks, then by the number of changes."""
        errors = bool(self.findings["error"])
        changes = sum(self.changes.values())
        known = (self.account, self.region, self.name)
        return not errors, self.state != "delete", -changes, not (self.has_details or self.state), *known


@dataclasses.dataclass(frozen=True)
class Target:
    """An account in a region.

    :param edited: whether its plan was edited after it was made. :param rulestacks: those with details, in the order of urgency.
    :param unmanaged: the names of those not in the policy.
    """

    id: str
    name: str
    account: str
    region: str
    facts: str
    edited: bool
    rulestacks: Sequence[Rulestack]
    unmanaged: Sequence[str]
    warnings: Sequence[str]


class Summary:
    """Plans, or drift in the same form.

    :param plans: as in their files. :param kind: C(plan), C(drift) or C(apply). :param failed: what failed for targets, by name.
    """

    def __init__(self, plans: Sequence[Mapping[str, Any]], kind: str, failed: Mapping[str, str] | None = None) -> None:
        self.plans, self.kind, self.words = plans, kind, KINDS[kind]
        self.failed = [
            (visible(name), visible(reason, LONGEST_REASON)) for name, reason in sorted((failed or {}).items())
        ]
        everything = [list(_rulestacks(plan, number)) for number, plan in enumerate(plans)]
        self.rulestacks = sorted((one for found in everything for one in found), key=lambda one: one.rank)
        self.targets = sorted(
            (_target(plan, number, found) for number, (plan, found) in enumerate(zip(plans, everything))),
            key=lambda target: (not target.edited, target.rulestacks[0].rank if target.rulestacks else _LAST),
        )
        self.managed = [one for one in self.rulestacks if one.rows is not None]
        self.changed = [one for one in self.managed if one.state]

    @property
    def counts(self) -> dict[str, Any]:
        """What the module returns: how many there are of everything."""
        changes = _sum(one.changes for one in self.rulestacks)
        return {
            "targets": len(self.targets),
            "failed": len(self.failed),
            "edited": len(self._edited),
            "rulestacks": len(self.managed),
            "changed_rulestacks": len(self.changed),
            **{KINDS["plan"].operations[operation]: changes[operation] for operation in OPERATIONS},
            "findings": {severity: self.number(severity) for severity in SEVERITIES},
            "uncommitted": sum(len(one.uncommitted) for one in self.managed),
            "unmanaged": len(self.rulestacks) - len(self.managed),
        }

    def number(self, name: str) -> int:
        """The number of changes by operation, or of findings by severity."""
        return sum(one.changes.get(name, 0) + one.findings.get(name, 0) for one in self.managed)

    @property
    def _edited(self) -> list[str]:
        """The targets whose plans were edited."""
        return [target.name for target in self.targets if target.edited]

    @property
    def states(self) -> set[str]:
        """The states that occur."""
        return {one.state for one in self.rulestacks}

    @property
    def changes(self) -> int:
        """The number of all changes."""
        return sum(map(self.number, OPERATIONS))

    @property
    def status(self) -> str:
        """The outcome, in one to three words."""
        for number, noun in (
            (len(self.failed), "failed target"),
            (len(self._edited), "edited plan"),
            (self.number("error"), "error"),
        ):
            if number:
                return count(number, noun)
        if not self.changes:
            return self.words.nothing
        return {"plan": "To be reviewed", "drift": "Drift", "apply": "Applied"}[self.kind]

    @property
    def tone(self) -> str:
        """How urgent the outcome is: C(good), C(neutral) or C(attention)."""
        if self.failed or self._edited or self.number("error") or (self.changes and self.kind == "drift"):
            return "attention"
        return "neutral" if self.changes and self.kind == "plan" else "good"

    @property
    def verdict(self) -> str:
        """The outcome in one sentence."""
        total = len(self.managed)
        if not total:
            return "No rulestacks."
        where = f" of {count(len(self.targets), 'target')}" if len(self.targets) > 1 else ""
        if not self.changes:
            return f"{self.words.nothing} in {count(total, 'rulestack')}{where}."
        part = f"{count(len(self.changed))} of {count(total, 'rulestack')}{where}"
        changes = count(self.changes, "change")
        if self.kind == "drift":
            differs = "differs" if len(self.changed) == 1 else "differ"
            places = count(self.changes, "place")
            return f"{part} {differs} from the policy, in {places}."
        if self.kind == "apply":
            return f"{changes} {'was' if self.changes == 1 else 'were'} made in {part}."
        return f"{changes} in {part}."

    @property
    def advice(self) -> list[str]:
        """What to know, most urgent first."""
        return list(self._advice())

    def _advice(self) -> Iterator[str]:
        if self._edited:
            yield f"Plans that were edited after they were made, and cannot be applied: {_first(self._edited)}."
        for text, found in (
            ("Findings that are errors", [one for one in self.managed if one.findings["error"]]),
            (self.words.gone, [one for one in self.managed if one.state == "delete"]),
            (self.words.uncommitted, [one for one in self.managed if one.uncommitted]),
            ("Not in the policy, left as is", [one for one in self.rulestacks if one.state == UNMANAGED]),
        ):
            if found:
                yield f"{text}: {_names(found)}."
        warnings = sum(len(target.warnings) for target in self.targets)
        if warnings:
            yield f"{count(warnings, 'warning')}, listed with the targets."

    def distinct(self, key: str) -> list[str]:
        """The different values of a key of the plans."""
        return sorted({visible(plan[key]) for plan in self.plans})

    @property
    def made(self) -> str:
        """When the plans were made, or the first and the last of them."""
        known = sorted(filter(None, (date(moment(plan["created"])) for plan in self.plans)))
        return " to ".join(dict.fromkeys((known[0], known[-1]))) if known else ""

    def outcome(self, rulestack: Rulestack) -> str:
        """What changes in a rulestack, and what else to know, in words."""
        changes = [
            f"{count(rulestack.changes[one])} {word}"
            for one, word in self.words.operations.items()
            if rulestack.changes[one]
        ]
        others = [
            count(rulestack.findings[severity], severity) for severity in SEVERITIES if rulestack.findings[severity]
        ]
        others += [f"{count(len(rulestack.uncommitted))} uncommitted"] if rulestack.uncommitted else []
        return "; ".join(filter(None, (", ".join(changes), ", ".join(others))))


def _sum(numbers: Any) -> Counter[str]:
    total: Counter[str] = Counter()
    for one in numbers:
        total.update(one)
    return total


def _names(rulestacks: Sequence[Rulestack]) -> str:
    """The names of the first rulestacks, and the number of the others."""
    return _first([f"{one.name} ({one.target})" for one in rulestacks])


def _first(names: Sequence[str]) -> str:
    """The first names, and the number of the others."""
    more = f" and {count(len(names) - FEW)} more" if len(names) > FEW else ""
    return ", ".join(names[:FEW]) + more


def _rulestacks(plan: Mapping[str, Any], number: int) -> Iterator[Rulestack]:
    place = {
        name: visible(plan[key])
        for name, key in (("target", "target"), ("account", "account_id"), ("region", "region"))
    }
    findings: dict[str, dict[Place, list[Finding]]] = {}
    for one in plan["findings"]:
        found = findings.setdefault(one["rulestack"], {}).setdefault((one["section"], one["name"]), [])
        found.append(Finding(one["severity"], visible(one["id"]), visible(one["message"])))
    for index, entry in enumerate(plan["rulestacks"]):
        own = findings.get(entry["name"], {})
        yield Rulestack(
            id=f"r{number}-{index}",
            target_id=f"t{number}",
            name=visible(entry["name"]),
            scope=entry["scope"],
            state=_state(entry),
            **place,
            changes=Counter(change["operation"] for change in entry["changes"]),
            findings=Counter(finding.severity for some in own.values() for finding in some),
            uncommitted=[
                (visible(one["section"]), visible(one["name"]), visible(one["operation"]))
                for one in entry["uncommitted"]
            ],
            rows=Rows(entry, own),
        )
    for index, name in enumerate(plan["unmanaged"]):
        unmanaged = {"id": f"u{number}-{index}", "target_id": f"t{number}", "name": visible(name), "state": UNMANAGED}
        yield Rulestack(
            **unmanaged, **place, scope="", changes=Counter(), findings=Counter(), uncommitted=(), rows=None
        )


def _state(entry: Mapping[str, Any]) -> str:
    """What happens to a rulestack as a whole."""
    if entry["changes"] and (entry["before"] is None or entry["after"] is None):
        return "create" if entry["before"] is None else "delete"
    return "update" if entry["changes"] else ""


def _target(plan: Mapping[str, Any], number: int, rulestacks: Sequence[Rulestack]) -> Target:
    created = date(moment(plan["created"]))
    return Target(
        id=f"t{number}",
        name=visible(plan["target"]),
        account=visible(plan["account_id"]),
        region=visible(plan["region"]),
        facts=", ".join(filter(None, (f"made {created} UTC" if created else "", visible(plan["id"])))),
        edited=edited(plan),
        rulestacks=sorted((one for one in rulestacks if one.has_details), key=lambda one: one.rank),
        unmanaged=[one.name for one in rulestacks if one.state == UNMANAGED],
        warnings=[visible(text) for text in plan["warnings"]],
    )
