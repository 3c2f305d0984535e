# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run a command and write its cost to a file: ``python cost.py FILE COMMAND...``.

A separate program, because the peak memory of a process counts from its fork and would include that of the benchmarks.
"""

import json
import os
import subprocess
import sys
import time

if __name__ == "__main__":
    path, *command = sys.argv[1:]
    begun = time.perf_counter()
    process = subprocess.Popen(command)
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall, cpu = time.perf_counter() - begun, usage.ru_utime + usage.ru_stime
    with open(path, "w") as output:
        json.dump({"wall": wall, "cpu": cpu, "peak": usage.ru_maxrss * 1024}, output)
    sys.exit(process.returncode)
