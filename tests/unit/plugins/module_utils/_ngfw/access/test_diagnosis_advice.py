# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The advice fits the situation: no change during an outage, and only changes that outlast one session."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._aws.assumed_role import AssumedRole
from ansible_collections.panw.cloud.plugins.module_utils._aws.iam import IamRole, Permission
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import (
    AuthenticationError,
    AuthorizationError,
    InvalidRequest,
    NotFound,
    ServerError,
    Throttled,
    TransportError,
)
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.access.checks import AdminRoleProbe
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.access.diagnosis import diagnose, first_change
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.access.diagnostic_context import (
    DiagnosticContext,
    Subject,
)
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.access.probe import AccessProbe, ProbePlan
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.admin_roles import ADMIN_ROLES
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.endpoints import Endpoint
from ansible_collections.panw.cloud.tests.helpers.diagnostic_fixtures import ARN, INVOKE, SESSION, World, error
from ansible_collections.panw.cloud.tests.helpers.fakes import (
    Reply,
    Server,
    http,
    issued,
    refusal,
    service,
    success,
)

USER = "arn:aws:iam::123456789012:user/me"
OTHER = "arn:aws:sts::123456789012:assumed-role/Automation/i-0123456789"
OTHERS_ROLE = "arn:aws:iam::123456789012:role/Automation"
REFUSED = error(AuthorizationError, "not authorized to perform: sts:AssumeRole")
DENIED = error(AuthorizationError, "User is not authorized to access this resource")
OPTIONS = ("account_role_arn", "role_arn", "external_id", "region", "ngfw_url", "the tag", "trust policy")


class KnownIam:
    """Working IAM and STS."""

    def caller(self) -> str:
        return SESSION

    def role(self, arn: str) -> IamRole:
        return IamRole(arn, {}, {}, None)

    def permission(self, *_what: str) -> Permission:
        return Permission("implicitDeny", None)


def gateway(status: int, body: Any = None) -> Reply:
    return Reply(status, body or {"message": "no"}, {"x-amzn-requestid": "id-1"})


OUTAGES = {
    "500": (gateway(500), "HTTP 500"),
    "500 of the service": (
        gateway(500, {"ResponseStatus": {"ErrorCode": 500, "Reason": "InternalServerError"}}),
        "InternalServerError",
    ),
    "an error in a success": (
        gateway(200, {"ResponseStatus": {"ErrorCode": 503, "Reason": "InternalServerError"}}),
        "InternalServerError",
    ),
    "502": (gateway(502), "HTTP 502"),
    "504": (gateway(504, {"message": "Endpoint request timed out"}), "HTTP 504"),
    "503 of a load balancer": (Reply(503, b"<html>"), "does not come from the vendor's API gateway itself"),
    "429": (gateway(429, {"message": "Too Many Requests"}), "HTTP 429"),
    "a quota": (gateway(429, {"message": "Limit Exceeded"}), "HTTP 429"),
}


@pytest.mark.parametrize("probed", [True, False], ids=["probed", "described"])
@pytest.mark.parametrize(("reply", "said"), OUTAGES.values(), ids=OUTAGES)
def test_outage_is_reported_without_proposed_change(reply: Reply, said: str, probed: bool) -> None:
    findings = surveyed(Server(reply), *(("firewall",) if probed else ()))
    first = first_change(findings)
    assert (findings[0].check, findings[0].status, findings[0].fix) == ("server", "problem", first)
    assert said in findings[0].evidence
    assert str(first).startswith("No change is needed. Run again later.")
    assert not [option for option in OPTIONS if option in str(first)]


