# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The token API over TLS, signed by botocore and by hand."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import jwt
import pytest
from botocore.credentials import Credentials

TOKENS = "/v1/mgmt/tokens"
DENIED = {"message": "User is not authorized to access this resource"}
KINDS = ["firewall", "rulestack", "globalrulestack", "account"]


def path(kind="rulestack"):
    return f"{TOKENS}/cloud{kind}admin"


def mint(world, kind="rulestack", arn=None, suffix="", **options):
    return world.signed("GET", path(kind) + suffix, world.assume(arn or world.role(kind)), **options)


@pytest.mark.parametrize("kind", KINDS)
def test_tagged_role_gets_only_its_token(world, kind):
    arn = world.role(kind)
    answer = mint(world, kind, arn)
    content = answer.json()["Response"]
    claims = jwt.decode(content["TokenId"], options={"verify_signature": False})
    assert answer.json()["ResponseStatus"] == {"ErrorCode": 0, "Reason": ""}
    assert (content["ExpiryTime"], content["Enabled"], len(content["SubscriptionKey"])) == (30, True, 40)
    assert claims["tenant_version"] == "V2"
    assert claims["exp"] - claims["iat"] == 1800
    assert answer.headers["x-amzn-RequestId"]
    assert answer.headers["x-amz-apigw-id"]
    for other in set(KINDS) - {kind}:
        refused = mint(world, other, arn)
        assert (refused.status_code, refused.json()) == (403, DENIED)


@pytest.mark.parametrize(("key", "value"), [("cloudngfwrulestackadmin", "Yes"), ("CloudNGFWRulestackAdmin", "yes")])
def test_tags_match_exactly(world, key, value):
    arn = world.role()
    world.client("iam").tag_role(RoleName=arn.rpartition("/")[2], Tags=[{"Key": key, "Value": value}])
    assert mint(world, arn=arn).json() == DENIED


def test_tag_applies_immediately(world):
    arn = world.role()
    credentials = world.assume(arn)
    assert world.signed("GET", path(), credentials).status_code == 403
    world.client("iam").tag_role(
        RoleName=arn.rpartition("/")[2], Tags=[{"Key": "CloudNGFWRulestackAdmin", "Value": "Yes"}]
    )
    assert world.signed("GET", path(), credentials).status_code == 200


def test_user_has_no_role_tags(world):
    assert world.signed("GET", path(), world.user).json() == DENIED


@pytest.mark.parametrize(
    ("suffix", "body", "minutes"),
    [
        ("", None, 30),
        ("", "{}", 30),
        ("", "null", 30),
        ("?expirytime=60", None, 60),
        ("?ExpiryTime=5", None, 5),
        ("", '{"ExpiryTime": 120}', 120),
        ("", '{"expirytime": "1440"}', 1440),
        ("?expirytime=60", '{"ExpiryTime": 90.0}', 90),
    ],
)
def test_expiry_formats_are_accepted(world, suffix, body, minutes):
    answer = mint(world, suffix=suffix, body=body, headers={"Content-Type": "application/json"})
    assert answer.json()["Response"]["ExpiryTime"] == minutes


@pytest.mark.parametrize("value", ["4", "1441", "x", "", "-5", "true", "5.5"])
@pytest.mark.parametrize(("switch", "status"), [(200, 200), (400, 400)])
def test_expiry_out_of_range_is_rejected(world, value, switch, status):
    world.admin("PUT", "/access", {"application_error_status": switch})
    answer = mint(world, suffix=f"?expirytime={value}")
    assert answer.status_code == status
    assert answer.json()["ResponseStatus"]["ErrorCode"] == 400
    assert answer.json()["ResponseStatus"]["Reason"].startswith("InvalidRequestException: ")


def test_expiry_is_granted_up_to_the_maximum(world):
    world.admin("PUT", "/access", {"max_expiry_time": 480})
    assert mint(world, suffix="?expirytime=1440").json()["Response"]["ExpiryTime"] == 480


