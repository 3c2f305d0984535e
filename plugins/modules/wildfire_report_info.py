#!/usr/bin/python
# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: wildfire_report_info
version_added: 0.2.0
short_description: Get WildFire analysis reports
description:
  - Returns WildFire's analysis report on a file as structured data, or writes it to a file as PDF, XML or MAEC.
  - Returns the report on a web page as the vendor structures it.
author: []  # those of galaxy.yml
options:
  hash:
    description:
      - The MD5 or SHA-256 hash of the file. Exactly one of O(hash) and O(url) is required.
    type: str
  url:
    description:
      - The URL of the web page.
    type: str
  dest:
    description:
      - The path of a file to write the report on O(hash) to, on the managed host. Its directory must exist.
      - An existing file is replaced only with O(force).
    type: path
  format:
    description:
      - The format of that file. MAEC is a standard for descriptions of malware, in JSON.
    type: str
    choices: [pdf, xml, maec]
    default: pdf
  force:
    description:
      - Whether to replace O(dest) if it exists. Reports change when a file is analyzed again.
    type: bool
    default: false
extends_documentation_fragment:
  - panw.cloud.wildfire
  - panw.cloud.wildfire.caller
  - panw.cloud.wildfire.file
  - panw.cloud.scm
  - panw.cloud.scm.attributes
attributes:
  check_mode:
    support: full
    details:
      - Writes no file. Structured reports are returned.
  diff_mode:
    support: none
notes:
  - The task fails with the kind C(not_found) if there is no report, or not yet. The vendor recommends to wait at least five minutes after a submission.
seealso:
  - module: panw.cloud.wildfire_verdict_info
  - module: panw.cloud.wildfire_sample
"""

EXAMPLES = r"""
- name: Get the report on a file
  panw.cloud.wildfire_report_info:
    client_id: "{{ scanner.client_id }}"
    client_secret: "{{ scanner.client_secret }}"
    tsg_id: "{{ scm_tsg_id }}"
    hash: 2f293f67aa33f2ce247b28d6fb2fef2623cfde731f96b3d7f84ae74e9e192bdd
  register: known

- name: Show what the analyzers observed
  ansible.builtin.debug:
    msg: "{{ known.report.analyses | map(attribute='summary') | flatten }}"

- name: Write the report as PDF
  panw.cloud.wildfire_report_info:
    client_id: "{{ scanner.client_id }}"
    client_secret: "{{ scanner.client_secret }}"
    tsg_id: "{{ scm_tsg_id }}"
    hash: 2f293f67aa33f2ce247b28d6fb2fef2623cfde731f96b3d7f84ae74e9e192bdd
    dest: "{{ quarantine_directory }}/report.pdf"

- name: Get the report on a page
  panw.cloud.wildfire_report_info:
    client_id: "{{ scanner.client_id }}"
    client_secret: "{{ scanner.client_secret }}"
    tsg_id: "{{ scm_tsg_id }}"
    url: https://www.google.com
"""

RETURN = r"""
report:
  description: The report on the file. Null with O(url) or O(dest).
  returned: success
  type: dict
  contains:
    sha256:
      description: The SHA-256 of the file.
      type: str
      returned: always
    sha1:
      description: The SHA-1 of the file. Null if WildFire does not return it.
      type: str
      returned: always
    md5:
      description: The MD5 of the file.
      type: str
      returned: always
    size:
      description: The size of the file in bytes.
      type: int
      returned: always
    file_type:
      description: The type of the file, in WildFire's words.
      type: str
      returned: always
    malware:
      description: Whether the file is malware.
      type: bool
      returned: always
    analyses:
      description: The findings of each analyzer.
      type: list
      elements: dict
      returned: always
      contains:
        platform:
          description: The vendor's number of the environment.
          type: int
          returned: always
        software:
          description: The software of the environment, or the name of the static analyzer.
          type: str
          returned: always
        malware:
          description: What this analyzer found, in WildFire's words, such as C(yes), C(no) or C(suspicious).
          type: str
          returned: always
        summary:
          description: What was observed.
          type: list
          elements: str
          returned: always
        details:
          description:
            - All other elements of the report, as lists by their names. An element is its text, or a dictionary of its attributes, its elements
              as lists by their names, and its text under C(text).
          type: dict
          returned: always
page_report:
  description: The report on the web page, as the vendor structures it. Null without O(url).
  returned: success
  type: dict
  sample:
    verdict: phishing
dest:
  description: The path of the file. Null without O(dest).
  returned: success
  type: str
  sample: /var/reports/report.pdf
filename:
  description: A name for the file, by its hash. Null if it was not written.
  returned: success
  type: str
  sample: 2f293f67aa33f2ce247b28d6fb2fef2623cfde731f96b3d7f84ae74e9e192bdd.pdf
mode:
  description: The mode of the file, as an octal number. Null without O(dest).
  returned: success
  type: str
  sample: '0600'
size:
  description: The size of the file in bytes. Null without a file.
  returned: success
  type: int
  sample: 4096
owner:
  description: The owner of the file. Like RV(uid), RV(group), RV(gid) and RV(state), it is missing if the file does not exist.
  returned: if the file exists
  type: str
  sample: root
uid:
  description: The user id of the owner.
  returned: if the file exists
  type: int
  sample: 0
group:
  description: The group of the file.
  returned: if the file exists
  type: str
  sample: root
gid:
  description: The id of the group.
  returned: if the file exists
  type: int
  sample: 0
state:
  description: Always V(file).
  returned: if the file exists
  type: str
  sample: file
sha256:
  description: The SHA-256 of the file. Null without a file.
  returned: success
  type: str
  sample: 2f293f67aa33f2ce247b28d6fb2fef2623cfde731f96b3d7f84ae74e9e192bdd
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

import dataclasses
from typing import Any

from ansible_collections.panw.cloud.plugins.module_utils._module.wildfire import WildfireTask, run
from ansible_collections.panw.cloud.plugins.module_utils._module.wildfire_argspec import file_spec
from ansible_collections.panw.cloud.plugins.module_utils._module.wildfire_file import NO_FILE, Target
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.client import Attachment
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.options import check_url
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.reports import (
    FORMATS,
    read_report,
    read_report_file,
    read_url_report,
)
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.verdicts import check_hash

SPEC: dict[str, Any] = {
    **file_spec(),
    "dest": {"type": "path"},
    "hash": {"type": "str"},
    "url": {"type": "str"},
    "format": {"type": "str", "choices": list(FORMATS), "default": FORMATS[0]},
}


def work(task: WildfireTask) -> dict[str, Any]:
    """Get the report."""
    params, client = task.params, task.client
    result: dict[str, Any] = {"changed": False, "report": None, "page_report": None, **NO_FILE}
    if params["url"] is not None:
        check_url("url", params["url"], ("http", "https"))
        result["page_report"] = read_url_report(client, params["url"])
    elif params["dest"] is None:
        digest = check_hash(params["hash"])
        result["report"] = dataclasses.asdict(read_report(client, digest))
    else:
        result.update(_written(task))
    return {**result, "queries": client.queries}


def _written(task: WildfireTask) -> dict[str, Any]:
    format_ = task.params["format"]
    digest = check_hash(task.params["hash"])

    def download() -> Attachment:
        return Attachment(f"{digest}.{format_}", read_report_file(task.client, digest, format_))

    return Target.of(task.params).ensure(download, check_mode=task.check_mode)


def main() -> None:
    """Run the module."""
    run(work, SPEC, required_one_of=[("hash", "url")], mutually_exclusive=[("hash", "url"), ("dest", "url")])


if __name__ == "__main__":
    main()
