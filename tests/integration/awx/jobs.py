# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs: how AWX starts and queues them, and why one fails before its playbook starts."""

from __future__ import annotations

import dataclasses
import itertools
import json
from collections.abc import Callable, Iterable
from typing import Any

from .credentials import missing
from .inventories import matching, part
from .objects import Objects
from .permissions import Person
from .schema import Refused
from .surveys import check_answers, defaults_of, survey_of


@dataclasses.dataclass
class Job:
    """One run of a playbook. :ivar inventory: that of its slice. :ivar artifacts: what it published with set_stats."""

    number: int
    template: dict[str, Any]
    limit: str
    variables: dict[str, Any]
    slice: tuple[int, int] = (1, 1)
    status: str = "pending"
    explanation: str = ""
    revision: str = ""
    inventory: dict[str, Any] = dataclasses.field(default_factory=dict)
    artifacts: dict[str, Any] = dataclasses.field(default_factory=dict)

    def hosts(self) -> list[str]:
        """The hosts that its plays run on."""
        return matching(self.inventory, [self.limit or "all", str(self.variables.get("panw_cloud_target", "all"))])


# Runs the playbook of a job, sets its artifacts, and returns whether it was successful.
Run = Callable[[Job], bool]


def extra_vars(template: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """SurveyJobTemplateMixin._update_unified_job_kwargs: variables of the template, valid defaults of its survey, then those given."""
    return {**json.loads(template["extra_vars"] or "{}"), **defaults_of(survey_of(template)), **given}


class Jobs:
    """The jobs of AWX, run one after the other."""

    def __init__(self, objects: Objects, run: Run) -> None:
        self.objects, self._run = objects, run
        self.numbers = itertools.count(41)

    def launch(
        self, person: Person, name: str, answers: dict[str, Any] | None = None, limit: str | None = None
    ) -> list[Job]:
        """Launch a job template, as a user or the module job_launch does. :raises Refused: AWX does not allow it."""
        template = self.objects.named("job_templates", name)
        check_launch(self.objects, person, template, answers or {}, limit)
        return self.start(template, answers or {}, limit or "")

    def start(self, template: dict[str, Any], given: dict[str, Any], limit: str) -> list[Job]:
        """Create a job, or one for each slice, and run them (JobTemplate.create_unified_job).

        There are at most as many slices as hosts, counted before any update of the inventory and regardless of a limit
        (get_effective_slice_ct).
        """
        hosts = len(self.objects.get(template["inventory"])["hosts"])
        count = max(1, min(template["job_slice_count"], hosts))
        variables = extra_vars(template, given)
        jobs = [
            Job(next(self.numbers), template, limit, dict(variables), (number, count)) for number in range(1, count + 1)
        ]
        for job in jobs:
            job.explanation = self._prevented(job)
            job.status = "successful" if not job.explanation and self._run(job) else "failed"
        return jobs

    def _prevented(self, job: Job) -> str:
        """Why the playbook cannot start: a preceding update failed, a credential is incomplete, or no host is left."""
        objects, template = self.objects, job.template
        project, inventory = objects.get(template["project"]), objects.get(template["inventory"])
        if not objects.syncs.current(project):
            return "Previous Task Failed: project_update"
        for source in objects.find("inventory_sources", {"inventory": str(inventory["id"])}):
            if objects.syncs.is_due(source) and not objects.syncs.source(source, project, inventory).ok:
                return "Previous Task Failed: inventory_update"
        job.revision = project["scm_revision"]
        for credential in objects.links(template["id"], "credentials"):
            fields = missing(objects.get(credential["credential_type"]), credential["inputs"])
            if fields:
                return f"Job cannot start because Credential {credential['name']} does not provide {', '.join(fields)}."
        job.inventory = part(inventory, *job.slice)
        # ansible-playbook accepts an empty inventory, but not a limit that matches no host of an inventory.
        if job.limit and job.inventory["all"]["hosts"] and not matching(job.inventory, [job.limit]):
            return "Specified inventory, host pattern and/or --limit leaves us with no hosts to target."
        return ""


def check_launch(
    objects: Objects, person: Person, template: dict[str, Any], answers: dict[str, Any], limit: str | None
) -> None:
    """Check a launch. :raises Refused: the user lacks permission, or the template does not accept the limit or the answers."""
    if not objects.roles.has(person, template, "execute_role"):
        raise Refused({"detail": "You do not have permission to perform this action."}, 403)
    if limit is not None and not template["ask_limit_on_launch"]:
        raise Refused({"limit": ["Field is not configured to prompt on launch."]})
    check_answers(survey_of(template), answers)


def running_together(templates: Iterable[dict[str, Any]]) -> list[str]:
    """The templates whose jobs, launched in this order, run at the same time (DependencyGraph.job_blocked_by).

    A job waits for an earlier one of the same template, unless that allows simultaneous jobs. It never waits for one of another template.
    """
    started: list[dict[str, Any]] = []
    for template in templates:
        if template["allow_simultaneous"] or template not in started:
            started.append(template)
    return [template["name"] for template in started]
