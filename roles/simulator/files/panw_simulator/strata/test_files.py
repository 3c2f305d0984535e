# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The test files of WildFire: harmless, with a new hash each time, and always malware.

Each begins with the bytes that identify its type, and has no code.
"""

from __future__ import annotations

import secrets

from .forms import Attachment

TEST_MARK = b"This is a harmless simulated service for a WildFire test file.\n"
TYPES = {
    "pe": (b"MZ", "wildfire-test-pe-file.exe"),
    "apk": (b"PK\x03\x04", "wildfire-test-apk-file.apk"),
    "macos": (b"\xcf\xfa\xed\xfe", "wildfire-test-macos-file"),
    "elf": (b"\x7fELF", "wildfire-test-elf-file"),
}
"""Bytes that identify the type, and the name of the file."""


def test_file(kind: str) -> Attachment | None:
    """A test file with a unique hash; None for an unknown type."""
    if kind not in TYPES:
        return None
    magic, name = TYPES[kind]
    return Attachment(name, magic + b"\n" + TEST_MARK + secrets.token_hex(16).encode() + b"\n")


def is_test_file(content: bytes) -> bool:
    """Whether this is one of the test files."""
    return TEST_MARK in content[:128]
