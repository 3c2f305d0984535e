# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The maintainers' make targets and git hooks."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from .conftest import ROOT, git

# They check the whole collection, which takes minutes; make lint runs them, too.
LONG = ("mypy", "ansible-lint")


@pytest.fixture
def checkout(original: Path, tmp_path: Path) -> Path:
    """A clone after `make setup`."""
    place = tmp_path / "checkout"
    git(original, "clone", "--quiet", str(original), str(place))
    (place / ".venv").symlink_to(sys.prefix)
    return place


def run_hooks(checkout: Path) -> subprocess.CompletedProcess[str]:
    """Run the quick hooks on all files, offline."""
    nowhere = {"https_proxy": "http://127.0.0.1:9", "http_proxy": "http://127.0.0.1:9"}
    settings = {"SKIP": ",".join(LONG), "PRE_COMMIT_HOME": str(checkout.parent / "cache"), "HOME": str(checkout.parent)}
    return subprocess.run(
        [Path(sys.executable).parent / "pre-commit", "run", "--all-files"],
        cwd=checkout,
        env={**os.environ, **nowhere, **settings},
        check=False,
        capture_output=True,
        text=True,
    )


def test_hooks_pass_in_a_fresh_clone(checkout: Path) -> None:
    run = run_hooks(checkout)
    assert run.returncode == 0, run.stdout + run.stderr
    hooks = yaml.safe_load((checkout / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"][0]["hooks"]
    results = re.findall(r"\.(Passed|Skipped)$", run.stdout, re.MULTILINE)
    assert (results.count("Passed"), results.count("Skipped")) == (len(hooks) - len(LONG), len(LONG))


def test_hooks_find_faults(checkout: Path) -> None:
    (checkout / "plugins/module_utils/_common/dates.py").write_text("import os \n", encoding="utf-8")
    (checkout / "key.pem").write_text("-----BEGIN " + "RSA PRIVATE KEY-----\n", encoding="utf-8")
    git(checkout, "add", "--all")
    run = run_hooks(checkout)
    assert run.returncode == 1
    assert set(re.findall(r"^- hook id: (.*)$", run.stdout, re.MULTILINE)) == {
        "trailing-whitespace",
        "private-key",
        "ruff-check",
    }


def test_long_hooks_use_existing_programs(checkout: Path) -> None:
    hooks = yaml.safe_load((checkout / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"][0]["hooks"]
    programs = [hook["entry"].split()[0] for hook in hooks]
    assert not [name for name in programs if not (checkout / name).exists()]


def test_make_help_lists_every_target() -> None:
    (phony,) = re.findall(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    listed = subprocess.run(
        [shutil.which("make") or "make", "--no-print-directory", "help"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    assert sorted(line.split()[0] for line in listed.stdout.splitlines()) == sorted(phony.split())
