#!/usr/bin/python
# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: wildfire_verdict_info
version_added: 0.2.0
short_description: Get WildFire's verdicts about files
description:
  - Asks WildFire what it thinks of files, by their hashes.
  - It calls WildFire as a service account that is bound to a WildFire key, or with a key from before service accounts.
author: []  # those of galaxy.yml
options:
  hashes:
    description:
      - The MD5 or SHA-256 hashes of the files. All are checked before any is asked for.
    type: list
    elements: str
    required: true
  client_id:
    description:
      - The client id of the service account that is bound to a WildFire key. Needed without O(api_key), which comes first.
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
      - A key that is sent itself. The vendor calls this deprecated and is going to end it.
    type: str
  agent:
    description:
      - The kind of O(api_key), which keys of more than 32 characters need. The vendor documents C(pcc) and C(prismaaccessapi).
    type: str
extends_documentation_fragment:
  - panw.cloud.wildfire
  - panw.cloud.scm
  - panw.cloud.scm.attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
notes:
  - Up to 500 hashes go into one request, and each request counts as one of the queries of the day, 1050 by default.
  - WildFire can know several files of the same MD5. The answer for such a hash is the verdict of the worst of them, and lists all of them.
seealso:
  - module: panw.cloud.wildfire_key
"""

EXAMPLES = r"""
- name: Get the verdicts of two files
  panw.cloud.wildfire_verdict_info:
    client_id: "{{ scanner.client_id }}"
    client_secret: "{{ scanner.client_secret }}"
    tsg_id: "{{ scm_tsg_id }}"
    hashes:
      - e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
      - d41d8cd98f00b204e9800998ecf8427e
  register: files

- name: Stop where one is bad
  ansible.builtin.assert:
    that: files.verdicts | selectattr('verdict', 'in', ['malware', 'phishing', 'c2']) | length == 0

- name: Ask with a key from before service accounts
  panw.cloud.wildfire_verdict_info:
    api_key: "{{ old_api_key }}"
    hashes: "{{ files.verdicts | map(attribute='sha256') }}"
"""

RETURN = r"""
verdicts:
  description: One answer for each of O(hashes), in the same order.
  returned: success
  type: list
  elements: dict
  contains:
    hash:
      description: The hash that was asked for, in small letters.
      type: str
      returned: always
    verdict:
      description:
        - V(benign), V(malware), V(grayware), V(phishing) or V(c2); V(pending) while the file is being analysed, V(error) where that failed, V(unknown)
          where WildFire has never seen the file, V(invalid_hash) where it does not take the hash for one.
        - V(unnamed) for a code that the vendor does not document.
        - If several files have the MD5, the worst of their verdicts.
      type: str
      returned: always
    code:
      description: The verdict as WildFire writes it, a number.
      type: int
      returned: always
    sha256:
      description: The SHA-256 of the file that the verdict is about. Null if WildFire does not return it.
      type: str
      returned: always
    md5:
      description: The MD5 of the file. Null if WildFire does not return it.
      type: str
      returned: always
    files:
      description: All files that WildFire knows with this hash, in its order, each with C(verdict), C(code), C(sha256) and C(md5).
      type: list
      elements: dict
      returned: always
  sample:
    - hash: d41d8cd98f00b204e9800998ecf8427e
      verdict: benign
      code: 0
      sha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
      md5: d41d8cd98f00b204e9800998ecf8427e
      files:
        - verdict: benign
          code: 0
          sha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
          md5: d41d8cd98f00b204e9800998ecf8427e
error:
  description: What is known about the failure, as M(panw.cloud.scm_service_account) describes it.
  returned: failure
  type: dict
  sample:
    kind: quota_exceeded
    status: 419
"""

import dataclasses
from typing import Any

from ansible_collections.panw.cloud.plugins.module_utils._module.argspec import scm_spec, wildfire_spec
from ansible_collections.panw.cloud.plugins.module_utils._module.scm import OpenTask, run_with
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.client import BoundAccount, WildfireClient
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.options import (
    calling_credentials,
    legacy_key,
    wildfire_url,
)
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.verdicts import check_hashes, read_verdicts

SPEC: dict[str, Any] = {
    **wildfire_spec(),
    **{name: {**scm_spec()[name], "required": False} for name in ("client_id", "client_secret", "tsg_id")},
    "hashes": {"type": "list", "elements": "str", "required": True},
    "api_key": {"type": "str", "no_log": True},
    "agent": {"type": "str"},
}


def work(task: OpenTask) -> dict[str, Any]:
    """Get the verdicts."""
    params = task.params
    hashes, url = check_hashes(params["hashes"]), wildfire_url(params)
    proof = legacy_key(params) or BoundAccount(task.tokens_of(calling_credentials(params)))
    verdicts = read_verdicts(WildfireClient(task.http, url, proof), hashes)
    return {"changed": False, "verdicts": [dataclasses.asdict(verdict) for verdict in verdicts]}


def main() -> None:
    """The module."""
    run_with(OpenTask, work, SPEC, required_by={"agent": "api_key"})


if __name__ == "__main__":
    main()
