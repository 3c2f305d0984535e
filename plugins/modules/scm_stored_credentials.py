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
  - Keeps a working client id and client secret of a Strata Cloud Manager service account in a store that other programs
    read.
  - A missing account is created. A new secret is reserved, obtained by creation or reset, stored as pending, verified with an access token, and only
    then promoted to current. If a run is killed between any two steps, the next one repairs that and reports it in RV(repaired).
  - B(A service account has one secret, and a reset invalidates the old one at once.) So a program that reads the store gets an invalid secret from
    the reset until the new one is current, which is two writes to the store and one check later, less than a second with most stores; or, after
    a kill in between, until the next run. No order of steps avoids that, because the vendor has no second secret. Programs should read the
    store again when they are rejected.
author: []  # those of galaxy.yml
options:
  state:
    description:
      - V(present) verifies the stored secret by requesting an access token, and changes nothing if it is accepted. Otherwise, or if no secret is
        stored, it stores a new one.
      - V(rotated) always replaces it. An interrupted rotation is finished instead of starting another one.
      - While another run holds the lock, see O(lock_timeout), V(present) keeps a secret that is accepted. Without one, and with V(rotated)
        and V(absent), the task fails with the error kind C(conflict).
      - V(absent) deletes the secret, parameter or file. The account and its secret stay valid; M(panw.cloud.scm_service_account) deletes them.
    type: str
    choices: [present, rotated, absent]
    default: present
  service_account:
    description:
      - The name of the service account. If it does not exist, it is created without a role.
    type: str
    required: true
  adopt:
    description:
      - Reset the secret of an existing account that is not in the store. B(Programs that use the old secret are rejected from then on.)
      - Otherwise, the task fails for such an account before anything changes.
    type: bool
    default: false
  lock_timeout:
    description:
      - How many seconds to respect the lock of another run, a reservation or a staged secret, which keeps two runs from resetting the secret at the
        same time.
      - A killed run leaves its lock behind. A run on the same machine, and in the same container, detects that the process has ended, and
        takes over at once. Lower this only if no other run can be active.
    type: int
    default: 300
  store:
    description:
      - V(secretsmanager) is AWS Secrets Manager, with AWS's rotation protocol, C(AWSPENDING) and C(AWSCURRENT).
      - V(ssm) is Parameter Store of AWS Systems Manager, as C(SecureString).
      - V(hashi_vault) is HashiCorp Vault or OpenBao, a secret in a KV engine of version 2; see the notes.
      - V(file) is a file with mode C(0600) on the host that runs the module.
    type: str
    choices: [secretsmanager, ssm, hashi_vault, file]
    default: secretsmanager
  return_secret:
    description:
      - Also return the client secret.
    type: bool
    default: false
extends_documentation_fragment:
  - panw.cloud.scm
  - panw.cloud.scm.attributes
  - panw.cloud.store
  - panw.cloud.store.hashi_vault
  - amazon.aws.common.modules
  - amazon.aws.region.modules
attributes:
  check_mode:
    support: full
    details:
      - In check mode, the store is read, its secret is verified, and the account is looked up if its secret would change; nothing else is called.
  diff_mode:
    support: full
    details:
      - Shows the client id, fingerprints and dates only.
notes:
  - A reader finds a JSON object with C(client_id), C(client_secret), C(tsg_id), C(auth_url), C(name), C(service_account_id), C(issued_at),
    C(fingerprint) and C(version), which is 1. In Secrets Manager, request the stage C(AWSCURRENT).
  - The secret is verified where its readers use it, at the stored C(auth_url). A different O(scm_auth_url) is stored by the next rotation.
  - Keep an account in one store entry only. Two entries would take turns in resetting its secret. An entry with another account is rejected.
  - A run that sleeps for longer than O(lock_timeout) before its reset can invalidate the secret of the run that has taken over. It reports that,
    and the next run resets the secret again.
  - If the response to the creation or the reset is lost, the secret is reset again.
  - The calling service account needs the role C(superuser), C(iam_admin) or C(msp_iam_admin), or a custom role with these permissions; but not
    if O(state=present) finds a working secret, which only requests an access token of the stored account.
  - In HashiCorp Vault, the keys of the secret are those of the JSON object; a key C(pending) holds what is pending. The caller's policy needs
    C(create), C(read) and C(update) on C(data/) and C(metadata/) of the path, a reader's C(read) on C(data/). Vault keeps only the newest version,
    which the run sets in the secret's metadata (C(max_versions)), so that no old version shows a secret. With O(state=absent), the secret is
    emptied; its path remains, because Vault cannot delete it on the condition that it is unchanged.
  - A store in AWS is accessed with the task's AWS credentials.
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

