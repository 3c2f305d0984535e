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
  - Sees that a token for the Cloud NGFW for AWS API is in the place where other programs look for it, and that it has enough life.
  - A new token is reserved, got, stored as pending, proven by a read of the API, and only then made the current one. The old one is revoked
    after that. A run that is killed between any two steps leaves a current token that works; the next run finishes what it finds.
author: []  # those of galaxy.yml
options:
  state:
    description:
      - V(present) keeps the token of the store while it lives longer than O(renew_before), without a call to the API or to AWS STS unless there
        is reason to doubt, see O(verify); else it puts a new one in its place.
      - A token counts for 24 hours after its issue at most, and not at all if its document says that it was issued in the future.
      - V(rotated) puts a new one in its place in any case. A rotation that was found half-done is finished, and not begun again.
      - While another run holds the lock, see O(take_over_after), V(present) leaves a token alone that has not expired. Without one, and with V(rotated),
        V(retired) and V(revoked), the task fails with the error kind C(conflict).
      - V(verified) fails unless the store holds a token of this place that has not expired, and that the API accepts. It changes nothing.
      - V(retired) revokes the tokens that wait for the end of their O(grace_period), before it has come; the current one stays.
      - V(revoked) revokes all tokens of the store, then takes the place itself away.
    type: str
    choices: [present, rotated, verified, retired, revoked]
    default: present
  admin_role:
    description:
      - The vendor's administrator role that the token is for, as M(panw.cloud.ngfw_token) describes it.
      - A stored token of another admin role, IAM role, region or URL is replaced.
    type: str
    required: true
    choices: [firewall, rulestack, global_rulestack, account]
  expiry_time:
    description:
      - How long a new token shall live, in minutes, 5 to 1440. Keep it short, see the notes.
    type: int
    default: 60
  renew_before:
    description:
      - Put a new token in place when the current one has so many minutes to live, or fewer. Must be less than O(expiry_time).
      - Run more often than this, so that the store never holds an expired token.
    type: int
    default: 20
  grace_period:
    description:
      - For how many minutes a token is left alive after another has taken its place, for programs that have just read it.
      - The first run after that revokes it. Until then the store remembers it.
    type: int
    default: 0
  take_over_after:
    description:
      - How many seconds to respect the lock of another run, a reservation or a staged token, which keeps two runs from rotating at the same time.
      - A run that was killed leaves its lock behind. A run on the same machine, and in the same container, sees that the process has ended, and
        takes over at once. Lower this only if no other run can be under way.
      - A run that sleeps for longer than this, such as that of a suspended machine, can write when it wakes up. Secrets Manager and files refuse
        that write. Parameter Store cannot; see the notes.
    type: int
    default: 300
  verify:
    description:
      - Whether to ask the API if it accepts the current token before it is kept, and to put a new one in place if it does not.
      - Without it, the API is asked only if there is reason to doubt, such as an interrupted rotation or a document that was changed by hand.
    type: bool
    default: false
    version_added: 0.2.0
  store:
    description:
      - V(secretsmanager) is AWS Secrets Manager, by AWS's own rotation protocol, C(AWSPENDING) and C(AWSCURRENT).
      - V(ssm) is Parameter Store of AWS Systems Manager, as C(SecureString).
      - V(file) is a file with mode C(0600) on the host that the module runs on.
      - V(none) keeps nothing; the token is returned to the play.
    type: str
    choices: [secretsmanager, ssm, file, none]
    default: secretsmanager
  return_token:
    description:
      - Return the token and its subscription key, too. With O(store=none) they are returned always.
    type: bool
    default: false
extends_documentation_fragment:
  - panw.cloud.ngfw
  - panw.cloud.ngfw.attributes
  - panw.cloud.store
  - amazon.aws.common.modules
  - amazon.aws.region.modules
attributes:
  check_mode:
    support: full
    details:
      - In check mode the store is read, and nothing else is called, but with O(state=verified) the API, as otherwise.
  diff_mode:
    support: full
    details:
      - Shows fingerprints and dates only.
notes:
  - A reader finds a JSON object with C(token), C(subscription_key), C(expires_at), C(issued_at), C(admin_role), C(region), C(url), C(role_arn),
    C(account_id), C(fingerprint) and C(version), which is 1. In a secret, ask for the stage C(AWSCURRENT).
  - A run that is killed between the API's answer and its own next write leaves a token that nobody knows, at most one per store and kill.
    It dies at its expiry; keep O(expiry_time) short.
  - Parameter Store has no compare-and-swap. A run that sleeps between its last look and its write for longer than O(take_over_after) can put an older
    document there until it wakes up and undoes it. So a token that another, possibly living run has staged is not revoked there; it expires.
    Use Secrets Manager if machines can be suspended, and with O(store=ssm) revoke only if no other run is under way.
  - The store is accessed with the task's AWS credentials, and not with those of O(role_arn).
  - Secrets Manager keeps about 100 versions of a secret per day, and a rotation takes two. Renew less than 50 times a day.
