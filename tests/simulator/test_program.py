# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The program end to end: command line, files, connections, log, seed."""

from __future__ import annotations

import json
import os
import signal
import socket
import ssl
import stat
import subprocess
import sys
import threading
from http.client import HTTPSConnection
from urllib.parse import urlsplit

import pytest
import requests
import yaml


@pytest.fixture
def launch(tools, tmp_path):
    """A function that starts the program and returns the process. Running processes are stopped at the end."""
    processes = []

    def start(*arguments):
        environment = {**os.environ, "PYTHONPATH": str(tools.FILES), "PYTHONDONTWRITEBYTECODE": "1"}
        command = [sys.executable, "-m", "panw_simulator", *arguments]
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        processes.append(process)
        return process

    yield start
    for process in processes:
        if process.poll() is None:
            process.kill()
        process.communicate()


def wait_ready(process):
    line = process.stderr.readline()
    assert "ready" in line, line
    return line


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_start_and_stop(launch, tmp_path, number):
    state = tmp_path / "state"
    process = launch("--state-dir", str(state))
    line = wait_ready(process)
    endpoints = json.loads((state / "endpoints.json").read_text())
    assert endpoints["pid"] == process.pid
    for name, key in (("AWS", "aws_url"), ("Cloud NGFW", "ngfw_url"), ("administration", "admin_url")):
        assert f"{name} {endpoints[key]}" in line
    assert line.endswith(f". {state}/environment\n")
    assert stat.S_IMODE(state.stat().st_mode) == 0o700
    assert stat.S_IMODE((state / "credentials").stat().st_mode) == 0o600
    assert stat.S_IMODE((state / "scm-credentials.json").stat().st_mode) == 0o600
    secret = (state / "credentials").read_text().splitlines()[2].split(" = ")[1]
    tenant = json.loads((state / "scm-credentials.json").read_text())
    public = [(state / name).read_text() for name in ("environment", "endpoints.json", "registry.json")]
    assert not [text for text in public if secret in text or tenant["client_secret"] in text]
    assert not [path for path in state.iterdir() if "PRIVATE KEY" in path.read_text()]
    session = requests.Session()
    session.trust_env = False
    token = "eyJ.secret.token"
    session.delete(
        f"{endpoints['ngfw_url']}/v1/mgmt/tokens/{token}?q={token}", verify=endpoints["ca_bundle"], timeout=20
    )
    session.get(
        f"{endpoints['ngfw_url']}/{token}", headers={"Authorization": token}, verify=endpoints["ca_bundle"], timeout=20
    )
    session.get(f"{endpoints['admin_url']}/{token}", timeout=20)
    session.close()
    process.send_signal(number)
    _output, log = process.communicate(timeout=20)
    assert process.returncode == 0
    assert not list(state.iterdir())
    assert "ngfw DELETE /v1/mgmt/tokens/{TokenId} 403 " in log
    assert token not in log


def test_running_simulator_keeps_its_directory(launch, tmp_path):
    state = tmp_path / "state"
    first = launch("--state-dir", str(state))
    wait_ready(first)
    before = (state / "endpoints.json").read_text()
    code, line = run(launch, "--state-dir", str(state))
    assert (code, line.endswith("is used by a running simulator")) == (2, True)
    assert (state / "endpoints.json").read_text() == before


def run(launch, *arguments):
    process = launch(*arguments)
    _output, errors = process.communicate(timeout=30)
    return process.returncode, errors.strip().splitlines()[-1]


