# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
name: ngfw_stored_token
version_added: 0.2.0
short_description: The current Cloud NGFW for AWS token of a store, with its subscription key
description:
  - Reads a token that M(panw.cloud.ngfw_stored_token) or M(panw.cloud.ngfw_token_rotation) keeps in a store, for programs and for modules of other
    collections that need the token itself.
  - The modules of this collection have the option C(token_store) and need no lookup.
  - The options are those of C(token_store), with the AWS connection options. There are no positional arguments.
  - It fails if the token is missing or has expired, or is not for O(admin_role). It is not checked whether the token was revoked; use
    M(panw.cloud.ngfw_stored_token_info) with C(verify).
author: []  # those of galaxy.yml
options:
  type:
    description: The kind of the store.
    type: str
    choices: [secretsmanager, ssm, hashi_vault, file]
    default: secretsmanager
  name:
    description: The name of the secret or parameter, or in HashiCorp Vault the path of the secret.
    type: str
  path:
    description: The absolute path of the file, on the controller.
    type: path
  vault_password_file:
    description: A file with the Ansible Vault password that encrypts the stored file.
    type: path
  admin_role:
    description: The admin role that the token must be for. If omitted, any token of the store is returned.
    type: str
    choices: [firewall, rulestack, global_rulestack, account]
extends_documentation_fragment:
  - panw.cloud.store.hashi_vault
  - amazon.aws.common.modules
  - amazon.aws.region.modules
notes:
  - The store is read on the controller, with the AWS credentials of the controller. The environment of the task does not apply to lookups.
  - Ansible evaluates a lookup each time that a value with it is used, and each time reads the store.
  - "B(ansible-core 2.18 to 2.21 cannot mask values, and so this lookup cannot keep them out of the output.) They print both secrets: with any verbosity,
    if a task loops over them, if C(ansible.builtin.debug), C(ansible.builtin.fail) or C(ansible.builtin.assert) shows them, if a file with them is
    written in diff mode, and in the message of a task that fails because of them; with C(-v), if they are in the result of a task, as with
    C(ansible.builtin.set_fact); with C(-vvv), in the arguments of any module that does not declare the option as secret, such as the C(headers) of
    C(ansible.builtin.uri), and in the C(environment) of a task. Callbacks and logs get the same at any verbosity."
  - So set C(no_log=true) on each task that uses the lookup, as the examples do. Do not use it in the name of a task, in C(when) or in an inventory, and
    do not pass it to a command as an argument, which all users of the host can read in its process list. Do not set E(ANSIBLE_KEEP_REMOTE_FILES), because
    modules of other collections get their arguments in a file, which Ansible otherwise removes after the task.
  - With ansible-core 2.22 or newer, both values are registered with core's masking of secrets, and core masks them in its output. Files that a task
    writes are not masked.
seealso:
  - module: panw.cloud.ngfw_stored_token
  - module: panw.cloud.ngfw_stored_token_info
  - ref: ansible_collections.panw.cloud.docsite.guide_secrets
    description: How the collection protects secrets, and what you have to protect. In the collection this is C(docs/docsite/rst/guide_secrets.rst).
  - ref: ansible_collections.panw.cloud.docsite.guide_troubleshooting
    description: Each kind of error with its causes. In the collection this is C(docs/docsite/rst/guide_troubleshooting.rst).
"""

EXAMPLES = r"""
- name: Call the API with a module of another collection
  ansible.builtin.uri:
    url: "{{ stored.url }}/v1/config/rulestacks"
    headers:
      Authorization: "{{ stored.token }}"
      x-api-key: "{{ stored.subscription_key }}"
    ca_path: "{{ ngfw_ca_bundle | default(omit) }}"
  vars:
    stored: "{{ lookup('panw.cloud.ngfw_stored_token', name='cloud-ngfw/rulestack', region='us-east-1') }}"
  no_log: true

- name: Pass the pair to a program, in a file descriptor that no other process can read
  ansible.builtin.command:
    argv: [python3, -c, "import json, sys; print(len(json.load(sys.stdin)))"]
    stdin: "{{ lookup('panw.cloud.ngfw_stored_token', name='cloud-ngfw/rulestack', region='us-east-1') | to_json }}"
  changed_when: false
  no_log: true
"""

RETURN = r"""
_raw:
  description: One dictionary.
  type: list
  elements: dict
  contains:
    token:
      description: The token. Send it as the header C(Authorization), without C(Bearer).
      type: str
      returned: success
    subscription_key:
      description: The key to send with the token, in the header C(x-api-key).
      type: str
      returned: success
    expires_at:
      description: When the token expires, in UTC.
      type: str
      returned: success
    fingerprint:
      description: The first 12 hexadecimal digits of the token's SHA-256. Not a secret.
      type: str
      returned: success
    admin_role:
      description: The admin role that the token is for.
      type: str
      returned: success
    url:
      description: The URL of the API that the token is for.
      type: str
      returned: success
    region:
      description: The region of the API that the token is for.
      type: str
      returned: success
"""

from typing import Any

from ansible.errors import AnsibleError
from ansible.module_utils.basic import missing_required_lib
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.plugins.lookup import LookupBase
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import PanwCloudError
from ansible_collections.panw.cloud.plugins.plugin_utils._known_secrets import named_secrets, without

try:
    from ansible.module_utils.secrets import register_secret  # ansible-core 2.22 and newer
except ImportError:
    register_secret = None


class LookupModule(LookupBase):
    """The current token of a store."""

    def run(self, terms: list[Any], variables: dict[str, Any] | None = None, **kwargs: Any) -> list[dict[str, Any]]:
        """Read the store. :raises AnsibleError: an option is invalid, or the store holds no usable token."""
        if terms:
            raise AnsibleError(
                "panw.cloud.ngfw_stored_token takes no positional arguments. Name the store with 'name' or 'path'."
            )
        entry = _entry()
        checked = ArgumentSpecValidator(entry.spec()).validate(kwargs)
        if checked.error_messages:
            raise AnsibleError(without("; ".join(checked.error_messages), set(named_secrets(kwargs))))
        found, failure = {}, None
        module = entry.ModuleShim(checked.validated_parameters)
        try:
            found = entry.work(module)
        except PanwCloudError as error:
            failure = str(error)
        for warning in module.warnings:
            self._display.warning(warning)
        if failure is not None:  # not in the handler: a traceback at high verbosity would show what was handled
            raise AnsibleError(failure)
        if register_secret is not None:
            for name in ("token", "subscription_key"):
                register_secret(found[name])
        return [found]


def _entry() -> Any:
    """Import the entry point late: importing the SDKs takes as long as a small run."""
    try:
        from ansible_collections.panw.cloud.plugins.module_utils._module import token_store
    except ImportError as error:
        raise AnsibleError(missing_required_lib(str(error.name))) from error
    return token_store
