# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""File types that WildFire analyzes, by content or, for scripts and text formats, by file name.

Source: the vendor's "File Analysis" and "Submit a Remote File to WildFire (API)". The real service knows more types.
"""

from __future__ import annotations

from pathlib import PurePosixPath

PORTABLE_EXECUTABLE = "PE32 executable"
BY_CONTENT = (
    (b"MZ", PORTABLE_EXECUTABLE),
    (b"\x7fELF", "ELF"),
    (b"%PDF-", "Adobe PDF document"),
    (b"PK\x03\x04", "Zip archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Microsoft Office document"),
    (b"{\\rtf", "RTF"),
    (b"Rar!\x1a\x07", "RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip archive"),
    (b"FWS", "Adobe Flash File"),
    (b"CWS", "Adobe Flash File"),
    (b"\xcf\xfa\xed\xfe", "Mach-O"),
    (b"\xce\xfa\xed\xfe", "Mach-O"),
    (b"\xca\xfe\xba\xbe", "Mach-O universal or Java class"),
    (b"L\x00\x00\x00\x01\x14\x02\x00", "Windows shortcut"),
)
ZIP_BASED = {".apk": "Android APK", ".jar": "JAVA JAR", ".docx": "OOXML", ".xlsx": "OOXML", ".pptx": "OOXML"}
BY_NAME = {
    ".js": "JScript",
    ".vbs": "VBScript",
    ".ps1": "PowerShell",
    ".sh": "Shell script",
    ".pl": "Perl script",
    ".bat": "Batch",
    ".py": "Python script",
    ".hta": "HTML application",
    ".html": "HTML",
    ".xml": "XML",
    ".asp": "ASP",
    ".aspx": "ASPX",
    ".csv": "CSV",
    ".slk": "Symbolic link",
    ".iqy": "Internet query",
}


def file_type(content: bytes, filename: str) -> str | None:
    """The type of a file; None if WildFire does not analyze it."""
    suffix = PurePosixPath(filename.replace("\\", "/")).suffix.lower()
    for magic, name in BY_CONTENT:
        if content.startswith(magic):
            return ZIP_BASED.get(suffix, name) if name == "Zip archive" else name
    return BY_NAME.get(suffix)
