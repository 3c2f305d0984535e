#!/usr/bin/python
# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: wildfire_key_info
version_added: 0.2.0
short_description: Describe the Advanced WildFire API keys of a tenant
description:
  - Tells what documented APIs tell about WildFire keys, which is little. Palo Alto Networks publishes no API that lists them.
  - The licences and the instances of products of the tenant are always told. Some instances have a WildFire key of their own.
  - With O(registry), the description of an API that you have, the keys are told with status, product, bound account, expiry and remaining quota.
  - On request it proves whether a service account works as a key.
author: []  # those of galaxy.yml
options:
  product:
    description:
      - Tell only the keys of the registry for this product.
    type: str
    choices: [advanced_wildfire, prisma_access]
  service_account:
    description:
      - Tell about this service account, by its name, its client id or its UUID, and only the keys of the registry that are bound to it.
    type: str
  verify:
    description:
      - Whether to prove that the account of O(bound_client_id) works as a key. Where it does, this B(costs one query) of the day's allowance,
        1050 by default; where it does not, none.
    type: bool
    default: false
extends_documentation_fragment:
  - panw.cloud.wildfire
  - panw.cloud.wildfire.keys
  - panw.cloud.scm
  - panw.cloud.scm.attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
seealso:
  - module: panw.cloud.wildfire_key
"""

EXAMPLES = r"""
- name: Tell what documented APIs tell
  panw.cloud.wildfire_key_info:
    client_id: "{{ scm_client_id }}"
    client_secret: "{{ scm_client_secret }}"
    tsg_id: "{{ scm_tsg_id }}"

- name: List the keys by an API that you have
  panw.cloud.wildfire_key_info:
    client_id: "{{ scm_client_id }}"
    client_secret: "{{ scm_client_secret }}"
    tsg_id: "{{ scm_tsg_id }}"
    registry: "{{ my_registry }}"
    product: advanced_wildfire
  register: wildfire

- name: Say which keys are alive
  ansible.builtin.debug:
    msg: "{{ wildfire.wildfire_keys | selectattr('status', 'in', ['pending', 'valid']) | map(attribute='id') }}"
"""

RETURN = r"""
wildfire_keys:
  description: The keys of the registry, those that are revoked or expired included. Null without O(registry).
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: The identifier of the key.
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
      description: V(pending), V(valid), V(revoked) or V(expired). The registry's own word where O(registry.statuses) does not name it.
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
service_account:
  description: The service account of O(service_account). Null without it, and where there is none.
  returned: success
  type: dict
  contains:
    id:
      description: Its UUID.
      type: str
      returned: always
    name:
      description: Its name.
      type: str
      returned: always
    client_id:
      description: Its client id.
      type: str
      returned: always
  sample:
    id: 72caf04d-cd05-4207-921e-e673b9c0b423
    name: scanner
    client_id: scanner@1234567890.iam.panserviceaccount.com
instances:
  description:
    - The instances of products in the tenant service group that have a WildFire key. Whether such a key is one that the console lists, and of which
      kind, is not documented.
  returned: success
  type: list
  elements: dict
  contains:
    app_id:
      description: The product.
      type: str
      returned: always
    name:
      description: The name of the instance.
      type: str
      returned: always
    region:
      description: Where it runs.
      type: str
      returned: always
    serial_number:
      description: Its serial number.
      type: str
      returned: always
    status:
      description: Its status.
      type: str
      returned: always
    fingerprint:
      description: The first 12 hexadecimal digits of the SHA-256 of its WildFire key, in place of the key.
      type: str
      returned: always
licences:
  description: The licences of the tenant service group, part by part. What WildFire is called among them is not documented.
  returned: success
  type: list
  elements: dict
  contains:
    license_id:
      description: The identifier of the licence.
      type: str
      returned: always
    app_id:
      description: The product.
      type: str
      returned: always
    license_type:
      description: The kind of the licence.
      type: str
      returned: always
    expires:
      description: When it ends, as the vendor writes it, without a time zone.
      type: str
      returned: always
    purchased_size:
      description: How much was bought, in the licence's own unit.
      type: str
      returned: always
    remaining_size:
      description: How much of it is left.
      type: str
      returned: always
verified:
  description: Whether WildFire took the bound service account for the holder of a valid key. Null without O(verify).
  returned: success
  type: bool
  sample: true
quota_exhausted:
  description: Whether the queries of the day are used up. Null without O(verify).
  returned: success
  type: bool
  sample: false
refusal:
  description: How WildFire refused the account. Null where it did not, and without O(verify).
  returned: success
  type: str
  sample: null
error:
  description: What is known about the failure, as M(panw.cloud.scm_service_account) describes it.
  returned: failure
  type: dict
  sample:
    kind: authentication
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
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.credential_check import try_key
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.inventory import Survey
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.options import (
    BOUND,
    bound_credentials,
    service_account,
    wildfire_url,
)
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.registry_config import read_contract

SPEC: dict[str, Any] = {
    **wildfire_spec(),
    **bound_spec(),
    "registry": registry_spec(),
    "product": product_option(),
    "service_account": {"type": "str"},
    "verify": {"type": "bool", "default": False},
}


def work(task: ScmTask) -> dict[str, Any]:
    """Tell what is known about the keys."""
    params = task.params
    url, contract, credentials = wildfire_url(params), read_contract(params["registry"]), bound_credentials(params)
    reference = service_account(params)
    found = Survey(task.scm, contract).tell(params["product"], reference)
    tried = None
    if params["verify"] and credentials is not None:
        tried = try_key(WildfireClient(task.http, url, BoundAccount(task.tokens_of(credentials))))
    return {
        "changed": False,
        **found,
        "verified": tried and tried.works,
        "quota_exhausted": tried and tried.quota_exhausted,
        "refusal": None if tried is None or tried.works else tried.evidence.text(),
    }


def main() -> None:
    """The module."""
    run(work, SPEC, required_if=[("verify", True, BOUND)], required_together=[BOUND])


if __name__ == "__main__":
    main()
