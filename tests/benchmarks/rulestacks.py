# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Benchmarks of ``ngfw_rulestack_config`` against Terraform with the vendor's provider, in turns on the same simulated services.

Both manage the same rulestack of prefix lists and of rules that use them: create, plan, apply with nothing to do, change ten lists, destroy. Terraform
commits only when it destroys the rulestack. Ours commits what it creates and destroys, and changes the lists once without and once with a commit.
"""

from __future__ import annotations

import argparse
import copy
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from . import table
from .processes import Cost, Failed, run
from .services import ROOT, SimulatedServices, started
from .terraform import Terraform

CHANGED = 10
LATENCY = 0.1
FEWEST, MOST = 2, 128  # requests of ours at the same time; Terraform has 10
# Times faster than Terraform, without and with latency.
WANTED = {"create": (8, 8), "plan": (3, 4), "no-op": (3, 4), "change": (3, 4), "destroy": (20, 20)}
COMMITTED = "change again, commit"  # which Terraform cannot do in one run
PEAK_MB, GROWTH = 250, 1.2


def document(count: int) -> dict[str, Any]:
    """A rulestack of so many prefix lists, and as many rules that use them."""
    return {
        "name": "bench",
        "account_id": "123456789012",
        "prefix_lists": [
            {"name": f"list-{number}", "prefixes": [f"10.{number >> 8 & 255}.{number & 255}.0/24"]}
            for number in range(count)
        ],
        "rules": [
            {
                "name": f"rule-{number}",
                "priority": number + 1,
                "source": {"prefix_lists": [f"list-{number}"]},
                "destination": {"cidrs": ["any"]},
                "applications": ["any"],
                "action": "Allow",
            }
            for number in range(count)
        ],
    }


def changed(whole: dict[str, Any], prefix: str) -> dict[str, Any]:
    """The document with another prefix in ten lists."""
    other = copy.deepcopy(whole)
    for item in other["prefix_lists"][:CHANGED]:
        item["prefixes"] = [prefix]
    return other


class Collection:
    """Runs ngfw_rulestack_config in a playbook that reads the document from a file."""

    def __init__(self, services: SimulatedServices, home: Path, role_arn: str) -> None:
        self._services, self._home, self._role_arn = services, home, role_arn
        self.concurrency = FEWEST

    def run(self, whole: dict[str, Any], *arguments: str, **more: Any) -> Cost:
        """Run one task. :param more: its options. :raises Failed: it failed."""
        point = self._services.endpoints
        documents = self._home / "rulestacks.json"
        documents.write_text(json.dumps([whole]))
        options: dict[str, Any] = {
            "concurrency": self.concurrency,
            "role_arn": self._role_arn,
            "region": point["region"],
            "ngfw_url": point["ngfw_url"],
            "ngfw_ca_bundle": point["ca_bundle"],
            "rulestacks": f"{{{{ lookup('ansible.builtin.file', '{documents}') | from_json }}}}",
            "state": "overridden",
            **more,
        }
        playbook = self._home / "rulestacks.yml"
        task = {"name": "Apply", "panw.cloud.ngfw_rulestack_config": options}
        playbook.write_text(yaml.safe_dump([{"hosts": "localhost", "gather_facts": False, "tasks": [task]}]))
        command = ["ansible-playbook", str(playbook), *arguments]
        return run(command, self._services.environment(self._home), self._services)[0]


@dataclass(frozen=True)
class Step:
    """One step of both contenders. :param latency: seconds on each API call."""

    name: str
    latency: float
    ours: Cost
    theirs: Cost | None

    @property
    def times(self) -> float | None:
        """How many times faster ours is."""
        return None if self.theirs is None else self.theirs.wall / self.ours.wall


def steps(
    services: SimulatedServices, ours: Collection, theirs: Terraform | None, count: int, latency: float
) -> Iterator[Step]:
    """Run all steps, each by both, one after the other."""
    whole = document(count)
    ours.concurrency = max(FEWEST, min(int(latency * 1500), MOST))  # as the documentation advises
    services.ask("DELETE", "/faults")
    if latency:
        services.ask("POST", "/faults", kind="latency", seconds=latency, route="*")
    empty = {"name": "bench"}
    apply = ("apply", "-auto-approve")
    runs: list[tuple[str, dict[str, Any], Callable[[dict[str, Any]], Cost], tuple[str, ...]]] = [
        ("create", whole, lambda given: ours.run(given), apply),
        ("plan", whole, lambda given: ours.run(given, "--check"), ("plan",)),
        ("no-op", whole, lambda given: ours.run(given), apply),
        ("change", changed(whole, "192.0.2.0/24"), lambda given: ours.run(given, commit=False), apply),
        (COMMITTED, changed(whole, "198.51.100.0/24"), lambda given: ours.run(given), ()),
        ("destroy", empty, lambda given: ours.run(given, state="deleted"), ("destroy", "-auto-approve")),
    ]
    for name, given, play, arguments in runs:
        print(f"{count} lists and rules, {latency * 1000:.0f} ms: {name}", file=sys.stderr, flush=True)
        cost = play({**given, "name": "bench-ours"})
        if theirs and arguments and name != "destroy":
            theirs.write({**given, "account_id": whole["account_id"], "name": "bench-terraform"})
        yield Step(name, latency, cost, theirs.run(*arguments) if theirs and arguments else None)


def medians(rounds: Sequence[Sequence[Step]]) -> Iterator[Step]:
    """Each step with the median run of each contender."""
    for same in zip(*rounds, strict=True):
        theirs = [step.theirs for step in same if step.theirs]
        ours = _median([step.ours for step in same])
        yield Step(same[0].name, same[0].latency, ours, _median(theirs) if theirs else None)


def _median(costs: Sequence[Cost]) -> Cost:
    return sorted(costs, key=lambda cost: cost.wall)[len(costs) // 2]


def main() -> int:
    """Return 0 if all figures are as wanted, 1 if one is not, 2 on failure."""
    options = _parser().parse_args()
    where = table.machine()
    found: list[Step] = []
    grown: dict[int, list[Step]] = {}
    try:
        with started() as services, tempfile.TemporaryDirectory() as home:
            (role_arn,) = services.ask("POST", "/fleet", roles=1)["role_arns"]
            ours = Collection(services, Path(home), role_arn)
            theirs = None
            if options.terraform and options.provider:
                theirs = Terraform(services, Path(home), options.terraform, options.provider, role_arn)
            for latency in options.latencies:
                rounds = [
                    list(steps(services, ours, theirs, options.objects, latency)) for _round in range(options.rounds)
                ]
                found += medians(rounds)
            for count in options.grown:
                grown[count] = list(steps(services, ours, None, count, 0.0))
    except Failed as failure:
        print(failure, file=sys.stderr)
        return 2
    lines, missed = report(found, grown, options.objects)
    text = "\n".join(
        [f"{where['cores']} cores ({where['processor']}), load average {where['load']} before the start", "", *lines]
    )
    options.output.mkdir(parents=True, exist_ok=True)
    (options.output / "benchmarks-rulestacks.txt").write_text(text + "\n")
    print(text)
    return 1 if missed else 0


def report(found: list[Step], grown: dict[int, list[Step]], count: int) -> tuple[list[str], bool]:
    """The table, and whether a figure is not as wanted."""
    lines = [
        f"{count} prefix lists and {count} rules",
        f"{'':<22}{'latency':>9}{'ours s':>9}{'peak MB':>9}{'Terraform s':>13}{'times':>8}{'wanted':>8}",
    ]
    missed = False
    for step in found:
        wanted = WANTED[step.name][bool(step.latency)] if step.name in WANTED else ""
        theirs = f"{step.theirs.wall:.1f}" if step.theirs else ""
        times = f"{step.times:.1f}" if step.times else ""
        missed |= step.times is not None and step.times < WANTED[step.name][bool(step.latency)]
        lines.append(
            f"{step.name:<22}{step.latency * 1000:>6.0f} ms{step.ours.wall:>9.1f}{step.ours.peak / 1e6:>9.0f}{theirs:>13}{times:>8}{wanted:>8}"
        )
    for size, many in grown.items():
        lines += ["", f"{size} prefix lists and {size} rules"]
        for step in many:
            lines.append(
                f"{step.name:<22}{'':>9}{step.ours.wall:>9.1f}{step.ours.peak / 1e6:>9.0f}{step.ours.wall / (2 * size) * 1000:>10.2f} ms each"
            )
            missed |= step.ours.peak / 1e6 > PEAK_MB
    if len(grown) > 1:
        small, large = min(grown), max(grown)
        for one, other in zip(grown[small], grown[large], strict=True):
            ratio = (other.ours.wall / large) / (one.ours.wall / small)
            missed |= one.name != "destroy" and ratio > GROWTH
            lines.append(
                f"{one.name:<22}time for each at {large}, times that at {small}: {ratio:.2f} (at most {GROWTH})"
            )
    return lines, missed


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.rulestacks", description=__doc__)
    parser.add_argument(
        "--objects", type=int, default=500, help="prefix lists, and as many rules (default %(default)s)"
    )
    parser.add_argument(
        "--latencies",
        type=float,
        nargs="+",
        default=[0.0, LATENCY],
        help="seconds on each API call (default %(default)s)",
    )
    parser.add_argument("--rounds", type=int, default=1, help="of which the medians count (default %(default)s)")
    parser.add_argument("--grown", type=int, nargs="*", default=[], help="more sizes, without Terraform")
    parser.add_argument("--terraform", type=Path, help="path of the program terraform")
    parser.add_argument("--provider", type=Path, help="path of the vendor's provider, version 3, built from its source")
    parser.add_argument("--output", type=Path, default=ROOT / "tests/output", help="results directory")
    return parser


if __name__ == "__main__":
    sys.exit(main())
