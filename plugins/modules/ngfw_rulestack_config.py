#!/usr/bin/python
# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: ngfw_rulestack_config
version_added: 0.2.0
short_description: Manage whole rulestacks of Cloud NGFW for AWS as documents
description:
  - Compares rulestacks, with everything in them, with documents, writes only what differs, and commits once at the end. The commits of several rulestacks
    run at the same time.
  - All mistakes are reported together before anything is written. Objects are written before the rules that use them, and removed after them.
  - Until the commit, firewalls enforce the running configuration. If a write fails, nothing is committed, the task reports what is in the
    candidate, and the next run goes on from there.
  - Runs on the controller, whatever the connection of the host is.
author: []  # those of galaxy.yml
options:
  rulestacks:
    description:
      - The rulestacks. Sections that are omitted are not managed, except by O(state=overridden).
      - Exactly one of O(rulestacks) and O(plan) is required. Without both, O(state=gathered) reads all local rulestacks of the account.
    type: list
    elements: dict
    suboptions:
      name:
        description: The name of the rulestack, up to 128 letters, digits and hyphens.
        type: str
        required: true
      scope:
        description: The scope of the rulestack, which cannot change. It also decides which admin role a temporary token is for.
        type: str
        choices: [local, global]
        default: local
      description:
        description: A description of up to 512 characters. The API cannot empty it.
        type: str
      account_id:
        description: The AWS account of the rulestack. It cannot change.
        type: str
      account_group:
        description: The account group of the rulestack. It cannot change.
        type: str
      min_app_id_version:
        description: The oldest application content version that the rulestack works with, such as V(8433-6838). It cannot be emptied.
        type: str
      lookup_x_forwarded_for:
        description: What the firewalls use the client address in the header X-Forwarded-For for, such as V(SecurityPolicy). It cannot be emptied.
        type: str
      profiles:
        description: The security profiles. Profiles that are omitted are not managed.
        type: dict
        suboptions:
          anti_spyware:
            description: The anti-spyware profile.
            type: str
            choices: [BestPractice, custom]
          anti_virus:
            description: The antivirus profile.
            type: str
            choices: [BestPractice, custom]
          vulnerability:
            description: The vulnerability profile.
            type: str
            choices: [BestPractice, custom]
          file_blocking:
            description: The file blocking profile. M(panw.cloud.ngfw_file_blocking) manages the custom one.
            type: str
            choices: [BestPractice, custom]
          url_filtering:
            description: The URL filtering profile. M(panw.cloud.ngfw_predefined_url_category_override) manages the custom one.
            type: str
            choices: [BestPractice, custom, None]
          outbound_trust_certificate:
            description: The certificate object that signs decrypted outbound sessions to servers with a trusted certificate.
            type: str
          outbound_untrust_certificate:
            description: The certificate object that signs decrypted outbound sessions to servers without a trusted certificate.
            type: str
      tags:
        description: All tags of the rulestack. Tags that are missing here are removed; an empty dictionary removes all.
        type: dict
      certificates:
        description: The certificate objects. See M(panw.cloud.ngfw_certificate).
        type: list
        elements: dict
        suboptions:
          name:
            description: The name of the certificate object, up to 63 letters, digits and hyphens.
            type: str
            required: true
          description:
            description: A description of up to 512 characters.
            type: str
          self_signed:
            description: Whether the service generates a self-signed certificate. Not together with C(signer_arn).
            type: bool
          signer_arn:
            description: The ARN of the certificate in AWS, such as that of a secret of AWS Secrets Manager.
            type: str
          audit_comment:
            description: A comment on the change, of up to 512 characters. It is sent with a change, but does not cause one.
            type: str
      prefix_lists:
        description: The prefix lists. See M(panw.cloud.ngfw_prefix_list).
        type: list
        elements: dict
        suboptions:
          name:
            description: The name of the prefix list, up to 58 letters, digits and hyphens.
            type: str
            required: true
          description:
            description: A description of up to 512 characters.
            type: str
          prefixes:
            description:
              - The IPv4 prefixes in CIDR notation, without host bits. Required to create a list, and never empty.
              - The order does not matter.
            type: list
            elements: str
          audit_comment:
            description: A comment on the change, of up to 512 characters. It is sent with a change, but does not cause one.
            type: str
      fqdn_lists:
        description: The FQDN lists. See M(panw.cloud.ngfw_fqdn_list).
        type: list
        elements: dict
        suboptions:
          name:
            description: The name of the FQDN list, up to 58 letters, digits and hyphens.
            type: str
            required: true
          description:
            description: A description of up to 512 characters.
            type: str
          fqdns:
            description:
              - The domain names. A wildcard can only be the first label, as in C(*.example.com). Required to create a list, and never empty.
              - The order and the case of letters do not matter.
            type: list
            elements: str
          audit_comment:
            description: A comment on the change, of up to 512 characters. It is sent with a change, but does not cause one.
            type: str
      feeds:
        description: The intelligent feeds. See M(panw.cloud.ngfw_intelligent_feed).
        type: list
        elements: dict
        suboptions:
          name:
            description: The name of the feed, up to 63 letters, digits and hyphens.
            type: str
            required: true
          description:
            description: A description of up to 512 characters.
            type: str
          url:
            description: The URL of the feed. Required to create one.
            type: str
          type:
            description: What the feed contains. Required to create one.
            type: str
            choices: [IP_LIST, URL_LIST]
          frequency:
            description: How often the firewalls download it. Required to create one.
            type: str
            choices: [HOURLY, DAILY]
          time:
            description: 'The hour of the day of the download, 0 to 23. Only with C(frequency: DAILY).'
            type: int
          certificate:
            description: The certificate object of the same rulestack that verifies the server.
            type: str
          audit_comment:
            description: A comment on the change, of up to 512 characters. It is sent with a change, but does not cause one.
            type: str
      custom_url_categories:
        description: The custom URL categories. See M(panw.cloud.ngfw_custom_url_category).
        type: list
        elements: dict
        suboptions:
          name:
            description: The name of the category, a letter and up to 28 more letters, digits and hyphens.
            type: str
            required: true
          description:
            description: A description of up to 255 characters.
            type: str
          urls:
            description:
              - The URLs, without a scheme, such as C(*.example.com/). Required to create a category, and never empty.
              - The order does not matter.
            type: list
            elements: str
          action:
            description: What the URL filtering does with a request for one of the URLs. The API's default is V(none).
            type: str
            choices: [none, alert, allow, block, continue, override]
          audit_comment:
            description: A comment on the change, of up to 512 characters. It is sent with a change, but does not cause one.
            type: str
      predefined_url_category_overrides:
        description: The overrides of predefined URL categories. See M(panw.cloud.ngfw_predefined_url_category_override).
        type: list
        elements: dict
        suboptions:
          name:
            description: The name of the predefined URL category. M(panw.cloud.ngfw_catalog_info) lists them.
            type: str
            required: true
          action:
            description: What to do with the category. V(none) removes the override. Required to create one.
            type: str
            choices: [none, allow, alert, block]
          audit_comment:
            description: A comment on the change, of up to 512 characters. It is sent with a change, but does not cause one.
            type: str
      file_blocking:
        description: The file types of the custom file blocking profile. See M(panw.cloud.ngfw_file_blocking).
        type: list
        elements: dict
        suboptions:
          file_type:
            description: The file type, such as C(exe).
            type: str
            required: true
          description:
            description: A description of up to 255 characters.
            type: str
          action:
            description: What to do with files of this type. Required if the file type has no setting yet.
            type: str
            choices: [alert, block, continue]
          direction:
            description: The direction of the transfer. Required if the file type has no setting yet.
            type: str
            choices: [upload, download, both]
          audit_comment:
            description: A comment on the change, of up to 512 characters. It is sent with a change, but does not cause one.
            type: str
      rules:
        description: The rules of a local rulestack, in the order of evaluation. See M(panw.cloud.ngfw_security_rule).
        type: list
        elements: dict
        suboptions:
          name:
            description: The name of the rule, up to 128 letters, digits and hyphens.
            type: str
            required: true
          priority:
            description:
              - The priority, 1 to 1,000,000. Either all rules of a list have one, or none has, and then the order of the list is the order of evaluation.
            type: int
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
            description: V(application-default), the default ports of each application, or V(any). Not together with C(prot_port_list).
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
          audit_comment:
            description: A comment on the change, of up to 512 characters. It is sent with a change, but does not cause one.
            type: str
      pre_rules:
        description: The rules of a global rulestack that are evaluated before local rules. See M(panw.cloud.ngfw_security_rule).
        type: list
        elements: dict
        suboptions:
          name:
            description: The name of the rule, up to 128 letters, digits and hyphens.
            type: str
            required: true
          priority:
            description:
              - The priority, 1 to 1,000,000. Either all rules of a list have one, or none has, and then the order of the list is the order of evaluation.
            type: int
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
            description: V(application-default), the default ports of each application, or V(any). Not together with C(prot_port_list).
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
          audit_comment:
            description: A comment on the change, of up to 512 characters. It is sent with a change, but does not cause one.
            type: str
      post_rules:
        description: The rules of a global rulestack that are evaluated after local rules. See M(panw.cloud.ngfw_security_rule).
        type: list
        elements: dict
        suboptions:
          name:
            description: The name of the rule, up to 128 letters, digits and hyphens.
            type: str
            required: true
          priority:
            description:
              - The priority, 1 to 1,000,000. Either all rules of a list have one, or none has, and then the order of the list is the order of evaluation.
            type: int
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
            description: V(application-default), the default ports of each application, or V(any). Not together with C(prot_port_list).
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
          audit_comment:
            description: A comment on the change, of up to 512 characters. It is sent with a change, but does not cause one.
            type: str
  plan:
    description:
      - The path of a plan that M(panw.cloud.ngfw_rulestack_plan) wrote. It is applied instead of O(rulestacks), with its own state.
      - The task fails before it writes anything if a rulestack is no longer as the plan found it, and says what has changed. It also fails if the plan was
        edited, is for another account or region, or was made by another version of this collection.
    type: path
  plan_id:
    description: The ID of the plan that was approved. The task fails if O(plan) has another one.
    type: str
  verify:
    description:
      - Whether to read the rulestacks again after O(plan) has changed any, and to fail unless they are as planned.
    type: bool
    default: false
  account_id:
    description: The AWS account that O(plan) must be for. By default, that of O(role_arn).
    type: str
  state:
    description:
      - Not used with O(plan).
      - With V(merged), what the documents have is created or changed. Options that are omitted are not managed.
      - With V(replaced), the given sections become exactly as given, and options that are omitted return to their defaults.
      - With V(overridden), the whole rulestack does, sections that are omitted included.
      - With V(deleted), the objects and rules in the documents are removed, or the whole rulestack if a document has no section.
      - With V(gathered), the rulestacks are read and returned as documents. Given back with V(overridden), they change nothing.
      - With V(rendered), the documents are validated offline, and the requests are returned that they take on an empty rulestack.
    type: str
    choices: [merged, replaced, overridden, deleted, gathered, rendered]
    default: merged
  commit:
    description:
      - Whether to commit each rulestack that has changes of this task, also uncommitted ones of an earlier run.
    type: bool
    default: true
  wait_timeout:
    description: How many seconds to wait for the end of each commit.
    type: int
    default: 600
  include_other_changes:
    description:
      - Whether a commit may include changes that the documents do not have. Otherwise the task fails if there are any, before it writes.
    type: bool
    default: false
  revert_on_failure:
    description:
      - Whether a failure puts the candidate back to the running configuration, and removes a rulestack that the task created. Not if the candidate
        had uncommitted changes before.
    type: bool
    default: false
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
  - module: panw.cloud.ngfw_rulestack_info
  - module: panw.cloud.ngfw_rulestack_commit
