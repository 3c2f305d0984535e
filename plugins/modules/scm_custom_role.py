#!/usr/bin/python
# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: scm_custom_role
version_added: 0.2.0
short_description: Manage a custom role of Strata Cloud Manager
description:
  - Creates, updates and deletes a custom role, which M(panw.cloud.scm_service_account) can assign to service accounts.
  - A role is identified by its name. Roles that the tenant service group inherits are left alone.
author: []  # those of galaxy.yml
options:
  name:
    description:
      - The name of the role, of letters, digits and the characters C(._~-). It must be unique in the tenant service groups
        above and below.
    type: str
    required: true
  state:
    description:
      - V(present) ensures that the role exists with exactly these permissions.
      - V(absent) deletes the role. The vendor rejects this for an assigned role.
    type: str
    choices: [present, absent]
    default: present
  description:
    description:
      - What the role is for; empty if omitted.
    type: str
  permissions:
    description:
      - Individual permissions, such as C(iam.service_account.create).
    type: list
    elements: str
    default: []
  permission_sets:
    description:
      - The vendor's permission sets.
    type: list
    elements: dict
    default: []
    suboptions:
      id:
        description: The id of the set, such as C(iam.service_account).
        type: str
        required: true
      access_types:
        description: The access that the set allows.
        type: list
        elements: str
        choices: [read, write]
        required: true
extends_documentation_fragment:
  - panw.cloud.scm
  - panw.cloud.scm.attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
notes:
  - The calling service account needs the role C(superuser), C(iam_admin) or C(msp_iam_admin), or a custom role with these permissions.
seealso:
  - module: panw.cloud.scm_service_account
"""

EXAMPLES = r"""
- name: Create a role with the vendor's minimum permissions for a WildFire service account
  panw.cloud.scm_custom_role:
    client_id: "{{ scm_client_id }}"
    client_secret: "{{ scm_client_secret }}"
    tsg_id: "{{ scm_tsg_id }}"
    name: wildfire-api
    description: Access tokens for the WildFire API
    permission_sets:
      - id: iam.service_account
        access_types: [read, write]
      - id: iam.custom_role
        access_types: [read, write]

- name: Delete it, with the connection from the environment
  panw.cloud.scm_custom_role:
    name: wildfire-api
    state: absent
"""

RETURN = r"""
id:
  description: The id of the role in access policies. Null if the role is absent, or would be created in check mode.
  returned: success
  type: str
  sample: wildfire-api:1234567890
error:
  description: Details of the failure, see M(panw.cloud.scm_service_account).
  returned: failure
  type: dict
  sample:
    kind: conflict
    status: 409
"""

from typing import Any

from ansible_collections.panw.cloud.plugins.module_utils._module.scm import ScmTask, run
from ansible_collections.panw.cloud.plugins.module_utils._scm.custom_roles import ACCESS_TYPES, CustomRoles, desired

SPEC: dict[str, Any] = {
    "name": {"type": "str", "required": True},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "description": {"type": "str"},
    "permissions": {"type": "list", "elements": "str", "default": []},
    "permission_sets": {
        "type": "list",
        "elements": "dict",
        "default": [],
        "options": {
            "id": {"type": "str", "required": True},
            "access_types": {"type": "list", "elements": "str", "choices": list(ACCESS_TYPES), "required": True},
        },
    },
}


def work(task: ScmTask) -> dict[str, Any]:
    """Bring the custom role to the desired state."""
    role, roles = desired(task.params), CustomRoles(task.scm)
    if task.params["state"] == "present":
        return roles.present(role, check_mode=task.check_mode)
    return roles.absent(role.name, check_mode=task.check_mode)


def main() -> None:
    """Run the module."""
    run(work, SPEC)


if __name__ == "__main__":
    main()
