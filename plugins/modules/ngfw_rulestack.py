#!/usr/bin/python
# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: ngfw_rulestack
version_added: 0.2.0
short_description: Manage rulestacks of Cloud NGFW for AWS
description:
  - Creates, changes and removes a rulestack. The objects and rules in it have modules of their own.
  - To manage a rulestack with everything in it in one task, use M(panw.cloud.ngfw_rulestack_config).
  - A rulestack that was committed before is removed by the next commit of it. Set O(commit=true) for that.
author: []  # those of galaxy.yml
options:
  name:
    description: The name of the rulestack, up to 128 letters, digits and hyphens.
    type: str
    required: true
  scope:
    description:
      - The scope of the rulestack, which cannot change. It also decides which admin role a temporary token is for.
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
  state:
    description: Whether the rulestack exists.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - panw.cloud.ngfw
  - panw.cloud.ngfw.session
  - panw.cloud.ngfw.attributes
  - panw.cloud.ngfw.commit
  - amazon.aws.common.modules
  - amazon.aws.region.modules
seealso:
  - module: panw.cloud.ngfw_rulestack_info
  - module: panw.cloud.ngfw_rulestack_commit
  - module: panw.cloud.ngfw_rulestack_config
"""

EXAMPLES = r"""
- name: Ensure that a rulestack exists
  panw.cloud.ngfw_rulestack:
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    name: branch-egress
    description: Outbound traffic of the branches
    account_id: "123456789012"
    profiles:
      url_filtering: custom
    tags:
      team: network

- name: Remove a rulestack, also from the running configuration
  panw.cloud.ngfw_rulestack:
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    name: branch-egress
    state: absent
    commit: true
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
  sample: rulestack
name:
  description: The name, for M(panw.cloud.ngfw_rulestack_commit).
  returned: success
  type: str
  sample: branch-egress
before:
  description: The rulestack in the candidate before the task. Null if it did not exist.
  returned: success
  type: dict
  sample:
    description: Outbound traffic
after:
  description: The rulestack in the candidate after the task. Null if it does not exist.
  returned: success
  type: dict
  sample:
    description: Outbound traffic of the branches
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
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.catalog import RULESTACK_RESOURCE


def main() -> None:
    """Run the module."""
    run_resource(RULESTACK_RESOURCE)


if __name__ == "__main__":
    main()
