#!/usr/bin/python
# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: ngfw_certificate
version_added: 0.2.0
short_description: Manage certificate objects in rulestacks of Cloud NGFW for AWS
description:
  - Creates, changes and removes a certificate object, which profiles, feeds and rules refer to.
  - The certificate itself is in AWS, or the service generates a self-signed one. No private key passes through this module.
  - Sends a request only if something differs, and reads the result of a write whose response is lost instead of repeating it.
author: []  # those of galaxy.yml
options:
  name:
    description: The name of the certificate object, up to 63 letters, digits and hyphens.
    type: str
    required: true
  description:
    description: A description of up to 512 characters.
    type: str
  self_signed:
    description: Whether the service generates a self-signed certificate. Not together with O(signer_arn).
    type: bool
  signer_arn:
    description: The ARN of the certificate in AWS, such as that of a secret of AWS Secrets Manager.
    type: str
  state:
    description: Whether the certificate exists.
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
- name: Use a certificate from AWS Secrets Manager
  panw.cloud.ngfw_certificate:
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    rulestack: web-egress
    name: outbound-trust
    signer_arn: arn:aws:secretsmanager:us-east-1:123456789012:secret:outbound-trust-AbCdEf

- name: Use a self-signed certificate
  panw.cloud.ngfw_certificate:
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    rulestack: web-egress
    name: outbound-untrust
    self_signed: true
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
  sample: certificates
name:
  description: The name, for M(panw.cloud.ngfw_rulestack_commit).
  returned: success
  type: str
  sample: outbound-trust
before:
  description: The certificate in the candidate before the task. Null if it did not exist.
  returned: success
  type: dict
  sample:
    self_signed: false
after:
  description: The certificate in the candidate after the task. Null if it does not exist.
  returned: success
  type: dict
  sample:
    self_signed: true
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
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.catalog.objects import CERTIFICATE


def main() -> None:
    """Run the module."""
    run_resource(CERTIFICATE)


if __name__ == "__main__":
    main()
