#!/usr/bin/python
# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: ngfw_token_rotation
version_added: 0.2.0
short_description: Rotate the Cloud NGFW for AWS tokens of a fleet
description:
  - Keeps many tokens for the Cloud NGFW for AWS API fresh in their stores, thousands in one task, as M(panw.cloud.ngfw_stored_token) does for
    one.
  - Runs on the controller, in one process with many threads and persistent connections. Stores are read in batches, each IAM role is assumed once,
    and a fresh target costs one read.
  - Targets fail independently. A target is locked in its store while it is being rotated, so that overlapping runs do not issue a token twice, and
    the next run finishes the rotations that a killed run leaves unfinished.
author: []  # those of galaxy.yml
options:
  targets:
    description:
      - The tokens to keep. Options that a target omits default to the task options of the same name.
      - All targets are validated before anything starts, and all errors are reported together.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description:
          - The unique name of the target in the results.
        type: str
        required: true
      admin_role:
        description:
          - The vendor's administrator role that the token is for, V(firewall), V(rulestack), V(global_rulestack) or V(account).
        type: str
        required: true
      location:
        description:
          - The name of the secret or parameter, or the absolute path of the file. Defaults to the target's name for secrets and parameters.
        type: str
      role_arn:
        description:
          - The IAM role that gets the token.
        type: str
      external_id:
        description:
          - The external id that the role's trust policy requires.
        type: str
      region:
        description:
          - The AWS region of the API and the store. Defaults to that of the task's options or environment, then to that of the target's profile.
        type: str
      profile:
        description:
          - The AWS profile to access the store and to assume the role.
        type: str
      ngfw_url:
        description:
          - The base URL of the API, in place of the vendor's host for the region.
        type: str
      store:
        description:
          - Where the token is kept.
        type: str
        choices: [secretsmanager, ssm, hashi_vault, file, none]
      expiry_time:
        description:
          - The lifetime of a new token in minutes.
        type: int
      renew_before:
        description:
          - Replace the current token when it has this many minutes to live, or fewer.
        type: int
      grace_period:
        description:
          - How many minutes a replaced token stays valid.
        type: int
      on_invalid_document:
        description:
          - What to do if the stored document is not one that this collection writes.
        type: str
        choices: [fail, replace]
      kms_key_id:
        description:
          - The KMS key that encrypts the secret or parameter.
        type: str
      store_tags:
        description:
          - Tags that the secret or parameter must have.
        type: dict
      resource_policy:
        description:
          - The resource policy of the secret.
        type: json
      vault_password_file:
        description:
          - A file with the password that encrypts the stored file, in Ansible Vault format.
        type: path
      hashi_vault_url:
        description: The URL of HashiCorp Vault or OpenBao. If omitted, E(ANSIBLE_HASHI_VAULT_ADDR) or E(VAULT_ADDR).
        type: str
      hashi_vault_mount_point:
        description: The path where the KV engine of version 2 is mounted; C(secret) if omitted.
        type: str
      hashi_vault_namespace:
        description: The namespace. If omitted, E(ANSIBLE_HASHI_VAULT_NAMESPACE) or E(VAULT_NAMESPACE).
        type: str
      hashi_vault_token:
        description: A token of Vault. If omitted without a role ID, E(ANSIBLE_HASHI_VAULT_TOKEN) or E(VAULT_TOKEN).
        type: str
      hashi_vault_role_id:
        description: The role ID of an AppRole, in place of a token. If omitted, E(ANSIBLE_HASHI_VAULT_ROLE_ID) or E(VAULT_ROLE_ID).
        type: str
      hashi_vault_secret_id:
        description: The secret ID of the AppRole. If omitted, E(ANSIBLE_HASHI_VAULT_SECRET_ID) or E(VAULT_SECRET_ID).
        type: str
      hashi_vault_ca_cert:
        description: A file with the CA certificates that verify Vault. If omitted, E(ANSIBLE_HASHI_VAULT_CA_CERT) or E(VAULT_CACERT).
        type: path
  state:
    description:
      - V(present) replaces tokens that are due, V(rotated) replaces all tokens.
    type: str
    choices: [present, rotated]
    default: present
  store:
    description:
      - Where tokens are kept, see M(panw.cloud.ngfw_stored_token). Files are on the controller.
      - With V(none), the tokens are returned with their targets, and the result is censored.
    type: str
    choices: [secretsmanager, ssm, hashi_vault, file, none]
    default: secretsmanager
  expiry_time:
    description:
      - The lifetime of a new token in minutes, 5 to 1440. The tenant's maximum can shorten it, which is a warning.
    type: int
    default: 60
  renew_before:
    description:
      - Replace the current token when it has this many minutes to live, or fewer. Must be less than O(expiry_time).
    type: int
    default: 20
  grace_period:
    description:
      - How many minutes a replaced token stays valid. The first run after that revokes it.
    type: int
    default: 0
  lock_timeout:
    description:
      - How many seconds to respect the lock of another run, a reservation or a staged token, unless its process has verifiably ended. Until then
        a target that needs a new token is C(locked).
    type: int
    default: 300
  verify:
    description:
      - Whether to check that the API accepts the current token before keeping it, and to replace a token that it rejects.
      - Otherwise the API is called only if in doubt, such as after an interrupted rotation or a manual change of the document.
    type: bool
    default: false
    version_added: 0.2.0
  on_invalid_document:
    description:
      - What to do if the stored document is not one that this collection writes, V(fail) or V(replace) it.
    type: str
    choices: [fail, replace]
    default: fail
  kms_key_id:
    description:
      - The KMS key that encrypts secrets and parameters; the account's default key if omitted.
    type: str
  store_tags:
    description:
      - Tags that secrets and parameters must have.
    type: dict
  resource_policy:
    description:
      - The resource policy of secrets, as JSON or as a dictionary.
    type: json
  vault_password_file:
    description:
      - A file with the password that encrypts stored files, in Ansible Vault format.
    type: path
  concurrency:
    description:
      - How many targets are processed in parallel at most, 1 to 256.
      - The number adapts. It starts with 16, doubles while requests only wait for the network, stays or shrinks when they wait for the processor or for
        a rate, and is halved when a server throttles. It does not fall below 16, or below this option.
      - Each target in progress needs about 0.15 MB of memory.
    type: int
    default: 128
  api_rate:
    description:
      - The maximum request rate to the Cloud NGFW API, per second.
      - Below it, the rate for each account and URL adapts. It is halved when the server throttles, and recovers within ten seconds.
        C(Retry-After) is honored up to 30 seconds.
    type: float
    default: 500
  sts_rate:
    description:
      - The maximum request rate to AWS STS, per second.
    type: float
    default: 500
  store_rate:
    description:
      - The maximum request rate to Secrets Manager and Parameter Store together, per second.
    type: float
    default: 500
  aws_quotas:
    description:
      - Whether to send at most nine tenths of the requests that AWS's default quotas allow in an account and region. Secrets Manager allows 50 writes per
        second, of which a rotation needs five, and Parameter Store 3, of which it needs four.
      - Targets with the same O(targets[].profile), or with none, are taken as one account. The quotas are those of the account that the credentials belong
        to, also for secrets of other accounts.
      - Set it to V(false) if higher throughput is turned on for Parameter Store. Then O(store_rate) applies, and the rate adapts to throttling.
    type: bool
    default: true
    version_added: 0.2.0
  slices:
    description:
      - How many concurrent runs share the request rates and quotas. Set it to the number of slices of an AWX job, which AWX does not pass to the play.
    type: int
    default: 1
  retries:
    description:
      - How often a target is retried after a transient failure (throttling, a server error, no connection, a conflict in the store), 0 to 10.
        Retries of single requests are not counted.
      - A target whose token request may have been processed without a response is not retried in the same run, because each
        further attempt can leave an orphaned token.
    type: int
    default: 2
  max_fail_percentage:
    description:
      - Start no further targets when more than this share of all targets has failed. Targets in progress are finished.
    type: float
  report:
    description:
      - A directory, or a file path without suffix, for a report as HTML, JSON and text. The directory must exist.
      - Disk space for the whole report is allocated first. If that fails, the task fails before the first token.
      - The report is also written if the run fails or is interrupted.
    type: path
