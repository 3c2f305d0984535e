#!/usr/bin/python
# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: scm_stored_credentials
version_added: 0.2.0
short_description: Keep the credentials of a service account in a store
description:
  - Sees that the client id and the client secret of one service account of Strata Cloud Manager are in the place where programs look for them,
    and that the secret is accepted.
  - An account that is missing is created. A new secret is reserved, got by creation or reset, stored as pending, proven by an access token, and only
    then made the current one. A run that is killed between any two steps is made good by the next one, which says so in RV(repaired).
  - B(A service account has one secret, and a reset kills the old one at once.) So a program that reads the store finds a dead secret from the
    reset until the new one is current, which is two writes to the store and one proof later, less than a second with most stores; or, after a kill
    in between, until the next run. No order of steps avoids that, because the vendor has no second secret. Programs should read the store
    again when they are refused.
author: []  # those of galaxy.yml
options:
  state:
    description:
      - V(present) proves the stored secret by asking for an access token, and changes nothing when it is accepted. Else, or if there is none, it
        puts a new one in its place.
      - V(rotated) puts a new one in its place in any case. A rotation that was found half-done is finished, and not begun again.
      - While another run holds the lock, see O(take_over_after), V(present) leaves a secret alone that is accepted. Without one, and with V(rotated)
        and V(absent), the task fails with the error kind C(conflict).
      - V(absent) takes the place away. The account and its secret live on; M(panw.cloud.scm_service_account) deletes them.
    type: str
    choices: [present, rotated, absent]
    default: present
  service_account:
    description:
      - The name of the service account. It is created where there is none, without a role.
    type: str
    required: true
  adopt:
    description:
      - Reset the secret of an account that is there already, and that the store knows nothing of. B(Whoever uses its secret is refused from then on.)
      - Without it, the task fails for such an account before anything changes.
    type: bool
    default: false
  take_over_after:
    description:
      - How many seconds to respect the lock of another run, a reservation or a staged secret, which keeps two runs from resetting the secret at the
        same time.
      - A run that was killed leaves its lock behind. A run on the same machine, and in the same container, sees that the process has ended, and
        takes over at once. Lower this only if no other run can be under way.
    type: int
    default: 300
  store:
    description:
      - V(secretsmanager) is AWS Secrets Manager, by AWS's own rotation protocol, C(AWSPENDING) and C(AWSCURRENT).
      - V(ssm) is Parameter Store of AWS Systems Manager, as C(SecureString).
      - V(file) is a file with mode C(0600) on the host that the module runs on.
    type: str
    choices: [secretsmanager, ssm, file]
    default: secretsmanager
  return_secret:
    description:
      - Return the client secret, too.
    type: bool
    default: false
extends_documentation_fragment:
  - panw.cloud.scm
  - panw.cloud.scm.attributes
  - panw.cloud.store
  - amazon.aws.common.modules
  - amazon.aws.region.modules
attributes:
  check_mode:
    support: full
    details:
      - In check mode the store is read, what it holds is proven, and the account is looked up where its secret would change; nothing else is called.
  diff_mode:
    support: full
    details:
      - Shows the client id, fingerprints and dates only.
notes:
  - A reader finds a JSON object with C(client_id), C(client_secret), C(tsg_id), C(auth_url), C(name), C(service_account_id), C(issued_at),
    C(fingerprint) and C(version), which is 1. In a secret, ask for the stage C(AWSCURRENT).
  - The secret is proven where its readers use it, at the C(auth_url) that is stored with it. Another O(scm_auth_url) is stored by the next rotation.
  - Keep one account in one place only. Two places would take turns in resetting its secret. A place that holds another account is refused.
  - A run that sleeps for longer than O(take_over_after) before its reset can kill the secret of the run that has taken over. It says so, and the
    next run resets the secret once more.
  - After an answer to the creation or the reset that was lost, the secret is reset once more, because nobody knows the lost one.
  - The calling service account needs the role C(superuser), C(iam_admin) or C(msp_iam_admin), or a custom role with the permissions; but not
    where O(state=present) finds a secret that is accepted, which asks for an access token of the stored account alone.
  - The store is accessed with the task's AWS credentials.
seealso:
  - module: panw.cloud.scm_service_account
