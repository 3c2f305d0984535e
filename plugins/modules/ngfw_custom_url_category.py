#!/usr/bin/python
# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: ngfw_custom_url_category
version_added: 0.2.0
short_description: Manage custom URL categories in rulestacks of Cloud NGFW for AWS
description:
  - Creates, changes and removes a custom URL category, which security rules match.
  - Sends a request only if something differs, and reads the result of a write whose response is lost instead of repeating it.
author: []  # those of galaxy.yml
options:
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
  state:
    description: Whether the custom URL category exists.
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
- name: Block a category of our own
  panw.cloud.ngfw_custom_url_category:
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    rulestack: web-egress
    name: paste-sites
    urls:
      - "*.pastebin.com"
      - paste.example.com/
    action: block

- name: Remove a category
  panw.cloud.ngfw_custom_url_category:
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    rulestack: web-egress
    name: paste-sites
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
  sample: custom_url_categories
name:
  description: The name, for M(panw.cloud.ngfw_rulestack_commit).
  returned: success
  type: str
  sample: paste-sites
before:
  description: The custom URL category in the candidate before the task. Null if it did not exist.
  returned: success
  type: dict
  sample:
    action: alert
after:
  description: The custom URL category in the candidate after the task. Null if it does not exist.
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
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.catalog.objects import CUSTOM_URL_CATEGORY


def main() -> None:
    """Run the module."""
    run_resource(CUSTOM_URL_CATEGORY)


if __name__ == "__main__":
    main()
