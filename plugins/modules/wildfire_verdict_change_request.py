#!/usr/bin/python
# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: wildfire_verdict_change_request
version_added: 0.2.0
short_description: Ask Palo Alto Networks to review a WildFire verdict
description:
  - Asks the vendor's researchers to review the verdict on a sample, and suggests another one.
  - If the sample has that verdict already, nothing is sent.
author: []  # those of galaxy.yml
options:
  sha256:
    description:
      - The SHA-256 hash of the sample.
    type: str
    required: true
  verdict:
    description:
      - The suggested verdict.
    type: str
    choices: [benign, malware, grayware, phishing]
    required: true
  email:
    description:
      - The e-mail address for the answer.
    type: str
    required: true
  comment:
    description:
      - Why the verdict is wrong, at most 2048 bytes. People read it.
    type: str
    required: true
extends_documentation_fragment:
  - panw.cloud.wildfire
  - panw.cloud.wildfire.caller
  - panw.cloud.scm
  - panw.cloud.scm.attributes
attributes:
  check_mode:
    support: full
    details:
      - Gets the current verdict, which costs one query, and sends nothing.
  diff_mode:
    support: full
notes:
  - B(The API does not list requests.) Until the verdict changes, each run sends a new one. Do not run this from a schedule.
  - The vendor's reference has no page on this call. It is known from C(panwfapi.py --change-request).
seealso:
  - module: panw.cloud.wildfire_verdict_info
"""

EXAMPLES = r"""
- name: Ask for a review
  panw.cloud.wildfire_verdict_change_request:
    client_id: "{{ scanner.client_id }}"
    client_secret: "{{ scanner.client_secret }}"
    tsg_id: "{{ scm_tsg_id }}"
    sha256: 2f293f67aa33f2ce247b28d6fb2fef2623cfde731f96b3d7f84ae74e9e192bdd
    verdict: benign
    email: security@example.com
    comment: This is our own installer, signed by us.
"""

RETURN = r"""
sha256:
  description: The SHA-256 of the sample.
  returned: success
  type: str
  sample: 2f293f67aa33f2ce247b28d6fb2fef2623cfde731f96b3d7f84ae74e9e192bdd
current_verdict:
  description: WildFire's verdict, in the words of M(panw.cloud.wildfire_verdict_info).
  returned: success
  type: str
  sample: malware
requested_verdict:
  description: The suggested verdict.
  returned: success
  type: str
  sample: benign
queries:
  description: The number of daily queries that the task used.
  returned: success
  type: int
  sample: 1
error:
  description: Details of the failure, see M(panw.cloud.scm_service_account).
  returned: failure
  type: dict
  sample:
    kind: not_found
    status: 404
"""

import re
from typing import Any

from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.panw.cloud.plugins.module_utils._module.wildfire import WildfireTask, run
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.change_requests import (
    REVIEWED,
    check_request,
    current_verdict,
    request_review,
)

SPEC: dict[str, Any] = {
    "sha256": {"type": "str", "required": True},
    "verdict": {"type": "str", "choices": list(REVIEWED), "required": True},
    "email": {"type": "str", "required": True},
    "comment": {"type": "str", "required": True},
}


def work(task: WildfireTask) -> dict[str, Any]:
    """Ask for a review if the verdict is a different one."""
    params, client = task.params, task.client
    sha256, desired = params["sha256"].strip().lower(), params["verdict"]
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise InvalidInput("sha256", "is not a SHA-256: 64 hexadecimal digits.")
    check_request(params["email"], params["comment"])
    current = current_verdict(client, sha256).verdict
    changed = current != desired
    if changed and not task.check_mode:
        request_review(client, sha256, desired, params["email"], params["comment"])
    return {
        "changed": changed,
        "diff": {"before": {"verdict": current}, "after": {"verdict": desired}},
        "sha256": sha256,
        "current_verdict": current,
        "requested_verdict": desired,
        "queries": client.queries,
    }


def main() -> None:
    """Run the module."""
    run(work, SPEC)


if __name__ == "__main__":
    main()
