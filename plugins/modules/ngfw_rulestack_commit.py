#!/usr/bin/python
# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: ngfw_rulestack_commit
version_added: 0.2.0
short_description: Validate, commit or revert rulestacks of Cloud NGFW for AWS
description:
  - Commits the candidate configuration of a rulestack, validates it, or replaces it with the running configuration, and waits for the end.
  - The API does not say who made a change. To protect the work of others, the task fails if the candidate has
    other changes than O(changes), unless O(include_other_changes=true).
author: []  # those of galaxy.yml
options:
  rulestack:
    description: The name of the rulestack.
    type: str
    required: true
  scope:
    description: The scope of the rulestack. It decides which admin role a temporary token is for.
    type: str
    choices: [local, global]
    default: local
  state:
    description:
      - With V(committed), the candidate becomes the running configuration. Nothing is sent if there is no uncommitted change.
      - With V(validated), the candidate is validated, and the task fails if it is invalid.
      - With V(reverted), the running configuration replaces the candidate.
    type: str
    choices: [committed, validated, reverted]
    default: committed
  changes:
    description:
      - The changes that are expected, such as registered results of the modules for objects, or C(changes) of a rulestack in the result of
        M(panw.cloud.ngfw_rulestack_config).
      - Each element needs C(section) and C(name).
    type: list
    elements: dict
    default: []
  include_other_changes:
    description: Whether to commit or revert other changes than O(changes) too.
    type: bool
    default: false
  wait_timeout:
    description: How many seconds to wait for the end of the commit or validation.
    type: int
    default: 600
extends_documentation_fragment:
  - panw.cloud.ngfw
  - panw.cloud.ngfw.session
  - panw.cloud.ngfw.attributes
  - amazon.aws.common.modules
  - amazon.aws.region.modules
attributes:
  check_mode:
    support: full
    details:
      - In check mode, V(validated) sends nothing, because a validation is a write.
seealso:
  - ref: ansible_collections.panw.cloud.docsite.guide_rulestacks
    description: From a document to a reviewed and committed policy. In the collection this is C(docs/docsite/rst/guide_rulestacks.rst).
  - module: panw.cloud.ngfw_rulestack_info
  - module: panw.cloud.ngfw_rulestack_config
"""

EXAMPLES = r"""
- name: Set a prefix list
  panw.cloud.ngfw_prefix_list:
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    rulestack: web-egress
    name: offices
    prefixes: [198.51.100.0/24]
  register: offices

- name: Commit this change only
  panw.cloud.ngfw_rulestack_commit:
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    rulestack: web-egress
    changes:
      - "{{ offices }}"

- name: Commit whatever is in the candidate
  panw.cloud.ngfw_rulestack_commit:
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    rulestack: web-egress
    include_other_changes: true

- name: Put the candidate back to the running configuration
  panw.cloud.ngfw_rulestack_commit:
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    rulestack: web-egress
    state: reverted
    include_other_changes: true
"""

RETURN = r"""
changes:
  description: The uncommitted changes that were committed or reverted, or are valid, each with its section, name and operation.
  returned: success
  type: list
  elements: dict
  sample:
    - section: prefix_lists
      name: offices
      operation: add
commit:
  description: The end of the commit or validation, as the API reports it. Null if nothing was sent, and after a revert.
  returned: success
  type: dict
  sample:
    commit_status: Success
    commit_messages: []
error:
  description: Details of the failure, see M(panw.cloud.ngfw_token). After a failed commit, C(messages) has each message with what it is about.
  returned: failure
  type: dict
  sample:
    kind: commit_failed
    status: 200
"""

from typing import Any

from ansible_collections.panw.cloud.plugins.module_utils._module.argspec import session_spec
from ansible_collections.panw.cloud.plugins.module_utils._module.ngfw import Task, run
from ansible_collections.panw.cloud.plugins.module_utils._module.resource import (
    SCOPES,
    admin_role_for,
    commit_poller,
    keys_of,
)
from ansible_collections.panw.cloud.plugins.module_utils._module.session import session
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.catalog import RULESTACK_RESOURCE
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.client import ResourceClient
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.commit import Commits
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.validation import name_problems, refuse


def work(task: Task) -> dict[str, Any]:
    """Validate, commit or revert."""
    params = task.params
    refuse(name_problems(RULESTACK_RESOURCE, params["rulestack"], "rulestack"))
    expected = None if params["include_other_changes"] else keys_of(params["changes"])
    with session(task, admin_role_for(task, params["scope"])) as opened:
        client = ResourceClient(opened.client, opened.pair)
        commits = Commits(client, params["rulestack"], params["scope"], commit_poller(params["wait_timeout"]))
        uncommitted = commits.uncommitted() if commits.pending() else []
        result = {"changed": False, "changes": [change.report for change in uncommitted], "commit": None}
        if params["state"] == "validated":
            return result if task.check_mode else {**result, "commit": commits.validate()}
        if not uncommitted:
            return result
        commits.refuse_others(expected, uncommitted)
        if not task.check_mode:
            result["commit"] = commits.commit() if params["state"] == "committed" else commits.revert()
        return {**result, "changed": True}


def main() -> None:
    """Run the module."""
    spec = {
        **session_spec(),
        "rulestack": {"type": "str", "required": True},
        "scope": {"type": "str", "choices": list(SCOPES), "default": "local"},
        "state": {"type": "str", "choices": ["committed", "validated", "reverted"], "default": "committed"},
        "changes": {"type": "list", "elements": "dict", "default": []},
        "include_other_changes": {"type": "bool", "default": False},
        "wait_timeout": {"type": "int", "default": 600},
    }
    run(work, spec)


if __name__ == "__main__":
    main()
