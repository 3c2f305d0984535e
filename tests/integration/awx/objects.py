# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The objects of the simulated service: stored, found, linked, and removed with their dependents."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterator
from typing import Any

from .credentials import AWS, GALAXY, REGISTRY
from .permissions import Roles
from .rules import check_link, check_rules
from .schema import ENDPOINTS, REFERENCES, TEMPLATES, Refused, check, defaults
from .syncs import TRIGGERS, Repository, Syncs

NOTIFIED = ("notification_templates_started", "notification_templates_success", "notification_templates_error")
_NOTIFIED_LINKS = dict.fromkeys(NOTIFIED, "notification_templates")
_LINES = dict.fromkeys(("success_nodes", "failure_nodes", "always_nodes"), "workflow_job_template_nodes")
# The lists of linked objects by endpoint, and the endpoints that they link to.
LINKS: dict[str, dict[str, str]] = {
    "organizations": {"galaxy_credentials": "credentials"},
    "job_templates": {"credentials": "credentials", "labels": "labels", **_NOTIFIED_LINKS},
    "workflow_job_templates": {
        "labels": "labels",
        "notification_templates_approvals": "notification_templates",
        **_NOTIFIED_LINKS,
    },
    "workflow_job_template_nodes": _LINES,
}
# Objects that are deleted with the object that a field references; other references become empty, so that tests find leftovers.
_BELONGS = {
    ("inventory_sources", "inventory"),
    ("inventory_sources", "source_project"),
    ("labels", "organization"),
    ("schedules", "unified_job_template"),
    ("teams", "organization"),
    ("workflow_job_template_nodes", "workflow_job_template"),
}
# Initial values of an object in addition to the fields of its endpoint.
_OWN: dict[str, dict[str, Any]] = {
    "credential_types": {"managed": False},
    "inventories": {"hosts": {}, "groups": {}},
    "job_templates": {"survey_spec": {}},
    "projects": {"playbook_files": [], "scm_revision": "", "status": "never updated"},
    "workflow_job_templates": {"survey_spec": {}},
}


