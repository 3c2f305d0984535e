# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the tests on every supported ansible-core, each with its oldest and newest supported dependencies.

Oldest: the oldest available Python that runs that ansible-core, and the oldest amazon.aws, boto3, botocore and requests that the
collection allows. Newest: the newest available Python and packages. Each combination has a virtual environment and a log in
`.build/matrix`. The exit code is 0 if all tests passed in all of them.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PLACE = ROOT / ".build/matrix"
TESTS = ("tests/unit", "tests/simulator", "tests/integration")

# The oldest and newest Python of a control node, by ansible-core:
# https://docs.ansible.com/projects/ansible/latest/reference_appendices/release_and_maintenance.html
CORES = {
    "2.17": ((3, 10), (3, 12)),
    "2.18": ((3, 11), (3, 13)),
    "2.19": ((3, 11), (3, 13)),
    "2.20": ((3, 12), (3, 14)),
    "2.21": ((3, 12), (3, 14)),
}
OLDEST_PYTHON = (3, 11)
PYTHONS = ("python3", "python3.11", "python3.12", "python3.13", "python3.14")

AGES = ("oldest", "newest")
# Wheels with amazon.aws 9.0.0, the oldest that galaxy.yml allows, and 11.4.0.
COLLECTIONS = {"oldest": "ansible==11.0.0", "newest": "ansible==14.5.0"}
SHOWN = ("boto3", "requests", "urllib3")
READ_VERSIONS = f"""
import json, pathlib, sysconfig
from importlib.metadata import version
manifest = pathlib.Path(sysconfig.get_path("purelib"), "ansible_collections/amazon/aws/MANIFEST.json")
amazon = json.loads(manifest.read_text())["collection_info"]["version"]
print(json.dumps([version("ansible-core"), amazon, *map(version, {SHOWN})]))
"""

Version = tuple[int, int]


@dataclass(frozen=True)
class Cell:
    """One environment of the matrix.

    :ivar core: the series of ansible-core.
    :ivar version: of Python.
    :ivar python: the interpreter.
    :ivar age: `oldest` or `newest`.
    """

    core: str
    version: Version
    python: str
    age: str

    @property
    def name(self) -> str:
        """A short name, safe for file names."""
        return f"core{self.core}-python{self.version[0]}.{self.version[1]}-{self.age}"


@dataclass(frozen=True)
class Result:
    """The result of a cell.

    :ivar passed: whether all tests ran and passed.
    :ivar versions: of ansible-core, amazon.aws and the packages in SHOWN.
    :ivar summary: pytest's summary, or the failure before it.
    """

    cell: Cell
    passed: bool
    versions: list[str]
    summary: str
    seconds: float


def interpreters(names: Iterable[str]) -> dict[Version, str]:
    """The working interpreters by version; a name on PATH can be a shim without an interpreter."""
    found: dict[Version, str] = {}
    for name in names:
        command = [name, "-c", "import sys; print(*sys.version_info[:2])"]
        try:
            answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
        except (OSError, subprocess.CalledProcessError):
            continue
        found.setdefault((int(answer[0]), int(answer[1])), name)
    return found


def cells(pythons: dict[Version, str], cores: Iterable[str], ages: Iterable[str] = AGES) -> Iterator[Cell]:
    """The cells, one per age, of each ansible-core that one of the interpreters can run."""
    for core in cores:
        first, last = CORES[core]
        usable = sorted(version for version in pythons if max(first, OLDEST_PYTHON) <= version <= last)
        if usable:
            for age, version in zip(AGES, (usable[0], usable[-1]), strict=True):
                if age in ages:
                    yield Cell(core, version, pythons[version], age)


def lower_bounds(requirements: str) -> str:
    """Constraints that pin every package of a requirements file to its lower bound."""
    return "".join(f"{line.replace('>=', '==')}\n" for line in requirements.splitlines() if not line.startswith("#"))