"""

EXAMPLES = r"""
- name: Keep the credentials of an account for WildFire in Secrets Manager
  panw.cloud.scm_stored_credentials:
    client_id: "{{ scm_client_id }}"
    client_secret: "{{ scm_client_secret }}"
    tsg_id: "{{ scm_tsg_id }}"
    service_account: wildfire
    region: us-east-1
    name: scm/wildfire

- name: Give the account a new secret, with the connection from the environment
  panw.cloud.scm_stored_credentials:
    state: rotated
    service_account: wildfire
    name: scm/wildfire

- name: Take the secret away from the store; the account stays
  panw.cloud.scm_stored_credentials:
    state: absent
    service_account: wildfire
    name: scm/wildfire
    recovery_window: 0
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
  sample: scm/wildfire
path:
  description: The path of the file.
  returned: when the store is a file
  type: str
  sample: /var/lib/wildfire/credentials.json
version_id:
  description: The store's own identifier of the current version.
  returned: when the store is in AWS, and holds credentials
  type: str
  sample: 3a5e2a8e-6c2f-4c9e-9d2b-0d1f6a5b7c11
service_account:
  description: The name of the service account.
  returned: success
  type: str
  sample: wildfire
service_account_id:
  description: The UUID of the account. Null where nothing is stored, or in check mode a new secret would be.
  returned: success
  type: str
  sample: 72caf04d-cd05-4207-921e-e673b9c0b423
client_id:
  description: The client id of the account. Null where nothing is stored, or in check mode a new secret would be.
  returned: success
  type: str
  sample: wildfire@1234567890.iam.panserviceaccount.com
client_secret:
  description: The client secret. Null where nothing is stored, or in check mode a new secret would be.
  returned: with O(return_secret)
  type: str
  sample: "********"
fingerprint:
  description: The first 12 hexadecimal digits of the SHA-256 of the client secret. Null where nothing is stored, or in check mode a new secret would be.
  returned: success
  type: str
  sample: 1f0e3dad9990
issued_at:
  description: When the secret was made, in UTC. Null where nothing is stored, or in check mode a new secret would be.
  returned: success
  type: str
  sample: "2026-05-19T08:30:00Z"
previous_fingerprint:
  description: The fingerprint of the secret in whose place the current one was put, which is dead. Null where there was none.
  returned: success
  type: str
  sample: 0f343b0931126
authorised:
  description:
    - Whether the service account has a role in the tenant service group. Without one its secret is accepted and opens nothing.
    - Null where no access token was asked for.
  returned: success
  type: bool
  sample: true
repaired:
  description: Sentences on what was found half-done or wrong, and put right.
  returned: success
  type: list
  elements: str
  sample: []
error:
  description: What is known about the failure, as M(panw.cloud.scm_service_account) describes it; further kinds are C(damaged_document),
    C(other_document), C(file) and C(useless_secret).
  returned: failure
  type: dict
  sample:
    kind: conflict
    status: null
"""

from datetime import datetime, timezone
from typing import Any

from ansible_collections.panw.cloud.plugins.module_utils._module.argspec import stored_credentials_spec
from ansible_collections.panw.cloud.plugins.module_utils._module.scm_store import ScmStoreTask, run
from ansible_collections.panw.cloud.plugins.module_utils._scm.credential_check import Proof
from ansible_collections.panw.cloud.plugins.module_utils._scm.credential_reconciler import CredentialsKeeper
from ansible_collections.panw.cloud.plugins.module_utils._scm.desired_state import wanted
from ansible_collections.panw.cloud.plugins.module_utils._scm.service_accounts import ServiceAccounts


def work(task: ScmStoreTask) -> dict[str, Any]:
    """Bring the credentials in the store to the state that is wanted."""
    params, state = task.params, task.params["state"]
    goal, store = wanted(params, task.auth_url), task.store()
    accounts, proof = ServiceAccounts(task.scm), Proof(task.http)
    keeper = CredentialsKeeper(goal, store, accounts, proof, lambda: datetime.now(timezone.utc))
    outcome = keeper.predict(state) if task.check_mode else keeper.run(state)
    result = {**outcome.as_result(), **store.location, "service_account": goal.name}
    if store.version:
        result["version_id"] = store.version
    if params["return_secret"]:
        result["client_secret"] = outcome.current and outcome.current.client_secret
    return result


def main() -> None:
    """The module."""
    # It holds no secret, though its name sounds like it.
    run(work, {**stored_credentials_spec(), "return_secret": {"type": "bool", "default": False, "no_log": False}})


if __name__ == "__main__":
    main()
