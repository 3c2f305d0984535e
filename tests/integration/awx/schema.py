# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fields that each endpoint of AWX accepts, and the validation of requests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

SCHEMA: dict[str, Any] = json.loads((Path(__file__).parent / "schema.json").read_text())
ENDPOINTS: dict[str, Any] = SCHEMA["endpoints"]
TEMPLATES = ("job_templates", "workflow_job_templates", "projects", "inventory_sources")
# The endpoints that the ids in a field refer to.
REFERENCES = {
    "organization": ("organizations",),
    "project": ("projects",),
    "source_project": ("projects",),
    "inventory": ("inventories",),
    "default_environment": ("execution_environments",),
    "execution_environment": ("execution_environments",),
    "credential": ("credentials",),
    "credential_type": ("credential_types",),
    "team": ("teams",),
    "workflow_job_template": ("workflow_job_templates",),
    "unified_job_template": (*TEMPLATES, "workflow_approval_templates"),
}
_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "choice": (str, int),
    "integer": (int,),
    "boolean": (bool,),
    "id": (int,),
    "json": (dict, str),
}


class Refused(Exception):
    """A request that AWX rejects. :ivar problems: the JSON body of the response."""

    def __init__(self, problems: Any, status: int = 400) -> None:
        super().__init__(problems)
        self.problems, self.status = problems, status


def check(endpoint: str, given: dict[str, Any], *, partial: bool) -> dict[str, Any]:
    """The fields of a request to store. :raises Refused: a field is unknown, missing, or of the wrong type."""
    known = ENDPOINTS[endpoint]
    problems = {
        name: ["unknown field"] for name in given if name not in known["fields"] and name not in known["read_only"]
    }
    for name, field in known["fields"].items():
        if name not in given:
            if field.get("required") and not partial:
                problems[name] = ["This field is required."]
            continue
        problem = _wrong(field, given[name])
        if problem:
            problems[name] = [problem]
    if problems:
        raise Refused(problems)
    return {name: value for name, value in given.items() if name in known["fields"]}


def defaults(endpoint: str) -> dict[str, Any]:
    """A new object with the default of each field."""
    return {name: field.get("default") for name, field in ENDPOINTS[endpoint]["fields"].items()}


def _wrong(field: dict[str, Any], value: Any) -> str | None:
    if value is None:
        return "This field may not be null." if field.get("required") else None
    desired = _TYPES[field["type"]]
    if not isinstance(value, desired) or (isinstance(value, bool) and bool not in desired):
        return f"Expected {field['type']}, got {type(value).__name__}."
    if "choices" in field and value not in field["choices"]:
        return f'"{value}" is not a valid choice.'
    if isinstance(value, str) and len(value) > field.get("max_length", len(value)):
        return f"Ensure this field has no more than {field['max_length']} characters."
    if isinstance(value, str) and not value and field.get("required"):
        return "This field may not be blank."
    if "min_value" in field and value < field["min_value"]:
        return f"Ensure this value is greater than or equal to {field['min_value']}."
    return None
