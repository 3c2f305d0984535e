# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures for running playbooks against the simulated services over TLS: moto behind AWS's rules, and the vendor's services."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
import requests
import yaml

from .harness import promtool, vaults
from .harness.crash_harness import Runner
from .harness.playbook_runner import Player
from .harness.receptor_jobs import RECEPTOR
from .harness.rotation_harness import PROGRAM, FleetRun
from .harness.vaults import VaultAccess

ROOT = Path(__file__).parents[2]
collect_ignore = [] if promtool.find() else ["playbooks/test_promtool.py"]
ROLE_NAME = "CloudNGFWAdmin"
TAGS = ("CloudNGFWFirewallAdmin", "CloudNGFWRulestackAdmin", "CloudNGFWGlobalRulestackAdmin", "CloudNGFWAccountAdmin")


class SimulatedServices:
    """The simulated services of one test run: endpoints, recorded state, and fault injection."""

    def __init__(self, directory: Path) -> None:
        self.endpoints: dict[str, Any] = json.loads((directory / "endpoints.json").read_text())
        self.vaults = contextlib.ExitStack()
        self._vaults: dict[str, VaultAccess] = {}
        self.role_arn = f"arn:aws:iam::{self.endpoints['account_id']}:role/{ROLE_NAME}"

    def vault(self, kind: str) -> VaultAccess:
        """The Vault server of a kind, which is started for the first test that needs it."""
        if kind not in self._vaults:
            self._vaults[kind] = self.vaults.enter_context(vaults.start(kind))
        return self._vaults[kind]

    def ask(self, method: str, path: str, **body: Any) -> Any:
        """Call the administrative interface."""
        answer = requests.request(method, self.endpoints["admin_url"] + path, json=body or None, timeout=30)
        assert answer.ok, answer.text
        return answer.json() if answer.content else None

    @property
    def state(self) -> Any:
        """Tokens and calls as recorded by the servers."""
        return self.ask("GET", "/state")

    def alive_since(self, before: Any) -> int:
        """The number of valid tokens issued after an earlier state. Tokens of other tests may have expired since."""
        known = {token["fingerprint"] for token in before["tokens"]}
        return sum(fingerprint not in known for fingerprint in self.alive_tokens())

    def alive_tokens(self) -> list[str]:
        """The fingerprints of the valid tokens."""
        return [token["fingerprint"] for token in self.state["tokens"] if token["state"] == "alive"]

    def calls(self) -> int:
        """The total number of calls to the servers."""
        state = self.state
        counts = [state["calls"], state["aws_calls"], *state["strata"]["calls"].values()]
        return sum(sum(count.values()) for count in counts)

    @property
    def tenant(self) -> Any:
        """The state of the Strata Cloud Manager tenant."""
        return self.state["strata"]

    @property
    def administrator(self) -> dict[str, str]:
        """The credentials of the tenant administrator as environment variables, including secrets."""
        given = json.loads(Path(self.endpoints["scm_credentials_file"]).read_text())
        return {"SCM_CLIENT_ID": given["client_id"], "SCM_CLIENT_SECRET": given["client_secret"]}

    def secrets(self) -> list[str]:
        """Every secret that the servers ever issued."""
        return strings(self.ask("GET", "/secrets"))

    def scm(self, method: str, path: str, body: Any = None) -> Any:
        """Call Strata Cloud Manager as the tenant's administrator."""
        point, administrator = self.endpoints, tuple(self.administrator.values())
        form = {"grant_type": "client_credentials", "scope": f"tsg_id:{point['tsg_id']}"}
        auth_url, trust = f"{point['oauth_url']}/oauth2/access_token", point["ca_bundle"]
        token = requests.post(auth_url, data=form, auth=administrator, verify=trust, timeout=30).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        answer = requests.request(method, point["scm_url"] + path, json=body, headers=headers, verify=trust, timeout=30)
        assert answer.ok, answer.text
        return answer.json() if answer.content else None

    def environment(self) -> dict[str, str]:
        """The environment of a user whose AWS profile and variables point here, without secrets."""
        point = self.endpoints
        inherited = {name: os.environ[name] for name in ("PATH", "LANG", "TERM") if name in os.environ}
        return inherited | {
            "AWS_SHARED_CREDENTIALS_FILE": point["credentials_file"],
            "AWS_CONFIG_FILE": point["config_file"],
            "AWS_CA_BUNDLE": point["ca_bundle"],
            "AWS_URL": point["aws_url"],
            "AWS_ENDPOINT_URL": point["aws_url"],
            "AWS_REGION": point["region"],
            "AWS_EC2_METADATA_DISABLED": "true",
            "NGFW_URL": point["ngfw_url"],
            "NGFW_CA_BUNDLE": point["ca_bundle"],
            "SCM_TSG_ID": point["tsg_id"],
            "SCM_AUTH_URL": f"{point['oauth_url']}/oauth2/access_token",
            "SCM_URL": point["scm_url"],
            "SCM_CA_BUNDLE": point["ca_bundle"],
            "WILDFIRE_URL": point["wildfire_url"],
            # A corporate CA bundle without the simulated services' CA: the task's own option must take precedence.
            "REQUESTS_CA_BUNDLE": requests.certs.where(),
            "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
            "ANSIBLE_NOCOLOR": "1",
        }

    def iam(self) -> Any:
        """An IAM client of the account's administrator."""
        return self.aws("iam")

    def aws(self, service: str) -> Any:
        """An AWS client of the account's administrator."""
        session = boto3.session.Session()
        credentials = _profile(Path(self.endpoints["credentials_file"]))
        return session.client(
            service,
            endpoint_url=self.endpoints["aws_url"],
            verify=self.endpoints["ca_bundle"],
            region_name=self.endpoints["region"],
            **credentials,
        )


