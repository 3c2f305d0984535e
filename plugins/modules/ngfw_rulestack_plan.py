#!/usr/bin/python
# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: ngfw_rulestack_plan
version_added: 0.2.0
short_description: Plan changes of rulestacks of Cloud NGFW for AWS into a file
description:
  - Compares the rulestacks of an AWS account in a region with documents, and writes what would change to a file, which can be reviewed and approved,
    and applied later by M(panw.cloud.ngfw_rulestack_config) with O(panw.cloud.ngfw_rulestack_config#module:plan). It changes no rulestack.
  - The plan has each rulestack as found, as desired and as it will be, the changes, changes of others that are not committed, and the findings of
    M(panw.cloud.ngfw_rulestack_lint). It holds no token and no key.
    It does hold the URLs of feeds, so do not put passwords into them.
  - The ID of a plan is a digest of its content, except for the time, warnings and rulestacks that are not in the plan. The same documents and the same
    rulestacks give the same ID, so that an approval of the ID is an approval of the changes. It detects an edited file. It is not a signature.
  - Runs on the controller, whatever the connection of the host is.
author: []  # those of galaxy.yml
options:
  directory:
    description:
      - A directory of rulestacks, as M(panw.cloud.ngfw_rulestack_directory) reads it.
      - Exactly one of O(directory), O(rulestacks) and O(rollback_of) is required.
    type: path
  groups:
    description: The groups of the account in the inventory, for C(deploy_to) in the files of O(directory).
    type: list
    elements: str
    default: []
  variables:
    description: Variables for the files of O(directory). They override those of the directory.
    type: dict
    default: {}
  rulestacks:
    description: The rulestacks, as M(panw.cloud.ngfw_rulestack_config) takes them.
    type: list
    elements: dict
  rollback_of:
    description:
      - The path of a plan that was applied. The new plan restores each of its rulestacks as that plan found it, and removes those that it created.
      - The task warns if a rulestack has changed since, because the rollback takes back these changes, too.
    type: path
  suppress:
    description: The findings that are meant to be so, see O(panw.cloud.ngfw_rulestack_lint#module:suppress).
    type: list
    elements: dict
    default: []
    suboptions:
      id:
        description: The ID of the findings.
        type: str
        required: true
        choices: [any-to-any-allow, shadowed-rule, unmatchable-rule, duplicate-rule, empty-list, unused-object, undecided-shadowing]
      rulestack:
        description: The name of the rulestack.
        type: str
      section:
        description: The section of the document, such as V(rules).
        type: str
      name:
        description: The name of the rule or the object.
        type: str
  fail_on:
    description:
      - The task fails before it calls the API if the documents have a finding of this severity or a worse one. With V(none), the plan only has the findings.
    type: str
    choices: [error, warning, info, none]
    default: none
  state:
    description: What the documents stand for, see O(panw.cloud.ngfw_rulestack_config#module:state). Not used with O(rollback_of).
    type: str
    choices: [merged, replaced, overridden, deleted]
    default: overridden
  account_id:
    description: The AWS account that the plan is for. By default, that of O(role_arn).
    type: str
  target:
    description: The name of the account in reports, such as the name of the host.
    type: str
    default: ''
  dest:
    description: The file to write. Missing directories are created, and the file is replaced in one step. In check mode it is not written.
    type: path
    required: true
  concurrency:
    description: How many requests run at the same time, 1 to 128. A value above one and a half times the response time in milliseconds makes
      it no faster.
    type: int
    default: 16
extends_documentation_fragment:
  - panw.cloud.ngfw
  - panw.cloud.ngfw.session
  - panw.cloud.ngfw.attributes
  - amazon.aws.common.modules
  - amazon.aws.region.modules
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  action:
    description: Runs on the controller.
    support: full
seealso:
  - ref: ansible_collections.panw.cloud.docsite.guide_rulestacks
    description: From a document to a reviewed and committed policy. In the collection this is C(docs/docsite/rst/guide_rulestacks.rst).
  - module: panw.cloud.ngfw_rulestack_config
  - module: panw.cloud.ngfw_rulestack_directory
  - module: panw.cloud.ngfw_rulestack_report
"""

EXAMPLES = r"""
- name: Plan the rulestacks of an account
  panw.cloud.ngfw_rulestack_plan:
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    rulestacks:
      - name: branch-egress
        rules:
          - name: deny-all
            source:
              cidrs: [any]
            destination:
              cidrs: [any]
            applications: [any]
            action: DenySilent
    dest: "{{ my_plans }}/123456789012.json"

- name: Apply the plan after its review
  panw.cloud.ngfw_rulestack_config:
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    plan: "{{ my_plans }}/123456789012.json"

- name: Plan to take it back
  panw.cloud.ngfw_rulestack_plan:
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    rollback_of: "{{ my_plans }}/123456789012.json"
    dest: "{{ my_plans }}/123456789012.rollback.json"
"""

RETURN = r"""
dest:
  description: The file.
  returned: success
  type: str
  sample: /var/lib/plans/123456789012.json
plan_id:
  description: The ID of the plan.
  returned: success
  type: str
  sample: sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae
has_changes:
  description: Whether the plan changes a rulestack. The task itself reports C(changed) if it wrote another plan than the file had.
  returned: success
  type: bool
  sample: true
rulestacks:
  description: The rulestacks of the plan.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: The name.
      type: str
      returned: always
      sample: branch-egress
    scope:
      description: C(local) or C(global).
      type: str
      returned: always
      sample: local
    state:
      description: What the document stands for, see O(state).
      type: str
      returned: always
      sample: overridden
    fingerprint:
      description: The digest of the rulestack as found.
      type: str
      returned: always
    counts:
      description: The number of changes by operation, C(create), C(update), C(move) and C(delete).
      type: dict
      returned: always
      sample:
        create: 2
    uncommitted:
      description: The number of changes of the candidate that are not committed.
      type: int
      returned: always
      sample: 0
findings:
  description: The number of findings by severity. The plan has the findings.
  returned: success
  type: dict
  sample:
    error: 0
    warning: 1
    info: 0
error:
  description: Details of the failure, see M(panw.cloud.ngfw_token). Invalid options are all listed in C(problems).
  returned: failure
  type: dict
  sample:
    kind: invalid_input
"""

from typing import Any

from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.panw.cloud.plugins.module_utils._module.ngfw import Task, run
from ansible_collections.panw.cloud.plugins.module_utils._module.rulestack_plan import own_spec


def refuse(_task: Task) -> dict[str, Any]:
    """:raises InvalidInput: always; the action plugin of the same name does the work."""
    raise InvalidInput("dest", "can only be written on the controller, by the action plugin.")


def main() -> None:
    """Validate the options."""
    run(refuse, own_spec())


if __name__ == "__main__":
    main()
