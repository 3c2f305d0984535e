# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Credential types: what AWX accepts, returns, and injects into the environment of a job."""

from __future__ import annotations

import re
from typing import Any

from jinja2 import StrictUndefined, UndefinedError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from .schema import Refused

_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
_FIELD_KEYS = {
    "id",
    "type",
    "label",
    "help_text",
    "format",
    "choices",
    "multiline",
    "secret",
    "ask_at_runtime",
    "default",
}
FORBIDDEN = {"VIRTUAL_ENV", "PATH", "PYTHONPATH", "JOB_ID", "INVENTORY_ID", "AWX_HOST", "CACHE"}
# AWX's built-in type, whose injection is part of AWX.
AWS = {
    "name": "Amazon Web Services",
    "kind": "cloud",
    "namespace": "aws",
    "managed": True,
    "inputs": {
        "fields": [
            {"id": "username", "label": "Access Key", "type": "string"},
            {"id": "password", "label": "Secret Key", "type": "string", "secret": True},
            {"id": "security_token", "label": "STS Token", "type": "string", "secret": True},
        ],
        "required": ["username", "password"],
    },
    "injectors": {},
}
# AWX's built-in types for the credentials of execution environments and organizations.
REGISTRY = {
    "name": "Container Registry",
    "kind": "registry",
    "namespace": "registry",
    "managed": True,
    "inputs": {"fields": [{"id": name, "label": name, "type": "string"} for name in ("host", "username", "password")]},
    "injectors": {},
}
GALAXY = {
    "name": "Ansible Galaxy/Automation Hub API Token",
    "kind": "galaxy",
    "namespace": "galaxy_api_token",
    "managed": True,
    "inputs": {"fields": [{"id": "url", "label": "Galaxy Server URL", "type": "string"}], "required": ["url"]},
    "injectors": {},
}


def check_type(inputs: dict[str, Any], injectors: dict[str, Any]) -> None:
    """Check a credential type. :raises Refused: AWX would reject it."""
    fields = inputs.get("fields", [])
    names = [field.get("id") for field in fields]
    problems = [
        f"{key}: not allowed"
        for key in (set(inputs) - {"fields", "required"}) | (set(injectors) - {"env", "extra_vars", "file"})
    ]
    problems += [f"{name}: not defined" for name in set(inputs.get("required", [])) - set(names)]
    problems += ["field IDs must be unique"] * (len(names) != len(set(names)))
    for field in fields:
        if set(field) - _FIELD_KEYS or "label" not in field or not _NAME.fullmatch(field.get("id", "")):
            problems.append(f"{field}: malformed")
        if field.get("type", "string") not in ("string", "boolean") or field.get("format", "url") not in (
            "url",
            "ssh_private_key",
        ):
            problems.append(f"{field}: of an unknown type or format")
    strict = ImmutableSandboxedEnvironment(undefined=StrictUndefined)
    for name, template in injectors.get("env", {}).items():
        if not _NAME.fullmatch(name) or name in FORBIDDEN or name.startswith("ANSIBLE_"):
            problems.append(f"{name}: not allowed in credentials")
        try:
            strict.from_string(template).render(dict.fromkeys(names, "EXAMPLE"))
        except UndefinedError as error:
            problems.append(f"{name}: {error}")
    if problems:
        raise Refused({"inputs": problems})


def check_inputs(kind: dict[str, Any], inputs: dict[str, Any]) -> None:
    """Check a credential, whose required fields may be filled in later. :raises Refused: a field is unknown, or its value not a string."""
    known = {field["id"] for field in kind["inputs"].get("fields", [])}
    problems = [name for name, value in inputs.items() if name not in known or not isinstance(value, str)]
    if problems:
        raise Refused({"inputs": {name: ["not allowed"] for name in problems}})


def missing(kind: dict[str, Any], inputs: dict[str, Any]) -> list[str]:
    """Required fields that are empty: UnifiedJob.pre_start fails a job with such a credential."""
    return sorted(name for name in kind["inputs"].get("required", []) if not inputs.get(name))


def shown(kind: dict[str, Any], inputs: dict[str, Any]) -> dict[str, Any]:
    """The inputs without secrets."""
    secret = {field["id"] for field in kind["inputs"].get("fields", []) if field.get("secret")}
    return {name: "$encrypted$" if name in secret and value else value for name, value in inputs.items()}


def environment(kind: dict[str, Any], inputs: dict[str, str]) -> dict[str, str]:
    """The environment of a job with such a credential. An empty field sets its variable to an empty string."""
    if kind["name"] == AWS["name"]:
        made = {"AWS_ACCESS_KEY_ID": inputs["username"], "AWS_SECRET_ACCESS_KEY": inputs["password"]}
        if inputs.get("security_token"):
            made["AWS_SECURITY_TOKEN"] = made["AWS_SESSION_TOKEN"] = inputs["security_token"]
        return made
    filled = {name: value for name, value in inputs.items() if value}
    return {
        name: ImmutableSandboxedEnvironment().from_string(text).render(filled)
        for name, text in kind["injectors"]["env"].items()
    }