def surveyed(server: Server, *options: str, url: str = "http://127.0.0.1:9") -> list[Any]:
    """The findings for a server response after the role was assumed."""
    access_probe = AccessProbe(tolerant=True)
    roles = tuple(ADMIN_ROLES[option] for option in options)
    access_probe.ask(lambda _role: service(server, url=url), ProbePlan(roles, sparing=False, really=True))
    subject = Subject(Endpoint(url, "us-east-1"), AssumedRole(ARN, "me"), True, options, access_probe, None)
    return diagnose(DiagnosticContext(subject, KnownIam(), http(server), True))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("reply", "check", "first"),
    [
        (gateway(403, {"message": "Missing Authentication Token"}), "server", "Check the host, the stage path"),
        (gateway(404), "server", "Check the name"),
        (gateway(200, ["no object"]), "server", "Check that the URL is that of the API"),
        (gateway(400, {"message": "invalid request"}), "server", "Correct the option that the server names"),
        (
            gateway(403, {"message": "The security token included in the request is invalid."}),
            "session",
            "Check the AWS keys",
        ),
        (
            gateway(403, {"message": "Credential should be scoped to a valid region."}),
            "region",
            "Set 'region' to the region",
        ),
    ],
)
def test_error_unrelated_to_permissions_names_its_cause(reply: Reply, check: str, first: str) -> None:
    findings = surveyed(Server(reply), "firewall")
    assert next(found.check for found in findings if found.status == "problem") == check
    assert str(first_change(findings)).startswith(first)


def test_management_plane_region_mismatch_is_reported() -> None:
    """Only the account administrator's request was signed for another region."""

    def response(request: Any) -> Reply:
        account = request.path_url.startswith(ADMIN_ROLES["account"].path)
        said = {"message": "Credential should be scoped to a valid region."}
        return gateway(403, said) if account else gateway(200, {"Response": {"Enabled": True}})

    findings = surveyed(Server(handler=response), "account")
    assert first_change(findings) == "Set 'ngfw_management_region' to the region of the host."


def test_account_role_denied_does_not_affect_other_role() -> None:
    failure = error(AuthorizationError, "not authorized to perform: execute-api:Invoke")
    access_probe = AccessProbe(tolerant=True)
    access_probe.refusals, access_probe.probes = [DENIED, failure], {"firewall": AdminRoleProbe(allowed=False)}
    subject = Subject(
        Endpoint("https://h", "us-east-1"), AssumedRole(ARN, "me"), True, ("firewall",), access_probe, None, failure
    )
    seen = DiagnosticContext(subject, KnownIam(), http(Server(gateway(403))), True)  # type: ignore[arg-type]
    by_check = {found.check: found for found in diagnose(seen)}
    assert by_check["permission_policy"].status == "ok"
    assert str(by_check["onboarding"].fix).startswith("For 'account_role_arn': ")


def test_response_after_outage_is_not_an_outage() -> None:
    server = Server(gateway(500), issued(), success({}), refusal(403, "User is not authorized to access this resource"))
    access_probe = AccessProbe(tolerant=True)
    access_probe.ask(lambda _role: service(server), ProbePlan((ADMIN_ROLES["firewall"],), sparing=False, really=True))
    assert not [found for found in access_probe.refusals if isinstance(found, ServerError)]


@pytest.mark.parametrize(
    ("refused", "advice"),
    [
        (ServerError, "Run again later"),
        (Throttled, "Run again later"),
        (TransportError, "Check the URL, the network and the proxy"),
        (InvalidRequest, "Correct the option that the server names"),
    ],
)
def test_sts_failure_proposes_no_role_change(refused: type[Any], advice: str) -> None:
    for caller in (error(refused, "no"), USER):
        world = World(error(refused, "no"), asked=AssumedRole(ARN, "me"), session=False, caller=caller, probes={})
        assert [found.check for found in world.findings if found.status == "problem"] == []
        assert str(first_change(world.findings)).startswith(advice)


def assuming(caller: str, role: Any, *, arn: str = ARN) -> World:
    return World(REFUSED, asked=AssumedRole(arn, "me"), session=False, caller=caller, role=role, probes={})


def trusting(*principals: str, effect: str = "Allow") -> IamRole:
    statements = [{"Effect": effect, "Action": "sts:AssumeRole", "Principal": {"AWS": one}} for one in principals]
    return IamRole(ARN, {}, {"Statement": statements}, None)