"""

EXAMPLES = r"""
- name: Apply a rulestack and commit it
  panw.cloud.ngfw_rulestack_config:
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    state: overridden
    rulestacks:
      - name: branch-egress
        description: Outbound traffic of the branches
        prefix_lists:
          - name: branches
            prefixes: [10.60.0.0/16]
        fqdn_lists:
          - name: mirrors
            fqdns: [deb.debian.org, pypi.org]
        rules:
          - name: allow-updates
            source:
              prefix_lists: [branches]
            destination:
              fqdn_lists: [mirrors]
            applications: [ssl, web-browsing]
            action: Allow
          - name: deny-all
            source:
              cidrs: [any]
            destination:
              cidrs: [any]
            applications: [any]
            action: DenySilent

- name: Show what would change
  panw.cloud.ngfw_rulestack_config:
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    state: overridden
    rulestacks: "{{ my_rulestacks }}"
  check_mode: true
  diff: true

- name: Plan into a file
  panw.cloud.ngfw_rulestack_plan:
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    rulestacks: "{{ my_rulestacks }}"
    dest: "{{ my_plans }}/123456789012.json"
  register: planned

- name: Apply the plan after its review
  panw.cloud.ngfw_rulestack_config:
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    plan: "{{ planned.dest }}"
    plan_id: "{{ planned.plan_id }}"

