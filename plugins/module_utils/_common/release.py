# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The release of the collection, on the controller.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import json
from pathlib import Path

ROOT = Path(__file__).parents[3]


def version(root: Path = ROOT) -> str | None:
    """The version from the manifest of an installed collection, or from galaxy.yml of a clone; None if neither has it."""
    import yaml  # ansible-core has it on the controller only

    try:
        manifest = root / "MANIFEST.json"
        if manifest.exists():
            found = json.loads(manifest.read_text(encoding="utf-8"))["collection_info"]["version"]
        else:
            found = yaml.safe_load((root / "galaxy.yml").read_text(encoding="utf-8"))["version"]
    except (OSError, ValueError, KeyError, TypeError, yaml.YAMLError):
        return None
    return str(found)
