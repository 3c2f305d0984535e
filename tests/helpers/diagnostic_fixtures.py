# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fake diagnostic contexts of rejected token requests."""

from __future__ import annotations

from typing import Any

from ansible_collections.panw.cloud.plugins.module_utils._aws.assumed_role import AssumedRole
from ansible_collections.panw.cloud.plugins.module_utils._aws.iam import IamRole
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import ErrorContext, PanwCloudError
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.access.checks import AdminRoleProbe
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.access.diagnosis import Finding, diagnose
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.access.diagnostic_context import (
    DiagnosticContext,
    Subject,
)
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.access.probe import AccessProbe
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.endpoints import Endpoint
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.tokens.service import ProgrammaticAccess
from ansible_collections.panw.cloud.plugins.module_utils._transport.tls_probe import Server

VENDOR = Endpoint("https://api.us-east-1.aws.cloudngfw.paloaltonetworks.com", "us-east-1")
ARN = "arn:aws:iam::123456789012:role/CloudNGFWAdmin"
SESSION = "arn:aws:sts::123456789012:assumed-role/CloudNGFWAdmin/me"
MISMATCH = "The request signature we calculated does not match the signature you provided."
INVOKE = "User: x is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:us-east-1:********7777:a/p/GET/v1"
TAGGED = IamRole(ARN, {"CloudNGFWFirewallAdmin": "Yes"}, {}, "arn:aws:iam::123456789012:policy/Boundary")


def error(kind: type[PanwCloudError], reason: str) -> PanwCloudError:
    return kind("do it", ErrorContext(reason=reason))


class World:
    """A healthy diagnostic context, except for the given deviations."""

    def __init__(
        self, *refusals: PanwCloudError, asked: AssumedRole | None = None, session: bool = True, **known: Any
    ) -> None:
        access_probe = AccessProbe(tolerant=True)
        access_probe.refusals = list(refusals)
        access_probe.access = ProgrammaticAccess(enabled=known.pop("enabled", None))
        access_probe.probes = known.pop("probes", {"firewall": AdminRoleProbe(allowed=False)})
        names = tuple(access_probe.probes) or ("firewall",)
        subject = Subject(VENDOR, asked, session, names, access_probe, known.pop("onboarded", None))
        seen = DiagnosticContext(subject, None, None, True)  # type: ignore[arg-type]
        facts = {"server": Server(True, 0.4, "Amazon"), "proxy": None, "caller": SESSION, "role": TAGGED, **known}
        vars(seen).update(facts)
        self.findings = diagnose(seen)
        self.by_check = {found.check: found for found in self.findings}

    def __getitem__(self, check: str) -> Finding:
        return self.by_check[check]
