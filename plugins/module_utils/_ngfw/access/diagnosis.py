# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why a token is refused: what stands in the way, with the evidence, in the order in which one thing hides the next.

What the caller may not read is said to be unknown.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping

from ..._aws.iam import IamRole, Permission, trust
from ..._common.errors import (
    AccessDisabled,
    AuthenticationError,
    AuthorizationError,
    InvalidRequest,
    MalformedAnswer,
    NotFound,
    PanwCloudError,
    ServerError,
    Throttled,
    TransportError,
)
from ..admin_roles import ADMIN_ROLES
from ..responses import CLOCK_TOLERANCE
from .diagnostic_context import INVOKE, Circumstances, unknown

OK, PROBLEM, UNKNOWN = "ok", "problem", "unknown"
TAG_VALUE = "Yes"
_SCOPE = re.compile(r"credential should be scoped to a valid region", re.IGNORECASE)
_MISMATCH = re.compile(r"signature we calculated does not match", re.IGNORECASE)


@dataclasses.dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    :param status: C(ok), C(problem) or C(unknown). :param fix: what to change, or what would tell more.
    """

    check: str
    status: str
    evidence: str
    fix: str | None = None


def diagnose(seen: Circumstances) -> list[Finding]:
    """All that was looked at, what hides other things first."""
    checks = (_server, _clock, _caller, _trust_policy, _session, _region, _switch, _onboarding, _boundary, _policy)
    return [*(check(seen) for check in checks), *(_tag(seen, option) for option in seen.subject.admin_roles)]


def first_change(findings: list[Finding]) -> str | None:
    """The one thing to change: the first problem's, else what would tell more about the first thing that is unknown."""
    fixes = [found.fix for status in (PROBLEM, UNKNOWN) for found in findings if found.status == status and found.fix]
    return fixes[0] if fixes else None


def _server(seen: Circumstances) -> Finding:
    url, server = seen.subject.endpoint.url, seen.server
    way = f", through the proxy {seen.proxy}" if seen.proxy else ""
    if isinstance(server, PanwCloudError):
        return Finding("server", PROBLEM, f"{url}{way}: {server.evidence.text()}", server.next_step)
    outage = seen.refused_as(ServerError, Throttled)
    if outage:
        return _outage(outage, server.is_gateway)
    if not server.is_gateway:
        fix = "Check the URL, and let the proxy or firewall in between pass this host on unchanged."
        return Finding("server", PROBLEM, f"What answers at {url}{way} is not the vendor's API gateway.", fix)
    other = seen.refused_as(InvalidRequest, MalformedAnswer, NotFound, TransportError)
    if other:
        return Finding("server", PROBLEM, other.told, other.next_step)
    issuer = (
        f"its certificate is issued by {server.issuer}"
        if server.issuer
        else "the issuer of its certificate is not known"
    )
    evidence = f"{url} answers{way}; {issuer}."
    if not seen.intercepted:
        return Finding("server", OK, evidence)
    if _MISMATCH.search(seen.said):
        fix = "Let the proxy in between pass requests to this host on unchanged: it breaks their signature."
        return Finding("server", PROBLEM, evidence, fix)
    return Finding("server", UNKNOWN, evidence)


def _outage(error: PanwCloudError, is_gateway: bool) -> Finding:
    """The API fails, or wants fewer requests: whatever else is found, that has to pass first."""
    evidence = f"{error.told} The API is out of order or overloaded."
    persists = "give the request id to the vendor's support"
    if not is_gateway:
        evidence += " What answers is not the vendor's API gateway itself."
        persists = "look at the proxy or firewall in between"
    fix = f"Nothing has to be changed: run again later. If it persists, {persists}."
    return Finding("server", PROBLEM, evidence, fix)


def _clock(seen: Circumstances) -> Finding:
    difference = None if isinstance(seen.server, PanwCloudError) else seen.server.clock_difference
    if difference is None:
        return Finding("clock", UNKNOWN, "The server told no time.")
    way = "ahead of" if difference > 0 else "behind"
    evidence = f"The server's clock is {abs(difference):.0f} seconds {way} this host's."
    if abs(difference) <= CLOCK_TOLERANCE:
        return Finding("clock", OK, evidence)
    return Finding("clock", PROBLEM, evidence, f"Set this host's clock: signatures allow {CLOCK_TOLERANCE} seconds.")


def _caller(seen: Circumstances) -> Finding:
    caller = seen.caller
    if isinstance(caller, str):
        return Finding("caller", OK, f"The caller is {caller}.")
    if isinstance(caller, AuthenticationError) and not seen.expired:
        return Finding("caller", PROBLEM, caller.evidence.text(), caller.next_step)
    return Finding("caller", UNKNOWN, caller.evidence.text(), None if seen.expired else caller.next_step)


