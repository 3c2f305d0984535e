# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The requests of the vendor's OpenAPI documents of 2026 as a referee: C(openapi_requests.json) has their parameters and bodies, without texts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jsonschema
import requests
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.deviations import (
    DEVIATIONS,
    FIREWALL_DEVIATIONS,
    FIREWALL_PART_DEVIATIONS,
    RESOURCE_DEVIATIONS,
    SAME_PATHS,
    SPELLINGS,
)

DOCUMENTED: dict[str, dict[str, Any]] = json.loads(Path(__file__).with_name("openapi_requests.json").read_text())
ALL_LISTED = (*DEVIATIONS, *RESOURCE_DEVIATIONS, *FIREWALL_PART_DEVIATIONS, *FIREWALL_DEVIATIONS)
_LISTED = {(one.method, one.path, one.part, name) for one in ALL_LISTED for name in one.names or ("",)}
_TEMPLATES = {*(call.partition(" ")[2] for call in DOCUMENTED), *(one.path for one in ALL_LISTED)}


def violations(request: requests.PreparedRequest) -> list[str]:
    """What a request has that neither the documents nor our list of deviations allow."""
    parts = urlsplit(request.url or "")
    query = parse_qs(parts.query)
    method, path = str(request.method), template(parts.path, old_firewall="v1route" in query)
    documented = DOCUMENTED.get(f"{method} {path}")
    found = [("path", "", "unknown path")] if documented is None else []
    known = documented or {}
    found += [("query", name, "unknown parameter") for name in query.keys() - set(known.get("query", ()))]
    body = json.loads(request.body) if request.body else None
    if body is not None:
        found += list(
            _body_problems(body, known.get("body", {"type": "object", "properties": {}, "additionalProperties": False}))
        )
    return [
        f"{method} {path} {part} {name}: {why}"
        for part, name, why in found
        if (method, path, part, name) not in _LISTED
    ]


def template(path: str, *, old_firewall: bool = False) -> str:
    """The path of a request as the documents write it. :param old_firewall: whether it names a firewall of version 1 on a path of version 2."""
    for own, documented in SAME_PATHS.items():
        path = path.replace(own, documented)
    fitting = [one for one in _TEMPLATES if re.fullmatch(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(one)), path)]
    wrong = "{firewall_id}" if old_firewall else "{firewall_name}"
    return min(fitting, key=lambda one: (wrong in one, one.count("{")), default=path)


def _body_problems(body: Any, schema: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    for error in jsonschema.Draft202012Validator(schema).iter_errors(body):
        place = ".".join(str(step) for step in error.absolute_path if isinstance(step, str))
        if error.validator == "additionalProperties":
            allowed = error.schema.get("properties", {})
            for name in error.instance.keys() - allowed.keys():
                yield "body", f"{place}.{name}".lstrip("."), "unknown key"
        elif error.validator != "enum" or error.instance not in SPELLINGS.get(place.rpartition(".")[2], ()):
            yield "body", place, error.message
