# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fleet rotations by the engine, without a playbook: start, observe, kill and restart.

This file is also the program that L(crash_harness) runs.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import requests
from ansible.module_utils import basic
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.panw.cloud.plugins.module_utils._module import rotation

from .crash_harness import SteppedRun
from .store_readers import clients


class FleetRun(SteppedRun):
    """A running rotation."""

    def rotated(self) -> Iterator[int]:
        """Yield the number of rotated targets until the run has ended."""
        for line in self._lines:
            if line.startswith("ROTATED "):
                yield int(line.split()[1])
            elif line.startswith("{"):
                self.result = json.loads(line)
        self._close()

    def terminate(self) -> None:
        """SIGTERM."""
        os.kill(self.pid, signal.SIGTERM)

    def finish(self) -> dict[str, Any]:
        """Wait for the end and return the result."""
        for _rotated in self.rotated():
            pass
        return self.result


class Fleet:
    """Targets of one kind of store with unique names, and their readers, which are independent of the collection."""

    def __init__(self, services: Any, prefix: str, number: int, roles: int = 1, **more: Any) -> None:
        self.services = services
        arns = services.ask("POST", "/fleet", roles=roles)["role_arns"]
        self.targets = [
            {"name": f"{prefix}/{index}", "admin_role": "rulestack", "role_arn": arns[index % roles], **more}
            for index in range(number)
        ]
        self.names = [target["name"] for target in self.targets]
        self.before = set(services.alive_tokens())
        self.client = clients(services)["secretsmanager"]
        self.session = requests.Session()
        self.session.trust_env = False

    def current(self) -> dict[str, dict[str, Any]]:
        """The documents that readers get, by secret name."""
        found = {}
        for start in range(0, len(self.names), 20):
            answer = self.client.batch_get_secret_value(SecretIdList=self.names[start : start + 20])
            found.update({value["Name"]: json.loads(value["SecretString"]) for value in answer["SecretValues"]})
        return {name: document for name, document in found.items() if "token" in document}

    def status(self, document: dict[str, Any]) -> int:
        """The API's response to a token."""
        headers = {"Authorization": document["token"], "x-api-key": document["subscription_key"]}
        point = self.services.endpoints
        url = f"{point['ngfw_url']}/v1/config/rulestacks"
        return self.session.get(url, headers=headers, verify=point["ca_bundle"], timeout=30).status_code

    def alive(self) -> set[str]:
        """The valid tokens that were issued since the fleet was created."""
        return set(self.services.alive_tokens()) - self.before


def states(result: dict[str, Any]) -> dict[str, int]:
    """The number of targets per state, without zeros."""
    return {state: count for state, count in result["counts"].items() if count and state != "targets"}


def main() -> None:
    """Run a rotation with the options that L(crash_harness) has set."""
    options = json.loads(basic._ANSIBLE_ARGS)["ANSIBLE_MODULE_ARGS"]
    dry_run = options.pop("dry_run", False)
    checked = ArgumentSpecValidator(rotation.fleet_spec()).validate({"aws_quotas": False, **options})
    assert not checked.error_messages, checked.error_messages
    stop = rotation.Shutdown(time.monotonic)
    engine = rotation.rotation(checked.validated_parameters, dry_run=dry_run, stop=stop, clock=time.monotonic)

    signal.signal(signal.SIGTERM, lambda _number, _frame: stop.interrupt())

    def tell(_snapshot: Any) -> None:
        rotated = sum(fate.state == "rotated" for fate in engine._results.values())
        print(f"ROTATED {rotated}", flush=True)

    result = engine.run(tell)
    print(json.dumps(result), flush=True)
    sys.stdout.flush()
    os._exit(0)


PROGRAM = f"ansible_collections.panw.cloud.tests.integration.harness.{Path(__file__).stem}"