def test_disabled_access(world):
    world.admin("PUT", "/access", {"enabled": False, "max_expiry_time": 600})
    answer = mint(world)
    assert answer.status_code == 200
    assert answer.json()["ResponseStatus"]["ErrorCode"] == 0
    assert answer.json()["Response"] == {"ExpiryTime": 30, "Enabled": False}
    described = world.signed("GET", TOKENS, world.assume(world.role())).json()
    assert described["Response"] == {"Enabled": False, "MaxExpiryTime": 600}


def test_describe_can_be_limited_to_tenant_admins(world):
    world.admin("PUT", "/access", {"describe": "tenant_admin"})
    assert world.signed("GET", TOKENS, world.assume(world.role("account"))).json() == DENIED


def test_account_must_be_onboarded_and_have_firewall_manager(world, tools):
    world.admin("PUT", f"/accounts/{tools.MAIN}", {"firewall_manager": False})
    assert mint(world, "globalrulestack").json() == DENIED
    assert mint(world, "rulestack").status_code == 200
    world.admin("PUT", f"/accounts/{tools.MAIN}", {"onboarded": False})
    assert mint(world, "rulestack").json() == DENIED


def test_invalid_body_is_rejected(world):
    answer = mint(world, body="{", headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()) == (400, {"message": "Invalid request body"})


def test_vendor_tool_signature_is_accepted(world, tools):
    url = f"{world.endpoints.ngfw_url}{path()}?expirytime=60"
    headers = tools.hand_signed(url, "GET", world.assume(world.role("rulestack")), b"{}")
    answer = world.send("GET", f"{path()}?expirytime=60", {**headers, "Content-Type": "application/json"}, b"{}")
    assert answer.json()["Response"]["ExpiryTime"] == 60
    assert "does not match" in world.send("GET", f"{path()}?expirytime=60", headers, b"{ }").json()["message"]
    assert "does not match" in world.send("GET", f"{path()}?expirytime=61", headers, b"{}").json()["message"]


def gateway_cases():
    old = datetime.now(UTC) - timedelta(hours=1)
    return {
        "unknown route": (lambda w, t, c: w.signed("GET", TOKENS + "/cloudnothing", c), "Missing Authentication Token"),
        "unknown method": (lambda w, t, c: w.signed("POST", path(), c), "Missing Authentication Token"),
        "unsigned": (lambda w, t, c: w.send("GET", path()), "Missing Authentication Token"),
        "no signature": (
            lambda w, t, c: w.send("GET", path(), {"Authorization": "AWS4-HMAC-SHA256 x=y"}),
            "requires 'Credential'",
        ),
        "a token instead": (lambda w, t, c: w.send("GET", path(), {"Authorization": "abc"}), "missing equal-sign"),
        "unknown key": (
            lambda w, t, c: w.signed("GET", path(), Credentials("ASIAIOSFODNN7EXAMPLE", "x", "y")),
            "The security token included in the request is invalid.",
        ),
        "wrong secret": (
            lambda w, t, c: w.signed("GET", path(), Credentials(c.access_key, "x", c.token)),
            "The request signature we calculated does not match the signature you provided.",
        ),
        "wrong region": (lambda w, t, c: w.signed("GET", path(), c, region="eu-west-1"), "scoped to a valid region."),
        "wrong service": (
            lambda w, t, c: w.signed("GET", path(), c, service="sts"),
            "scoped to correct service: 'execute-api'",
        ),
        "old": (
            lambda w, t, c: w.send("GET", path(), t.hand_signed(w.endpoints.ngfw_url + path(), "GET", c, when=old)),
            "Signature expired: ",
        ),
    }


