#!/usr/bin/python
# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: wildfire_submission
version_added: 0.2.0
short_description: Submit files and links to WildFire
description:
  - Submits files of the managed host, files on web servers and links to web pages to WildFire for analysis, and returns the verdicts.
  - Files are hashed in place, and all verdicts are looked up first, 500 hashes per query. Only what WildFire does not know is submitted, so
    a second run submits nothing.
  - On request waits for the verdicts, and shows the progress.
author: []  # those of galaxy.yml
options:
  paths:
    description:
      - Files, directories and patterns on the managed host. At least one of O(paths), O(remote_files) and O(links) is required.
      - Of a directory, its regular files are taken. Symbolic links in it are not followed.
    type: list
    elements: str
  recurse:
    description:
      - Whether to include the subdirectories of directories.
    type: bool
    default: false
  remote_files:
    description:
      - Files on web servers, which WildFire downloads by itself.
    type: list
    elements: dict
    suboptions:
      url:
        description: The URL of the file. WildFire has to reach it from the internet.
        type: str
        required: true
      filename:
        description: The name of the file. WildFire needs it for scripts, which it recognizes by their extension.
        type: str
      sha256:
        description: The SHA-256 of the file. Without it, the file is submitted by each run, because WildFire knows files by their hash only.
        type: str
  links:
    description:
      - Links to web pages. Up to 1000 go into one upload, but to look up each of them costs one query.
    type: list
    elements: str
  max_uploads:
    description:
      - The maximum number of uploads. If more are needed, the task fails before the first one. The default is the daily quota of most keys.
      - The API does not return what is left of the quota. If it ends during the task, the task fails, and returns what was submitted.
    type: int
    default: 150
  max_file_size:
    description:
      - Larger files are not submitted, in bytes. The vendor does not document the limit of the API.
    type: int
    default: 104857600
  check_types:
    description:
      - Whether to submit only files of types that WildFire analyzes, according to their content, or their extension for scripts.
    type: bool
    default: true
  on_ineligible:
    description:
      - What to do with files that are empty, too large or of an unsupported type, and with files and URLs that WildFire rejects.
      - With V(fail), ineligible files fail the task before the first upload. With V(skip), they are in the result, with the reason.
    type: str
    choices: [skip, fail]
    default: skip
  wait:
    description:
      - Whether to wait until all samples have a verdict. Each O(wait_interval) costs one query per 500 files, and one per link.
    type: bool
    default: false
  wait_timeout:
    description:
      - How long to wait, in seconds. After that, the task fails, and returns the verdicts so far.
      - According to the vendor, full analysis takes up to five minutes.
    type: int
    default: 900
  wait_interval:
    description:
      - How often to query, in seconds. The vendor recommends to wait at least 30 seconds before the first query.
    type: int
    default: 30
extends_documentation_fragment:
  - panw.cloud.wildfire
  - panw.cloud.wildfire.caller
  - panw.cloud.scm
  - panw.cloud.scm.attributes
attributes:
  check_mode:
    support: full
    details:
      - Looks up verdicts, which costs queries, and submits nothing. The result is that of a real run, without verdicts of new samples.
  diff_mode:
    support: none
notes:
  - B(WildFire keeps what you submit.) Do not submit files with secrets or personal data.
  - Files are read into memory one by one.
seealso:
  - module: panw.cloud.wildfire_verdict_info
  - module: panw.cloud.wildfire_report_info
"""

EXAMPLES = r"""
- name: Submit all files of a directory that WildFire does not know
  panw.cloud.wildfire_submission:
    client_id: "{{ scanner.client_id }}"
    client_secret: "{{ scanner.client_secret }}"
    tsg_id: "{{ scm_tsg_id }}"
    paths:
      - "{{ upload_directory }}"
    recurse: true
    wait: true
    wait_interval: 1
  register: submitted

- name: Show what is malicious
  ansible.builtin.debug:
    msg: "{{ submitted.samples | selectattr('verdict', 'in', ['malware', 'phishing', 'c2']) | map(attribute='path') }}"

- name: Submit a file on a web server, and a page
  panw.cloud.wildfire_submission:
    client_id: "{{ scanner.client_id }}"
    client_secret: "{{ scanner.client_secret }}"
    tsg_id: "{{ scm_tsg_id }}"
    remote_files:
      - url: https://www.example.com/setup
        filename: setup.sh
    links:
      - https://www.example.com
"""

RETURN = r"""
samples:
  description: One entry for each file, remote file and link, in this order. After a failure, what is known by then.
  returned: success, and failure after the lookup
  type: list
  elements: dict
  contains:
    kind:
      description: V(file), V(remote_file) or V(link).
      type: str
      returned: always
    path:
      description: The path of the file. Null for a URL.
      type: str
      returned: always
    url:
      description: The URL. Null for a file.
      type: str
      returned: always
    sha256:
      description: The SHA-256 of the file; of a link, that of its URL. Null if unknown.
      type: str
      returned: always
    md5:
      description: The MD5, if WildFire returned it.
      type: str
      returned: always
    size:
      description: The size in bytes. Null if unknown.
      type: int
      returned: always
    file_type:
      description: The type of the file, in WildFire's words if it was submitted. Null if unknown.
      type: str
      returned: always
    status:
      description:
        - V(known) if WildFire knew it, V(submitted) if the task submitted it, V(skipped) if the task did not, V(rejected) if WildFire did not accept it.
      type: str
      returned: always
    reason:
      description:
        - V(empty), V(too_large) or V(unsupported_type) for what was skipped, V(interrupted) for what was left after a failure, the server's words for what
          was rejected. Otherwise null.
      type: str
      returned: always
    verdict:
      description: The verdict, in the words of M(panw.cloud.wildfire_verdict_info). V(pending) for what was submitted and not waited for.
      type: str
      returned: always
    code:
      description: WildFire's numeric code of the verdict.
      type: int
      returned: always
  sample:
    - kind: file
      path: /srv/uploads/setup.exe
      url: null
      sha256: 2f293f67aa33f2ce247b28d6fb2fef2623cfde731f96b3d7f84ae74e9e192bdd
      md5: f3f0c6e992b7562598d9865b6fe8b3a6
      size: 7
      file_type: pe
      status: known
      reason: null
      verdict: malware
      code: 1
pending:
  description: How many samples have no verdict yet.
  returned: success, and failure after the lookup
  type: int
  sample: 0
queries:
  description: The number of daily queries that the task used.
  returned: success, and failure after the lookup
  type: int
  sample: 1
uploads:
  description: The number of daily uploads that the task used.
  returned: success, and failure after the lookup
  type: int
  sample: 0
error:
  description: Details of the failure, see M(panw.cloud.scm_service_account).
  returned: failure
  type: dict
  sample:
    kind: quota_exceeded
    status: 419
"""

from typing import Any

from ansible_collections.panw.cloud.plugins.module_utils._module.submission import SOURCES, submission_spec, work
from ansible_collections.panw.cloud.plugins.module_utils._module.wildfire import run

SPEC: dict[str, Any] = submission_spec()


def main() -> None:
    """Run the module."""
    run(work, SPEC, required_one_of=[SOURCES])


if __name__ == "__main__":
    main()