def prepare(cell: Cell, log: Path) -> Path:
    """Create the virtual environment of a cell with `make setup`, unless it exists and is current; return its Python."""
    constraints = PLACE / "oldest.txt"
    constraints.write_text(
        lower_bounds((ROOT / "meta/ee-requirements.txt").read_text(encoding="utf-8")), encoding="utf-8"
    )
    settings = {
        "VENV": f".build/matrix/{cell.name}",
        "ANSIBLE_CORE": cell.core,
        "PYTHON": cell.python,
        "REQUIREMENTS": "tests/requirements-pytest.txt",
        "COLLECTIONS": COLLECTIONS[cell.age],
        "CONSTRAINTS": str(constraints) if cell.age == "oldest" else "",
    }
    with log.open("w", encoding="utf-8") as output:
        command = ["make", "--no-print-directory", "setup", *(f"{name}={value}" for name, value in settings.items())]
        subprocess.run(command, cwd=ROOT, check=True, stdout=output, stderr=subprocess.STDOUT)
    return PLACE / cell.name / "bin/python"


def run(cell: Cell, tests: Iterable[str], workers: str) -> Result:
    """Run the tests in a cell."""
    started = time.monotonic()
    log = PLACE / f"{cell.name}.log"
    try:
        python = prepare(cell, log)
    except subprocess.CalledProcessError:
        return Result(cell, False, [], f"setup failed, see {log.relative_to(ROOT)}", time.monotonic() - started)
    # Query the installed versions with that environment's Python.
    answer = subprocess.run([python, "-c", READ_VERSIONS], check=True, capture_output=True, text=True).stdout
    command = [
        python,
        "-m",
        "pytest",
        "--numprocesses",
        workers,
        "--dist",
        "worksteal",
        "-p",
        "no:cacheprovider",
        *tests,
    ]
    environment = {**os.environ, "PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}"}
    with log.open("a", encoding="utf-8") as output:
        code = subprocess.run(
            command, cwd=ROOT, env=environment, check=False, stdout=output, stderr=subprocess.STDOUT
        ).returncode
    return Result(cell, code == 0, json.loads(answer), last_words(log), time.monotonic() - started)


def last_words(log: Path) -> str:
    """pytest's counts, such as `3 failed, 700 passed`."""
    lines = log.read_text(encoding="utf-8").splitlines()
    counts = re.findall(r"\d+ (?:failed|passed|skipped|errors?)\b", lines[-1] if lines else "")
    return ", ".join(counts) or f"pytest aborted, see {log.relative_to(ROOT)}"


def table(results: Iterable[Result]) -> str:
    """A summary table of all cells."""
    rows = [["", "Python", "ansible-core", "amazon.aws", *SHOWN, "minutes", "tests"]]
    for result in results:
        version = ".".join(map(str, result.cell.version))
        versions = result.versions or [result.cell.core, *["?"] * (len(SHOWN) + 1)]
        rows.append(
            ["ok" if result.passed else "FAILED", version, *versions, f"{result.seconds / 60:.1f}", result.summary]
        )
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def main(arguments: list[str]) -> int:
    """Return 0 if all tests passed in all cells."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pythons", nargs="*", default=[], help=f"interpreters; default: {' '.join(PYTHONS)} on PATH")
    parser.add_argument("--cores", nargs="*", default=[], help=f"subset of {' '.join(CORES)}")
    parser.add_argument("--ages", nargs="*", choices=AGES, help="only the oldest or the newest dependencies")
    parser.add_argument("--tests", nargs="*", default=[], help=f"default: {' '.join(TESTS)}")
    parser.add_argument("--workers", default="auto", help="number of parallel tests")
    parser.add_argument("--list", action="store_true", help="list the cells without running them")
    options = parser.parse_args(arguments)
    unknown = set(options.cores) - set(CORES)
    if unknown:
        parser.error(f"unknown ansible-core: {', '.join(sorted(unknown))}")
    chosen = list(cells(interpreters(options.pythons or PYTHONS), options.cores or CORES, options.ages or AGES))
    if not chosen:
        parser.error(
            "no available interpreter runs any of them; specify some: make test-matrix PYTHONS='/path/to/python3.12 ...'"
        )
    for core in sorted(set(options.cores or CORES) - {cell.core for cell in chosen}):
        print(f"skipped, no compatible Python found: ansible-core {core}")
    if options.list:
        print("\n".join(cell.name for cell in chosen))
        return 0
    PLACE.mkdir(parents=True, exist_ok=True)
    results = []
    for cell in chosen:
        results.append(run(cell, options.tests or TESTS, options.workers))
        print(f"{cell.name}: {'ok' if results[-1].passed else 'FAILED'}: {results[-1].summary}", flush=True)
    print(f"\n{table(results)}")
    return 0 if all(result.passed for result in results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
