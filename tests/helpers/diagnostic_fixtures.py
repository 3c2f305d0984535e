# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Circumstances of a refusal, made up."""

from __future__ import annotations

from typing import Any

from ansible_collections.panw.cloud.plugins.module_utils._aws.assumed_role import AssumedRole
from ansible_collections.panw.cloud.plugins.module_utils._aws.iam import IamRole
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import Evidence, PanwCloudError
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.access.checks import Probe
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.access.diagnosis import Finding, diagnose
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.access.diagnostic_context import Circumstances, Subject
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.access.probe import Survey
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.endpoints import Endpoint
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.tokens.service import Access
from ansible_collections.panw.cloud.plugins.module_utils._transport.tls_probe import Server

VENDOR = Endpoint("https://api.us-east-1.aws.cloudngfw.paloaltonetworks.com", "us-east-1")
ARN = "arn:aws:iam::123456789012:role/CloudNGFWAdmin"
SESSION = "arn:aws:sts::123456789012:assumed-role/CloudNGFWAdmin/me"
MISMATCH = "The request signature we calculated does not match the signature you provided."
INVOKE = "User: x is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:us-east-1:********7777:a/p/GET/v1"
TAGGED = IamRole(ARN, {"CloudNGFWFirewallAdmin": "Yes"}, {}, "arn:aws:iam::123456789012:policy/Boundary")


def error(kind: type[PanwCloudError], reason: str) -> PanwCloudError:
    return kind("do it", Evidence(reason=reason))


class World:
    """Circumstances in which all is well, but for what is said."""

    def __init__(
        self, *refusals: PanwCloudError, asked: AssumedRole | None = None, session: bool = True, **known: Any
    ) -> None:
        survey = Survey(tolerant=True)
        survey.refusals = list(refusals)
        survey.access = Access(enabled=known.pop("enabled", None))
        survey.probes = known.pop("probes", {"firewall": Probe(allowed=False)})
        names = tuple(survey.probes) or ("firewall",)
        subject = Subject(VENDOR, asked, session, names, survey, known.pop("onboarded", None))
        seen = Circumstances(subject, None, None, True)  # type: ignore[arg-type]
        facts = {"server": Server(True, 0.4, "Amazon"), "proxy": None, "caller": SESSION, "role": TAGGED, **known}
        vars(seen).update(facts)
        self.findings = diagnose(seen)
        self.by_check = {found.check: found for found in self.findings}

    def __getitem__(self, check: str) -> Finding:
        return self.by_check[check]