- name: Rotate the secret, with the connection from the environment
  panw.cloud.scm_stored_credentials:
    state: rotated
    service_account: wildfire
    name: scm/wildfire

- name: Delete the secret from the store; the account stays
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
  description: The store's identifier of the current version.
  returned: when the store is in AWS, and holds credentials
  type: str
  sample: 3a5e2a8e-6c2f-4c9e-9d2b-0d1f6a5b7c11
service_account:
  description: The name of the service account.
  returned: success
  type: str
  sample: wildfire
service_account_id:
  description: The UUID of the account. Null if nothing is stored, or if check mode predicts a new secret.
  returned: success
  type: str
  sample: 72caf04d-cd05-4207-921e-e673b9c0b423
client_id:
  description: The client id of the account. Null if nothing is stored, or if check mode predicts a new secret.
  returned: success
  type: str
  sample: wildfire@1234567890.iam.panserviceaccount.com
client_secret:
  description: The client secret. Null if nothing is stored, or if check mode predicts a new secret.
  returned: with O(return_secret)
  type: str
  sample: "********"
fingerprint:
  description: The first 12 hexadecimal digits of the SHA-256 of the client secret. Null if nothing is stored, or if check mode predicts a new secret.
  returned: success
  type: str
  sample: 1f0e3dad9990
issued_at:
  description: When the secret was created, in UTC. Null if nothing is stored, or if check mode predicts a new secret.
  returned: success
  type: str
  sample: "2026-05-19T08:30:00Z"
previous_fingerprint:
  description: The fingerprint of the invalid secret that the current one replaced. Null if it replaced none.
  returned: success
  type: str
  sample: 0f343b0931126
authorized:
  description:
    - Whether the service account has a role in the tenant service group. Without one, its secret is accepted but gives no access.
    - Null if no access token was requested.
  returned: success
  type: bool
  sample: true
repaired:
  description: Messages about interrupted rotations and other problems that were repaired.
  returned: success
  type: list
  elements: str
  sample: []
error:
  description: Details of the failure, see M(panw.cloud.scm_service_account); further kinds are C(invalid_document),
    C(document_type_mismatch), C(file) and C(secret_rejected).
  returned: failure
  type: dict
  sample:
    kind: conflict
    status: null
"""

from datetime import datetime, timezone
from typing import Any

from ansible_collections.panw.cloud.plugins.module_utils._module.argspec import store_spec, stored_credentials_spec
from ansible_collections.panw.cloud.plugins.module_utils._module.scm_store import ScmStoreTask, run
from ansible_collections.panw.cloud.plugins.module_utils._scm.credential_check import CredentialCheck
from ansible_collections.panw.cloud.plugins.module_utils._scm.credential_reconciler import CredentialReconciler
from ansible_collections.panw.cloud.plugins.module_utils._scm.desired_state import desired
from ansible_collections.panw.cloud.plugins.module_utils._scm.service_accounts import ServiceAccounts
from ansible_collections.panw.cloud.plugins.module_utils._stores.options import LASTING_STORES


def work(task: ScmStoreTask) -> dict[str, Any]:
    """Bring the stored credentials to the desired state."""
    params, state = task.params, task.params["state"]
    goal, store = desired(params, task.auth_url), task.store()
    accounts, proof = ServiceAccounts(task.scm), CredentialCheck(task.http)
    reconciler = CredentialReconciler(goal, store, accounts, proof, lambda: datetime.now(timezone.utc))
    outcome = reconciler.predict(state) if task.check_mode else reconciler.run(state)
    result = {**outcome.as_result(), **store.location, "service_account": goal.name}
    if store.version:
        result["version_id"] = store.version
    if params["return_secret"]:
        result["client_secret"] = outcome.current and outcome.current.client_secret
    return result


def main() -> None:
    """Run the module."""
    # Not a secret, despite its name.
    returned = {"return_secret": {"type": "bool", "default": False, "no_log": False}}
    run(ScmStoreTask, work, {**store_spec(LASTING_STORES), **stored_credentials_spec(), **returned})


if __name__ == "__main__":
    main()
