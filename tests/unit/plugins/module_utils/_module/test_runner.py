# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The common entry point of all modules: error handling, connection options, and hosts without a library."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._module import ngfw
from ansible_collections.panw.cloud.plugins.modules import ngfw_access_info
from ansible_collections.panw.cloud.tests.helpers.fakes import refusal, success
from ansible_collections.panw.cloud.tests.helpers.run_module import STAGE, TOKENS, Cloud, failed, run

MODULES = ["ngfw_access_info", "ngfw_rulestack_info", "ngfw_token", "ngfw_token_revoke"]
NEEDED = {"admin_role": "firewall", "token": "a-token-of-somebody", "subscription_key": "a-key-of-somebody"}
OPTIONS = {
    "ngfw_access_info": [],
    "ngfw_rulestack_info": ["token", "subscription_key"],
    "ngfw_token": ["admin_role"],
    "ngfw_token_revoke": ["token", "subscription_key"],
}


@pytest.mark.parametrize("name", MODULES)
@pytest.mark.parametrize("libraries", [["requests"], ["boto3", "botocore"], ["requests", "boto3", "botocore"]])
def test_missing_library_fails_with_its_name(name: str, libraries: list[str]) -> None:
    options = {option: NEEDED[option] for option in OPTIONS[name]}
    script = f"""
import sys
sys.path[:] = {[entry for entry in sys.path if entry]!r}
from ansible_collections.panw.cloud.plugins.modules import {name} as module
"""
    block = f"import sys; sys.modules.update(dict.fromkeys({libraries!r}))"
    arguments = f"""
import json
from ansible.module_utils import basic
basic._ANSIBLE_ARGS = json.dumps({{"ANSIBLE_MODULE_ARGS": {options!r}}}).encode()
basic._ANSIBLE_PROFILE = "legacy"
module.main()
"""
    command = [sys.executable, "-c", block + script + arguments]
    ran = subprocess.run(command, check=False, capture_output=True, text=True)
    result = json.loads(ran.stdout)
    assert result["failed"] is True
    assert any(library in result["msg"] for library in libraries)
    assert "a-token-of-somebody" not in ran.stdout + ran.stderr


def test_unexpected_exception_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the collection's own errors become a message; a defect stays a traceback to report."""

    def work(_task: ngfw.Task) -> dict[str, object]:
        raise ZeroDivisionError

    with Cloud() as cloud:
        monkeypatch.setattr(ngfw_access_info, "work", work)
        with pytest.raises(ZeroDivisionError):
            run("ngfw_access_info", cloud.options)


def test_connection_options_come_from_environment() -> None:
    result = failed(run("ngfw_token", {"admin_role": "firewall", "region": "us-east-1"}))
    assert result["error"]["kind"] == "authentication"
    assert "none are configured" in result["msg"]


@pytest.mark.parametrize("name", ["ngfw_token", "ngfw_stored_token", "ngfw_access_info", "scm_stored_credentials"])
@pytest.mark.parametrize("where", ["option", "environment", "file"])
def test_unreadable_profile_is_not_reported_as_missing_region(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, where: str
) -> None:
    """The profile has a region, but its name is mistyped."""
    config = tmp_path / "config"
    config.write_text("[profile shop]\nregion = eu-west-1\n" + ("[broken" if where == "file" else ""))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    if where == "environment":
        monkeypatch.setenv("AWS_PROFILE", "sohp")
    options = {"profile": "sohp"} if where == "option" else {}
    needed = {
        "ngfw_token": {"admin_role": "firewall"},
        "ngfw_stored_token": {"admin_role": "firewall", "name": "a"},
        "scm_stored_credentials": {
            **{"name": "a", "service_account": "sa", "client_id": "me@1234567890.iam.panserviceaccount.com"},
            **{"client_secret": "not-a-real-one", "tsg_id": "1234567890"},
        },
    }
    result = failed(run(name, {**needed.get(name, {}), **options}))
    assert result["error"]["kind"] == "authentication"
    assert (str(config) if where == "file" else "sohp") in result["msg"]


def test_region_comes_from_host() -> None:
    url = "https://api.eu-west-1.aws.cloudngfw.paloaltonetworks.com"
    result = failed(run("ngfw_token", {"admin_role": "firewall", "ngfw_url": url}))
    assert result["error"]["kind"] == "authentication"


@pytest.mark.parametrize("secret", ["the-session-token-of-the-caller\n", " the-session-token-of-the-caller"])
def test_key_with_whitespace_is_in_no_output(secret: str) -> None:
    """A key read from a file ends with a newline, and the HTTP library's error holds the header."""
    with Cloud() as cloud:
        options = {**cloud.options, "session_token": secret, "admin_role": "firewall"}
        shown = [run("ngfw_token", options)]
        options.pop("role_arn")
        shown.append(run("ngfw_token", options))
    assert "the-session-token-of-the-caller" not in json.dumps([one for one in shown if one.get("failed")])
    assert "Traceback" not in json.dumps(shown)


STEERING = "\x1b]0;owned\a\x1b[31m\0\r\x9b\u202e\u2066\u200b\u2028\ud800"


@pytest.mark.parametrize("fails", [False, True])
def test_server_text_with_control_characters_is_escaped(fails: bool) -> None:
    """In results, failures and warnings; line breaks and printable characters stay."""
    described = {
        "RuleStackName": "web",
        "RuleStackState": STEERING,
        "RuleStackCandidate": {
            "Scope": "Local",
            "Description": f"two\nlines\t{STEERING}ß中",
            f"Odd{STEERING}Key": [STEERING],
        },
    }
    path = f"{STAGE}/v1/config/rulestacks/web"
    routes = {
        f"GET {path}": refusal(500, STEERING + "broken") if fails else success(described),
        f"GET {path}/tags": refusal(400, f"no tags {STEERING}!"),
        f"GET {path}/commit": success({"CommitStatus": STEERING}),
    }
    with Cloud(routes) as cloud:
        options = {**cloud.options, "name": "web", "gather": ["tags", "commit_status"]}
        result = run("ngfw_rulestack_info", options)
    shown = json.dumps(result, ensure_ascii=False)
    assert not [letter for letter in STEERING if not letter.isprintable() and letter in "".join(_texts(result))]
    if fails:
        assert "broken" in failed(result)["msg"]
        return
    assert result["rulestacks"][0]["candidate"]["description"] == "two\nlines\t]0;owned[31mß中"
    assert "no tags" in shown
    assert result["rulestacks"][0]["tags"] is None


def _texts(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for pair in value.items() for item in pair for text in _texts(item)]
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    return [value] if isinstance(value, str) else []


def test_info_module_assumes_role_once_for_its_tokens() -> None:
    with Cloud() as cloud:
        run("ngfw_rulestack_info", {**cloud.options, "scope": "all"})
        assert len(cloud.sts) == 1
        assert [call for call in cloud.calls if call.startswith(f"GET {TOKENS}/")] == [
            f"GET {TOKENS}/cloudrulestackadmin",
            f"GET {TOKENS}/cloudglobalrulestackadmin",
        ]
