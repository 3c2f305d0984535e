# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """Documentation shared by the Strata Cloud Manager and WildFire modules."""

    DOCUMENTATION = r"""
options:
  client_id:
    description:
      - The client id of the service account that the task authenticates as, such as C(automation@1234567890.iam.panserviceaccount.com).
      - The environment variable E(SCM_CLIENT_ID) may also be used.
    type: str
    required: true
  client_secret:
    description:
      - The client secret of that service account.
      - The environment variable E(SCM_CLIENT_SECRET) may also be used.
    type: str
    required: true
  tsg_id:
    description:
      - The id of the tenant service group to work in, ten digits. The service account needs a role in it.
      - The environment variable E(SCM_TSG_ID) may also be used.
    type: str
    required: true
  scm_auth_url:
    description:
      - The full URL of the access token endpoint. The vendor's documents give its path as C(/oauth2/access_token),
        C(/auth/v1/oauth2/access_token) and C(/am/oauth2/access_token).
      - Plain C(http) is accepted for loopback addresses only, here and in O(scm_url).
      - The environment variable E(SCM_AUTH_URL) may also be used.
    type: str
    default: https://auth.apps.paloaltonetworks.com/oauth2/access_token
  scm_url:
    description:
      - The base URL of the API for identity and subscriptions.
      - The environment variable E(SCM_URL) may also be used.
    type: str
    default: https://api.sase.paloaltonetworks.com
  scm_ca_bundle:
    description:
      - A CA bundle to verify the servers' certificates.
      - Defaults to E(REQUESTS_CA_BUNDLE) or E(CURL_CA_BUNDLE), then to the CAs of the certifi package.
      - The environment variable E(SCM_CA_BUNDLE) may also be used.
    type: path
  scm_validate_certs:
    description:
      - Whether to verify the servers' certificates. V(false) exposes the client secret to interception and issues a warning.
    type: bool
    default: true
requirements:
  - python >= 3.9
  - requests >= 2.31.0
seealso:
  - ref: ansible_collections.panw.cloud.docsite.guide_wildfire
    description: From a tenant administrator to a working WildFire key. In the collection this is C(docs/docsite/rst/guide_wildfire.rst).
  - ref: ansible_collections.panw.cloud.docsite.guide_secrets
    description: How the collection protects secrets, and what you have to protect. In the collection this is C(docs/docsite/rst/guide_secrets.rst).
  - ref: ansible_collections.panw.cloud.docsite.guide_troubleshooting
    description: Each kind of error with its causes. In the collection this is C(docs/docsite/rst/guide_troubleshooting.rst).
  - name: Service accounts
    description: The vendor's guide to service accounts, access tokens and roles.
    link: https://pan.dev/scm/docs/service-accounts/
"""

    ATTRIBUTES = r"""
attributes:
  check_mode:
    description: Can run in C(check_mode) and return changed status prediction without modifying the target.
  diff_mode:
    description: Will return details on what has changed (or possibly needs changing in C(check_mode)), when in diff mode.
  action_group:
    description: Use C(group/panw.cloud.scm) in C(module_defaults) to set the connection options once for all modules.
    support: full
    membership:
      - panw.cloud.scm
  async:
    description: Supports being used with the C(async) keyword.
    support: none
    details:
      - Ansible would write the task's secrets to its files for asynchronous jobs.
"""
