# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The checkout as a clean repository, for tools that need one."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FRAGMENT = "changelogs/fragments/rehearsed.yml"
CHANGE = "ngfw_token - something is better now."


def git(where: Path, *arguments: str) -> str:
    """Run git and return its output."""
    return subprocess.run(["git", *arguments], cwd=where, check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with one commit: the checkout with its uncommitted changes, and a changelog fragment."""
    place = tmp_path_factory.mktemp("original")
    for name in git(ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0"):
        if (ROOT / name).is_file():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, place / name)
    (place / FRAGMENT).write_text(f"bugfixes:\n  - {CHANGE}\n")
    git(place, "init", "--quiet")
    git(place, "config", "user.name", "A maintainer")
    git(place, "config", "user.email", "maintainer@example.invalid")
    git(place, "add", "--all")
    git(place, "commit", "--quiet", "--message", "Everything")
    return place
