# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The frame of the collection fits what is in it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tarfile
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.version import Version

import matrix

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted((ROOT / "plugins/modules").glob("[!_]*.py"))
USERS_NEED = {"changelogs", "docs", "LICENSES", "meta", "playbooks", "plugins", "roles"}
USERS_NEED |= {"CHANGELOG.md", "FILES.json", "MANIFEST.json", "README.md", "SECURITY.md"}


def load(path: str) -> Any:
    return yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def documentation() -> dict[str, Any]:
    """What ansible-doc knows of each module, fragments merged, by the module's short name."""
    names = [f"panw.cloud.{module.stem}" for module in MODULES]
    command = [sys.executable, "-m", "ansible", "doc", "--type", "module", "--json", *names]
    result = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return {name.rpartition(".")[2]: entry for name, entry in json.loads(result.stdout).items()}


@pytest.mark.parametrize(("group", "prefixes"), [("ngfw", ("ngfw_",)), ("scm", ("scm_", "wildfire_"))])
def test_action_group_holds_exactly_its_modules(group: str, prefixes: tuple[str, ...]) -> None:
    modules = [module.stem for module in MODULES if module.stem.startswith(prefixes)]
    assert modules, "no modules"
    assert load("meta/runtime.yml")["action_groups"][group] == modules


@pytest.mark.parametrize("module", [module.stem for module in MODULES])
def test_module_is_documented(module: str, documentation: dict[str, Any]) -> None:
    entry = documentation[module]
    assert {"action_group", "check_mode", "diff_mode"} <= set(entry["doc"]["attributes"])
    assert entry["examples"]
    assert entry["return"]


@pytest.mark.parametrize("module", [module.stem for module in MODULES])
def test_module_came_with_a_release_that_announces_it(module: str, documentation: dict[str, Any]) -> None:
    """Or comes with the next one. A release refuses everything else."""
    releases = load("changelogs/changelog.yaml")["releases"]
    added = documentation[module]["doc"]["version_added"]
    announced = [entry["name"] for entry in releases.get(added, {}).get("modules", [])]
    newer = max(map(Version, releases)) < Version(added)
    assert newer or module in announced


def test_versions_agree() -> None:
    """The oldest ansible-core promised to users is one that is tested, and all that are named here are tested alike."""
    promised = load("meta/runtime.yml")["requires_ansible"].removeprefix(">=").removesuffix(".0")
    assert promised in matrix.CORES
    assert {
        load(f"{role.parent}/meta/main.yml")["galaxy_info"]["min_ansible_version"] for role in ROOT.glob("roles/*/meta")
    } == {promised}
    jobs = load(".github/workflows/matrix.yml")["jobs"]
    assert jobs["matrix"]["strategy"]["matrix"]["ansible_core"] == list(matrix.CORES)


def test_python_requirements_have_lower_bounds_only() -> None:
    lines = (ROOT / "meta/ee-requirements.txt").read_text(encoding="utf-8").splitlines()
    for line in lines:
        assert line.startswith("#") or re.fullmatch(r"[a-z0-9-]+>=[0-9.]+", line)


def test_documented_requirements_are_those_that_get_installed(documentation: dict[str, Any]) -> None:
    lines = (ROOT / "meta/ee-requirements.txt").read_text(encoding="utf-8").splitlines()
    installed = [line.replace(">=", " >= ") for line in lines if not line.startswith("#")]
    documented = documentation["ngfw_token"]["doc"]["requirements"]
    assert [text.partition(" with ")[0] for text in documented if not text.startswith("python ")] == installed


def test_no_function_is_more_complex_than_ten() -> None:
    """`make lint` measures it; here nobody has switched that off."""
    lint = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ruff"]["lint"]
    assert "C90" in lint["select"]
    assert lint["mccabe"]["max-complexity"] <= 10
    ignored = [*lint["ignore"], *(code for codes in lint["per-file-ignores"].values() for code in codes)]
    assert not [code for code in ignored if code.startswith("C9")]
    sources = [path for place in ("plugins", "roles", "tests") for path in (ROOT / place).rglob("*.py")]
    excused = "noqa: C9" + "01"
    assert not [path for path in sources if excused in path.read_text(encoding="utf-8")]


def test_no_sanity_ignores() -> None:
    assert not list((ROOT / "tests/sanity").glob("ignore*.txt"))


def test_artefact_holds_what_users_need_and_no_more(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "ansible", "galaxy", "collection", "build", "--output-path", tmp_path]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (artefact,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(artefact) as archive:
        names = archive.getnames()
    assert {name.partition("/")[0] for name in names} | {"docs"} == USERS_NEED
    assert not [name for name in names if "__pycache__" in name]
    beside_code = {f"plugins/{path.relative_to(ROOT / 'plugins')}" for path in (ROOT / "plugins").rglob("page.*")}
    assert len(beside_code) == 4
    assert beside_code <= set(names)
