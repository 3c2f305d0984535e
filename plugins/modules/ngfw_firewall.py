#!/usr/bin/python
# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: ngfw_firewall
version_added: 0.2.0
short_description: Manage firewalls of Cloud NGFW for AWS
description:
  - Creates, changes and removes a firewall of version 1 or 2 of the service. The options decide the version, else the tenant does.
  - What the API cannot do at once is done in steps. Endpoints are added to a complete firewall, and egress NAT, private access, user ID, and NAT and
    prefixes of an endpoint are set when the endpoint is accepted. A run that was interrupted is continued by the next one.
  - Options that are omitted are not managed. What has no option in this module, such as the log profile, stays as it is.
  - Runs on the controller, whatever the connection of the host is, and shows what it waits for.
author: []  # those of galaxy.yml
options:
  name:
    description:
      - The name of the firewall, up to 128 letters, digits and hyphens. It cannot change.
      - In version 2, the tag C(FirewallName) is the name.
    type: str
    required: true
  firewall_id:
    description: The ID of an existing firewall of version 2, if several have the same name.
    type: str
  state:
    description: Whether the firewall exists.
    type: str
    choices: [present, absent]
    default: present
  zones:
    description: The IDs of the availability zones of the firewall, such as V(use1-az1). Version 2, where it is required to create a firewall.
    type: list
    elements: str
  allowed_accounts:
    description: The AWS accounts that may have endpoints of the firewall, at most 300. Version 2.
    type: list
    elements: str
  change_protection:
    description:
      - The roles for which the firewall has change protection, such as V(GlobalFirewallAdmin). Version 2.
      - A change that the API refuses because of it fails, and the message lists them.
    type: list
    elements: str
  account_id:
    description: The AWS account of the firewall, if it is not that of the caller. Version 1.
    type: str
  vpc_id:
    description: The VPC of the firewall, which cannot change. Version 1, where it is required to create a firewall.
    type: str
  endpoint_mode:
    description:
      - Whether the service or the customer creates the endpoints, which cannot change. Version 1, where it is required to create a firewall.
    type: str
    choices: [ServiceManaged, CustomerManaged]
  multi_vpc:
    description: Whether endpoints can be in other VPCs. Version 1.
    type: bool
  subnet_mappings:
    description: The subnets or zones of the endpoints. The order does not matter. Version 1, where it is required to create a firewall.
    type: list
    elements: dict
    suboptions:
      subnet_id:
        description: The ID of a subnet.
        type: str
      availability_zone:
        description: The name of an availability zone, such as V(us-east-1a).
        type: str
      availability_zone_id:
        description: The ID of an availability zone, such as V(use1-az1).
        type: str
  app_id_version:
    description: The version of the application content, such as V(8433-6838). Version 1.
    type: str
  automatic_upgrade_app_id_version:
    description: Whether the service updates the application content. Version 1.
    type: bool
  description:
    description: A description of up to 512 characters.
    type: str
  endpoints:
    description:
      - The endpoints. They are identified by subnet or zone, and by mode, VPC and account if these are given. The order does not matter.
      - In version 2, endpoints that are missing here are removed. In version 1, O(subnet_mappings) decides which endpoints exist, and those that are missing
        here stay as they are.
    type: list
    elements: dict
    suboptions:
      mode:
        description: Whether the service or the customer creates the endpoint.
        type: str
        choices: [ServiceManaged, CustomerManaged]
        required: true
      zone_id:
        description: The ID of the availability zone. Required without C(subnet_id).
        type: str
      vpc_id:
        description: The VPC.
        type: str
      subnet_id:
        description: The subnet. Required with V(ServiceManaged) in version 2.
        type: str
      account_id:
        description: The AWS account of the VPC. It must be one of O(allowed_accounts).
        type: str
      egress_nat_enabled:
        description: Whether the endpoint uses egress NAT.
        type: bool
      prefixes:
        description: The prefixes behind the endpoint. Prefixes that are omitted are not managed.
        type: dict
        suboptions:
          private_prefix:
            description: Prefixes that count as private.
            type: dict
            suboptions:
              cidrs:
                description: IPv4 prefixes in CIDR notation, without host bits.
                type: list
                elements: str
          public_prefix:
            description: Prefixes that count as public.
            type: dict
            suboptions:
              cidrs:
                description: IPv4 prefixes in CIDR notation, without host bits.
                type: list
                elements: str
  egress_nat:
    description: The egress NAT. It needs an accepted endpoint.
    type: dict
    suboptions:
      enabled:
        description: Whether it is on.
        type: bool
      settings:
        description: Where its addresses come from.
        type: dict
        suboptions:
          ip_pool_type:
            description: Whether AWS assigns the addresses, or they are from a pool of your own.
            type: str
            choices: [AWSService, BYOIP]
          ipam_pool_id:
            description: The IPAM pool. Required with V(BYOIP).
            type: str
  private_access:
    description: The access to private applications.
    type: dict
    suboptions:
      type:
        description: The type of the resource.
        type: str
        choices: [NetworkLoadBalancer]
      resource_id:
        description: The ID of the resource.
        type: str
  user_id:
    description: The mapping of addresses to users.
    type: dict
    suboptions:
      enabled:
        description: Whether it is on.
        type: bool
      port:
        description: The port of the agent, 0 to 65535.
        type: int
      agent_name:
        description: The name of the agent.
        type: str
      collector_name:
        description: The name of the collector.
        type: str
      secret_key_arn:
        description: The ARN of the secret in AWS Secrets Manager that holds the key of the agent. Required if user ID is on.
        type: str
      custom_include_exclude_network:
        description: The networks to include or exclude, identified by name. Networks that are missing here are removed.
        type: list
        elements: dict
        suboptions:
          name:
            description: A name.
            type: str
            required: true
          network_address:
            description: The network.
            type: str
          enabled:
            description: Whether the entry is in use.
            type: bool
          discovery_include:
            description: Whether users of the network are mapped, or are not.
            type: bool
  tags:
    description: All tags of the firewall. Tags that are missing here are removed; an empty dictionary removes all but the name.
    type: dict
  rulestack:
    description:
      - The local rulestack. An empty string disassociates it. M(panw.cloud.ngfw_firewall_rulestack) also waits until the firewall has committed it.
    type: str
  global_rulestack:
    description: The global rulestack. An empty string disassociates it.
    type: str
  link_id:
    description: The link to Panorama or Strata Cloud Manager. An empty string removes it. It cannot change in version 1.
    type: str
  wait:
    description:
      - Whether to wait for the service. If not, the task ends where it would have to wait, RV(remaining) has the options that are still to be set, and
        the next run goes on.
    type: bool
    default: true
  wait_timeout:
    description:
      - How many seconds to wait in all, at most 80000. A firewall takes 5 to 15 minutes, an endpoint 2 to 5.
      - At the limit the task fails and says what it waited for. The service goes on.
    type: int
    default: 2700
