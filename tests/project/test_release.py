# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`make release` on clones of the checkout, including uncommitted changes."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
import yaml

import tarball
from commands import Refused

from .conftest import CHANGE, FRAGMENT, ROOT, git

SOME = {"galaxy.yml", "meta/runtime.yml", "plugins/modules/ngfw_token.py"}


def release(repository: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the release command of a repository."""
    command = [sys.executable, "-B", repository / "tests/tools/release.py", *arguments]
    return subprocess.run(command, cwd=repository, check=False, capture_output=True, text=True)


def state(repository: Path) -> list[str]:
    """Everything that a release changes."""
    return [
        git(repository, *command.split()) for command in ("status --porcelain --ignored", "log --oneline", "tag --list")
    ]


@pytest.fixture
def repository(original: Path, tmp_path: Path) -> Path:
    """A separate repository."""
    return Path(shutil.copytree(original, tmp_path / "repository"))


@pytest.fixture(scope="session")
def version(original: Path) -> str:
    """The next minor version."""
    last = max([int(part) for part in name.split(".")] for name in releases(original))
    return f"{last[0]}.{last[1] + 1}.0"


def releases(repository: Path) -> dict[str, dict[str, dict[str, list[str]]]]:
    """The changelog's releases."""
    changelog: dict[str, dict[str, dict[str, dict[str, list[str]]]]]
    changelog = yaml.safe_load((repository / "changelogs/changelog.yaml").read_text(encoding="utf-8"))
    return changelog["releases"]


def test_dry_run_checks_a_release_and_changes_nothing(repository: Path, version: str) -> None:
    git(repository, "config", "--unset", "user.email")
    (repository / "README.md").write_text("Being changed.")
    before = state(repository)
    run = release(repository, "--dry-run")
    assert run.returncode == 0, run.stderr
    assert f"Dry run of {version} succeeded" in run.stdout
    assert "uncommitted changes are not included" in run.stdout
    assert state(repository) == before


def test_release(repository: Path, version: str) -> None:
    run = release(repository, version)
    assert run.returncode == 0, run.stderr
    assert git(repository, "describe").strip() == version
    assert git(repository, "status", "--porcelain") == ""
    assert yaml.safe_load((repository / "galaxy.yml").read_text())["version"] == version
    assert CHANGE in releases(repository)[version]["changes"]["bugfixes"]
    assert not (repository / FRAGMENT).exists()
    assert (repository / "changelogs/fragments/.keep").exists()
    with tarfile.open(repository / f".build/artifact/panw-cloud-{version}.tar.gz") as archive:
        assert "CHANGELOG.md" in archive.getnames()


def test_changes_must_be_committed(repository: Path, version: str) -> None:
    (repository / "new.txt").touch()
    assert_refused(repository, version, "There are uncommitted changes.")


def test_existing_tag_is_never_moved(repository: Path, version: str) -> None:
    git(repository, "tag", version)
    assert_refused(repository, version, f"The tag {version} exists.")


def test_release_without_fragments_is_refused(repository: Path, version: str) -> None:
    git(repository, "rm", "--quiet", *git(repository, "ls-files", "changelogs/fragments/*.yml").split())
    git(repository, "commit", "--quiet", "--message", "No fragments")
    assert_refused(repository, version, "Nothing to release")


@pytest.mark.parametrize("wrong", ["0.0.9", "0.1.0", "1.0", "v1.0.0", "1.0.0-rc1", "01.0.0", "1.0.0\n"])
def test_version_must_be_newer_and_valid(repository: Path, wrong: str) -> None:
    assert_refused(repository, wrong, "is not newer than" if wrong in ("0.0.9", "0.1.0") else "is not a valid version")


def test_missing_version_is_refused(repository: Path) -> None:
    run = release(repository)
    assert run.returncode == 1
    assert "Specify the version" in run.stderr


def test_failure_in_the_scratch_clone_changes_nothing(repository: Path, version: str) -> None:
    galaxy = repository / "galaxy.yml"
    galaxy.write_text(galaxy.read_text(encoding="utf-8").replace("\nversion: ", "\nversion:\n  "), encoding="utf-8")
    git(repository, "commit", "--all", "--quiet", "--message", "Another layout of the version")
    assert_refused(repository, version, "galaxy.yml has no line for the version.")


def test_module_missing_in_the_changelog_is_refused() -> None:
    one = next(iter(releases(ROOT)))
    tarball.check_changelog(ROOT, one, ["ngfw_token"])
    with pytest.raises(Refused, match="The changelog does not list ngfw_silent"):
        tarball.check_changelog(ROOT, one, ["ngfw_token", "ngfw_silent"])


def assert_refused(repository: Path, version: str, reason: str) -> None:
    """Assert that the release fails for that reason and changes nothing."""
    before = state(repository)
    run = release(repository, version)
    assert run.returncode == 1, run.stdout
    assert reason in run.stderr
    assert state(repository) == before


def test_tarball_must_contain_all_runtime_files() -> None:
    tarball.check_content(SOME | {"MANIFEST.json", "FILES.json"}, SOME | {"tests/unit/test_project.py"})
    with pytest.raises(Refused, match=r"lacks meta/runtime\.yml"):
        tarball.check_content(SOME - {"meta/runtime.yml"}, SOME)


def test_tarball_must_not_contain_untracked_files() -> None:
    with pytest.raises(Refused, match=r"does not track: notes\.txt"):
        tarball.check_content(SOME | {"notes.txt"}, SOME)
