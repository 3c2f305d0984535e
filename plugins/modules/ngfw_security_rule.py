#!/usr/bin/python
# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: ngfw_security_rule
version_added: 0.2.0
short_description: Manage security rules in rulestacks of Cloud NGFW for AWS
description:
  - Creates, changes, moves and removes a security rule, which is identified by its name.
  - Rules are evaluated from the lowest priority to the highest. A rule that gets another priority is created there before it is deleted at the old
    one, because the API cannot change a priority.
author: []  # those of galaxy.yml
options:
  name:
    description: The name of the rule, up to 128 letters, digits and hyphens.
    type: str
    required: true
  rule_list:
    description:
      - The rule list. Local rulestacks have V(LocalRule) only, which is their default; global ones have V(PreRule) and V(PostRule).
    type: str
    choices: [LocalRule, PreRule, PostRule]
  priority:
    description: The priority, 1 to 1,000,000. A new rule without O(priority) and O(place) becomes the last one.
    type: int
  place:
    description:
      - The place among the other rules of the list, instead of a priority. The rule stays where it is if it is at that place.
      - If there is no free priority, as few other rules as possible move.
    type: str
    choices: [first, last, before, after]
  existing_rule:
    description: The rule that O(place=before) and O(place=after) refer to.
    type: str
  description:
    description: A description of up to 512 characters.
    type: str
  enabled:
    description: Whether the rule is enforced. A new rule is, if this is omitted.
    type: bool
  source:
    description: What the source of a session must match. It replaces the whole source. Required to create a rule.
    type: dict
    suboptions:
      cidrs:
        description: IPv4 prefixes in CIDR notation, or V(any) alone.
        type: list
        elements: str
      countries:
        description: Country codes such as V(US). M(panw.cloud.ngfw_catalog_info) lists them.
        type: list
        elements: str
      feeds:
        description: Names of intelligent feeds of type V(IP_LIST).
        type: list
        elements: str
      prefix_lists:
        description: Names of prefix lists.
        type: list
        elements: str
  negate_source:
    description: Whether the rule matches all sources but these.
    type: bool
  destination:
    description: What the destination of a session must match. It replaces the whole destination. Required to create a rule.
    type: dict
    suboptions:
      cidrs:
        description: IPv4 prefixes in CIDR notation, or V(any) alone.
        type: list
        elements: str
      countries:
        description: Country codes such as V(US). M(panw.cloud.ngfw_catalog_info) lists them.
        type: list
        elements: str
      feeds:
        description: Names of intelligent feeds of type V(IP_LIST).
        type: list
        elements: str
      prefix_lists:
        description: Names of prefix lists.
        type: list
        elements: str
      fqdn_lists:
        description: Names of FQDN lists.
        type: list
        elements: str
  negate_destination:
    description: Whether the rule matches all destinations but these.
    type: bool
  applications:
    description: The applications, or V(any) alone. Required to create a rule. M(panw.cloud.ngfw_catalog_info) lists them.
    type: list
    elements: str
  category:
    description: The URLs that the rule matches. It replaces the whole category; an empty one matches all.
    type: dict
    suboptions:
      url_categories:
        description: Names of custom or predefined URL categories.
        type: list
        elements: str
      feeds:
        description: Names of intelligent feeds of type V(URL_LIST).
        type: list
        elements: str
  protocol:
    description: V(application-default), the default ports of each application, or V(any). Not together with O(prot_port_list).
    type: str
  prot_port_list:
    description: Protocols with ports, such as C(TCP:443) or C(UDP:53,1000-2000).
    type: list
    elements: str
  action:
    description: What to do with a session that matches. Required to create a rule.
    type: str
    choices: [Allow, DenySilent, DenyResetServer, DenyResetBoth]
  logging:
    description: Whether to log the sessions that match. A new rule does, if this is omitted.
    type: bool
  decryption_rule_type:
    description: Whether to decrypt sessions for inspection, or to exempt them. An empty string removes the setting.
    type: str
    choices: ['', SSLOutboundInspection, SSLInboundInspection, SSLOutboundNoInspection, SSLInboundNoInspection]
  inbound_inspection_certificate:
    description: The certificate object for the decryption of inbound sessions.
    type: str
  tags:
    description: All tags of the rule. An empty dictionary removes all.
    type: dict
  state:
    description: Whether the rule exists.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - panw.cloud.ngfw
  - panw.cloud.ngfw.session
  - panw.cloud.ngfw.attributes
  - panw.cloud.ngfw.resource
  - panw.cloud.ngfw.commit
  - amazon.aws.common.modules
  - amazon.aws.region.modules
seealso:
  - module: panw.cloud.ngfw_rulestack
  - module: panw.cloud.ngfw_rulestack_commit
  - module: panw.cloud.ngfw_rulestack_config
"""

EXAMPLES = r"""
- name: Allow updates from the package mirrors, and commit
  panw.cloud.ngfw_security_rule:
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    rulestack: web-egress
    name: allow-updates
    place: before
    existing_rule: deny-embargoed
    source:
      prefix_lists: [web-tier]
    destination:
      fqdn_lists: [package-mirrors]
    applications: [ssl, web-browsing]
    action: Allow
    commit: true

- name: Move a rule to the top, and commit
  panw.cloud.ngfw_security_rule:
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    rulestack: web-egress
    name: deny-embargoed
    place: first
    commit: true

- name: Remove a rule of a global rulestack
  panw.cloud.ngfw_security_rule:
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    rulestack: company-baseline
    scope: global
    rule_list: PreRule
    name: block-tor
    state: absent
"""

RETURN = r"""
operation:
  description: What the task does, or would do in check mode. C(create), C(update), C(move), C(delete) or C(none).
  returned: success
  type: str
  sample: update
section:
  description: The section of a document of M(panw.cloud.ngfw_rulestack_config) for such resources, for M(panw.cloud.ngfw_rulestack_commit).
  returned: success
  type: str
  sample: rules
name:
  description: The name, for M(panw.cloud.ngfw_rulestack_commit).
  returned: success
  type: str
  sample: allow-updates
before:
  description: The rule in the candidate before the task. Null if it did not exist.
  returned: success
  type: dict
  sample:
    priority: 100
    action: Allow
after:
  description: The rule in the candidate after the task. Null if it does not exist.
  returned: success
  type: dict
  sample:
    priority: 100
    action: DenySilent
also_moved:
  description: The names of other rules that moved to make room, see O(place).
  returned: success
  type: list
  elements: str
  sample: []
commit:
  description: The end of the commit, as the API reports it.
  returned: when the task committed
  type: dict
  sample:
    commit_status: Success
    commit_messages: []
error:
  description: Details of the failure, see M(panw.cloud.ngfw_token). Invalid options are all listed in C(problems).
  returned: failure
  type: dict
  sample:
    kind: conflict
    status: 200
"""

from ansible_collections.panw.cloud.plugins.module_utils._module.security_rule import run_security_rule


def main() -> None:
    """Run the module."""
    run_security_rule()


if __name__ == "__main__":
    main()
