#!/usr/bin/python
# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: ngfw_firewall_info
version_added: 0.2.0
short_description: List and describe firewalls of Cloud NGFW for AWS
description:
  - Describes the firewalls of one or several regions, of both versions of the service, with their status, endpoints and commits.
  - Uses an existing token, or gets a temporary one in each region with the IAM role and revokes it afterwards.
author: []  # those of galaxy.yml
options:
  name:
    description: Describe firewalls of this name only. If there is none, the result is an empty list.
    type: str
  firewall_id:
    description: Describe the firewall of version 2 with this ID only.
    type: str
  account_id:
    description: The AWS account of the firewalls of version 1, if it is not that of the caller.
    type: str
  rulestack:
    description: Describe firewalls with this local rulestack only.
    type: str
  global_rulestack:
    description: Describe firewalls with this global rulestack only.
    type: str
  vpc_ids:
    description: Describe firewalls only that are in one of these VPCs, or have an endpoint there.
    type: list
    elements: str
    default: []
  regions:
    description:
      - The regions, instead of O(region). V(all) stands for all regions that the vendor lists.
      - Each region has a separate API, so O(ngfw_url) is for a single region only.
      - A region that cannot be read is in RV(failed_regions), with a warning. If none can be read, the module fails.
    type: list
    elements: str
    default: []
  log_profile:
    description: Whether to read the log profiles, with one more request for each firewall. One that cannot be read is null, with a warning.
    type: bool
    default: false
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
  - module: panw.cloud.ngfw_firewall
  - module: panw.cloud.ngfw_firewall_log_profile
"""

EXAMPLES = r"""
- name: Describe the firewalls of a region
  panw.cloud.ngfw_firewall_info:
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1

- name: Find the firewalls of several regions that enforce a rulestack
  panw.cloud.ngfw_firewall_info:
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    regions: "{{ my_regions }}"  # or [all]
    rulestack: branch-egress
  register: found

- name: Fail if an endpoint is not accepted
  ansible.builtin.assert:
    that: found.firewalls | map(attribute='endpoints') | flatten | rejectattr('status', 'equalto', 'accepted') | length == 0

- name: Describe a firewall with its log profile
  panw.cloud.ngfw_firewall_info:
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    name: branch-egress
    log_profile: true
"""

RETURN = r"""
firewalls:
  description:
    - The firewalls by region and name. In addition to the keys below, each has the options of M(panw.cloud.ngfw_firewall) for its version.
    - What the API does not return is null, or the default of the option.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: The name. In version 2, this is the tag C(FirewallName), without it the ID.
      type: str
      returned: always
      sample: branch-egress
    firewall_id:
      description: The ID.
      type: str
      returned: always
      sample: fw-0123456789abcdef0
    version:
      description: The version of the firewall, C(1) or C(2).
      type: int
      returned: always
      sample: 2
    region:
      description: The region of the API.
      type: str
      returned: always
      sample: us-east-1
    status:
      description: The state, such as C(CREATING), C(UPDATE_COMPLETE) or C(CREATE_FAIL).
      type: str
      returned: always
      sample: UPDATE_COMPLETE
    failure_reason:
      description: Why the last operation failed.
      type: str
      returned: always
      sample: null
    endpoints:
      description:
        - The endpoints, with the attachments of version 1. In addition to the keys below, each has the suboptions of
          O(panw.cloud.ngfw_firewall#module:endpoints).
      type: list
      elements: dict
      returned: always
      contains:
        endpoint_id:
          description: The ID.
          type: str
          returned: always
          sample: vpce-0123456789abcdef0
        status:
          description: The state in small letters, C(pending), C(accepted), C(rejected), C(created), C(creating) or C(deleting).
          type: str
          returned: always
          sample: accepted
        rejected_reason:
          description: Why it is rejected.
          type: str
          returned: always
          sample: null
    endpoint_service_name:
      description: The name of the endpoint service, with which customers create endpoints.
      type: str
      returned: always
      sample: com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0
    link_status:
      description: The state of the link.
      type: str
      returned: always
      sample: null
    user_id_status:
      description: The state of user ID.
      type: str
      returned: always
      sample: null
    commits:
      description:
        - The last commits on the firewall, that of the local C(rulestack), of the C(global_rulestack), and of the C(device) as a whole.
        - Each has C(status), C(commit_ts), the time of its end as the API writes it, and C(messages).
      type: dict
      returned: always
      sample:
        rulestack: {status: Success, commit_ts: "2026-11-26T21:49:00 UTC", messages: []}
        global_rulestack: {status: null, commit_ts: null, messages: []}
        device: {status: Success, commit_ts: "2026-11-26T21:49:00 UTC", messages: []}
    public_ips:
      description: The public addresses of egress NAT.
      type: list
      elements: str
      returned: always
      sample: [198.51.100.1]
    log_profile:
      description: The log profile, with the options of M(panw.cloud.ngfw_firewall_log_profile).
      type: dict
      returned: when O(log_profile=true)
failed_regions:
  description: The regions that could not be read, each with C(region), C(msg) and C(error).
  returned: success
  type: list
  elements: dict
  sample: []
error:
  description: Details of the failure, see M(panw.cloud.ngfw_token).
  returned: failure
  type: dict
  sample:
    kind: authorization
    status: 403
"""

from ansible_collections.panw.cloud.plugins.module_utils._module.argspec import session_spec
from ansible_collections.panw.cloud.plugins.module_utils._module.firewall_info import read_regions
from ansible_collections.panw.cloud.plugins.module_utils._module.ngfw import run


def main() -> None:
    """Run the module."""
    spec = {
        **session_spec(),
        "name": {"type": "str"},
        "firewall_id": {"type": "str"},
        "account_id": {"type": "str"},
        "rulestack": {"type": "str"},
        "global_rulestack": {"type": "str"},
        "vpc_ids": {"type": "list", "elements": "str", "default": []},
        "regions": {"type": "list", "elements": "str", "default": []},
        "log_profile": {"type": "bool", "default": False},
    }
    run(read_regions, spec, mutually_exclusive=[("name", "firewall_id")])


if __name__ == "__main__":
    main()
