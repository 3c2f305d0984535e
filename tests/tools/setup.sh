#!/usr/bin/env bash
# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Creates the virtual environment VENV with the test tools, ansible-core, amazon.aws and awx.awx.
# Usage: setup.sh VENV [ANSIBLE_CORE]. Optional variables: PYTHON (interpreter), REQUIREMENTS (requirements file), CONSTRAINTS
# (constraints file), COLLECTIONS (requirement of a wheel with both collections).
set -euo pipefail

venv=$1
ansible_core=${2:-}
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1

say() { printf '\n==> %s\n' "$*"; }
fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }

# A name on PATH can be a shim without an interpreter, so run it.
find_python() {
    local name names=(python3 python3.13 python3.12 python3.11 python3.14)
    if [ -n "${PYTHON:-}" ]; then names=("$PYTHON"); fi
    for name in "${names[@]}"; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            printf '%s' "$name"
            return
        fi
    done
    fail "no working Python 3.11 or newer among: ${names[*]}. Install one, or specify its path: make PYTHON=/path/to/python3"
}

python=$(find_python)
version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
"$python" -c 'import ensurepip, venv' 2>/dev/null \
    || fail "Python $version lacks its venv module. On Debian and Ubuntu: apt install python$version-venv"

say "Python $version -> $venv"
"$python" -m venv --clear "$venv"
pip=("$venv/bin/python" -m pip --quiet --disable-pip-version-check)

say "Installing the test tools, which takes a minute or two"
awscli() {  # in an environment of its own, because it needs other versions
    "$venv/bin/python" -m venv "$venv/awscli"
    "$venv/awscli/bin/python" -m pip --quiet --disable-pip-version-check install -r tests/requirements-awscli.txt
}
awscli &
awscli=$!
if [ -n "$ansible_core" ]; then core=("ansible-core~=$ansible_core.0"); else core=(-r tests/requirements-ansible.txt); fi
"${pip[@]}" install --no-compile "${core[@]}" -r "${REQUIREMENTS:-tests/requirements.txt}" ${CONSTRAINTS:+--constraint "$CONSTRAINTS"}

say "Installing the collections amazon.aws and awx.awx"
wheels=$(mktemp -d)
trap 'rm -rf "$wheels"' EXIT
download() { "${pip[@]}" download --no-deps --ignore-requires-python --dest "$wheels/$1" "${@:2}"; }
if [ -n "${COLLECTIONS:-}" ]; then download 1-wanted "$COLLECTIONS"; fi
download 2-usual -r tests/requirements-collections.txt
"$venv/bin/python" - "$wheels"/*/*.whl <<'PYTHON'
import sys
import sysconfig
import zipfile

for collection in ("amazon", "awx"):
    for path in sys.argv[1:]:  # the newest releases of the wheel lack awx.awx
        with zipfile.ZipFile(path) as wheel:
            held = [name for name in wheel.namelist() if name.startswith(f"ansible_collections/{collection}/")]
            if held:
                wheel.extractall(sysconfig.get_path("purelib"), held)
                break
PYTHON

# On all cores, where pip uses one. Some packages have files for other versions of Python, which cannot be compiled.
"$venv/bin/python" -m compileall -q -j 0 -x ansible_collections "$venv"/lib/python*/site-packages >/dev/null 2>&1 || true

wait "$awscli" || fail "the AWS command line was not installed, see above"

say "Ready: $venv"
