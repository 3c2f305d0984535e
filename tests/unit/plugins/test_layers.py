# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each layer imports only from layers under it, and the simulator and the plugins know nothing of each other."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PLUGINS = ROOT / "plugins"
UTILS = PLUGINS / "module_utils"
PREFIX = "ansible_collections.panw.cloud."
# From the ground up; what lies in a folder has the layer of the folder.
LAYERS = [
    {"_errors", "_secrets", "_arguments", "_admin_roles", "_dates", "_process", "_regions", "_statuses", "_urls"},
    {"_http", "_no_answer", "_sigv4", "_aws", "_aws_credentials", "_aws_direct", "_iam", "_server", "_pacing"},
    {"_stores"},
    {"_ngfw", "_scm"},
    {"_wildfire"},
    {"_exit", "_aws_side"},
    {"_edge", "_scm_edge", "_fleet"},
    {"_scm_store_edge"},
]
# The only places that may know Ansible's module object.
EDGES = {"_exit", "_aws_side", "_edge", "_scm_edge", "_fleet", "_scm_store_edge"}


def imports(path: Path) -> set[str]:
    """The modules that a file imports, in full, whatever the condition."""
    package = (PREFIX + ".".join(path.relative_to(ROOT).parent.parts)).split(".")
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            parent = ".".join([*base, *([node.module] if node.module else [])])
            found |= {parent, *(f"{parent}.{alias.name}" for alias in node.names)}
    return found


def unit(path: Path) -> str:
    """The file or folder of module_utils that a file belongs to."""
    return path.relative_to(UTILS).parts[0].removesuffix(".py")


def layer(name: str) -> int:
    return next(number for number, names in enumerate(LAYERS) if name in names)


KNOWN = sorted(UTILS.rglob("*.py"))


@pytest.mark.parametrize("path", KNOWN, ids=lambda path: str(path.relative_to(UTILS)))
def test_layers(path: Path) -> None:
    own = unit(path)
    for name in imports(path):
        parts = name.removeprefix(f"{PREFIX}plugins.module_utils.").split(".")
        if name.startswith(f"{PREFIX}plugins.module_utils.") and any(parts[0] in names for names in LAYERS):
            same = layer(parts[0]) == layer(own)
            assert layer(parts[0]) <= layer(own), f"{own} imports {name}"
            assert not same or layer(own) < 2 or parts[0] == own


@pytest.mark.parametrize("path", KNOWN, ids=lambda path: str(path.relative_to(UTILS)))
def test_nothing_below_the_edges_knows_ansibles_module_object(path: Path) -> None:
    if unit(path) not in EDGES:
        for name in imports(path):
            assert not name.startswith("ansible_collections.amazon")
            assert "AnsibleModule" not in name
            assert name.partition(".")[0] != "ansible" or name.startswith("ansible.module_utils.basic")


@pytest.mark.parametrize("path", sorted((PLUGINS / "modules").glob("*.py")), ids=lambda path: path.stem)
def test_modules_do_no_transport_of_their_own(path: Path) -> None:
    for name in imports(path):
        assert name.partition(".")[0] not in {"boto3", "botocore", "requests", "urllib3", "http", "socket", "ssl"}
        assert not name.startswith("ansible_collections.amazon")


@pytest.mark.parametrize("folder", ["action", "plugin_utils"])
def test_what_runs_on_the_controller_touches_neither_sdk_nor_network(folder: str) -> None:
    """Other than the rotation of a fleet, which imports its edge when it runs, so that nobody else waits for SDKs."""
    for path in (PLUGINS / folder).rglob("*.py"):
        lazy = fleet_imports(path) if path.stem == "ngfw_token_rotation" else set()
        for name in imports(path) - lazy:
            assert not {"boto3", "botocore", "requests", "_http", "_aws", *EDGES} & set(name.split("."))


def fleet_imports(path: Path) -> set[str]:
    """What functions import when they are called, by the names that L(imports) gives."""
    functions = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)]
    lazy = [node for function in functions for node in ast.walk(function) if isinstance(node, ast.ImportFrom)]
    assert lazy
    return {f"{node.module}.{alias.name}" for node in lazy for alias in node.names if alias.name == "_fleet"}


def test_plugins_and_simulator_know_nothing_of_each_other() -> None:
    for path in PLUGINS.rglob("*.py"):
        assert not [name for name in imports(path) if "panw_simulator" in name or name.startswith(f"{PREFIX}roles")], (
            path
        )
    for path in (ROOT / "roles/simulator").rglob("*.py"):
        assert not [
            name for name in imports(path) if name.startswith(("ansible_collections.amazon", f"{PREFIX}plugins"))
        ], path


def test_relative_imports_are_seen() -> None:
    """The test above would be worth nothing if it overlooked them."""
    assert f"{PREFIX}plugins.module_utils._common.errors" in imports(UTILS / "_ngfw/client.py") | imports(
        UTILS / "_ngfw/tokens.py"
    )
    assert f"{PREFIX}plugins.module_utils._arguments" in imports(UTILS / "_ngfw/freshness.py")
