# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run all `ansible-test sanity` tests on a copy of the checkout; arguments are passed through.

ansible-test rejects a symlinked collection and keeps its environments in the home directory. It gets a copy in
`.build/sanity` and the home directory `.build/home`, so that nothing outside the checkout is read or written.
"""

from __future__ import annotations

import ast
import configparser
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from types import SimpleNamespace

from ansible_test._internal.python_requirements import get_venv_packages

ROOT = Path(__file__).resolve().parents[2]
COLLECTIONS = ROOT / ".build/sanity/ansible_collections"
COPY = COLLECTIONS / "panw/cloud"
HOME = ROOT / ".build/home"
CACHE = HOME / ".ansible/test/cache"
PIP_CONFIG = HOME / ".config/pip/pip.conf"
PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
# pylint takes most of the time, and ruff checks the tests, which the artifact does not contain.
EVERYTHING = (["--skip-test", "pylint"], ["--test", "pylint", "--exclude", "tests/"])
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check"]


def copy_checkout() -> None:
    """Copy every tracked and untracked, not ignored file, next to the collection that this one requires."""
    shutil.rmtree(COLLECTIONS, ignore_errors=True)
    # As part of the checkout's repository, the whole copy would be ignored.
    subprocess.run(["git", "init", "--quiet", COPY], check=True)
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    for name in subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0"):
        source = ROOT / name
        if source.is_file():
            (COPY / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, COPY / name)
    (COLLECTIONS / "amazon").symlink_to(Path(sysconfig.get_path("purelib"), "ansible_collections/amazon"))


def cache_pip() -> None:
    """Cache the pip version of ansible-test, so that it does not download one."""
    version = get_venv_packages(SimpleNamespace(version=PYTHON))["pip"]
    script = CACHE / f"get_pip_{version.replace('.', '_')}.py"
    CACHE.mkdir(parents=True, exist_ok=True)
    if not (CACHE / f"pip-{version}-py3-none-any.whl").exists():
        subprocess.run([*PIP, "download", "--no-deps", "--dest", CACHE, f"pip=={version}"], check=True)
    shutil.copyfile(Path(__file__).with_name("get_pip.py"), script)


def write_pip_config() -> None:
    """Pass on the user's pip settings: ansible-test clears the environment and has a different home directory."""
    config = configparser.RawConfigParser()
    settings = subprocess.run([*PIP, "config", "list"], check=True, capture_output=True, text=True).stdout
    for line in settings.splitlines():
        name, value = line.split("=", 1)
        section, option = name.replace(":env:", "global").rsplit(".", 1)
        config.setdefault(section, {})
        config.set(section, option, ast.literal_eval(value))
    PIP_CONFIG.parent.mkdir(parents=True, exist_ok=True)
    with open(os.open(PIP_CONFIG, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        config.write(file)


def ansible_test(*arguments: str) -> int:
    """Run sanity tests and return the exit code."""
    command = ["ansible-test", "sanity", "--python", PYTHON, *arguments]
    return subprocess.run(command, cwd=COPY, env={**os.environ, "HOME": str(HOME)}, check=False).returncode


def main() -> int:
    copy_checkout()
    cache_pip()
    write_pip_config()
    try:
        codes = [ansible_test(*arguments) for arguments in ([sys.argv[1:]] if sys.argv[1:] else EVERYTHING)]
        return max(codes)
    finally:
        PIP_CONFIG.unlink()  # it can contain an index password


if __name__ == "__main__":
    sys.exit(main())
