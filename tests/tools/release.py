# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Releases the collection: its version, the changelog from the fragments, a commit, a tag and a checked tarball.

All of it is made and checked in a scratch clone. Only then do the commit and the tag come into the checkout, and the tarball into
`.build/artefact`: a release that fails changes nothing, and a dry run is a release without that last step.
"""

from __future__ import annotations

import argparse
import datetime
import re
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import yaml

from commands import Refused, run
from tarball import check

FRAGMENTS = "changelogs/fragments"


def git(where: Path, *arguments: str | Path) -> str:
    """Run git in a repository; give what it printed."""
    return run(["git", *arguments], where).strip()


def parts(version: str) -> tuple[int, ...]:
    """The numbers of a version, for comparison."""
    if not re.fullmatch(r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}", version):
        raise Refused(f"{version!r} is no version: give three numbers, such as VERSION=0.2.0.")
    return tuple(int(number) for number in version.split("."))


def released(where: Path) -> list[str]:
    """The versions in the changelog, oldest first."""
    changelog = yaml.safe_load((where / "changelogs/changelog.yaml").read_text(encoding="utf-8"))
    return sorted(changelog["releases"], key=parts)


def next_minor(where: Path) -> str:
    """The version that a rehearsal takes where none is given."""
    major, minor, _patch = parts(released(where)[-1])
    return f"{major}.{minor + 1}.0"


def check_request(root: Path, version: str, *, dry_run: bool) -> None:
    """Refuse what must not be released, before anything is made."""
    last = released(root)[-1]
    if parts(version) <= parts(last):
        raise Refused(f"Version {version} is not newer than {last}, the last one in the changelog.")
    if version in git(root, "tag", "--list").split():
        raise Refused(f"The tag {version} exists. Choose another version.")
    if not re.search(r"\.ya?ml$", git(root, "ls-tree", "--name-only", "HEAD", f"{FRAGMENTS}/"), re.MULTILINE):
        raise Refused(f"Nothing to release: no changelog fragment is committed in {FRAGMENTS}.")
    if git(root, "status", "--porcelain"):
        if not dry_run:
            raise Refused(
                "There are uncommitted changes. Commit or stash them: a release is what the repository holds."
            )
        print("Note: uncommitted changes are left out.")


def identity(root: Path, *, dry_run: bool) -> list[str]:
    """Options for git: who releases."""
    try:
        name, email = (git(root, "config", f"user.{part}") for part in ("name", "email"))
    except Refused:
        if not dry_run:
            raise Refused("git does not know who you are: set user.name and user.email with git config.") from None
        name, email = "Rehearsal", "rehearsal@example.invalid"
    return ["-c", f"user.name={name}", "-c", f"user.email={email}"]


@dataclass
class Workshop:
    """A scratch directory where a release is made, with a home directory of its own.

    :ivar place: the scratch directory.
    """

    place: Path

    @property
    def clone(self) -> Path:
        """The copy of the repository, where Ansible's tools look for a collection."""
        return self.place / "ansible_collections/panw/cloud"

    def run(self, *command: str | Path) -> str:
        """Run a command in the clone, without the user's settings for Ansible."""
        return run(command, self.clone, home=self.place)

    def write_release(self, root: Path, version: str, who: list[str]) -> None:
        """Clone the last commit, and release it there."""
        git(root, "clone", "--quiet", "--no-hardlinks", root, self.clone)
        galaxy = self.clone / "galaxy.yml"
        text, count = re.subn(r"(?m)^version: .*$", f"version: {version}", galaxy.read_text(encoding="utf-8"))
        if count != 1:
            raise Refused("galaxy.yml has no line for the version.")
        galaxy.write_text(text, encoding="utf-8")
        today = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
        self.run("antsibull-changelog", "release", "--version", version, "--date", today)
        git(self.clone, "add", "--all")
        git(self.clone, *who, "commit", "--quiet", "--message", f"Release {version}")
        git(self.clone, *who, "tag", "--annotate", "--message", f"panw.cloud {version}", version)

    def build(self, version: str) -> Path:
        """Check the metadata, build the tarball, install it, and check what came of it."""
        self.run("antsibull-changelog", "lint-changelog-yaml", "--strict", "changelogs/changelog.yaml")
        self.run("ansible-lint", "--offline", "galaxy.yml", "meta/runtime.yml")
        self.run("ansible-galaxy", "collection", "build", "--output-path", self.place)
        tarball = self.place / f"panw-cloud-{version}.tar.gz"
        check(tarball, version, self.clone)
        return tarball


def release(root: Path, version: str, *, dry_run: bool) -> None:
    """Make a release of the checkout `root`."""
    check_request(root, version, dry_run=dry_run)
    who = identity(root, dry_run=dry_run)
    print(
        f"{'Rehearsing' if dry_run else 'Making'} {version} in a scratch clone; it is built, installed and checked.",
        flush=True,
    )
    with tempfile.TemporaryDirectory(prefix="panw-cloud-release-") as scratch:
        workshop = Workshop(Path(scratch))
        workshop.write_release(root, version, who)
        tarball = workshop.build(version)
        print(git(workshop.clone, "show", "--stat", "--format=%s", "HEAD"))
        if dry_run:
            print(f"\nRehearsed {version}: {tarball.name} is fit. Nothing was changed here.")
            return
        git(root, "pull", "--quiet", "--ff-only", "--tags", workshop.clone, "HEAD")
        place = root / ".build/artefact"
        place.mkdir(parents=True, exist_ok=True)
        shutil.copy(tarball, place)
    print(f"\nReleased {version}: .build/artefact/{tarball.name}. Publish it: git push --follow-tags, then")
    print(f"ansible-galaxy collection publish .build/artefact/{tarball.name}")


def main(arguments: list[str], root: Path) -> int:
    """Give 0 for a release, 1 where it was refused."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--dry-run", action="store_true", help="make and check everything in a scratch clone, and throw it away"
    )
    parser.add_argument(
        "version", nargs="?", help="such as 0.2.0; a dry run takes the next minor version where it is missing"
    )
    options = parser.parse_args(arguments)
    try:
        if not options.version and not options.dry_run:
            raise Refused("Name the version: make release VERSION=0.2.0")
        release(root, options.version or next_minor(root), dry_run=options.dry_run)
    except Refused as refusal:
        print(f"release: {refusal}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], Path(__file__).resolve().parents[2]))
