#!/usr/bin/python
# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: ngfw_rulestack_info
version_added: 0.1.0
short_description: List and describe rulestacks of Cloud NGFW for AWS
description:
  - Lists rulestacks, or describes a single one, with its candidate and running configuration, and on request with its contents.
  - Uses an existing token, or gets a temporary one with the IAM role and revokes it afterwards.
author: []  # those of galaxy.yml
options:
  admin_role:
    description:
      - The admin role of the temporary token. The default depends on O(scope), V(rulestack) for local and V(global_rulestack) for global
        rulestacks, and both for all of them.
      - A V(firewall) token can read all rulestacks, but not their tags.
    type: str
    choices: [firewall, rulestack, global_rulestack]
  name:
    description: Read this rulestack only. If it does not exist, the result is an empty list.
    type: str
  scope:
    description: Which rulestacks to read. Defaults to V(all) that O(token) can see, without it to V(local).
    type: str
    choices: [local, global, all]
  config:
    description:
      - Which configuration to read, the candidate, which is edited, or the running one, which firewalls enforce.
    type: str
    choices: [candidate, running, both]
    default: candidate
  tag_key:
    description: List only rulestacks that have a tag with this key. Not together with O(name).
    type: str
  tag_value:
    description: List only rulestacks whose tag O(tag_key) has this value.
    type: str
  gather:
    description:
      - What else to read. Each rule and each object takes one request; eight requests run in parallel.
      - A part that cannot be read is null, with a warning. If it is the only one requested, the module fails.
    type: list
    elements: str
    choices: [all, tags, commit_status, uncommitted, rules, prefix_lists, fqdn_lists, feeds, certificates, custom_url_categories, file_blocking]
    default: []
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
      - Works as without check mode. A temporary token is issued and revoked, too, because nothing can be read without one.
seealso:
  - ref: ansible_collections.panw.cloud.docsite.guide_rulestacks
    description: From a document to a reviewed and committed policy. In the collection this is C(docs/docsite/rst/guide_rulestacks.rst).
  - module: panw.cloud.ngfw_token
"""

EXAMPLES = r"""
- name: List the local rulestacks
  panw.cloud.ngfw_rulestack_info:
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
  register: local

- name: List the local rulestacks with a token from AWS Secrets Manager, without assuming a role
  panw.cloud.ngfw_rulestack_info:
    token_store:
      name: cloud-ngfw/rulestack
    region: us-east-1

- name: Get a token for rulestacks
  panw.cloud.ngfw_token:
    admin_role: rulestack
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
  register: ngfw

- name: Read the candidate and running configuration of a rulestack, with its rules
  panw.cloud.ngfw_rulestack_info:
    token: "{{ ngfw.token }}"
    subscription_key: "{{ ngfw.subscription_key }}"
    region: us-east-1
    name: "{{ local.rulestacks[0].name }}"
    config: both
    gather:
      - rules
      - commit_status
  register: one
"""

RETURN = r"""
rulestacks:
  description: The rulestacks in the order of their names. Empty if none is found.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: The name.
      type: str
      returned: always
      sample: web-egress
    scope:
      description: C(local) or C(global). Null if the API does not return it.
      type: str
      returned: always
      sample: local
    state:
      description: The state, for example C(Uncommitted) or C(Running), as the API returns it.
      type: str
      returned: always
      sample: Running
    candidate:
      description: The candidate configuration. Null if none exists.
      type: dict
      returned: when O(config) is V(candidate) or V(both)
      sample:
        description: Egress of the web tier
        profiles:
          anti_virus_profile: BestPractice
        scope: Local
    running:
      description: The running configuration. Null if none exists.
      type: dict
      returned: when O(config) is V(running) or V(both)
    tags:
      description: The tags.
      type: dict
      returned: when O(gather) has V(tags)
      sample:
        team: network
    commit_status:
      description: The result of the last commit and validation. Null if neither has run.
      type: dict
      returned: when O(gather) has V(commit_status)
      contains:
        commit_status:
          description: For example C(Success), C(Pending) or C(Failed).
          type: str
          returned: always
        validate_status:
          description: The same for the validation.
          type: str
          returned: always
        commit_messages:
          description: The messages of the commit.
          type: list
          elements: str
          returned: always
        validate_messages:
          description: The messages of the validation.
          type: list
          elements: str
          returned: always
    uncommitted:
      description:
        - The changes of the candidate since the last commit, each with C(section), C(name), C(operation), and its options in the C(running)
          configuration and in the C(candidate).
      type: list
      elements: dict
      returned: when O(gather) has V(uncommitted)
      sample:
        - section: prefix_lists
          name: offices
          operation: update
          running:
            prefixes: [198.51.100.0/24]
          candidate:
            prefixes: [198.51.100.0/24, 203.0.113.0/24]
    rules:
      description: The security rules in the order of rule list and priority, each with C(rule_list), C(priority),
        and C(candidate) and C(running) as set by O(config).
      type: list
      elements: dict
      returned: when O(gather) has V(rules)
    prefix_lists:
      description: The prefix lists, each with C(name), and C(candidate) and C(running) as set by O(config). The other objects have the same keys.
      type: list
      elements: dict
      returned: when O(gather) has V(prefix_lists)
    fqdn_lists:
      description: The lists of fully qualified domain names.
      type: list
      elements: dict
      returned: when O(gather) has V(fqdn_lists)
    feeds:
      description: The intelligent feeds.
      type: list
      elements: dict
      returned: when O(gather) has V(feeds)
    certificates:
      description: The certificate objects.
      type: list
      elements: dict
      returned: when O(gather) has V(certificates)
    custom_url_categories:
      description: The custom URL categories.
      type: list
      elements: dict
      returned: when O(gather) has V(custom_url_categories)
    file_blocking:
      description: The file blocking profile by file type.
      type: list
      elements: dict
      returned: when O(gather) has V(file_blocking)
