#!/usr/bin/python
# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: ngfw_predefined_url_category_override
version_added: 0.2.0
short_description: Override the action of predefined URL categories in rulestacks of Cloud NGFW for AWS
description:
  - Sets what the URL filtering of a rulestack does with a predefined category, or removes the override.
  - Sends a request only if something differs.
author: []  # those of galaxy.yml
options:
  name:
    description: The name of the predefined URL category. M(panw.cloud.ngfw_catalog_info) lists them.
    type: str
    required: true
  action:
    description: What to do with the category. V(none) removes the override. Required to create one.
    type: str
    choices: [none, allow, alert, block]
  state:
    description: Whether the override exists.
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
- name: Block gambling
  panw.cloud.ngfw_predefined_url_category_override:
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    rulestack: web-egress
    name: gambling
    action: block

- name: Remove the override
  panw.cloud.ngfw_predefined_url_category_override:
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    rulestack: web-egress
    name: gambling
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
  sample: predefined_url_category_overrides
name:
  description: The name, for M(panw.cloud.ngfw_rulestack_commit).
  returned: success
  type: str
  sample: gambling
before:
  description: The override in the candidate before the task. Null if it did not exist.
  returned: success
  type: dict
  sample:
    action: alert
after:
  description: The override in the candidate after the task. Null if it does not exist.
  returned: success
  type: dict
  sample:
    action: block
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
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.catalog.objects import URL_CATEGORY_OVERRIDE


def main() -> None:
    """Run the module."""
    run_resource(URL_CATEGORY_OVERRIDE)


if __name__ == "__main__":
    main()
