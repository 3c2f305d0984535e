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
  - Tells whether programmatic access is enabled for the Cloud NGFW tenant, and for how long the tenant grants a token.
  - On request it finds out which admin roles the IAM role can really get a token for, by getting one each and revoking it.
  - On request it finds out why access is refused, from what the server, AWS STS and AWS IAM show.
  - The vendor has no API that enables programmatic access; an administrator does so in the console.
author: []  # those of galaxy.yml
options:
  probe_admin_roles:
    description:
      - The admin roles to try. For each, a token of the shortest life, 5 minutes, is made and revoked at once.
      - With any, O(probe_admin_roles) also answers whether access is enabled where the API lets only tenant administrators describe it.
    type: list
    elements: str
    choices: [firewall, rulestack, global_rulestack, account]
    default: []
  probe:
    description:
      - Whether to try the admin roles in any case, or only where the API does not let the IAM role describe access.
    version_added: 0.2.0
    type: str
    choices: [always, when_needed]
    default: always
  account_role_arn:
    description:
      - The ARN of an IAM role with the tag C(CloudNGFWAccountAdmin). With it, the accounts of the tenant are asked whether the account of
        O(role_arn), or else of the caller, is onboarded. That makes a token of the admin role V(account) and revokes it.
      - It is assumed with the same session options as O(role_arn).
    version_added: 0.2.0
    type: str
  diagnose:
    description:
      - Where something is refused, do not fail but find out why, in RV(diagnosis).
      - With the caller's own credentials this reads the role and simulates its policies in IAM, which needs C(iam:GetRole) and
        C(iam:SimulatePrincipalPolicy). What the caller may not read is told to be unknown.
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
      - In check mode no admin role is tried and no account is looked up, because that makes tokens; RV(admin_roles.allowed) and
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

- name: Stop where it is switched off
  ansible.builtin.assert:
    that: access.enabled
    fail_msg: Enable programmatic access in the Cloud NGFW console first.

- name: Find out why a token is refused
  panw.cloud.ngfw_access_info:
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    probe_admin_roles: [firewall]
    diagnose: true
  register: refused

- name: Tell the one thing to change
  ansible.builtin.debug:
    msg: "{{ refused.diagnosis.change_first }}"
  when: refused.diagnosis is not none
"""

RETURN = r"""
enabled:
  description: Whether programmatic access is enabled. Null where nothing tells it.
  returned: success
  type: bool
  sample: true
max_expiry_time:
  description: The longest life of a token in minutes that the tenant grants, 480 to 1440. Null where the API does not tell it.
  returned: success
  type: int
  sample: 1440
admin_roles:
  description: What became of each admin role of O(probe_admin_roles), by its name.
  returned: success
  type: dict
  contains:
    allowed:
      description: Whether the IAM role can get a token for it. Null in check mode.
      type: bool
      returned: always
    reason:
      description: Why not, as the server said it.
      type: str
      returned: always
  sample:
    firewall:
      allowed: true
      reason: null
onboarded:
  description: Whether the account is onboarded. Null without O(account_role_arn), and where it cannot be told.
  returned: success
  type: bool
  sample: true
diagnosis:
  description: Why access is refused. Null without O(diagnose), and where nothing is refused.
  returned: success
  type: dict
  contains:
    change_first:
      description: The one thing to change first, or what would tell more. Null where there is nothing to propose.
      type: str
      returned: always
    findings:
      description: All that was looked at; what hides other things comes first.
      type: list
      elements: dict
      returned: always
      contains:
        check:
          description:
            - What was looked at, one of V(server), V(clock), V(caller), V(trust_policy), V(caller_policy), V(session), V(region), V(switch),
              V(onboarding), V(permissions_boundary), V(permission_policy), V(tag_firewall) and so on for each admin role.
          type: str
          returned: always
        status:
          description: One of V(ok), V(problem), V(unknown).
          type: str
          returned: always
        evidence:
          description: What was seen.
          type: str
          returned: always
        fix:
          description: What to change, or what would tell more. Null where there is nothing to propose.
          type: str
          returned: always
  sample:
    change_first: Give the role the tag CloudNGFWFirewallAdmin with the value Yes.
    findings:
      - check: tag_firewall
        status: problem
        evidence: The role has no tag CloudNGFWFirewallAdmin.
        fix: Give the role the tag CloudNGFWFirewallAdmin with the value Yes.
account_id:
  description: The AWS account that the credentials belong to. Null where it cannot be told.
  returned: success
  type: str
  sample: "123456789012"
error:
  description: What is known about the failure, as M(panw.cloud.ngfw_token) describes it.
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
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.access.diagnostic_context import Circumstances, Subject
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.access.probe import Plan, Survey
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.admin_roles import ADMIN_ROLES
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.endpoints import check_role
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.tokens.service import TokenService
from ansible_collections.panw.cloud.plugins.module_utils._transport.certificates import ca_bundle


def work(task: Task) -> dict[str, Any]:
    """Describe access, try the admin roles, look the account up, and find out why something is refused."""
    plan = Plan(
        tuple(ADMIN_ROLES[name] for name in dict.fromkeys(task.params["probe_admin_roles"])),
        sparing=task.params["probe"] == "when_needed",
        really=not task.check_mode,
    )
    account_role = _account_role(task)
    for admin_role in (*plan.admin_roles, *([ADMIN_ROLES["account"]] if account_role else [])):
        task.endpoint(admin_role)
    if account_role:
        check_role("account_role_arn", account_role, task.endpoint(ADMIN_ROLES["account"]), "account")
    survey, endpoint, account_id, onboarded = Survey(tolerant=task.params["diagnose"]), task.endpoint(None), None, None
    session = survey.attempt(lambda: task.credentials) is not None
    if session:
        survey.ask(lambda admin_role: task.tokens(task.client(admin_role)), plan)
        account_id = task.aws.account_of(task.credentials)
    account = task.role.account_id if task.role else account_id
    refused = len(survey.refusals)
    if account_role and account and plan.really:
        onboarded = survey.attempt(lambda: _onboarded(task, account_role, account))
    not_looked_up = next(iter(survey.refusals[refused:]), None)
    names = tuple(admin_role.option for admin_role in plan.admin_roles)
    return {
        "changed": False,
        **dataclasses.asdict(survey.access),
        "admin_roles": {
            name: {"allowed": tried.allowed, "reason": tried.reason} for name, tried in survey.probes.items()
        },
        "onboarded": onboarded,
        "account_id": account_id,
        "diagnosis": _diagnosis(task, Subject(endpoint, task.role, session, names, survey, onboarded, not_looked_up)),
        "warnings": [warning for tried in survey.probes.values() for warning in tried.warnings],
    }


def _diagnosis(task: Task, subject: Subject) -> dict[str, Any] | None:
    if not task.params["diagnose"] or (subject.survey.in_order and subject.onboarded is not False):
        return None
    findings = diagnose(Circumstances(subject, Iam(task.aws), task.http, ca_bundle(task.params, "ngfw")))
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
    """The module."""
    run(work, SPEC)


if __name__ == "__main__":
    main()
