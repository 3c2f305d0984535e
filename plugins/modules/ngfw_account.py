#!/usr/bin/python
# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: ngfw_account
version_added: 0.2.0
short_description: Link AWS accounts with Cloud NGFW for AWS
description:
  - Links an AWS account with the Cloud NGFW tenant, removes the link, and waits for the end of the onboarding.
  - A new link is C(Pending). The account is onboarded when the CloudFormation stack of RV(cloudformation_template_url) is complete in it, with the
    parameters TrustedAccount (RV(service_account_id)), ExternalId (RV(external_id)) and SNSTopicArn (RV(sns_topic_arn)).
    The role P(panw.cloud.onboard_account#role) does all of it.
  - The task calls the API's management plane with a token of the admin role V(account). If the API has no such route, it uses the routes of V2
    tenants with a token of V(firewall).
author: []  # those of galaxy.yml
options:
  account_id:
    description: The ID of the AWS account, 12 digits.
    type: str
    required: true
  state:
    description:
      - Whether the account is linked.
      - Delete the firewalls and the CloudFormation stack of an account before its link.
    type: str
    choices: [present, absent]
    default: present
  wait:
    description:
      - Whether to wait until the account is onboarded, or its link is gone.
      - A link without a stack stays C(Pending). Link the account first, deploy the stack, and then wait in a second task.
    type: bool
    default: false
  wait_timeout:
    description: How many seconds to wait.
    type: int
    default: 600
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
      - A temporary token is issued and revoked in check mode, too, because nothing can be read without one. Check mode does not wait.
  diff_mode:
    support: full
notes:
  - O(token) and O(token_store) need a token of the admin role V(account), issued by the API's management plane.
seealso:
  - module: panw.cloud.ngfw_account_info
"""

EXAMPLES = r"""
- name: Link an AWS account
  panw.cloud.ngfw_account:
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    account_id: "345678901234"
  register: link

- name: Deploy the vendor's template in the account
  amazon.aws.cloudformation:
    profile: "345678901234" # an AWS profile of the account
    region: us-east-1
    stack_name: PaloAltoNetworksCrossAccountRoleSetup
    template_url: "{{ link.cloudformation_template_url }}"
    template_parameters:
      TrustedAccount: "{{ link.service_account_id }}"
      ExternalId: "{{ link.external_id }}"
      SNSTopicArn: "{{ link.sns_topic_arn }}"
    capabilities: [CAPABILITY_NAMED_IAM]

- name: Wait until the account is onboarded
  panw.cloud.ngfw_account:
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    account_id: "345678901234"
    wait: true

- name: Remove the stack before the link
  amazon.aws.cloudformation:
    profile: "345678901234"
    region: us-east-1
    stack_name: PaloAltoNetworksCrossAccountRoleSetup
    state: absent

- name: Remove the link
  panw.cloud.ngfw_account:
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    account_id: "345678901234"
    state: absent
    wait: true
"""

RETURN = r"""
operation:
  description: What the task does, or would do in check mode. C(create), C(delete) or C(none).
  returned: success
  type: str
  sample: create
account_id:
  description: The ID of the AWS account.
  returned: success
  type: str
  sample: "345678901234"
onboarding_status:
  description:
    - The status of the onboarding, as the API returns it. C(Success), C(Pending), C(Deleting), C(OffBoarding) or C(DeleteFailed).
    - Null if the account is not linked after the task, and in check mode before its creation. The same applies to the other keys.
  returned: success
  type: str
  sample: Pending
external_id:
  description: The external ID that the trust policies of the account's roles require. A new link has a new one.
  returned: success
  type: str
  sample: 4cb0ea1b-5b0e-4e0f-8f5c-5ffb7a3d4b43
service_account_id:
  description: The vendor's AWS account, which these trust policies trust.
  returned: success
  type: str
  sample: "999988887777"
sns_topic_arn:
  description: The ARN of the SNS topic to which the stack publishes the roles.
  returned: success
  type: str
  sample: arn:aws:sns:us-east-1:999988887777:cloudngfw-onboarding
cloudformation_template_url:
  description: The URL of the CloudFormation template that creates the roles.
  returned: success
  type: str
  sample: https://templates.example.com/cloudngfw/cross-account-roles.yml
error:
  description:
    - Details of the failure, see M(panw.cloud.ngfw_token). After an onboarding that failed or did not end in time, the kind is
      C(onboarding_failed), and the reason has the last status. Invalid options are all listed in C(problems).
  returned: failure
  type: dict
  sample:
    kind: onboarding_failed
    status: null
"""

from ansible_collections.panw.cloud.plugins.module_utils._module.account import account_spec, ensure_link
from ansible_collections.panw.cloud.plugins.module_utils._module.ngfw import run


def main() -> None:
    """Run the module."""
    run(ensure_link, account_spec())


if __name__ == "__main__":
    main()
