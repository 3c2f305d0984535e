# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Diagnose why a token request is rejected: findings with evidence, each before those that it can mask.

What the caller may not read is reported as unknown.

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
    InvalidResponse,
    NotFound,
    PanwCloudError,
    RouteNotFound,
    ServerError,
    Throttled,
    TransportError,
)
from ..admin_roles import ADMIN_ROLES
from ..responses import CLOCK_TOLERANCE
from .diagnostic_context import INVOKE, DiagnosticContext, unknown

OK, PROBLEM, UNKNOWN = "ok", "problem", "unknown"
TAG_VALUE = "Yes"
_SCOPE = re.compile(r"credential should be scoped to a valid region", re.IGNORECASE)
_MISMATCH = re.compile(r"signature we calculated does not match", re.IGNORECASE)


@dataclasses.dataclass(frozen=True)
class Finding:
    """The result of one check.

    :param status: C(ok), C(problem) or C(unknown). :param fix: what to change, or how to find out more.
    """

    check: str
    status: str
    evidence: str
    fix: str | None = None


def diagnose(seen: DiagnosticContext) -> list[Finding]:
    """Run all checks, those that can mask others first."""
    checks = (_server, _clock, _caller, _trust_policy, _session, _region, _switch, _onboarding, _boundary, _policy)
    return [*(check(seen) for check in checks), *(_tag(seen, option) for option in seen.subject.admin_roles)]


def first_change(findings: list[Finding]) -> str | None:
    """The first thing to change: the fix of the first problem, else of the first unknown finding."""
    fixes = [found.fix for status in (PROBLEM, UNKNOWN) for found in findings if found.status == status and found.fix]
    return fixes[0] if fixes else None


def _server(seen: DiagnosticContext) -> Finding:
    url, server = seen.subject.endpoint.url, seen.server
    way = f", through the proxy {seen.proxy}" if seen.proxy else ""
    if isinstance(server, PanwCloudError):
        return Finding("server", PROBLEM, f"{url}{way}: {server.context.text()}", server.next_step)
    outage = seen.refused_as(ServerError, Throttled)
    if outage:
        return _outage(outage, server.is_gateway)
    if not server.is_gateway:
        fix = "Check the URL, and configure the proxy or firewall in between to pass traffic to this host unchanged."
        return Finding("server", PROBLEM, f"The server at {url}{way} is not the vendor's API gateway.", fix)
    other = seen.refused_as(InvalidRequest, InvalidResponse, NotFound, RouteNotFound, TransportError)
    if other:
        return Finding("server", PROBLEM, other.summary, other.next_step)
    issuer = (
        f"its certificate is issued by {server.issuer}" if server.issuer else "the issuer of its certificate is unknown"
    )
    evidence = f"{url} responds{way}; {issuer}."
    if not seen.intercepted:
        return Finding("server", OK, evidence)
    if _MISMATCH.search(seen.said):
        fix = "Configure the proxy to pass requests to this host unchanged: it breaks their signature."
        return Finding("server", PROBLEM, evidence, fix)
    return Finding("server", UNKNOWN, evidence)


def _outage(error: PanwCloudError, is_gateway: bool) -> Finding:
    """The API fails or throttles, which has to end before other findings matter."""
    evidence = f"{error.summary} The API is down or overloaded."
    persists = "give the request id to the vendor's support"
    if not is_gateway:
        evidence += " The response does not come from the vendor's API gateway itself."
        persists = "check the proxy or firewall in between"
    fix = f"No change is needed. Run again later. If the error persists, {persists}."
    return Finding("server", PROBLEM, evidence, fix)


def _clock(seen: DiagnosticContext) -> Finding:
    difference = None if isinstance(seen.server, PanwCloudError) else seen.server.clock_difference
    if difference is None:
        return Finding("clock", UNKNOWN, "The response has no Date header.")
    way = "ahead of" if difference > 0 else "behind"
    evidence = f"The server's clock is {abs(difference):.0f} seconds {way} this host's."
    if abs(difference) <= CLOCK_TOLERANCE:
        return Finding("clock", OK, evidence)
    return Finding("clock", PROBLEM, evidence, f"Set this host's clock: signatures allow {CLOCK_TOLERANCE} seconds.")


def _caller(seen: DiagnosticContext) -> Finding:
    caller = seen.caller
    if isinstance(caller, str):
        return Finding("caller", OK, f"The caller is {caller}.")
    if isinstance(caller, AuthenticationError) and not seen.expired:
        return Finding("caller", PROBLEM, caller.context.text(), caller.next_step)
    return Finding("caller", UNKNOWN, caller.context.text(), None if seen.expired else caller.next_step)