@pytest.mark.parametrize("role", [trusting(), error(AuthorizationError, "iam:GetRole"), error(NotFound, "none")])
@pytest.mark.parametrize("arn", [ARN, ARN.replace("role/", "role/team/a/")])
def test_session_of_role_itself_proposes_no_trust(role: Any, arn: str) -> None:
    """Trusting the session name would help for one run only; trusting the role is unnecessary."""
    world = assuming(SESSION, role, arn=arn)
    assert first_change(world.findings) == "Leave 'role_arn' out (and NGFW_ROLE_ARN unset)."
    assert "is already a session of" in world["trust_policy"].evidence


@pytest.mark.parametrize("arn", [ARN.replace("7890", "0000"), ARN + "2"])
def test_session_of_other_role_with_same_name_is_distinguished(arn: str) -> None:
    assert "Leave 'role_arn' out" not in str(first_change(assuming(SESSION, "elsewhere", arn=arn).findings))


@pytest.mark.parametrize(
    ("role", "begins"),
    [
        (trusting(), "Name"),
        (trusting(OTHERS_ROLE, effect="Deny"), "Remove the statement that denies"),
        (trusting(OTHERS_ROLE), "Allow"),
        ("it is in another account", "Check that"),
    ],
    ids=["not named", "denied", "allowed", "not known"],
)
def test_trust_advice_names_role_instead_of_session(role: Any, begins: str) -> None:
    first = str(first_change(assuming(OTHER, role).findings))
    assert first.startswith(begins)
    assert f"{OTHERS_ROLE} (including its path, if it has one)" in first
    assert OTHER not in first
    assert USER in str(first_change(assuming(USER, role).findings))


@pytest.mark.parametrize(
    "caller", [USER, "arn:aws:iam::123456789012:root", "arn:aws:sts::123456789012:federated-user/me"]
)
@pytest.mark.parametrize("refused", [DENIED, error(AuthorizationError, INVOKE)])
@pytest.mark.parametrize("probes", [{}, {"firewall": AdminRoleProbe(allowed=False)}], ids=["described", "probed"])
def test_user_keys_without_role_propose_role_arn(caller: str, refused: Any, probes: Any) -> None:
    world = World(refused, caller=caller, role=f"{caller} is not a role session", probes=probes, permission="no role")
    first = str(first_change(world.findings))
    assert first.startswith("Set 'role_arn' to the ARN of a role that has the required tags")
    assert "account_role_arn" not in first
    assert f"{caller} is not a role session" in world["trust_policy"].evidence


@pytest.mark.parametrize(
    "known",
    [
        {"enabled": False},
        {"probes": {"firewall": AdminRoleProbe(allowed=True), "account": AdminRoleProbe(allowed=False)}},
        {"caller": SESSION},
        {"caller": error(TransportError, "no connection")},
    ],
    ids=["switched off", "gets tokens", "a session", "not known"],
)
def test_trust_policy_without_assumed_role_is_ok(known: dict[str, Any]) -> None:
    world = World(**{"caller": USER, "role": "not known", **known})
    assert (world["trust_policy"].status, world["trust_policy"].evidence) == ("ok", "No role is assumed.")


def test_trust_policy_with_rejected_user_signature_is_ok() -> None:
    world = World(error(AuthenticationError, "invalid"), caller=USER, role="not a role session")
    assert world["trust_policy"].status == "ok"


@pytest.mark.parametrize(
    ("region", "partition"), [("us-gov-west-1", "aws-us-gov"), ("cn-north-1", "aws-cn"), ("eu-west-1", "aws")]
)
def test_permission_is_simulated_in_api_partition(region: str, partition: str) -> None:
    asked: list[str] = []

    class Iam(KnownIam):
        def permission(self, *what: str) -> Permission:
            asked.append(what[2])
            return Permission("allowed", None)

    subject = Subject(Endpoint("https://h", region), None, True, (), AccessProbe(tolerant=True), None)
    assert DiagnosticContext(subject, Iam(), None, True).permission  # type: ignore[arg-type]
    assert asked == [f"arn:{partition}:execute-api:{region}:*:*"]
