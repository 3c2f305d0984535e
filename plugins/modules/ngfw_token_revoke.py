#!/usr/bin/python
# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: ngfw_token_revoke
version_added: 0.1.0
short_description: Revoke a token of the Cloud NGFW for AWS API
description:
  - Revokes a token before it expires, which the vendor calls a logout.
  - The request is signed with the credentials of the IAM role and carries the token's subscription key.
  - Nothing changes if the token is unknown, expired or already revoked.
author: []  # those of galaxy.yml
options:
  token:
    description: The token to revoke.
    type: str
    required: true
  subscription_key:
    description: The subscription key that came with it.
    type: str
    required: true
  admin_role:
    description:
      - The admin role that the token is for. Only V(account) matters, because its tokens are revoked on the management plane.
    type: str
    choices: [firewall, rulestack, global_rulestack, account]
  expires_at:
    description:
      - When the token expires, in ISO 8601 with a time zone. Shown in the error message if it cannot be revoked.
    type: str
extends_documentation_fragment:
  - panw.cloud.ngfw
  - panw.cloud.ngfw.attributes
  - amazon.aws.common.modules
  - amazon.aws.region.modules
attributes:
  check_mode:
    support: full
    details:
      - In check mode, a cheap read checks whether the token is valid, to predict whether it would be revoked.
notes:
  - The vendor's API specification of 2026 no longer lists this call, while its guides still describe it. If the API has no such route,
    the module fails and reports the token's remaining lifetime.
  - In the vendor's API the token is a part of the URL. It is kept out of all messages, but a TLS-inspecting proxy can log it.
seealso:
  - module: panw.cloud.ngfw_token
"""

EXAMPLES = r"""
- name: Get a token for rulestacks
  panw.cloud.ngfw_token:
    admin_role: rulestack
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
  register: ngfw

- name: Revoke it
  panw.cloud.ngfw_token_revoke:
    token: "{{ ngfw.token }}"
    subscription_key: "{{ ngfw.subscription_key }}"
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
"""

RETURN = r"""
fingerprint:
  description: The first 12 hexadecimal digits of the token's SHA-256.
  returned: success
  type: str
  sample: 1f0e3dad9990
revoked:
  description: Whether the token is invalid now. Predicted in check mode.
  returned: success
  type: bool
  sample: true
error:
  description: Details of the failure, see M(panw.cloud.ngfw_token).
  returned: failure
  type: dict
  sample:
    kind: route_not_found
    status: 403
"""

from datetime import datetime, timezone
from typing import Any

from ansible_collections.panw.cloud.plugins.module_utils._common.errors import RouteNotFound
from ansible_collections.panw.cloud.plugins.module_utils._common.redaction import fingerprint
from ansible_collections.panw.cloud.plugins.module_utils._module.argspec import admin_role_option, token_pair_spec
from ansible_collections.panw.cloud.plugins.module_utils._module.ngfw import Task, run
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.admin_roles import ADMIN_ROLES
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.tokens.options import date_option, token_pair
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.tokens.service import is_alive, life_left


def work(task: Task) -> dict[str, Any]:
    """Revoke the token if it is valid."""
    params = task.params
    held = token_pair(params)
    expires_at = date_option("expires_at", params["expires_at"])
    client = task.client(ADMIN_ROLES.get(params["admin_role"]))
    if task.check_mode:
        changed = is_alive(client, held, management=params["admin_role"] == "account")
    else:
        try:
            changed = task.tokens(client).revoke(held)
        except RouteNotFound as error:
            error.add(life_left(held.token, expires_at, datetime.now(timezone.utc)))
            raise
    return {"changed": changed, "revoked": True, "fingerprint": fingerprint(held.token)}


def main() -> None:
    """Run the module."""
    spec = {
        **token_pair_spec(required=True),
        "admin_role": admin_role_option(),
        "expires_at": {"type": "str"},
    }
    run(work, spec)


if __name__ == "__main__":
    main()
