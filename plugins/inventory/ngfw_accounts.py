# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
name: ngfw_accounts
version_added: 0.2.0
short_description: AWS accounts of a Cloud NGFW for AWS tenant as hosts
description:
  - Reads the AWS accounts that are linked with the tenant, and their firewalls. Each account is a host, named by its ID.
  - The name of the inventory file ends in C(ngfw_accounts.yml) or C(ngfw_accounts.yaml).
  - The variables of a host are C(account_id); C(onboarding_status), as the API returns it, such as C(Success) or C(Pending); C(firewalls), a list of
    dictionaries with C(name), C(firewall_id), C(region), C(status), C(rulestack) and C(global_rulestack); C(regions), in which the account has firewalls;
    C(rulestacks), the names of all local and global rulestacks of these; and C(failed_regions), which could not be read, see O(strict_permissions).
author: []  # those of galaxy.yml
options:
  plugin:
    description: Marks the file as an inventory of this plugin.
    type: str
    required: true
    choices: [panw.cloud.ngfw_accounts]
  regions:
    description:
      - The regions whose firewalls are read, instead of O(region). V(all) stands for all regions that the vendor lists.
      - Each region has a separate API, so O(ngfw_url) is for a single region only.
    type: list
    elements: str
    default: []
  firewall_role_arn:
    description:
      - The ARN of the IAM role in each account that reads the firewalls of this account. C({account_id}) stands for the ID of the account.
      - If omitted, firewalls are read once, with the same credentials as the accounts.
      - O(role_session_name), O(external_id), O(session_duration) and O(session_policy) apply to this role, too.
    type: str
  filters:
    description:
      - Only accounts with these values become hosts. Each value is a string, or a list of strings of which one has to match. All filters have to match.
      - The keys are C(account_id), C(onboarding_status), and C(region), C(rulestack) and C(global_rulestack) of any firewall of the account.
      - With V(account_id) or V(onboarding_status), O(firewall_role_arn) is used in matching accounts only.
    type: dict
    default: {}
  strict_permissions:
    description:
      - Whether to fail if access to the firewalls of an account or region is denied.
      - If V(false), they are missing from the variables, with a warning, and the region is in C(failed_regions). All other failures remain failures.
    type: bool
    default: true
  session_policy:
    description: A policy, as JSON or as a dictionary, that restricts the role session.
    type: raw
extends_documentation_fragment:
  - panw.cloud.ngfw
  - panw.cloud.ngfw.session
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - ansible.builtin.constructed
  - ansible.builtin.inventory_cache
notes:
  - Accounts are read with a token of the admin role V(account), or, if the API has no such route, of V(firewall). Firewalls are read with one of V(firewall).
  - O(token) and O(token_store) need a token of the admin role V(firewall), for an API that serves both the accounts and the firewalls.
  - A firewall of version 2 is in the account of the IAM role that reads it, and in all accounts that may have its endpoints.
  - Options of the connection may be templates, which can use extra variables. The cache holds the variables of the hosts, and no token or key.
seealso:
  - module: panw.cloud.ngfw_account_info
  - module: panw.cloud.ngfw_firewall_info
"""

EXAMPLES = r"""
# ngfw_accounts.yml: all accounts, with the firewalls of one region
plugin: panw.cloud.ngfw_accounts
role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
region: us-east-1

---
# Onboarded accounts with the firewalls of two regions, which a role in each account reads
plugin: panw.cloud.ngfw_accounts
role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
firewall_role_arn: arn:aws:iam::{account_id}:role/CloudNGFWAdmin
region: us-east-1
regions: [us-east-1, eu-central-1]
filters:
  onboarding_status: Success
strict_permissions: false
keyed_groups:
  - {prefix: onboarding, key: onboarding_status}
  - {prefix: region, key: regions}
  - {prefix: rulestack, key: rulestacks}
groups:
  unprotected: firewalls | length == 0
compose:
  ansible_connection: "'local'"
  role_arn: "'arn:aws:iam::' ~ account_id ~ ':role/CloudNGFWAdmin'"
