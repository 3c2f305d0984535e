# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWX checks besides the types of fields, for each endpoint."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from .credentials import check_inputs, check_type
from .schema import SCHEMA, Refused
from .surveys import check_answers

if TYPE_CHECKING:
    from .objects import Objects

_CONFIGURATION = {"string": str, "int": int, "bool": bool, "list": list, "password": str, "object": dict}


def check_rules(objects: Objects, endpoint: str, made: dict[str, Any]) -> None:
    """Check an object that is about to be stored, and fill in what AWX fills in. :raises Refused: AWX would not take it."""
    rule = _RULES.get(endpoint)
    if rule:
        rule(objects, made)


def _credential_type(objects: Objects, made: dict[str, Any]) -> None:
    check_type(made["inputs"], made["injectors"])


def _credential(objects: Objects, made: dict[str, Any]) -> None:
    check_inputs(objects.get(made["credential_type"]), made["inputs"])


def _job_template(objects: Objects, made: dict[str, Any]) -> None:
    if not made["project"]:
        raise Refused({"project": ["Job Templates must have a project assigned."]})
    if not made["inventory"] and not made["ask_inventory_on_launch"]:
        raise Refused({"inventory": ["You must either set a default value or ask to prompt on launch."]})
    if made["playbook"] not in objects.playbooks:
        raise Refused({"playbook": ["Playbook not found for project."]})
    made["organization"] = objects.get(made["project"])["organization"]


def _notification(objects: Objects, made: dict[str, Any]) -> None:
    known, given = SCHEMA["notification_types"][made["notification_type"]], made["notification_configuration"]
    for name, field in known.items():
        if name not in given and "default" not in field:
            raise Refused({"__all__": [f"Missing required fields for Notification Configuration: {name}."]})
        given.setdefault(name, field.get("default"))
        if given[name].__class__ is not _CONFIGURATION[field["type"]]:  # True is no int
            raise Refused({"__all__": [f"Configuration field '{name}' incorrect type, expected {field['type']}."]})


def _inventory_source(objects: Objects, made: dict[str, Any]) -> None:
    if made["source"] == "scm" and not made["source_project"]:
        raise Refused({"detail": "Project required for scm type sources."})


def _schedule(objects: Objects, made: dict[str, Any]) -> None:
    rule = made["rrule"]
    if not re.match(r"DTSTART(;TZID=[^:]+)?:[0-9]{8}T[0-9]{6}Z? ", rule) or "INTERVAL=" not in rule:
        raise Refused({"rrule": ["Valid DTSTART and INTERVAL required in rrule."]})
    template = objects.get(made["unified_job_template"])
    check_answers(template["survey_spec"] if template.get("survey_enabled") else {}, made["extra_data"])


_RULES = {
    "credential_types": _credential_type,
    "credentials": _credential,
    "job_templates": _job_template,
    "notification_templates": _notification,
    "inventory_sources": _inventory_source,
    "schedules": _schedule,
}
