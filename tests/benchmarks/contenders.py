# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The contenders: the engine, its floor, a playbook loop, a playbook with one host per target, and the vendor's tool."""

from __future__ import annotations

import contextlib
import json
import pickle
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from . import signed
from .processes import Cost, Failed, run
from .services import ROOT, SimulatedServices

FAST = 100_000  # requests per second, beyond the capacity of any test machine, so that the rate limit is not what is measured
MARK = "benchmark: "


@dataclass(frozen=True)
class Outcome:
    """A run of a contender.

    :param seconds: of the work itself, without startup, if the program reports it; otherwise ``cost.wall``.
    :param calls: requests that the simulated services counted during the run.
    """

    targets: int
    cost: Cost
    seconds: float
    calls: dict[str, int]

    @property
    def rate(self) -> float:
        """Targets per second, including startup."""
        return self.targets / self.cost.wall


class Contenders:
    """Runs each contender and verifies its work.

    :param home: working directory. :param threads: of the floor.
    """

    def __init__(self, services: SimulatedServices, home: Path, threads: int) -> None:
        self._services, self._home, self.threads = services, home, threads
        self._environment = services.environment(home)
        self._signers: dict[int, signed.Signer] = {}

    def distant(self) -> contextlib.AbstractContextManager[None]:
        """As L(SimulatedServices.distant)."""
        return self._services.distant()

    def engine(
        self, targets: int, *, state: str = "rotated", store: str = "none", concurrency: int | None = None
    ) -> Outcome:
        """Rotate all targets in one task. :param concurrency: caps it, None for the default."""
        arguments = {**self._common(), "targets": "{{ targets }}", "state": state, "store": store}
        arguments |= {"renew_before": 10, "expiry_time": 60, **({"concurrency": concurrency} if concurrency else {})}
        arguments |= {"aws_quotas": False, **{f"{kind}_rate": FAST for kind in ("api", "sts", "store")}}
        said = "{{ run.duration }} {{ run.counts.rotated + run.counts.fresh }}"
        tasks = [
            {"name": "Rotate", "panw.cloud.ngfw_token_rotation": arguments, "register": "run"},
            {"name": "Show the result", "ansible.builtin.debug": {"msg": f"{MARK}{said}"}},
        ]
        listed = [
            {"name": f"{index:05d}", "admin_role": "rulestack", "role_arn": arn, "location": f"bench/{index:05d}"}
            for index, arn in enumerate(self._roles(targets))
        ]
        if store == "none":
            listed = [{name: value for name, value in item.items() if name != "location"} for item in listed]
        outcome, text = self._playbook({"hosts": "localhost"}, tasks, targets, {"targets": listed})
        match = re.search(rf"{MARK}([0-9.]+) (\d+)", text)
        if not match or int(match[2]) != targets:
            raise Failed(f"not all of {targets} targets have a token:\n{text[-3000:]}")
        return replace(outcome, seconds=float(match[1]))

    def floor(self, targets: int, calls: dict[str, int]) -> Outcome:
        """Send the same requests in a bare loop."""
        signer = self._signers.get(targets)
        if signer is None:
            signer = self._signers[targets] = signed.Signer(self._services, self._roles(targets), self.threads)
        path = self._home / "floor.pickle"
        path.write_bytes(pickle.dumps((self._services.endpoints["ca_bundle"], signer.by_target(calls))))
        self._services.calls()
        command = [sys.executable, "-m", "tests.benchmarks.floor", str(path), str(self.threads)]
        cost, text = run(command, {**self._environment, "PYTHONPATH": str(ROOT)}, self._services)
        reported = json.loads(text)
        counted = self._services.calls()
        if counted != calls:
            raise Failed(f"the floor should have sent {calls}, but sent {counted}")
        return Outcome(targets, cost, reported["wall"], counted)

    def loop(self, targets: int) -> Outcome:
        """Loop over the single-token module in a playbook."""
        task = {"name": "Token", "panw.cloud.ngfw_token": self._one("{{ item }}"), "loop": "{{ roles }}"}
        outcome, _text = self._playbook({"hosts": "localhost"}, [task], targets, {"roles": self._roles(targets)})
        return outcome

    def hosts(self, targets: int) -> Outcome:
        """Run a playbook with one host per target and 20 forks."""
        inventory = self._home / "hosts.json"
        hosts = {f"target{index}": {"role": arn} for index, arn in enumerate(self._roles(targets))}
        inventory.write_text(json.dumps({"all": {"hosts": hosts, "vars": {"ansible_connection": "local"}}}))
        task = {"name": "Token", "panw.cloud.ngfw_token": self._one("{{ role }}")}
        arguments = ["--inventory", str(inventory), "--forks", "20"]
        outcome, _text = self._playbook({"hosts": "all"}, [task], targets, {}, arguments)
        return outcome

    def nothing(self) -> Outcome:
        """Run an empty playbook, which measures the startup cost."""
        task = {"name": "Nothing", "ansible.builtin.debug": {"msg": ""}}
        return self._playbook({"hosts": "localhost"}, [task], 0, {})[0]

    def vendor(self, tool: Path, targets: int) -> Outcome:
        """Run the vendor's tool once per target, eight in parallel."""
        point = self._services.endpoints
        url = f"{point['ngfw_url']}/v1/mgmt/tokens/cloudrulestackadmin"
        options = ["--profile", "simulator", "--region", point["region"], "--get-token-url", url, "--role-arn"]
        command = ["xargs", "-P", "8", "-n", "1", sys.executable, str(tool), *options]
        return self._counted(command, targets, "\n".join(self._roles(targets)))[0]

    def _roles(self, count: int) -> list[str]:
        arns: list[str] = self._services.ask("POST", "/fleet", roles=count)["role_arns"]
        return arns

    def _common(self) -> dict[str, Any]:
        point = self._services.endpoints
        return {"region": point["region"], "ngfw_url": point["ngfw_url"], "ngfw_ca_bundle": point["ca_bundle"]}

    def _one(self, role_arn: str) -> dict[str, Any]:
        return {**self._common(), "admin_role": "rulestack", "role_arn": role_arn, "expiry_time": 60}

    def _playbook(
        self,
        play: dict[str, Any],
        tasks: list[dict[str, Any]],
        targets: int,
        variables: dict[str, Any],
        arguments: Sequence[str] = (),
    ) -> tuple[Outcome, str]:
        playbook, extra = self._home / "playbook.yml", self._home / "variables.json"
        playbook.write_text(yaml.safe_dump([{**play, "gather_facts": False, "tasks": tasks}]))
        extra.write_text(json.dumps(variables))
        return self._counted(["ansible-playbook", str(playbook), "-e", f"@{extra}", *arguments], targets)

    def _counted(self, command: Sequence[str], targets: int, given: str = "") -> tuple[Outcome, str]:
        self._services.calls()
        cost, text = run(command, self._environment, self._services, given)
        calls = self._services.calls()
        return Outcome(targets, cost, cost.wall, calls), text
