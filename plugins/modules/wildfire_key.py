#!/usr/bin/python
# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: wildfire_key
version_added: 0.2.0
short_description: See that a service account works as an Advanced WildFire API key
description:
  - Sees that a tenant service group has a live API key for a product, bound to a service account, or that it has none.
  - B(Palo Alto Networks publishes no API that creates, lists or revokes these keys.) A person does it in Strata Cloud Manager. This module invents
    no such API; it automates what is documented, and has two ways around the rest.
  - Without O(registry), which is the normal case, it proves with the bound service account's own credentials whether WildFire takes it for the holder
    of a valid key. Where that is not as wanted, it tells the exact steps for the console, and fails or waits for the person, as O(on_manual_step) says.
  - With O(registry), the description of an API that you have, it does the whole job. It finds the live key, creates one once, waits until it is
    valid, revokes, and waits until it is revoked. After an answer that is lost on the way it asks the list before it creates anything again.
author: []  # those of galaxy.yml
options:
  state:
    description:
      - V(present) sees that there is a valid key that is bound to the service account.
      - V(absent) sees that there is no live key any more. Revoking a key cannot be undone. Without O(registry), it is only known whether the bound
        service account still works as one.
    type: str
    choices: [present, absent]
    default: present
  product:
    description:
      - The product whose licence the key belongs to. A tenant has one live key for each.
      - The proof cannot tell for which product a key is; without O(registry), the product only stands in the steps.
    type: str
    choices: [advanced_wildfire, prisma_access]
    required: true
  service_account:
    description:
      - The service account that the key is bound to, by its name, its client id or its UUID. An account carries one key.
      - Needed for V(present), where it has to exist. With O(state=absent), a key that is bound to another account is not touched; without this
        option, the key is revoked whoever it is bound to.
    type: str
  on_manual_step:
    description:
      - What to do where a person is needed, which is the case without O(registry) only.
      - V(fail) fails with the steps. V(wait) shows the steps as a warning and asks WildFire every O(wait_interval) seconds, until it is as wanted
        or O(wait_timeout) is over.
    type: str
    choices: [fail, wait]
    default: fail
  wait_timeout:
    description:
      - How many seconds to wait, for a person, or for a key that is pending. V(0) does not wait.
    type: int
    default: 300
  wait_interval:
    description:
      - How many seconds to wait between two looks. While a person is waited for with O(state=absent), each look costs one query of the day;
        with O(state=present) only the last one does.
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
      - In check mode nothing changes. With O(registry), only the list is asked, nothing is proven, and RV(verified) is null.
      - Without O(registry), WildFire is asked once, as ever; with O(on_manual_step=wait) nobody is waited for.
  diff_mode:
    support: full
notes:
  - Without O(registry), O(bound_client_id) and O(bound_client_secret) are needed. With it they are optional; where they are given, a valid key is also
    proven.
  - A proof is a query for the verdict of the empty file. Where the key works, it costs one of the queries of the day, 1050 by default.
  - The key itself is neither needed nor returned. Programs call WildFire with access tokens of the bound service account.
  - Keys that are revoked or expired stay in the list for ever and do not count.
  - Whether a licence allows a key, the vendor decides. What it says to refuse one is passed on, with the way out.
  - A key that was made or revoked by a person while the module waited counts as a change.
  - "The steps of the vendor's procedure: a person makes the first service account and its administrator's role. M(panw.cloud.scm_service_account) makes the
    service account, its role and its secret, by documented APIs. This module has the key made and revoked by a person or by your O(registry), and proves
    it by documented APIs. A person migrates keys from before service accounts."
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

- name: Have the key made by an API that you have
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

- name: See that it works, and let a person make it in the console where it does not
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
  description: The key as the registry shows it at the end. Null without O(registry), and where there was none to revoke.
  returned: success
  type: dict
  contains:
    id:
      description: The identifier of the key. Null in check mode where it would be created.
      type: str
      returned: always
    product:
      description: The product that it is for.
      type: str
      returned: always
    service_account:
      description: The service account that it is bound to, in the registry's words.
      type: str
      returned: always
    status:
      description: V(pending), V(valid), V(revoked) or V(expired).
      type: str
      returned: always
    fingerprint:
      description: The first 12 hexadecimal digits of the SHA-256 of the key, in place of it. Null where the contract does not tell the key.
      type: str
      returned: always
    expires_at:
      description: When it expires, in the registry's words. Null where the contract does not tell.
      type: str
      returned: always
    remaining_uploads:
      description: How many uploads are left today. Null where the contract does not tell.
      type: int
      returned: always
    remaining_queries:
      description: How many queries are left today. Null where the contract does not tell.
      type: int
      returned: always
  sample:
    id: 2f4a1c9e
    product: advanced_wildfire
    service_account: scanner@1234567890.iam.panserviceaccount.com
    status: valid
verified:
  description:
    - Whether WildFire took the bound service account for the holder of a valid key, when it was asked last. Null where it was not asked.
  returned: success
  type: bool
  sample: true
quota_exhausted:
  description: Whether the queries of the day are used up. Null where WildFire was not asked.
  returned: success
  type: bool
  sample: false
manual_steps:
  description:
    - What a person has to do, in check mode, or has done while the module waited. Empty where nobody was needed.
    - A failure for want of a person has it, too, and C(error.kind) is C(manual_step).
  returned: success
  type: list
  elements: str
  sample: []
error:
  description: What is known about the failure, as M(panw.cloud.scm_service_account) describes it.
  returned: failure
  type: dict
  sample:
    kind: manual_step
    status: 401
"""

from typing import Any

from ansible_collections.panw.cloud.plugins.module_utils._module.argspec import (
    bound_spec,
    product_option,
    registry_spec,
    wildfire_spec,
)
from ansible_collections.panw.cloud.plugins.module_utils._module.scm import ScmTask, run
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.client import BoundAccount, WildfireClient
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.options import (
    BOUND,
    bound_credentials,
    patience,
    service_account,
    wildfire_url,
)
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.reconciler import Bound, Upkeep, Wanted
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.registry_config import read_contract

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
    """See that the key is as it is wanted."""
    params = task.params
    url, contract, credentials = wildfire_url(params), read_contract(params["registry"]), bound_credentials(params)
    wanted = Wanted(
        params["product"],
        service_account(params),
        patience(params),
        wait_for_person=params["on_manual_step"] == "wait",
        check_mode=task.check_mode,
    )
    bound = None
    if credentials is not None:
        tokens = task.tokens_of(credentials)
        bound = Bound(tokens, WildfireClient(task.http, url, BoundAccount(tokens)))
    upkeep = Upkeep(task.scm, wanted, contract, bound)
    return upkeep.present() if params["state"] == "present" else upkeep.absent()


def main() -> None:
    """The module."""
    run(work, SPEC, required_if=[("state", "present", ["service_account"])], required_together=[BOUND])


if __name__ == "__main__":
    main()
