# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A report as one HTML file: a Jinja2 template in the shell of all reports, with their style sheet and script and its own.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from . import wording

HERE = Path(__file__).parent


def render(folder: Path, **variables: Any) -> str:
    """The self-contained page.

    :param folder: has the template C(page.html.j2), and C(page.css) and C(page.js) if it needs more than the shell has.
    :param variables: for the template.
    """
    environment = Environment(
        loader=FileSystemLoader([folder, HERE]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(count=wording.count, seconds=wording.seconds, date=wording.date, visible=wording.visible)
    style, script = style_of(folder), script_of(folder)
    return environment.get_template("page.html.j2").render(
        style=Markup(style),  # noqa: S704
        script=Markup(script),  # noqa: S704
        policy=_policy(style, script),
        **variables,
    )


def style_of(folder: Path) -> str:
    """The style sheet of a page."""
    return _text(HERE / "shell.css") + _text(folder / "page.css")


def script_of(folder: Path) -> str:
    """The script of a page."""
    return _text(HERE / "shell.js") + _text(folder / "page.js")


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _policy(style: str, script: str) -> str:
    """A content security policy that allows only this style and this script, and nothing to be loaded, sent or framed."""
    style_hash, script_hash = (
        base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in (style, script)
    )
    return (
        f"default-src 'none'; style-src 'sha256-{style_hash}'; script-src 'sha256-{script_hash}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
