# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """What the modules for WildFire have in common."""

    DOCUMENTATION = r"""
options:
  wildfire_region:
    description:
      - The WildFire cloud to ask. V(global) is the one in the United States.
    type: str
    choices: [global, eu, uk, de, ch, pl, fr, jp, sg, au, in, id, tw, kr, ca, qatar, za, il]
    default: global
  wildfire_url:
    description:
      - The base URL of the WildFire API, in place of the vendor's host of O(wildfire_region).
      - Without TLS, C(http), it is accepted for addresses of the host itself only.
      - Its certificate is verified as O(scm_ca_bundle) and O(scm_validate_certs) say.
      - The environment variable E(WILDFIRE_URL) may also be used.
    type: str
seealso:
  - name: WildFire API
    description: The vendor's reference.
    link: https://docs.paloaltonetworks.com/wildfire/u-v/wildfire-api
"""

    KEYS = r"""
options:
  registry:
    description:
      - An API that lists, creates and revokes WildFire keys, described part by part. B(Palo Alto Networks publishes no such API), so that there
        is no default for any of it, and what is described here is your word alone.
      - The calls carry the access token of O(client_id). Use it only with a server that may have it.
      - Words in braces are filled in, in paths and in the texts of bodies, C({tsg_id}) everywhere, C({product}) and C({service_account}) (the client id) in
        O(registry.create) and O(registry.revoke), C({id}) in O(registry.revoke).
    type: dict
    suboptions:
      base_url:
        description: The base URL. Without TLS, C(http), it is accepted for addresses of the host itself only.
        type: str
      list:
        description: The request that lists all keys of the tenant, those of the past included, without pages. It has to change nothing.
        type: dict
        suboptions:
          method:
            description: Its method.
            type: str
            choices: [GET, POST]
          path:
            description: Its path, which begins with a slash.
            type: str
          body:
            description: Its body, which is sent as JSON.
            type: dict
          items:
            description: Where the list is in the answer, names with dots between them. Without it, the answer is the list.
            type: str
      create:
        description: The request that creates a key. It has to use C({product}) and C({service_account}). Its answer is not looked at; the list tells.
        type: dict
        suboptions: &change
          method:
            description: Its method.
            type: str
            choices: [POST, PUT, PATCH, DELETE]
          path:
            description: Its path, which begins with a slash.
            type: str
          body:
            description: Its body, which is sent as JSON.
            type: dict
      revoke:
        description: The request that revokes a key. It has to use C({id}).
        type: dict
        suboptions: *change
      apply:
        description:
          - The request that applies changes, sent after each change and for a key that is pending. Without it, changes are taken to take effect
            of themselves.
        type: dict
        suboptions: *change
      fields:
        description: What the fields of a key in the list are called, names with dots between them where one lies deeper.
        type: dict
        suboptions:
          id:
            description: The identifier of the key. Needed.
            type: str
          product:
            description: The product that it is for. Needed.
            type: str
          service_account:
            description: The service account that it is bound to, by its client id, its UUID or its name. Needed.
            type: str
          status:
            description: Its status. Needed.
            type: str
          api_key:
            description: The key itself, of which only a fingerprint is shown.
            type: str
          expires_at:
            description: When it expires.
            type: str
          remaining_uploads:
            description: How many uploads are left today.
            type: str
          remaining_queries:
            description: How many queries are left today.
            type: str
      statuses:
        description: What the statuses are called. All are needed; letter case does not count.
        type: dict
        suboptions:
          pending:
            description: On the way to be valid or revoked.
            type: str
          valid:
            description: In use.
            type: str
          revoked:
            description: Revoked, for ever.
            type: str
          expired:
            description: Ended with its licence.
            type: str
      products:
        description: What the products are called where it is something else than here.
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
      - The client id of the service account that the key is bound to, to prove the key with it.
    type: str
  bound_client_secret:
    description:
      - The client secret of that account.
    type: str
"""
