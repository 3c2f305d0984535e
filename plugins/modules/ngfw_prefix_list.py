#!/usr/bin/python
# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: ngfw_prefix_list
version_added: 0.2.0
short_description: Manage prefix lists in rulestacks of Cloud NGFW for AWS
description:
  - Creates, changes and removes a prefix list, which security rules match as a source or destination.
  - Sends a request only if something differs, and reads the result of a write whose response is lost instead of repeating it.
author: []  # those of galaxy.yml
options:
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
  state:
    description: Whether the prefix list exists.
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
- name: Ensure that a prefix list has exactly these prefixes
  panw.cloud.ngfw_prefix_list:
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    rulestack: web-egress
    name: offices
    description: Prefixes of all offices
    prefixes:
      - 198.51.100.0/24
      - 203.0.113.0/24

- name: Change a prefix list and commit the rulestack
  panw.cloud.ngfw_prefix_list:
    token_store:
      name: cloud-ngfw/rulestack
    region: us-east-1
    rulestack: web-egress
    name: offices
    prefixes: [198.51.100.0/24]
    commit: true

- name: Remove a prefix list
  panw.cloud.ngfw_prefix_list:
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    rulestack: web-egress
    name: offices
    state: absent
"""

RETURN = r"""
operation:
  description: What the task does, or would do in check mode. C(create), C(update), C(delete) or C(none).
  returned: success
  type: str
  sample: update
section:
  description: The section of a document of M(panw.cloud.ngfw_rulestack_config) for such resources, for M(panw.cloud.ngfw_rulestack_commit).
  returned: success
  type: str
  sample: prefix_lists
name:
  description: The name, for M(panw.cloud.ngfw_rulestack_commit).
  returned: success
  type: str
  sample: offices
before:
  description: The prefix list in the candidate before the task. Null if it did not exist.
  returned: success
  type: dict
  sample:
    prefixes: [198.51.100.0/24]
after:
  description: The prefix list in the candidate after the task. Null if it does not exist.
  returned: success
  type: dict
  sample:
    prefixes: [198.51.100.0/24, 203.0.113.0/24]
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

from ansible_collections.panw.cloud.plugins.module_utils._module.resource import run_resource
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.catalog.objects import PREFIX_LIST


def main() -> None:
    """Run the module."""
    run_resource(PREFIX_LIST)


if __name__ == "__main__":
    main()
