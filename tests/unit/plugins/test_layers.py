# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each layer imports only from lower layers; simulator and plugins do not import each other."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PLUGINS = ROOT / "plugins"
UTILS = PLUGINS / "module_utils"
PREFIX = "ansible_collections.panw.cloud."
# Bottom up, as in CONTRIBUTING.md.
LAYERS = [{"_common"}, {"_transport"}, {"_aws"}, {"_stores"}, {"_ngfw", "_scm"}, {"_wildfire"}, {"_module"}]


def imports(path: Path) -> set[str]:
    """The full names of all modules that a file imports, under any condition."""
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
    """The folder of module_utils that a file belongs to."""
    return path.relative_to(UTILS).parts[0]


def layer(name: str) -> int:
    return next(number for number, names in enumerate(LAYERS) if name in names)


def test_module_utils_import_only_from_lower_layers() -> None:
    for path in UTILS.rglob("*.py"):
        own = unit(path)
        for name in imports(path):
            other = name.removeprefix(f"{PREFIX}plugins.module_utils.").split(".")[0]
            if name.startswith(f"{PREFIX}plugins.module_utils.") and other != own:
                assert layer(other) < layer(own), f"{path} imports {name}"


def test_only_module_layer_uses_ansible_module() -> None:
    for path in UTILS.rglob("*.py"):
        if unit(path) == "_module":
            continue
        for name in imports(path):
            assert not name.startswith("ansible_collections.amazon"), path
            assert "AnsibleModule" not in name, path
            assert name.partition(".")[0] != "ansible" or name.startswith("ansible.module_utils.basic"), path


def test_contributing_shows_same_layers() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    picture = text[text.index("## Layers") :].split("```")[1]
    shown = [set(re.findall(r"module_utils/(_\w+)/", line)) for line in picture.splitlines()]
    assert [names for names in reversed(shown) if names] == LAYERS


def test_modules_use_no_transport_directly() -> None:
    for path in (PLUGINS / "modules").glob("*.py"):
        for name in imports(path):
            assert name.partition(".")[0] not in {"boto3", "botocore", "requests", "urllib3", "http", "socket", "ssl"}
            assert not name.startswith("ansible_collections.amazon")


# Parts that may run on the controller without loading the SDKs.
LIGHT = {
    "_common",
    "_module.argspec",
    "_ngfw.admin_roles",
    "_ngfw.resources.plan_content",
    "_ngfw.tokens.options",
    "_wildfire.errors",
}


def test_controller_plugins_import_neither_sdk_nor_network_code() -> None:
    """Except at run time: fleet rotation imports its engine, so that other tasks do not wait for the SDKs, the inventory what its cache lacks, and the
    lookup what reads its store."""
    utils = f"{PREFIX}plugins.module_utils."
    for path in [
        path for kind in ("action", "inventory", "lookup", "plugin_utils") for path in (PLUGINS / kind).rglob("*.py")
    ]:
        for name in imports(path) - lazy_imports(path):
            assert name.partition(".")[0] not in {"boto3", "botocore", "requests", "urllib3"}, path
            if name.startswith(utils):
                own = name.removeprefix(utils)
                assert any(f"{own}.".startswith(f"{light}.") for light in LIGHT), f"{path} imports {name}"


def test_argument_specs_import_no_sdk() -> None:
    program = f"import sys, {PREFIX}plugins.module_utils._module.argspec; print(sorted(sys.modules))"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / ".build")}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert not {"boto3", "botocore", "requests"} & set(ast.literal_eval(done.stdout))


def sent(path: Path) -> set[Path]:
    """The files of this collection that Ansible sends to a host with one of them: all that they import, under any condition."""
    found, waiting = set(), [path]
    while waiting:
        current = waiting.pop()
        found.add(current)
        names = (name.removeprefix(PREFIX) for name in imports(current) if name.startswith(PREFIX))
        files = (ROOT / f"{name.replace('.', '/')}.py" for name in names)
        waiting += [file for file in files if file.is_file() and file not in found]
    return found


def test_module_for_one_token_is_sent_without_stores_and_wildfire() -> None:
    """Each task of a loop, or of many hosts, waits for what is sent."""
    shipped = {
        file.relative_to(UTILS).as_posix() for file in sent(PLUGINS / "modules/ngfw_token.py") if UTILS in file.parents
    }
    assert {"_transport/http.py", "_ngfw/tokens/service.py"} < shipped
    assert {name for name in shipped if name.startswith(("_stores", "_wildfire", "_scm"))} == {"_stores/options.py"}


def lazy_imports(path: Path) -> set[str]:
    """Imports inside functions and imports for type checkers only, by the names that L(imports) returns."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inner = [node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.If))]
    lazy = [node for outer in inner for node in ast.walk(outer) if isinstance(node, ast.ImportFrom)]
    return {
        name for node in lazy for alias in node.names for name in (node.module, f"{node.module}.{alias.name}") if name
    }


def test_plugins_and_simulator_do_not_import_each_other() -> None:
    for path in PLUGINS.rglob("*.py"):
        assert not [name for name in imports(path) if "panw_simulator" in name or name.startswith(f"{PREFIX}roles")], (
            path
        )
    for path in (ROOT / "roles/simulator").rglob("*.py"):
        assert not [
            name for name in imports(path) if name.startswith(("ansible_collections.amazon", f"{PREFIX}plugins"))
        ], path


def test_relative_imports_are_detected() -> None:
    """Guards the tests above, which are worthless if they miss them."""
    assert f"{PREFIX}plugins.module_utils._common.errors" in imports(UTILS / "_ngfw/tokens/service.py")
    assert f"{PREFIX}plugins.module_utils._ngfw.client" in imports(UTILS / "_ngfw/tokens/service.py")
