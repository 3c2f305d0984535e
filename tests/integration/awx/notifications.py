# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages of notification templates: what AWX accepts, and what it sends."""

from __future__ import annotations

import json
from typing import Any

from jinja2 import ChainableUndefined, StrictUndefined, TemplateError, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from .schema import Refused

EVENTS = ("started", "success", "error")
APPROVAL_EVENTS = ("running", "approved", "timed_out", "denied")
# A part of JobNotificationMixin.context_stub, with which AWX renders new messages.
STUB = {
    "job": {"id": 42, "name": "Stub JobTemplate", "status": "running", "artifacts": {}},
    "job_friendly_name": "Job",
    "url": "https://awx.example.com/#/jobs/playbook/1010",
    "approval_status": "approved",
    "approval_node_name": "Approve Me",
    "workflow_url": "https://awx.example.com/#/jobs/workflow/1010",
    "job_metadata": "{}",
}


def check_messages(messages: dict[str, Any]) -> None:
    """NotificationTemplateSerializer.validate_messages. :raises Refused: AWX would reject them."""
    problems = [f"Event '{name}' invalid" for name in messages if name not in (*EVENTS, "workflow_approval")]
    approval = messages.get("workflow_approval") or {}
    problems += [f"Workflow Approval event '{name}' invalid" for name in approval if name not in APPROVAL_EVENTS]
    for texts in filter(None, (*(messages.get(name) for name in EVENTS), *approval.values())):
        problems += [f"Message type '{name}' invalid" for name in texts if name not in ("message", "body")]
        problems += ["Messages cannot contain newlines"] * ("\n" in (texts.get("message") or ""))
        for text in filter(None, texts.values()):
            try:
                _render(text, STUB, StrictUndefined)
            except TemplateError as error:
                problems.append(f"Unable to render message '{text}': {error}")
    if problems:
        raise Refused({"messages": problems})


def sent(template: dict[str, Any], event: str, context: dict[str, Any]) -> dict[str, Any]:
    """The body that a webhook gets (WebhookBackend.format_body). :param event: of a job, or C(running) for a pending approval."""
    messages = template["messages"]
    texts = messages[event] if event in EVENTS else messages["workflow_approval"][event]
    body = json.loads(_render(texts["body"], context, ChainableUndefined))
    assert isinstance(body, dict)
    return body


def _render(text: str, context: dict[str, Any], undefined: type[Undefined]) -> str:
    return ImmutableSandboxedEnvironment(undefined=undefined).from_string(text).render(context)
