# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The argument specifications of all modules but those of WildFire. Imports no SDK, so that action plugins can use them on the controller.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from ansible.module_utils.basic import AnsibleFallbackNotFound

from .._aws.assumed_role import SESSION_NAME
from .._ngfw.admin_roles import ADMIN_ROLES, DEFAULT_EXPIRY, MANAGEMENT_REGION
from .._stores.options import LASTING_STORES, PLACE_OPTIONS, STORED_OPTIONS, STORES

SCM_AUTH_URL = "https://auth.apps.paloaltonetworks.com/oauth2/access_token"
SCM_URL = "https://api.sase.paloaltonetworks.com"
KEPT_OPTIONS = ("expiry_time", "renew_before", "grace_period", "on_invalid_document")
REACHED_OPTIONS = ("role_arn", "external_id", "region", "profile", "ngfw_url")
UNVERIFIED = "TLS certificates of the Cloud NGFW API are not verified ('ngfw_validate_certs'): a man in the middle can steal the token."


def from_environment(*names: str) -> str:
    """The first environment variable that is not empty: AWX sets one for each field of a credential, even for empty fields.

    :raises AnsibleFallbackNotFound: all are empty.
    """
    for name in names:
        if os.environ.get(name):
            return os.environ[name]
    raise AnsibleFallbackNotFound


def ngfw_spec() -> dict[str, Any]:
    """The URL of the Cloud NGFW API and the verification of its certificate."""
    return {
        "ngfw_url": {"type": "str", "fallback": (from_environment, ["NGFW_URL"])},
        "ngfw_management_url": {"type": "str", "fallback": (from_environment, ["NGFW_MANAGEMENT_URL"])},
        "ngfw_management_region": {
            "type": "str",
            "default": MANAGEMENT_REGION,
            "fallback": (from_environment, ["NGFW_MANAGEMENT_REGION"]),
        },
        "ngfw_ca_bundle": {"type": "path", "fallback": (from_environment, ["NGFW_CA_BUNDLE"])},
        "ngfw_validate_certs": {"type": "bool", "default": True},
    }


def role_spec() -> dict[str, Any]:
    """The IAM role to assume, and its session."""
    return {
        "role_arn": {"type": "str", "fallback": (from_environment, ["NGFW_ROLE_ARN"])},
        "role_session_name": {"type": "str", "default": SESSION_NAME},
        "external_id": {"type": "str", "fallback": (from_environment, ["NGFW_EXTERNAL_ID"])},
        "session_duration": {"type": "int"},
        "session_policy": {"type": "json"},
    }


def session_spec() -> dict[str, Any]:
    """The token to use instead of a temporary one: from the caller, or from a store."""
    kept = store_spec()
    return {
        **token_pair_spec(required=False),
        "token_store": {
            "type": "dict",
            "no_log": False,
            "options": {
                "type": {"type": "str", "choices": list(LASTING_STORES), "default": "secretsmanager"},
                **{name: kept[name] for name in PLACE_OPTIONS},
            },
        },
    }


def token_pair_spec(*, required: bool) -> dict[str, Any]:
    """A token of the caller, and its subscription key."""
    return {
        "token": {"type": "str", "no_log": True, "required": required},
        "subscription_key": {"type": "str", "no_log": True, "required": required},
    }


def admin_role_option(**more: Any) -> dict[str, Any]:
    """One of the vendor's admin roles."""
    return {"type": "str", "choices": list(ADMIN_ROLES), **more}


def token_spec() -> dict[str, Any]:
    """The token that M(panw.cloud.ngfw_token) keeps or renews."""
    return {
        "admin_role": admin_role_option(required=True),
        "expiry_time": {"type": "int", "default": DEFAULT_EXPIRY},
        "current": {
            "type": "dict",
            "no_log": False,
            "options": {
                "token": {"type": "str", "no_log": True},
                "subscription_key": {"type": "str", "no_log": True},
                "expires_at": {"type": "str"},
                "admin_role": {"type": "str"},
            },
        },
        "renew_before": {"type": "int", "default": 3},
        "force": {"type": "bool", "default": False},
    }


def stored_token_spec() -> dict[str, Any]:
    """The desired token, and how it is stored."""
    return {
        "state": {
            "type": "str",
            "choices": ["present", "rotated", "absent"],
            "default": "present",
        },
        "revoke_pending": {"type": "bool", "default": False},
        "admin_role": {"type": "str", "choices": list(ADMIN_ROLES), "required": True},
        "expiry_time": {"type": "int", "default": 60},
        "renew_before": {"type": "int", "default": 20},
        "grace_period": {"type": "int", "default": 0},
        "lock_timeout": {"type": "int", "default": 300},
        "on_invalid_document": {"type": "str", "choices": ["fail", "replace"], "default": "fail"},
        "verify": {"type": "bool", "default": False},
    }


