# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the JSON Schema of rulestack files, for editors, from the descriptors and the documentation of ngfw_rulestack_config.

Usage: PYTHONPATH=.build .venv/bin/python tests/tools/rulestack_schema.py

What it accepts, the reader may still refuse: JSON Schema cannot compare names and references, or count the bits of a prefix. What
it refuses, the reader refuses, too, except that the reader ignores the case of letters in choices.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from ansible_collections.panw.cloud.plugins.module_utils._aws.regions import REGION
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.policy.options import own_spec
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.catalog import (
    IN_RULESTACK,
    RULESTACK_RESOURCE,
    sections_of,
)
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.catalog.security_rule import (
    HIGHEST_PRIORITY,
    LOWEST_PRIORITY,
    RULE_SECTIONS,
)
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.descriptor import Field, Resource
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.document import SCOPES
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.texts import ACCOUNT
from ansible_collections.panw.cloud.plugins.modules import ngfw_rulestack_config

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "roles/rulestacks/files/rulestack.schema.json"
TEMPLATE = {"$ref": "#/$defs/template"}
TEXT = {"type": "string"}
PATTERNS = {"deploy_to.accounts": ACCOUNT.pattern, "deploy_to.regions": REGION}
Schema = dict[str, Any]
Documentation = Mapping[str, Any]
OWN = {
    "include": "Files whose sections come before those of this file, in this order. Paths are relative to the policy directory.",
    "deploy_to": "The accounts and regions that the rulestack is for. All that are given must match. If it is omitted, it is for all.",
    "deploy_to.groups": "Groups of accounts.",
    "deploy_to.accounts": "AWS account IDs, quoted.",
    "deploy_to.regions": "AWS regions.",
    "templates": "Whether the texts of this file are templates. With false, {{ }} is a text like any other.",
    "suppress": "The findings of the lint that are meant to be so. What is omitted matches all findings of the ID.",
    "suppress.id": "The ID of the findings.",
    "suppress.section": "The section of the finding, such as rules.",
    "suppress.name": "The name of the rule or the object.",
}


def schema() -> Schema:
    """The schema of a rulestack file."""
    documented = yaml.safe_load(ngfw_rulestack_config.DOCUMENTATION)["options"]["rulestacks"]["suboptions"]
    definitions: Schema = {"template": {"type": "string", "pattern": r"\{\{", "description": "A Jinja template."}}
    properties = _properties(RULESTACK_RESOURCE, documented)
    properties["scope"] = _described(_or_template({"enum": list(SCOPES)}), documented["scope"])
    for section, resource in IN_RULESTACK.items():
        definition = "rule" if section in RULE_SECTIONS else section
        definitions.setdefault(definition, _item(resource, documented[section]["suboptions"]))
        element: Schema = {"$ref": f"#/$defs/{definition}"}
        if section in RULE_SECTIONS:
            element = {"anyOf": [element, {"$ref": "#/$defs/included_rules"}]}
        properties[section] = _described(_or_template({"type": "array", "items": element}), documented[section])
    definitions["included_rules"] = {
        **_object({"include": TEXT}, ["include"]),
        "description": "The rules of a file, a list, in this place. The path is relative to the policy directory.",
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Rulestack of Cloud NGFW for AWS",
        "description": "A file in the rulestacks of a policy directory, which panw.cloud.ngfw_rulestack_directory reads.",
        **_object({**properties, **{name: _own(name, spec) for name, spec in own_spec().items()}}),
        "allOf": [
            _only_in("global", {"properties": {"scope": {"const": "global"}}, "required": ["scope"]}),
            _only_in("local", {"properties": {"scope": {"const": "local"}}}),
        ],
        "$defs": definitions,
    }


def text() -> str:
    """The content of the file."""
    return json.dumps(schema(), indent=2) + "\n"


def main() -> None:
    """Write the file."""
    TARGET.write_text(text(), encoding="utf-8")


def _properties(resource: Resource, documented: Documentation) -> Schema:
    name = resource.name
    return {
        name.option: _described(_name(name), documented[name.option]),
        **{field.option: _field(field, documented[field.option]) for field in resource.fields},
    }


def _item(resource: Resource, documented: Documentation) -> Schema:
    properties = _properties(resource, documented)
    if resource.addressed_by == "priority":
        limits = {"type": "integer", "minimum": LOWEST_PRIORITY, "maximum": HIGHEST_PRIORITY}
        properties["priority"] = _described(_or_template(limits), documented["priority"])
    return _object(properties, [resource.name.option])


def _name(field: Field) -> Schema:
    template, limits = _text(field, element=True)["anyOf"]
    return {"anyOf": [template, {**limits, "minLength": 1}]}


def _field(field: Field, documented: Documentation) -> Schema:
    if field.type == "str":
        found = _text(field)
    elif field.type == "list":
        limits = {"minItems": 1} if field.required else {}
        found = _or_template({"type": "array", "items": _text(field, element=True), **limits})
    elif field.type == "tags":
        found = _or_template({"type": "object", "additionalProperties": TEXT})
    elif field.type == "object":
        inner = documented["suboptions"]
        found = _or_template(_object({one.option: _field(one, inner[one.option]) for one in field.fields}))
    elif field.type == "int":
        limits = {"minimum": field.minimum, "maximum": field.maximum}
        given = {name: limit for name, limit in limits.items() if limit is not None}
        found = _or_template({"type": "integer", **given})
    else:
        found = _or_template({"type": "boolean"})
    return _described(found, documented)


def _text(field: Field, element: bool = False) -> Schema:
    """The schema of a text. :param element: of a list."""
    if field.choices:
        return _or_template({"enum": list(field.choices)})
    limits: Schema = dict(TEXT)
    if field.maximum is not None:
        limits["maxLength"] = field.maximum
    if field.text and field.text.pattern:
        limits["pattern"] = f"^(?:{field.text.pattern}){'?' if field.may_be_empty and not element else ''}$"
    return _or_template(limits)


def _own(name: str, spec: Mapping[str, Any]) -> Schema:
    """The schema of an option that the API does not get. :param name: with the names of the options around it."""
    if spec["type"] == "list":
        found: Schema = {"type": "array", "items": _own(name, {**spec, "type": spec["elements"]})}
    elif spec["type"] == "dict":
        inner = {option: _own(f"{name}.{option}", one) for option, one in spec["options"].items()}
        found = _object(inner, [option for option, one in spec["options"].items() if one.get("required")])
    elif "choices" in spec:
        found = {"enum": list(spec["choices"])}
    else:
        found = {**TEXT, **({"pattern": f"^{PATTERNS[name]}$"} if name in PATTERNS else {})}
    return {**_or_template(found), **({"description": OWN[name]} if spec["type"] != "str" or "." in name else {})}


def _object(properties: Schema, required: list[str] | None = None) -> Schema:
    found: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**found, "required": required} if required else found


def _only_in(scope: str, condition: Schema) -> Schema:
    """The sections that a scope lacks are empty."""
    lacking = [section for section in IN_RULESTACK if section not in sections_of(scope)]
    return {"if": condition, "then": {"properties": {section: {"maxItems": 0} for section in lacking}}}


def _or_template(limits: Schema) -> Schema:
    return {"anyOf": [TEMPLATE, limits]}


def _described(found: Schema, documented: Documentation) -> Schema:
    description = documented["description"]
    whole = description if isinstance(description, str) else " ".join(description)
    return {"description": re.sub(r"\b[A-Z]{1,2}\(([^()]*)\)", r"\1", whole), **found}


if __name__ == "__main__":
    main()