def _trust_policy(seen: DiagnosticContext) -> Finding:
    check, role = "trust_policy", seen.subject.role
    if role is None:
        return _no_role(seen)
    if seen.subject.session:
        return Finding(check, OK, f"{role.arn} could be assumed.")
    refusal = seen.refusals[0]
    if not isinstance(seen.caller, str) or not isinstance(refusal, AuthorizationError):
        evidence = f"It is unknown whether the role can be assumed: {refusal.context.reason}"
        return Finding(check, UNKNOWN, evidence, refusal.next_step)
    if seen.assumes_itself:
        evidence = f"{seen.caller} is already a session of {role.arn}, and the role may not assume itself."
        return Finding(check, PROBLEM, evidence, "Leave 'role_arn' out (and NGFW_ROLE_ARN unset).")
    if isinstance(seen.role, NotFound):
        return Finding(
            check, PROBLEM, f"Role {role.arn} does not exist.", "Create it with the role panw.cloud.iam_role."
        )
    if not isinstance(seen.role, IamRole):
        fix = f"Check that {role.arn} exists and that its trust policy allows {seen.principal}."
        return Finding(check, UNKNOWN, f"{seen.caller} may not assume {role.arn}; {unknown(seen.role)}.", fix)
    if seen.role.arn != role.arn:
        evidence = f"The ARN of the role is {seen.role.arn}, not {role.arn}."
        return Finding(check, PROBLEM, evidence, f"Set 'role_arn' to {seen.role.arn}.")
    return _trust(seen, seen.role, seen.caller, role.external_id)


def _no_role(seen: DiagnosticContext) -> Finding:
    """No role is assumed, which is correct for a role session, and for any caller that gets tokens."""
    access_probe = seen.subject.access_probe
    allowed = access_probe.access.enabled is False or any(probe.allowed for probe in access_probe.probes.values())
    if not isinstance(seen.caller, str) or seen.caller_role or allowed or not seen.signature_accepted:
        return Finding("trust_policy", OK, "No role is assumed.")
    evidence = f"No role is assumed, and {seen.caller} is not a role session. The API issues tokens to IAM roles with its tags."
    fix = f"Set 'role_arn' to the ARN of a role that has the required tags and that {seen.caller} can assume; panw.cloud.iam_role creates one."
    return Finding("trust_policy", PROBLEM, evidence, fix)


def _trust(seen: DiagnosticContext, role: IamRole, caller: str, external_id: str | None) -> Finding:
    verdict = trust(role.trust, caller, external_id)
    evidence = f"The trust policy of {role.arn} {verdict.why}."
    if verdict.allows is None:
        return Finding("trust_policy", UNKNOWN, evidence, f"Check these conditions of the trust policy of {role.arn}.")
    if verdict.allows:
        fix = f"Allow {seen.principal} 'sts:AssumeRole' on {role.arn}: its own policies, its boundary or its organization's policies do not."
        return Finding("caller_policy", PROBLEM, evidence, fix)
    fix = f"Name {seen.principal} in the trust policy of {role.arn}, in a statement that allows 'sts:AssumeRole'."
    if "external ID" in verdict.why:
        fix = "Set 'external_id' to the value that the trust policy requires."
    elif verdict.why.startswith("denies"):
        fix = f"Remove the statement that denies {seen.principal} from the trust policy of {role.arn}."
    return Finding("trust_policy", PROBLEM, evidence, fix)


def _session(seen: DiagnosticContext) -> Finding:
    if seen.expired:
        fix = "Get new AWS credentials, and run again."
        return Finding("session", PROBLEM, "The AWS session has expired.", fix)
    refused = seen.refused_as(AuthenticationError)
    if refused and not (_SCOPE.search(seen.said) or _MISMATCH.search(seen.said)):
        return Finding("session", PROBLEM, refused.summary, refused.next_step)
    if seen.subject.session and seen.signature_accepted:
        return Finding("session", OK, "The session's credentials were accepted.")
    return Finding("session", UNKNOWN, "No session exists, or it is unknown whether it was accepted.")


def _region(seen: DiagnosticContext) -> Finding:
    endpoint = seen.subject.endpoint
    evidence = f"Requests to {endpoint.url} are signed for {endpoint.region}"
    scoped = [error for error in seen.refusals if _SCOPE.search(error.context.reason or "")]
    if scoped and all(ADMIN_ROLES["account"].path in str(error.context.target) for error in scoped):
        fix = "Set 'ngfw_management_region' to the region of the host."
        return Finding("region", PROBLEM, scoped[0].summary, fix)
    if _SCOPE.search(seen.said):
        fix = f"Set 'region' to the region of {endpoint.url}, or 'ngfw_url' to the host of {endpoint.region}."
        return Finding("region", PROBLEM, f"{evidence}, which is not the host's region.", fix)
    if seen.signature_accepted:
        return Finding("region", OK, f"{evidence}, which was accepted.")
    advice = "Check that 'region' is that of the host." if _MISMATCH.search(seen.said) else None
    return Finding("region", UNKNOWN, f"{evidence}; it is unknown whether that is correct.", advice)


def _switch(seen: DiagnosticContext) -> Finding:
    enabled = seen.subject.access_probe.access.enabled
    if enabled is None:
        return Finding("switch", UNKNOWN, "Could not determine whether Cloud NGFW programmatic access is on.")
    if enabled:
        return Finding("switch", OK, "Programmatic access is on.")
    return Finding("switch", PROBLEM, "Programmatic access is off.", AccessDisabled.advice)


