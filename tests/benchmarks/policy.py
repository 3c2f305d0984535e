# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Benchmarks of policy as code: the rulestacks of many accounts in one run of each playbook.

The policy has five rulestacks for each account, each with a hundred rules. Terraform with the vendor's provider manages those of one account; what it takes
for all accounts is that times their number, because it has a state, a plan and a run for each.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from . import table
from .processes import Cost, Failed, run
from .services import ROOT, SimulatedServices, started
from .terraform import Terraform

MAIN_ACCOUNT = "123456789012"
RULESTACKS, FORKS = 5, 10
PLAYBOOKS = ROOT / "playbooks"


@dataclass(frozen=True)
class Step:
    """One run of a playbook for all accounts. :param calls: requests that the simulated API has received. :param theirs: Terraform's, for one account."""

    name: str
    ours: Cost
    calls: int
    theirs: Cost | None


def account_ids(count: int) -> list[str]:
    """So many accounts, the main account of the simulated services first."""
    return [MAIN_ACCOUNT, *(f"{200_000_000_000 + number}" for number in range(1, count))]


def seed(accounts: list[str]) -> dict[str, Any]:
    """A tenant with these accounts."""
    manager = {MAIN_ACCOUNT}
    return {
        "tenant": {"version": "V2"},
        "accounts": [
            {"id": one, "name": f"account-{one}", "onboarded": True, "firewall_manager": one in manager}
            for one in accounts
        ],
    }


def rulestack(number: int, count: int) -> dict[str, Any]:
    """A rulestack file of the policy. :param count: of its rules."""
    rules = [
        {
            "name": f"rule-{index}",
            "source": {"prefix_lists": ["networks"]},
            "destination": {"cidrs": [f"192.0.2.{index}/32"]},
            "applications": ["ssl"],
            "action": "Allow",
        }
        for index in range(count)
    ]
    name = f"a{{{{ account_id }}}}-{number}"
    return {"name": name, "include": ["shared/objects.yml"], "rules": rules}


def write_policy(directory: Path, count: int) -> None:
    """Write the policy of all accounts."""
    for number in range(RULESTACKS):
        file = directory / f"rulestacks/rulestack-{number}.yml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(yaml.safe_dump(rulestack(number, count), sort_keys=False))
    shared = directory / "shared/objects.yml"
    shared.parent.mkdir()
    shared.write_text("prefix_lists:\n  - {name: networks, prefixes: [10.0.0.0/16]}\n")


def for_terraform(account: str, count: int) -> list[dict[str, Any]]:
    """The same rulestacks of one account as documents, under other names."""
    found = []
    for number in range(RULESTACKS):
        rules = [{**rule, "priority": index + 1} for index, rule in enumerate(rulestack(number, count)["rules"])]
        lists = [{"name": "networks", "prefixes": ["10.0.0.0/16"]}]
        found.append({"name": f"terraform-{number}", "account_id": account, "prefix_lists": lists, "rules": rules})
    return found


class Playbooks:
    """Runs the playbooks for rulestacks on an inventory of all accounts."""

    def __init__(self, services: SimulatedServices, home: Path, role_arns: list[str], rules: int) -> None:
        self._services, self._home = services, home
        write_policy(home / "policy", rules)
        point = services.endpoints
        hosts = {
            f"account_{number:03d}": {"ngfw_role_arn": arn, "aws_account_id": arn.split(":")[4]}
            for number, arn in enumerate(role_arns)
        }
        variables = {"ansible_connection": "local", "aws_region": point["region"], "ngfw_url": point["ngfw_url"]}
        (home / "inventory.yml").write_text(yaml.safe_dump({"all": {"vars": variables, "hosts": hosts}}))

    def run(self, name: str, **options: Any) -> tuple[Cost, int]:
        """Run a playbook; return its cost and the number of calls of the API. :raises Failed: it failed."""
        given = {
            "rulestacks_directory": str(self._home / "policy"),
            "rulestacks_plans": str(self._home / "plans"),
            "rulestacks_fail_on": "none",
            **options,
        }
        command = ["ansible-playbook", "-i", str(self._home / "inventory.yml"), "--forks", str(FORKS)]
        command += [str(PLAYBOOKS / f"{name}.yml"), "-e", json.dumps(given)]
        environment = {
            **self._services.environment(self._home),
            "NGFW_CA_BUNDLE": self._services.endpoints["ca_bundle"],
        }
        self._services.calls()
        cost = run(command, environment, self._services)[0]
        return cost, sum(count for call, count in self._services.calls().items() if "/v1/" in call)


