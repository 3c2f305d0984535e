#!/usr/bin/python
# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: scm_service_account
version_added: 0.2.0
short_description: Manage a service account of Strata Cloud Manager
description:
  - Creates, updates and deletes a service account, assigns it a role, and resets its client secret.
  - A service account is identified by its name, which must be unique in the tenant service group.
  - The first service account of a tenant can be created only in the console; the task authenticates as an existing one.
author: []  # those of galaxy.yml
options:
  name:
    description:
      - The name of the service account.
    type: str
    required: true
  state:
    description:
      - V(present) ensures that the account exists, with the given description, contact and role.
      - V(absent) deletes the account, its access policies first. Programs that use its secret lose access.
    type: str
    choices: [present, absent]
    default: present
  description:
    description:
      - What the account is for. If omitted, the description is not changed.
    type: str
  contact_email:
    description:
      - The email address of the account's contact. If omitted, the contact is not changed.
    type: str
  role:
    description:
      - A role to assign to the account in the tenant service group, by an access policy.
      - The name of one of the vendor's predefined roles, such as V(auditor), or the id or the name of a custom role.
        If a predefined and a custom role have the same name, give the id of the custom one.
      - Other roles of the account are left alone.
      - The account is looked up first, because the vendor silently creates a user for an unknown address.
    type: str
  reset_secret:
    description:
      - Reset the client secret of an existing account. B(The old secret is invalid at once), and programs that use it are rejected
        until they have the new one.
      - The task is not idempotent; use it only in a playbook that is run on purpose.
      - An account that the task creates has a new secret anyway.
    type: bool
    default: false
extends_documentation_fragment:
  - panw.cloud.scm
  - panw.cloud.scm.attributes
attributes:
  check_mode:
    support: full
    details:
      - In check mode, nothing changes; the secret is null, and so are the ids of an account that would be created.
  diff_mode:
    support: full
notes:
  - The vendor returns a client secret only once, when it is created or reset. Store it in the same play.
  - The result holds the secret. Ansible prints none of it, at any verbosity, even without C(no_log); the registered variable is usable.
    Do not print it yourself, and keep it out of M(ansible.builtin.set_fact), which prints values.
  - If the response to a creation is lost, the account is looked up before it is created again. If it exists, its secret is reset,
    because the first one is lost.
  - If a new account cannot be assigned its role, it is deleted again, because its secret would be lost with the failure.
  - The calling service account needs the role C(superuser), C(iam_admin) or C(msp_iam_admin), or a custom role with these permissions.
seealso:
  - name: Service accounts API
    description: The vendor's API reference.
    link: https://pan.dev/scm/api/iam/
"""

EXAMPLES = r"""
- name: Create a service account for a read-only program
  panw.cloud.scm_service_account:
    client_id: "{{ scm_client_id }}"
    client_secret: "{{ scm_client_secret }}"
    tsg_id: "{{ scm_tsg_id }}"
    name: inventory
    description: Reads the inventory
    contact_email: operations@example.com
    role: auditor
  register: account

- name: Show what would change, with the connection from the environment
  panw.cloud.scm_service_account:
    name: inventory
    contact_email: security@example.com
  check_mode: true
  diff: true

- name: Reset its secret; the old one is invalid at once
  panw.cloud.scm_service_account:
    name: inventory
    reset_secret: true
  register: account

- name: Delete it
  panw.cloud.scm_service_account:
    name: inventory
    state: absent
"""

RETURN = r"""
id:
  description: The UUID of the account. Null if the account is absent, or would be created in check mode.
  returned: success
  type: str
  sample: 72caf04d-cd05-4207-921e-e673b9c0b423
client_id:
  description: The client id of the account. Null if the account is absent, or would be created in check mode.
  returned: success
  type: str
  sample: inventory@1234567890.iam.panserviceaccount.com
client_secret:
  description: The client secret if the task created the account or reset its secret, else null. Null in check mode.
  returned: success
  type: str
  sample: "********"
tsg_id:
  description: The tenant service group that the account belongs to. Null if the account is absent.
  returned: success
  type: str
  sample: "1234567890"
role:
  description: The role in access policies, which is the id of a custom role. Null if O(role) is not set.
  returned: success
  type: str
  sample: auditor
secret_reset:
  description: Whether an old secret was reset, or would be in check mode.
  returned: success
  type: bool
  sample: false
error:
  description: Details of the failure.
  returned: failure
  type: dict
  contains:
    kind:
      description: C(invalid_input), C(transport), C(authentication), C(authorization), C(not_found), C(route_not_found), C(conflict), C(throttled),
        C(invalid_request), C(server) or C(invalid_response).
      type: str
      returned: always
    operation:
      description: What was attempted.
      type: str
      returned: always
    target:
      description: What it was attempted on.
      type: str
      returned: always
    status:
      description: The HTTP status. Null without a response.
      type: int
      returned: always
    error_code:
      description: The vendor's error code.
      type: str
      returned: always
    reason:
      description: The server's message, without secrets.
      type: str
      returned: always
    request_id:
      description: The server's request id, for a support case.
      type: str
      returned: always
    attempts:
      description: How many times the request was sent.
      type: int
      returned: always
    next_step:
      description: What to do next.
      type: str
      returned: always
"""

from typing import Any

from ansible_collections.panw.cloud.plugins.module_utils._module.scm import ScmTask, run
from ansible_collections.panw.cloud.plugins.module_utils._scm.reconciler import ServiceAccountReconciler, desired

SPEC: dict[str, Any] = {
    "name": {"type": "str", "required": True},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "description": {"type": "str"},
    "contact_email": {"type": "str"},
    "role": {"type": "str"},
    # Not a secret, despite its name.
    "reset_secret": {"type": "bool", "default": False, "no_log": False},
}


def work(task: ScmTask) -> dict[str, Any]:
    """Bring the service account to the desired state."""
    upkeep = ServiceAccountReconciler(task.scm, desired(task.params), check_mode=task.check_mode)
    return upkeep.present() if task.params["state"] == "present" else upkeep.absent()


def main() -> None:
    """Run the module."""
    run(work, SPEC)


if __name__ == "__main__":
    main()
