# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """What the modules for Cloud NGFW for AWS have in common."""

    DOCUMENTATION = r"""
options:
  ngfw_url:
    description:
      - The base URL of the Cloud NGFW API, in place of the vendor's host of the O(region).
      - It may carry a port and a stage path. The request is signed for O(region), or for the region that the host's name tells.
      - Without TLS, C(http), it is accepted for addresses of the host itself only.
      - The environment variable E(NGFW_URL) may also be used.
    type: str
  ngfw_management_url:
    description:
      - The base URL of the API's management plane, which serves the admin role V(account).
      - By default it is O(ngfw_url) where that is not one of the vendor's regional hosts, else the vendor's host of O(ngfw_management_region).
      - The environment variable E(NGFW_MANAGEMENT_URL) may also be used.
    type: str
  ngfw_management_region:
    description:
      - The region of the API's management plane.
      - The environment variable E(NGFW_MANAGEMENT_REGION) may also be used.
    type: str
    default: us-east-1
  ngfw_ca_bundle:
    description:
      - A file of CA certificates to verify the Cloud NGFW API with.
      - By default it is O(aws_ca_bundle), then what E(REQUESTS_CA_BUNDLE) or E(CURL_CA_BUNDLE) names, then the CAs of the certifi package.
      - The environment variable E(NGFW_CA_BUNDLE) may also be used.
    type: path
  ngfw_validate_certs:
    description:
      - Whether to verify the certificate of the Cloud NGFW API. Switching it off lets anybody in between take the token, and warns.
    type: bool
    default: true
  role_arn:
    description:
      - The ARN of the IAM role that carries the vendor's tags. It is assumed for the task.
      - Without it, the AWS credentials are used as they are; they have to be those of such a role.
      - AWS STS is asked in the region of the options, the environment or the profile, else in that of the API's host, else in one of the
        role's partition. A role of another partition than the API or the region is refused.
      - The environment variable E(NGFW_ROLE_ARN) may also be used.
    type: str
  role_session_name:
    description:
      - The name of the role's session, by which AWS CloudTrail shows who did it.
    type: str
    default: panw.cloud
  external_id:
    description:
      - The external id that the role's trust policy asks for.
      - The environment variable E(NGFW_EXTERNAL_ID) may also be used.
    type: str
  session_duration:
    description:
      - How long the role's session lasts, in seconds, 900 to the role's own maximum; with role chaining at most 3600.
      - It is independent of the token's life. The session is needed only to get and to revoke tokens.
    type: int
  session_policy:
    description:
      - A policy, as JSON or as a dictionary, that narrows what the role's session may do.
    type: json
requirements:
  - python >= 3.9
  - boto3 >= 1.35.0
  - botocore >= 1.35.0
  - requests >= 2.32.2
  - urllib3 >= 2.2.1 with Python 3.10 or newer
seealso:
  - ref: ansible_collections.panw.cloud.docsite.guide_access
    description: From the console's switch to a token that works. In the collection this is C(docs/docsite/rst/guide_access.rst).
  - ref: ansible_collections.panw.cloud.docsite.guide_secrets
    description: What is done to keep secrets secret, and what is left to you. In the collection this is C(docs/docsite/rst/guide_secrets.rst).
  - ref: ansible_collections.panw.cloud.docsite.guide_troubleshooting
    description: Each kind of error with its causes. In the collection this is C(docs/docsite/rst/guide_troubleshooting.rst).
  - name: Enable programmatic access
    description: The vendor's guide to the console switch, the IAM role and its tags.
    link: https://docs.paloaltonetworks.com/cloud-ngfw-aws/administration/firewall-as-code/enable-programmatic-access
"""

    ATTRIBUTES = r"""
attributes:
  check_mode:
    description: Can run in C(check_mode) and return changed status prediction without modifying the target.
  diff_mode:
    description: Will return details on what has changed (or possibly needs changing in C(check_mode)), when in diff mode.
    support: none
  action_group:
    description: Use C(group/panw.cloud.ngfw) in C(module_defaults) to set the connection options once for all modules.
    support: full
    membership:
      - panw.cloud.ngfw
  async:
    description: Supports being used with the C(async) keyword.
    support: none
    details:
      - The files in which Ansible keeps the state of an asynchronous task would hold the secrets of the task.
"""
