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
  - Lists rulestacks, or describes a single one, with its candidate and running configuration, and on request with all that is in it.
  - Takes a token that you hold, or gets one of its own with the IAM role and revokes it afterwards.
author: []  # those of galaxy.yml
options:
  token:
    description:
      - A token to read with. Without it the module gets one of its own, with the credentials of O(role_arn), and revokes it.
    type: str
  subscription_key:
    description: The subscription key that came with O(token).
    type: str
  admin_role:
    description:
      - The admin role to get an own token for. By default it follows from O(scope), V(rulestack) for local and V(global_rulestack) for global
        rulestacks, and both for all of them.
      - A V(firewall) token can read all rulestacks, but not their tags.
    type: str
    choices: [firewall, rulestack, global_rulestack]
  name:
    description: Read this rulestack only. If it does not exist, the result is an empty list.
    type: str
  scope:
    description: Which rulestacks to read. By default V(all) that O(token) can see, without it V(local).
    type: str
    choices: [local, global, all]
  config:
    description:
      - Which configuration to read. The candidate one is being edited, the running one is what firewalls enforce.
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
      - What to read besides. Each rule and each object takes a request of its own; eight are under way at a time.
      - A part that cannot be read is null, with a warning. If it is the only one that is asked for, the module fails.
    type: list
    elements: str
    choices: [all, tags, commit_status, rules, prefix_lists, fqdn_lists, feeds, certificates, custom_url_categories, file_blocking]
    default: []
extends_documentation_fragment:
  - panw.cloud.ngfw
  - panw.cloud.ngfw.attributes
  - amazon.aws.common.modules
  - amazon.aws.region.modules
attributes:
  check_mode:
    support: full
    details:
      - The same as otherwise; an own token is made and revoked in check mode, too, because nothing can be read without one.
seealso:
  - module: panw.cloud.ngfw_token
"""

EXAMPLES = r"""
- name: List the local rulestacks
  panw.cloud.ngfw_rulestack_info:
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
  register: local

- name: Get a token for rulestacks
  panw.cloud.ngfw_token:
    admin_role: rulestack
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
  register: ngfw

- name: Read one rulestack with its rules, as it is edited and as it is enforced
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
  description: The rulestacks in the order of their names. Empty where none is found.
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
      description: C(local) or C(global). Null where the API does not tell it.
      type: str
      returned: always
      sample: local
    state:
      description: The state, for example C(Uncommitted) or C(Running), as the API tells it.
      type: str
      returned: always
      sample: Running
    candidate:
      description: The candidate configuration. Null if there is none.
      type: dict
      returned: when O(config) is V(candidate) or V(both)
      sample:
        description: Egress of the web tier
        profiles:
          anti_virus_profile: BestPractice
        scope: Local
    running:
      description: The running configuration. Null if there is none.
      type: dict
      returned: when O(config) is V(running) or V(both)
    tags:
      description: The tags.
      type: dict
      returned: when O(gather) has V(tags)
      sample:
        team: network
    commit_status:
      description: What became of the last commit and validation. Null where there was none.
      type: dict
      returned: when O(gather) has V(commit_status)
      contains:
        commit_status:
          description: For example C(Success), C(Pending) or C(Failed).
          type: str
          returned: always
        validate_status:
          description: The same of the validation.
          type: str
          returned: always
        commit_messages:
          description: What the commit said.
          type: list
          elements: str
          returned: always
        validate_messages:
          description: What the validation said.
          type: list
          elements: str
          returned: always
    rules:
      description: The security rules in the order of rule list and priority, each with C(rule_list), C(priority),
        and C(candidate) and C(running) as O(config) asks for them.
      type: list
      elements: dict
      returned: when O(gather) has V(rules)
    prefix_lists:
      description: The prefix lists, each with C(name), and C(candidate) and C(running) as O(config) asks for them. The other objects are alike.
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
  description: What is known about the failure, as M(panw.cloud.ngfw_token) describes it.
  returned: failure
  type: dict
  sample:
    kind: authorization
    status: 403
"""

import dataclasses
import operator
from typing import Any

from ansible_collections.panw.cloud.plugins.module_utils._module.argspec import token_pair_spec
from ansible_collections.panw.cloud.plugins.module_utils._module.ngfw import Task, run
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.admin_roles import ADMIN_ROLES
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.client import Held
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.rulestacks import (
    CONFIGURATIONS,
    GATHER,
    RulestackReader,
    Selection,
)
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.tokens.options import token_pair
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.tokens.service import Loan

# The admin roles whose tokens see the rulestacks of a scope, and what to ask with each.
READERS = {
    "local": {"rulestack": "local"},
    "global": {"global_rulestack": "global"},
    "all": {"rulestack": "local", "global_rulestack": "global"},
}
OWN_TOKEN_MINUTES = 15


def work(task: Task) -> dict[str, Any]:
    """Read with the token of the caller, or with own ones."""
    params = task.params
    selection = Selection(
        name=params["name"],
        scope=params["scope"] or "all",
        configurations=CONFIGURATIONS[params["config"]],
        tag_key=params["tag_key"],
        tag_value=params["tag_value"],
        gather=GATHER if "all" in params["gather"] else tuple(dict.fromkeys(params["gather"])),
    )
    if params["token"] is not None or params["subscription_key"] is not None:
        held = Held(*token_pair(params))
        reader = RulestackReader(task.client(None), held)
        return {"changed": False, "rulestacks": reader.read(selection), "warnings": reader.warnings}
    scope = params["scope"] or "local"
    readers = {params["admin_role"]: scope} if params["admin_role"] else READERS[scope]
    found: list[dict[str, Any]] = []
    warnings: list[str] = []
    for name, seen in readers.items():
        client = task.client(ADMIN_ROLES[name])
        loan = Loan(task.tokens(client), ADMIN_ROLES[name], OWN_TOKEN_MINUTES)
        with loan as held:
            reader = RulestackReader(client, held)
            found += reader.read(dataclasses.replace(selection, scope=seen))
        warnings += [*reader.warnings, *loan.warnings]
    return {"changed": False, "rulestacks": sorted(found, key=operator.itemgetter("name")), "warnings": warnings}


def main() -> None:
    """The module."""
    spec = {
        **token_pair_spec(required=False),
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
        mutually_exclusive=[("name", "tag_key"), ("token", "admin_role")],
        required_by={"tag_value": "tag_key"},
    )


if __name__ == "__main__":
    main()