extends_documentation_fragment:
  - panw.cloud.ngfw
  - panw.cloud.ngfw.session
  - panw.cloud.ngfw.attributes
  - amazon.aws.common.modules
  - amazon.aws.region.modules
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  action:
    description: Runs on the controller.
    support: full
seealso:
  - module: panw.cloud.ngfw_firewall_info
  - module: panw.cloud.ngfw_firewall_rulestack
  - module: panw.cloud.ngfw_firewall_log_profile
"""

EXAMPLES = r"""
- name: Create a firewall with an endpoint and egress NAT
  panw.cloud.ngfw_firewall:
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    name: branch-egress
    zones: [use1-az1, use1-az2]
    allowed_accounts: ["123456789012"]
    endpoints:
      - mode: ServiceManaged
        zone_id: use1-az1
        vpc_id: vpc-0123456789abcdef0
        subnet_id: subnet-0123456789abcdef0
        account_id: "123456789012"
        egress_nat_enabled: true
    egress_nat:
      enabled: true
      settings:
        ip_pool_type: AWSService
    tags:
      team: network

- name: Turn egress NAT off, and show the difference
  panw.cloud.ngfw_firewall:
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    name: branch-egress
    egress_nat:
      enabled: false
  diff: true

- name: Create a firewall of version 1
  panw.cloud.ngfw_firewall:
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    name: old-egress
    account_id: "123456789012"
    vpc_id: vpc-0123456789abcdef0
    endpoint_mode: ServiceManaged
    subnet_mappings:
      - subnet_id: subnet-0123456789abcdef0

- name: Remove a firewall
  panw.cloud.ngfw_firewall:
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    name: branch-egress
    state: absent
"""

RETURN = r"""
operation:
  description: What the task does, or would do in check mode. C(create), C(update), C(delete) or C(none).
  returned: success
  type: str
  sample: create
name:
  description: The name of the firewall.
  returned: success
  type: str
  sample: branch-egress
before:
  description: The options of the firewall before the task. Null if it did not exist.
  returned: success
  type: dict
after:
  description: The options of the firewall as the task makes them. Null if it does not exist.
  returned: success
  type: dict
  sample:
    zones: [use1-az1, use1-az2]
firewall:
  description: The firewall as it is, see M(panw.cloud.ngfw_firewall_info). Null if it does not exist.
  returned: success
  type: dict
  sample:
    firewall_id: fw-0123456789abcdef0
    status: UPDATE_COMPLETE
remaining:
  description: The options that are still to be set, if O(wait=false). Empty in check mode.
  returned: success
  type: list
  elements: str
  sample: []
error:
  description:
    - Details of the failure, see M(panw.cloud.ngfw_token). Invalid options are all listed in C(problems).
    - The kind is C(firewall_failed) if the service reports a failure, and C(timeout) if the wait ended at its limit.
  returned: failure
  type: dict
  sample:
    kind: timeout
"""

from typing import Any

from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.panw.cloud.plugins.module_utils._module.firewall import own_spec
from ansible_collections.panw.cloud.plugins.module_utils._module.ngfw import Task, run


def refuse(_task: Task) -> dict[str, Any]:
    """:raises InvalidInput: always; the action plugin of the same name does the work."""
    raise InvalidInput("name", "can only be managed on the controller, by the action plugin.")


def main() -> None:
    """Validate the options."""
    run(refuse, own_spec())


if __name__ == "__main__":
    main()
