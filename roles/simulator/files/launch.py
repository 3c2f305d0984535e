# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Start the simulator in the background and wait until it is ready or has failed. It takes the arguments of ``panw_simulator``."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

TAIL = 20
POLL_SECONDS = 0.05


def main() -> int:
    """Return 0 when the endpoints are published, otherwise 1 with the end of the log on stderr."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--timeout", type=float, default=60, help="seconds to wait")
    parser.add_argument("--state-dir", type=Path, required=True)
    options, others = parser.parse_known_args()
    options.state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    log = options.state_dir / "log"
    command = [sys.executable, "-m", "panw_simulator", "--state-dir", str(options.state_dir), *others]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent), "PYTHONDONTWRITEBYTECODE": "1"}
    with open(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
        child = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=stream, stderr=stream, start_new_session=True
        )
    if _published(child, options.state_dir / "endpoints.json", time.monotonic() + options.timeout):
        return 0
    child.terminate()
    sys.stderr.write("\n".join(log.read_text(errors="replace").splitlines()[-TAIL:]) + "\n")
    return 1


def _published(child: subprocess.Popen[bytes], endpoints: Path, deadline: float) -> bool:
    while time.monotonic() < deadline:
        try:
            child.wait(POLL_SECONDS)
        except subprocess.TimeoutExpired:
            if endpoints.exists() and json.loads(endpoints.read_text())["pid"] == child.pid:
                return True
        else:
            return False
    return False


if __name__ == "__main__":
    sys.exit(main())
