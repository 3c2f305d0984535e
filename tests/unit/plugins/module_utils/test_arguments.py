# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The shared options: what is refused before any network call, each with its own message."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.basic import AnsibleFallbackNotFound
from ansible_collections.panw.cloud.plugins.module_utils._aws.assumed_role import AssumedRole, assumed_role
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.panw.cloud.plugins.module_utils._module.argspec import from_environment
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.admin_roles import ADMIN_ROLES
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.tokens.options import (
    TOKEN_PARTS,
    check_expiry,
    check_renewal,
    current_expiry,
    date_option,
    token_pair,
)
from ansible_collections.panw.cloud.plugins.module_utils._transport.certificates import ca_bundle
from ansible_collections.panw.cloud.tests.helpers.fakes import KEY, NOW, ROLE_ARN, TOKEN

SESSION = {"role_arn": ROLE_ARN, "role_session_name": "panw.cloud"}
CURRENT = {"token": TOKEN, "subscription_key": KEY, "expires_at": "2026-05-19T12:00:00Z"}


def refused(work: Any, *arguments: Any) -> str:
    with pytest.raises(InvalidInput) as caught:
        work(*arguments)
    assert TOKEN not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    "arn",
    [
        ROLE_ARN,
        "arn:aws:iam::123456789012:role/path/to/Name",
        "arn:aws-us-gov:iam::123456789012:role/Name",
        "arn:aws-cn:iam::123456789012:role/a+b=c,d.e@f-g_h",
        "arn:aws:iam::123456789012:role/" + "x" * 64,
    ],
)
def test_role(arn: str) -> None:
    role = assumed_role({**SESSION, "role_arn": arn})
    assert role == AssumedRole(arn, "panw.cloud")
    assert role
    assert role.account_id == "123456789012"


@pytest.mark.parametrize(
    "arn",
    [
        "role",
        "CloudNGFWAdmin",
        "arn:aws:iam::12345678901:role/Name",
        "arn:aws:iam::1234567890123:role/Name",
        "arn:aws:iam::123456789012:role/",
        "arn:aws:iam::123456789012:role/" + "x" * 65,
        "arn:aws:iam::123456789012:role/Name with space",
        "arn:aws:iam::123456789012:role/Nämë",
        "arn:aws:iam::\u0661\u0662\u0663456789012:role/Name",
        "arn:aws:s3:::bucket",
        f" {ROLE_ARN}",
        f"{ROLE_ARN}\n",
        "arn:aws:sts::123456789012:role/Name",
    ],
)
def test_malformed_arn(arn: str) -> None:
    assert refused(assumed_role, {**SESSION, "role_arn": arn}).startswith("Option 'role_arn' is malformed: ")


@pytest.mark.parametrize(
    ("arn", "kind"),
    [
        ("arn:aws:iam::123456789012:user/somebody", "user"),
        ("arn:aws:iam::123456789012:group/some", "group"),
        ("arn:aws:sts::123456789012:assumed-role/Name/session", "assumed-role"),
        ("arn:aws:iam::123456789012:root", "root"),
        ("arn:aws:iam::123456789012:policy/p", "policy"),
        ("arn:aws:iam::123456789012:instance-profile/p", "instance-profile"),
    ],
)
def test_arn_of_something_else(arn: str, kind: str) -> None:
    assert refused(assumed_role, {**SESSION, "role_arn": arn}).startswith(
        f"Option 'role_arn' is the ARN of a {kind}, not of a role: {arn}"
    )


def test_no_role() -> None:
    assert assumed_role({"role_arn": None}) is None
    assert assumed_role({"role_arn": ""}) is None


