# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The AWS accounts in moto: the bootstrap user, and entry roles that give it access to every other account."""

from __future__ import annotations

import json
from collections.abc import Sequence

from moto.core.base_backend import BackendDict
from moto.core.config import default_user_config
from moto.core.model_instances import reset_model_data
from moto.iam.models import iam_backends

from .seed import MAIN_ACCOUNT
from .state_directory import Bootstrap

ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
BOOTSTRAP_USER = "simulator-admin"
ENTRY_ROLE = "OrganizationAccountAccessRole"


def empty_moto() -> None:
    """Reset moto and load AWS's managed policies."""
    default_user_config["iam"] = {"load_aws_managed_policies": True}
    BackendDict.reset()
    reset_model_data()  # lists of all objects, which keep the old ones alive


def create_bootstrap_user() -> Bootstrap:
    """Create the IAM user ``simulator-admin`` with AdministratorAccess in the main account."""
    backend = iam_backends[MAIN_ACCOUNT]["aws"]
    backend.create_user("us-east-1", BOOTSTRAP_USER)
    backend.attach_user_policy(ADMINISTRATOR, BOOTSTRAP_USER)
    key = backend.create_access_key(BOOTSTRAP_USER)
    return Bootstrap(str(key.access_key_id), str(key.secret_access_key))


def create_entry_roles(accounts: Sequence[str]) -> dict[str, str]:
    """Create a role with AdministratorAccess that trusts the main account in each other account.

    :returns: the ARNs of the roles by account.
    """
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{MAIN_ACCOUNT}:root"},
        "Action": "sts:AssumeRole",
    }
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    created = {}
    for account in accounts:
        if account == MAIN_ACCOUNT:
            continue
        backend = iam_backends[account]["aws"]
        role = backend.create_role(ENTRY_ROLE, trust, "/", None, "Entry for the main account", [], "3600")
        backend.attach_role_policy(ADMINISTRATOR, ENTRY_ROLE)
        created[account] = str(role.arn)
    return created
