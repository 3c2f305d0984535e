#!/usr/bin/env bash
# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Builds the documentation site; any warning is an error. Usage: docs.sh DIRECTORY
set -euo pipefail

directory=$1
source=$directory/source

rm -rf "$source"
mkdir -p "$directory"
cp -r docs/site "$source"
mkdir -p "$source/collections/docsite"
chmod -R go-w "$source"
antsibull-docs --config-file docs/site/antsibull-docs.cfg collection --use-current --squash-hierarchy --fail-on-error \
    --cleanup everything --dest-dir "$source/collections" panw.cloud >"$directory/antsibull-docs.log" 2>&1 \
    || { cat "$directory/antsibull-docs.log" >&2; exit 1; }
cp -r docs/docsite/rst/images "$source/collections/docsite/"  # antsibull-docs copies only pages

# The reference under short names; the collection's own index page repeats the guides.
declare -A captions=([module]=Modules [role]=Roles [inventory]="Inventory plugins" [lookup]="Lookup plugins")
for kind in "${!captions[@]}"; do
    {
        printf '.. toctree::\n   :caption: %s\n   :maxdepth: 1\n\n' "${captions[$kind]}"
        for page in "$source"/collections/*_"$kind".rst; do
            name=$(basename "$page" "_$kind.rst")
            printf '   %s <collections/%s_%s>\n' "$name" "$name" "$kind"
        done
    } >"$source/$kind.inc"
done
sed -i '1i :orphan:\n' "$source/collections/index.rst"
sphinx-build --quiet --fail-on-warning --keep-going --builder html "$source" "$directory/html"
printf 'The documentation is in %s/html/index.html\n' "$directory"
