# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""AWS's default quotas of the requests that stores and sessions need, in requests per second, for each account and region.

========================  ===========================================================  ======
service                   operations that share a quota                                quota
========================  ===========================================================  ======
Secrets Manager           PutSecretValue, UpdateSecret, UpdateSecretVersionStage       50
Secrets Manager           CreateSecret; DeleteSecret; RestoreSecret: 50 each           50
Secrets Manager           TagResource, UntagResource                                   50
Secrets Manager           GetResourcePolicy, PutResourcePolicy, DeleteResourcePolicy   50
Secrets Manager           BatchGetSecretValue                                          100
Secrets Manager           DescribeSecret, GetSecretValue                               10,000
Systems Manager           GetParameter, GetParameters                                  40
Systems Manager           PutParameter                                                 3
STS                       AssumeRole, GetCallerIdentity                                600
========================  ===========================================================  ======

None of Secrets Manager's is adjustable. Parameter Store allows 10 writes and 1,000 reads per second if higher throughput is turned on, which costs.
AWS counts a request against the account of the caller's credentials.

Sources: "AWS Secrets Manager quotas" in the Secrets Manager user guide; "AWS Systems Manager endpoints and quotas" in the AWS general reference, and
"Changing Parameter Store throughput" in the Systems Manager user guide; the quota of PutParameter is AWS Support's answer in issue 2944 of
github-aws-runners/terraform-aws-github-runner; "IAM and AWS STS quotas" in the IAM user guide.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

QUOTAS: dict[str, dict[tuple[str, ...], float]] = {
    "secretsmanager": {
        ("PutSecretValue", "UpdateSecret", "UpdateSecretVersionStage"): 50,
        ("CreateSecret",): 50,
        ("DeleteSecret",): 50,
        ("RestoreSecret",): 50,
        ("TagResource", "UntagResource"): 50,
        ("GetResourcePolicy", "PutResourcePolicy", "DeleteResourcePolicy"): 50,
        ("BatchGetSecretValue",): 100,
        ("DescribeSecret", "GetSecretValue"): 10_000,
    },
    "ssm": {("GetParameter", "GetParameters"): 40, ("PutParameter",): 3},
    "sts": {("AssumeRole", "GetCallerIdentity"): 600},
}
"""Requests per second by service and the operations that share them."""
