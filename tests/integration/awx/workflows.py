# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Workflows: which nodes run, with which variables, and the resulting status."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from .jobs import Job, Jobs, check_launch, extra_vars
from .objects import Objects
from .permissions import Person
from .surveys import problem_of, problems_of, survey_of

# WorkflowDAG.bfs_nodes_to_run: the links to follow from a node, by its status.
_ON = {"successful": ("success_nodes", "always_nodes"), "failed": ("failure_nodes", "always_nodes")}
# WorkflowApproval.approve and deny, and TaskManager.timeout_approval_node.
APPROVALS = {"approved": "successful", "denied": "failed", "timed out": "failed"}


@dataclasses.dataclass
class Node:
    """The result of a node. :ivar status: None if it does not run. :ivar jobs: more than one if it is sliced."""

    made: dict[str, Any]
    status: str | None = None
    jobs: list[Job] = dataclasses.field(default_factory=list)
    artifacts: dict[str, Any] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass
class Ended:
    """A finished workflow job. :ivar notified: names of the notification templates that were triggered."""

    status: str
    nodes: dict[str, Node]
    notified: list[str]

    def ran(self) -> dict[str, str]:
        """The status of each node that has run."""
        return {name: node.status for name, node in self.nodes.items() if node.status}


def rejected(objects: Objects, name: str) -> list[str]:
    """WorkflowJobTemplate.node_prompts_rejected: nodes whose answers do not satisfy the survey of their template."""
    found = []
    for node in _nodes(objects, objects.named("workflow_job_templates", name)):
        template = objects.get(node["unified_job_template"])
        if problems_of(survey_of(template), node["extra_data"]):
            found.append(node["identifier"])
    return found


class Workflow:
    """A launch of a workflow.

    :param approve: returns the decision on an approval, of C(APPROVALS).
    """

    def __init__(self, jobs: Jobs, person: Person, name: str, approve: Callable[[str], str]) -> None:
        self._jobs, self._objects, self._approve = jobs, jobs.objects, approve
        self._person, self._template = person, self._objects.named("workflow_job_templates", name)
        self._nodes = {node["id"]: Node(node) for node in _nodes(self._objects, self._template)}

    def run(self, answers: dict[str, Any], limit: str | None = None) -> Ended:
        """Run the workflow to its end. :raises Refused: AWX does not allow the launch."""
        check_launch(self._objects, self._person, self._template, answers, limit)
        given = extra_vars(self._template, answers)
        left = set(self._nodes)
        while left:
            ready = {number for number in left if not self._parents(number) & left}
            for number in sorted(ready):
                if not self._parents(number) or self._leading_to(number):
                    self._run_node(number, given, limit or "")
            left -= ready
        failed = self._failed()
        links = self._objects.links(self._template["id"], f"notification_templates_{'error' if failed else 'success'}")
        nodes = {node.made["identifier"]: node for node in self._nodes.values()}
        return Ended("failed" if failed else "successful", nodes, [link["name"] for link in links])

    def _run_node(self, number: int, given: dict[str, Any], limit: str) -> None:
        """WorkflowJobNode.get_job_kwargs: the node's answers, then artifacts of earlier nodes, then the variables of the workflow."""
        node = self._nodes[number]
        for parent in self._leading_to(number):
            node.artifacts |= parent.artifacts
        template = self._objects.get(node.made["unified_job_template"])
        if template["endpoint"] == "workflow_approval_templates":
            node.status = APPROVALS[self._approve(template["name"])]
            return
        questions = {question["variable"]: question for question in survey_of(template).get("spec", [])}
        accepted = {
            name: answer
            for name, answer in node.made["extra_data"].items()
            if name in questions and problem_of(questions[name], answer) is None
        }
        # A limit that the template does not ask for is ignored silently.
        asked = limit if template["ask_limit_on_launch"] else ""
        node.jobs = self._jobs.start(template, {**accepted, **node.artifacts, **given}, asked)
        for job in node.jobs:
            node.artifacts |= job.artifacts
        node.status = "failed" if any(job.status == "failed" for job in node.jobs) else "successful"

    def _parents(self, number: int) -> set[int]:
        return {parent for parent in self._nodes if any(number in self._children(parent, name) for name in _LINES)}

    def _leading_to(self, number: int) -> list[Node]:
        """The nodes that have run and lead to this one."""
        return [
            node
            for parent, node in self._nodes.items()
            if node.status and any(number in self._children(parent, line) for line in _ON[node.status])
        ]

    def _children(self, number: int, line: str) -> list[int]:
        return [child["id"] for child in self._objects.links(number, line)]

    def _failed(self) -> bool:
        """WorkflowDAG.has_workflow_failed: a node failed and has no link to follow. A followed link handles the failure."""
        return any(
            node.status == "failed" and not any(self._children(number, line) for line in _ON["failed"])
            for number, node in self._nodes.items()
        )


_LINES = ("success_nodes", "failure_nodes", "always_nodes")


def _nodes(objects: Objects, workflow: dict[str, Any]) -> list[dict[str, Any]]:
    return objects.find("workflow_job_template_nodes", {"workflow_job_template": str(workflow["id"])})
