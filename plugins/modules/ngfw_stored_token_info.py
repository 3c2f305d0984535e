#!/usr/bin/python
# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


from __future__ import annotations

DOCUMENTATION = r"""
---
module: ngfw_stored_token_info
version_added: 0.2.0
short_description: Describe a Cloud NGFW for AWS token in a store
description:
  - Reads a token that M(panw.cloud.ngfw_stored_token) or M(panw.cloud.ngfw_token_rotation) keeps in a store, and returns its metadata, without
    the token or its subscription key.
  - With O(verify), the task fails unless programs that read the store get a working token.
author: []  # those of galaxy.yml
options:
  admin_role:
    description:
      - The admin role that the token must be for.
      - If set, the token must also match the region, the URL and O(role_arn) of the task. Otherwise RV(expired) and O(verify) depend only on its dates
        and the API's response.
    type: str
    choices: [firewall, rulestack, global_rulestack, account]
  verify:
    description:
      - Check that the API accepts the token, by a read-only call. The task fails with the error kind C(no_working_token) if the store
        holds no token, or one that has expired, does not match, or is rejected.
    type: bool
    default: false
extends_documentation_fragment:
  - panw.cloud.store.reader
  - panw.cloud.store.hashi_vault
  - panw.cloud.ngfw
  - panw.cloud.ngfw.attributes
  - amazon.aws.common.modules
  - amazon.aws.region.modules
attributes:
  check_mode:
    support: full
notes:
  - A store in AWS is read with the task's AWS credentials, not with those of O(role_arn), which is not assumed.
seealso:
  - module: panw.cloud.ngfw_stored_token
  - ref: ansible_collections.panw.cloud.docsite.guide_rotation
    description: Stores, grace periods, and recovery from an interrupted run. In the collection this is C(docs/docsite/rst/guide_rotation.rst).
"""

EXAMPLES = r"""
- name: Show when a stored token expires
  panw.cloud.ngfw_stored_token_info:
    region: us-east-1
    name: cloud-ngfw/rulestack
  register: stored

- name: Verify that readers of the secret get a working token
  panw.cloud.ngfw_stored_token_info:
    verify: true
    admin_role: rulestack
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    name: cloud-ngfw/rulestack
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
  sample: cloud-ngfw/rulestack
path:
  description: The path of the file.
  returned: when the store is a file
  type: str
  sample: /var/lib/ngfw/rulestack.json
exists:
  description: Whether the store holds anything, a token or a pending rotation.
  returned: success
  type: bool
  sample: true
fingerprint:
  description: The first 12 hexadecimal digits of the SHA-256 of the current token. Null if the store holds no token.
  returned: success
  type: str
  sample: 1f0e3dad9990
admin_role:
  description: The admin role of the token. Null if the store holds no token.
  returned: success
  type: str
  sample: rulestack
role_arn:
  description: The IAM role that the token was issued to. Null if it was issued to the caller's own credentials.
  returned: success
  type: str
  sample: arn:aws:iam::123456789012:role/CloudNGFWAdmin
account_id:
  description: The AWS account of the IAM role. Null if unknown.
  returned: success
  type: str
  sample: "123456789012"
region_of_token:
  description: The region of the API that the token is for. Null if the store holds no token.
  returned: success
  type: str
  sample: us-east-1
url:
  description: The URL of the API that the token is for. Null if the store holds no token.
  returned: success
  type: str
  sample: https://api.us-east-1.aws.cloudngfw.paloaltonetworks.com
issued_at:
  description: When the token was issued, in UTC. Null if the store holds no token.
  returned: success
  type: str
  sample: "2026-05-19T07:30:00Z"
expires_at:
  description: When the token expires, in UTC. Null if the store holds no token.
  returned: success
  type: str
  sample: "2026-05-19T08:30:00Z"
remaining_time:
  description: How many minutes readers can still use the token; V(0) without a token, or if it has expired or does not match O(admin_role).
  returned: success
  type: int
  sample: 42
expired:
  description: Whether the token cannot be used any more, or does not match O(admin_role). Null if the store holds no token.
  returned: success
  type: bool
  sample: false
pending_rotation:
  description: A rotation in progress or interrupted. Null without one.
  returned: success
  type: dict
  contains:
    step:
      description: V(reserved) if a new token is about to be issued, V(staged) if it is stored but not current yet.
      type: str
      returned: always
    since:
      description: When that step began, in UTC.
      type: str
      returned: always
    fingerprint:
      description: The fingerprint of the staged token. Null with V(reserved).
      type: str
      returned: always
  sample: null
pending_revocation:
  description: Tokens that are pending revocation.
  returned: success
  type: list
  elements: dict
  contains:
    fingerprint:
      description: The token's fingerprint.
      type: str
      returned: always
    revoke_at:
      description: When the next run is due to revoke it, in UTC.
      type: str
      returned: always
  sample: []
verified:
  description: Whether the API accepted the token. Null without O(verify).
  returned: success
  type: bool
  sample: true
error:
  description: Details of the failure, see M(panw.cloud.ngfw_token); further kinds are C(no_working_token), C(invalid_document),
    C(document_type_mismatch) and C(file).
  returned: failure
  type: dict
  sample:
    kind: no_working_token
    status: null
"""

from datetime import datetime, timedelta, timezone
from typing import Any

from ansible_collections.panw.cloud.plugins.module_utils._module.argspec import admin_role_option, stored_info_spec
from ansible_collections.panw.cloud.plugins.module_utils._module.ngfw import Task, run
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.admin_roles import ADMIN_ROLES
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.tokens.client_factory import ClientFactory
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.tokens.inspection import describe, verify
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.tokens.spec import TokenSource, TokenSpec
from ansible_collections.panw.cloud.plugins.module_utils._stores.documents import StoredToken
from ansible_collections.panw.cloud.plugins.module_utils._stores.factory import open_store


def work(task: Task) -> dict[str, Any]:
    """Read the store, and with O(verify) check the token at the API."""
    params = task.params
    spec = _spec(task)
    store = open_store(params, lambda: task.aws, task.region, StoredToken)
    contents, now = store.load(), datetime.now(timezone.utc)
    result = {**describe(contents, spec, now), **store.location, "changed": False, "verified": None}
    if params["verify"]:
        verify(contents, spec, ClientFactory(task.aws, task.http), now, " ".join(store.location.values()))
        result["verified"] = True
    return result


def _spec(task: Task) -> TokenSpec | None:
    """The token to match, None for any."""
    if not task.params["admin_role"]:
        return None
    role = ADMIN_ROLES[task.params["admin_role"]]
    return TokenSpec(role, TokenSource(task.role, task.endpoint(role)), expiry_time=0, renew_before=timedelta())


def main() -> None:
    """Run the module."""
    run(work, {**stored_info_spec(), "admin_role": admin_role_option()})


if __name__ == "__main__":
    main()
