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
  - Creates, describes anew and deletes a service account, gives it a role, and resets its client secret.
  - A service account is known by its name, which has to be the only one of its kind in the tenant service group.
  - The first service account of a tenant can be made in the console only; the task acts as one that is there already.
author: []  # those of galaxy.yml
options:
  name:
    description:
      - The name of the service account.
    type: str
    required: true
  state:
    description:
      - V(present) sees that the account is there, with the description, the contact and the role that are given.
      - V(absent) sees that it is gone. Its access policies are removed first; programs that use its secret lose access.
    type: str
    choices: [present, absent]
    default: present
  description:
    description:
      - What the account is for. Without it, the description stays as it is.
    type: str
  contact_email:
    description:
      - The address of who looks after the account. Without it, the contact stays as it is.
    type: str
  role:
    description:
      - A role that the account shall have in the tenant service group, by an access policy.
      - The name of one of the vendor's predefined roles, such as V(auditor), or the id or the name of a custom role.
        Where a predefined and a custom role have the same name, the custom one goes by its id.
      - Other roles of the account are left alone.
      - The account is looked up right before, because the vendor makes a user, without a word, of an address that it does not know.
    type: str
  reset_secret:
    description:
      - Give an account that is there already a new client secret. B(The old one is dead at once), and every program that uses it is refused
        until it has the new one.
      - The task changes something each time, so that it belongs into a playbook that is run on purpose.
      - An account that the task creates has a new secret anyhow.
    type: bool
    default: false
extends_documentation_fragment:
  - panw.cloud.scm
  - panw.cloud.scm.attributes
attributes:
  check_mode:
    support: full
    details:
      - In check mode nothing changes; the secret is null, and so are the ids of an account that would be created.
  diff_mode:
    support: full
notes:
  - The vendor tells a client secret once, in the answer to creation or reset. Keep it where it belongs in the same play.
  - The result holds the secret. Ansible prints none of it, at any verbosity, also without C(no_log); the registered variable is usable.
    Do not print it yourself, and keep it out of M(ansible.builtin.set_fact), which prints values.
  - Where the answer to a creation is lost on the way, the account is looked for before it is created again. If it is there, its secret is reset,
    because nobody knows the first one.
  - An account that is created and cannot be given its role is removed again, because its secret would be lost with the failure.
  - The calling service account needs the role C(superuser), C(iam_admin) or C(msp_iam_admin), or a custom role with the permissions.
seealso:
  - name: Service accounts API
    description: The vendor's reference of the calls.
    link: https://pan.dev/scm/api/iam/
"""

EXAMPLES = r"""
- name: Create a service account for a program that only reads
  panw.cloud.scm_service_account:
    client_id: "{{ scm_client_id }}"
    client_secret: "{{ scm_client_secret }}"
    tsg_id: "{{ scm_tsg_id }}"
    name: inventory
    description: Reads the inventory
    contact_email: operations@example.com
    role: auditor
  register: account

- name: See what would change, with the connection from the environment
  panw.cloud.scm_service_account:
    name: inventory
    contact_email: security@example.com
  check_mode: true
  diff: true

- name: Give it a new secret; the old one is dead at once
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
  description: The UUID of the account. Null in check mode where it would be created, and where the account is gone.
  returned: success
  type: str
  sample: 72caf04d-cd05-4207-921e-e673b9c0b423
client_id:
  description: The client id of the account. Null in check mode where it would be created, and where the account is gone.
  returned: success
  type: str
  sample: inventory@1234567890.iam.panserviceaccount.com
client_secret:
  description: The client secret where the task created the account or reset its secret, else null. Null in check mode.
  returned: success
  type: str
  sample: "********"
tsg_id:
  description: The tenant service group that the account belongs to. Null where the account is gone.
  returned: success
  type: str
  sample: "1234567890"
role:
  description: The role as access policies call it, which is the id of a custom role. Null where none was given.
  returned: success
  type: str
  sample: auditor
secret_reset:
  description: Whether an old secret is dead from now on, or would be in check mode.
  returned: success
  type: bool
  sample: false
error:
  description: What is known about the failure.
  returned: failure
  type: dict
  contains:
    kind:
      description: C(invalid_input), C(transport), C(authentication), C(authorization), C(not_found), C(conflict), C(throttled),
        C(invalid_request), C(server) or C(malformed_answer).
      type: str
      returned: always
    attempted:
      description: What was attempted.
      type: str
      returned: always
    target:
      description: On what.
      type: str
      returned: always
    status:
      description: The HTTP status; null where no answer came.
      type: int
      returned: always
    error_code:
      description: The vendor's own code of the error.
      type: str
      returned: always
    reason:
      description: What the server said, without secrets.
      type: str
      returned: always
    request_id:
      description: The server's identifier of the request, for its support.
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
from ansible_collections.panw.cloud.plugins.module_utils._scm.reconciler import Upkeep, wanted

SPEC: dict[str, Any] = {
    "name": {"type": "str", "required": True},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "description": {"type": "str"},
    "contact_email": {"type": "str"},
    "role": {"type": "str"},
    # It holds no secret, though its name sounds like it.
    "reset_secret": {"type": "bool", "default": False, "no_log": False},
}


def work(task: ScmTask) -> dict[str, Any]:
    """See that the service account is as it is wanted."""
    upkeep = Upkeep(task.scm, wanted(task.params), check_mode=task.check_mode)
    return upkeep.present() if task.params["state"] == "present" else upkeep.absent()


def main() -> None:
    """The module."""
    run(work, SPEC)


if __name__ == "__main__":
    main()
