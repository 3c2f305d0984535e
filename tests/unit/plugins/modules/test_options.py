# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Code and documentation agree on every option, and this table on both: an option is not added or changed in passing."""

from __future__ import annotations

import dataclasses
import importlib
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from ansible_collections.amazon.aws.plugins.module_utils.modules import aws_argument_spec
from ansible_collections.panw.cloud.plugins.module_utils._module import ngfw, scm, scm_store

ROOT = Path(__file__).resolve().parents[4]
ROLES = "firewall|rulestack|global_rulestack|account"
OBJECTS = "prefix_lists|fqdn_lists|feeds|certificates|custom_url_categories|file_blocking"


@dataclasses.dataclass(frozen=True)
class Family:
    """What modules have in common.

    :param edge: where main() makes Ansible's module object. :param made: the name of its class there.
    :param common: the options that all have. :param theirs: options that come from fragments of another collection.
    """

    edge: ModuleType
    made: str
    common: dict[str, str]
    theirs: dict[str, Any]


# Of each option: type, then what else is told of it.
NGFW_OPTIONS = {
    "ngfw_url": "str",
    "ngfw_management_url": "str",
    "ngfw_management_region": "str default=us-east-1",
    "ngfw_ca_bundle": "path",
    "ngfw_validate_certs": "bool default=True",
    "role_arn": "str",
    "role_session_name": "str default=panw.cloud",
    "external_id": "str",
    "session_duration": "int",
    "session_policy": "json",
}
SCM_OPTIONS = {
    "client_id": "str required",
    "client_secret": "str required",
    "tsg_id": "str required",
    "scm_auth_url": "str default=https://auth.apps.paloaltonetworks.com/oauth2/access_token",
    "scm_url": "str default=https://api.sase.paloaltonetworks.com",
    "scm_ca_bundle": "path",
    "scm_validate_certs": "bool default=True",
}
STORE_OPTIONS = {
    "name": "str",
    "path": "path",
    "kms_key_id": "str",
    "store_tags": "dict",
    "resource_policy": "json",
    "recovery_window": "int",
    "vault_password_file": "path",
    "take_over_after": "int default=300",
    "on_damaged": "str choices=fail|replace default=fail",
}
REGIONS = "global|eu|uk|de|ch|pl|fr|jp|sg|au|in|id|tw|kr|ca|qatar|za|il"
PRODUCTS = "advanced_wildfire|prisma_access"
CHANGE = {"method": "str choices=POST|PUT|PATCH|DELETE", "path": "str", "body": "dict"}
REQUESTS = {
    "list": {"method": "str choices=GET|POST", "path": "str", "body": "dict", "items": "str"},
    **dict.fromkeys(("create", "revoke", "apply"), CHANGE),
}
WORDS = {
    "fields": "id product service_account status api_key expires_at remaining_uploads remaining_queries",
    "statuses": "pending valid revoked expired",
    "products": "advanced_wildfire prisma_access",
}
WILDFIRE_OPTIONS = {"wildfire_region": f"str choices={REGIONS} default=global", "wildfire_url": "str"}
KEY_OPTIONS = {
    **WILDFIRE_OPTIONS,
    "registry": "dict",
    "registry.base_url": "str",
    **{f"registry.{name}": "dict" for name in (*REQUESTS, *WORDS)},
    **{f"registry.{name}.{part}": text for name, parts in REQUESTS.items() for part, text in parts.items()},
    **{f"registry.{name}.{part}": "str" for name, parts in WORDS.items() for part in parts.split()},
    "bound_client_id": "str",
    "bound_client_secret": "str",
}
NGFW = Family(ngfw, "AnsibleAWSModule", NGFW_OPTIONS, aws_argument_spec())
SCM = Family(scm, "AnsibleModule", SCM_OPTIONS, {})
SCM_STORE = Family(scm_store, "AnsibleAWSModule", SCM_OPTIONS, aws_argument_spec())
OWN = {
    "ngfw_token": {
        "admin_role": f"str required choices={ROLES}",
        "expiry_time": "int default=30",
        "current": "dict",
        "current.token": "str",
        "current.subscription_key": "str",
        "current.expires_at": "str",
        "current.admin_role": "str",
        "renew_before": "int default=3",
        "force": "bool default=False",
    },
    "ngfw_token_revoke": {
        "token": "str required",
        "subscription_key": "str required",
        "admin_role": f"str choices={ROLES}",
        "expires_at": "str",
    },
    "ngfw_access_info": {
        "probe_admin_roles": f"list of str choices={ROLES} default=[]",
        "probe": "str choices=always|when_needed default=always",
        "account_role_arn": "str",
        "diagnose": "bool default=False",
    },
    "ngfw_stored_token": {
        "state": "str choices=present|rotated|verified|retired|revoked default=present",
        "admin_role": f"str required choices={ROLES}",
        "expiry_time": "int default=60",
        "renew_before": "int default=20",
        "grace_period": "int default=0",
        "verify": "bool default=False",
        **STORE_OPTIONS,
        "store": "str choices=secretsmanager|ssm|file|none default=secretsmanager",
        "return_token": "bool default=False",
    },
    "ngfw_token_rotation": {
        "targets": "list of dict required",
        "targets.name": "str required",
        "targets.admin_role": "str required",
        "targets.location": "str",
        "targets.role_arn": "str",
        "targets.external_id": "str",
        "targets.region": "str",
        "targets.profile": "str",
        "targets.ngfw_url": "str",
        "targets.store": "str choices=secretsmanager|ssm|file|none",
        "targets.expiry_time": "int",
        "targets.renew_before": "int",
        "targets.grace_period": "int",
        "targets.on_damaged": "str choices=fail|replace",
        "targets.kms_key_id": "str",
        "targets.store_tags": "dict",
        "targets.resource_policy": "json",
        "targets.vault_password_file": "path",
        "state": "str choices=present|rotated default=present",
        "store": "str choices=secretsmanager|ssm|file|none default=secretsmanager",
        "expiry_time": "int default=60",
        "renew_before": "int default=20",
        "grace_period": "int default=0",
        "verify": "bool default=False",
        "take_over_after": "int default=300",
        "on_damaged": "str choices=fail|replace default=fail",
        "kms_key_id": "str",
        "store_tags": "dict",
        "resource_policy": "json",
        "vault_password_file": "path",
        "concurrency": "int default=16",
        "api_rate": "float default=500",
        "sts_rate": "float default=500",
        "store_rate": "float default=500",
        "slices": "int default=1",
        "retries": "int default=2",
        "max_fail_percentage": "float",
        "report": "path",
    },
    "ngfw_rulestack_info": {
        "token": "str",
        "subscription_key": "str",
        "admin_role": "str choices=firewall|rulestack|global_rulestack",
        "name": "str",
        "scope": "str choices=local|global|all",
        "config": "str choices=candidate|running|both default=candidate",
        "tag_key": "str",
        "tag_value": "str",
        "gather": f"list of str choices=all|tags|commit_status|rules|{OBJECTS} default=[]",
    },
    "scm_custom_role": {
        "name": "str required",
        "state": "str choices=present|absent default=present",
        "description": "str",
        "permissions": "list of str default=[]",
        "permission_sets": "list of dict default=[]",
        "permission_sets.id": "str required",
        "permission_sets.access_types": "list of str required choices=read|write",
    },
    "scm_service_account": {
        "name": "str required",
        "state": "str choices=present|absent default=present",
        "description": "str",
        "contact_email": "str",
        "role": "str",
        "reset_secret": "bool default=False",
    },
    "scm_stored_credentials": {
        **STORE_OPTIONS,
        "state": "str choices=present|rotated|absent default=present",
        "service_account": "str required",
        "adopt": "bool default=False",
        "store": "str choices=secretsmanager|ssm|file default=secretsmanager",
        "return_secret": "bool default=False",
    },
    "wildfire_key": {
        **KEY_OPTIONS,
        "state": "str choices=present|absent default=present",
        "product": f"str required choices={PRODUCTS}",
        "service_account": "str",
        "on_manual_step": "str choices=fail|wait default=fail",
        "wait_timeout": "int default=300",
        "wait_interval": "int default=5",
    },
    "wildfire_key_info": {
        **KEY_OPTIONS,
        "product": f"str choices={PRODUCTS}",
        "service_account": "str",
        "verify": "bool default=False",
    },
    "wildfire_verdict_info": {
        **WILDFIRE_OPTIONS,
        **dict.fromkeys(("client_id", "client_secret", "tsg_id"), "str"),
        "hashes": "list of str required",
        "api_key": "str",
        "agent": "str",
    },
}
FAMILY = {name: NGFW if name.startswith("ngfw_") else SCM for name in OWN} | {"scm_stored_credentials": SCM_STORE}
SECRET = {
    "token",
    "subscription_key",
    "current.token",
    "current.subscription_key",
    "client_secret",
    "bound_client_secret",
    "api_key",
}


