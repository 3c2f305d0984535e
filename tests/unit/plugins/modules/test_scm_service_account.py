# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""scm_service_account, run as a module against servers on loopback."""

from __future__ import annotations

import json
import ssl
import subprocess
import sys
from typing import Any

import pytest
from ansible_collections.panw.cloud.tests.helpers.fakes import Reply
from ansible_collections.panw.cloud.tests.helpers.run_module import failed, run
from ansible_collections.panw.cloud.tests.helpers.tenants import (
    ACCOUNTS,
    AUTH,
    CREDENTIALS,
    POLICIES,
    TSG,
    Strata,
    Tenant,
    error,
)

NAME = "scm_service_account"
CREATE, BIND = f"POST {ACCOUNTS}", f"POST {POLICIES}"
RESET = f"POST {ACCOUNTS}/id-a/operations/reset"


def _alone(libraries: list[str], options: dict[str, Any]) -> dict[str, Any]:
    """The result of the module on a host without certain libraries."""
    script = f"""
import json, sys
sys.modules.update(dict.fromkeys({libraries!r}))
sys.path[:] = {[entry for entry in sys.path if entry]!r}
from ansible.module_utils import basic
from ansible_collections.panw.cloud.plugins.modules import {NAME} as module
basic._ANSIBLE_ARGS = json.dumps({{"ANSIBLE_MODULE_ARGS": {options!r}}}).encode()
basic._ANSIBLE_PROFILE = "legacy"
module.main()
"""
    ran = subprocess.run([sys.executable, "-c", script], check=False, capture_output=True, text=True)
    result: dict[str, Any] = json.loads(ran.stdout)
    return result


def test_account_is_created_kept_reset_and_deleted() -> None:
    with Strata(Tenant()) as strata:
        options = {**strata.options, "name": "a", "role": "auditor"}
        created = run(NAME, options)
        kept = run(NAME, options)
        reset = run(NAME, {**options, "reset_secret": True})
        deleted = run(NAME, {**strata.options, "name": "a", "state": "absent"})
        again = run(NAME, {**strata.options, "name": "a", "state": "absent"})
        assert strata.tenant.changes == [
            CREATE,
            BIND,
            RESET,
            f"DELETE {POLICIES}/policy-0",
            f"DELETE {ACCOUNTS}/id-a",
        ]
    assert [one["changed"] for one in (created, kept, reset, deleted, again)] == [True, False, True, True, False]
    assert [one["client_secret"] for one in (created, kept, reset)] == [
        "first-secret-of-a",
        None,
        "secret-1-of-id-a",
    ]
    assert created["client_id"] == kept["client_id"] == f"a@{TSG}.iam.panserviceaccount.com"
    assert (created["id"], created["tsg_id"], created["role"]) == ("id-a", TSG, "auditor")
    assert [one["secret_reset"] for one in (created, reset)] == [False, True]


def test_check_mode_changes_nothing() -> None:
    with Strata(Tenant("b")) as strata:
        for name, changed in (("a", True), ("b", False)):
            result = run(NAME, {**strata.options, "name": name}, check=True)
            assert (result["changed"], result["client_secret"]) == (changed, None)
        assert run(NAME, {**strata.options, "name": "b", "state": "absent"}, check=True)["changed"] is True
        assert strata.tenant.changes == []


def test_task_uses_one_access_token() -> None:
    with Strata(Tenant()) as strata:
        run(NAME, {**strata.options, "name": "a", "role": "auditor"})
        assert strata.tenant.calls.count(f"POST {AUTH}") == 1


def test_connection_options_come_from_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    with Strata(Tenant("a")) as strata:
        for option, value in strata.options.items():
            monkeypatch.setenv(option.upper() if option.startswith("scm_") else f"SCM_{option.upper()}", value)
        assert run(NAME, {"name": "a"})["changed"] is False


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"tsg_id": "170000001"}, "Option 'tsg_id' is not a valid tenant service group (TSG) ID"),
        ({"client_id": "a:b"}, "Option 'client_id' contains white space or characters"),
        ({"client_secret": "a\n"}, "Option 'client_secret' contains white space or characters"),
        ({"scm_auth_url": "auth.example"}, "Option 'scm_auth_url' is not a URL"),
        ({"scm_url": "http://scm.example"}, "Option 'scm_url' would send credentials to scm.example without TLS"),
        ({"scm_ca_bundle": "/none.pem"}, "Option 'scm_ca_bundle' names a file that does not exist"),
        ({"name": "a@b"}, "Option 'name' must be the name"),
        ({"contact_email": "nobody"}, "Option 'contact_email' is not an email address"),
        ({"state": "gone"}, "value of state must be one of"),
    ],
)
def test_invalid_input_is_rejected_before_any_call(change: dict[str, Any], message: str) -> None:
    with Strata(Tenant()) as strata:
        result = failed(run(NAME, {**strata.options, "name": "a", **change}), strata.secrets)
        assert message in result["msg"]
        assert strata.received == []


def test_failure_has_operation_reason_and_next_step() -> None:
    with Strata(Tenant()) as strata:
        text = f"not you, {CREDENTIALS.client_secret}"
        strata.tenant.instead = {CREATE: [error(403, text)]}
        result = failed(run(NAME, {**strata.options, "name": "a"}), strata.secrets)
    assert result["msg"] == (
        f"Could not create service account a at POST {strata.url}{ACCOUNTS}: the server returned HTTP 403: "
        f"Error: not you, ********. {result['error']['next_step']}"
    )
    assert (result["error"]["kind"], result["error"]["status"]) == ("authorization", 403)


def test_rejected_credentials_fail() -> None:
    with Strata(Tenant()) as strata:
        strata.tenant.instead = {f"POST {AUTH}": [Reply(401, {"error": "invalid_client", "error_description": "no"})]}
        result = failed(run(NAME, {**strata.options, "name": "a"}), strata.secrets)
    assert (result["error"]["kind"], result["error"]["error_code"]) == ("authentication", "invalid_client")


def test_create_with_lost_response_yields_one_account() -> None:
    with Strata(Tenant()) as strata:
        strata.tenant.lost = {CREATE}
        result = run(NAME, {**strata.options, "name": "a"})
        assert strata.tenant.changes == [CREATE, RESET]
    assert (result["changed"], result["client_secret"]) == (True, "secret-1-of-id-a")


@pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning")
def test_server_with_untrusted_authority_fails(tls: ssl.SSLContext, bundle: str, other_bundle: str) -> None:
    with Strata(Tenant("a"), tls) as strata:
        options = {**strata.options, "name": "a"}
        assert run(NAME, {**options, "scm_ca_bundle": bundle})["changed"] is False
        result = failed(run(NAME, {**options, "scm_ca_bundle": other_bundle}), strata.secrets)
        assert "'scm_ca_bundle'" in result["error"]["next_step"]
        warned = run(NAME, {**options, "scm_validate_certs": False})
    assert any("'scm_validate_certs'" in str(warning) for warning in warned["warnings"])


def test_missing_library_fails_with_its_name() -> None:
    with Strata(Tenant("a")) as strata:
        result = _alone(["requests"], {**strata.options, "name": "a"})
    assert not [secret for secret in strata.secrets if secret in json.dumps(result)]
    result.pop("exception", None)  # of the import; ansible-core before 2.19 always returns it
    assert "requests" in failed(result, strata.secrets)["msg"]


def test_aws_sdk_is_not_required() -> None:
    with Strata(Tenant("a")) as strata:
        result = _alone(["boto3", "botocore"], {**strata.options, "name": "a"})
    assert result["changed"] is False, result
