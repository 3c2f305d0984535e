#!/usr/bin/python
# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: ngfw_access_info
version_added: 0.1.0
short_description: Describe programmatic access to Cloud NGFW for AWS
description:
  - Shows whether programmatic access is enabled for the Cloud NGFW tenant, and the longest token lifetime that the tenant grants.
  - On request, tests which admin roles the IAM role can get a token for, by getting one for each and revoking it.
  - On request, diagnoses why access is denied, with data from the server, AWS STS and AWS IAM.
  - The vendor has no API that enables programmatic access; an administrator does so in the console.
author: []  # those of galaxy.yml
options:
  probe_admin_roles:
    description:
      - The admin roles to test. For each, a token with the shortest lifetime, 5 minutes, is issued and revoked at once.
      - The test also shows whether access is enabled if only tenant administrators may describe it.
    type: list
    elements: str
    choices: [firewall, rulestack, global_rulestack, account]
    default: []
  probe:
    description:
      - Whether to test the admin roles on every run, or only if the API does not let the IAM role describe access.
    version_added: 0.2.0
    type: str
    choices: [always, when_needed]
    default: always
  account_role_arn:
    description:
      - The ARN of an IAM role with the tag C(CloudNGFWAccountAdmin). If set, the module checks in the tenant's accounts whether the account of
        O(role_arn), or else of the caller, is onboarded. This issues a token of the admin role V(account) and revokes it.
      - It is assumed with the same session options as O(role_arn).
    version_added: 0.2.0
    type: str
  diagnose:
    description:
      - If access is denied, return the cause in RV(diagnosis) instead of failing.
      - With the caller's own credentials this reads the role and simulates its policies in IAM, which needs C(iam:GetRole) and
        C(iam:SimulatePrincipalPolicy). What the caller may not read is reported as V(unknown).
    version_added: 0.2.0
    type: bool
    default: false
extends_documentation_fragment:
  - panw.cloud.ngfw
  - panw.cloud.ngfw.attributes
  - amazon.aws.common.modules
  - amazon.aws.region.modules
attributes:
  check_mode:
    support: full
    details:
      - In check mode, no admin role is tested and no account is looked up, because that issues tokens; RV(admin_roles.allowed) and
        RV(onboarded) are null.
seealso:
  - module: panw.cloud.ngfw_token
"""

EXAMPLES = r"""
- name: Describe programmatic access
  panw.cloud.ngfw_access_info:
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    probe_admin_roles:
      - firewall
      - rulestack
  register: access

- name: Fail if access is disabled
  ansible.builtin.assert:
    that: access.enabled
    fail_msg: Enable programmatic access in the Cloud NGFW console first.

- name: Diagnose why a token request is denied
  panw.cloud.ngfw_access_info:
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    probe_admin_roles: [firewall]
    diagnose: true
  register: denied

- name: Show the first thing to change
  ansible.builtin.debug:
    msg: "{{ denied.diagnosis.change_first }}"
  when: denied.diagnosis is not none
"""

RETURN = r"""
enabled:
  description: Whether programmatic access is enabled. Null if unknown.
  returned: success
  type: bool
  sample: true
max_expiry_time:
  description: The longest token lifetime that the tenant grants, in minutes, 480 to 1440. Null if the API does not return it.
  returned: success
  type: int
  sample: 1440
admin_roles:
  description: The result for each admin role in O(probe_admin_roles), by name.
  returned: success
  type: dict
  contains:
    allowed:
      description: Whether the IAM role can get a token for it. Null in check mode.
      type: bool
      returned: always
    reason:
      description: The server's reason if not.
      type: str
      returned: always
  sample:
    firewall:
      allowed: true
      reason: null
onboarded:
  description: Whether the account is onboarded. Null without O(account_role_arn), and if it cannot be determined.
  returned: success
  type: bool
  sample: true
diagnosis:
  description: Why access is denied. Null without O(diagnose), and if nothing is denied.
  returned: success
  type: dict
  contains:
    change_first:
      description: The first thing to change, or how to find out more. Null without a suggestion.
      type: str
      returned: always
    findings:
      description: All checks; those that mask others come first.
      type: list
      elements: dict
      returned: always
      contains:
        check:
          description:
            - What was checked, one of V(server), V(clock), V(caller), V(trust_policy), V(caller_policy), V(session), V(region), V(switch),
              V(onboarding), V(permissions_boundary), V(permission_policy), V(tag_firewall) and one like it for each admin role.
          type: str
          returned: always
        status:
          description: One of V(ok), V(problem), V(unknown).
          type: str
          returned: always
        evidence:
          description: What was observed.
          type: str
          returned: always
        fix:
          description: What to change, or how to find out more. Null without a suggestion.
          type: str
          returned: always
  sample:
    change_first: Tag the role with the key CloudNGFWFirewallAdmin and the value Yes.
    findings:
      - check: tag_firewall
        status: problem
        evidence: The role has no tag CloudNGFWFirewallAdmin.
        fix: Tag the role with the key CloudNGFWFirewallAdmin and the value Yes.
