#!/usr/bin/python
# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: wildfire_verdict_info
version_added: 0.2.0
short_description: Get WildFire verdicts for files and web pages
description:
  - Queries the WildFire verdicts for files by their hashes, for web pages by their URLs, and for samples whose verdict has changed.
  - Authenticates as a service account that is bound to a WildFire key, or with a key from before service accounts.
author: []  # those of galaxy.yml
options:
  hashes:
    description:
      - The MD5 or SHA-256 hashes of files. All are validated before the first query.
      - At least one of O(hashes), O(urls) and O(changed_since) is required.
    type: list
    elements: str
  urls:
    description:
      - The URLs of web pages, for which URL analysis has verdicts. Each counts as one query, because the API has no batches for URLs.
      - According to the vendor, only the global cloud has URL analysis.
    type: list
    elements: str
  changed_since:
    description:
      - Return the samples whose verdict has changed since this day, as C(YYYY-MM-DD) in UTC, at most 30 days ago.
    type: str
extends_documentation_fragment:
  - panw.cloud.wildfire
  - panw.cloud.wildfire.caller
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
  - module: panw.cloud.wildfire_submission
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

- name: Get the verdict of a page, and all changes since yesterday
  panw.cloud.wildfire_verdict_info:
    client_id: "{{ scanner.client_id }}"
    client_secret: "{{ scanner.client_secret }}"
    tsg_id: "{{ scm_tsg_id }}"
    urls:
      - https://www.example.com
    changed_since: "{{ '%Y-%m-%d' | ansible.builtin.strftime(now(utc=true).timestamp() - 86400) }}"

- name: Query with a key from before service accounts
  panw.cloud.wildfire_verdict_info:
    api_key: "{{ old_api_key }}"
    hashes: "{{ files.verdicts | map(attribute='sha256') }}"
"""

RETURN = r"""
verdicts:
  description: One result for each of O(hashes), in the same order. Empty without them.
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
url_verdicts:
  description: One result for each of O(urls), in the same order. Empty without them.
  returned: success
  type: list
  elements: dict
  contains:
    url:
      description: The queried URL.
      type: str
      returned: always
    verdict:
      description: The verdict, in the words of RV(verdicts); V(unknown) if the page was never submitted.
      type: str
      returned: always
    code:
      description: WildFire's numeric code of the verdict.
      type: int
      returned: always
  sample:
    - url: https://www.example.com
      verdict: benign
      code: 0
changed_verdicts:
  description: The samples whose verdict has changed since O(changed_since), in WildFire's order. Null without it.
  returned: success
  type: list
  elements: dict
  contains:
    sha256:
      description: The SHA-256 of the sample.
      type: str
      returned: always
    md5:
      description: The MD5 of the sample. Null if WildFire does not return it.
      type: str
      returned: always
    verdict:
      description: The new verdict, in the words of RV(verdicts).
      type: str
      returned: always
    code:
      description: WildFire's numeric code of the verdict.
      type: int
      returned: always
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
    kind: quota_exceeded
    status: 419
"""

import dataclasses
from typing import Any

from ansible_collections.panw.cloud.plugins.module_utils._module.wildfire import WildfireTask, run
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.options import day, page_urls
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.verdicts import (
    check_hashes,
    read_changed_verdicts,
    read_url_verdicts,
    read_verdicts,
)

SPEC: dict[str, Any] = {
    "hashes": {"type": "list", "elements": "str"},
    "urls": {"type": "list", "elements": "str"},
    "changed_since": {"type": "str"},
}


def work(task: WildfireTask) -> dict[str, Any]:
    """Get the verdicts."""
    params, client = task.params, task.client
    hashes = None if params["hashes"] is None else check_hashes(params["hashes"])
    since, urls = day(params, "changed_since"), page_urls(params, "urls")
    verdicts = read_verdicts(client, hashes) if hashes else []
    pages = read_url_verdicts(client, urls)
    changed = None if since is None else read_changed_verdicts(client, since)
    return {
        "changed": False,
        "verdicts": [dataclasses.asdict(verdict) for verdict in verdicts],
        "url_verdicts": [dataclasses.asdict(verdict) for verdict in pages],
        "changed_verdicts": None if changed is None else [dataclasses.asdict(sample) for sample in changed],
        "queries": client.queries,
    }


def main() -> None:
    """Run the module."""
    run(work, SPEC, required_one_of=[tuple(SPEC)])


if __name__ == "__main__":
    main()
