#!/usr/bin/python
# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: ngfw_firewall_rulestack
version_added: 0.2.0
short_description: Associate a rulestack with a firewall of Cloud NGFW for AWS
description:
  - Associates a local or global rulestack with a firewall, or disassociates it, and waits until the firewall has committed it.
  - A firewall has at most one rulestack of each scope. Associating another one replaces it.
  - The rulestack has to be committed, for example with M(panw.cloud.ngfw_rulestack_commit). Later commits of it reach the firewall without this module.
author: []  # those of galaxy.yml
options:
  rulestack:
    description: The name of the rulestack.
    type: str
    required: true
  scope:
    description:
      - The scope of the rulestack. It decides which admin role a temporary token is for, that of the firewall administrator or of the global rulestack
        administrator.
    type: str
    choices: [local, global]
    default: local
  state:
    description: With V(absent), the rulestack is disassociated. If another one is associated, nothing is done, and a warning says so.
    type: str
    choices: [present, absent]
    default: present
  wait:
    description:
      - Whether to wait until the firewall has committed the rulestack, or does not have it any more.
      - If it is associated already, the task waits for a commit that is under way, and fails if the last one failed.
    type: bool
    default: true
  wait_timeout:
    description: How many seconds to wait, at most 80000.
    type: int
    default: 2700
extends_documentation_fragment:
  - panw.cloud.ngfw
  - panw.cloud.ngfw.session
  - panw.cloud.ngfw.attributes
  - panw.cloud.ngfw.firewall_part
  - amazon.aws.common.modules
  - amazon.aws.region.modules
seealso:
  - module: panw.cloud.ngfw_rulestack_commit
  - module: panw.cloud.ngfw_firewall_log_profile
"""

EXAMPLES = r"""
- name: Let a firewall enforce a committed rulestack
  panw.cloud.ngfw_firewall_rulestack:
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    firewall: branch-egress
    rulestack: web-egress

- name: Let it enforce no local rulestack
  panw.cloud.ngfw_firewall_rulestack:
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    firewall: branch-egress
    rulestack: web-egress
    state: absent
"""

RETURN = r"""
operation:
  description: What the task does, or would do in check mode. C(associate), C(disassociate) or C(none).
  returned: success
  type: str
  sample: associate
firewall:
  description: The name of the firewall.
  returned: success
  type: str
  sample: branch-egress
firewall_id:
  description: The ID of the firewall. Null if it has none, as in version 1.
  returned: success
  type: str
  sample: fw-0123456789abcdef0
before:
  description: The rulestack of O(scope) that the firewall had before the task. Null if it had none.
  returned: success
  type: str
  sample: web-egress-old
after:
  description: The rulestack of O(scope) that the firewall has after the task. Null if it has none.
  returned: success
  type: str
  sample: web-egress
commit:
  description: The last commit of the rulestack on the firewall, as the API reports it. Null in check mode, without O(wait), and after a disassociation.
  returned: success
  type: dict
  sample:
    status: Success
    device_status: Success
    time: 2026-11-26T21:49:00 UTC
    messages: []
error:
  description: Details of the failure, see M(panw.cloud.ngfw_token). After a failed commit, C(messages) has each message with what it is about.
  returned: failure
  type: dict
  sample:
    kind: commit_failed
    status: 200
"""

from ansible_collections.panw.cloud.plugins.module_utils._module.firewall_rulestack import spec, work
from ansible_collections.panw.cloud.plugins.module_utils._module.ngfw import run


def main() -> None:
    """Run the module."""
    run(work, spec())


if __name__ == "__main__":
    main()
