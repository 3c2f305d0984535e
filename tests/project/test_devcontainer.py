# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The dev container without a container engine: its command, and the programs that its settings name."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest

import matrix

ROOT = Path(__file__).parents[2]
VENV = "${containerWorkspaceFolder}/.venv/"


@pytest.fixture(scope="module")
def container() -> dict[str, Any]:
    """The configuration."""
    found: dict[str, Any] = json.loads((ROOT / ".devcontainer/devcontainer.json").read_text(encoding="utf-8"))
    return found


def test_command_after_creation_has_targets_of_the_makefile(container: dict[str, Any]) -> None:
    program, *targets = container["postCreateCommand"].split()
    assert program == "make"
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert targets
    assert not [target for target in targets if not re.search(rf"^{target}:.* ## ", makefile, re.MULTILINE)]


def test_settings_name_programs_of_the_virtual_environment(container: dict[str, Any]) -> None:
    """Python's directory stands for C(.venv), which has another name for another ansible-core."""
    settings = container["customizations"]["vscode"]["settings"]
    named = [value for value in settings.values() if isinstance(value, str)]
    assert len(named) == 4
    environment = Path(sys.executable).parents[1]
    assert not [value for value in named if not (environment / value.removeprefix(VENV)).exists()]


def test_python_of_the_image_is_supported(container: dict[str, Any]) -> None:
    assert f"python{container['image'].rpartition(':')[2]}" in matrix.PYTHONS
