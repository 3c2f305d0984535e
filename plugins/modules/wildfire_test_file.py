#!/usr/bin/python
# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: wildfire_test_file
version_added: 0.2.0
short_description: Download a WildFire test file
description:
  - Writes a file that is harmless, and that WildFire classifies as malware, to test the way from a file to its verdict.
  - Each download has a new hash, which WildFire does not know before the file is submitted.
author: []  # those of galaxy.yml
options:
  type:
    description:
      - The type of the file.
    type: str
    choices: [pe, apk, macos, elf]
    default: pe
  dest:
    description:
      - The path of the file to write, on the managed host. Its directory must exist.
    type: path
    required: true
  force:
    description:
      - Whether to download a new file if O(dest) exists.
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
  - Neither an account nor a key is needed, and no quota is used. The options for them are accepted, so that C(module_defaults) of the group may set them.
  - Firewalls and virus scanners may block the file, as they should.
seealso:
  - module: panw.cloud.wildfire_submission
"""

EXAMPLES = r"""
- name: Download a test file
  panw.cloud.wildfire_test_file:
    type: elf
    dest: "{{ quarantine_directory }}/wildfire-test"
  register: test_file

- name: Submit it
  panw.cloud.wildfire_submission:
    client_id: "{{ scanner.client_id }}"
    client_secret: "{{ scanner.client_secret }}"
    tsg_id: "{{ scm_tsg_id }}"
    paths:
      - "{{ test_file.dest }}"
    wait: true
    wait_interval: 1
"""

RETURN = r"""
dest:
  description: The path of the file.
  returned: success
  type: str
  sample: /tmp/wildfire-test
filename:
  description: The server's name for the file. Null if it was not downloaded.
  returned: success
  type: str
  sample: wildfire-test-elf-file
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

from ansible_collections.panw.cloud.plugins.module_utils._module.scm import OpenTask, run_with
from ansible_collections.panw.cloud.plugins.module_utils._module.wildfire_argspec import caller_spec, file_spec
from ansible_collections.panw.cloud.plugins.module_utils._module.wildfire_file import Target
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.downloads import TEST_FILES, read_test_file
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.options import wildfire_url

SPEC: dict[str, Any] = {
    **caller_spec(),
    **file_spec(),
    "type": {"type": "str", "choices": list(TEST_FILES), "default": "pe"},
}


def work(task: OpenTask) -> dict[str, Any]:
    """Download the file if it is needed."""
    url = wildfire_url(task.params)
    download = functools.partial(read_test_file, task.http, url, task.params["type"])
    return Target.of(task.params).ensure(download, check_mode=task.check_mode)


def main() -> None:
    """Run the module."""
    run_with(OpenTask, work, SPEC)


if __name__ == "__main__":
    main()