extends_documentation_fragment:
  - panw.cloud.ngfw
  - panw.cloud.ngfw.attributes
  - panw.cloud.store.hashi_vault
  - amazon.aws.common.modules
  - amazon.aws.region.modules
attributes:
  check_mode:
    support: full
    details:
      - In check mode, the stores are read, and nothing else is called.
notes:
  - The task needs boto3, botocore and requests on the controller. AWS credentials, profiles and files are those of the controller.
  - It uses C(secretsmanager:BatchGetSecretValue) or C(ssm:GetParameters) in addition to what M(panw.cloud.ngfw_stored_token) needs. If these are
    denied, targets are read one by one.
  - On SIGINT or SIGTERM, it starts no further target and requests no further token, and ends within 15 seconds. The next run finishes interrupted
    rotations. ansible-core discards the result of an interrupted task; the report is written anyway.
  - If an attempt fails or is given up after it started to write, a new read of the store decides the target's state. If the store does not respond
    and may hold a new token, the state is C(unknown), never C(failed).
  - The task fails if a target has failed or its state is unknown, if the run was interrupted or stopped, or if the report could not be written.
    A target that another run has locked, by a reservation or a staged token, does not count as failed.
  - ansible-core prints the whole result of a failed task. So a failed task that does not register its result returns neither RV(targets) nor
    RV(steps). To keep the output short with C(register), set C(failed_when) to V(false) and fail with RV(msg) unless RV(complete) is true.
