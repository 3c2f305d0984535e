# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """Documentation shared by the Cloud NGFW for AWS modules."""

    DOCUMENTATION = r"""
options:
  ngfw_url:
    description:
      - The base URL of the Cloud NGFW API, in place of the vendor's host for O(region).
      - It may include a port and a stage path. Requests are signed for O(region), or for the region in the host name.
      - Plain C(http) is accepted for loopback addresses only.
      - The environment variable E(NGFW_URL) may also be used.
    type: str
  ngfw_management_url:
    description:
      - The base URL of the API's management plane, which serves the admin role V(account).
      - Defaults to O(ngfw_url) if that is not one of the vendor's regional hosts, else to the vendor's host for O(ngfw_management_region).
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
      - A CA bundle to verify the certificate of the Cloud NGFW API.
      - Defaults to O(aws_ca_bundle), then to E(REQUESTS_CA_BUNDLE) or E(CURL_CA_BUNDLE), then to the CAs of the certifi package.
      - The environment variable E(NGFW_CA_BUNDLE) may also be used.
    type: path
  ngfw_validate_certs:
    description:
      - Whether to verify the certificate of the Cloud NGFW API. V(false) exposes the token to interception and issues a warning.
    type: bool
    default: true
  role_arn:
    description:
      - The ARN of the IAM role with the vendor's tags, which the task assumes.
      - If omitted, the AWS credentials are used directly. They must belong to such a role.
      - AWS STS is called in the region of the options, the environment or the profile, else in that of the API's host, else in one of the
        role's partition. The role must be in the same partition as the API and the region.
      - The environment variable E(NGFW_ROLE_ARN) may also be used.
    type: str
  role_session_name:
    description:
      - The name of the role session, as shown in AWS CloudTrail.
    type: str
    default: panw.cloud
  external_id:
    description:
      - The external id that the role's trust policy requires.
      - The environment variable E(NGFW_EXTERNAL_ID) may also be used.
    type: str
  session_duration:
    description:
      - The duration of the role session in seconds, 900 to the role's maximum; with role chaining at most 3600.
      - It is independent of the token's lifetime. The session is needed only to get and revoke tokens.
    type: int
  session_policy:
    description:
      - A policy, as JSON or as a dictionary, that restricts the role session.
    type: json
requirements:
  - python >= 3.9
  - boto3 >= 1.35.0
  - botocore >= 1.35.0
  - requests >= 2.32.2
  - urllib3 >= 2.2.1 with Python 3.10 or newer
seealso:
  - ref: ansible_collections.panw.cloud.docsite.guide_access
    description: From the console switch to a working token. In the collection this is C(docs/docsite/rst/guide_access.rst).
  - ref: ansible_collections.panw.cloud.docsite.guide_secrets
    description: How the collection protects secrets, and what you have to protect. In the collection this is C(docs/docsite/rst/guide_secrets.rst).
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
      - Ansible would write the task's secrets to its files for asynchronous jobs.
"""

    SESSION = r"""
options:
  token:
    description:
      - An existing token, with its O(subscription_key).
      - Without O(token) and O(token_store), the module requests a temporary token with the credentials of O(role_arn), and revokes it at the end.
    type: str
  subscription_key:
    description: The subscription key that came with O(token).
    type: str
  token_store:
    description:
      - A store in which M(panw.cloud.ngfw_stored_token) or M(panw.cloud.ngfw_token_rotation) keeps a token. The module reads the current token.
      - It assumes no role, and reads stores in AWS with the task's own credentials in O(region).
      - The type V(hashi_vault) requires the Python package hvac.
      - If the token is missing, has expired, or is for another URL or region than the task calls, the task fails with the error kind
        C(no_working_token).
    type: dict
    version_added: 0.2.0
    suboptions:
      type:
        description: The kind of the store.
        type: str
        choices: [secretsmanager, ssm, hashi_vault, file]
        default: secretsmanager
      name:
        description: The name of the secret or parameter, or in HashiCorp Vault the path of the secret.
        type: str
      path:
        description: The absolute path of the file.
        type: path
      vault_password_file:
        description: A file with the Ansible Vault password that encrypts the stored file.
        type: path
      hashi_vault_url:
        description: The URL of HashiCorp Vault or OpenBao. If omitted, E(ANSIBLE_HASHI_VAULT_ADDR) or E(VAULT_ADDR).
        type: str
      hashi_vault_mount_point:
        description: The path where the KV engine of version 2 is mounted; C(secret) if omitted.
        type: str
      hashi_vault_namespace:
        description: The namespace. If omitted, E(ANSIBLE_HASHI_VAULT_NAMESPACE) or E(VAULT_NAMESPACE).
        type: str
      hashi_vault_token:
        description: A token of Vault. If omitted without a role ID, E(ANSIBLE_HASHI_VAULT_TOKEN) or E(VAULT_TOKEN).
        type: str
      hashi_vault_role_id:
        description: The role ID of an AppRole, in place of a token. If omitted, E(ANSIBLE_HASHI_VAULT_ROLE_ID) or E(VAULT_ROLE_ID).
        type: str
      hashi_vault_secret_id:
        description: The secret ID of the AppRole. If omitted, E(ANSIBLE_HASHI_VAULT_SECRET_ID) or E(VAULT_SECRET_ID).
        type: str
      hashi_vault_ca_cert:
        description: A file with the CA certificates that verify Vault. If omitted, E(ANSIBLE_HASHI_VAULT_CA_CERT) or E(VAULT_CACERT).
        type: path
"""

    RESOURCE = r"""
options:
  rulestack:
    description: The name of the rulestack.
    type: str
    required: true
  scope:
    description:
      - The scope of the rulestack. It decides which admin role a temporary token is for.
    type: str
    choices: [local, global]
    default: local
  audit_comment:
    description:
      - A comment on the change, of up to 512 characters. It is sent with a change, but does not cause one.
    type: str
"""

    COMMIT = r"""
options:
  commit:
    description:
      - Whether to commit the rulestack if it has changes of this task, also uncommitted ones of an earlier run.
      - Without a commit, the change is in the candidate only, and firewalls do not enforce it.
    type: bool
    default: false
  wait_timeout:
    description: How many seconds to wait for the end of the commit.
    type: int
    default: 600
  include_other_changes:
    description:
      - Whether the commit may include changes of the rulestack that this task did not make. Otherwise the task fails if there are any.
    type: bool
    default: false
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
notes:
  - Options that are omitted are not managed. An empty value empties an option.
seealso:
  - ref: ansible_collections.panw.cloud.docsite.guide_rulestacks
    description: From a document to a reviewed and committed policy. In the collection this is C(docs/docsite/rst/guide_rulestacks.rst).
"""

    FIREWALL_PART = r"""
options:
  firewall:
    description: The name of the firewall. Required without O(firewall_id).
    type: str
  firewall_id:
    description:
      - The ID of the firewall, if several of version 2 have the same name. Firewalls of version 1 have none.
    type: str
  account_id:
    description: The AWS account of a firewall of version 1, if the API needs it.
    type: str
attributes:
  check_mode:
    support: full
    details:
      - In check mode, a firewall that does not exist yet is a warning, because an earlier task may create it.
  diff_mode:
    support: full
notes:
  - Options that are omitted are not managed.
  - The version of the firewall is found out with the token.
"""
