# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The advice fits the situation: nothing is to be changed in an outage, and what is to be changed lasts longer than one session."""

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
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.access.checks import Probe
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.access.diagnosis import diagnose, first_change
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.access.diagnostic_context import Circumstances, Subject
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.access.probe import Plan, Survey
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
    """IAM and STS, both in order."""

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
    "503 of a load balancer": (Reply(503, b"<html>"), "not the vendor's API gateway itself"),
    "429": (gateway(429, {"message": "Too Many Requests"}), "HTTP 429"),
    "a quota": (gateway(429, {"message": "Limit Exceeded"}), "HTTP 429"),
}


@pytest.mark.parametrize("probed", [True, False], ids=["probed", "described"])
@pytest.mark.parametrize(("reply", "said"), OUTAGES.values(), ids=OUTAGES)
def test_an_outage_is_named_and_changes_nothing(reply: Reply, said: str, probed: bool) -> None:
    findings = surveyed(Server(reply), *(("firewall",) if probed else ()))
    first = first_change(findings)
    assert (findings[0].check, findings[0].status, findings[0].fix) == ("server", "problem", first)
    assert said in findings[0].evidence
    assert str(first).startswith("Nothing has to be changed: run again later.")
    assert not [option for option in OPTIONS if option in str(first)]


def surveyed(server: Server, *options: str, url: str = "http://127.0.0.1:9") -> list[Any]:
    """The findings on what a server answers to a role that could be assumed."""
    survey = Survey(tolerant=True)
    roles = tuple(ADMIN_ROLES[option] for option in options)
    survey.ask(lambda _role: service(server, url=url), Plan(roles, sparing=False, really=True))
    subject = Subject(Endpoint(url, "us-east-1"), AssumedRole(ARN, "me"), True, options, survey, None)
    return diagnose(Circumstances(subject, KnownIam(), http(server), True))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("reply", "check", "first"),
    [
        (gateway(403, {"message": "Missing Authentication Token"}), "server", "Check the host, the stage path"),
        (gateway(404), "server", "Check the name"),
        (gateway(200, ["no object"]), "server", "Check that the URL is the API's"),
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
def test_what_is_no_matter_of_rights_is_told_as_it_was(reply: Reply, check: str, first: str) -> None:
    findings = surveyed(Server(reply), "firewall")
    assert next(found.check for found in findings if found.status == "problem") == check
    assert str(first_change(findings)).startswith(first)


def test_the_region_of_the_management_plane() -> None:
    """Only the account administrator's request was signed for another region."""

    def answer(request: Any) -> Reply:
        account = request.path_url.startswith(ADMIN_ROLES["account"].path)
        said = {"message": "Credential should be scoped to a valid region."}
        return gateway(403, said) if account else gateway(200, {"Response": {"Enabled": True}})

    findings = surveyed(Server(handler=answer), "account")
    assert first_change(findings) == "Set 'ngfw_management_region' to the region of the host."


def test_a_role_for_accounts_that_is_refused_says_nothing_on_the_other_role() -> None:
    failure = error(AuthorizationError, "not authorized to perform: execute-api:Invoke")
    survey = Survey(tolerant=True)
    survey.refusals, survey.probes = [DENIED, failure], {"firewall": Probe(allowed=False)}
    subject = Subject(
        Endpoint("https://h", "us-east-1"), AssumedRole(ARN, "me"), True, ("firewall",), survey, None, failure
    )
    seen = Circumstances(subject, KnownIam(), http(Server(gateway(403))), True)  # type: ignore[arg-type]
    by_check = {found.check: found for found in diagnose(seen)}
    assert by_check["permission_policy"].status == "ok"
    assert str(by_check["onboarding"].fix).startswith("For 'account_role_arn': ")


def test_an_answer_after_an_outage_is_no_outage() -> None:
    server = Server(gateway(500), issued(), success({}), refusal(403, "User is not authorized to access this resource"))
    survey = Survey(tolerant=True)
    survey.ask(lambda _role: service(server), Plan((ADMIN_ROLES["firewall"],), sparing=False, really=True))
    assert not [found for found in survey.refusals if isinstance(found, ServerError)]


@pytest.mark.parametrize(
    ("refused", "advice"),
    [
        (ServerError, "Run again later"),
        (Throttled, "Run again later"),
        (TransportError, "Check the URL, the network and the proxy"),
        (InvalidRequest, "Correct the option that the server names"),
    ],
)
def test_a_failure_of_sts_is_no_reason_to_change_a_role(refused: type[Any], advice: str) -> None:
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
def test_a_session_of_the_role_itself(role: Any, arn: str) -> None:
    """To trust the session's name would help for one run, and to trust the role is not needed at all."""
    world = assuming(SESSION, role, arn=arn)
    assert first_change(world.findings) == "Leave 'role_arn' out (and NGFW_ROLE_ARN unset)."
    assert "is a session of" in world["trust_policy"].evidence


@pytest.mark.parametrize("arn", [ARN.replace("7890", "0000"), ARN + "2"])
def test_a_session_of_another_role_of_that_name(arn: str) -> None:
    assert "Leave 'role_arn' out" not in str(first_change(assuming(SESSION, "elsewhere", arn=arn).findings))


@pytest.mark.parametrize(
    ("role", "begins"),
    [
        (trusting(), "Name"),
        (trusting(OTHERS_ROLE, effect="Deny"), "Take the statement that denies"),
        (trusting(OTHERS_ROLE), "Allow"),
        ("it is in another account", "Check that"),
    ],
    ids=["not named", "denied", "allowed", "not known"],
)
def test_a_role_is_to_be_named_and_not_its_session(role: Any, begins: str) -> None:
    first = str(first_change(assuming(OTHER, role).findings))
    assert first.startswith(begins)
    assert f"{OTHERS_ROLE} (with its path, if it has one)" in first
    assert OTHER not in first
    assert USER in str(first_change(assuming(USER, role).findings))


@pytest.mark.parametrize(
    "caller", [USER, "arn:aws:iam::123456789012:root", "arn:aws:sts::123456789012:federated-user/me"]
)
@pytest.mark.parametrize("refused", [DENIED, error(AuthorizationError, INVOKE)])
@pytest.mark.parametrize("probes", [{}, {"firewall": Probe(allowed=False)}], ids=["described", "probed"])
def test_keys_of_a_user_without_a_role(caller: str, refused: Any, probes: Any) -> None:
    world = World(refused, caller=caller, role=f"{caller} is no session of a role", probes=probes, permission="no role")
    first = str(first_change(world.findings))
    assert first.startswith("Set 'role_arn' to a role that has the tags")
    assert "account_role_arn" not in first
    assert f"{caller} is no session of one" in world["trust_policy"].evidence


@pytest.mark.parametrize(
    "known",
    [
        {"enabled": False},
        {"probes": {"firewall": Probe(allowed=True), "account": Probe(allowed=False)}},
        {"caller": SESSION},
        {"caller": error(TransportError, "no connection")},
    ],
    ids=["switched off", "gets tokens", "a session", "not known"],
)
def test_who_needs_no_role(known: dict[str, Any]) -> None:
    world = World(**{"caller": USER, "role": "not known", **known})
    assert (world["trust_policy"].status, world["trust_policy"].evidence) == ("ok", "No role is assumed.")


def test_a_user_whose_signature_is_refused_needs_another_thing_first() -> None:
    world = World(error(AuthenticationError, "invalid"), caller=USER, role="no session of a role")
    assert world["trust_policy"].status == "ok"


@pytest.mark.parametrize(
    ("region", "partition"), [("us-gov-west-1", "aws-us-gov"), ("cn-north-1", "aws-cn"), ("eu-west-1", "aws")]
)
def test_a_permission_is_simulated_in_the_api_s_partition(region: str, partition: str) -> None:
    asked: list[str] = []

    class Iam(KnownIam):
        def permission(self, *what: str) -> Permission:
            asked.append(what[2])
            return Permission("allowed", None)

    subject = Subject(Endpoint("https://h", region), None, True, (), Survey(tolerant=True), None)
    assert Circumstances(subject, Iam(), None, True).permission  # type: ignore[arg-type]
    assert asked == [f"arn:{partition}:execute-api:{region}:*:*"]
