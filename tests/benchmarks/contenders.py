# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Those who get tokens: the engine, the floor under it, a playbook's loop, a playbook with a host for each target, and the vendor's tool."""

from __future__ import annotations

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
from .stand_ins import ROOT, StandIns

FAST = 100_000  # requests per second, more than any machine here sends: no cap is to be what is measured
MARK = "benchmark: "


@dataclass(frozen=True)
class Outcome:
    """A run of a contender.

    :param seconds: of the work itself, where the program tells it: without its start. Otherwise as ``cost.wall``.
    :param calls: what the stand-ins counted meanwhile.
    """

    targets: int
    cost: Cost
    seconds: float
    calls: dict[str, int]

    @property
    def rate(self) -> float:
        """Targets per second, with the program's start."""
        return self.targets / self.cost.wall


class Contenders:
    """Runs each of them, and makes sure that each did its work.

    :param home: for files. :param threads: of the engine and of the floor.
    """

    def __init__(self, stand_ins: StandIns, home: Path, threads: int) -> None:
        self._stand_ins, self._home, self.threads = stand_ins, home, threads
        self._environment = stand_ins.environment(home)
        self._signers: dict[int, signed.Signer] = {}

    def engine(self, targets: int, *, state: str = "rotated", store: str = "none") -> Outcome:
        """One task rotates all targets."""
        arguments = {**self._common(), "targets": "{{ targets }}", "state": state, "store": store}
        arguments |= {"concurrency": self.threads, "renew_before": 10, "expiry_time": 60}
        arguments |= {f"{kind}_rate": FAST for kind in ("api", "sts", "store")}
        said = "{{ run.duration }} {{ run.counts.rotated + run.counts.fresh }}"
        tasks = [
            {"name": "Rotate", "panw.cloud.ngfw_token_rotation": arguments, "register": "run"},
            {"name": "Tell", "ansible.builtin.debug": {"msg": f"{MARK}{said}"}},
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
        """A bare loop sends the same requests."""
        signer = self._signers.get(targets)
        if signer is None:
            signer = self._signers[targets] = signed.Signer(self._stand_ins, self._roles(targets), self.threads)
        path = self._home / "floor.pickle"
        path.write_bytes(pickle.dumps((self._stand_ins.endpoints["ca_bundle"], signer.requests(calls))))
        self._stand_ins.calls()
        command = [sys.executable, "-m", "tests.benchmarks.floor", str(path), str(self.threads)]
        cost, text = run(command, {**self._environment, "PYTHONPATH": str(ROOT)}, self._stand_ins)
        told = json.loads(text)
        counted = self._stand_ins.calls()
        if counted != calls:
            raise Failed(f"the floor was to send {calls} and sent {counted}")
        return Outcome(targets, cost, told["wall"], counted)

    def loop(self, targets: int) -> Outcome:
        """A playbook's loop over the module for one token."""
        task = {"name": "Token", "panw.cloud.ngfw_token": self._one("{{ item }}"), "loop": "{{ roles }}"}
        outcome, _text = self._playbook({"hosts": "localhost"}, [task], targets, {"roles": self._roles(targets)})
        return outcome

    def hosts(self, targets: int) -> Outcome:
        """A playbook with a host for each target and 20 forks."""
        inventory = self._home / "hosts.json"
        hosts = {f"target{index}": {"role": arn} for index, arn in enumerate(self._roles(targets))}
        inventory.write_text(json.dumps({"all": {"hosts": hosts, "vars": {"ansible_connection": "local"}}}))
        task = {"name": "Token", "panw.cloud.ngfw_token": self._one("{{ role }}")}
        arguments = ["--inventory", str(inventory), "--forks", "20"]
        outcome, _text = self._playbook({"hosts": "all"}, [task], targets, {}, arguments)
        return outcome

    def nothing(self) -> Outcome:
        """A playbook that does nothing: what the start of one costs."""
        task = {"name": "Nothing", "ansible.builtin.debug": {"msg": ""}}
        return self._playbook({"hosts": "localhost"}, [task], 0, {})[0]

    def vendor(self, tool: Path, targets: int) -> Outcome:
        """The vendor's tool, once for each target, eight at a time."""
        point = self._stand_ins.endpoints
        url = f"{point['ngfw_url']}/v1/mgmt/tokens/cloudrulestackadmin"
        options = ["--profile", "simulator", "--region", point["region"], "--get-token-url", url, "--role-arn"]
        command = ["xargs", "-P", "8", "-n", "1", sys.executable, str(tool), *options]
        return self._counted(command, targets, "\n".join(self._roles(targets)))[0]

    def _roles(self, count: int) -> list[str]:
        arns: list[str] = self._stand_ins.ask("POST", "/fleet", roles=count)["role_arns"]
        return arns

    def _common(self) -> dict[str, Any]:
        point = self._stand_ins.endpoints
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
        self._stand_ins.calls()
        cost, text = run(command, self._environment, self._stand_ins, given)
        calls = self._stand_ins.calls()
        return Outcome(targets, cost, cost.wall, calls), text
