#!/usr/bin/python
# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: ngfw_access_info
version_added: 0.1.0
short_description: Describe programmatic access to Cloud NGFW for AWS
description:
  - Tells whether programmatic access is enabled for the Cloud NGFW tenant, and for how long the tenant grants a token.
  - On request it finds out which admin roles the IAM role can really get a token for, by getting one each and revoking it.
  - The vendor has no API that enables programmatic access; an administrator does so in the console.
author:
  - panw.cloud contributors (!UNKNOWN)
options:
  probe_admin_roles:
    description:
      - The admin roles to try. For each, a token of the shortest life, 5 minutes, is made and revoked at once.
      - With any, O(probe_admin_roles) also answers whether access is enabled where the API lets only tenant administrators describe it.
    type: list
    elements: str
    choices: [firewall, rulestack, global_rulestack, account]
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
      - In check mode no admin role is tried, because that makes tokens; RV(admin_roles.allowed) is null.
seealso:
  - module: panw.cloud.ngfw_token
"""

EXAMPLES = r"""
- name: Describe programmatic access
  panw.cloud.ngfw_access_info:
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    probe_admin_roles:
      - firewall
      - rulestack
  register: access

- name: Stop where it is switched off
  ansible.builtin.assert:
    that: access.enabled
    fail_msg: Enable programmatic access in the Cloud NGFW console first.
"""

RETURN = r"""
enabled:
  description: Whether programmatic access is enabled. Null where nothing tells it.
  returned: success
  type: bool
  sample: true
max_expiry_time:
  description: The longest life of a token in minutes that the tenant grants, 480 to 1440. Null where the API does not tell it.
  returned: success
  type: int
  sample: 1440
admin_roles:
  description: What became of each admin role of O(probe_admin_roles), by its name.
  returned: success
  type: dict
  contains:
    allowed:
      description: Whether the IAM role can get a token for it. Null in check mode.
      type: bool
      returned: always
    reason:
      description: Why not, as the server said it.
      type: str
      returned: always
  sample:
    firewall:
      allowed: true
      reason: null
account_id:
  description: The AWS account that the credentials belong to. Null where it cannot be told.
  returned: success
  type: str
  sample: "123456789012"
error:
  description: What is known about the failure, as M(panw.cloud.ngfw_token) describes it.
  returned: failure
  type: dict
  sample:
    kind: authorization
    status: 403
"""

from typing import Any

from ansible_collections.panw.cloud.plugins.module_utils._admin_roles import ADMIN_ROLES
from ansible_collections.panw.cloud.plugins.module_utils._edge import Task, run
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.access import describe, probe


def work(task: Task) -> dict[str, Any]:
    """Describe access, and try the admin roles."""
    wanted = [ADMIN_ROLES[name] for name in dict.fromkeys(task.params["probe_admin_roles"])]
    services = {role: task.tokens(task.client(role)) for role in (None, *wanted)}
    probes = {role.option: probe(services[role], role, really=not task.check_mode) for role in wanted}
    access = describe(services[None], list(probes.values()))
    return {
        "changed": False,
        "enabled": access.enabled,
        "max_expiry_time": access.max_expiry_time,
        "admin_roles": {name: {"allowed": found.allowed, "reason": found.reason} for name, found in probes.items()},
        "account_id": task.aws.account_of(task.credentials),
        "warnings": [warning for found in probes.values() for warning in found.warnings],
    }


def main() -> None:
    """The module."""
    run(work, {"probe_admin_roles": {"type": "list", "elements": "str", "choices": list(ADMIN_ROLES), "default": []}})


if __name__ == "__main__":
    main()