account_id:
  description: The AWS account that the credentials belong to. Null if it cannot be determined.
  returned: success
  type: str
  sample: "123456789012"
error:
  description: Details of the failure, see M(panw.cloud.ngfw_token).
  returned: failure
  type: dict
  sample:
    kind: authorization
    status: 403
"""

import dataclasses
from typing import Any

from ansible_collections.panw.cloud.plugins.module_utils._aws.assumed_role import AssumedRole, assumed_role
from ansible_collections.panw.cloud.plugins.module_utils._aws.iam import Iam
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.panw.cloud.plugins.module_utils._module.ngfw import Task, run
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.access.checks import is_onboarded
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.access.diagnosis import diagnose, first_change
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.access.diagnostic_context import (
    DiagnosticContext,
    Subject,
)
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.access.probe import AccessProbe, ProbePlan
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.admin_roles import ADMIN_ROLES
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.endpoints import endpoint_for
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.tokens.service import TokenService
from ansible_collections.panw.cloud.plugins.module_utils._transport.certificates import ca_bundle


def work(task: Task) -> dict[str, Any]:
    """Describe access, test the admin roles, look up the account, and diagnose denied access."""
    plan = ProbePlan(
        tuple(ADMIN_ROLES[name] for name in dict.fromkeys(task.params["probe_admin_roles"])),
        sparing=task.params["probe"] == "when_needed",
        really=not task.check_mode,
    )
    account_role = _account_role(task)
    for admin_role in (*plan.admin_roles, *([ADMIN_ROLES["account"]] if account_role else [])):
        task.endpoint(admin_role)
    if account_role:
        endpoint_for(ADMIN_ROLES["account"], task.params, task.region, account_role, role_option="account_role_arn")
    access_probe, endpoint, account_id, onboarded = (
        AccessProbe(tolerant=task.params["diagnose"]),
        task.endpoint(None),
        None,
        None,
    )
    session = access_probe.attempt(lambda: task.credentials) is not None
    if session:
        access_probe.ask(lambda admin_role: task.tokens(task.client(admin_role)), plan)
        account_id = task.aws.account_of(task.credentials)
    account = task.role.account_id if task.role else account_id
    refused = len(access_probe.refusals)
    if account_role and account and plan.really:
        onboarded = access_probe.attempt(lambda: _onboarded(task, account_role, account))
    not_looked_up = next(iter(access_probe.refusals[refused:]), None)
    names = tuple(admin_role.option for admin_role in plan.admin_roles)
    return {
        "changed": False,
        **dataclasses.asdict(access_probe.access),
        "admin_roles": {
            name: {"allowed": tried.allowed, "reason": tried.reason} for name, tried in access_probe.probes.items()
        },
        "onboarded": onboarded,
        "account_id": account_id,
        "diagnosis": _diagnosis(
            task, Subject(endpoint, task.role, session, names, access_probe, onboarded, not_looked_up)
        ),
        "warnings": [warning for tried in access_probe.probes.values() for warning in tried.warnings],
    }


def _diagnosis(task: Task, subject: Subject) -> dict[str, Any] | None:
    if not task.params["diagnose"] or (subject.access_probe.in_order and subject.onboarded is not False):
        return None
    findings = diagnose(DiagnosticContext(subject, Iam(task.aws), task.http, ca_bundle(task.params, "ngfw")))
    return {"change_first": first_change(findings), "findings": [dataclasses.asdict(found) for found in findings]}


def _account_role(task: Task) -> AssumedRole | None:
    arn = task.params["account_role_arn"]
    try:
        return assumed_role({**task.params, "role_arn": arn}) if arn else None
    except InvalidInput as error:
        raise InvalidInput("account_role_arn", error.problem) from None


def _onboarded(task: Task, role: AssumedRole, account: str) -> bool:
    client = task.client(ADMIN_ROLES["account"])
    return is_onboarded(TokenService(client, task.aws.credentials(role)), client, account)


SPEC: dict[str, Any] = {
    "probe_admin_roles": {"type": "list", "elements": "str", "choices": list(ADMIN_ROLES), "default": []},
    "probe": {"type": "str", "choices": ["always", "when_needed"], "default": "always"},
    "account_role_arn": {"type": "str"},
    "diagnose": {"type": "bool", "default": False},
}


def main() -> None:
    """Run the module."""
    run(work, SPEC)


if __name__ == "__main__":
    main()
