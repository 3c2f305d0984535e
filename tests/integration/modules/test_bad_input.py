# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Invalid input is rejected with a specific message before any server is called."""

from __future__ import annotations

from typing import Any

import pytest

TOKEN = {"admin_role": "rulestack", "role_arn": "arn:aws:iam::123456789012:role/CloudNGFWAdmin"}
REVOKE = {"token": "a.b.c", "subscription_key": "key", "role_arn": TOKEN["role_arn"]}
CURRENT = {"token": "a.b.c", "subscription_key": "key", "expires_at": "2099-01-01T00:00:00Z"}
CALLER = {"client_id": "a@1700000001", "client_secret": "made-up", "tsg_id": "1700000001"}
ACCOUNT = {**CALLER, "name": "a"}
ROLE = {**CALLER, "name": "a", "permissions": ["iam.service_account.get"]}
KEY = {**CALLER, "product": "advanced_wildfire", "service_account": "a"}
BOUND = {"bound_client_id": "a@1700000001", "bound_client_secret": "made-up"}

BAD = [
    ("ngfw_token", {**TOKEN, "admin_role": "root"}, "value of admin_role must be one of"),
    ("ngfw_token", {**TOKEN, "expiry_time": 4}, "'expiry_time' is 4; Cloud NGFW allows 5 to 1440 minutes"),
    ("ngfw_token", {**TOKEN, "expiry_time": 1441}, "'expiry_time' is 1441; Cloud NGFW allows 5 to 1440 minutes"),
    ("ngfw_token", {**TOKEN, "renew_before": 30}, "'renew_before' is 30; it must be 0 or more, and less than"),
    ("ngfw_token", {**TOKEN, "role_arn": "CloudNGFWAdmin"}, "'role_arn' is malformed"),
    ("ngfw_token", {**TOKEN, "role_arn": "arn:aws:iam::123456789012:user/me"}, "is the ARN of a user, not of a role"),
    ("ngfw_token", {**TOKEN, "session_duration": 60}, "AWS allows 900 to 43200 seconds"),
    ("ngfw_token", {**TOKEN, "external_id": "!"}, "'external_id' must have 2 to 1224"),
    ("ngfw_token", {**TOKEN, "role_session_name": "a b"}, "'role_session_name' must have 2 to 64"),
    ("ngfw_token", {**TOKEN, "ngfw_url": "127.0.0.1:8443"}, "'ngfw_url' is not a URL"),
    ("ngfw_token", {**TOKEN, "ngfw_url": "http://example.com"}, "would send credentials to example.com without TLS"),
    (
        "ngfw_token",
        {**TOKEN, "endpoint_url": "http://example.com"},
        "would send credentials to example.com without TLS",
    ),
    (
        "ngfw_token",
        {**TOKEN, "ngfw_url": "https://api.eu-west-1.aws.cloudngfw.paloaltonetworks.com", "region": "us-east-1"},
        "is a host of region eu-west-1, but the region is us-east-1",
    ),
    ("ngfw_token", {**TOKEN, "ngfw_ca_bundle": "/nowhere/ca.pem"}, "'ngfw_ca_bundle' names a file that does not exist"),
    ("ngfw_token", {**TOKEN, "aws_ca_bundle": "/nowhere/ca.pem"}, "'aws_ca_bundle' names a file that does not exist"),
    ("ngfw_token", {**TOKEN, "current": {"token": "a.b.c"}}, "'current' lacks subscription_key, expires_at"),
    (
        "ngfw_token",
        {**TOKEN, "current": {**CURRENT, "expires_at": "soon"}},
        "'current.expires_at' is 'soon'; it must be a date",
    ),
    ("ngfw_token", {**TOKEN, "current": {**CURRENT, "expires_at": "2099-01-01T00:00:00"}}, "with a time zone"),
    ("ngfw_token", {**TOKEN, "current": {**CURRENT, "admin_role": "firewall"}}, "a token for admin role 'firewall'"),
    ("ngfw_token_revoke", {**REVOKE, "token": ""}, "'token' is empty"),
    ("ngfw_token_revoke", {**REVOKE, "token": "a b"}, "'token' contains white space"),
    ("ngfw_token_revoke", {**REVOKE, "subscription_key": ""}, "'subscription_key' is empty"),
    ("ngfw_token_revoke", {**REVOKE, "expires_at": "soon"}, "'expires_at' is 'soon'; it must be a date"),
    ("ngfw_rulestack_info", {"token": "a.b.c"}, "'subscription_key' is empty"),
    ("ngfw_rulestack_info", {"subscription_key": "key"}, "'token' is empty"),
    ("ngfw_rulestack_info", {"tag_value": "network"}, "tag_key"),
    ("ngfw_access_info", {"probe_admin_roles": ["root"]}, "must be one or more of"),
    ("scm_service_account", {**ACCOUNT, "tsg_id": "170000001"}, "It must have ten digits"),
    ("scm_service_account", {**ACCOUNT, "tsg_id": "tsg_id:1700000001"}, "It must have ten digits"),
    ("scm_service_account", {**ACCOUNT, "client_id": ""}, "'client_id' is empty"),
    ("scm_service_account", {**ACCOUNT, "client_secret": "made up"}, "'client_secret' contains white space"),
    ("scm_service_account", {**ACCOUNT, "scm_auth_url": "http://example.com"}, "to example.com without TLS"),
    ("scm_service_account", {**ACCOUNT, "scm_url": "example.com"}, "'scm_url' is not a URL"),
    ("scm_service_account", {**ACCOUNT, "scm_ca_bundle": "/nowhere/ca.pem"}, "names a file that does not exist"),
    ("scm_service_account", {**ACCOUNT, "name": " a"}, "must be a name without leading or trailing white space"),
    ("scm_service_account", {**ACCOUNT, "name": "a@1700000001"}, "not its client ID"),
    ("scm_service_account", {**ACCOUNT, "contact_email": "nobody"}, "is not an email address"),
    ("scm_service_account", {**ACCOUNT, "state": "rotated"}, "value of state must be one of"),
    ("scm_custom_role", {**ROLE, "name": "a/b"}, "must have 1 to 128 letters, digits or characters of"),
    ("scm_custom_role", {**ROLE, "permissions": []}, "the role would allow nothing"),
    ("scm_custom_role", {**ROLE, "permission_sets": [{"id": "iam.management", "access_types": []}]}, "is empty for"),
    ("wildfire_key", {**KEY, "tsg_id": "170000001"}, "It must have ten digits"),
    ("wildfire_key", KEY, "Palo Alto Networks publishes no API for keys"),
    ("wildfire_key", {**KEY, "bound_client_id": "a@1700000001"}, "required together"),
    ("wildfire_key", {**KEY, **BOUND, "bound_client_secret": "made up"}, "'bound_client_secret' contains white space"),
    ("wildfire_key", {**KEY, **BOUND, "service_account": ""}, "'service_account' is empty"),
    ("wildfire_key", {**KEY, **BOUND, "product": "dns_security"}, "value of product must be one of"),
    ("wildfire_key", {**KEY, **BOUND, "wait_interval": 0}, "'wait_interval' is 0 seconds; it must be at least 1."),
    ("wildfire_key", {**KEY, **BOUND, "wildfire_url": "http://example.com"}, "to example.com without TLS"),
    (
        "wildfire_key",
        {**KEY, "registry": {"base_url": "https://example.com"}},
        "lacks list.method, list.path, create.method",
    ),
    ("wildfire_key_info", {**CALLER, "registry": {"url": "https://example.com"}}, "Unsupported parameters"),
    ("wildfire_key_info", {**CALLER, "verify": True}, "bound_client_id, bound_client_secret"),
    ("wildfire_verdict_info", {**CALLER, "hashes": ["e3b0c442"]}, "item 1 (length 8)"),
    ("wildfire_verdict_info", {**CALLER, "hashes": []}, "'hashes' is empty"),
    ("wildfire_verdict_info", {"hashes": ["0" * 64]}, "'client_id' is missing"),
    ("wildfire_submission", {**CALLER, "links": ["a"]}, "'links[1]' is not a URL"),
    ("wildfire_submission", {**CALLER, "paths": ["/nothing/here"]}, "neither a file nor a directory"),
    ("wildfire_report_info", {**CALLER, "hash": "ab"}, "'hash' is neither an MD5"),
    ("wildfire_sample", {**CALLER, "hash": "0" * 64, "dest": "/tmp/x", "mode": "0755"}, "make the file executable"),
    ("wildfire_test_file", {"dest": "/nothing/here"}, "a directory that does not exist"),
    ("wildfire_verdict_info", {"hashes": ["0" * 64], "api_key": "a b"}, "is empty, or contains characters other"),
]


@pytest.mark.parametrize("module", sorted({case[0] for case in BAD}))
def test_invalid_input_is_rejected_before_any_call(services: Any, controller: Any, module: str) -> None:
    cases = [(options, message) for name, options, message in BAD if name == module]
    before = services.calls()
    tasks = [
        {
            "name": f"block {number}",
            "block": [{"name": f"bad {number}", f"panw.cloud.{module}": options}],
            "rescue": [{"name": "refused", "ansible.builtin.meta": "noop"}],
        }
        for number, (options, _message) in enumerate(cases)
    ]
    run = controller.play(*tasks)
    assert run.returncode == 0, run.output
    for number, (options, message) in enumerate(cases):
        assert message in run.results[f"bad {number}"]["msg"], options
        assert run.results[f"bad {number}"]["failed"], options
    assert "Traceback" not in run.output
    assert services.calls() == before
