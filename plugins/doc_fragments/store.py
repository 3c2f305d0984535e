# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """What the modules have in common that keep something in a store."""

    DOCUMENTATION = r"""
options:
  name:
    description:
      - The name of the secret or parameter, which is made if need be. What is pending is in a parameter with C(.pending) after its name.
      - A secret's name has up to 512 ASCII letters, digits and characters of C(/_+=.@-).
      - A parameter's name has ASCII letters, digits and characters of C(_.-), in up to 15 parts. With more than one part it begins with C(/), as in
        V(/cloud-ngfw/firewall). It cannot begin with C(aws) or C(ssm).
    type: str
  path:
    description:
      - The absolute path of the file. Its directory must exist, and nobody else may be able to write to it.
      - What is pending is beside it, with C(.pending) after its name.
    type: path
  kms_key_id:
    description:
      - The KMS key that encrypts the secret or parameter, as its ARN, its id, or its alias with C(alias/) before it. It must be in the store's region.
      - If omitted, AWS uses the account's default key.
    type: str
  store_tags:
    description:
      - Tags that the secret or parameter has to carry. Others that it carries stay.
      - At most 50, with keys of up to 128 and values of up to 256 characters. Keys cannot begin with C(aws:).
    type: dict
  resource_policy:
    description:
      - The resource policy of the secret, as JSON or as a dictionary. Each statement needs an Effect, a Principal, an Action and a Resource.
      - A policy that allows everybody is refused.
    type: json
  recovery_window:
    description:
      - For how many days a secret that is taken away can be restored, 7 to 30, or 0 for none; 30 if omitted.
      - A secret in its recovery window is restored when something is put there again.
    type: int
  vault_password_file:
    description:
      - A file with the password by which the stored file is encrypted in the format of Ansible Vault. It must not be a program.
      - Needs the Python package cryptography.
    type: path
  on_damaged:
    description:
      - What to do with a document in the store that is not what this collection writes, V(fail) or V(replace) it.
      - A document of another kind, such as a token where credentials are kept, is never replaced.
    type: str
    choices: [fail, replace]
    default: fail
"""
