# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""AWS region names, and their partitions.

Credentials of one partition are unknown in all others. New AWS regions have names of the same form, and need no change here.

Source: AWS whitepaper "AWS Fault Isolation Boundaries" (partitions); botocore's partitions.json (names).

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import re

from .._common.errors import InvalidInput

REGION = r"[a-z]{2,4}(?:-[a-z]+)+-\d+"
DEFAULT_REGION = "us-east-1"
# The prefix of a partition's region names, and the default region if only the partition is known.
_PARTITIONS = {
    "aws-cn": ("cn-", "cn-north-1"),
    "aws-us-gov": ("us-gov-", "us-gov-west-1"),
    "aws-iso": ("us-iso-", "us-iso-east-1"),
    "aws-iso-b": ("us-isob-", "us-isob-east-1"),
    "aws-iso-e": ("eu-isoe-", "eu-isoe-west-1"),
    "aws-iso-f": ("us-isof-", "us-isof-south-1"),
    "aws-eusc": ("eusc-", "eusc-de-east-1"),
}


def check_region(option: str, region: str) -> None:
    """Check the name of a region. :raises InvalidInput: it is invalid."""
    if not re.fullmatch(REGION, region):
        raise InvalidInput(option, f"is not the name of an AWS region: {region!r}. An example is 'us-east-1'.")


def partition_of(region: str) -> str:
    """The partition of a region."""
    return next((name for name, (start, _main) in _PARTITIONS.items() if region.startswith(start)), "aws")


def main_region(arn: str) -> str:
    """The AWS region to use if only an ARN is known."""
    _start, region = _PARTITIONS.get(arn.split(":")[1], ("", DEFAULT_REGION))
    return region


def check_partition(option: str, arn: str, region: str, whose: str) -> None:
    """Check that an ARN and a region are of the same partition.

    :param whose: the owner of the region, as the subject of a sentence. :raises InvalidInput: they differ.
    """
    own, other = arn.split(":")[1], partition_of(region)
    if own != other and own in (*_PARTITIONS, "aws"):
        raise InvalidInput(
            option,
            f"is in the partition '{own}': {arn}. {whose} is {region}, in the partition '{other}', where credentials of '{own}' are unknown.",
        )