def _trust_policy(seen: Circumstances) -> Finding:
    check, role = "trust_policy", seen.subject.role
    if role is None:
        return _no_role(seen)
    if seen.subject.session:
        return Finding(check, OK, f"{role.arn} could be assumed.")
    refusal = seen.refusals[0]
    if not isinstance(seen.caller, str) or not isinstance(refusal, AuthorizationError):
        evidence = f"Whether the role may be assumed was not decided: {refusal.evidence.reason}"
        return Finding(check, UNKNOWN, evidence, refusal.next_step)
    if seen.assumes_itself:
        evidence = f"{seen.caller} is a session of {role.arn} already, and the role may not assume itself."
        return Finding(check, PROBLEM, evidence, "Leave 'role_arn' out (and NGFW_ROLE_ARN unset).")
    if isinstance(seen.role, NotFound):
        return Finding(check, PROBLEM, f"There is no role {role.arn}.", "Make it, with the role panw.cloud.iam_role.")
    if not isinstance(seen.role, IamRole):
        fix = f"Check that {role.arn} exists and that its trust policy allows {seen.principal}."
        return Finding(check, UNKNOWN, f"{seen.caller} may not assume {role.arn}; {unknown(seen.role)}.", fix)
    if seen.role.arn != role.arn:
        evidence = f"The ARN of the role is {seen.role.arn}, not {role.arn}."
        return Finding(check, PROBLEM, evidence, f"Set 'role_arn' to {seen.role.arn}.")
    return _trust(seen, seen.role, seen.caller, role.external_id)


def _no_role(seen: Circumstances) -> Finding:
    """No role is assumed. That is right for a session of a role, and for whoever gets tokens all the same."""
    survey = seen.subject.survey
    allowed = survey.access.enabled is False or any(probe.allowed for probe in survey.probes.values())
    if not isinstance(seen.caller, str) or seen.caller_role or allowed or not seen.signature_accepted:
        return Finding("trust_policy", OK, "No role is assumed.")
    evidence = (
        f"No role is assumed, and {seen.caller} is no session of one. The API gives tokens to IAM roles with its tags."
    )
    fix = (
        f"Set 'role_arn' to a role that has the tags and that {seen.caller} may assume; panw.cloud.iam_role makes one."
    )
    return Finding("trust_policy", PROBLEM, evidence, fix)


def _trust(seen: Circumstances, role: IamRole, caller: str, external_id: str | None) -> Finding:
    verdict = trust(role.trust, caller, external_id)
    evidence = f"The trust policy of {role.arn} {verdict.why}."
    if verdict.allows is None:
        return Finding("trust_policy", UNKNOWN, evidence, f"Check these conditions of the trust policy of {role.arn}.")
    if verdict.allows:
        fix = f"Allow {seen.principal} 'sts:AssumeRole' on {role.arn}: its own policies, its boundary or its organization's do not."
        return Finding("caller_policy", PROBLEM, evidence, fix)
    fix = f"Name {seen.principal} in the trust policy of {role.arn}, in a statement that allows 'sts:AssumeRole'."
    if "external id" in verdict.why:
        fix = "Set 'external_id' to what the trust policy asks for."
    elif verdict.why.startswith("denies"):
        fix = f"Take the statement that denies {seen.principal} out of the trust policy of {role.arn}."
    return Finding("trust_policy", PROBLEM, evidence, fix)


def _session(seen: Circumstances) -> Finding:
    if seen.expired:
        fix = "Get new AWS credentials, and run again."
        return Finding("session", PROBLEM, "The session of the AWS credentials is over.", fix)
    refused = seen.refused_as(AuthenticationError)
    if refused and not (_SCOPE.search(seen.said) or _MISMATCH.search(seen.said)):
        return Finding("session", PROBLEM, refused.told, refused.next_step)
    if seen.subject.session and seen.signature_accepted:
        return Finding("session", OK, "The session's credentials were accepted.")
    return Finding("session", UNKNOWN, "There is no session, or nothing tells whether it was accepted.")


def _region(seen: Circumstances) -> Finding:
    endpoint = seen.subject.endpoint
    evidence = f"Requests to {endpoint.url} are signed for {endpoint.region}"
    scoped = [error for error in seen.refusals if _SCOPE.search(error.evidence.reason or "")]
    if scoped and all(ADMIN_ROLES["account"].path in str(error.evidence.target) for error in scoped):
        fix = "Set 'ngfw_management_region' to the region of the host."
        return Finding("region", PROBLEM, scoped[0].told, fix)
    if _SCOPE.search(seen.said):
        fix = f"Set 'region' to the region of {endpoint.url}, or 'ngfw_url' to the host of {endpoint.region}."
        return Finding("region", PROBLEM, f"{evidence}, which is not the host's region.", fix)
    if seen.signature_accepted:
        return Finding("region", OK, f"{evidence}, which was accepted.")
    advice = "Check that 'region' is that of the host." if _MISMATCH.search(seen.said) else None
    return Finding("region", UNKNOWN, f"{evidence}; nothing tells whether that is right.", advice)