cache: true
cache_plugin: ansible.builtin.jsonfile
cache_connection: /var/cache/ansible/ngfw
"""

import importlib
from typing import Any

from ansible.errors import AnsibleError, AnsibleParserError
from ansible.module_utils.basic import missing_required_lib
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.errors import UnsupportedError
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable
from ansible.utils.unsafe_proxy import wrap_var
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import PanwCloudError
from ansible_collections.panw.cloud.plugins.plugin_utils._known_secrets import is_secret_name, named_secrets, without

try:
    from ansible.template import trust_as_template
except ImportError:  # before ansible-core 2.19
    trust_as_template = str

_ENTRY = "ansible_collections.panw.cloud.plugins.module_utils._module.account_inventory"


class InventoryModule(BaseInventoryPlugin, Constructable, Cacheable):
    """Linked AWS accounts as hosts."""

    NAME = "panw.cloud.ngfw_accounts"

    def verify_file(self, path: str) -> bool:
        """Whether the path is that of a readable inventory file of this plugin."""
        return bool(super().verify_file(path)) and path.endswith(("ngfw_accounts.yml", "ngfw_accounts.yaml"))

    def parse(self, inventory: Any, loader: Any, path: str, cache: bool = True) -> None:
        """Add the accounts to the inventory. :raises AnsibleParserError: an option is invalid, or the API cannot be read."""
        super().parse(inventory, loader, path, cache)
        config = self._read_config_data(path)
        for account in self._accounts(config, path, cache):
            self._add(account)

    def _accounts(self, config: dict[str, Any], path: str, cache: bool) -> list[dict[str, Any]]:
        """The variables of each host, from the cache if it has them. :param cache: False to read again."""
        if not self.get_option("cache"):
            return self._read(config)
        key = self.get_cache_key(path)
        if cache:
            try:
                return list(self._cache[key])
            except KeyError:  # never stored, or expired
                pass
        self._cache[key] = found = self._read(config)
        return found

    def _read(self, config: dict[str, Any]) -> list[dict[str, Any]]:
        entry = self._entry()
        known = entry.spec()
        # All that is not an option of ansible-core's inventory plugins, so that the spec refuses unknown names.
        own = {name: value for name, value in config.items() if name in known or name not in self._options}
        given = self._templated(own)
        checked = ArgumentSpecValidator(known).validate(given)
        if checked.errors.errors:
            texts = [
                f"Unknown option: {error}" if isinstance(error, UnsupportedError) else str(error)
                for error in checked.errors.errors
            ]
            raise AnsibleParserError(without("; ".join(texts), set(named_secrets(given))))
        module = entry.ModuleShim(checked.validated_parameters)
        failure = None
        try:
            found = entry.work(module)
        except PanwCloudError as error:
            found, failure = {"accounts": [], "warnings": []}, str(error)
        for warning in dict.fromkeys([*module.warnings, *found["warnings"]]):
            self.display.warning(warning)
        if failure is not None:  # not in the handler: a traceback at high verbosity would show what was handled
            raise AnsibleParserError(failure)
        return list(found["accounts"])

    def _entry(self) -> Any:
        """Import the entry point late: with a cache, no SDK is needed."""
        try:
            return importlib.import_module(_ENTRY)
        except ImportError as error:
            raise AnsibleParserError(missing_required_lib(str(error.name))) from error

    def _templated(self, options: dict[str, Any]) -> dict[str, Any]:
        # ansible-core 2.18 refuses lookups without this argument, and newer ones deprecate it.
        settings = {} if hasattr(self.templar, "evaluate_expression") else {"disable_lookups": False}
        self.templar.available_variables = self._vars
        values = {}
        for name, value in options.items():
            try:
                values[name] = self.templar.template(value, **settings)
            except AnsibleError as error:
                # ansible-core's message quotes the template, which can be a secret.
                reason = "its text is not shown, because it can hold a secret" if is_secret_name(name) else error
                failure = f"Option '{name}' is not a valid template: {reason}"
            else:
                continue
            raise AnsibleParserError(failure)  # outside of the handler: a traceback would show what was handled
        return values

    def _add(self, account: dict[str, Any]) -> None:
        """Add a host with its variables and groups."""
        host, variables, strict = account["account_id"], _literal(account), self.get_option("strict")
        self.inventory.add_host(host)
        for name, value in variables.items():
            self.inventory.set_variable(host, name, value)
        self._set_composite_vars(self.get_option("compose"), variables, host, strict=strict)
        self._add_host_to_composed_groups(self.get_option("groups"), variables, host, strict=strict)
        self._add_host_to_keyed_groups(self.get_option("keyed_groups"), variables, host, strict=strict)


def _literal(value: Any) -> Any:
    """A value of the server in which no text is a template.

    Only texts that could be one are marked as unsafe: C(ansible-inventory --list), which AWX imports, shows a dictionary in place of such a text, and
    since ansible-core 2.19 also of one that is not trusted.
    """
    if isinstance(value, dict):
        return {key: _literal(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_literal(item) for item in value]
    if isinstance(value, str):
        return wrap_var(value) if "{" in value or "#" in value else trust_as_template(value)
    return value
