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
Secrets Manager           GetSecretValue                                               10,000
Secrets Manager           DescribeSecret                                               40,000
Systems Manager           GetParameter, GetParameters                                  40
Systems Manager           PutParameter                                                 3
STS                       AssumeRole, GetCallerIdentity                                600
========================  ===========================================================  ======

Those of Secrets Manager and STS cannot be raised. The quota of STS is shared by all its operations that are called with AWS credentials. With higher
throughput, which costs, Parameter Store allows 10 PutParameter, 1,000 GetParameters and 10,000 GetParameter per second. AWS counts a request against the
account of the caller's credentials.

Sources: "AWS Secrets Manager quotas" in the Secrets Manager user guide, and for reads "AWS Secrets Manager increases API requests per second limits" of
March 4, 2025; "AWS Systems Manager endpoints and quotas" in the AWS general reference, and
"Changing Parameter Store throughput" in the Systems Manager user guide; the quota of PutParameter is AWS Support's answer in issue 2944 of
github-aws-runners/terraform-aws-github-runner; "IAM and AWS STS quotas" in the IAM user guide, and the article "iam-sts-throttling-error" of the AWS
knowledge center.

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
        ("GetSecretValue",): 10_000,
        ("DescribeSecret",): 40_000,
    },
    "ssm": {("GetParameter", "GetParameters"): 40, ("PutParameter",): 3},
    "sts": {("AssumeRole", "GetCallerIdentity"): 600},
}
"""Requests per second by service and the operations that share them."""
