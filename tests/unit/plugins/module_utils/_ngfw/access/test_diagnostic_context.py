# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is queried about a rejection: which service, how often, and the fallback without a response."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._aws.assumed_role import AssumedRole
from ansible_collections.panw.cloud.plugins.module_utils._aws.iam import Permission
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import (
    AccessDisabled,
    AuthorizationError,
    PanwCloudError,
    TransportError,
)
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.access.checks import AdminRoleProbe
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.access.diagnostic_context import (
    DiagnosticContext,
    Subject,
    unknown,
)
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.access.probe import AccessProbe
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.endpoints import Endpoint
from ansible_collections.panw.cloud.plugins.module_utils._transport.tls_probe import Server
from ansible_collections.panw.cloud.tests.helpers import fakes
from ansible_collections.panw.cloud.tests.helpers.diagnostic_fixtures import ARN, INVOKE, SESSION, TAGGED, VENDOR, error


class FakeIam:
    """IAM and STS with scripted results; exceptions are raised."""

    def __init__(self, caller: Any = SESSION, role: Any = TAGGED, permission: Any = None) -> None:
        self._answers = {"caller": caller, "role": role, "permission": permission}
        self.asked: list[tuple[str, ...]] = []

    def _answer(self, *question: str) -> Any:
        self.asked.append(question)
        found = self._answers[question[0]]
        if isinstance(found, PanwCloudError):
            raise found
        return found

    def caller(self) -> Any:
        return self._answer("caller")

    def role(self, arn: str) -> Any:
        return self._answer("role", arn)

    def permission(self, arn: str, action: str, resource: str) -> Any:
        return self._answer("permission", arn, action, resource)


def context_of(
    iam: FakeIam, *refusals: PanwCloudError, asked: AssumedRole | None = None, **more: Any
) -> DiagnosticContext:
    access_probe = AccessProbe(tolerant=True)
    access_probe.refusals = list(refusals)
    access_probe.probes = more.pop("probes", {})
    subject = Subject(more.pop("endpoint", VENDOR), asked, more.pop("session", True), (), access_probe, None)
    server = more.pop("server", fakes.Server(fakes.MISSING_ROUTE))
    return DiagnosticContext(subject, iam, fakes.http(server), True)  # type: ignore[arg-type]


def test_facts_are_queried_once() -> None:
    iam = FakeIam(permission=Permission("allowed", None))
    seen = context_of(iam, probes={"firewall": AdminRoleProbe(allowed=False, reason=INVOKE)})
    for _round in range(2):
        assert seen.caller == SESSION
        assert seen.role == TAGGED
        assert seen.permission == Permission("allowed", None)
    resource = "arn:aws:execute-api:us-east-1:********7777:a/p/GET/v1"
    assert iam.asked == [("caller",), ("role", ARN), ("permission", ARN, "execute-api:Invoke", resource)]


def test_denial_without_resource_is_about_regional_api() -> None:
    iam = FakeIam(permission=Permission("allowed", None))
    assert context_of(iam).permission == Permission("allowed", None)
    assert iam.asked[-1][-1] == "arn:aws:execute-api:us-east-1:*:*"


def test_unknown_caller_has_no_role() -> None:
    iam = FakeIam(caller=error(TransportError, "no connection"))
    seen = context_of(iam)
    assert isinstance(seen.caller, TransportError)
    assert seen.role_arn is None
    assert seen.role == seen.permission == "the caller is unknown"
    assert iam.asked == [("caller",)]


def test_role_in_other_account_is_not_queried() -> None:
    other = ARN.replace("123456789012", "210987654321")
    iam = FakeIam()
    assert context_of(iam, asked=AssumedRole(other, "me")).role == f"{other} is in another account than {SESSION}"
    assert iam.asked == [("caller",)]


def test_role_not_readable_is_unknown() -> None:
    iam = FakeIam(role=error(AuthorizationError, "iam:GetRole is not allowed"))
    found = context_of(iam).permission
    assert unknown(found) == "the IAM request failed: iam:GetRole is not allowed"  # type: ignore[arg-type]


def test_server_unreachable_is_reported() -> None:
    seen = context_of(
        FakeIam(), server=fakes.Server(OSError("no route")), endpoint=Endpoint("https://127.0.0.1:9", "us-east-1")
    )
    assert isinstance(seen.server, TransportError)
    assert not seen.intercepted


def test_proxy_of_environment_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://me:secret@proxy.example.com:3128")
    seen = context_of(FakeIam())
    vars(seen)["server"] = Server(True, 0.0, "Amazon")
    assert seen.proxy == "proxy.example.com:3128"
    assert seen.intercepted


@pytest.mark.parametrize(
    ("url", "issuer", "expected"),
    [
        (VENDOR.url, "Amazon", False),
        (VENDOR.url, None, False),
        (VENDOR.url, "Company", True),
        ("https://api.example.com", "Company", False),
    ],
)
def test_tls_interception_is_detected(url: str, issuer: str | None, expected: bool) -> None:
    seen = context_of(FakeIam(), endpoint=Endpoint(url, "us-east-1"))
    vars(seen)["server"] = Server(True, 0.0, issuer)
    assert seen.intercepted is expected


@pytest.mark.parametrize("where", ["caller", "refusal"])
def test_expired_credentials_are_detected(where: str) -> None:
    over = error(AuthorizationError, "The security token included in the request is expired")
    assert context_of(
        FakeIam(caller=over) if where == "caller" else FakeIam(), *([over] if where == "refusal" else [])
    ).expired


def test_other_error_is_not_expired() -> None:
    assert not context_of(FakeIam(caller=error(TransportError, "no connection"))).expired


@pytest.mark.parametrize(
    ("refusals", "session", "accepted"),
    [
        ([], True, True),
        ([], False, False),
        ([error(AuthorizationError, "no"), error(AccessDisabled, "off")], True, True),
        ([error(TransportError, "no connection")], True, False),
    ],
)
def test_accepted_signature_is_detected(refusals: list[PanwCloudError], session: bool, accepted: bool) -> None:
    assert context_of(FakeIam(), *refusals, session=session).signature_accepted is accepted
