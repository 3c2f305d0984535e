# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The code blocks of the guides: plays and tasks run in the order of the page, shellcheck checks shell scripts, the rest is parsed.

A block of YAML that starts with the comment ``# name.yml`` is a file beside the playbook.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest
import yaml

from ..conftest import ROOT

GUIDES = sorted((ROOT / "docs/docsite/rst").glob("*.rst"))
BLOCK = re.compile(
    r"^(?P<margin> *)\.\. code-block:: (?P<language>\S+)\n\n(?P<text>(?:(?P=margin) +.*\n|\n)+)", re.MULTILINE
)
FILE = re.compile(r"# (\S+\.yml)\n")


def blocks(page: Path) -> list[tuple[str, str]]:
    """The language and the text of each code block of a page."""
    text = page.read_text()
    found = [(match["language"], textwrap.dedent(match["text"])) for match in BLOCK.finditer(text)]
    assert len(found) == text.count(".. code-block::"), page
    return found


def plays(text: str) -> list[dict[str, Any]]:
    """The plays of a block; tasks become a play on localhost."""
    content = yaml.safe_load(text)
    if "hosts" in content[0]:
        return list(content)
    return [
        {
            "name": "Tasks of the guide",
            "hosts": "localhost",
            "connection": "local",
            "gather_facts": False,
            "tasks": content,
        }
    ]


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.stem)
def test_plays_of_a_guide_succeed(services: Any, controller: Any, page: Path) -> None:
    found = [play for language, text in blocks(page) if language == "yaml+jinja" for play in plays(text)]
    if not found:
        return
    for language, text in blocks(page):
        if language == "yaml" and (named := FILE.match(text)):
            file = controller.home / named[1]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
    playbook = controller.home / f"{page.stem}.yml"
    playbook.write_text(yaml.safe_dump(found, sort_keys=False))
    # With a registry, the simulated service performs what the guide leaves to manual steps.
    contract = json.loads(Path(services.endpoints["registry_contract"]).read_text())
    variables = controller.home / "variables.json"
    variables.write_text(json.dumps({"wildfire_access_registry": contract}))
    run = controller.playbook(playbook, "-e", f"@{variables}", **services.administrator)
    assert run.returncode == 0, run.output


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.stem)
def test_other_blocks_of_a_guide_are_valid(services: Any, page: Path, tmp_path: Path) -> None:
    for language, text in blocks(page):
        if language == "yaml":
            assert yaml.safe_load(text), text
        elif language == "sh":
            script = tmp_path / "script.sh"
            script.write_text(text)
            command = [str(Path(sys.executable).parent / "shellcheck"), "--shell=bash", str(script)]
            checked = subprocess.run(command, capture_output=True, text=True, check=False)
            assert checked.returncode == 0, checked.stdout
        elif language == "python":  # run by test_guide_simulator.py
            compile(text, page.name, "exec")
        elif language == "json":  # a fault to inject into the simulated services
            services.ask("POST", "/faults", **json.loads(text))
            services.ask("DELETE", "/faults")
        else:
            assert language == "yaml+jinja", f"{page.name}: nothing checks blocks in {language}"