class Objects:
    """All objects of AWX. :ivar writes: how many requests changed something."""

    def __init__(self, repository: Repository) -> None:
        self.syncs, self.roles, self.writes = Syncs(repository), Roles(), 0
        self._numbers = itertools.count(1)
        self._all: dict[int, dict[str, Any]] = {}
        self._links: dict[tuple[int, str], list[int]] = {}
        for kind in (AWS, REGISTRY, GALAXY):
            self._store("credential_types", {**kind, "description": "", "managed": True})

    def snapshot(self) -> list[dict[str, Any]]:
        """All objects with their links and roles, except AWX's built-in ones."""
        found = [copy.deepcopy(made) for made in self._all.values() if not made.get("managed")]
        for made in found:
            made["roles"] = self.roles.of(made)
            made["links"] = {
                name: sorted(ids) for (owner, name), ids in self._links.items() if owner == made["id"] and ids
            }
        return found

    def get(self, number: Any, *endpoints: str) -> dict[str, Any]:
        """One object. :raises Refused: no such object exists at these endpoints."""
        made = self._all.get(number)
        if made is None or (endpoints and made["endpoint"] not in endpoints):
            raise Refused({"detail": "Not found."}, 404)
        return made

    def find(self, endpoint: str, filters: dict[str, str]) -> list[dict[str, Any]]:
        """The objects with these values. :raises Refused: a filter is unknown."""
        known = {"unified_job_templates": TEMPLATES}.get(endpoint, (endpoint,))
        found = [made for made in self._all.values() if made["endpoint"] in known]
        fields = {name for one in known for part in ("fields", "read_only") for name in ENDPOINTS[one][part]}
        for name, value in filters.items():
            if name not in fields:
                raise Refused({"detail": f"{endpoint} has no field named '{name}'"})
            found = [made for made in found if str(made.get(name)) == value]
        return found

    def named(self, endpoint: str, name: str) -> dict[str, Any]:
        """The only object with a name."""
        (found,) = self.find(endpoint, {"identifier" if endpoint.endswith("_nodes") else "name": name})
        return found

    def create(self, endpoint: str, given: dict[str, Any]) -> dict[str, Any]:
        """Store a new object. :raises Refused: AWX would reject it."""
        made = {**copy.deepcopy(defaults(endpoint)), **check(endpoint, given, partial=False)}
        self._check(endpoint, made)
        self.writes += 1
        stored = self._store(endpoint, made)
        if endpoint == "projects":
            self.syncs.project(stored)
        return stored

    def update(self, made: dict[str, Any], given: dict[str, Any]) -> None:
        """Change an object. :raises Refused: AWX would reject it."""
        changes = check(made["endpoint"], given, partial=True)
        after = {
            **copy.deepcopy(made),
            **{name: "" if value is None and made[name] == "" else value for name, value in changes.items()},
        }
        self._check(made["endpoint"], after)
        self.writes += after != made
        stale = any(after.get(name) != made.get(name) for name in TRIGGERS)
        made.update(after)
        if stale:
            self.syncs.project(made)

    def approval(self, node: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
        """Turn a node into an approval. :raises Refused: a field is unknown."""
        if set(given) - {"name", "description", "timeout"}:
            raise Refused({"detail": f"unknown fields: {sorted(given)}"})
        self.writes += 1
        made = self._store("workflow_approval_templates", {"description": "", "timeout": 0, **given})
        node["unified_job_template"] = made["id"]
        return made

    def links(self, number: int, name: str) -> list[dict[str, Any]]:
        """The objects that an object is linked with."""
        return [self._all[other] for other in self._links.get((number, name), [])]

    def link(self, owner: dict[str, Any], name: str, number: int) -> None:
        """Link two objects. :raises Refused: AWX does not allow it."""
        other = self.get(number, LINKS[owner["endpoint"]][name])
        linked = self._links.setdefault((owner["id"], name), [])
        if name in _LINES:
            others = [self._links.get((owner["id"], line), []) for line in _LINES if line != name]
            if number in itertools.chain(*others) or other["workflow_job_template"] != owner["workflow_job_template"]:
                raise Refused({"Error": "Relationship not allowed."})
        if name == "credentials" and other["credential_type"] in [
            one["credential_type"] for one in self.links(owner["id"], name)
        ]:
            raise Refused({"error": "Cannot assign multiple credentials of the same type."})
        check_link(self, name, other)
        linked.append(number)
        self.writes += 1

    def unlink(self, owner: dict[str, Any], name: str, number: int) -> None:
        """Remove a link, and a label that no object uses any more."""
        self._links[owner["id"], name].remove(number)
        self.writes += 1
        self._drop_bare_labels([number])

    def delete(self, made: dict[str, Any]) -> None:
        """Remove an object. :raises Refused: AWX does not allow it."""
        number, endpoint = made["id"], made["endpoint"]
        if endpoint == "labels":
            raise Refused({"detail": "Method not allowed."}, 405)
        if made.get("managed") or (
            endpoint == "credential_types" and self.find("credentials", {"credential_type": str(number)})
        ):
            raise Refused({"detail": "Credential types that are in use cannot be deleted."}, 403)
        self.writes += 1
        self._remove(number)

    def _remove(self, number: int) -> None:
        if self._all.pop(number, None) is None:
            return
        self.roles.forget(number)
        carried = self._links.get((number, "labels"), [])
        self._links = {
            key: [one for one in ids if one != number] for key, ids in self._links.items() if key[0] != number
        }
        self._drop_bare_labels(carried)
        for made, name in list(self._naming(number)):
            if (made["endpoint"], name) in _BELONGS:
                self._remove(made["id"])
                self._remove_approval(made)
            else:
                made[name] = None

    def _remove_approval(self, node: dict[str, Any]) -> None:
        template = self._all.get(node.get("unified_job_template"))
        if template and template["endpoint"] == "workflow_approval_templates":
            self._remove(template["id"])

    def _naming(self, number: int) -> Iterator[tuple[dict[str, Any], str]]:
        for made in self._all.values():
            yield from ((made, name) for name in REFERENCES if made.get(name) == number)

    def _drop_bare_labels(self, numbers: list[int]) -> None:
        for number in numbers:
            label = self._all.get(number, {}).get("endpoint") == "labels"
            if label and not any(number in ids for (_owner, name), ids in self._links.items() if name == "labels"):
                self._remove(number)

    def _check(self, endpoint: str, made: dict[str, Any]) -> None:
        for name, endpoints in REFERENCES.items():
            if isinstance(made.get(name), int) and name in ENDPOINTS[endpoint]["fields"]:
                self.get(made[name], *endpoints)
        check_rules(self, endpoint, made)
        unique = {name: str(made.get(name)) for name in ENDPOINTS[endpoint]["unique"]}
        if [other for other in self.find(endpoint, unique) if other["id"] != made.get("id")]:
            raise Refused({"__all__": [f"{endpoint} with this {', '.join(unique)} already exists."]})

    def _store(self, endpoint: str, made: dict[str, Any]) -> dict[str, Any]:
        number = next(self._numbers)
        stored = {
            **copy.deepcopy(_OWN.get(endpoint, {})),
            **made,
            "id": number,
            "endpoint": endpoint,
            "type": endpoint.replace("inventories", "inventory").rstrip("s"),
            "url": f"/api/v2/{endpoint}/{number}/",
        }
        self._all[number] = stored
        return stored
