#!/usr/bin/python
# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: ngfw_intelligent_feed
version_added: 0.2.0
short_description: Manage intelligent feeds in rulestacks of Cloud NGFW for AWS
description:
  - Creates, changes and removes an intelligent feed, a list of IP addresses or URLs that the firewalls download.
  - Sends a request only if something differs, and reads the result of a write whose response is lost instead of repeating it.
author: []  # those of galaxy.yml
options:
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
    description: The hour of the day of the download, 0 to 23. Only with O(frequency=DAILY).
    type: int
  certificate:
    description: The certificate object of the same rulestack that verifies the server.
    type: str
  state:
    description: Whether the intelligent feed exists.
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
- name: Block addresses from a feed that is read each night
  panw.cloud.ngfw_intelligent_feed:
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    rulestack: web-egress
    name: blocklist
    url: https://feeds.example.com/blocklist.txt
    type: IP_LIST
    frequency: DAILY
    time: 3

- name: Remove a feed
  panw.cloud.ngfw_intelligent_feed:
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    rulestack: web-egress
    name: blocklist
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
  sample: feeds
name:
  description: The name, for M(panw.cloud.ngfw_rulestack_commit).
  returned: success
  type: str
  sample: blocklist
before:
  description: The intelligent feed in the candidate before the task. Null if it did not exist.
  returned: success
  type: dict
  sample:
    frequency: HOURLY
after:
  description: The intelligent feed in the candidate after the task. Null if it does not exist.
  returned: success
  type: dict
  sample:
    frequency: DAILY
    time: 3
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
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.catalog.objects import FEED


def main() -> None:
    """Run the module."""
    run_resource(FEED)


if __name__ == "__main__":
    main()
