# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check a built collection: its content, its metadata, and that Ansible's tools can install and read it."""

from __future__ import annotations

import json
import tarfile
import tempfile
from pathlib import Path

import yaml

from commands import Refused, run

# All files there are needed at run time.
NEEDED = ("meta/", "playbooks/", "plugins/", "roles/")
MADE_BY_BUILD = {"FILES.json", "MANIFEST.json"}


def check(tarball: Path, version: str, repository: Path) -> None:
    """Raise Refused if a tarball does not match the repository's last commit.

    :param version: its expected version.
    """
    tracked = set(run(["git", "ls-files"], repository).splitlines())
    with tempfile.TemporaryDirectory(prefix="panw-cloud-tarball-") as scratch:
        with tarfile.open(tarball) as archive:
            check_content({member.name for member in archive if member.isfile()}, tracked)
        collection = _install(tarball, Path(scratch))
        modules = sorted(path.stem for path in collection.glob("plugins/modules/[!_]*.py"))
        check_manifest(collection, version)
        check_changelog(collection, version, modules)
        _read_documentation(modules, Path(scratch))


def check_content(content: set[str], tracked: set[str]) -> None:
    """Check that it contains all run-time files, and only files that git tracks."""
    missing = {name for name in tracked if name.startswith(NEEDED)} - content
    if missing:
        raise Refused(f"The tarball lacks {', '.join(sorted(missing))}.")
    strange = content - tracked - MADE_BY_BUILD
    if strange:
        raise Refused(f"The tarball contains files that git does not track: {', '.join(sorted(strange))}.")


def check_manifest(collection: Path, version: str) -> None:
    """Check its name, version, and the files that it refers to."""
    says = json.loads((collection / "MANIFEST.json").read_text(encoding="utf-8"))["collection_info"]
    found = f"{says['namespace']}.{says['name']} {says['version']}"
    if found != f"panw.cloud {version}":
        raise Refused(f"The tarball is {found}, not panw.cloud {version}.")
    if not (collection / says["readme"]).is_file():
        raise Refused(f"The tarball lacks its {says['readme']}.")


def check_changelog(collection: Path, version: str, modules: list[str]) -> None:
    """Check that the changelog has this version, and every module that it added."""
    releases = yaml.safe_load((collection / "changelogs/changelog.yaml").read_text(encoding="utf-8"))["releases"]
    if not releases.get(version, {}).get("changes"):
        raise Refused(f"The changelog has no entry for {version}.")
    if f"\n## v{version}\n" not in (collection / "CHANGELOG.md").read_text(encoding="utf-8").replace("\\", ""):
        raise Refused(f"CHANGELOG.md has no heading for {version}.")
    announced = {module["name"] for release in releases.values() for module in release.get("modules", [])}
    silent = sorted(set(modules) - announced)
    if silent:
        raise Refused(f"The changelog does not list {', '.join(silent)}. Set version_added: {version} in new content.")


def _install(tarball: Path, scratch: Path) -> Path:
    """Install into an empty path and verify every checksum."""
    galaxy = ["ansible-galaxy", "collection"]
    run([*galaxy, "install", "--offline", "--no-deps", "-p", str(scratch), str(tarball)], scratch, home=scratch)
    run([*galaxy, "verify", "--offline", "panw.cloud"], scratch, home=scratch)
    return scratch / "ansible_collections/panw/cloud"


def _read_documentation(modules: list[str], scratch: Path) -> None:
    text = run(
        ["ansible-doc", "--type", "module", "--json", *(f"panw.cloud.{name}" for name in modules)],
        scratch,
        home=scratch,
    )
    unread = set(modules) - {name.rpartition(".")[2] for name, entry in json.loads(text).items() if entry.get("doc")}
    if unread:
        raise Refused(f"ansible-doc cannot read {', '.join(sorted(unread))}.")
