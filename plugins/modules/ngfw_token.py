#!/usr/bin/python
# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: ngfw_token
version_added: 0.1.0
short_description: Get a token for the Cloud NGFW for AWS API
description:
  - Gets a token and its subscription key, which every call to the Cloud NGFW for AWS API needs.
  - Assumes the IAM role with the vendor's tags, signs the request with AWS Signature Version 4, and returns what the API grants.
  - Getting a token is not idempotent by itself. Pass an existing token as O(current) to keep it as long as it lives longer than
    O(renew_before); that is decided on the controller, without a network call.
author: []  # those of galaxy.yml
options:
  admin_role:
    description:
      - The vendor's administrator role that the token is for. The IAM role needs the matching tag, with the value C(Yes).
      - V(firewall) is C(CloudFirewallAdmin), with the tag C(CloudNGFWFirewallAdmin).
      - V(rulestack) is C(CloudRulestackAdmin), with the tag C(CloudNGFWRulestackAdmin).
      - V(global_rulestack) is C(CloudGlobalRulestackAdmin), with the tag C(CloudNGFWGlobalRulestackAdmin);
        the account must be onboarded by AWS Firewall Manager.
      - V(account) is C(CloudAccountAdmin), with the tag C(CloudNGFWAccountAdmin), on the management plane.
    type: str
    required: true
    choices: [firewall, rulestack, global_rulestack, account]
  expiry_time:
    description:
      - The lifetime of the token in minutes, 5 to 1440. The tenant's maximum can shorten it, which is a warning; RV(expiry_time) is what was
        granted.
    type: int
    default: 30
  current:
    description:
      - The existing token, for example the registered result of an earlier run; other keys than these are passed through.
      - It is returned unchanged as long as it lives longer than O(renew_before). No API call checks whether it was revoked.
      - Leave it empty or omit it if you have no token.
    type: dict
    suboptions:
      token:
        description: The token.
        type: str
      subscription_key:
        description: The subscription key that came with it.
        type: str
      expires_at:
        description: When it expires, in ISO 8601 with a time zone.
        type: str
      admin_role:
        description: The admin role that it is for. If set, it must be that of the task.
        type: str
  renew_before:
    description:
      - Get a new token when the O(current) one has this many minutes to live, or fewer. Must be less than O(expiry_time).
    type: int
    default: 3
  force:
    description:
      - Always get a new token. This does not revoke the O(current) one; use M(panw.cloud.ngfw_token_revoke).
    type: bool
    default: false
extends_documentation_fragment:
  - panw.cloud.ngfw
  - panw.cloud.ngfw.attributes
  - amazon.aws.common.modules
  - amazon.aws.region.modules
attributes:
  check_mode:
    support: full
    details:
      - In check mode, no token is issued; the secrets in the result are null.
notes:
  - The result holds secrets. Ansible prints none of it, at any verbosity, even without C(no_log); the registered variable is usable.
    Do not print it yourself, and keep it out of M(ansible.builtin.set_fact), which prints values.
  - If the response with a token is lost, the orphaned token stays valid until it expires. Keep O(expiry_time) short.
seealso:
  - module: panw.cloud.ngfw_token_revoke
  - module: panw.cloud.ngfw_access_info
"""

EXAMPLES = r"""
- name: Get a token for rulestacks
  panw.cloud.ngfw_token:
    admin_role: rulestack
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
  register: ngfw

- name: Renew it when it has ten minutes to live
  panw.cloud.ngfw_token:
    admin_role: rulestack
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    expiry_time: 60
    renew_before: 10
    current: "{{ ngfw }}"
  register: ngfw

- name: Call the API with it
  ansible.builtin.uri:
    url: "{{ ngfw_url | default('https://api.us-east-1.aws.cloudngfw.paloaltonetworks.com') }}/v1/config/rulestacks"
    headers:
      Authorization: "{{ ngfw.token }}"
      x-api-key: "{{ ngfw.subscription_key }}"
    ca_path: "{{ ngfw_ca_bundle | default(omit) }}"
  no_log: true
"""

RETURN = r"""
token:
  description: The token, a JSON web token. Send it as the header C(Authorization), without C(Bearer). Null if check mode predicts a new one.
  returned: success
  type: str
  sample: "********"
subscription_key:
  description: The key to send with the token, in the header C(x-api-key). Null if check mode predicts a new token.
  returned: success
  type: str
  sample: "********"
expires_at:
  description: When the token expires, in UTC. Null if check mode predicts a new token.
  returned: success
  type: str
  sample: "2026-05-19T08:30:00Z"
expiry_time:
  description: The granted lifetime of the token in minutes.
  returned: success
  type: int
  sample: 30
admin_role:
  description: The admin role that the token is for.
  returned: success
  type: str
  sample: rulestack
fingerprint:
  description: The first 12 hexadecimal digits of the token's SHA-256. Not a secret.
  returned: success
  type: str
  sample: 1f0e3dad9990
tenant_version:
  description: The version of the tenant, if the token contains it.
  returned: success
  type: str
  sample: V2
account_id:
  description: The AWS account that the credentials belong to. Null if it cannot be determined.
  returned: success
  type: str
  sample: "123456789012"
possibly_alive:
  description:
    - How many orphaned tokens may exist because responses were lost. A warning says when they expire.
  returned: success
  type: int
  sample: 0
error:
  description: Details of the failure.
  returned: failure
  type: dict
  contains: &error
    kind:
      description: C(invalid_input), C(transport), C(authentication), C(authorization), C(access_disabled), C(not_found), C(route_not_found), C(throttled),
        C(invalid_request), C(server) or C(invalid_response).
      type: str
      returned: always
    operation:
      description: What was attempted.
      type: str
      returned: always
    target:
      description: What it was attempted on.
      type: str
      returned: always
    status:
      description: The HTTP status. Null without a response.
      type: int
      returned: always
    error_code:
      description: The error code of the vendor or AWS.
      type: str
      returned: always
    reason:
      description: The server's message, without secrets.
      type: str
      returned: always
    request_id:
      description: The server's request id, for a support case.
      type: str
      returned: always
    attempts:
      description: How many times the request was sent.
      type: int
      returned: always
    next_step:
      description: What to do next.
      type: str
      returned: always
    possibly_alive:
      description: How many orphaned tokens, or other objects that the task creates, may exist because responses were lost.
      type: int
      returned: always
"""

from typing import Any

from ansible_collections.panw.cloud.plugins.module_utils._module.argspec import token_spec
from ansible_collections.panw.cloud.plugins.module_utils._module.ngfw import Task, run
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.admin_roles import ADMIN_ROLES
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.tokens.issuing import shortened
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.tokens.options import kept, predicted


def work(task: Task) -> dict[str, Any]:
    """Keep the current token, or get a new one."""
    params = task.params
    fresh = kept(params)
    if fresh is not None:
        return fresh
    admin_role = ADMIN_ROLES[params["admin_role"]]
    client = task.client(admin_role)
    if task.check_mode:
        return predicted(params, task.role)
    token = task.tokens(client).issue(admin_role, params["expiry_time"])
    warnings = shortened(token.expiry_time, params["expiry_time"], params["renew_before"])
    return {"changed": True, "warnings": warnings, **token.as_result(task.aws.account_of(task.credentials))}


def main() -> None:
    """Run the module."""
    run(work, token_spec())


if __name__ == "__main__":
    main()
