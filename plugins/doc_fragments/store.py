# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """Documentation shared by the modules that keep a document in a store."""

    DOCUMENTATION = r"""
options:
  name:
    description:
      - The name of the secret or parameter, which is created if needed. A parameter's pending value is in a second one, with the suffix C(.pending).
      - In HashiCorp Vault, the path of the secret in the KV engine, such as V(cloud-ngfw/firewall), without a C(/) at its ends.
      - A secret's name has up to 512 characters, ASCII letters, digits and C(/_+=.@-).
      - A parameter's name has ASCII letters, digits and C(_.-), in up to 15 parts. With more than one part it starts with C(/), as in
        V(/cloud-ngfw/firewall). It cannot start with C(aws) or C(ssm).
    type: str
  path:
    description:
      - The absolute path of the file. Its directory must exist, and must not be writable by other users.
      - The pending document is next to it, with the suffix C(.pending).
    type: path
  kms_key_id:
    description:
      - The KMS key that encrypts the secret or parameter, as an ARN, an id, or an alias with the prefix C(alias/). It must be in the store's region.
      - If omitted, AWS uses the account's default key.
    type: str
  store_tags:
    description:
      - Tags that the secret or parameter must have. Its other tags stay.
      - At most 50, with keys of up to 128 and values of up to 256 characters. Keys cannot start with C(aws:).
    type: dict
  resource_policy:
    description:
      - The resource policy of the secret, as JSON or as a dictionary. Each statement needs an Effect, a Principal, an Action and a Resource.
      - A policy that allows everyone is rejected.
    type: json
  recovery_window:
    description:
      - The number of days in which a deleted secret can be restored, 7 to 30, or 0 to delete it at once; 30 if omitted.
      - A secret in its recovery window is restored when it is written again.
    type: int
  vault_password_file:
    description:
      - A file with the password that encrypts the stored file, in Ansible Vault format. It must not be an executable.
      - Requires the Python package cryptography.
    type: path
  on_invalid_document:
    description:
      - What to do if the stored document is not one that this collection writes, V(fail) or V(replace) it.
      - A document of another kind, such as a token in place of credentials, is never replaced.
    type: str
    choices: [fail, replace]
    default: fail
"""

    READER = r"""
options:
  store:
    description: The kind of the store, as the module that writes it describes it.
    type: str
    choices: [secretsmanager, ssm, hashi_vault, file]
    default: secretsmanager
  name:
    description: The name of the secret or parameter, or in HashiCorp Vault the path of the secret.
    type: str
  path:
    description: The absolute path of the file.
    type: path
  vault_password_file:
    description: A file with the Ansible Vault password of the stored file.
    type: path
"""

    HASHI_VAULT = r"""
options:
  hashi_vault_url:
    description:
      - The URL of HashiCorp Vault or OpenBao, such as V(https://vault.example.com:8200).
      - If omitted, E(ANSIBLE_HASHI_VAULT_ADDR) or E(VAULT_ADDR). Variables of the environment set the options that name them, and only for this store.
    type: str
  hashi_vault_mount_point:
    description: The path where the KV engine of version 2 is mounted; C(secret) if omitted.
    type: str
  hashi_vault_namespace:
    description: The namespace. If omitted, E(ANSIBLE_HASHI_VAULT_NAMESPACE) or E(VAULT_NAMESPACE).
    type: str
  hashi_vault_token:
    description:
      - A token of Vault. If neither this nor O(hashi_vault_role_id) is set, E(ANSIBLE_HASHI_VAULT_TOKEN) or E(VAULT_TOKEN).
    type: str
  hashi_vault_role_id:
    description:
      - The role ID of an AppRole that logs in, mounted at C(approle), in place of O(hashi_vault_token). Its token is not revoked at the end; keep its
        lifetime short.
      - If omitted and there is no token, E(ANSIBLE_HASHI_VAULT_ROLE_ID) or E(VAULT_ROLE_ID).
    type: str
  hashi_vault_secret_id:
    description: The secret ID of the AppRole. If omitted, E(ANSIBLE_HASHI_VAULT_SECRET_ID) or E(VAULT_SECRET_ID).
    type: str
  hashi_vault_ca_cert:
    description:
      - A file with the CA certificates that verify Vault's certificate. If omitted, E(ANSIBLE_HASHI_VAULT_CA_CERT) or E(VAULT_CACERT), else the
        CA certificates of the Python package requests.
    type: path
requirements:
  - hvac >= 1.2.1 with the store C(hashi_vault)
"""
