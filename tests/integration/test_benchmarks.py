# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Smoke test of the benchmarks: every contender works, and the floor sends the engine's requests. `make bench` measures."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.panw.cloud.tests.benchmarks.processes import Failed, run
from ansible_collections.panw.cloud.tests.benchmarks.promises import Figure

ROOT = Path(__file__).resolve().parents[2]
ENGINE = "ngfw_token_rotation"
# Replaces the vendor's tool: it gets a token with the same options.
TOOL = """
import argparse, boto3, os, requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

parser = argparse.ArgumentParser()
for name in ("profile", "region", "get-token-url", "role-arn"):
    parser.add_argument("--" + name)
given = parser.parse_args()
issued = boto3.Session(profile_name=given.profile).client("sts").assume_role(RoleArn=given.role_arn, RoleSessionName="tool")
keys = issued["Credentials"]
request = AWSRequest("GET", given.get_token_url)
SigV4Auth(Credentials(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"]), "execute-api", given.region).add_auth(request)
requests.get(given.get_token_url, headers=dict(request.headers.items()), timeout=30, verify=os.environ["AWS_CA_BUNDLE"]).raise_for_status()
"""


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The results of a round with three targets."""
    directory = tmp_path_factory.mktemp("benchmarks")
    tool = directory / "tool.py"
    tool.write_text(TOOL)
    sizes = ["--targets", "3", "--rounds", "1", "--pairs", "1"]
    options = [*sizes, "--vendor-tool", str(tool), "--output", str(directory)]
    command = [sys.executable, "-m", "tests.benchmarks", *options]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert (directory / "benchmarks.txt").read_text() == run.stdout
    found: dict[str, Any] = json.loads((directory / "benchmarks.json").read_text())
    return found


def test_every_contender_is_measured(results: dict[str, Any]) -> None:
    rows = results["rows"]
    assert [row["targets"] for row in rows] == [0, *[3] * 11]
    assert all(row["program"] > 0 and row["cpu"] > 0 and row["peak_mb"] > 1 for row in rows)
    assert len({row["name"] for row in rows if row["name"] != "floor of that"}) == 10


def test_floor_sends_what_the_engine_sends(results: dict[str, Any]) -> None:
    rows = results["rows"]
    pairs = [(before, row) for before, row in itertools.pairwise(rows) if row["name"] == "floor of that"]
    assert len(pairs) == 2
    for engine, floor in pairs:
        assert engine["name"].startswith(ENGINE)
        assert engine["requests"] == floor["requests"] > 5


def test_few_targets_are_not_judged_by_large_fleet_figures(results: dict[str, Any]) -> None:
    figures = {figure["figure"]: figure for figure in results["figures"]}
    assert len(figures) == 10
    judged = {name: figure["met"] for name, figure in figures.items() if figure["met"] is not None}
    assert judged == {"steady state: calls of the token endpoint": True}
    assert sum(figure["value"] is None for figure in figures.values()) == 2


class Idle:
    """A stub of the simulated services."""

    @staticmethod
    def cpu() -> float:
        return 0.0


def test_memory_of_the_benchmarks_is_not_counted() -> None:
    ballast = bytearray(b"x") * 200_000_000
    made, text = run([sys.executable, "-c", "print(input())"], {}, Idle(), "said\n")  # type: ignore[arg-type]
    assert text == "said\n"
    assert 1_000_000 < made.peak < len(ballast) / 2
    assert made.cpu > 0
    assert made.wall > 0


def test_failing_program_raises_with_its_output() -> None:
    with pytest.raises(Failed, match="ended with 3:\nwhy"):
        run([sys.executable, "-c", "print('why'); raise SystemExit(3)"], {}, Idle())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "sign", "judged", "met"),
    [
        (1.6, "<=", True, True),
        (1.7, "<=", True, False),
        (20.0, ">=", True, True),
        (19.0, ">=", True, False),
        (0.0, "==", True, True),
        (1.0, "==", True, False),
        (None, "<=", True, None),
        (1.7, "<=", False, None),
    ],
)
def test_figure_against_its_limit_is_evaluated(value: float | None, sign: str, judged: bool, met: bool | None) -> None:
    limit = {"<=": 1.6, ">=": 20.0, "==": 0.0}[sign]
    assert Figure("text", value, sign, limit, judged).met is met


def test_whole_rulestacks_are_created_planned_changed_and_destroyed(tmp_path: Path) -> None:
    options = ["--objects", "2", "--latencies", "0", "--output", str(tmp_path)]
    command = [sys.executable, "-m", "tests.benchmarks.rulestacks", *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "benchmarks-rulestacks.txt").read_text() == done.stdout
    steps = [line[:22].strip() for line in done.stdout.splitlines() if " 0 ms" in line]
    assert steps == ["create", "plan", "no-op", "change", "change again, commit", "destroy"]


def test_policy_of_an_account_is_planned_and_applied_once(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "tests.benchmarks.policy",
        "--accounts",
        "1",
        "--rules",
        "3",
        "--output",
        str(tmp_path),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "benchmarks-policy.txt").read_text() == done.stdout
    calls = {line[:18].strip(): int(line.split()[-1]) for line in done.stdout.splitlines()[-4:]}
    assert calls["apply"] > 2 * 5 * (3 + 2), "each object is written, and read for the verification"
    assert abs(calls["plan, no change"] - calls["apply, no change"]) < 5
