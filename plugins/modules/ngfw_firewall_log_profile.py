#!/usr/bin/python
# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: ngfw_firewall_log_profile
version_added: 0.2.0
short_description: Manage where a firewall of Cloud NGFW for AWS sends logs and metrics
description:
  - Sets the destinations of a firewall's logs, its metrics in Amazon CloudWatch, and the advanced threat log, or turns them off.
  - It does not create the destinations. They, and their policies or the role of the firewall's account, have to exist.
  - The API has no call that deletes a log profile. To turn something off, the module sends the destination without log types, and the metrics without fields
    and namespace, and reads the profile back. The API may keep the namespace. If it keeps anything else, the task fails and names it.
author: []  # those of galaxy.yml
options:
  destinations:
    description:
      - All destinations of the logs. An empty list turns logs off.
      - A firewall of version 2 has one, for all its log types. A firewall of version 1 can send each log type to another one.
    type: list
    elements: dict
    suboptions:
      type:
        description: The kind of the destination. Required.
        type: str
        choices: [S3, CloudWatchLogs, KinesisDataFirehose]
      destination:
        description: The name of the bucket, the log group or the delivery stream. Required.
        type: str
      log_types:
        description:
          - The logs that go there, each to one destination only. Required.
          - V(USER_ID) is for firewalls of version 2.
        type: list
        elements: str
        choices: [TRAFFIC, THREAT, DECRYPTION, USER_ID]
      account_id:
        description: The AWS account of the destination, if it is not the one that the service sets. For firewalls of version 2.
        type: str
      role_type:
        description:
          - Whether the firewall writes with an IAM role of the destination's account, or as the policy of the destination allows.
          - For firewalls of version 2. A new destination has V(IamBased) if this is omitted.
        type: str
        choices: [IamBased, ResourceBased]
  cloudwatch_metrics:
    description: The metrics that the firewall publishes in Amazon CloudWatch. What is omitted is not managed.
    type: dict
    suboptions:
      namespace:
        description: The namespace in CloudWatch. An empty one turns metrics off.
        type: str
      fields:
        description:
          - The metrics. The vendor's Terraform provider lists V(Dataplane_CPU_Utilization), V(Dataplane_Packet_Buffer_Utilization),
            V(Connection_Per_Second), V(Session_Throughput_Kbps), V(Session_Throughput_Pps), V(Session_Active), V(Session_Utilization), V(BytesIn),
            V(BytesOut), V(PktsIn) and V(PktsOut).
        type: list
        elements: str
      account_id:
        description: The AWS account whose CloudWatch has the metrics. Required for firewalls of version 2, and not known to those of version 1.
        type: str
  advanced_threat_log:
    description: Whether threat logs have the details of advanced threat prevention.
    type: bool
  state:
    description: With V(absent), the firewall sends neither logs nor metrics.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - panw.cloud.ngfw
  - panw.cloud.ngfw.session
  - panw.cloud.ngfw.attributes
  - panw.cloud.ngfw.firewall_part
  - amazon.aws.common.modules
  - amazon.aws.region.modules
seealso:
  - module: panw.cloud.ngfw_firewall_rulestack
"""

EXAMPLES = r"""
- name: Send all logs to one log group
  panw.cloud.ngfw_firewall_log_profile:
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    firewall: branch-egress
    destinations:
      - type: CloudWatchLogs
        destination: branch-egress-logs
        log_types: [TRAFFIC, THREAT, DECRYPTION]
    cloudwatch_metrics:
      namespace: CloudNGFW
      fields: [Session_Active, BytesIn, BytesOut]
      account_id: "123456789012"
    advanced_threat_log: true

- name: Turn the advanced threat log off, and nothing else
  panw.cloud.ngfw_firewall_log_profile:
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    firewall: branch-egress
    advanced_threat_log: false

- name: Send neither logs nor metrics
  panw.cloud.ngfw_firewall_log_profile:
    role_arn: arn:aws:iam::123456789012:role/CloudNGFWAdmin
    region: us-east-1
    firewall: branch-egress
    state: absent
"""

RETURN = r"""
operation:
  description: What the task does, or would do in check mode. C(create), C(update), C(delete) or C(none).
  returned: success
  type: str
  sample: update
firewall:
  description: The name of the firewall.
  returned: success
  type: str
  sample: branch-egress
firewall_id:
  description: The ID of the firewall. Null if it has none, as in version 1.
  returned: success
  type: str
  sample: fw-0123456789abcdef0
before:
  description: The log profile before the task. Null if neither logs nor metrics were on.
  returned: success
  type: dict
  sample:
    destinations: []
    cloudwatch_metrics: {account_id: "", fields: [], namespace: ""}
    advanced_threat_log: true
after:
  description: The log profile after the task. Null if neither logs nor metrics are on.
  returned: success
  type: dict
  sample:
    destinations: []
    cloudwatch_metrics: {account_id: "123456789012", fields: [BytesIn], namespace: CloudNGFW}
    advanced_threat_log: true
error:
  description: Details of the failure, see M(panw.cloud.ngfw_token). Invalid options are all listed in C(problems).
  returned: failure
  type: dict
  sample:
    kind: conflict
    status: 200
"""

from ansible_collections.panw.cloud.plugins.module_utils._module.firewall_log_profile import spec, work
from ansible_collections.panw.cloud.plugins.module_utils._module.ngfw import run


def main() -> None:
    """Run the module."""
    run(work, spec())


if __name__ == "__main__":
    main()