error:
  description: Details of the failure, see M(panw.cloud.ngfw_token).
  returned: failure
  type: dict
  sample:
    kind: authorization
    status: 403
"""

import dataclasses
import operator
from typing import Any

from ansible_collections.panw.cloud.plugins.module_utils._module.argspec import session_spec
from ansible_collections.panw.cloud.plugins.module_utils._module.ngfw import Task, run
from ansible_collections.panw.cloud.plugins.module_utils._module.session import holds_token, session
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.admin_roles import ADMIN_ROLES
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.rulestacks import (
    CONFIGURATIONS,
    GATHER,
    RulestackReader,
    Selection,
)

# The admin roles whose tokens can read the rulestacks of a scope, and the scope to query with each.
READERS = {
    "local": {"rulestack": "local"},
    "global": {"global_rulestack": "global"},
    "all": {"rulestack": "local", "global_rulestack": "global"},
}


def work(task: Task) -> dict[str, Any]:
    """Read with the given token, or with temporary ones."""
    params = task.params
    selection = Selection(
        name=params["name"],
        scope=params["scope"] or "all",
        configurations=CONFIGURATIONS[params["config"]],
        tag_key=params["tag_key"],
        tag_value=params["tag_value"],
        gather=GATHER if "all" in params["gather"] else tuple(dict.fromkeys(params["gather"])),
    )
    found: list[dict[str, Any]] = []
    warnings: list[str] = []
    for admin_role, scope in _readers(task).items():
        with session(task, admin_role and ADMIN_ROLES[admin_role]) as opened:
            reader = RulestackReader(opened.client, opened.pair)
            found += reader.read(dataclasses.replace(selection, scope=scope))
        warnings += reader.warnings
    return {"changed": False, "rulestacks": sorted(found, key=operator.itemgetter("name")), "warnings": warnings}


def _readers(task: Task) -> dict[str | None, str]:
    """Which scope to read with a token for which admin role; a token of the caller or of a store reads all that it can see."""
    params = task.params
    if holds_token(params):
        return {None: params["scope"] or "all"}
    scope = params["scope"] or "local"
    return {params["admin_role"]: scope} if params["admin_role"] else dict(READERS[scope])


def main() -> None:
    """Run the module."""
    spec = {
        **session_spec(),
        "admin_role": {"type": "str", "choices": ["firewall", "rulestack", "global_rulestack"]},
        "name": {"type": "str"},
        "scope": {"type": "str", "choices": list(READERS)},
        "config": {"type": "str", "choices": list(CONFIGURATIONS), "default": "candidate"},
        "tag_key": {"type": "str", "no_log": False},
        "tag_value": {"type": "str"},
        "gather": {"type": "list", "elements": "str", "choices": ["all", *GATHER], "default": []},
    }
    run(
        work,
        spec,
        mutually_exclusive=[("name", "tag_key"), ("token", "admin_role"), ("token_store", "admin_role")],
        required_by={"tag_value": "tag_key"},
    )


if __name__ == "__main__":
    main()
