# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The execution environment without a container engine: the build context, and the collection data that its stages read."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
PROGRAMS = Path(sys.executable).parent
DEFINITION = ROOT / "execution-environment.yml"


def run(program: str, *arguments: str | Path, cwd: Path) -> str:
    """Run a program of the virtual environment and return its output."""
    return subprocess.run([PROGRAMS / program, *arguments], cwd=cwd, check=True, capture_output=True, text=True).stdout


def requirements(name: str) -> list[str]:
    """The lines of one of the collection's requirements files."""
    lines = (ROOT / "meta" / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The build context of the shipped definition, with the tarball at the path that the definition expects."""
    place = tmp_path_factory.mktemp("environment")
    shutil.copy(DEFINITION, place)
    (tarball,) = yaml.safe_load(DEFINITION.read_text(encoding="utf-8"))["additional_build_files"]
    run("ansible-galaxy", "collection", "build", "--output-path", place / "built", ROOT, cwd=place)
    (built,) = (place / "built").iterdir()
    (place / tarball["src"]).parent.mkdir(parents=True)
    built.rename(place / tarball["src"])
    run("ansible-builder", "create", "--context", place / "context", "--output-filename", "Containerfile", cwd=place)
    return place / "context"


@pytest.fixture(scope="module")
def collections(context: Path) -> Path:
    """The collections as installed by the image's galaxy stage, except amazon.aws, which comes from Galaxy."""
    build = context / "_build"
    install = [
        "collection",
        "install",
        "--force",
        "--offline",
        "--no-deps",
        "-r",
        "requirements.yml",
        "-p",
        "../collections",
    ]
    run("ansible-galaxy", *install, cwd=build)
    return context / "collections"


def test_context_has_a_python_that_ansible_runs_on(context: Path) -> None:
    steps = (context / "Containerfile").read_text(encoding="utf-8")
    assert 'ARG PYCMD="/usr/bin/python3.12"' in steps
    assert re.search(r'^ARG ANSIBLE_INSTALL_REFS="ansible-core>=[\d.]+ ansible-runner>=[\d.]+"$', steps, re.MULTILINE)


def test_introspection_finds_what_the_collection_needs(collections: Path) -> None:
    found: dict[str, Any] = yaml.safe_load(run("ansible-builder", "introspect", collections, cwd=collections))
    assert {kind: [line.split("  #")[0] for line in lines] for kind, lines in found.items()} == {
        "python": requirements("ee-requirements.txt"),
        "system": requirements("ee-bindep.txt"),
    }
    assert all(line.endswith("# from collection panw.cloud") for lines in found.values() for line in lines)


def test_make_builds_the_tarball_of_the_definition(context: Path) -> None:
    (tarball,) = yaml.safe_load(DEFINITION.read_text(encoding="utf-8"))["additional_build_files"]
    commands = subprocess.run(
        ["make", "--dry-run", "execution-environment"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    assert tarball["src"] in commands
    assert (context / "_build" / tarball["dest"] / Path(tarball["src"]).name).exists()
