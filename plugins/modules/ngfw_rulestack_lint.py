#!/usr/bin/python
# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: ngfw_rulestack_lint
version_added: 0.2.0
short_description: Find rules of Cloud NGFW for AWS that never match or allow everything
description:
  - Reads rulestacks as documents, and finds what is valid, but does not do what it seems to. It calls no server and needs no credentials.
  - A rule is reported as shadowed only if that is certain. If it depends on what a document does not have, such as the addresses of a
    country, of a feed or of a domain name, the finding is V(undecided-shadowing).
  - Disabled rules have no findings, and shadow no others. C(pre_rules) are evaluated before C(post_rules) of the same document.
    Rules of other rulestacks are not considered.
author: []  # those of galaxy.yml
options:
  rulestacks:
    description:
      - The rulestacks, as M(panw.cloud.ngfw_rulestack_config) takes them, or as it returns them in RV(panw.cloud.ngfw_rulestack_config#module:gathered).
      - Each is read as a whole rulestack. An option that a rule omits has the default of a new rule.
      - A document that is invalid by itself is refused, with all its mistakes.
    type: list
    elements: dict
    required: true
  suppress:
    description: The findings that are meant to be so. Options that are omitted match all findings of the ID.
    type: list
    elements: dict
    default: []
    suboptions:
      id:
        description:
          - V(any-to-any-allow) is an error. The rule allows any application from any source to any destination, on any port or the default ports.
          - V(shadowed-rule) is an error. Earlier rules match all sessions of the rule, so that it can never match. This can be one rule, or several that
            together are as wide as this rule in one option, and each of them in all others. Other combinations are not found.
          - V(unmatchable-rule) is an error. The rule negates every address.
          - V(duplicate-rule) is a warning. The rule matches the same sessions as an earlier one, and does the same.
          - V(empty-list) is a warning. The document has a prefix list, an FQDN list or a custom URL category, but not its entries.
          - V(unused-object) is a warning. No rule, profile or feed of the document uses the certificate, the prefix list, the FQDN list, the feed or
            the custom URL category. It is not looked for if the document has no rules.
          - V(undecided-shadowing) is an info. The rule may never match; whether it does depends on what the document does not have.
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
      - The task fails if there is a finding of this severity or a worse one. With V(none) it never fails because of findings.
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
notes:
  - Applications and URL categories are compared by name. Which applications a container stands for, and their default ports, are not known.
  - Decryption is not considered. The C(decryption_rule_type) of a rule that can never match may still have an effect.
seealso:
  - ref: ansible_collections.panw.cloud.docsite.guide_rulestacks
    description: From a document to a reviewed and committed policy. In the collection this is C(docs/docsite/rst/guide_rulestacks.rst).
  - ref: ansible_collections.panw.cloud.docsite.guide_troubleshooting
    description: Each kind of error with its causes. In the collection this is C(docs/docsite/rst/guide_troubleshooting.rst).
  - module: panw.cloud.ngfw_rulestack_config
"""

EXAMPLES = r"""
- name: Lint a rulestack
  panw.cloud.ngfw_rulestack_lint:
    rulestacks:
      - name: branch-egress
        prefix_lists:
          - name: branches
            prefixes: [10.60.0.0/16]
        rules:
          - name: allow-web
            source:
              prefix_lists: [branches]
            destination:
              cidrs: [any]
            applications: [ssl, web-browsing]
            action: Allow
          - name: deny-all
            source:
              cidrs: [any]
            destination:
              cidrs: [any]
            applications: [any]
            action: DenySilent

- name: Fail on warnings, too, but for what is meant to be so
  panw.cloud.ngfw_rulestack_lint:
    rulestacks: "{{ my_rulestacks }}"
    fail_on: warning
    suppress:
      - id: any-to-any-allow
        rulestack: laboratory
      - id: unused-object
        section: certificates
  register: lint

- name: Read a rulestack as it is
  panw.cloud.ngfw_rulestack_config:
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    state: gathered
    rulestacks:
      - name: web-egress
  register: existing

- name: Report the findings on it
  panw.cloud.ngfw_rulestack_lint:
    rulestacks: "{{ existing.gathered }}"
    fail_on: none
"""

RETURN = r"""
findings:
  description:
    - The findings that are not suppressed, by rulestack. Those on rules are in the order of evaluation.
    - The findings and the numbers of them are also returned if the task fails because of them.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: What was found, see O(suppress[].id). IDs and their severities do not change within a major release.
      type: str
      returned: always
      sample: shadowed-rule
    severity:
      description: C(error), C(warning) or C(info).
      type: str
      returned: always
      sample: error
    rulestack:
      description: The name of the rulestack.
      type: str
      returned: always
      sample: branch-egress
    section:
      description: The section of the document.
      type: str
      returned: always
      sample: rules
    name:
      description: The name of the rule or the object.
      type: str
      returned: always
      sample: allow-web
    place:
      description: The place in the option O(rulestacks).
      type: str
      returned: always
      sample: rulestacks[0] branch-egress > rules[1] allow-web
    message:
      description: The finding, as the end of a sentence about the place.
      type: str
      returned: always
      sample: "can never match: all its sessions match rule 'deny-all' before it."
    others:
      description:
        - The earlier rules that the finding is about, each with its C(section) and C(name).
        - With V(undecided-shadowing), C(undecided) lists the options that leave it open whether that rule shadows this one. Otherwise it is empty.
      type: list
      elements: dict
      returned: always
      sample:
        - section: rules
          name: deny-all
          undecided: []
counts:
  description: The number of findings by severity.
  returned: success
  type: dict
  sample:
    error: 1
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

from ansible_collections.panw.cloud.plugins.module_utils._module.rulestack_lint import run


def main() -> None:
    """Run the module."""
    run()


if __name__ == "__main__":
    main()
