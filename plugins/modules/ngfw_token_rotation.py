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
  - Sees that each of many tokens for the Cloud NGFW for AWS API is in its store with enough life, as M(panw.cloud.ngfw_stored_token) does for
    one, in one task for thousands.
  - It runs on the controller, in one process with many threads over kept connections. Stores are read in batches, each IAM role is assumed once,
    and a target that is fresh costs one read.
  - Targets fail independently. A target is locked in its store while it is being rotated, so that overlapping runs do not make a token twice, and
    the next run finishes what a killed run has left half-done.
author: []  # those of galaxy.yml
options:
  targets:
    description:
      - The tokens to keep. What a target does not say itself comes from the option of the same name of the task.
      - All targets are checked before anything is started, and all mistakes are named together.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description:
          - By which the results tell of the target. Two targets cannot have the same.
        type: str
        required: true
      admin_role:
        description:
          - The vendor's administrator role that the token is for, V(firewall), V(rulestack), V(global_rulestack) or V(account).
        type: str
        required: true
      location:
        description:
          - The name of the secret or parameter, or the absolute path of the file. Without it, secrets and parameters have the target's name.
        type: str
      role_arn:
        description:
          - The IAM role that gets the token.
        type: str
      external_id:
        description:
          - The external id that the trust policy of the role asks for.
        type: str
      region:
        description:
          - The AWS region of the API and of the store. By default that of the task's options or environment, then that of the target's profile.
        type: str
      profile:
        description:
          - The profile whose AWS credentials access the store and assume the role.
        type: str
      ngfw_url:
        description:
          - The base URL of the API, in place of the vendor's host of the region.
        type: str
      store:
        description:
          - Where the token is kept.
        type: str
        choices: [secretsmanager, ssm, file, none]
      expiry_time:
        description:
          - How long a new token shall live, in minutes.
        type: int
      renew_before:
        description:
          - Put a new token in place when the current one has so many minutes to live, or fewer.
        type: int
      grace_period:
        description:
          - For how many minutes a token is left alive after another has taken its place.
        type: int
      on_damaged:
        description:
          - What to do with a document in the store that is not what this collection writes.
        type: str
        choices: [fail, replace]
      kms_key_id:
        description:
          - The KMS key that encrypts the secret or parameter.
        type: str
      store_tags:
        description:
          - Tags that the secret or parameter has to carry.
        type: dict
      resource_policy:
        description:
          - The resource policy of the secret.
        type: json
      vault_password_file:
        description:
          - A file with the password by which the stored file is encrypted in the format of Ansible Vault.
        type: path
  state:
    description:
      - V(present) puts a new token in place where the current one is due, V(rotated) everywhere.
    type: str
    choices: [present, rotated]
    default: present
  store:
    description:
      - Where tokens are kept, as M(panw.cloud.ngfw_stored_token) describes it. A file is on the controller.
      - With V(none) the tokens are returned with their targets, and the result is censored.
    type: str
    choices: [secretsmanager, ssm, file, none]
    default: secretsmanager
  expiry_time:
    description:
      - How long a new token shall live, in minutes, 5 to 1440.
    type: int
    default: 60
  renew_before:
    description:
      - Put a new token in place when the current one has so many minutes to live, or fewer. Must be less than O(expiry_time).
    type: int
    default: 20
  grace_period:
    description:
      - For how many minutes a token is left alive after another has taken its place. The first run after that revokes it.
    type: int
    default: 0
  take_over_after:
    description:
      - How many seconds to respect the lock of another run, a reservation or a staged token, unless its process is seen to have ended. Until then
        a target that needs a new token is C(busy).
    type: int
    default: 300
  verify:
    description:
      - Whether to ask the API if it accepts the current token before it is kept, and to put a new one in place if it does not.
      - Without it, the API is asked only if there is reason to doubt, such as an interrupted rotation or a document that was changed by hand.
    type: bool
    default: false
    version_added: 0.2.0
  on_damaged:
    description:
      - What to do with a document in the store that is not what this collection writes, V(fail) or V(replace) it.
    type: str
    choices: [fail, replace]
    default: fail
  kms_key_id:
    description:
      - The KMS key that encrypts secrets and parameters; the account's default key if omitted.
    type: str
  store_tags:
    description:
      - Tags that secrets and parameters have to carry.
    type: dict
  resource_policy:
    description:
      - The resource policy of secrets, as JSON or as a dictionary.
    type: json
  vault_password_file:
    description:
      - A file with the password by which stored files are encrypted in the format of Ansible Vault.
    type: path
  concurrency:
    description:
      - How many targets are under way at one time, 1 to 256.
    type: int
    default: 16
  api_rate:
    description:
      - The most requests per second to the Cloud NGFW API.
      - Below it, the rate for each account and URL adapts. It is halved when the server throttles, and grows back within ten seconds.
        What the server asks for with C(Retry-After) is obeyed up to 30 seconds.
    type: float
    default: 500
  sts_rate:
    description:
      - The most requests per second to AWS STS.
    type: float
    default: 500
  store_rate:
    description:
      - The most requests per second to Secrets Manager and Parameter Store together.
    type: float
    default: 500
  slices:
    description:
      - By how many runs at the same time the rates are shared. Set it to the number of slices of an AWX job, which AWX does not tell the play.
    type: int
    default: 1
  retries:
    description:
      - How often a target is begun again after a failure that can pass (throttling, a server's failure, no connection, a conflict in the store), 0 to 10.
        That is beside the repetition of single requests.
      - A target whose request for a token may have been processed although no answer came is not begun again in the same run, because each
        further attempt can leave a token that nobody holds.
    type: int
    default: 2
  max_fail_percentage:
    description:
      - Begin no further targets when more than this share of all targets has failed. What is under way is finished.
    type: float
  report:
    description:
      - A directory, or the path of files without a suffix, for a report as HTML, JSON and text. The directory has to exist.
      - Room for the whole report is reserved on the disk first. If that is refused, the task fails before the first token.
      - The report is also written if the run fails or is interrupted.
    type: path
extends_documentation_fragment:
  - panw.cloud.ngfw
  - panw.cloud.ngfw.attributes
  - amazon.aws.common.modules
  - amazon.aws.region.modules
attributes:
  check_mode:
    support: full
    details:
      - In check mode the stores are read, and nothing else is called.
notes:
  - The task needs boto3, botocore and requests on the controller. AWS credentials, profiles and files are the controller's.
  - It asks for C(secretsmanager:BatchGetSecretValue) or C(ssm:GetParameters) besides what M(panw.cloud.ngfw_stored_token) needs. Where that is
    refused, targets are read one by one.
  - Interrupted by SIGINT or SIGTERM, it begins no target and no token any more, and ends within 15 seconds. What that leaves half-done the next run
    finishes. ansible-core reads no result of an interrupted task; the report is written all the same.
  - If an attempt fails or is given up after it began to write, a fresh read of the store decides the target's state. If the store does not answer
    and may hold a new token, the state is C(unknown), never C(failed).
  - The task fails if a target has failed or its state is unknown, if the run was interrupted or stopped, or if the report could not be written.
    A target that another run has locked, by a reservation or a staged token, is no failure.
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

- name: Rotate all of them now, but not on when more than a tenth fails
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
  description: The run in one sentence, then at most ten failures with reason and next step, and where all targets are listed.
  returned: always
  type: str
  sample: "The rotation of 3 tokens took 20.8 seconds: 1 fresh, 2 rotated."
complete:
  description: Whether no target failed or is unknown, the run came to its end, and the report, if any, was written.
  returned: when the run began
  type: bool
  sample: true
run_by:
  description: The user and the host; in AWX also the user who launched the job, and the job.
  returned: when the run began
  type: str
  sample: alice@control
version:
  description: The version of panw.cloud.
  returned: when the run began
  type: str
  sample: 0.2.0
since_last_run:
  description: The difference to the run whose report this one replaces. C(ended_at), and the names of the targets that C(newly_failed), C(still_failed),
    C(recovered), or were C(added) or C(removed). Null without an earlier report.
  returned: when the run began
  type: dict
  sample: {ended_at: "2026-05-19T07:00:20Z", newly_failed: [], still_failed: [], recovered: [shop-firewall], added: [], removed: []}
dry_run:
  description: Whether this was check mode.
  returned: when the run began
  type: bool
  sample: false
interrupted:
  description: Whether the run was told to end before its time.
  returned: when the run began
  type: bool
  sample: false
stopped:
  description: Whether too many targets failed to go on.
  returned: when the run began
  type: bool
  sample: false
started_at:
  description: When the run began, in UTC.
  returned: when the run began
  type: str
  sample: "2026-05-19T08:00:00Z"
ended_at:
  description: When it ended, in UTC.
  returned: when the run began
  type: str
  sample: "2026-05-19T08:00:21Z"
duration:
  description: How long it took, in seconds.
  returned: when the run began
  type: float
  sample: 20.8
counts:
  description: The number of targets, and how many of them were found fresh, were rotated (in check mode are due), failed, are unknown, were busy because
    another run is at them, or were not started; and in how many something was found half-done or wrong and put right.
  returned: when the run began
  type: dict
  sample: {targets: 3, fresh: 1, rotated: 2, failed: 0, unknown: 0, busy: 0, not_started: 0, repaired: 0}
rate:
  description: Targets per second.
  returned: when the run began
  type: float
  sample: 48.1
steps:
  description: By step, how many targets took it, and how long it took in seconds, as percentiles.
  returned: when the run began, unless it failed and its result is not registered
  type: dict
  sample: {create: {count: 2, p50: 0.11, p90: 0.18, p99: 0.18, max: 0.18}}
throttled:
  description: How many requests the servers refused as too many.
  returned: when the run began
  type: int
  sample: 0
requests:
  description: How many requests were sent.
  returned: when the run began
  type: int
  sample: 23
report:
  description: The files of the report by their form, C(json), C(text) and C(html), as far as they were written. Null if none was.
  returned: when the run began
  type: dict
  sample: {json: /var/log/ngfw/rotation.json, text: /var/log/ngfw/rotation.txt, html: /var/log/ngfw/rotation.html}
targets:
  description: What became of each target, in the order in which they were given.
  returned: when the run began, unless it failed and its result is not registered
  type: list
  elements: dict
  contains:
    name:
      description: The target's name.
      type: str
      returned: always
    account_id:
      description: The AWS account of the IAM role, null where it is not known.
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
      description: V(fresh), V(rotated), V(due) (in check mode), V(failed), V(unknown) (the store may hold a new token), V(busy) or V(not_started).
      type: str
      returned: always
    fingerprint:
      description: The first 12 hexadecimal digits of the SHA-256 of the current token, null where none is known.
      type: str
      returned: always
    previous_fingerprint:
      description: The fingerprint of the token in whose place the current one was put.
      type: str
      returned: always
    expires_at:
      description: When the current token expires, in UTC.
      type: str
      returned: always
    next_due:
      description: From when on a run puts another token in its place, in UTC.
      type: str
      returned: always
    retiring:
      description: Tokens that wait for revocation, each with C(fingerprint) and C(retire_at).
      type: list
      elements: dict
      returned: always
    repaired:
      description: Sentences on what was found half-done or wrong, and put right.
      type: list
      elements: str
      returned: always
    warnings:
      description: Sentences on what the user should know, such as a token that could not be revoked yet.
      type: list
      elements: str
      returned: always
    possibly_alive:
      description: How many tokens of this run may be alive that nobody holds, because answers got lost. Such a failure is not tried again in the same run.
      type: int
      returned: always
    duration:
      description: How long the target took, in seconds, null where it was not started.
      type: float
      returned: always
    step:
      description: The step that failed, C(read), C(settle), C(assume), C(create), C(prove), C(finish) or C(retire).
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
      description: The key to send as the header C(x-api-key) with the token.
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
  description: What is known about the failure, as M(panw.cloud.ngfw_token) describes it.
  returned: when the run could not begin
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
    """The module, as far as its options are concerned."""
    run(refuse, rotation_spec())


if __name__ == "__main__":
    main()