- name: Read a rulestack as a document
  panw.cloud.ngfw_rulestack_config:
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    state: gathered
    rulestacks:
      - name: web-egress
  register: existing
"""

RETURN = r"""
rulestacks:
  description: The rulestacks in the order of the documents, also when the task fails.
  returned: when O(state) is V(merged), V(replaced), V(overridden) or V(deleted)
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
    counts:
      description: The number of changes by operation, C(create), C(update), C(move) and C(delete).
      type: dict
      returned: always
      sample:
        create: 5
    changes:
      description: The changes in the order in which they are made, each with C(section), C(name), C(operation), C(options), C(before) and C(after).
      type: list
      elements: dict
      returned: always
    applied:
      description: The number of changes that were made. If the task fails, the list of them.
      type: raw
      returned: always
      sample: 5
    failed:
      description: The changes that were not made because of an error.
      type: list
      elements: str
      returned: always
    not_attempted:
      description: The changes that were not begun because others had failed.
      type: list
      elements: str
      returned: always
    committed:
      description: Whether the rulestack was committed.
      type: bool
      returned: always
    commit:
      description: The end of the commit, as the API reports it.
      type: dict
      returned: always
      sample:
        commit_status: Success
        commit_messages: []
    reverted:
      description: Whether the candidate was put back, see O(revert_on_failure).
      type: bool
      returned: always
plan:
  description: The file of the plan that was applied.
  returned: when O(plan) is set
  type: str
  sample: /tmp/123456789012.json
plan_id:
  description: The ID of the plan that was applied.
  returned: when O(plan) is set
  type: str
  sample: sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae
gathered:
  description: The rulestacks as documents. One that does not exist is missing.
  returned: when O(state=gathered)
  type: list
  elements: dict
rendered:
  description: The requests for each rulestack, each with C(method), C(path) and C(body).
  returned: when O(state=rendered)
  type: list
  elements: dict
error:
  description: Details of the failure, see M(panw.cloud.ngfw_token). Invalid options are all listed in C(problems).
  returned: failure
  type: dict
  sample:
    kind: not_applied
"""

from typing import Any

from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.panw.cloud.plugins.module_utils._module.ngfw import Task, run
from ansible_collections.panw.cloud.plugins.module_utils._module.rulestack_config import own_spec


def refuse(_task: Task) -> dict[str, Any]:
    """:raises InvalidInput: always; the action plugin of the same name does the work."""
    raise InvalidInput("rulestacks", "can only be applied on the controller, by the action plugin.")


def main() -> None:
    """Validate the options."""
    run(refuse, own_spec())


if __name__ == "__main__":
    main()
