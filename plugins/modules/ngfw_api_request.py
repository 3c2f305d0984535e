#!/usr/bin/python
# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: ngfw_api_request
version_added: 0.2.0
short_description: Call the Cloud NGFW for AWS API
description:
  - Sends any request to the API with a token, and returns what the API says. For what has no module yet.
  - Throttling and server errors are retried. A V(POST) whose response is lost is not sent again, because it may have taken effect.
  - The result is marked as changed unless O(method=GET).
author: []  # those of galaxy.yml
options:
  method:
    description: The HTTP method.
    type: str
    choices: [GET, POST, PUT, PATCH, DELETE]
    default: GET
  path:
    description: The path, such as V(/v1/config/rulestacks), without a query. It is sent as written.
    type: str
    required: true
  query:
    description: The parameters of the query.
    type: dict
    default: {}
  body:
    description: The JSON body. The API takes one with every method.
    type: dict
  admin_role:
    description:
      - The admin role of a temporary token. Required without O(token) and O(token_store). V(account) calls the management plane.
    type: str
    choices: [firewall, rulestack, global_rulestack, account]
extends_documentation_fragment:
  - panw.cloud.ngfw
  - panw.cloud.ngfw.session
  - panw.cloud.ngfw.attributes
  - amazon.aws.common.modules
  - amazon.aws.region.modules
attributes:
  check_mode:
    support: full
    details:
      - In check mode, only V(GET) is sent.
seealso:
  - ref: ansible_collections.panw.cloud.docsite.guide_rulestacks
    description: From a document to a reviewed and committed policy. In the collection this is C(docs/docsite/rst/guide_rulestacks.rst).
  - module: panw.cloud.ngfw_rulestack_config
"""

EXAMPLES = r"""
- name: Export a rulestack
  panw.cloud.ngfw_api_request:
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    admin_role: rulestack
    path: /v1/config/rulestacks/web-egress/export
    query:
      candidate: true
  register: exported

- name: Tag a rulestack
  panw.cloud.ngfw_api_request:
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    admin_role: rulestack
    method: POST
    path: /v1/config/rulestacks/web-egress/tags
    body:
      Tags:
        - Key: team
          Value: network
"""

RETURN = r"""
response:
  description: The C(Response) of the answer as the API wrote it. Null if it has none, and if nothing was sent in check mode.
  returned: success
  type: raw
  sample:
    RuleStackName: web-egress
status:
  description: The HTTP status. Null if nothing was sent in check mode.
  returned: success
  type: int
  sample: 200
request_id:
  description: The ID of the request, for the vendor's support.
  returned: success
  type: str
  sample: 4f9d4fbb-7b0e-4a3e-9d0e-2f8b2f0b9a53
error:
  description: Details of the failure, see M(panw.cloud.ngfw_token).
  returned: failure
  type: dict
  sample:
    kind: not_found
    status: 200
"""

import re
from typing import Any

from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.panw.cloud.plugins.module_utils._module.argspec import admin_role_option, session_spec
from ansible_collections.panw.cloud.plugins.module_utils._module.ngfw import Task, run
from ansible_collections.panw.cloud.plugins.module_utils._module.session import session
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.admin_roles import ADMIN_ROLES
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.client import Operation
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.codec import lookup
from ansible_collections.panw.cloud.plugins.module_utils._transport.http import REPEATABLE

_PATH = re.compile(r"/v[0-9]+(/[^/?#\\\s]+)+")


def work(task: Task) -> dict[str, Any]:
    """Send the request."""
    params = task.params
    method, path = params["method"], params["path"]
    if not _PATH.fullmatch(path) or {".", ".."} & set(path.split("/")):
        raise InvalidInput("path", f"is not a path of the API such as /v1/config/rulestacks: {path!r}.")
    if path.startswith("/v1/mgmt/tokens"):
        raise InvalidInput("path", "is of the token API, which takes no token: use the modules for tokens.")
    changed = method != "GET"
    if changed and task.check_mode:
        return {"changed": True, "response": None, "status": None, "request_id": None}
    operation = Operation(
        f"{method} {path}",
        method,
        path,
        {str(key): _text(value) for key, value in params["query"].items()},
        params["body"],
        may_be_empty=True,
        unknown_limit=1 if method in ("POST", "PATCH") else REPEATABLE,
    )
    admin_role = params["admin_role"] and ADMIN_ROLES[params["admin_role"]]
    with session(task, admin_role) as opened:
        document, context = opened.client.document(operation, opened.pair)
    return {
        "changed": changed,
        "response": lookup(document, "response"),
        "status": context().status,
        "request_id": context().request_id,
    }


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def main() -> None:
    """Run the module."""
    spec = {
        **session_spec(),
        "method": {"type": "str", "choices": ["GET", "POST", "PUT", "PATCH", "DELETE"], "default": "GET"},
        "path": {"type": "str", "required": True},
        "query": {"type": "dict", "default": {}},
        "body": {"type": "dict"},
        "admin_role": admin_role_option(),
    }
    run(work, spec, mutually_exclusive=[("token_store", "token")])


if __name__ == "__main__":
    main()