def _switch(seen: Circumstances) -> Finding:
    enabled = seen.subject.survey.access.enabled
    if enabled is None:
        return Finding("switch", UNKNOWN, "Nothing tells whether programmatic access is on.")
    if enabled:
        return Finding("switch", OK, "Programmatic access is on.")
    return Finding("switch", PROBLEM, "Programmatic access is off.", AccessDisabled.advice)


def _onboarding(seen: Circumstances) -> Finding:
    arn, onboarded = seen.role_arn, seen.subject.onboarded
    account = f"The account {arn.split(':')[4]}" if arn else "The account"
    failure = seen.subject.not_looked_up
    if failure:
        return Finding("onboarding", UNKNOWN, failure.told, f"For 'account_role_arn': {failure.next_step}")
    if onboarded is None:
        fix = (
            "Name a role of the admin role 'account' in 'account_role_arn': it tells whether the account is onboarded."
        )
        return Finding("onboarding", UNKNOWN, f"{account} was not looked up among the onboarded accounts.", fix)
    if onboarded:
        return Finding("onboarding", OK, f"{account} is onboarded.")
    fix = "Onboard the account in the Cloud NGFW console."
    return Finding("onboarding", PROBLEM, f"{account} is not among the onboarded accounts.", fix)


def _not_refused(seen: Circumstances, check: str) -> Finding:
    if seen.signature_accepted:
        return Finding(check, OK, f"The gateway did not refuse '{INVOKE}'.")
    return Finding(check, UNKNOWN, "No call got that far.")


def _boundary(seen: Circumstances) -> Finding:
    check = "permissions_boundary"
    if not seen.invoke_refused:
        return _not_refused(seen, check)
    permission = seen.permission
    if not isinstance(permission, Permission):
        return Finding(check, UNKNOWN, f"The gateway refuses '{INVOKE}'; {unknown(permission)}.")
    boundary = seen.role.boundary if isinstance(seen.role, IamRole) else None
    if not boundary:
        return Finding(check, OK, "The role has no boundary.")
    if permission.within_boundary is not False:
        return Finding(check, OK, f"The boundary {boundary} allows '{INVOKE}'.")
    fix = f"Allow '{INVOKE}' in the permissions boundary {boundary}, or take the boundary away."
    return Finding(check, PROBLEM, f"The boundary {boundary} does not allow '{INVOKE}'.", fix)


def _policy(seen: Circumstances) -> Finding:
    check, fix = "permission_policy", f"Allow the role '{INVOKE}' in its permission policy; panw.cloud.iam_role does."
    if not seen.invoke_refused:
        return _not_refused(seen, check)
    permission = seen.permission
    if not isinstance(permission, Permission):
        return Finding(check, PROBLEM, f"The gateway refuses '{INVOKE}'; {unknown(permission)}.", fix)
    if permission.decision == "explicitDeny":
        fix = f"Take away the statement that denies '{INVOKE}'."
        return Finding(check, PROBLEM, f"A policy of the role denies '{INVOKE}'.", fix)
    if permission.decision == "allowed":
        fix = "Check 'session_policy', and the policies of the AWS organization."
        evidence = f"The role's policies allow '{INVOKE}', and the gateway refuses it all the same."
        return Finding(check, PROBLEM, evidence, fix)
    if permission.within_boundary is False:
        return Finding(check, UNKNOWN, "The boundary hides what the policies of the role allow.")
    return Finding(check, PROBLEM, f"No policy of the role allows '{INVOKE}' on this API.", fix)


def _tag(seen: Circumstances, option: str) -> Finding:
    survey, tag, check = seen.subject.survey, ADMIN_ROLES[option].tag, f"tag_{option}"
    probe = survey.probes.get(option)
    if probe and probe.allowed:
        return Finding(check, OK, f"The role got a token for the admin role '{option}'.")
    if not isinstance(seen.role, IamRole):
        fix = f"Check that the role has the tag {tag} with the value {TAG_VALUE}." if seen.role_arn else None
        return Finding(check, UNKNOWN, f"The role's tags are not known: {unknown(seen.role)}.", fix)
    evidence = _tag_problem(seen.role.tags, tag)
    if evidence:
        return Finding(check, PROBLEM, evidence, f"Give the role the tag {tag} with the value {TAG_VALUE}.")
    evidence = f"The role has the tag {tag} with the value {TAG_VALUE}"
    if option == "global_rulestack" and probe and seen.signature_accepted and survey.access.enabled:
        fix = "Onboard the account with AWS Firewall Manager: only such accounts have global rulestack administrators."
        return Finding(check, UNKNOWN, f"{evidence}, and gets no token all the same.", fix)
    return Finding(check, OK, f"{evidence}.")


def _tag_problem(tags: Mapping[str, str], key: str) -> str | None:
    if key in tags:
        value = tags[key]
        return None if value == TAG_VALUE else f"The tag {key} has the value '{value}' in place of '{TAG_VALUE}'."
    other = next((name for name in tags if name.lower() == key.lower()), None)
    return f"The tag {other} is not written {key}." if other else f"The role has no tag {key}."
