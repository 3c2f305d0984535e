# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The metadata of the collection matches its content."""

from __future__ import annotations

import json
import os
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
# An option of the group's module_defaults that a module lacks would fail its tasks.
OFFLINE = {"ngfw_rulestack_directory", "ngfw_rulestack_lint", "ngfw_rulestack_report", "role_options"}
USERS_NEED = {"changelogs", "docs", "LICENSES", "meta", "playbooks", "plugins", "roles"}
USERS_NEED |= {"CHANGELOG.md", "FILES.json", "MANIFEST.json", "README.md", "SECURITY.md"}
USERS_NEED |= {"CONTRIBUTING.md", "execution-environment.yml", "extensions"}


def load(path: str) -> Any:
    return yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def documentation() -> dict[str, Any]:
    """What ansible-doc shows for each module, fragments merged, by short name."""
    names = [f"panw.cloud.{module.stem}" for module in MODULES]
    command = [sys.executable, "-m", "ansible", "doc", "--type", "module", "--json", *names]
    result = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return {name.rpartition(".")[2]: entry for name, entry in json.loads(result.stdout).items()}


@pytest.mark.parametrize(("group", "prefixes"), [("ngfw", ("ngfw_",)), ("scm", ("scm_", "wildfire_"))])
def test_action_group_has_exactly_all_modules_with_a_connection(group: str, prefixes: tuple[str, ...]) -> None:
    modules = [module.stem for module in MODULES if module.stem.startswith(prefixes) and module.stem not in OFFLINE]
    assert modules, "no modules"
    assert load("meta/runtime.yml")["action_groups"][group] == modules


def test_exactly_modules_without_a_connection_say_so(documentation: dict[str, Any]) -> None:
    groups = {name: entry["doc"]["attributes"]["action_group"] for name, entry in documentation.items()}
    assert {name for name, group in groups.items() if group["support"] == "none"} == OFFLINE
    assert {name for name, group in groups.items() if not group["membership"]} == OFFLINE
    connections = {"region", "role_arn", "ngfw_url", "scm_url", "tsg_id"}
    options = {name: connections & set(documentation[name]["doc"]["options"]) for name in OFFLINE}
    assert options == {
        **{name: set() for name in OFFLINE},
        "ngfw_rulestack_directory": {"region"},
    }  # for which it reads


@pytest.mark.parametrize("module", [module.stem for module in MODULES])
def test_module_is_documented(module: str, documentation: dict[str, Any]) -> None:
    entry = documentation[module]
    assert {"action_group", "check_mode", "diff_mode"} <= set(entry["doc"]["attributes"])
    assert entry["examples"]
    assert entry["return"]
    assert "UNKNOWN" not in str(entry["doc"]["author"])
    guides = [also["ref"].rpartition(".")[2] for also in entry["doc"]["seealso"] if "ref" in also]
    assert "guide_troubleshooting" in guides
    assert {f"docs/docsite/rst/{guide}.rst" for guide in guides} <= set(
        re.findall(r"docs/[\w/.]+rst", str(entry["doc"]))
    )
    assert all((ROOT / f"docs/docsite/rst/{guide}.rst").is_file() for guide in guides)


@pytest.mark.parametrize("module", [module.stem for module in MODULES])
def test_module_release_is_announced(module: str, documentation: dict[str, Any]) -> None:
    """Or it is in the next release. Releases reject everything else."""
    releases = load("changelogs/changelog.yaml")["releases"]
    added = documentation[module]["doc"]["version_added"]
    announced = [entry["name"] for entry in releases.get(added, {}).get("modules", [])]
    newer = max(map(Version, releases)) < Version(added)
    assert newer or module in announced


def test_supported_versions_agree() -> None:
    """The oldest supported ansible-core is tested, and all listed versions are tested equally."""
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


def test_documented_requirements_equal_installed_ones(documentation: dict[str, Any]) -> None:
    lines = (ROOT / "meta/ee-requirements.txt").read_text(encoding="utf-8").splitlines()
    installed = [line.replace(">=", " >= ") for line in lines if not line.startswith("#")]
    documented = documentation["ngfw_stored_token"]["doc"]["requirements"]
    assert {text.partition(" with ")[0] for text in documented if not text.startswith("python ")} == set(installed)


def test_functions_are_at_most_ten_complex() -> None:
    """`make lint` measures complexity; this test checks that no code disables it."""
    lint = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ruff"]["lint"]
    assert "C90" in lint["select"]
    assert lint["mccabe"]["max-complexity"] <= 10
    ignored = [*lint["ignore"], *(code for codes in lint["per-file-ignores"].values() for code in codes)]
    assert not [code for code in ignored if code.startswith("C9")]
    sources = [path for place in ("plugins", "roles", "tests") for path in (ROOT / place).rglob("*.py")]
    excused = "noqa: C9" + "01"
    assert not [path for path in sources if excused in path.read_text(encoding="utf-8")]


def test_sanity_ignores_are_absent() -> None:
    assert not list((ROOT / "tests/sanity").glob("ignore*.txt"))


@pytest.fixture(scope="module")
def artifact(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The paths of the files in the collection's tarball."""
    directory = tmp_path_factory.mktemp("artifact")
    command = [sys.executable, "-m", "ansible", "galaxy", "collection", "build", "--output-path", directory]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (tarball,) = directory.glob("*.tar.gz")
    with tarfile.open(tarball) as archive:
        files = {member.name: archive.extractfile(member) for member in archive if member.isfile()}
        return {name: file.read() for name, file in files.items() if file}


def test_artifact_has_exactly_what_users_need(artifact: dict[str, bytes]) -> None:
    assert {name.partition("/")[0] for name in artifact} | {"docs"} == USERS_NEED
    assert not [name for name in artifact if "__pycache__" in name or name.startswith("extensions/molecule/")]
    pages = [path for path in (ROOT / "plugins").rglob("*") if path.suffix in (".css", ".j2", ".js")]
    beside_code = {f"plugins/{path.relative_to(ROOT / 'plugins')}" for path in pages}
    assert len(beside_code) == 8
    assert beside_code <= set(artifact)


def anchors(text: str) -> set[str]:
    """The heading anchors of a page, as generated by GitHub and Galaxy."""
    headings = re.findall(r"^#+ (.+)$", re.sub(r"(?ms)^```.*?^```", "", text), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_artifact_links_resolve(artifact: dict[str, bytes]) -> None:
    pages = {name: content.decode() for name, content in artifact.items() if name.endswith(".md")}
    assert {"README.md", *(f"roles/{path.name}/README.md" for path in (ROOT / "roles").iterdir())} <= set(pages)
    dead, relative = [], 0
    for page, text in pages.items():
        for link in re.findall(r"\]\((?![a-z]+:)([^)\s]+)\)", text):
            path, _hash, anchor = link.partition("#")
            target = os.path.normpath(os.path.join(os.path.dirname(page), path)) if path else page
            found = target in artifact and (not anchor or anchor in anchors(pages[target]))
            relative += 1
            if not found:
                dead.append(f"{page}: {link}")
    assert relative > 15
    assert dead == []
