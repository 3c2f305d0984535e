# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""File types by content and extension."""

from __future__ import annotations

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.file_types import file_type


@pytest.mark.parametrize(
    ("path", "head", "kind"),
    [
        ("a", b"MZ\x90\x00", "pe"),
        ("a", b"\x7fELF\x02", "elf"),
        ("a.exe", b"%PDF-1.7", "pdf"),
        ("a.docx", b"PK\x03\x04", "zip"),
        ("a", b"\xcf\xfa\xed\xfe", "mach-o"),
        ("run.SH", b"#!/bin/s", "shell"),
        ("a.b/run.ps1", b"", "powershell"),
        ("notes.txt", b"text", None),
        ("Makefile", b"all:", None),
        ("", b"", None),
    ],
)
def test_content_decides_before_the_extension(path: str, head: bytes, kind: str | None) -> None:
    assert file_type(path, head) == kind
