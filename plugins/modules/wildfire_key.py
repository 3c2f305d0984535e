#!/usr/bin/python
# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: wildfire_key
version_added: 0.2.0
short_description: Manage the Advanced WildFire API key of a service account
description:
  - Ensures that a tenant service group has a live API key for a product, bound to a service account, or none.
  - B(Palo Alto Networks publishes no API that creates, lists or revokes these keys.) They are managed manually in Strata Cloud Manager.
    This module automates only documented APIs, and offers two ways to handle the rest.
  - Without O(registry), which is the normal case, it uses the bound service account's credentials to check whether WildFire accepts it as the holder
    of a valid key. If the state is not the desired one, it shows the exact console steps, and fails or waits, depending on O(on_manual_step).
  - With O(registry), the description of an API that you have, it is fully automated. It finds the live key, creates one once, waits until it is
    valid, revokes, and waits until it is revoked. If a response is lost, it reads the list before it creates anything again.
author: []  # those of galaxy.yml
options:
  state:
    description:
      - V(present) ensures that a valid key is bound to the service account.
      - V(absent) ensures that no live key exists. Revoking a key cannot be undone. Without O(registry), the module can only check whether the
        bound service account still works as one.
    type: str
    choices: [present, absent]
    default: present
  product:
    description:
      - The product whose license the key belongs to. A tenant has one live key per product.
      - WildFire does not show which product a key is for; without O(registry), the product only appears in the console steps.
    type: str
    choices: [advanced_wildfire, prisma_access]
    required: true
  service_account:
    description:
      - The service account that the key is bound to, by name, client id or UUID. An account has at most one key.
      - Required with O(state=present); it must exist. With O(state=absent), a key that is bound to another account is not touched; without this
        option, the key is revoked regardless of its account.
    type: str
  on_manual_step:
    description:
      - What to do if manual steps in the console are needed, which happens only without O(registry).
      - V(fail) fails and lists the steps. V(wait) shows them as a warning and queries WildFire every O(wait_interval) seconds, until the state is
        reached or O(wait_timeout) expires.
    type: str
    choices: [fail, wait]
    default: fail
  wait_timeout:
    description:
      - How many seconds to wait, for manual steps or for a pending key. V(0) does not wait.
    type: int
    default: 300
  wait_interval:
    description:
      - How many seconds to wait between checks. While waiting for manual steps with O(state=absent), each check costs one query of the daily
        quota; with O(state=present), only the last one does.
    type: int
    default: 5
extends_documentation_fragment:
  - panw.cloud.wildfire
  - panw.cloud.wildfire.keys
  - panw.cloud.scm
  - panw.cloud.scm.attributes
attributes:
  check_mode:
    support: full
    details:
      - In check mode, nothing changes. With O(registry), only the list is read, no key is verified, and RV(verified) is null.
      - Without O(registry), WildFire is queried once; O(on_manual_step=wait) does not wait.
  diff_mode:
    support: full
notes:
  - Without O(registry), O(bound_client_id) and O(bound_client_secret) are required. With it they are optional; if set, a valid key is also
    verified.
  - Verification queries the verdict of the empty file. If the key works, this costs one query of the daily quota, 1050 by default.
  - The key itself is neither required nor returned. Programs call WildFire with access tokens of the bound service account.
  - Revoked and expired keys stay in the list permanently and are ignored.
  - The vendor decides whether a license allows a key. Its reason for a rejection is shown, with a next step.
  - A key that was created or revoked manually while the module waited counts as a change.
  - "The steps of the vendor's procedure: the first service account and its administrator role are created manually. M(panw.cloud.scm_service_account)
    creates the service account, its role and its secret with documented APIs. Keys are created and revoked manually or by your O(registry); this module
    verifies them with documented APIs. Keys from before service accounts are migrated manually."
seealso:
  - module: panw.cloud.scm_service_account
  - module: panw.cloud.wildfire_key_info
  - module: panw.cloud.wildfire_verdict_info
  - name: WildFire API token authentication
    description: The vendor's guide, with the procedure in the console.
    link: https://docs.paloaltonetworks.com/wildfire/u-v/wildfire-api/get-started-with-the-wildfire-api/wildfire-api-token-authentication
"""

EXAMPLES = r"""
- name: Create the service account that the key is bound to
  panw.cloud.scm_service_account:
    client_id: "{{ scm_client_id }}"
    client_secret: "{{ scm_client_secret }}"
    tsg_id: "{{ scm_tsg_id }}"
    name: scanner
    role: auditor
  register: scanner

- name: Create the key with a registry API
  panw.cloud.wildfire_key:
    client_id: "{{ scm_client_id }}"
    client_secret: "{{ scm_client_secret }}"
    tsg_id: "{{ scm_tsg_id }}"
    product: advanced_wildfire
    service_account: scanner
    registry: "{{ my_registry }}"
    bound_client_id: "{{ scanner.client_id }}"
    bound_client_secret: "{{ scanner.client_secret }}"
  register: wildfire

