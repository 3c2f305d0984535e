# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The collection as users install it: built, installed from the tarball next to amazon.aws, and used from an empty home directory."""

from __future__ import annotations

import ast
import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import threading
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import requests

from .conftest import strings
from .harness.playbook_runner import Player
from .modules.test_secrecy import leaks, places

ROOT = Path(__file__).parents[2]
PROGRAMS = Path(sys.executable).parent
SIMULATOR = ROOT / "roles/simulator/files"
# Files that a collection can need at run time, without documentation and Galaxy metadata.
NEEDED = {"meta", "playbooks", "plugins", "roles"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def environment(home: Path) -> dict[str, str]:
    """An environment without the checkout: no ansible.cfg, no collections path, no Python path."""
    return {
        "HOME": str(home),
        "PATH": f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}",
        "LANG": "C.UTF-8",
        "ANSIBLE_NOCOLOR": "1",
    }


@pytest.fixture(scope="module")
def installed(home: Path, environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The collection from its tarball in the home directory, reduced to its run-time files."""
    tarballs = tmp_path_factory.mktemp("tarballs")
    galaxy = [PROGRAMS / "ansible-galaxy", "collection"]
    subprocess.run(
        [*galaxy, "build", "--output-path", tarballs, ROOT], env=environment, check=True, capture_output=True
    )
    (tarball,) = tarballs.iterdir()
    collections = home / ".ansible/collections/ansible_collections"
    shutil.copytree(Path(sysconfig.get_path("purelib"), "ansible_collections/amazon"), collections / "amazon")
    subprocess.run(
        [*galaxy, "install", "--offline", tarball], env=environment, cwd=home, check=True, capture_output=True
    )
    collection = collections / "panw/cloud"
    for path in collection.iterdir():
        if path.is_file():
            path.unlink()
        elif path.name not in NEEDED:
            shutil.rmtree(path)
    return collection


@contextlib.contextmanager
def secrets_of_a_demo(temporary: Path) -> Iterator[set[str]]:
    """The secrets of the simulated services that a demo runs with their state in a directory."""
    seen: set[str] = set()
    stop = threading.Event()

    def watch() -> None:
        while not stop.wait(0.05):
            for file in temporary.glob("panw-cloud-demo-*/endpoints.json"):
                try:
                    answer = requests.get(json.loads(file.read_text())["admin_url"] + "/secrets", timeout=5).json()
                except (OSError, ValueError):  # they are starting or stopping
                    continue
                seen.update(strings(answer))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield seen
    finally:
        stop.set()
        watcher.join()


def test_demo_runs_from_the_tarball_alone_and_prints_no_secret(
    installed: Path, home: Path, environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    player, files = Player(tmp_path_factory.mktemp("player"), environment), tmp_path_factory.mktemp("files")
    settings = {**places(files), "ANSIBLE_HOME": str(home / ".ansible")}  # with the collection
    with secrets_of_a_demo(files / "tmp") as seen:
        run = subprocess.run(
            [PROGRAMS / "ansible-playbook", "panw.cloud.demo", "-vvvv", *player.arguments],
            cwd=home,
            env=environment | settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    player.stop()
    assert run.returncode == 0, run.stdout
    assert re.search(r"^localhost +: ok=\d+ +changed=\d+ +unreachable=0 +failed=0 ", run.stdout, re.MULTILINE)
    assert "fqdns: -mirror.example.com +updates.example.com" in run.stdout, "the change of the policy"
    assert "6 revoked, 0 alive" in run.stdout
    assert str(ROOT) not in run.stdout.replace(str(PROGRAMS.parent), ""), "a file of the checkout was used"
    assert len(seen) > 20
    assert leaks(files, run.stdout, sorted(seen)) == []
    sources = str(installed.parents[2])
    assert [place for place in leaks(home, "", sorted(seen)) if not place.startswith(sources)] == []


def imports(path: Path) -> Iterator[str]:
    """The top-level packages that a source file imports absolutely."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield str(node.module).partition(".")[0]


def test_simulator_requirements_list_all_imports() -> None:
    """The requirements file, which users install, lists the package of every import of the simulator."""
    lines = (SIMULATOR / "requirements.txt").read_text(encoding="utf-8").splitlines()
    named = {re.split(r"[\[>=<~!]", line)[0].lower() for line in lines if not line.startswith("#")}
    # The SDK is a dependency of moto.
    named |= {"boto3", "botocore"}
    imported = {name for path in SIMULATOR.rglob("*.py") for name in imports(path)}
    packages = packages_distributions()
    foreign = imported - sys.stdlib_module_names - {"panw_simulator"}
    assert "moto" in foreign
    assert not {name for name in foreign if not named & {package.lower() for package in packages.get(name, [])}}
