#!/usr/bin/python
# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: ngfw_fqdn_list
version_added: 0.2.0
short_description: Manage FQDN lists in rulestacks of Cloud NGFW for AWS
description:
  - Creates, changes and removes a list of fully qualified domain names, which security rules match as a destination.
  - Sends a request only if something differs, and reads the result of a write whose response is lost instead of repeating it.
author: []  # those of galaxy.yml
options:
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
  state:
    description: Whether the FQDN list exists.
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
- name: Ensure that an FQDN list has exactly these names
  panw.cloud.ngfw_fqdn_list:
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    rulestack: web-egress
    name: mirrors
    fqdns:
      - deb.debian.org
      - pypi.org

- name: Remove an FQDN list
  panw.cloud.ngfw_fqdn_list:
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    rulestack: web-egress
    name: mirrors
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
  sample: fqdn_lists
name:
  description: The name, for M(panw.cloud.ngfw_rulestack_commit).
  returned: success
  type: str
  sample: mirrors
before:
  description: The FQDN list in the candidate before the task. Null if it did not exist.
  returned: success
  type: dict
  sample:
    fqdns: [pypi.org]
after:
  description: The FQDN list in the candidate after the task. Null if it does not exist.
  returned: success
  type: dict
  sample:
    fqdns: [deb.debian.org, pypi.org]
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
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.catalog.objects import FQDN_LIST


def main() -> None:
    """Run the module."""
    run_resource(FQDN_LIST)


if __name__ == "__main__":
    main()
