#!/usr/bin/python
# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: ngfw_account_info
version_added: 0.2.0
short_description: List the AWS accounts of a Cloud NGFW for AWS tenant
description:
  - Lists the linked AWS accounts with their onboarding status, or describes a single one, on request with the cross-account roles and the VPCs.
  - Uses an existing token, or gets temporary ones with the IAM role and revokes them afterwards.
author: []  # those of galaxy.yml
options:
  account_id:
    description: Read this account only. If it does not belong to the tenant, the result is an empty list.
    type: str
  gather:
    description:
      - What else to read of each account. This takes a second token, of the admin role V(firewall), and one request for each account.
      - With V(cross_account_roles), the list includes member accounts that are not linked themselves, such as those of an AWS organization.
      - V(vpcs) includes V(cross_account_roles).
    type: list
    elements: str
    choices: [cross_account_roles, vpcs]
    default: []
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
      - Works as without check mode. Temporary tokens are issued and revoked, too, because nothing can be read without them.
notes:
  - Links are read from the API's management plane with a token of the admin role V(account), or, if the API has no such route, with one of V(firewall).
    Roles and VPCs are read from the data plane in O(region).
  - O(token) and O(token_store) need a token for the management plane. They cannot be used with O(gather), unless both planes are the same host and region.
seealso:
  - module: panw.cloud.ngfw_account
"""

EXAMPLES = r"""
- name: List the linked accounts
  panw.cloud.ngfw_account_info:
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
  register: found

- name: Show the accounts that are not onboarded yet
  ansible.builtin.debug:
    msg: "{{ found.accounts | rejectattr('onboarding_status', 'equalto', 'Success') | map(attribute='account_id') }}"

- name: Read the roles and VPCs of an account
  panw.cloud.ngfw_account_info:
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    account_id: "210987654321"
    gather: [vpcs]
"""

RETURN = r"""
accounts:
  description: The accounts in the order of their IDs. Empty if none is found.
  returned: success
  type: list
  elements: dict
  contains:
    account_id:
      description: The ID of the AWS account.
      type: str
      returned: always
      sample: "210987654321"
    linked:
      description: Whether the account is linked. If not, it is a member account, and the next five keys are null.
      type: bool
      returned: always
      sample: true
    onboarding_status:
      description: The status of the onboarding, as the API returns it. C(Success), C(Pending), C(Deleting), C(OffBoarding) or C(DeleteFailed).
      type: str
      returned: always
      sample: Success
    external_id:
      description: The external ID that the trust policies of the account's roles require.
      type: str
      returned: always
      sample: 4cb0ea1b-5b0e-4e0f-8f5c-5ffb7a3d4b43
    service_account_id:
      description: The vendor's AWS account, which these trust policies trust.
      type: str
      returned: always
      sample: "999988887777"
    sns_topic_arn:
      description: The ARN of the SNS topic to which the CloudFormation stack publishes the roles.
      type: str
      returned: always
      sample: arn:aws:sns:us-east-1:999988887777:cloudngfw-onboarding
    cloudformation_template_url:
      description: The URL of the CloudFormation template that creates the roles.
      type: str
      returned: always
      sample: https://templates.example.com/cloudngfw/cross-account-roles.yml
    cross_account_roles:
      description: The roles in the account that the service assumes. Null if it has none.
      type: dict
      returned: when O(gather) is not empty
      contains:
        allowed_mode:
          description: C(ServiceManaged) if the service creates endpoints, or C(CustomerManaged).
          type: str
          returned: always
        default_role:
          description: The ARN of the default role.
          type: str
          returned: always
        cloud_trail_role:
          description: The ARN of the role for AWS CloudTrail.
          type: str
          returned: always
        endpoint_role:
          description: The ARN of the role for endpoints.
          type: str
          returned: always
        logging_role:
          description: The ARN of the role for logs.
          type: str
          returned: always
        decryption_role:
          description: The ARN of the role for certificates. Null without one.
          type: str
          returned: always
        account_groups:
          description: The groups of the account.
          type: list
          elements: str
          returned: always
        availability_zones:
          description: The availability zones of the account.
          type: list
          elements: str
          returned: always
        vpcs:
          description: The VPCs, each with C(vpc_id), C(name) and C(subnets), which have C(subnet_id) and C(name).
          type: list
          elements: dict
          returned: when O(gather) has V(vpcs)
      sample:
        allowed_mode: ServiceManaged
        endpoint_role: arn:aws:iam::210987654321:role/PaloAltoNetworksEndpoint
error:
  description: Details of the failure, see M(panw.cloud.ngfw_token).
  returned: failure
  type: dict
  sample:
    kind: authorization
    status: 403
"""

from typing import Any

from ansible_collections.panw.cloud.plugins.module_utils._module.account import with_links
from ansible_collections.panw.cloud.plugins.module_utils._module.argspec import session_spec
from ansible_collections.panw.cloud.plugins.module_utils._module.ngfw import Task, run
from ansible_collections.panw.cloud.plugins.module_utils._module.session import session
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.accounts.links import LINK, LinkClient, details_of
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.accounts.members import Members
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.admin_roles import ADMIN_ROLES
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.planner import Observed
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.validation import name_problems, refuse


def work(task: Task) -> dict[str, Any]:
    """Read the links, and the roles of the accounts on request."""
    wanted, gather = task.params["account_id"], task.params["gather"]
    if wanted is not None:
        refuse(name_problems(LINK, wanted, "account_id"))
    links = {link.name: link for link in with_links(task, lambda client: _links(client, wanted))}
    if not gather:
        return {"changed": False, "accounts": [_entry(account, links[account]) for account in sorted(links)]}
    accounts = []
    with session(task, ADMIN_ROLES["firewall"]) as opened:
        members = Members(opened.client, opened.pair)
        for account in [wanted] if wanted else sorted({*links, *members.accounts()}):
            roles = members.roles(account, vpcs="vpcs" in gather)
            if account in links or roles:
                accounts.append({**_entry(account, links.get(account)), "cross_account_roles": roles})
    return {"changed": False, "accounts": accounts}


def _links(client: LinkClient, wanted: str | None) -> list[Observed]:
    if wanted is None:
        return client.links()
    link = client.read(client.routes.resource, (wanted,), wanted)
    return [link] if link else []


def _entry(account: str, link: Observed | None) -> dict[str, Any]:
    return {"account_id": account, "linked": link is not None, **details_of(link)}


def main() -> None:
    """Run the module."""
    spec = {
        **session_spec(),
        "account_id": {"type": "str"},
        "gather": {"type": "list", "elements": "str", "choices": ["cross_account_roles", "vpcs"], "default": []},
    }
    run(work, spec)


if __name__ == "__main__":
    main()
