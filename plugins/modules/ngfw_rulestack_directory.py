#!/usr/bin/python
# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: ngfw_rulestack_directory
version_added: 0.2.0
short_description: Read a directory of rulestacks of Cloud NGFW for AWS for one account and region
description:
  - Reads rulestacks from YAML files, with what they include and the variables of an account and a region, and lints them. It calls no server and
    needs no credentials.
  - The result can be given to M(panw.cloud.ngfw_rulestack_config). All problems of all files are reported together, each with its file and line.
  - Templates in the files see only the variables of the directory, O(variables), C(account_id) and C(region). No variable of Ansible enters, so that
    no secret of an inventory can get into a rulestack.
  - Runs on the controller, whatever the connection of the host is.
author: []  # those of galaxy.yml
options:
  directory:
    description:
      - The directory with the files. A relative path is relative to the directory of the playbook.
      - C(rulestacks/**/*.yml) and C(*.yaml) are the rulestacks, one in each file, with the options that M(panw.cloud.ngfw_rulestack_config) has for
        one in O(panw.cloud.ngfw_rulestack_config#module:rulestacks). The name is that of the file if it is omitted. Names with a leading dot are left out.
      - C(include) in a rulestack is a list of files, relative to the directory. Each is a mapping of sections such as C(prefix_lists). Their entries
        come before those of the rulestack, in this order. A name that is given twice is an error.
      - "C(include: path) alone in the place of a rule stands for the rules of that file, a list. It can include others."
      - C(deploy_to) in a rulestack has C(groups), C(accounts) and C(regions). All that are given must match. If it is omitted, the rulestack is for all.
      - C(suppress) in a rulestack is as O(panw.cloud.ngfw_rulestack_lint#module:suppress), without C(rulestack).
      - With C(templates=false) in a rulestack, the texts of its file are not templates.
      - C(variables/all.yml), C(variables/regions/<region>.yml) and C(variables/accounts/<account ID>.yml) are the variables. All are optional, and the
        last one that has a variable counts. Variables can use others.
      - A text can have Jinja expressions such as C({{ office.cidrs }}), with Jinja's own filters. An expression alone keeps the type of its value. If
        that is none, the option is omitted.
      - What all templates of an account can take is limited, so that a policy from a merge request cannot stop the job that validates it. Their results
        can have about a million values. Filters and methods that only lay out text, such as C(indent), C(center) and C(ljust), are absent.
      - The YAML has no anchors, aliases, merge keys, tags or repeated keys, and a file has one document. What is a text must be quoted if YAML reads
        it as a number or boolean, such as an account ID.
    type: path
    required: true
  account_id:
    description: The AWS account to read the rulestacks for.
    type: str
    required: true
  region:
    description: The region to read the rulestacks for.
    type: str
    required: true
  groups:
    description: The groups that the account belongs to, for C(deploy_to).
    type: list
    elements: str
    default: []
  variables:
    description: More variables, which win over those of the directory. They cannot set C(account_id) or C(region).
    type: dict
    default: {}
  state:
    description:
      - What the rulestacks stand for, see O(panw.cloud.ngfw_rulestack_config#module:state). With V(overridden), a rulestack has nothing but its document,
        so that references to other objects are refused, and objects and rules that lack a required option.
    type: str
    choices: [merged, replaced, overridden]
    default: overridden
  fail_on:
    description:
      - The task fails if there is a finding of this severity or a worse one, see M(panw.cloud.ngfw_rulestack_lint). With V(none) it never fails
        because of findings.
    type: str
    choices: [error, warning, info, none]
    default: error
attributes:
  action_group:
    description: Use C(group/panw.cloud.ngfw) in C(module_defaults) to set the connection options once for all modules.
    support: none
    details:
      - This module has no connection options.
    membership: []
  check_mode:
    description: Can run in C(check_mode) and return changed status prediction without modifying the target.
    support: full
  diff_mode:
    description: Will return details on what has changed (or possibly needs changing in C(check_mode)), when in diff mode.
    support: none
  action:
    description: Runs on the controller.
    support: full
notes:
  - The collection has a JSON Schema of rulestack files for editors, C(roles/rulestacks/files/rulestack.schema.json).
seealso:
  - ref: ansible_collections.panw.cloud.docsite.guide_rulestacks
    description: From a document to a reviewed and committed policy. In the collection this is C(docs/docsite/rst/guide_rulestacks.rst).
  - ref: ansible_collections.panw.cloud.docsite.guide_troubleshooting
    description: Each kind of error with its causes. In the collection this is C(docs/docsite/rst/guide_troubleshooting.rst).
  - module: panw.cloud.ngfw_rulestack_config
  - module: panw.cloud.ngfw_rulestack_lint
"""

EXAMPLES = r"""
- name: Read the rulestacks of an account
  panw.cloud.ngfw_rulestack_directory:
    directory: "{{ my_policy }}"
    account_id: "123456789012"
    region: us-east-1
    groups: [production]
  register: policy

- name: Apply them
  panw.cloud.ngfw_rulestack_config:
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    rulestacks: "{{ policy.rulestacks }}"
"""

RETURN = r"""
rulestacks:
  description: The rulestacks for the account and region, as M(panw.cloud.ngfw_rulestack_config) takes them. None if no file is for them.
  returned: success
  type: list
  elements: dict
  sample:
    - name: branch-egress
      rules: []
files:
  description: The files that were read, relative to the directory.
  returned: success
  type: list
  elements: str
  sample: [rulestacks/branch-egress.yml, shared/objects.yml, variables/all.yml]
findings:
  description:
    - The findings that are not suppressed, see RV(panw.cloud.ngfw_rulestack_lint#module:findings). The place of each is a file and line.
    - The findings and the numbers of them are also returned if the task fails because of them.
  returned: success
  type: list
  elements: dict
  sample: []
counts:
  description: The number of findings by severity.
  returned: success
  type: dict
  sample:
    error: 0
    warning: 0
    info: 0
suppressed:
  description: The number of findings that are suppressed.
  returned: success
  type: int
  sample: 0
unused_suppressions:
  description: The suppressions that match no finding, and can be removed.
  returned: success
  type: list
  elements: dict
  sample: []
error:
  description: Details of the failure, see M(panw.cloud.ngfw_token). Its C(kind) is C(findings), or C(invalid_input) with C(problems).
  returned: failure
  type: dict
  sample:
    kind: findings
"""

from ansible_collections.panw.cloud.plugins.module_utils._module.rulestack_directory import run


def main() -> None:
    """Run the module."""
    run()


if __name__ == "__main__":
    main()
