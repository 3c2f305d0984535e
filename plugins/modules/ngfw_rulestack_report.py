#!/usr/bin/python
# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: ngfw_rulestack_report
version_added: 0.2.0
short_description: Report what plans change in the rulestacks of Cloud NGFW for AWS
description:
  - Reads the plans of one target or of many, and shows what they add, change, move and remove, as a page for a browser, as JSON and as text.
    The same report shows the drift of rulestacks from their policy. It calls no server and needs no credentials.
  - The page has the rules of each rulestack in the order of evaluation, with the values before and after, the findings of the lint, changes that
    are not committed, and rulestacks that are not in the policy. It is a single file that loads nothing, can be sorted, filtered and printed, and
    is readable without scripts.
  - The same plans have the same report, so that the task changes nothing if the files are there.
author: []  # those of galaxy.yml
options:
  plans:
    description:
      - The paths of plan files on the controller, or of directories, whose files with the suffix C(.json) are all read.
      - A file that is not a plan, or has another format than this version of the collection reads, fails the task.
      - A file that was edited after it was made is named as such. It cannot be applied.
      - The list can be empty if O(failed) is not.
    type: list
    elements: path
    required: true
  kind:
    description:
      - What the report is about, which selects its title and its words.
      - V(plan) is about changes that are to be made, and V(apply) about changes that were made.
      - V(drift) is about what differs from the policy. The values before are those that were found, the values after are those of the policy.
        What the policy has and the rulestack does not is missing; what the rulestack has and the policy does not is unexpected.
    type: str
    choices: [plan, drift, apply]
    default: plan
  dest:
    description:
      - An existing directory on the controller, or a file path without suffix, for the report as HTML, JSON and text. In a directory, the files are
        named C(ngfw_rulestack_report).
      - The files have mode 0600, and each is complete or absent.
      - If it is omitted, the report is only returned.
    type: path
  failed:
    description: What failed for targets, as a mapping of the target's name to a message. The report names them, whether they have a plan or not.
    type: dict
    default: {}
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
seealso:
  - ref: ansible_collections.panw.cloud.docsite.guide_rulestacks
    description: From a document to a reviewed and committed policy. In the collection this is C(docs/docsite/rst/guide_rulestacks.rst).
  - ref: ansible_collections.panw.cloud.docsite.guide_troubleshooting
    description: Each kind of error with its causes. In the collection this is C(docs/docsite/rst/guide_troubleshooting.rst).
  - module: panw.cloud.ngfw_rulestack_config
  - module: panw.cloud.ngfw_rulestack_lint
"""

EXAMPLES = r"""
- name: Report what all plans would change
  panw.cloud.ngfw_rulestack_report:
    plans: ["{{ my_plans }}"]
    dest: "{{ my_reports }}/review"
  register: review

- name: Show the summary in the output of the job
  ansible.builtin.debug:
    msg: "{{ review.text.splitlines() }}"

- name: Stop unless there is something to approve
  ansible.builtin.meta: end_play
  when: review.counts.changed_rulestacks == 0

- name: Report the plans that were made, and what failed
  panw.cloud.ngfw_rulestack_report:
    plans: ["{{ my_plans }}/shop_production.json"]
    failed:
      shop_staging: "rulestacks/shop.yml:12 uses the undefined variable 'alias'."

- name: Report the drift of one target, without files
  panw.cloud.ngfw_rulestack_report:
    plans: ["{{ my_plans }}/shop_production.json"]
    kind: drift
  register: drift
"""

RETURN = r"""
counts:
  description:
    - The numbers of C(targets) with a plan, of C(failed) targets, of plans that were C(edited) after they were made, of C(rulestacks) in the policy,
      of C(changed_rulestacks) among them, and of changes, which are C(added), C(changed), C(moved) or C(removed). With O(kind=drift), these are the
      changes that return to the policy.
    - C(findings) has the number of findings by severity, C(uncommitted) is the number of changes that were not committed, and C(unmanaged) the
      number of rulestacks that are not in the policy.
  returned: success
  type: dict
  sample:
    targets: 1
    failed: 0
    edited: 0
    rulestacks: 1
    changed_rulestacks: 1
    added: 2
    changed: 1
    moved: 0
    removed: 1
    findings: {error: 0, warning: 1, info: 0}
    uncommitted: 0
    unmanaged: 1
text:
  description: A summary for the output of a job or a notification, with a line for each of the first 50 rulestacks, and totals.
  returned: success
  type: str
  sample: |
    Rulestack plan: 4 changes in 1 of 1 rulestack.
    shop_production shop-egress: 2 added, 1 changed, 1 removed; 1 warning
    Totals: 2 added, 1 changed, 0 moved, 1 removed; 0 errors, 1 warning, 0 infos; 0
        uncommitted, 1 unmanaged.
files:
  description: The paths of the files by format, C(html), C(json) and C(text), also in check mode. Null without O(dest).
  returned: success
  type: dict
  sample:
    json: /srv/reports/review.json
    text: /srv/reports/review.txt
    html: /srv/reports/review.html
error:
  description: Details of the failure, see M(panw.cloud.ngfw_token). Its C(kind) is C(invalid_input) or C(report).
  returned: failure
  type: dict
  sample:
    kind: invalid_input
"""

from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.panw.cloud.plugins.module_utils._module.rulestack_report import spec
from ansible_collections.panw.cloud.plugins.module_utils._module.runner import finish_offline


def refuse() -> dict[str, Any]:
    """:raises InvalidInput: always; the action plugin of the same name does the work."""
    raise InvalidInput("plans", "can only be read on the controller, by the action plugin.")


def main() -> None:
    """Validate the options."""
    finish_offline(AnsibleModule(argument_spec=spec(), supports_check_mode=True), refuse)


if __name__ == "__main__":
    main()
