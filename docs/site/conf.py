# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sphinx configuration of the documentation site: the guides of docs/docsite and the reference that antsibull-docs generates."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes

project = "panw.cloud"
author = "panw.cloud contributors"
copyright = "2026, panw.cloud contributors"
html_title = "panw.cloud"
extensions = ["sphinx_antsibull_ext"]
exclude_patterns = ["collections/environment_variables.rst"]
html_theme = "furo"
html_static_path = ["static"]
html_css_files = ["panw_cloud.css"]
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_use_index = False
highlight_language = "YAML+Jinja"
pygments_style = "ansible"
pygments_dark_style = "monokai"
nitpicky = True
nitpick_ignore_regex = [("envvar", "ANSIBLE_.*")]  # of ansible-core, which its own site documents

ANSIBLE = "https://docs.ansible.com/ansible/latest"
# Link targets in Ansible's own documentation. Its inventory is not loaded, so that a build needs no network.
ELSEWHERE = {
    "action_plugins": f"{ANSIBLE}/plugins/action.html",
    "common_return_values": f"{ANSIBLE}/reference_appendices/common_return_values.html",
    "ansible_collections.ansible.builtin.set_fact_module": f"{ANSIBLE}/collections/ansible/builtin/set_fact_module.html",
}


def link_elsewhere(_app: Any, _environment: Any, node: Any, content: nodes.Element) -> nodes.reference | None:
    """Resolve a reference to a page of another site; leave any other unresolved, which is an error."""
    url = ELSEWHERE.get(node.get("reftarget", ""))
    return nodes.reference("", "", content, internal=False, refuri=url) if url else None


def drop_contents(_app: Any, _name: str, source: list[str]) -> None:
    """Remove the tables of contents from the reference: the theme shows one beside each page."""
    source[0] = re.sub(r"^\.\. contents::\n(?: +:.*\n)*", "", source[0], flags=re.MULTILINE)


def setup(app: Any) -> None:
    """Connect the handlers; the entry point for Sphinx."""
    app.connect("source-read", drop_contents)
    app.connect("missing-reference", link_elsewhere)
