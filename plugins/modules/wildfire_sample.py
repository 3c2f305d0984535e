#!/usr/bin/python
# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: wildfire_sample
version_added: 0.2.0
short_description: Download samples, packet captures and web artifacts from WildFire
description:
  - Writes a sample, a packet capture of its analysis, or the artifacts of a web page to a file. The file is written as a whole or not at all, and
    it is never executed or unpacked.
  - The hash of a sample is verified before it is written. A file that has it already is not downloaded again.
author: []  # those of galaxy.yml
options:
  content:
    description:
      - What to download. A packet capture exists for malware only, for 90 days. Web artifacts are a gzipped tar archive.
    type: str
    choices: [sample, packet_capture, web_artifacts]
    default: sample
  hash:
    description:
      - The MD5 or SHA-256 hash of the sample. Required unless O(content=web_artifacts).
    type: str
  url:
    description:
      - The URL of the web page. Required for O(content=web_artifacts).
    type: str
  platform:
    description:
      - The number of the environment whose packet capture to get. By default, WildFire chooses one that found malware.
    type: int
  artifacts:
    description:
      - Which web artifacts to get.
    type: list
    elements: str
    choices: [screenshot, download_files]
    default: [screenshot, download_files]
  dest:
    description:
      - The path of the file to write, on the managed host. Its directory must exist.
    type: path
    required: true
  force:
    description:
      - Whether to download a packet capture or web artifacts again if O(dest) exists. Samples are compared by their hash, and need no O(force).
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
      - Downloads nothing.
  diff_mode:
    support: none
notes:
  - B(Samples can be malware.) The file is readable by its owner only, and not executable. Keep it away from virus scanners that delete what they find,
    and from people who open it.
  - Files of up to 256 MiB are held in memory.
seealso:
  - module: panw.cloud.wildfire_report_info
  - name: Get a Packet Capture
    description: The vendor's list of platforms.
    link: https://docs.paloaltonetworks.com/wildfire/u-v/wildfire-api/get-wildfire-information-through-the-wildfire-api/get-a-packet-capture-wildfire-api
"""

EXAMPLES = r"""
- name: Download a sample
  panw.cloud.wildfire_sample:
    client_id: "{{ scanner.client_id }}"
    client_secret: "{{ scanner.client_secret }}"
    tsg_id: "{{ scm_tsg_id }}"
    hash: 2f293f67aa33f2ce247b28d6fb2fef2623cfde731f96b3d7f84ae74e9e192bdd
    dest: "{{ quarantine_directory }}/sample"

- name: Download the packet capture of its analysis
  panw.cloud.wildfire_sample:
    client_id: "{{ scanner.client_id }}"
    client_secret: "{{ scanner.client_secret }}"
    tsg_id: "{{ scm_tsg_id }}"
    content: packet_capture
    hash: 2f293f67aa33f2ce247b28d6fb2fef2623cfde731f96b3d7f84ae74e9e192bdd
    dest: "{{ quarantine_directory }}/sample.pcap"

- name: Download the screenshot of a page
  panw.cloud.wildfire_sample:
    client_id: "{{ scanner.client_id }}"
    client_secret: "{{ scanner.client_secret }}"
    tsg_id: "{{ scm_tsg_id }}"
    content: web_artifacts
    url: https://www.google.com
    artifacts: [screenshot]
    dest: "{{ quarantine_directory }}/page.tgz"
"""

RETURN = r"""
dest:
  description: The path of the file.
  returned: success
  type: str
  sample: /var/quarantine/sample
filename:
  description: The server's name for the file. Null if it was not downloaded.
  returned: success
  type: str
  sample: 2f293f67aa33f2ce247b28d6fb2fef2623cfde731f96b3d7f84ae74e9e192bdd.000
mode:
  description: The mode of the file, as an octal number. In check mode, that of an existing file.
  returned: success
  type: str
  sample: '0600'
size:
  description: The size of the file in bytes. Null if it does not exist, in check mode.
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
  description: The SHA-256 of the file. Null if it does not exist, in check mode.
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

import functools
from typing import Any

from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.panw.cloud.plugins.module_utils._module.wildfire import WildfireTask, run
from ansible_collections.panw.cloud.plugins.module_utils._module.wildfire_argspec import file_spec
from ansible_collections.panw.cloud.plugins.module_utils._module.wildfire_file import Target
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.downloads import (
    ARTIFACTS,
    Hash,
    read_artifacts,
    read_capture,
    read_sample,
)
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.options import check_url
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.verdicts import check_hash

SPEC: dict[str, Any] = {
    **file_spec(),
    "content": {
        "type": "str",
        "choices": ["sample", "packet_capture", "web_artifacts"],
        "default": "sample",
    },
    "hash": {"type": "str"},
    "url": {"type": "str"},
    "platform": {"type": "int"},
    "artifacts": {"type": "list", "elements": "str", "choices": list(ARTIFACTS), "default": list(ARTIFACTS)},
}
CONDITIONS = [("content", kind, ["hash"]) for kind in ("sample", "packet_capture")] + [
    ("content", "web_artifacts", ["url"])
]


def work(task: WildfireTask) -> dict[str, Any]:
    """Download the file if it is needed."""
    params, client = task.params, task.client
    if params["content"] == "web_artifacts":
        check_url("url", params["url"], ("http", "https"))
        if not params["artifacts"]:
            raise InvalidInput("artifacts", "is empty. Name at least one kind.")
        target, download = (
            Target.of(params),
            functools.partial(read_artifacts, client, params["url"], params["artifacts"]),
        )
    else:
        hash_ = Hash(check_hash(params["hash"]))
        if params["content"] == "sample":
            target, download = Target.of(params, hash_), functools.partial(read_sample, client, hash_)
        else:
            target, download = Target.of(params), functools.partial(read_capture, client, hash_, params["platform"])
    return {**target.ensure(download, check_mode=task.check_mode), "queries": client.queries}


def main() -> None:
    """Run the module."""
    run(work, SPEC, required_if=CONDITIONS)


if __name__ == "__main__":
    main()