seealso:
  - ref: ansible_collections.panw.cloud.docsite.guide_rotation
    description: Stores, grace periods, and what an interrupted run leaves. In the collection this is C(docs/docsite/rst/guide_rotation.rst).
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

- name: Rotate it, and let programs that have just read the old one work for five more minutes
  panw.cloud.ngfw_stored_token:
    state: rotated
    grace_period: 5
    admin_role: rulestack
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    name: cloud-ngfw/rulestack

- name: Fail unless readers of the secret find a token that works
  panw.cloud.ngfw_stored_token:
    state: verified
    admin_role: rulestack
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    name: cloud-ngfw/rulestack

- name: Keep it only if the API accepts it, in case that another client has revoked it
  panw.cloud.ngfw_stored_token:
    verify: true
    admin_role: rulestack
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    name: cloud-ngfw/rulestack

- name: Do not wait for the end of the grace period
  panw.cloud.ngfw_stored_token:
    state: retired
    admin_role: rulestack
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    name: cloud-ngfw/rulestack

- name: Revoke it, and delete the secret
  panw.cloud.ngfw_stored_token:
    state: revoked
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
  description: The store's own identifier of the current version.
  returned: when the store is in AWS, and holds a token
  type: str
  sample: 3a5e2a8e-6c2f-4c9e-9d2b-0d1f6a5b7c11
fingerprint:
  description: The first 12 hexadecimal digits of the SHA-256 of the current token. Null where there is none, or in check mode a new one.
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
  description: The AWS account of the IAM role. Null where it is not known.
  returned: success
  type: str
  sample: "123456789012"
previous_fingerprint:
  description: The fingerprint of the token in whose place the current one was put. Null where there was none.
  returned: success
  type: str
  sample: 0f343b0931126
retiring:
  description: Tokens that wait for revocation.
  returned: success
  type: list
  elements: dict
  contains:
    fingerprint:
      description: The token's fingerprint.
      type: str
      returned: always
    retire_at:
      description: When it is due to be revoked, or where the API offers no way, to be forgotten.
      type: str
      returned: always
  sample:
    - fingerprint: 0f343b0931126
      retire_at: "2026-05-19T08:35:00Z"
repaired:
  description: Sentences on what was found half-done or wrong, and put right.
  returned: success
  type: list
  elements: str
  sample: []
token:
  description: The token. Null in check mode where a new one would be made.
  returned: with O(return_token) or O(store=none)
  type: str
  sample: "********"
subscription_key:
  description: The key to send as the header C(x-api-key) with the token.
  returned: with O(return_token) or O(store=none)
  type: str
  sample: "********"
error:
  description: What is known about the failure, as M(panw.cloud.ngfw_token) describes it; further kinds are C(conflict), C(damaged_document),
    C(other_document), C(file) and C(useless_token).
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
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.tokens.client_factory import Reach
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.tokens.reconciler import Keeper
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.tokens.spec import wanted
from ansible_collections.panw.cloud.plugins.module_utils._stores.documents import StoredToken
from ansible_collections.panw.cloud.plugins.module_utils._stores.factory import choose


def work(task: Task) -> dict[str, Any]:
    """Bring the token in the store to the state that is wanted."""
    params, state = task.params, task.params["state"]
    if params["store"] == "none" and state not in ("present", "rotated"):
        advice = " Use panw.cloud.ngfw_token_revoke." if state == "revoked" else ""
        raise InvalidInput("state", f"is '{state}', but 'store' is 'none'.{advice}")
    target = wanted(params, task.endpoint(ADMIN_ROLES[params["admin_role"]]), task.role)
    store = choose(params, lambda: task.aws, task.region, StoredToken)
    reach = Reach(task.aws, task.http, task.role)
    keeper = Keeper(target, store, reach, lambda: datetime.now(timezone.utc))
    outcome = keeper.predict(state) if task.check_mode else keeper.run(state)
    result = {**outcome.as_result(), **store.location, "admin_role": params["admin_role"]}
    if store.version:
        result["version_id"] = store.version
    if params["return_token"] or params["store"] == "none":
        current = outcome.current
        result["token"], result["subscription_key"] = current and current.token, current and current.subscription_key
    return result


def main() -> None:
    """The module."""
    run(work, {**stored_token_spec(), **store_spec(), "return_token": {"type": "bool", "default": False}})


if __name__ == "__main__":
    main()
