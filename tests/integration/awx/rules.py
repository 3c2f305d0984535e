# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The checks of AWX beyond field types, by endpoint."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from .credentials import check_inputs, check_type
from .notifications import check_messages
from .schema import SCHEMA, Refused
from .surveys import check_answers, problems_of, survey_of

if TYPE_CHECKING:
    from .objects import Objects

_CONFIGURATION = {"string": str, "int": int, "bool": bool, "list": list, "password": str, "object": dict}


def check_rules(objects: Objects, endpoint: str, made: dict[str, Any]) -> None:
    """Check an object before it is stored, and set the fields that AWX sets. :raises Refused: AWX would reject it."""
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
    project = objects.get(made["project"])
    if made["playbook"] not in project["playbook_files"]:
        raise Refused({"playbook": ["Playbook not found for project."]})
    made["organization"] = project["organization"]


def _notification(objects: Objects, made: dict[str, Any]) -> None:
    check_messages(made["messages"])
    known, given = SCHEMA["notification_types"][made["notification_type"]], made["notification_configuration"]
    for name, field in known.items():
        if name not in given and "default" not in field:
            raise Refused({"__all__": [f"Missing required fields for Notification Configuration: {name}."]})
        given.setdefault(name, field.get("default"))
        if given[name].__class__ is not _CONFIGURATION[field["type"]]:  # isinstance would accept True as an int
            raise Refused({"__all__": [f"Configuration field '{name}' incorrect type, expected {field['type']}."]})


def _inventory_source(objects: Objects, made: dict[str, Any]) -> None:
    if made["source"] == "scm" and not made["source_project"]:
        raise Refused({"detail": "Project required for scm type sources."})


def _execution_environment(objects: Objects, made: dict[str, Any]) -> None:
    """ExecutionEnvironmentSerializer.validate_credential."""
    if made["credential"] and _kind(objects, made["credential"]) != "registry":
        raise Refused({"credential": ["Only Container Registry credentials can be associated."]})


def check_link(objects: Objects, name: str, other: dict[str, Any]) -> None:
    """OrganizationGalaxyCredentialsList.is_valid_relation. :raises Refused: the credential is of another kind."""
    if name == "galaxy_credentials" and _kind(objects, other["id"]) != "galaxy":
        raise Refused({"msg": "Credential must be a Galaxy credential."})


def _kind(objects: Objects, credential: int) -> str:
    return str(objects.get(objects.get(credential)["credential_type"])["kind"])


def _node(objects: Objects, made: dict[str, Any]) -> None:
    """LaunchConfigurationBaseSerializer.validate; the workflow may answer what a node does not."""
    if made["extra_data"]:
        template = objects.get(made["unified_job_template"])
        problems = problems_of(survey_of(template), made["extra_data"], required=False)
        if problems:
            raise Refused({"extra_data": problems})


def _schedule(objects: Objects, made: dict[str, Any]) -> None:
    rule = made["rrule"]
    if not re.match(r"DTSTART(;TZID=[^:]+)?:[0-9]{8}T[0-9]{6}Z? ", rule) or "INTERVAL=" not in rule:
        raise Refused({"rrule": ["Valid DTSTART and INTERVAL required in rrule."]})
    template = objects.get(made["unified_job_template"])
    check_answers(survey_of(template), made["extra_data"])


_RULES = {
    "credential_types": _credential_type,
    "credentials": _credential,
    "execution_environments": _execution_environment,
    "job_templates": _job_template,
    "notification_templates": _notification,
    "inventory_sources": _inventory_source,
    "schedules": _schedule,
    "workflow_job_template_nodes": _node,
}
