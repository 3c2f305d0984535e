# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is asked about a refusal: of whom, how often, and what is known where nobody tells."""

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
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.access.checks import Probe
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.access.diagnostic_context import (
    Circumstances,
    Subject,
    unknown,
)
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.access.probe import Survey
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.endpoints import Endpoint
from ansible_collections.panw.cloud.plugins.module_utils._transport.tls_probe import Server
from ansible_collections.panw.cloud.tests.helpers import fakes
from ansible_collections.panw.cloud.tests.helpers.diagnostic_fixtures import ARN, INVOKE, SESSION, TAGGED, VENDOR, error


class FakeIam:
    """IAM and STS; errors are raised."""

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


def circumstances(
    iam: FakeIam, *refusals: PanwCloudError, asked: AssumedRole | None = None, **more: Any
) -> Circumstances:
    survey = Survey(tolerant=True)
    survey.refusals = list(refusals)
    survey.probes = more.pop("probes", {})
    subject = Subject(more.pop("endpoint", VENDOR), asked, more.pop("session", True), (), survey, None)
    server = more.pop("server", fakes.Server(fakes.MISSING_ROUTE))
    return Circumstances(subject, iam, fakes.http(server), True)  # type: ignore[arg-type]


def test_everything_is_asked_once() -> None:
    iam = FakeIam(permission=Permission("allowed", None))
    seen = circumstances(iam, probes={"firewall": Probe(allowed=False, reason=INVOKE)})
    for _round in range(2):
        assert seen.caller == SESSION
        assert seen.role == TAGGED
        assert seen.permission == Permission("allowed", None)
    resource = "arn:aws:execute-api:us-east-1:********7777:a/p/GET/v1"
    assert iam.asked == [("caller",), ("role", ARN), ("permission", ARN, "execute-api:Invoke", resource)]


def test_a_refusal_without_a_resource_is_about_the_regions_apis() -> None:
    iam = FakeIam(permission=Permission("allowed", None))
    assert circumstances(iam).permission == Permission("allowed", None)
    assert iam.asked[-1][-1] == "arn:aws:execute-api:us-east-1:*:*"


def test_who_is_not_known_has_no_role() -> None:
    iam = FakeIam(caller=error(TransportError, "no connection"))
    seen = circumstances(iam)
    assert isinstance(seen.caller, TransportError)
    assert seen.role_arn is None
    assert seen.role == seen.permission == "the caller is not known"
    assert iam.asked == [("caller",)]


def test_a_role_in_another_account_is_not_asked_for() -> None:
    other = ARN.replace("123456789012", "210987654321")
    iam = FakeIam()
    assert circumstances(iam, asked=AssumedRole(other, "me")).role == f"{other} is in another account than {SESSION}"
    assert iam.asked == [("caller",)]


def test_a_role_that_may_not_be_read() -> None:
    iam = FakeIam(role=error(AuthorizationError, "iam:GetRole is not allowed"))
    found = circumstances(iam).permission
    assert unknown(found) == "IAM did not tell: iam:GetRole is not allowed"  # type: ignore[arg-type]


def test_a_server_that_cannot_be_reached() -> None:
    seen = circumstances(
        FakeIam(), server=fakes.Server(OSError("no route")), endpoint=Endpoint("https://127.0.0.1:9", "us-east-1")
    )
    assert isinstance(seen.server, TransportError)
    assert not seen.intercepted


def test_proxy_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://me:secret@proxy.example.com:3128")
    seen = circumstances(FakeIam())
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
def test_intercepted(url: str, issuer: str | None, expected: bool) -> None:
    seen = circumstances(FakeIam(), endpoint=Endpoint(url, "us-east-1"))
    vars(seen)["server"] = Server(True, 0.0, issuer)
    assert seen.intercepted is expected


@pytest.mark.parametrize("where", ["caller", "refusal"])
def test_expired(where: str) -> None:
    over = error(AuthorizationError, "The security token included in the request is expired")
    assert circumstances(
        FakeIam(caller=over) if where == "caller" else FakeIam(), *([over] if where == "refusal" else [])
    ).expired


def test_not_expired() -> None:
    assert not circumstances(FakeIam(caller=error(TransportError, "no connection"))).expired


@pytest.mark.parametrize(
    ("refusals", "session", "accepted"),
    [
        ([], True, True),
        ([], False, False),
        ([error(AuthorizationError, "no"), error(AccessDisabled, "off")], True, True),
        ([error(TransportError, "no connection")], True, False),
    ],
)
def test_signature_accepted(refusals: list[PanwCloudError], session: bool, accepted: bool) -> None:
    assert circumstances(FakeIam(), *refusals, session=session).signature_accepted is accepted
