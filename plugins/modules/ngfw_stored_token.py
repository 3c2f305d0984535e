#!/usr/bin/python
# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: ngfw_stored_token
version_added: 0.2.0
short_description: Keep a Cloud NGFW for AWS token in a store
description:
  - Keeps a valid token for the Cloud NGFW for AWS API in a store that other programs read.
  - A new token is reserved, issued, stored as pending, verified by an API read, and only then promoted to current. The old one is revoked
    after that. A run that is killed between any two steps leaves a working current token; the next run finishes or reverts the rotation.
author: []  # those of galaxy.yml
options:
  state:
    description:
      - V(present) keeps the stored token while it lives longer than O(renew_before), without a call to the API or to AWS STS unless in
        doubt, see O(verify); else it replaces the token.
      - A token counts as valid for at most 24 hours after its issue, and never if its issue date is in the future.
      - V(rotated) always replaces it. An interrupted rotation is finished instead of starting another one.
      - While another run holds the lock, see O(lock_timeout), V(present) keeps a token that has not expired. Without one, and with V(rotated)
        and V(absent), the task fails with the error kind C(conflict).
      - V(absent) revokes all tokens of the store, then removes the secret, parameter or file.
    type: str
    choices: [present, rotated, absent]
    default: present
  admin_role:
    description:
      - The vendor's administrator role that the token is for, see M(panw.cloud.ngfw_token).
      - A stored token of another admin role, IAM role, region or URL is replaced.
    type: str
    required: true
    choices: [firewall, rulestack, global_rulestack, account]
  expiry_time:
    description:
      - The lifetime of a new token in minutes, 5 to 1440. Keep it short, see the notes. The tenant's maximum can shorten it, which is a
        warning.
    type: int
    default: 60
  renew_before:
    description:
      - Replace the current token when it has this many minutes to live, or fewer. Must be less than O(expiry_time).
      - Run more often than this to never leave an expired token in the store.
    type: int
    default: 20
  grace_period:
    description:
      - How many minutes a replaced token stays valid, for programs that have just read it.
      - The first run after that revokes it. Until then it is listed in the store.
    type: int
    default: 0
  revoke_pending:
    description:
      - Also revoke tokens whose O(grace_period) has not ended yet. The current token stays.
      - If another run holds the lock, the task fails with the error kind C(conflict).
    type: bool
    default: false
    version_added: 0.2.0
  lock_timeout:
    description:
      - How many seconds to respect the lock of another run, a reservation or a staged token, which keeps two runs from rotating at the same time.
      - A killed run leaves its lock behind. A run on the same machine, and in the same container, detects that the process has ended, and
        takes over at once. Lower this only if no other run can be active.
      - A run that sleeps for longer than this, such as on a suspended machine, can write when it wakes up. Secrets Manager, HashiCorp Vault and files
        reject that write. Parameter Store cannot; see the notes.
    type: int
    default: 300
  verify:
    description:
      - Whether to check that the API accepts the current token before keeping it, and to replace a token that it rejects.
      - Otherwise the API is called only if in doubt, such as after an interrupted rotation or a manual change of the document.
    type: bool
    default: false
    version_added: 0.2.0
  store:
    description:
      - V(secretsmanager) is AWS Secrets Manager, with AWS's rotation protocol, C(AWSPENDING) and C(AWSCURRENT).
      - V(ssm) is Parameter Store of AWS Systems Manager, as C(SecureString).
      - V(hashi_vault) is HashiCorp Vault or OpenBao, a secret in a KV engine of version 2; see the notes.
      - V(file) is a file with mode C(0600) on the host that runs the module.
      - V(none) keeps nothing; the token is returned to the play.
    type: str
    choices: [secretsmanager, ssm, hashi_vault, file, none]
    default: secretsmanager
  return_token:
    description:
      - Also return the token and its subscription key. With O(store=none) they are always returned.
    type: bool
    default: false
extends_documentation_fragment:
  - panw.cloud.ngfw
  - panw.cloud.ngfw.attributes
  - panw.cloud.store
  - panw.cloud.store.hashi_vault
  - amazon.aws.common.modules
  - amazon.aws.region.modules
attributes:
  check_mode:
    support: full
    details:
      - In check mode, the store is read, and the API is called only with O(verify).
  diff_mode:
    support: full
    details:
      - Shows fingerprints and dates only.
notes:
  - A reader finds a JSON object with C(token), C(subscription_key), C(expires_at), C(issued_at), C(admin_role), C(region), C(url), C(role_arn),
    C(account_id), C(fingerprint) and C(version), which is 1. In Secrets Manager, request the stage C(AWSCURRENT).
  - A run that is killed between the API's response and its next write leaves an orphaned token, at most one per store and kill.
    It stays valid until it expires; keep O(expiry_time) short.
  - Parameter Store has no compare-and-swap. A run that sleeps between its last read and its write for longer than O(lock_timeout) can write an older
    document, until it wakes up and undoes it. So a token staged by another run that may still be active is not revoked there; it expires.
    Use Secrets Manager if machines can be suspended, and with O(store=ssm) revoke only if no other run is active.
  - In HashiCorp Vault, the keys of the secret are those of the JSON object; a key C(pending) holds what is pending. The caller's policy needs
    C(create), C(read) and C(update) on C(data/) and C(metadata/) of the path, a reader's C(read) on C(data/). Vault keeps only the newest version,
    which the run sets in the secret's metadata (C(max_versions)), so that no old version shows a token. With O(state=absent), the secret is
    emptied; its path remains, because Vault cannot delete it on the condition that it is unchanged.
  - A store in AWS is accessed with the task's AWS credentials, not with those of O(role_arn).
  - Secrets Manager keeps about 100 versions of a secret per day, and a rotation takes two. Rotate fewer than 50 times a day.
