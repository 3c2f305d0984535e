# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documentation site builds without warnings, and all its links resolve."""

from __future__ import annotations

import importlib
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import PanwCloudError
from ansible_collections.panw.cloud.tests.helpers.workers import shared_by_workers

ROOT = Path(__file__).resolve().parents[2]
PLUGINS = ROOT / "plugins"
KINDS = {"module": "modules", "inventory": "inventory", "lookup": "lookup"}  # their folders


class Page(HTMLParser):
    """The links and anchors of a page."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = {""}
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("href", "src") and value:
                self.links.append(value)
            elif name in ("id", "name") and value:
                self.anchors.add(value)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as `make docs` builds it."""
    with shared_by_workers(tmp_path_factory, "site") as site:
        if not site.exists():
            build(tmp_path_factory.mktemp("docs")).rename(site)
    return site


def build(directory: Path) -> Path:
    """Build the site."""
    settings = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
    }
    command = [str(ROOT / "tests/tools/docs.sh"), str(directory)]
    built = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **settings, "HOME": str(directory)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stdout + built.stderr
    return directory / "html"


def test_every_link_within_the_site_resolves(site: Path) -> None:
    pages = {path: Page(path) for path in site.rglob("*.html")}
    assert len(pages) > 15
    broken = []
    for path, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            known = pages.get(target)
            if not target.exists() or (known and unquote(parts.fragment) not in known.anchors):
                broken.append(f"{path.relative_to(site)}: {link}")
    assert not broken


def test_navigation_has_every_plugin_and_role(site: Path) -> None:
    links = {unquote(urlsplit(link).path) for link in Page(site / "index.html").links}
    names = [(path.stem, kind) for kind in KINDS for path in (PLUGINS / KINDS[kind]).glob("[!_]*.py")]
    names += [(path.name, "role") for path in (ROOT / "roles").iterdir()]
    assert {kind for _name, kind in names} == {*KINDS, "role"}
    assert [name for name in names if f"collections/{name[0]}_{name[1]}.html" not in links] == []


def test_guides_link_to_other_sites_over_tls(site: Path) -> None:
    """Only the guides: the reference also contains links of amazon.aws."""
    links = {link for path in site.rglob("guide_*.html") for link in Page(path).links}
    assert {urlsplit(link).scheme for link in links} == {"", "https"}


def test_each_kind_of_error_is_explained() -> None:
    def kinds(error: type[PanwCloudError]) -> set[str]:
        return {error.kind}.union(*(kinds(child) for child in error.__subclasses__()))

    for path in sorted((*(PLUGINS / "module_utils").rglob("*.py"), *(PLUGINS / "plugin_utils").rglob("*.py"))):
        name = ".".join(path.relative_to(PLUGINS).with_suffix("").parts)
        importlib.import_module(f"ansible_collections.panw.cloud.plugins.{name.removesuffix('.__init__')}")
    page = (ROOT / "docs/docsite/rst/guide_troubleshooting.rst").read_text(encoding="utf-8")
    assert set(re.findall(r"^``(\w+)``\n~+$", page, re.MULTILINE)) == kinds(PanwCloudError) - {PanwCloudError.kind}