@pytest.mark.parametrize("option", ["external_id", "session_duration", "session_policy"])
def test_session_option_without_a_role(option: str) -> None:
    assert refused(assumed_role, {"role_arn": None, option: "x"}) == (
        f"Option '{option}' needs 'role_arn': it belongs to the session of an assumed role."
    )


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("role_session_name", "x", "must have 2 to 64 letters"),
        ("role_session_name", "x" * 65, "must have 2 to 64 letters"),
        ("role_session_name", "with space", "must have 2 to 64 letters"),
        ("role_session_name", "ümlaut", "must have 2 to 64 letters"),
        ("role_session_name", "name\n", "must have 2 to 64 letters"),
        ("external_id", "x", "must have 2 to 1224 letters"),
        ("external_id", "x" * 1225, "must have 2 to 1224 letters"),
        ("external_id", "with space", "must have 2 to 1224 letters"),
        ("external_id", "", "must have 2 to 1224 letters"),
        ("session_duration", 899, "is 899; AWS allows 900 to 43200 seconds."),
        ("session_duration", 43201, "is 43201; AWS allows 900 to 43200 seconds."),
    ],
)
def test_session_option_out_of_range(option: str, value: Any, message: str) -> None:
    assert refused(assumed_role, {**SESSION, option: value}).startswith(f"Option '{option}' {message}")


@pytest.mark.parametrize("duration", [900, 3600, 43200])
def test_session_options(duration: int) -> None:
    given = {**SESSION, "external_id": "id:1/x", "session_duration": duration, "session_policy": "{}"}
    assert assumed_role(given) == AssumedRole(ROLE_ARN, "panw.cloud", "id:1/x", duration, "{}")


@pytest.mark.parametrize("minutes", [4, 0, -1, 1441])
def test_expiry_out_of_range(minutes: int) -> None:
    assert refused(check_expiry, minutes) == (
        f"Option 'expiry_time' is {minutes}; the vendor allows 5 to 1440 minutes."
    )


@pytest.mark.parametrize("minutes", [5, 30, 1440])
def test_expiry_in_range(minutes: int) -> None:
    check_expiry(minutes)


@pytest.mark.parametrize(("before", "expiry"), [(-1, 30), (30, 30), (31, 30)])
def test_renewal_out_of_range(before: int, expiry: int) -> None:
    assert refused(check_renewal, before, expiry).startswith(f"Option 'renew_before' is {before}; ")


def test_renewal_in_range() -> None:
    check_renewal(0, 5)
    check_renewal(29, 30)


def test_held() -> None:
    assert token_pair({"token": TOKEN, "subscription_key": KEY}) == (TOKEN, KEY)


@pytest.mark.parametrize("part", ["token", "subscription_key"])
@pytest.mark.parametrize("value", [None, "", "  ", "\n"])
def test_held_without_a_part(part: str, value: str | None) -> None:
    message = refused(token_pair, {"token": TOKEN, "subscription_key": KEY, part: value})
    assert message == f"Option '{part}' is empty. A token is used together with its subscription key."


@pytest.mark.parametrize("part", ["token", "subscription_key"])
@pytest.mark.parametrize("value", [f"{TOKEN}\n", f" {TOKEN}", "two words", "a\r\nX-Injected: 1", "ü"])
def test_held_that_no_header_can_carry(part: str, value: str) -> None:
    message = refused(token_pair, {"token": TOKEN, "subscription_key": KEY, part: value})
    assert message.startswith(f"Option '{part}' holds white space or characters")
    assert value not in message


@pytest.mark.parametrize("given", [None, {}, dict.fromkeys(CURRENT)])
def test_no_current(given: dict[str, Any] | None) -> None:
    assert current_expiry(given, "firewall") is None


def test_current() -> None:
    assert current_expiry(CURRENT, "firewall") == NOW
    assert current_expiry({**CURRENT, "admin_role": "firewall"}, "firewall") == NOW
    assert current_expiry({**CURRENT, "admin_role": None}, "firewall") == NOW


@pytest.mark.parametrize("part", TOKEN_PARTS)
@pytest.mark.parametrize("value", [None, ""])
def test_current_without_a_part(part: str, value: str | None) -> None:
    message = refused(current_expiry, {**CURRENT, part: value}, "firewall")
    assert message.startswith(f"Option 'current' lacks {part}. It has to hold token, subscription_key, expires_at")


def test_current_of_another_admin_role() -> None:
    message = refused(current_expiry, {**CURRENT, "admin_role": "rulestack"}, "firewall")
    assert message == "Option 'current' holds a token for admin role 'rulestack', but 'admin_role' is 'firewall'."


def test_current_with_white_space() -> None:
    message = refused(current_expiry, {**CURRENT, "token": f"{TOKEN}\n"}, "firewall")
    assert message.startswith("Option 'current.token' holds white space")