def expected(name: str) -> dict[str, str]:
    """What the table says of a module."""
    return {**FAMILY[name].common, **OWN[name]}


def told(options: dict[str, Any], nested: str, prefix: str = "") -> dict[str, str]:
    """Options in the words of the table, those of dictionaries included."""
    found = {}
    for name, option in options.items():
        words = [option.get("type", "str")]
        words += [f"of {option['elements']}"] if "elements" in option else []
        words += ["required"] if option.get("required") else []
        words += ["choices=" + "|".join(option["choices"])] if "choices" in option else []
        words += [f"default={option['default']}"] if option.get("default") is not None else []
        words += ["aliases=" + "|".join(option["aliases"])] if option.get("aliases") else []
        found[prefix + name] = " ".join(words)
        found |= told(option.get(nested) or {}, nested, f"{prefix}{name}.")
    return found


def specification(name: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What a module's main() asks Ansible's module object for."""

    class Asked(Exception):
        pass

    asked: dict[str, Any] = {}

    def capture(**settings: Any) -> None:
        asked.update(settings)
        raise Asked

    monkeypatch.setattr(FAMILY[name].edge, FAMILY[name].made, capture)
    with pytest.raises(Asked):
        importlib.import_module(f"ansible_collections.panw.cloud.plugins.modules.{name}").main()
    assert asked["supports_check_mode"] is True
    specified: dict[str, Any] = asked["argument_spec"]
    return specified


@pytest.fixture(scope="module")
def documented() -> dict[str, Any]:
    """The options of each module as ansible-doc knows them, fragments merged."""
    command = [
        sys.executable,
        "-m",
        "ansible",
        "doc",
        "--type",
        "module",
        "--json",
        *(f"panw.cloud.{name}" for name in OWN),
    ]
    printed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return {name.rpartition(".")[2]: entry["doc"]["options"] for name, entry in json.loads(printed).items()}


def test_table_knows_all_modules() -> None:
    """All but the page of an action plugin."""
    assert {*OWN, "role_options"} == {path.stem for path in (ROOT / "plugins/modules").glob("[!_]*.py")}


@pytest.mark.parametrize("name", OWN)
def test_specification_is_the_tables(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(specification(name, monkeypatch), "options") == expected(name)


@pytest.mark.parametrize("name", OWN)
def test_documentation_is_the_tables(name: str, documented: dict[str, Any]) -> None:
    theirs = FAMILY[name].theirs
    own = {option: entry for option, entry in documented[name].items() if option not in theirs}
    assert told(own, "suboptions") == expected(name)
    assert set(theirs) <= set(documented[name])
    assert not set(theirs) & set(expected(name))


@pytest.mark.parametrize("name", OWN)
def test_secrets_are_marked(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each option that can hold a secret is no_log; each that only sounds like one says that it is none."""
    specified = specification(name, monkeypatch)
    flat = {
        **specified,
        **{f"current.{key}": value for key, value in specified.get("current", {}).get("options", {}).items()},
    }
    assert {option for option in flat if flat[option].get("no_log")} == SECRET & set(expected(name))


@pytest.mark.parametrize("name", OWN)
def test_variables_of_the_environment_are_documented(
    name: str, monkeypatch: pytest.MonkeyPatch, documented: dict[str, Any]
) -> None:
    for option, entry in specification(name, monkeypatch).items():
        for variable in entry.get("fallback", (None, []))[1]:
            assert f"E({variable})" in " ".join(documented[name][option]["description"])
