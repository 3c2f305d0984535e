# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""File types that WildFire analyzes, so that other files need no upload: by content, or by extension for scripts and text formats.

Sources: the vendor's "File Analysis" and "Submit a Remote File to WildFire (API)". The list grows with the product: it can be switched off.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import os

_BY_CONTENT = (
    (b"MZ", "pe"),
    (b"\x7fELF", "elf"),
    (b"%PDF-", "pdf"),
    (b"PK\x03\x04", "zip"),  # and what is based on it: APK, JAR, Office Open XML
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ms-office"),  # OLE, and so MSI
    (b"{\\rt", "rtf"),
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7zip"),
    (b"FWS", "flash"),
    (b"CWS", "flash"),
    (b"ZWS", "flash"),
    (b"\xcf\xfa\xed\xfe", "mach-o"),
    (b"\xce\xfa\xed\xfe", "mach-o"),
    (b"\xfe\xed\xfa\xcf", "mach-o"),
    (b"\xfe\xed\xfa\xce", "mach-o"),
    (b"\xca\xfe\xba\xbe", "mach-o or java class"),
    (b"xar!", "pkg"),
    (b"L\x00\x00\x00\x01\x14\x02\x00", "shortcut"),
)
_BY_EXTENSION = {
    **dict.fromkeys((".js", ".jse"), "jscript"),
    **dict.fromkeys((".vbs", ".vbe"), "vbscript"),
    **dict.fromkeys((".htm", ".html", ".hta", ".xml", ".asp", ".aspx"), "markup"),
    **dict.fromkeys((".bat", ".cmd"), "batch"),
    ".ps1": "powershell",
    ".sh": "shell",
    ".pl": "perl",
    ".py": "python",
    ".csv": "csv",
    ".slk": "symbolic link",
    ".iqy": "internet query",
    ".dmg": "dmg",
}
HEAD_SIZE = 8


def file_type(path: str, head: bytes) -> str | None:
    """The kind of a file, None if WildFire does not analyze it.

    :param head: its first L(HEAD_SIZE) bytes.
    """
    for magic, kind in _BY_CONTENT:
        if head.startswith(magic):
            return kind
    return _BY_EXTENSION.get(os.path.splitext(path)[1].lower())