seealso:
  - ref: ansible_collections.panw.cloud.docsite.guide_fleets
    description: The tokens of many accounts, in one task, in slices or from AWX. In the collection this is C(docs/docsite/rst/guide_fleets.rst).
  - module: panw.cloud.ngfw_stored_token
"""

EXAMPLES = r"""
- name: Rotate the tokens of three accounts
  panw.cloud.ngfw_token_rotation:
    region: us-east-1
    targets:
      - name: shop-rulestack
        admin_role: rulestack
        role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
        location: cloud-ngfw/shop/rulestack
      - name: shop-firewall
        admin_role: firewall
        role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
        location: cloud-ngfw/shop/firewall
        renew_before: 30
      - name: tools-rulestack
        admin_role: rulestack
        role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
        store: ssm
        location: /cloud-ngfw/tools/rulestack

- name: Rotate all of them now, but stop if more than 10 percent fail
  panw.cloud.ngfw_token_rotation:
    state: rotated
    grace_period: 5
    max_fail_percentage: 10
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    targets:
      - name: shop-rulestack
        admin_role: rulestack
        location: cloud-ngfw/shop/rulestack
"""

RETURN = r"""
msg:
  description: A summary of the run, then up to ten failures with reason and next step, and where to find all targets.
  returned: always
  type: str
  sample: "The rotation of 3 tokens took 20.8 seconds: 1 fresh, 2 rotated."
complete:
  description: Whether no target failed or is unknown, the run was not cut short, and the report, if any, was written.
  returned: when the run started
  type: bool
  sample: true
run_by:
  description: The user and the host; in AWX also the user who launched the job, and the job.
  returned: when the run started
  type: str
  sample: alice@control
version:
  description: The version of panw.cloud.
  returned: when the run started
  type: str
  sample: 0.2.0
since_last_run:
  description: The difference from the run whose report this one replaces, C(ended_at) and the names of the targets that C(newly_failed), C(still_failed),
    C(recovered), or were C(added) or C(removed). Null without an earlier report.
  returned: when the run started
  type: dict
  sample: {ended_at: "2026-05-19T07:00:20Z", newly_failed: [], still_failed: [], recovered: [shop-firewall], added: [], removed: []}
dry_run:
  description: Whether this was check mode.
  returned: when the run started
  type: bool
  sample: false
interrupted:
  description: Whether the run was interrupted.
  returned: when the run started
  type: bool
  sample: false
stopped:
  description: Whether the run stopped because of O(max_fail_percentage).
  returned: when the run started
  type: bool
  sample: false
started_at:
  description: When the run started, in UTC.
  returned: when the run started
  type: str
  sample: "2026-05-19T08:00:00Z"
ended_at:
  description: When the run ended, in UTC.
  returned: when the run started
  type: str
  sample: "2026-05-19T08:00:21Z"
duration:
  description: The duration of the run in seconds.
  returned: when the run started
  type: float
  sample: 20.8
counts:
  description: The number of targets, and how many of them were fresh, were rotated (in check mode are due), failed, are unknown, were locked by
    another run, or were not started; and how many were repaired.
  returned: when the run started
  type: dict
  sample: {targets: 3, fresh: 1, rotated: 2, failed: 0, unknown: 0, locked: 0, not_started: 0, repaired: 0}
rate:
  description: Targets per second.
  returned: when the run started
  type: float
  sample: 48.1
