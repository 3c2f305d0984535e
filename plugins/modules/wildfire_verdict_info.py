#!/usr/bin/python
# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: wildfire_verdict_info
version_added: 0.2.0
short_description: Get WildFire verdicts for files
description:
  - Queries the WildFire verdicts for files by their hashes.
  - Authenticates as a service account that is bound to a WildFire key, or with a key from before service accounts.
author: []  # those of galaxy.yml
options:
  hashes:
    description:
      - The MD5 or SHA-256 hashes of the files. All are validated before the first query.
    type: list
    elements: str
    required: true
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
  - Up to 500 hashes go into one request, and each request counts as one query of the daily quota, 1050 by default.
  - WildFire can know several files with the same MD5. The result for such a hash has the worst of their verdicts, and lists all files.
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

- name: Fail if a file is malicious
  ansible.builtin.assert:
    that: files.verdicts | selectattr('verdict', 'in', ['malware', 'phishing', 'c2']) | length == 0

- name: Query with a key from before service accounts
  panw.cloud.wildfire_verdict_info:
    api_key: "{{ old_api_key }}"
    hashes: "{{ files.verdicts | map(attribute='sha256') }}"
"""

RETURN = r"""
verdicts:
  description: One result for each of O(hashes), in the same order.
  returned: success
  type: list
  elements: dict
  contains:
    hash:
      description: The queried hash, in lowercase.
      type: str
      returned: always
    verdict:
      description:
        - V(benign), V(malware), V(grayware), V(phishing) or V(c2); V(pending) while the file is being analyzed, V(error) if that failed, V(unknown)
          if WildFire has never seen the file, V(invalid_hash) if it rejects the hash.
        - V(unnamed) for a code that the vendor does not document.
        - The worst verdict if several files have the MD5.
      type: str
      returned: always
    code:
      description: WildFire's numeric code of the verdict.
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
  description: Details of the failure, see M(panw.cloud.scm_service_account).
  returned: failure
  type: dict
  sample:
    kind: quota_exceeded
    status: 419
"""

import dataclasses
from typing import Any

from ansible_collections.panw.cloud.plugins.module_utils._module.argspec import scm_spec
from ansible_collections.panw.cloud.plugins.module_utils._module.scm import OpenTask, run_with
from ansible_collections.panw.cloud.plugins.module_utils._module.wildfire_argspec import wildfire_spec
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
    """Run the module."""
    run_with(OpenTask, work, SPEC, required_by={"agent": "api_key"})


if __name__ == "__main__":
    main()
