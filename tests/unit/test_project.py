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
from pathlib import Path
from typing import Any

import pytest
import yaml

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


def test_versions_agree() -> None:
    """The oldest ansible-core promised to users is the oldest one that is tested."""
    cores = load(".github/workflows/test.yml")["jobs"]["test"]["strategy"]["matrix"]["ansible_core"]
    assert load("meta/runtime.yml")["requires_ansible"] == f">={cores[0]}.0"


def test_python_requirements_have_lower_bounds_only() -> None:
    lines = (ROOT / "meta/ee-requirements.txt").read_text(encoding="utf-8").splitlines()
    for line in lines:
        assert line.startswith("#") or re.fullmatch(r"[a-z0-9-]+>=[0-9.]+", line)


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