def store_spec(stores: Sequence[str] = STORES) -> dict[str, Any]:
    """A store. :param stores: the choices."""
    return {
        "store": {"type": "str", "choices": list(stores), "default": "secretsmanager"},
        "name": {"type": "str"},
        "path": {"type": "path"},
        "kms_key_id": {"type": "str"},
        "store_tags": {"type": "dict"},
        "resource_policy": {"type": "json"},
        "recovery_window": {"type": "int"},
        "vault_password_file": {"type": "path", "no_log": False},
        **hashi_vault_spec(),
    }


def hashi_vault_spec() -> dict[str, Any]:
    """How to reach HashiCorp Vault. Without fallbacks, see L(_stores.hashi_vault_connection)."""
    return {
        "hashi_vault_url": {"type": "str"},
        "hashi_vault_mount_point": {"type": "str"},
        "hashi_vault_namespace": {"type": "str"},
        "hashi_vault_token": {"type": "str", "no_log": True},
        "hashi_vault_role_id": {"type": "str"},
        "hashi_vault_secret_id": {"type": "str", "no_log": True},
        "hashi_vault_ca_cert": {"type": "path"},
    }


def stored_info_spec() -> dict[str, Any]:
    """The store to read, and whether to verify its content."""
    stored = store_spec(LASTING_STORES)
    return {**{name: stored[name] for name in ("store", *PLACE_OPTIONS)}, "verify": {"type": "bool", "default": False}}


def rotation_spec() -> dict[str, Any]:
    """The options of a rotation, without the connection options."""
    kept, stored = stored_token_spec(), store_spec()
    common = {
        **{name: kept[name] for name in KEPT_OPTIONS},
        **{name: stored[name] for name in ("store", *STORED_OPTIONS)},
    }
    own = {name: {key: value for key, value in option.items() if key != "default"} for name, option in common.items()}
    return {
        "targets": {
            "type": "list",
            "elements": "dict",
            "required": True,
            "options": {
                "name": {"type": "str", "required": True},
                "admin_role": {"type": "str", "required": True},
                "location": {"type": "str"},
                **{name: {"type": "str"} for name in REACHED_OPTIONS},
                **own,
            },
        },
        "state": {"type": "str", "choices": ["present", "rotated"], "default": "present"},
        **common,
        "lock_timeout": kept["lock_timeout"],
        "verify": kept["verify"],
        "concurrency": {"type": "int", "default": 128},
        "api_rate": {"type": "float", "default": 500},
        "sts_rate": {"type": "float", "default": 500},
        "store_rate": {"type": "float", "default": 500},
        "aws_quotas": {"type": "bool", "default": True},
        "slices": {"type": "int", "default": 1},
        "retries": {"type": "int", "default": 2},
        "max_fail_percentage": {"type": "float"},
        "report": {"type": "path"},
    }


def scm_spec() -> dict[str, Any]:
    """The calling service account, the URLs of Strata Cloud Manager and the verification of its certificates."""

    def text(variable: str, **more: Any) -> dict[str, Any]:
        return {"type": "str", "fallback": (from_environment, [variable]), **more}

    return {
        "client_id": text("SCM_CLIENT_ID", required=True),
        "client_secret": text("SCM_CLIENT_SECRET", required=True, no_log=True),
        "tsg_id": text("SCM_TSG_ID", required=True),
        "scm_auth_url": text("SCM_AUTH_URL", default=SCM_AUTH_URL),
        "scm_url": text("SCM_URL", default=SCM_URL),
        "scm_ca_bundle": {"type": "path", "fallback": (from_environment, ["SCM_CA_BUNDLE"])},
        "scm_validate_certs": {"type": "bool", "default": True},
    }


def stored_credentials_spec() -> dict[str, Any]:
    """The desired credentials, and how they are stored."""
    return {
        "state": {"type": "str", "choices": ["present", "rotated", "absent"], "default": "present"},
        "service_account": {"type": "str", "required": True},
        "adopt": {"type": "bool", "default": False},
        "lock_timeout": {"type": "int", "default": 300},
        "on_invalid_document": {"type": "str", "choices": ["fail", "replace"], "default": "fail"},
    }
