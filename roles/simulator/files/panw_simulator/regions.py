# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Regions that the vendor's documentation lists for Cloud NGFW for AWS (supported regions and zones, August 2026)."""

from __future__ import annotations

DEFAULT_REGION = "us-east-1"
REGIONS = (
    "af-south-1",
    "ap-east-1",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-4",
    "ca-central-1",
    "ca-west-1",
    "eu-central-1",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "me-south-1",
    "mx-central-1",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
)


def ngfw_host(region: str) -> str:
    """Host name of the vendor's regional API."""
    return f"api.{region}.aws.cloudngfw.paloaltonetworks.com"


def aws_hosts(region: str) -> list[str]:
    """AWS host names for clients that have no endpoint URL option and reach the simulator by DNS."""
    regional = [
        f"{service}.{region}.amazonaws.com" for service in ("sts", "secretsmanager", "ssm", "cloudformation", "logs")
    ]
    return ["sts.amazonaws.com", "iam.amazonaws.com", *regional]