@pytest.mark.parametrize("text", ["soon", "2026-05-19T12:00:00", "2026-05-19", "1779192000"])
def test_current_with_an_unparsable_date(text: str) -> None:
    message = refused(current_expiry, {**CURRENT, "expires_at": text}, "firewall")
    assert message == (
        f"Option 'current.expires_at' is {text!r}; it has to be a date and time with a time zone, such as '2026-05-19T12:00:00Z'."
    )


def test_date() -> None:
    assert date_option("expires_at", None) is None
    assert date_option("expires_at", "2026-05-19T12:00:00Z") == NOW
    assert "Option 'expires_at' is 'soon'; it has to be a date" in refused(date_option, "expires_at", "soon")


TRUST: dict[str, Any] = {"ngfw_validate_certs": True, "ngfw_ca_bundle": None, "aws_ca_bundle": None}


def test_trust_by_precedence(tmp_path: Path) -> None:
    files = {}
    for name in ("ngfw_ca_bundle", "aws_ca_bundle", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        files[name] = str(tmp_path / name)
        Path(files[name]).touch()
    environment = {name: path for name, path in files.items() if name.isupper()}
    options = {name: path for name, path in files.items() if name.islower()}
    assert ca_bundle({**TRUST, **options}, "ngfw", environment) == files["ngfw_ca_bundle"]
    assert ca_bundle({**TRUST, **options, "ngfw_ca_bundle": None}, "ngfw", environment) == files["aws_ca_bundle"]
    assert ca_bundle(TRUST, "ngfw", environment) == files["REQUESTS_CA_BUNDLE"]
    assert ca_bundle(TRUST, "ngfw", {"CURL_CA_BUNDLE": files["CURL_CA_BUNDLE"]}) == files["CURL_CA_BUNDLE"]
    assert ca_bundle(TRUST, "ngfw", {}) is True
    assert ca_bundle({**TRUST, **options, "ngfw_validate_certs": False}, "ngfw", environment) is False


def test_trust_reads_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path))
    assert ca_bundle(TRUST, "ngfw") == str(tmp_path)


@pytest.mark.parametrize("option", ["ngfw_ca_bundle", "aws_ca_bundle"])
def test_missing_ca_file(option: str) -> None:
    assert refused(ca_bundle, {**TRUST, option: "/none.pem"}, "ngfw", {}) == (
        f"Option '{option}' names a file that does not exist: /none.pem"
    )


def test_missing_ca_file_of_the_environment() -> None:
    message = refused(ca_bundle, TRUST, "ngfw", {"REQUESTS_CA_BUNDLE": "/none.pem"})
    assert message == "Option 'REQUESTS_CA_BUNDLE' names a file that does not exist: /none.pem"


def test_stale_variable_does_not_matter_beside_an_explicit_bundle(tmp_path: Path) -> None:
    given = {**TRUST, "ngfw_ca_bundle": str(tmp_path)}
    assert ca_bundle(given, "ngfw", {"REQUESTS_CA_BUNDLE": "/none.pem"}) == str(tmp_path)


def test_admin_roles_are_the_vendors() -> None:
    assert {name: (role.path, role.tag) for name, role in ADMIN_ROLES.items()} == {
        "firewall": ("/v1/mgmt/tokens/cloudfirewalladmin", "CloudNGFWFirewallAdmin"),
        "rulestack": ("/v1/mgmt/tokens/cloudrulestackadmin", "CloudNGFWRulestackAdmin"),
        "global_rulestack": ("/v1/mgmt/tokens/cloudglobalrulestackadmin", "CloudNGFWGlobalRulestackAdmin"),
        "account": ("/v1/mgmt/tokens/cloudaccountadmin", "CloudNGFWAccountAdmin"),
    }


def test_an_empty_variable_of_the_environment_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NGFW_URL", "")
    with pytest.raises(AnsibleFallbackNotFound):
        from_environment("NGFW_URL")
    monkeypatch.setenv("NGFW_OTHER_URL", "https://one.example")
    assert from_environment("NGFW_URL", "NGFW_OTHER_URL") == "https://one.example"
