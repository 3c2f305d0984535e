#!/usr/bin/python
# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: role_options
version_added: 0.2.0
short_description: Convert the variables of a role to the types of its argument spec
description:
  - ansible-core checks the variables of a role against its argument spec, but converts nothing. Extra vars and surveys pass strings, so
    C(-e my_role_switch=false) would be the string V(false), which is true.
  - This action converts each variable once, at the start of a role, or rejects it with its name and type. The roles of this collection use it.
  - Values of other types are converted to strings only if the result is unambiguous. Integers and dates are; booleans and floats are not.
author: []
options:
  argument_specs:
    description:
      - The path of a role's C(meta/argument_specs.yml); defaults to that of the role that the task belongs to.
      - The name of the role's directory is the prefix of its variables.
    type: path
  entry_point:
    description:
      - The entry point in that file.
    type: str
    default: main
  texts:
    description:
      - Names of options of type C(dict), without the prefix, whose values must all be strings, such as tags. Numbers and booleans are
        converted as in JSON.
    type: list
    elements: str
    default: []
  hosts:
    description:
      - Hosts whose own variables are also converted.
    type: list
    elements: str
    default: []
  module_defaults:
    description:
      - Options without the prefix, by the key of C(module_defaults) that has their values if the variable is empty, such as C(group/panw.cloud.ngfw).
      - A module does not get its default for an option that a task passes as C(omit).
    type: dict
    default: {}
attributes:
  action_group:
    description: Use C(group/panw.cloud.ngfw) or C(group/panw.cloud.scm) in C(module_defaults) to set defaults for this module.
    support: none
    membership: []
  check_mode:
    description: Can run in check mode and return what it would do, without changing anything.
    support: full
  diff_mode:
    description: Returns details on what has changed when in diff mode.
    support: none
notes:
  - Runs on the controller. Its result is not shown, because variables can hold secrets.
seealso:
  - ref: ansible_collections.panw.cloud.docsite.guide_troubleshooting
    description: Each kind of error with its causes. In the collection this is C(docs/docsite/rst/guide_troubleshooting.rst).
"""

EXAMPLES = r"""
- name: Validate role variables
  panw.cloud.role_options:
    argument_specs: "{{ role_path }}/meta/argument_specs.yml"
    texts: [tags]
  register: my_role
"""

RETURN = r"""
options:
  description: The options of the role by name without the prefix, in the types of the argument spec. Unset options are null.
  returned: success
  type: dict
  sample: {state: present, tags: {cost_center: "4711"}}
hosts:
  description: The same for each host in O(hosts), only with options that are set in the host's own variables.
  returned: success
  type: dict
  sample: {}
"""