def steps(ours: Playbooks, theirs: Terraform | None, rules: int) -> Iterator[Step]:
    """Plan, apply, and plan again with nothing to do."""
    if theirs:
        theirs.write(*for_terraform(MAIN_ACCOUNT, rules))
    all_at_once = {"rulestacks_serial": "100%"}
    runs: list[tuple[str, Callable[[], tuple[Cost, int]], tuple[str, ...]]] = [
        ("plan", lambda: ours.run("plan_rulestacks"), ("plan",)),
        ("apply", lambda: ours.run("apply_rulestacks", **all_at_once), ("apply", "-auto-approve")),
        ("plan, no change", lambda: ours.run("plan_rulestacks"), ("plan",)),
        ("apply, no change", lambda: ours.run("apply_rulestacks", **all_at_once), ("apply", "-auto-approve")),
    ]
    for name, play, arguments in runs:
        print(name, file=sys.stderr, flush=True)
        cost, calls = play()
        yield Step(name, cost, calls, theirs.run(*arguments) if theirs else None)


def report(found: list[Step], accounts: int, rules: int) -> list[str]:
    """The table."""
    lines = [
        f"{accounts} accounts with {RULESTACKS} rulestacks of {rules} rules, {FORKS} forks",
        f"{'':<18}{'ours s':>9}{'CPU s':>8}{'peak MB':>9}{'calls':>9}{'Terraform s, 1 account':>24}{'all accounts':>14}{'times':>8}",
    ]
    for step in found:
        line = f"{step.name:<18}{step.ours.wall:>9.1f}{step.ours.cpu:>8.1f}{step.ours.peak / 1e6:>9.0f}{step.calls:>9}"
        if step.theirs:
            whole = step.theirs.wall * accounts
            line += f"{step.theirs.wall:>24.1f}{whole:>14.0f}{whole / step.ours.wall:>8.1f}"
        lines.append(line)
    return lines


def main() -> int:
    """Return 0, or 2 on failure."""
    options = _parser().parse_args()
    where = table.machine()
    accounts = account_ids(options.accounts)
    try:
        with tempfile.TemporaryDirectory() as name:
            home = Path(name)
            initial = home / "seed.yml"
            initial.write_text(yaml.safe_dump(seed(accounts)))
            with started(initial) as services:
                services.ask("PUT", "/rulestacks", commit_seconds=0, max_unassociated=100)
                arns = services.ask("POST", "/fleet", roles=len(accounts))["role_arns"]
                theirs = None
                if options.terraform and options.provider:
                    theirs = Terraform(services, home, options.terraform, options.provider, arns[0])
                found = list(steps(Playbooks(services, home, arns, options.rules), theirs, options.rules))
    except Failed as failure:
        print(failure, file=sys.stderr)
        return 2
    head = f"{where['cores']} cores ({where['processor']}), load average {where['load']} before the start"
    text = "\n".join([head, "", *report(found, len(accounts), options.rules)])
    options.output.mkdir(parents=True, exist_ok=True)
    (options.output / "benchmarks-policy.txt").write_text(text + "\n")
    print(text)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.policy", description=__doc__)
    parser.add_argument("--accounts", type=int, default=200, help="AWS accounts (default %(default)s)")
    parser.add_argument("--rules", type=int, default=100, help="rules of each rulestack (default %(default)s)")
    parser.add_argument("--terraform", type=Path, help="path of the program terraform")
    parser.add_argument("--provider", type=Path, help="path of the vendor's provider, version 3, built from its source")
    parser.add_argument("--output", type=Path, default=ROOT / "tests/output", help="results directory")
    return parser


if __name__ == "__main__":
    sys.exit(main())