@pytest.mark.parametrize("case", gateway_cases())
def test_gateway_rejections_match_the_documentation(world, tools, case):
    call, text = gateway_cases()[case]
    credentials = world.assume(world.role("rulestack"))
    issued = world.state()["issued"]
    answer = call(world, tools, credentials)
    assert answer.status_code == 403
    assert text in answer.json()["message"]
    assert credentials.token not in answer.text
    assert answer.headers["x-amzn-ErrorType"].endswith("Exception")
    assert world.state()["issued"] == issued


def test_expired_credentials(world):
    credentials = world.assume(world.role("rulestack"))
    world.admin("POST", "/credentials/expire")
    answer = world.signed("GET", path(), credentials)
    assert answer.json() == {"message": "The security token included in the request is expired"}
    assert answer.headers["x-amzn-ErrorType"] == "ExpiredTokenException"


def test_invoke_must_be_allowed(world, tools):
    refused = mint(world, arn=world.role("rulestack", invoke=False))
    assert refused.status_code == 403
    assert refused.json()["Message"].startswith(f"User: arn:aws:sts::{tools.MAIN}:assumed-role/role-")
    assert (
        "is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:us-east-1:****"
        in refused.json()["Message"]
    )


@pytest.mark.parametrize(
    ("resource", "status"),
    [("*/prod/GET/v1/mgmt/tokens/cloudrulestackadmin", 200), ("*/prod/GET/v1/mgmt/tokens", 403), ("*/DELETE/*", 403)],
)
def test_invoke_permission_is_checked_per_route(world, resource, status):
    arn = world.role("rulestack", invoke=False)
    statement = {
        "Effect": "Allow",
        "Action": "execute-api:Invoke",
        "Resource": f"arn:aws:execute-api:us-east-1:*:{resource}",
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    world.client("iam").put_role_policy(RoleName=arn.rpartition("/")[2], PolicyName="p", PolicyDocument=policy)
    assert mint(world, arn=arn).status_code == status


def test_session_policy_limits_invoke(world):
    nothing = json.dumps({"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]})
    credentials = world.assume(world.role("rulestack"), Policy=nothing)
    assert "Message" in world.signed("GET", path(), credentials).json()


@pytest.mark.parametrize("prefix", ["/prod", "/eu-west-1"])
def test_stage_in_the_path_selects_the_region(world, prefix):
    region = "eu-west-1" if prefix == "/eu-west-1" else "us-east-1"
    credentials = world.assume(world.role("rulestack"))
    headers = world.signed("GET", prefix + path(), credentials, region=region).json()["Response"]
    access = {"Authorization": headers["TokenId"], "x-api-key": headers["SubscriptionKey"]}
    assert world.read(f"{prefix}/v1/config/rulestacks", access).status_code == 200
    other = world.read("/eu-north-1/v1/config/rulestacks", access)
    assert (other.status_code, other.json()) == (401, {"message": "Unauthorized"})


def test_account_admin_is_served_in_the_management_region(world):
    answer = mint(world, "account", suffix="").status_code
    elsewhere = world.signed(
        "GET", "/eu-west-1" + path("account"), world.assume(world.role("account")), region="eu-west-1"
    )
    assert (answer, elsewhere.json()) == (200, {"message": "Missing Authentication Token"})


def test_revoke(world):
    arn = world.role("rulestack")
    credentials = world.assume(arn)
    access = world.token(arn=arn)
    target = f"{TOKENS}/{quote(access['Authorization'], safe='')}"
    key = {"x-api-key": access["x-api-key"]}
    for wrong in ({}, {"x-api-key": "x" * 40}):
        refused = world.signed("DELETE", target, credentials, headers=wrong)
        assert (refused.status_code, refused.json()) == (403, {"message": "Forbidden"})
    assert world.signed("DELETE", target, credentials, headers=key).json()["ResponseStatus"]["ErrorCode"] == 0
    denied = world.read("/v1/config/rulestacks", access)
    assert denied.json() == {"message": "User is not authorized to access this resource with an explicit deny"}
    again = world.signed("DELETE", target, credentials, headers=key)
    reason = "ResourceNotFoundException: token does not exist"
    assert (again.status_code, again.json()) == (
        200,
        {"Response": None, "ResponseStatus": {"ErrorCode": 404, "Reason": reason}},
    )
    world.admin("PUT", "/access", {"application_error_status": 400})
    assert world.signed("DELETE", f"{TOKENS}/a.b.c", credentials, headers=key).status_code == 404
    world.admin("PUT", "/access", {"revoke_route": False})
    gone = world.signed("DELETE", target, credentials, headers=key)
    assert (gone.status_code, gone.json()) == (403, {"message": "Missing Authentication Token"})


def test_another_account_cannot_revoke(world, tools):
    access = world.token()
    entry = world.assume(f"arn:aws:iam::{tools.OTHER}:role/OrganizationAccountAccessRole")
    arn = world.role("rulestack", credentials=entry)
    foreign = world.token(arn=arn)
    target = f"{TOKENS}/{access['Authorization']}"
    answer = world.signed("DELETE", target, world.assume(arn), headers={"x-api-key": foreign["x-api-key"]})
    assert answer.json()["ResponseStatus"]["ErrorCode"] == 404
    assert world.read("/v1/config/rulestacks", access).status_code == 200


def test_later_calls_require_a_valid_token_and_key(world):
    access = world.token()
    text = access["Authorization"]
    foreign = jwt.encode(jwt.decode(text, options={"verify_signature": False}), "k" * 32, "HS256")
    for wrong in (None, f"Bearer {text}", "x", text[:-2], foreign):
        headers = {"x-api-key": access["x-api-key"], **({"Authorization": wrong} if wrong else {})}
        answer = world.read("/v1/config/rulestacks", headers)
        assert (answer.status_code, answer.json()) == (401, {"message": "Unauthorized"})
    for headers in ({"Authorization": text}, {**access, "x-api-key": "x"}):
        answer = world.read("/v1/config/rulestacks", headers)
        assert (answer.status_code, answer.json()) == (403, {"message": "Forbidden"})
    world.admin("PUT", "/clock", {"offset_seconds": 1801})
    assert world.read("/v1/config/rulestacks", access).status_code == 401
    assert world.state()["expired"] >= 1


def test_permissions_boundary_limits_invoke(world):
    created = world.client("iam").create_policy(
        PolicyName="boundary",
        PolicyDocument=json.dumps(
            {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
        ),
    )
    arn = world.role("rulestack", PermissionsBoundary=created["Policy"]["Arn"])
    assert "Message" in mint(world, arn=arn).json()


def test_fleet_roles_are_created(world):
    arns = world.admin("POST", "/fleet", {"roles": 5}).json()["role_arns"]
    assert len(set(arns)) == 5
    assert len({arn.split(":")[4] for arn in arns}) == 2
    assert world.admin("POST", "/fleet", {"roles": 3}).json()["role_arns"] == arns[:3]
    for arn in arns[:2]:
        assert world.token(arn=arn)["Authorization"]
    assert "from 1 to" in world.admin("POST", "/fleet", {"roles": 0}).json()["error"]


def test_fleet_role_of_a_name_is_created_once_in_each_onboarded_account(world):
    arns = world.admin("POST", "/fleet", {"name": "CloudNGFWAdmin"}).json()["role_arns"]
    assert arns == [f"arn:aws:iam::{account}:role/CloudNGFWAdmin" for account in ("123456789012", "210987654321")]
    assert world.admin("POST", "/fleet", {"name": "CloudNGFWAdmin"}).json()["role_arns"] == arns
    for arn in arns:
        assert world.token(arn=arn)["Authorization"]
    for body in ({}, {"name": "a", "roles": 1}):
        assert world.admin("POST", "/fleet", body).json()["error"] == "one of 'roles' and 'name' is required"
