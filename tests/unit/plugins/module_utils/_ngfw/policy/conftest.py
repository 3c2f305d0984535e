# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Policy directories of tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.policy import Policy, Target, read_documents
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.validation import InvalidOptions

ACCOUNT, REGION = "123456789012", "us-east-1"


class Directory:
    """A policy directory."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, files: dict[str, str | bytes]) -> Directory:
        """Write files, by paths relative to the directory."""
        for name, content in files.items():
            file = self.path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content.encode() if isinstance(content, str) else content)
        return self

    def read(
        self, *, account: str = ACCOUNT, region: str = REGION, groups: tuple[str, ...] = (), **variables: Any
    ) -> Policy:
        """Read it for a target."""
        return read_documents(str(self.path), Target(account, region, groups, variables))[0]

    def problems(self, **target: Any) -> list[str]:
        """All problems of reading it for a target; there must be some."""
        with pytest.raises(InvalidOptions) as failure:
            self.read(**target)
        return [str(problem) for problem in failure.value.problems]


@pytest.fixture
def directory(tmp_path: Path) -> Directory:
    """An empty directory."""
    (tmp_path / "policy").mkdir()
    return Directory(tmp_path / "policy")
