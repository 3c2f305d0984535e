# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Results as a table and as JSON."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from os import cpu_count, getloadavg
from pathlib import Path
from typing import Any

from .promises import MEGABYTE, Figure, seconds
from .rounds import Measured

NAMES = {
    "start": "an empty playbook",
    "vendor": "vendor's tool, xargs -P 8",
    "hosts": "ngfw_token, a host per target, 20 forks",
    "loop": "ngfw_token, a loop",
    "tokens": "ngfw_token_rotation, tokens only",
    "tokens floor": "floor of that",
    "first": "ngfw_token_rotation, first tokens into new secrets",
    "rotation": "ngfw_token_rotation, full rotation in Secrets Manager",
    "rotation floor": "floor of that",
    "steady": "ngfw_token_rotation, nothing is due",
    "distant": "ngfw_token_rotation, full rotation, distant servers",
    "distant 16": "the same with concurrency: 16",
}
LEGEND = """\
All figures are medians of the rounds. program: seconds of the whole program; work: seconds without startup if reported, otherwise the same.
CPU and peak memory are the program's, with all its children (peak: of the largest process). simulated services: their share of the total CPU time.
floor: a bare loop of requests, with as many threads as the engine starts with, that sends the same number of presigned requests to the same endpoints.
distant servers: 200 ms for each call of the API, 50 ms for STS, 30 ms for Secrets Manager."""

BUSY = "Other programs were running: seconds and figures derived from them are unreliable."


def machine() -> dict[str, Any]:
    """The machine that ran the benchmarks."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")
    return {
        "cores": cpu_count(),
        "processor": model,
        "load": round(getloadavg()[0], 2),
        "python": platform.python_version(),
        "ansible-core": version("ansible-core"),
    }


def as_json(
    where: Mapping[str, Any], measured: Mapping[int, Measured], figures: Sequence[Figure], threads: int
) -> dict[str, Any]:
    """All measurements.

    :param where: the machine before the run.
    """
    rows = [row for made in measured.values() for row in _rows(made)]
    promises = [{"figure": f.text, "value": f.value, "sign": f.sign, "limit": f.limit, "met": f.met} for f in figures]
    return {"machine": where, "threads": threads, "rows": rows, "figures": promises}


def as_text(document: Mapping[str, Any]) -> str:
    """The table."""
    where = document["machine"]
    lines = [
        f"{where['cores']} cores ({where['processor']}), Python {where['python']}, ansible-core {where['ansible-core']}, "
        f"floor with {document['threads']} threads, load average {where['load']} before the start",
        *([BUSY] if where["load"] > where["cores"] / 2 else []),
        "",
        f"{'':<54}{'targets':>8}{'rounds':>7}{'program':>9}{'work':>9}{'per s':>8}{'CPU ms':>8}{'peak':>8}{'simu-':>7}",
        f"{'':<54}{'':>8}{'':>7}{'s':>9}{'s':>9}{'':>8}{'each':>8}{'MB':>8}{'lated':>7}",
    ]
    for row in document["rows"]:
        each = f"{row['cpu_ms_per_target']:.1f}" if row["targets"] else ""
        rate = f"{row['per_second']:.1f}" if row["targets"] else ""
        lines.append(
            f"{row['name']:<54}{row['targets']:>8}{row['rounds']:>7}{row['program']:>9.2f}{row['work']:>9.2f}{rate:>8}{each:>8}"
            f"{row['peak_mb']:>8.0f}{row['services']:>7.0%}"
        )
    lines += ["", LEGEND, ""]
    for figure in document["figures"]:
        value = "not measured" if figure["value"] is None else f"{figure['value']:.2f}"
        verdict = {True: "met", False: "MISSED", None: "not judged"}[figure["met"]]
        lines.append(f"{figure['figure']:<66}{value:>13}   target {figure['sign']} {figure['limit']:<5g} {verdict}")
    return "\n".join(lines)


def _rows(made: Measured) -> list[dict[str, Any]]:
    rows = []
    for contender in (name for name in NAMES if name in made.outcomes):
        outcomes = made.outcomes[contender]
        targets = outcomes[0].targets
        cpu = made.median(contender, lambda outcome: outcome.cost.cpu)
        theirs = made.median(contender, lambda outcome: outcome.cost.services)
        rows.append(
            {
                "name": NAMES[contender],
                "targets": targets,
                "rounds": len(outcomes),
                "program": made.median(contender, lambda outcome: outcome.cost.wall),
                "work": made.median(contender, seconds),
                "per_second": made.median(contender, lambda outcome: outcome.rate),
                "cpu": cpu,
                "cpu_ms_per_target": cpu / max(1, targets) * 1000,
                "peak_mb": max(outcome.cost.peak for outcome in outcomes) / MEGABYTE,
                "services_cpu": theirs,
                "services": theirs / (cpu + theirs),
                "requests": sum(outcomes[-1].calls.values()),
            }
        )
    return rows
