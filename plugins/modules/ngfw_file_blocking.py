#!/usr/bin/python
# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: ngfw_file_blocking
version_added: 0.2.0
short_description: Manage the file blocking of rulestacks of Cloud NGFW for AWS
description:
  - Sets what the custom file blocking profile of a rulestack does with a file type.
  - The API has no call that removes a setting.
author: []  # those of galaxy.yml
options:
  file_type:
    description: The file type, such as C(exe).
    type: str
    required: true
  description:
    description: A description of up to 255 characters.
    type: str
  action:
    description: What to do with files of this type. Required if the file type has no setting yet.
    type: str
    choices: [alert, block, continue]
  direction:
    description: The direction of the transfer. Required if the file type has no setting yet.
    type: str
    choices: [upload, download, both]
extends_documentation_fragment:
  - panw.cloud.ngfw
  - panw.cloud.ngfw.session
  - panw.cloud.ngfw.attributes
  - panw.cloud.ngfw.resource
  - panw.cloud.ngfw.commit
  - amazon.aws.common.modules
  - amazon.aws.region.modules
seealso:
  - module: panw.cloud.ngfw_rulestack
  - module: panw.cloud.ngfw_rulestack_commit
  - module: panw.cloud.ngfw_rulestack_config
"""

EXAMPLES = r"""
- name: Block downloads of executables
  panw.cloud.ngfw_file_blocking:
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    rulestack: web-egress
    file_type: exe
    action: block
    direction: download
"""

RETURN = r"""
operation:
  description: What the task does, or would do in check mode. C(create), C(update) or C(none).
  returned: success
  type: str
  sample: update
section:
  description: The section of a document of M(panw.cloud.ngfw_rulestack_config) for such resources, for M(panw.cloud.ngfw_rulestack_commit).
  returned: success
  type: str
  sample: file_blocking
name:
  description: The name, for M(panw.cloud.ngfw_rulestack_commit).
  returned: success
  type: str
  sample: exe
before:
  description: The setting in the candidate before the task. Null if it did not exist.
  returned: success
  type: dict
  sample:
    action: alert
    direction: both
after:
  description: The setting in the candidate after the task. Null if it does not exist.
  returned: success
  type: dict
  sample:
    action: block
    direction: download
commit:
  description: The end of the commit, as the API reports it.
  returned: when the task committed
  type: dict
  sample:
    commit_status: Success
    commit_messages: []
error:
  description: Details of the failure, see M(panw.cloud.ngfw_token). Invalid options are all listed in C(problems).
  returned: failure
  type: dict
  sample:
    kind: conflict
    status: 200
"""

from ansible_collections.panw.cloud.plugins.module_utils._module.resource import run_resource
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.catalog.objects import FILE_BLOCKING


def main() -> None:
    """Run the module."""
    run_resource(FILE_BLOCKING)


if __name__ == "__main__":
    main()
