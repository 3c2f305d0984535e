# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """Documentation shared by the WildFire modules."""

    DOCUMENTATION = r"""
options:
  wildfire_region:
    description:
      - The WildFire cloud to query. V(global) is the one in the United States.
    type: str
    choices: [global, eu, uk, de, ch, pl, fr, jp, sg, au, in, id, tw, kr, ca, qatar, za, il]
    default: global
  wildfire_url:
    description:
      - The base URL of the WildFire API, in place of the vendor's host for O(wildfire_region).
      - Plain C(http) is accepted for loopback addresses only.
      - O(scm_ca_bundle) and O(scm_validate_certs) apply to it.
      - The environment variable E(WILDFIRE_URL) may also be used.
    type: str
seealso:
  - name: WildFire API
    description: The vendor's reference.
    link: https://docs.paloaltonetworks.com/wildfire/u-v/wildfire-api
"""

    CALLER = r"""
options:
  client_id:
    description:
      - The client id of the service account that is bound to a WildFire key. Required without O(api_key), which takes precedence.
      - The environment variable E(SCM_CLIENT_ID) may also be used.
    type: str
    required: false
  client_secret:
    description:
      - The client secret of that service account.
      - The environment variable E(SCM_CLIENT_SECRET) may also be used.
    type: str
    required: false
  tsg_id:
    description:
      - The id of the tenant service group that the key belongs to, ten digits.
      - The environment variable E(SCM_TSG_ID) may also be used.
    type: str
    required: false
  api_key:
    description:
      - A key to send directly. The vendor has deprecated this and plans to remove it.
    type: str
  agent:
    description:
      - The kind of O(api_key), required for keys of more than 32 characters. The vendor documents C(pcc) and C(prismaaccessapi).
    type: str
"""

    FILE = r"""
options:
  mode:
    description:
      - The mode of the file, as an octal number in quotes. By default, only its owner can read it.
    type: raw
    default: '0600'
"""

    KEYS = r"""
options:
  registry:
    description:
      - An API that lists, creates and revokes WildFire keys, described call by call. B(Palo Alto Networks publishes no such API), so nothing here
        has a default, and nothing can check that your description is right.
      - Requests carry the access token of O(client_id). Use only a server that you trust with it.
      - Placeholders are replaced in paths and in strings in bodies, C({tsg_id}) everywhere, C({product}) and C({service_account}) (the client id) in
        O(registry.create) and O(registry.revoke), C({id}) in O(registry.revoke).
    type: dict
    suboptions:
      base_url:
        description: The base URL. Plain C(http) is accepted for loopback addresses only.
        type: str
      list:
        description: The request that lists all keys of the tenant, including past ones, without pagination. It must be read-only.
        type: dict
        suboptions:
          method:
            description: The HTTP method.
            type: str
            choices: [GET, POST]
          path:
            description: The path, which starts with a slash.
            type: str
          body:
            description: The body, which is sent as JSON.
            type: dict
          items:
            description: The dotted path of the list in the response. If omitted, the response is the list.
            type: str
      create:
        description: The request that creates a key. It must use C({product}) and C({service_account}). Its response is ignored; the list is read instead.
        type: dict
        suboptions: &change
          method:
            description: The HTTP method.
            type: str
            choices: [POST, PUT, PATCH, DELETE]
          path:
            description: The path, which starts with a slash.
            type: str
          body:
            description: The body, which is sent as JSON.
            type: dict
      revoke:
        description: The request that revokes a key. It must use C({id}).
        type: dict
        suboptions: *change
      apply:
        description:
          - The request that applies changes, sent after each change and for a pending key. If omitted, changes are assumed to take effect
            automatically.
        type: dict
        suboptions: *change
      fields:
        description: The names of a key's fields in the list; dotted paths for nested fields.
        type: dict
        suboptions:
          id:
            description: The identifier of the key. Required.
            type: str
          product:
            description: The product that the key is for. Required.
            type: str
          service_account:
            description: The service account that the key is bound to, by client id, UUID or name. Required.
            type: str
          status:
            description: The status of the key. Required.
            type: str
          api_key:
            description: The key itself. Only its fingerprint is shown.
            type: str
          expires_at:
            description: When the key expires.
            type: str
          remaining_uploads:
            description: How many uploads are left today.
            type: str
          remaining_queries:
            description: How many queries are left today.
            type: str
      statuses:
        description: The registry's names of the statuses. All are required; case is ignored.
        type: dict
        suboptions:
          pending:
            description: Becoming valid or revoked.
            type: str
          valid:
            description: In use.
            type: str
          revoked:
            description: Revoked permanently.
            type: str
          expired:
            description: Expired with its license.
            type: str
      products:
        description: The registry's names of the products, if they differ from these.
        type: dict
        suboptions:
          advanced_wildfire:
            description: Advanced WildFire, which the console also calls NGFW.
            type: str
          prisma_access:
            description: Prisma Access.
            type: str
  bound_client_id:
    description:
      - The client id of the service account that the key is bound to, to verify the key.
    type: str
  bound_client_secret:
    description:
      - The client secret of that account.
    type: str
"""
