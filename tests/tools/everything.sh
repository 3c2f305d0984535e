#!/usr/bin/env bash
# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Runs lint and sanity, the Molecule scenarios, and all tests in parallel, because all of them wait a lot. Ends with pytest's summary.
# Usage: everything.sh PYTEST...
set -uo pipefail

logs=.build/test
rm -rf "$logs"
mkdir -p "$logs" .build/compiled
find .build/compiled -type f -mtime +7 -delete  # bytecode of sources that may have changed

side() {
    local name=$1
    shift
    "${MAKE:-make}" --no-print-directory "$@" >"$logs/$name.log" 2>&1
    printf '%s' $? >"$logs/$name.status"
    printf '\n==> make %s ended, exit code %s (%s)\n' "$*" "$(cat "$logs/$name.status")" "$logs/$name.log"
}

side static lint sanity &
side molecule molecule &
"$@" 2>&1 | tee "$logs/pytest.log"
status=${PIPESTATUS[0]}
wait

for name in static molecule; do
    if [ "$(cat "$logs/$name.status")" != 0 ]; then
        status=1
        cat "$logs/$name.log"
        printf '\n==> %s failed, see above\n' "$name"
    fi
done
grep -E "^=+ .*(passed|failed|error)" "$logs/pytest.log" | tail -n 1
exit "$status"
