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
  - Returns the little that documented APIs show about WildFire keys. Palo Alto Networks publishes no API that lists them.
  - The tenant's licenses and product instances are always returned. Some instances have their own WildFire key.
  - With O(registry), the description of an API that you have, keys are returned with status, product, bound account, expiry and remaining quota.
  - On request, checks whether a service account works as a key.
author: []  # those of galaxy.yml
options:
  product:
    description:
      - Return only the registry's keys for this product.
    type: str
    choices: [advanced_wildfire, prisma_access]
  service_account:
    description:
      - Return this service account, by name, client id or UUID, and only the registry's keys that are bound to it.
    type: str
  verify:
    description:
      - Whether to check that the account of O(bound_client_id) works as a key. If it does, this B(costs one query) of the daily quota,
        1050 by default; if not, none.
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
- name: Show what documented APIs return
  panw.cloud.wildfire_key_info:
    client_id: "{{ scm_client_id }}"
    client_secret: "{{ scm_client_secret }}"
    tsg_id: "{{ scm_tsg_id }}"

- name: List the keys with a registry API
  panw.cloud.wildfire_key_info:
    client_id: "{{ scm_client_id }}"
    client_secret: "{{ scm_client_secret }}"
    tsg_id: "{{ scm_tsg_id }}"
    registry: "{{ my_registry }}"
    product: advanced_wildfire
  register: wildfire

- name: Show the live keys
  ansible.builtin.debug:
    msg: "{{ wildfire.wildfire_keys | selectattr('status', 'in', ['pending', 'valid']) | map(attribute='id') }}"
"""

RETURN = r"""
wildfire_keys:
  description: The keys of the registry, including revoked and expired ones. Null without O(registry).
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: The identifier of the key.
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
      description: V(pending), V(valid), V(revoked) or V(expired). The registry's word if it is not in O(registry.statuses).
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
service_account:
  description: The service account of O(service_account). Null without this option, and if the account does not exist.
  returned: success
  type: dict
  contains:
    id:
      description: The UUID.
      type: str
      returned: always
    name:
      description: The name.
      type: str
      returned: always
    client_id:
      description: The client id.
      type: str
      returned: always
  sample:
    id: 72caf04d-cd05-4207-921e-e673b9c0b423
    name: scanner
    client_id: scanner@1234567890.iam.panserviceaccount.com
instances:
  description:
    - The product instances in the tenant service group that have a WildFire key. Whether the console lists these keys, and of which
      kind they are, is not documented.
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
      description: The region of the instance.
      type: str
      returned: always
    serial_number:
      description: The serial number.
      type: str
      returned: always
    status:
      description: The status.
      type: str
      returned: always
    fingerprint:
      description: The first 12 hexadecimal digits of the SHA-256 of its WildFire key.
      type: str
      returned: always
licenses:
  description: The licenses of the tenant service group, one entry per part. The name of the WildFire license is not documented.
  returned: success
  type: list
  elements: dict
  contains:
    license_id:
      description: The identifier of the license.
      type: str
      returned: always
    app_id:
      description: The product.
      type: str
      returned: always
    license_type:
      description: The kind of the license.
      type: str
      returned: always
    expires:
      description: When the license expires, as the vendor returns it, without a time zone.
      type: str
      returned: always
    purchased_size:
      description: The purchased amount, in the license's unit.
      type: str
      returned: always
    remaining_size:
      description: The remaining amount.
      type: str
      returned: always
verified:
  description: Whether WildFire accepted the bound service account as the holder of a valid key. Null without O(verify).
  returned: success
  type: bool
  sample: true
quota_exhausted:
  description: Whether the daily query quota is used up. Null without O(verify).
  returned: success
  type: bool
  sample: false
refusal:
  description: Why WildFire rejected the account. Null if it did not, and without O(verify).
  returned: success
  type: str
  sample: null
error:
  description: Details of the failure, see M(panw.cloud.scm_service_account).
  returned: failure
  type: dict
  sample:
    kind: authentication
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
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.credential_check import try_key
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.inventory import KeyInventory
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.options import (
    BOUND,
    bound_credentials,
    service_account,
    wildfire_url,
)
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.registry_config import read_registry_config

SPEC: dict[str, Any] = {
    **wildfire_spec(),
    **bound_spec(),
    "registry": registry_spec(),
    "product": product_option(),
    "service_account": {"type": "str"},
    "verify": {"type": "bool", "default": False},
}


def work(task: ScmTask) -> dict[str, Any]:
    """Describe the keys, the licenses and the product instances."""
    params = task.params
    url, registry_config, credentials = (
        wildfire_url(params),
        read_registry_config(params["registry"]),
        bound_credentials(params),
    )
    reference = service_account(params)
    found = KeyInventory(task.scm, registry_config).report(params["product"], reference)
    tried = None
    if params["verify"] and credentials is not None:
        tried = try_key(WildfireClient(task.http, url, BoundAccount(task.tokens_of(credentials))))
    return {
        "changed": False,
        **found,
        "verified": tried and tried.works,
        "quota_exhausted": tried and tried.quota_exhausted,
        "refusal": None if tried is None or tried.works else tried.context.text(),
    }


def main() -> None:
    """Run the module."""
    run(work, SPEC, required_if=[("verify", True, BOUND)], required_together=[BOUND])


if __name__ == "__main__":
    main()