def _onboarding(seen: DiagnosticContext) -> Finding:
    arn, onboarded = seen.role_arn, seen.subject.onboarded
    account = f"The account {arn.split(':')[4]}" if arn else "The account"
    failure = seen.subject.not_looked_up
    if failure:
        return Finding("onboarding", UNKNOWN, failure.summary, f"For 'account_role_arn': {failure.next_step}")
    if onboarded is None:
        fix = (
            "Set 'account_role_arn' to a role of the admin role 'account', to look up whether the account is onboarded."
        )
        return Finding("onboarding", UNKNOWN, f"{account} was not looked up among the onboarded accounts.", fix)
    if onboarded:
        return Finding("onboarding", OK, f"{account} is onboarded.")
    fix = "Onboard the account with the role panw.cloud.onboard_account, or in the Cloud NGFW console."
    return Finding("onboarding", PROBLEM, f"{account} is not among the onboarded accounts.", fix)


def _not_refused(seen: DiagnosticContext, check: str) -> Finding:
    if seen.signature_accepted:
        return Finding(check, OK, f"The gateway did not deny '{INVOKE}'.")
    return Finding(check, UNKNOWN, "No call reached this check.")


def _boundary(seen: DiagnosticContext) -> Finding:
    check = "permissions_boundary"
    if not seen.invoke_refused:
        return _not_refused(seen, check)
    permission = seen.permission
    if not isinstance(permission, Permission):
        return Finding(check, UNKNOWN, f"The gateway denies '{INVOKE}'; {unknown(permission)}.")
    boundary = seen.role.boundary if isinstance(seen.role, IamRole) else None
    if not boundary:
        return Finding(check, OK, "The role has no boundary.")
    if permission.within_boundary is not False:
        return Finding(check, OK, f"The boundary {boundary} allows '{INVOKE}'.")
    fix = f"Allow '{INVOKE}' in the permissions boundary {boundary}, or remove the permissions boundary."
    return Finding(check, PROBLEM, f"The boundary {boundary} does not allow '{INVOKE}'.", fix)


def _policy(seen: DiagnosticContext) -> Finding:
    check, fix = "permission_policy", f"Allow the role '{INVOKE}' in its permission policy; panw.cloud.iam_role does."
    if not seen.invoke_refused:
        return _not_refused(seen, check)
    permission = seen.permission
    if not isinstance(permission, Permission):
        return Finding(check, PROBLEM, f"The gateway denies '{INVOKE}'; {unknown(permission)}.", fix)
    if permission.decision == "explicitDeny":
        fix = f"Remove the statement that denies '{INVOKE}'."
        return Finding(check, PROBLEM, f"A policy attached to the role denies '{INVOKE}'.", fix)
    if permission.decision == "allowed":
        fix = "Check 'session_policy', and the policies of the AWS organization."
        evidence = f"The role's policies allow '{INVOKE}', but the gateway denies it."
        return Finding(check, PROBLEM, evidence, fix)
    if permission.within_boundary is False:
        return Finding(check, UNKNOWN, "The boundary hides what the policies of the role allow.")
    return Finding(check, PROBLEM, f"No policy of the role allows '{INVOKE}' on this API.", fix)


def _tag(seen: DiagnosticContext, option: str) -> Finding:
    access_probe, tag, check = seen.subject.access_probe, ADMIN_ROLES[option].tag, f"tag_{option}"
    probe = access_probe.probes.get(option)
    if probe and probe.allowed:
        return Finding(check, OK, f"The role got a token for the admin role '{option}'.")
    if not isinstance(seen.role, IamRole):
        fix = f"Check that the role has the tag {tag} with the value {TAG_VALUE}." if seen.role_arn else None
        return Finding(check, UNKNOWN, f"The role's tags are unknown: {unknown(seen.role)}.", fix)
    evidence = _tag_problem(seen.role.tags, tag)
    if evidence:
        return Finding(check, PROBLEM, evidence, f"Tag the role with the key {tag} and the value {TAG_VALUE}.")
    evidence = f"The role has the tag {tag} with the value {TAG_VALUE}"
    if option == "global_rulestack" and probe and seen.signature_accepted and access_probe.access.enabled:
        fix = "Onboard the account with AWS Firewall Manager: only such accounts have global rulestack administrators."
        return Finding(check, UNKNOWN, f"{evidence}, but gets no token.", fix)
    return Finding(check, OK, f"{evidence}.")


def _tag_problem(tags: Mapping[str, str], key: str) -> str | None:
    if key in tags:
        value = tags[key]
        return None if value == TAG_VALUE else f"The tag {key} has the value '{value}' instead of '{TAG_VALUE}'."
    other = next((name for name in tags if name.lower() == key.lower()), None)
    return f"The tag {other} is misspelled: its name is {key}." if other else f"The role has no tag {key}."
