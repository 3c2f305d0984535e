# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Release the collection: version, changelog from the fragments, commit, tag and a verified tarball.

Everything is built and checked in a scratch clone before the commit and the tag are fetched into the checkout and the tarball is
copied to `.build/artifact`: a failed release changes nothing, and a dry run skips only that last step.
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
    """Run git in a repository and return its output."""
    return run(["git", *arguments], where).strip()


def parts(version: str) -> tuple[int, ...]:
    """The components of a version, for comparison."""
    if not re.fullmatch(r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}", version):
        raise Refused(f"{version!r} is not a valid version: use three numbers, such as VERSION=0.2.0.")
    return tuple(int(number) for number in version.split("."))


def released(where: Path) -> list[str]:
    """The versions in the changelog, oldest first."""
    changelog = yaml.safe_load((where / "changelogs/changelog.yaml").read_text(encoding="utf-8"))
    return sorted(changelog["releases"], key=parts)


def next_minor(where: Path) -> str:
    """The default version of a dry run."""
    major, minor, _patch = parts(released(where)[-1])
    return f"{major}.{minor + 1}.0"


def check_request(root: Path, version: str, *, dry_run: bool) -> None:
    """Validate the request before anything is created."""
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
                "There are uncommitted changes. Commit or stash them: a release contains only committed files."
            )
        print("Note: uncommitted changes are not included.")


def identity(root: Path, *, dry_run: bool) -> list[str]:
    """git options for the identity of the committer."""
    try:
        name, email = (git(root, "config", f"user.{part}") for part in ("name", "email"))
    except Refused:
        if not dry_run:
            raise Refused("git does not know who you are: set user.name and user.email with git config.") from None
        name, email = "Rehearsal", "rehearsal@example.invalid"
    return ["-c", f"user.name={name}", "-c", f"user.email={email}"]


@dataclass
class Workshop:
    """A scratch directory for building a release, with a separate home directory.

    :ivar place: the scratch directory.
    """

    place: Path

    @property
    def clone(self) -> Path:
        """The clone of the repository, at a path where Ansible's tools find a collection."""
        return self.place / "ansible_collections/panw/cloud"

    def run(self, *command: str | Path) -> str:
        """Run a command in the clone, without the user's settings for Ansible."""
        return run(command, self.clone, home=self.place)

    def write_release(self, root: Path, version: str, who: list[str]) -> None:
        """Clone the last commit and create the release in the clone."""
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
        """Check the metadata, build the tarball, install it, and check the result."""
        self.run("antsibull-changelog", "lint-changelog-yaml", "--strict", "changelogs/changelog.yaml")
        self.run("ansible-lint", "--offline", "galaxy.yml", "meta/runtime.yml")
        self.run("ansible-galaxy", "collection", "build", "--output-path", self.place)
        tarball = self.place / f"panw-cloud-{version}.tar.gz"
        check(tarball, version, self.clone)
        return tarball


def release(root: Path, version: str, *, dry_run: bool) -> None:
    """Release the checkout `root`."""
    check_request(root, version, dry_run=dry_run)
    who = identity(root, dry_run=dry_run)
    print(
        f"{'Dry run: building' if dry_run else 'Building'} {version} in a scratch clone, then installing and checking it.",
        flush=True,
    )
    with tempfile.TemporaryDirectory(prefix="panw-cloud-release-") as scratch:
        workshop = Workshop(Path(scratch))
        workshop.write_release(root, version, who)
        tarball = workshop.build(version)
        print(git(workshop.clone, "show", "--stat", "--format=%s", "HEAD"))
        if dry_run:
            print(f"\nDry run of {version} succeeded: {tarball.name} is valid. Nothing was changed here.")
            return
        git(root, "pull", "--quiet", "--ff-only", "--tags", workshop.clone, "HEAD")
        place = root / ".build/artifact"
        place.mkdir(parents=True, exist_ok=True)
        shutil.copy(tarball, place)
    print(f"\nReleased {version}: .build/artifact/{tarball.name}. Publish it: git push --follow-tags, then")
    print(f"ansible-galaxy collection publish .build/artifact/{tarball.name}")


def main(arguments: list[str], root: Path) -> int:
    """Return 0 on success, 1 if the release was not possible."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--dry-run", action="store_true", help="build and check everything in a scratch clone, then discard it"
    )
    parser.add_argument("version", nargs="?", help="such as 0.2.0; a dry run defaults to the next minor version")
    options = parser.parse_args(arguments)
    try:
        if not options.version and not options.dry_run:
            raise Refused("Specify the version: make release VERSION=0.2.0")
        release(root, options.version or next_minor(root), dry_run=options.dry_run)
    except Refused as refusal:
        print(f"release: {refusal}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], Path(__file__).resolve().parents[2]))
