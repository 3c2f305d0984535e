#!/usr/bin/python
# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


from __future__ import annotations

DOCUMENTATION = r"""
---
module: scm_stored_credentials_info
version_added: 0.2.0
short_description: Describe the credentials of a service account in a store
description:
  - Reads the credentials that M(panw.cloud.scm_stored_credentials) keeps in a store, and returns their metadata, without the client secret.
  - With O(verify), the task fails unless programs that read the store get working credentials.
author: []  # those of galaxy.yml
options:
  client_id:
    description:
      - Not used, nor is E(SCM_CLIENT_ID). Accepted for the action group's defaults.
    type: str
    required: false
  client_secret:
    description:
      - Not used, nor is E(SCM_CLIENT_SECRET). Accepted for the action group's defaults.
    type: str
    required: false
  tsg_id:
    description:
      - Not used, nor is E(SCM_TSG_ID). Accepted for the action group's defaults.
    type: str
    required: false
  verify:
    description:
      - Request an access token at the authorization server that is stored with the credentials. The task fails with the error kind
        C(no_working_secret) if the store holds no credentials, or if they are rejected.
    type: bool
    default: false
extends_documentation_fragment:
  - panw.cloud.store.reader
  - panw.cloud.store.hashi_vault
  - panw.cloud.scm
  - panw.cloud.scm.attributes
  - amazon.aws.common.modules
  - amazon.aws.region.modules
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
seealso:
  - module: panw.cloud.scm_stored_credentials
"""

EXAMPLES = r"""
- name: Show whose credentials a secret holds
  panw.cloud.scm_stored_credentials_info:
    region: us-east-1
    name: wildfire/scanner
  register: stored

- name: Verify that readers of the secret get working credentials
  panw.cloud.scm_stored_credentials_info:
    verify: true
    region: us-east-1
    name: wildfire/scanner
"""

RETURN = r"""
store:
  description: The kind of the store.
  returned: success
  type: str
  sample: secretsmanager
name:
  description: The name of the secret or parameter.
  returned: when the store is in AWS
  type: str
  sample: wildfire/scanner
path:
  description: The path of the file.
  returned: when the store is a file
  type: str
  sample: /var/lib/wildfire/scanner.json
exists:
  description: Whether the store holds anything, credentials or a pending rotation.
  returned: success
  type: bool
  sample: true
service_account:
  description: The name of the service account. Null if there are no credentials.
  returned: success
  type: str
  sample: scanner
service_account_id:
  description: The identifier of the service account. Null if there are no credentials.
  returned: success
  type: str
  sample: 5f0c1d9e-5b8e-4c55-8d2e-3f4f4a6b7c8d
client_id:
  description: The client id of the service account. Null if there are no credentials.
  returned: success
  type: str
  sample: scanner@1234567890.iam.panserviceaccount.com
tsg_id:
  description: The tenant service group of the service account. Null if there are no credentials.
  returned: success
  type: str
  sample: "1234567890"
auth_url:
  description: The URL of the authorization server that the credentials are for. Null if there are no credentials.
  returned: success
  type: str
  sample: https://auth.apps.paloaltonetworks.com/oauth2/access_token
fingerprint:
  description: The first 12 hexadecimal digits of the SHA-256 of the client secret. Null if there are no credentials.
  returned: success
  type: str
  sample: 1f0e3dad9990
issued_at:
  description: When the secret was created, in UTC. Null if there are no credentials.
  returned: success
  type: str
  sample: "2026-05-19T07:30:00Z"
pending_rotation:
  description: A rotation in progress or interrupted. Null without one.
  returned: success
  type: dict
  contains:
    step:
      description: V(reserved) if a new secret is about to be created, V(staged) if it is stored but not current yet.
      type: str
      returned: always
    since:
      description: When that step began, in UTC.
      type: str
      returned: always
    fingerprint:
      description: The fingerprint of the staged secret. Null with V(reserved).
      type: str
      returned: always
  sample: null
authorized:
  description: Whether the service account has a role in the tenant service group. Null without O(verify).
  returned: success
  type: bool
  sample: true
error:
  description: Details of the failure, see M(panw.cloud.scm_service_account); further kinds are C(no_working_secret),
    C(invalid_document), C(document_type_mismatch) and C(file).
  returned: failure
  type: dict
  sample:
    kind: no_working_secret
    status: null
"""

from typing import Any

from ansible_collections.panw.cloud.plugins.module_utils._module.argspec import scm_spec, stored_info_spec
from ansible_collections.panw.cloud.plugins.module_utils._module.scm_store import StoreReaderTask, run
from ansible_collections.panw.cloud.plugins.module_utils._scm.credential_check import CredentialCheck
from ansible_collections.panw.cloud.plugins.module_utils._scm.credential_inspection import describe, verify

UNUSED = ("client_id", "client_secret", "tsg_id")


def work(task: StoreReaderTask) -> dict[str, Any]:
    """Read the store, and with O(verify) check the credentials."""
    store = task.store()
    contents = store.load()
    result = {**describe(contents), **store.location, "changed": False, "authorized": None}
    if task.params["verify"]:
        result["authorized"] = verify(contents, CredentialCheck(task.http), " ".join(store.location.values()))
    return result


def main() -> None:
    """Run the module."""
    optional = {name: {**scm_spec()[name], "required": False} for name in UNUSED}
    run(StoreReaderTask, work, {**stored_info_spec(), **optional})


if __name__ == "__main__":
    main()