def test_failed_start_prints_one_line(launch, tmp_path):
    state = ["--state-dir", str(tmp_path / "state")]
    assert run(launch, *state, "--host", "0.0.0.0") == (
        2,
        "panw_simulator: 0.0.0.0 is not a loopback address; --allow-remote permits it",
    )
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, line = run(launch, *state, "--ngfw-port", str(taken.getsockname()[1]))
    assert code == 2
    assert "cannot listen on 127.0.0.1 port" in line
    assert run(launch, *state, "--seed", str(tmp_path / "none.yml"))[1].endswith(
        "cannot be read: No such file or directory"
    )
    open_to_all = tmp_path / "open"
    open_to_all.mkdir()
    open_to_all.chmod(0o777)
    code, line = run(launch, "--state-dir", str(open_to_all))
    assert (code, "may be written by others" in line) == (2, True)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (lambda seed: seed["rulestacks"][0].update(scope="Moon"), "rulestacks[0].scope: must be one of Local, Global"),
        (lambda seed: seed["accounts"][0].update(id=123456789012), "accounts[0].id: must be a quoted string"),
        (lambda seed: seed.update(extra=1), "extra: unknown key; allowed: tenant, accounts"),
        (lambda seed: seed["accounts"].pop(0), "accounts: the account 123456789012"),
        (lambda seed: seed["firewalls"][0].update(rulestack="x"), "firewalls[0].rulestack: x is not in rulestacks"),
        (
            lambda seed: seed["rulestacks"].append(dict(seed["rulestacks"][0])),
            "rulestacks[6].name: 'web-egress' is a duplicate",
        ),
        (
            lambda seed: seed["rulestacks"][0]["candidate"]["rules"]["LocalRule"][0].pop("action"),
            "rulestacks[0].candidate.rules.LocalRule[0].action: missing",
        ),
        (lambda seed: seed["strata"].update(groups=[]), "strata.groups: at least one is needed"),
        (
            lambda seed: seed["strata"]["groups"].reverse(),
            "strata.groups[0].parent_id: 1700000001 is not among the groups before it",
        ),
        (
            lambda seed: seed["strata"]["licenses"][0].update(tsg_id="1999999999"),
            "strata.licenses[0].tsg_id: 1999999999 is not in strata.groups",
        ),
        (
            lambda seed: seed["strata"]["licenses"][0].update(expires="2035-13-01"),
            "strata.licenses[0].expires: must be a quoted date",
        ),
        (
            lambda seed: seed["strata"]["samples"][0].update(verdict=True),
            "strata.samples[0].verdict: must be one of 0, 1, 2, 4, 5, -100, -101",
        ),
    ],
)
def test_invalid_seed_names_the_key(change, text):
    from panw_simulator import SeedError
    from panw_simulator.seed import DEFAULT_SEED, parse

    document = yaml.safe_load(DEFAULT_SEED.read_text(encoding="utf-8"))
    change(document)
    with pytest.raises(SeedError) as failure:
        parse(document)
    assert str(failure.value).startswith(text)


def test_seed_without_a_tenant_is_valid():
    from panw_simulator.seed import DEFAULT_SEED, parse

    document = yaml.safe_load(DEFAULT_SEED.read_text(encoding="utf-8"))
    del document["strata"]
    assert [group["id"] for group in parse(document).strata["groups"]] == ["1700000001"]


def test_sixty_four_connections_stay_open_concurrently(world):
    address = urlsplit(world.endpoints.ngfw_url).netloc
    context = ssl.create_default_context(cafile=world.ca)
    together = threading.Barrier(64)
    results = []

    def work():
        connection = HTTPSConnection(address, context=context, timeout=30)
        connection.connect()
        own = connection.sock
        together.wait(30)
        for _index in range(3):
            connection.request("GET", "/v1/config/rulestacks")
            answer = connection.getresponse()
            answer.read()
            results.append((answer.status, connection.sock is own))
        together.wait(30)
        connection.close()

    threads = [threading.Thread(target=work) for _index in range(64)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert results == [(401, True)] * 192
    assert world.state()["connections"]["peak"] >= 64


def test_client_without_handshake_does_not_block_others(world):
    host, port = urlsplit(world.endpoints.ngfw_url).netloc.split(":")
    with socket.create_connection((host, int(port))):
        assert world.send("GET", "/v1/config/rulestacks").status_code == 401


def test_chunked_bodies_and_broken_lengths(world):
    answer = world.session.put(
        world.endpoints.admin_url + "/clock", data=iter([b'{"offset_', b'seconds": 0}']), timeout=20
    )
    assert answer.json() == {"offset_seconds": 0.0}
    host, port = urlsplit(world.endpoints.admin_url).netloc.split(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(b"PUT /clock HTTP/1.1\r\nContent-Length: x\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 400")


def test_certificate_is_valid_for_the_vendors_host_names(world):
    host, port = urlsplit(world.endpoints.ngfw_url).netloc.split(":")
    context = ssl.create_default_context(cafile=world.ca)
    for name in (
        "localhost",
        "api.eu-west-1.aws.cloudngfw.paloaltonetworks.com",
        "sts.amazonaws.com",
        "auth.apps.paloaltonetworks.com",
        "eu.wildfire.paloaltonetworks.com",
    ):
        with socket.create_connection((host, int(port))) as raw, context.wrap_socket(raw, server_hostname=name) as tls:
            assert tls.version() in ("TLSv1.2", "TLSv1.3")


def test_host_of_the_vendors_form_selects_the_region(world):
    host = "api.eu-west-1.aws.cloudngfw.paloaltonetworks.com"
    credentials = world.assume(world.role("rulestack"))
    path = "/v1/mgmt/tokens/cloudrulestackadmin"
    answer = world.signed("GET", path, credentials, region="eu-west-1", headers={"Host": host})
    assert answer.status_code == 200
