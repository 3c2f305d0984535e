# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The collection's release."""

from __future__ import annotations

import json
from pathlib import Path

from ansible_collections.panw.cloud.plugins.module_utils._common import release


def test_release_is_known_in_clone_and_installed_collection(tmp_path: Path) -> None:
    assert release.version(tmp_path) is None
    (tmp_path / "galaxy.yml").write_text("namespace: panw\nversion: 1.2.3\n")
    assert release.version(tmp_path) == "1.2.3"
    (tmp_path / "MANIFEST.json").write_text(json.dumps({"collection_info": {"version": "2.0.0"}}))
    assert release.version(tmp_path) == "2.0.0"
    (tmp_path / "MANIFEST.json").write_text("[]")
    assert release.version(tmp_path) is None
    assert str(release.version())[0].isdigit()
