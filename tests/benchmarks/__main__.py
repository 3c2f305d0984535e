# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Benchmarks of ``ngfw_token_rotation`` against alternatives and the floor, side by side on the same simulated services."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from . import promises, rounds, table
from .contenders import Contenders
from .processes import Failed
from .services import ROOT, started

SOME, ALL = (100,), (100, 1000, 10_000)


def main() -> int:
    """Return 0 if all evaluated targets are met, 1 if one is missed, 2 on failure."""
    options = _parser().parse_args()
    sizes = options.targets or (ALL if options.full else SOME)
    compared = max((size for size in sizes if size <= promises.JUDGED), default=min(sizes))
    peers = {size: _peers(size) if size == compared else None for size in sizes}
    where = table.machine()
    try:
        with started() as services, tempfile.TemporaryDirectory() as home:
            contenders = Contenders(services, Path(home), options.threads)
            measured = rounds.measure(contenders, peers, options.rounds, options.pairs, options.vendor_tool)
    except Failed as failure:
        print(failure, file=sys.stderr)
        return 2
    figures = promises.figures(measured)
    document = table.as_json(where, measured, figures, options.threads)
    text = table.as_text(document)
    options.output.mkdir(parents=True, exist_ok=True)
    (options.output / "benchmarks.json").write_text(json.dumps(document, indent=2) + "\n")
    (options.output / "benchmarks.txt").write_text(text + "\n")
    print(text)
    return 1 if any(figure.met is False for figure in figures) else 0


def _peers(size: int) -> rounds.Peers:
    return rounds.Peers(vendor=min(size, 48), hosts=min(size, 60), loop=min(size, 20))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--targets", type=int, nargs="+", help=f"target counts (default {SOME[0]})")
    parser.add_argument("--full", action="store_true", help=f"target counts {', '.join(map(str, ALL))}")
    parser.add_argument("--rounds", type=int, default=5, help="rounds (default %(default)s)")
    parser.add_argument("--pairs", type=int, default=3, help="runs of engine and floor per round (default %(default)s)")
    parser.add_argument("--threads", type=int, default=16, help="threads of the floor (default %(default)s)")
    parser.add_argument("--vendor-tool", type=Path, help="path of the vendor's get_pa_token.py")
    parser.add_argument("--output", type=Path, default=ROOT / "tests/output", help="results directory")
    return parser


if __name__ == "__main__":
    sys.exit(main())