def strings(value: Any) -> list[str]:
    """All strings in a JSON value."""
    if isinstance(value, str):
        return [value]
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [text for item in items for text in strings(item)]


def _profile(path: Path) -> dict[str, str]:
    pairs = (line.split("=", 1) for line in path.read_text().splitlines() if "=" in line)
    return {name.strip(): value.strip() for name, value in pairs if name.strip().startswith("aws_")}


class Run:
    """A finished run of ansible-playbook.

    :ivar results: the result of each task by task name, as callbacks get it.
    """

    def __init__(self, process: subprocess.CompletedProcess[str], events: Path) -> None:
        self.returncode = process.returncode
        self.output = process.stdout
        lines = events.read_text().splitlines() if events.exists() else []
        self.results: dict[str, Any] = {}
        for line in lines:
            self.results.update(json.loads(line))

    @property
    def failure(self) -> dict[str, Any]:
        """The result of the task that failed."""
        found = [result for result in self.results.values() if result.get("failed")]
        assert len(found) == 1, self.output
        return found[0]


class Controller:
    """A control node with an empty home directory."""

    def __init__(self, services: SimulatedServices, home: Path, player: Player) -> None:
        self.home = home
        self._services = services
        self._player = player

    def play(self, *tasks: dict[str, Any], arguments: tuple[str, ...] = (), **environment: str) -> Run:
        """Run tasks on localhost."""
        play = {
            "name": "Test",
            "hosts": "localhost",
            "connection": "local",
            "gather_facts": False,
            "tasks": list(tasks),
        }
        path = self.home / "playbook.yml"
        path.write_text(yaml.safe_dump([play], sort_keys=False))
        return self.playbook(path, *arguments, **environment)

    def playbook(self, path: Path, *arguments: str, **environment: str) -> Run:
        """Run a playbook. Environment variables with an empty value are removed."""
        events = self.home / "events.jsonl"
        events.unlink(missing_ok=True)
        settings = {**usual(self._services), "HOME": str(self.home), "RECORD_TO": str(events), **environment}
        given = {name: value for name, value in settings.items() if value}
        process = self._player.run([str(path), *arguments], given)
        return Run(process, events)