seealso:
  - ref: ansible_collections.panw.cloud.docsite.guide_rotation
    description: Stores, grace periods, and recovery from an interrupted run. In the collection this is C(docs/docsite/rst/guide_rotation.rst).
  - module: panw.cloud.ngfw_stored_token_info
  - module: panw.cloud.ngfw_token
  - module: panw.cloud.ngfw_token_revoke
"""

EXAMPLES = r"""
- name: Keep a token for rulestacks in Secrets Manager
  panw.cloud.ngfw_stored_token:
    admin_role: rulestack
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    name: cloud-ngfw/rulestack

- name: Rotate it, and keep the old token valid for five more minutes
  panw.cloud.ngfw_stored_token:
    state: rotated
    grace_period: 5
    admin_role: rulestack
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    name: cloud-ngfw/rulestack

- name: Replace it if the API rejects it, in case another client has revoked it
  panw.cloud.ngfw_stored_token:
    verify: true
    admin_role: rulestack
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    name: cloud-ngfw/rulestack

- name: Revoke replaced tokens before their grace period ends
  panw.cloud.ngfw_stored_token:
    revoke_pending: true
    admin_role: rulestack
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    name: cloud-ngfw/rulestack

- name: Revoke the token and delete the secret
  panw.cloud.ngfw_stored_token:
    state: absent
    recovery_window: 0
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
version_id:
  description: The store's identifier of the current version.
  returned: when the store is in AWS, and holds a token
  type: str
  sample: 3a5e2a8e-6c2f-4c9e-9d2b-0d1f6a5b7c11
fingerprint:
  description: The first 12 hexadecimal digits of the SHA-256 of the current token. Null if none exists, or if check mode predicts a new one.
  returned: success
  type: str
  sample: 1f0e3dad9990
expires_at:
  description: When the current token expires, in UTC.
  returned: success
  type: str
  sample: "2026-05-19T08:30:00Z"
admin_role:
  description: The admin role of the token.
  returned: success
  type: str
  sample: rulestack
account_id:
  description: The AWS account of the IAM role. Null if unknown.
  returned: success
  type: str
  sample: "123456789012"
previous_fingerprint:
  description: The fingerprint of the token that the current one replaced. Null if it replaced none.
  returned: success
  type: str
  sample: 0f343b0931126
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
      description: When it is due for revocation, or for removal from the store if the API cannot revoke it.
      type: str
      returned: always
  sample:
    - fingerprint: 0f343b0931126
      revoke_at: "2026-05-19T08:35:00Z"
repaired:
  description: Messages about interrupted rotations and other problems that were repaired.
  returned: success
  type: list
  elements: str
  sample: []
token:
  description: The token. Null if check mode predicts a new one.
  returned: with O(return_token) or O(store=none)
  type: str
  sample: "********"
subscription_key:
  description: The key to send with the token, in the header C(x-api-key).
  returned: with O(return_token) or O(store=none)
  type: str
  sample: "********"
error:
  description: Details of the failure, see M(panw.cloud.ngfw_token); further kinds are C(conflict), C(invalid_document),
    C(document_type_mismatch), C(file) and C(token_rejected).
  returned: failure
  type: dict
  sample:
    kind: conflict
    status: null
"""

from datetime import datetime, timezone
from typing import Any

from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.panw.cloud.plugins.module_utils._module.argspec import store_spec, stored_token_spec
from ansible_collections.panw.cloud.plugins.module_utils._module.ngfw import Task, run
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.admin_roles import ADMIN_ROLES
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.tokens.client_factory import ClientFactory
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.tokens.reconciler import TokenReconciler
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.tokens.spec import TokenSource, desired
from ansible_collections.panw.cloud.plugins.module_utils._stores.documents import StoredToken
from ansible_collections.panw.cloud.plugins.module_utils._stores.factory import open_store


def work(task: Task) -> dict[str, Any]:
    """Bring the stored token to the desired state."""
    params, state = task.params, task.params["state"]
    if params["store"] == "none" and state == "absent":
        raise InvalidInput("state", "is 'absent', but 'store' is 'none'. Use panw.cloud.ngfw_token_revoke.")
    if state == "absent" and params["revoke_pending"]:
        raise InvalidInput("revoke_pending", "is not for 'state: absent', which revokes all tokens.")
    target = desired(params, TokenSource(task.role, task.endpoint(ADMIN_ROLES[params["admin_role"]])))
    store = open_store(params, lambda: task.aws, task.region, StoredToken)
    api = ClientFactory(task.aws, task.http)
    reconciler = TokenReconciler(target, store, api, lambda: datetime.now(timezone.utc))
    bring_about = reconciler.predict if task.check_mode else reconciler.run
    outcome = bring_about(state, revoke_pending=params["revoke_pending"])
    result = {**outcome.as_result(), **store.location, "admin_role": params["admin_role"]}
    if store.version:
        result["version_id"] = store.version
    if params["return_token"] or params["store"] == "none":
        current = outcome.current
        result["token"], result["subscription_key"] = current and current.token, current and current.subscription_key
    return result


def main() -> None:
    """Run the module."""
    run(work, {**stored_token_spec(), **store_spec(), "return_token": {"type": "bool", "default": False}})


if __name__ == "__main__":
    main()