- name: Verify that it works, or wait until it is created in the console
  panw.cloud.wildfire_key:
    client_id: "{{ scm_client_id }}"
    client_secret: "{{ scm_client_secret }}"
    tsg_id: "{{ scm_tsg_id }}"
    product: advanced_wildfire
    service_account: scanner
    bound_client_id: "{{ scanner.client_id }}"
    bound_client_secret: "{{ scanner.client_secret }}"
    on_manual_step: wait
    wait_timeout: 3600
    wait_interval: 15

- name: Revoke it, with the connection from the environment
  panw.cloud.wildfire_key:
    product: advanced_wildfire
    service_account: scanner
    registry: "{{ my_registry }}"
    state: absent
"""

RETURN = r"""
key:
  description: The final state of the key in the registry. Null without O(registry), and if there was none to revoke.
  returned: success
  type: dict
  contains:
    id:
      description: The identifier of the key. Null if it would be created in check mode.
      type: str
      returned: always
    product:
      description: The product that the key is for.
      type: str
      returned: always
    service_account:
      description: The service account that the key is bound to, as the registry returns it.
      type: str
      returned: always
    status:
      description: V(pending), V(valid), V(revoked) or V(expired).
      type: str
      returned: always
    fingerprint:
      description: The first 12 hexadecimal digits of the SHA-256 of the key. Null if O(registry.fields) has no C(api_key).
      type: str
      returned: always
    expires_at:
      description: When the key expires, as the registry returns it. Null if not in O(registry.fields).
      type: str
      returned: always
    remaining_uploads:
      description: How many uploads are left today. Null if not in O(registry.fields).
      type: int
      returned: always
    remaining_queries:
      description: How many queries are left today. Null if not in O(registry.fields).
      type: int
      returned: always
  sample:
    id: 2f4a1c9e
    product: advanced_wildfire
    service_account: scanner@1234567890.iam.panserviceaccount.com
    status: valid
verified:
  description:
    - Whether WildFire accepted the bound service account as the holder of a valid key, in the last query. Null if it was not queried.
  returned: success
  type: bool
  sample: true
quota_exhausted:
  description: Whether the daily query quota is used up. Null if WildFire was not queried.
  returned: success
  type: bool
  sample: false
manual_steps:
  description:
    - The console steps that are needed, in check mode, or were done while the module waited. Empty if none were needed.
    - Also returned if the module fails because of manual steps, with C(manual_step) as C(error.kind).
  returned: success
  type: list
  elements: str
  sample: []
error:
  description: Details of the failure, see M(panw.cloud.scm_service_account).
  returned: failure
  type: dict
  sample:
    kind: manual_step
    status: 401
"""

from typing import Any

from ansible_collections.panw.cloud.plugins.module_utils._module.scm import ScmTask, run
from ansible_collections.panw.cloud.plugins.module_utils._module.wildfire_argspec import (
    bound_spec,
    product_option,
    registry_spec,
    wildfire_spec,
)
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.client import BoundAccount, WildfireClient
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.options import (
    BOUND,
    bound_credentials,
    poller,
    service_account,
    wildfire_url,
)
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.reconciler import Bound, DesiredKey, KeyReconciler
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.registry_config import read_registry_config

SPEC: dict[str, Any] = {
    **wildfire_spec(),
    **bound_spec(),
    "registry": registry_spec(),
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "product": product_option(required=True),
    "service_account": {"type": "str"},
    "on_manual_step": {"type": "str", "choices": ["fail", "wait"], "default": "fail"},
    "wait_timeout": {"type": "int", "default": 300},
    "wait_interval": {"type": "int", "default": 5},
}


def work(task: ScmTask) -> dict[str, Any]:
    """Bring the key to the desired state."""
    params = task.params
    url, registry_config, credentials = (
        wildfire_url(params),
        read_registry_config(params["registry"]),
        bound_credentials(params),
    )
    desired = DesiredKey(
        params["product"],
        service_account(params),
        poller(params),
        wait_for_person=params["on_manual_step"] == "wait",
        check_mode=task.check_mode,
    )
    bound = None
    if credentials is not None:
        tokens = task.tokens_of(credentials)
        bound = Bound(tokens, WildfireClient(task.http, url, BoundAccount(tokens)))
    upkeep = KeyReconciler(task.scm, desired, registry_config, bound)
    return upkeep.present() if params["state"] == "present" else upkeep.absent()


def main() -> None:
    """Run the module."""
    run(work, SPEC, required_if=[("state", "present", ["service_account"])], required_together=[BOUND])


if __name__ == "__main__":
    main()
