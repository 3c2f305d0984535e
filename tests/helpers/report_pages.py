# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages of reports as an HTML5 parser reads them, and the contrast of their colors."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

import html5lib

HOSTILE = "</td></script></style><script>alert(1)</script><img src=//evil onerror=alert(2)> \"'{{ 7 * 7 }}{% raw %} \u202egnp \x00\x1b[31m \ud800 &lt; "
# The same as a page shows it.
HOSTILE_SHOWN = (
    r"""</td></script></style><script>alert(1)</script><img src=//evil onerror=alert(2)> """
    r""""'{{ 7 * 7 }}{% raw %} \u202egnp \u0000\u001b[31m \ud800 &lt;"""
)


def parsed(page: str) -> Element:
    """The page's tree. The parser is strict: any markup error raises an exception."""
    parser = html5lib.HTMLParser(html5lib.getTreeBuilder("etree"), strict=True, namespaceHTMLElements=False)
    tree: Element = parser.parse(page)
    return tree


def every(tree: Element, name: str) -> list[Element]:
    """All elements of a name."""
    return [element for element in tree.iter() if str(element.tag).rpartition("}")[2] == name]


def text(element: Element) -> str:
    """The text of an element with that of its children."""
    return "".join(element.itertext())


def by_id(tree: Element) -> dict[str, Element]:
    """The elements that have an ID."""
    return {element.attrib["id"]: element for element in tree.iter() if "id" in element.attrib}


def themes(style: str) -> tuple[dict[str, str], dict[str, str]]:
    """The colors of a style sheet by name, light and dark."""
    blocks = [block for block in re.findall(r":root \{(.*?)\}", style, re.DOTALL) if "--" in block]
    light, dark = dict[str, str](), dict[str, str]()
    for theme, found in ((light, blocks[::2]), (dark, blocks[1::2])):
        for block in found:
            theme.update(re.findall(r"(--[a-z-]+): (#[0-9a-f]{6});", block))
    return light, dark


def luminance(color: str) -> float:
    """WCAG 2.2, relative luminance."""
    shares = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, contrast ratio."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)