steps:
  description: By step, the number of targets and the duration in seconds, as percentiles.
  returned: when the run started, unless it failed and its result is not registered
  type: dict
  sample: {create: {count: 2, p50: 0.11, p90: 0.18, p99: 0.18, max: 0.18}}
throttled:
  description: How many requests the servers throttled.
  returned: when the run started
  type: int
  sample: 0
requests:
  description: How many requests were sent.
  returned: when the run started
  type: int
  sample: 23
report:
  description: The report files that were written, by format, C(json), C(text) and C(html). Null if none was.
  returned: when the run started
  type: dict
  sample: {json: /var/log/ngfw/rotation.json, text: /var/log/ngfw/rotation.txt, html: /var/log/ngfw/rotation.html}
targets:
  description: The result for each target, in the order of O(targets).
  returned: when the run started, unless it failed and its result is not registered
  type: list
  elements: dict
  contains:
    name:
      description: The target's name.
      type: str
      returned: always
    account_id:
      description: The AWS account of the IAM role, null if unknown.
      type: str
      returned: always
    role_arn:
      description: The IAM role, null for the caller's own credentials.
      type: str
      returned: always
    admin_role:
      description: The admin role of the token.
      type: str
      returned: always
    region:
      description: The region that requests for the token are signed for.
      type: str
      returned: always
    url:
      description: The base URL of the API.
      type: str
      returned: always
    store:
      description: The kind of the store.
      type: str
      returned: always
    location:
      description: The name or path in the store.
      type: str
      returned: always
    state:
      description: V(fresh), V(rotated), V(due) (in check mode), V(failed), V(unknown) (the store may hold a new token), V(locked) or V(not_started).
      type: str
      returned: always
    fingerprint:
      description: The first 12 hexadecimal digits of the SHA-256 of the current token, null if unknown.
      type: str
      returned: always
    previous_fingerprint:
      description: The fingerprint of the token that the current one replaced.
      type: str
      returned: always
    issued_at:
      description: When the current token was issued, in UTC.
      type: str
      returned: always
      version_added: 0.2.0
    expires_at:
      description: When the current token expires, in UTC.
      type: str
      returned: always
    next_due:
      description: When a run is due to replace it, in UTC.
      type: str
      returned: always
    pending_revocation:
      description: Tokens that are pending revocation, each with C(fingerprint) and C(revoke_at).
      type: list
      elements: dict
      returned: always
    repaired:
      description: Messages about interrupted rotations and other problems that were repaired.
      type: list
      elements: str
      returned: always
    warnings:
      description: Warnings, such as about a token that could not be revoked yet.
      type: list
      elements: str
      returned: always
    possibly_alive:
      description: How many orphaned tokens of this run may exist because responses were lost. Such a failure is not retried in the same run.
      type: int
      returned: always
    duration:
      description: The duration in seconds, null if the target was not started.
      type: float
      returned: always
    step:
      description: The step that failed, C(read), C(settle), C(assume), C(create), C(prove), C(finish) or C(revoke).
      type: str
      returned: always
    kind:
      description: The kind of the failure, as M(panw.cloud.ngfw_token) describes it.
      type: str
      returned: always
    reason:
      description: What happened.
      type: str
      returned: always
    next_step:
      description: What to do about it.
      type: str
      returned: always
    token:
      description: The token.
      type: str
      returned: with O(store=none)
    subscription_key:
      description: The key to send with the token, in the header C(x-api-key).
      type: str
      returned: with O(store=none)
  sample:
    - name: shop-rulestack
      state: rotated
      fingerprint: 1f0e3dad9990
      previous_fingerprint: 0f343b093112
      expires_at: "2026-05-19T09:00:05Z"
      duration: 0.31
error:
  description: Details of the failure, see M(panw.cloud.ngfw_token).
  returned: when the run could not start
  type: dict
  sample:
    kind: invalid_input
    status: null
"""

from typing import Any

from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.panw.cloud.plugins.module_utils._module.argspec import rotation_spec
from ansible_collections.panw.cloud.plugins.module_utils._module.ngfw import Task, run


def refuse(_task: Task) -> dict[str, Any]:
    """:raises InvalidInput: always; the action plugin of the same name does the work."""
    raise InvalidInput("targets", "can only be rotated on the controller, by the action plugin.")


def main() -> None:
    """Validate the options."""
    run(refuse, rotation_spec())


if __name__ == "__main__":
    main()