def usual(services: SimulatedServices) -> dict[str, str]:
    """The common environment of all playbooks.

    With pipelining, a task of a module takes a fifth less CPU time. It is off, as by default, in Molecule's scenarios, and where
    ansible-core keeps remote files.
    """
    return {
        **services.environment(),
        "ANSIBLE_CALLBACK_PLUGINS": str(Path(__file__).parent / "callbacks"),
        "ANSIBLE_CALLBACKS_ENABLED": "record",
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_PIPELINING": "1",
        "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
    }


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [report for found in terminalreporter.stats.values() for report in found]
    asked = any("test_rotation_slices" in getattr(report, "nodeid", "") for report in reports)
    if asked and not RECEPTOR:
        text = "Slices over receptor: NOT RUN, receptor not found on PATH. On Debian 13: apt install receptor"
        terminalreporter.write_line(text, yellow=True, bold=True)
    if not vaults.PROGRAM:
        text = "Tests of the store in Vault against Vault itself: NOT RUN, neither bao nor vault found on PATH"
        terminalreporter.write_line(text, yellow=True, bold=True)
    if not promtool.find():
        text = "Checks by promtool: NOT RUN, promtool not found on PATH. On Debian: make test-deps as root"
        terminalreporter.write_line(text, yellow=True, bold=True)


@pytest.fixture(scope="session")
def player(services: SimulatedServices, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Player]:
    """Runs playbooks."""
    made = Player(tmp_path_factory.mktemp("player"), usual(services))
    yield made
    made.stop()


@pytest.fixture(scope="session")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedServices]:
    """The simulated services, started like a user does, with a role that has all tags."""
    directory = tmp_path_factory.mktemp("simulated services")
    directory.chmod(0o700)
    log = directory / "log"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "roles/simulator/files")}
    command = [sys.executable, "-m", "panw_simulator", "--state-dir", str(directory)]
    with log.open("w") as output, subprocess.Popen(command, env=environment, stdout=output, stderr=output) as process:
        deadline = time.monotonic() + 60
        while not (directory / "endpoints.json").exists():
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)
        found = SimulatedServices(directory)
        _create_role(found)
        yield found
        found.vaults.close()
        secrets = found.secrets()
        process.terminate()
        assert process.wait(timeout=30) == 0, log.read_text()
    assert not [secret for secret in secrets if secret in log.read_text()], (
        "the simulated services' log contains secrets"
    )


def _create_role(services: SimulatedServices) -> None:
    iam = services.iam()
    account = services.endpoints["account_id"]
    trust = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{account}:user/simulator-admin"},
        "Action": "sts:AssumeRole",
    }
    invoke = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "arn:aws:execute-api:*:*:*"}
    iam.create_role(
        RoleName=ROLE_NAME,
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
        Tags=[{"Key": tag, "Value": "Yes"} for tag in TAGS],
    )
    iam.put_role_policy(
        RoleName=ROLE_NAME,
        PolicyName="invoke",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [invoke]}),
    )


@pytest.fixture(scope="session")
def runner(services: SimulatedServices, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    """Runs the module for stored tokens, step by step."""
    module = "ansible_collections.panw.cloud.plugins.modules.ngfw_stored_token"
    made = Runner(module, tmp_path_factory.mktemp("runner"), services.environment())
    yield made
    made.stop()


@pytest.fixture(scope="session")
def credentials_runner(services: SimulatedServices, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    """Runs the module for stored credentials, step by step."""
    module = "ansible_collections.panw.cloud.plugins.modules.scm_stored_credentials"
    environment = {**services.environment(), **services.administrator}
    made = Runner(module, tmp_path_factory.mktemp("credentials-runner"), environment)
    yield made
    made.stop()


@pytest.fixture(scope="session")
def rotator(services: SimulatedServices, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    """Runs rotations of fleets."""
    made = Runner(PROGRAM, tmp_path_factory.mktemp("rotator"), services.environment(), FleetRun)
    yield made
    made.stop()


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A directory that is not writable by others."""
    made = tmp_path / "store"
    made.mkdir(mode=0o700)
    return made


@pytest.fixture
def controller(services: SimulatedServices, player: Player, tmp_path: Path) -> Iterator[Controller]:
    """A control node; faults are cleared and the simulated services restored afterwards."""
    yield Controller(services, tmp_path, player)
    services.ask("DELETE", "/faults")
    services.ask("POST", "/rulestacks/reset")
    services.ask("PUT", "/clock", offset_seconds=0)
    services.ask("POST", "/strata/reset")
