# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Endpoints of the Cloud NGFW API: hosts and regions.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Iterable, Mapping
from typing import Any

from .._aws.assumed_role import AssumedRole
from .._aws.regions import DEFAULT_REGION, REGION, check_partition, check_region, main_region
from .._common.errors import InvalidInput
from .._common.urls import join, require_tls
from .admin_roles import MANAGEMENT_REGION, AdminRole

# The vendor's documentation, supported regions and zones, August 2026. The list grows, so it limits no option.
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
VENDOR_HOST = "api.{region}.aws.cloudngfw.paloaltonetworks.com"
_VENDOR_HOST = re.compile(rf"api\.({REGION})\.aws\.cloudngfw\.paloaltonetworks\.com", re.IGNORECASE)
_GATEWAY_HOST = re.compile(rf"[a-z0-9-]+\.execute-api\.({REGION})\.(?:vpce\.)?amazonaws\.com(?:\.cn)?", re.IGNORECASE)


@dataclasses.dataclass(frozen=True)
class Endpoint:
    """A base URL without a trailing slash, and the region of its host."""

    url: str
    region: str

    def join(self, path: str, query: Mapping[str, str] | None = None) -> str:
        """The URL of a path, its query encoded as AWS signs it."""
        return join(self.url, path, query)


def endpoint_for(
    admin_role: AdminRole | None,
    params: Mapping[str, Any],
    region: str | None,
    role: AssumedRole | None,
    role_option: str = "role_arn",
) -> Endpoint:
    """The endpoint that serves an admin role.

    :param admin_role: None for the data plane. :param params: with the C(ngfw_*) URLs and the management region.
    :param region: of the options, the environment or the profile. :param role: the IAM role of the task.
    :raises InvalidInput: the URL or region is invalid, or belongs to another partition than the role.
    """
    management = admin_role is not None and admin_role.plane == "management"
    if management:
        names = ("ngfw_url", "ngfw_management_url", "ngfw_management_region")
        found = management_plane(*(params[name] for name in names))
    else:
        found = data_plane(region, params["ngfw_url"])
    if role:
        option = "ngfw_management_region" if management else "region"
        check_partition(role_option, role.arn, found.region, f"The region of {found.url} (option '{option}')")
    return found


@functools.lru_cache(maxsize=64)  # the targets of a fleet share few endpoints
def data_plane(region: str | None, url: str | None) -> Endpoint:
    """The endpoint of a region's data plane.

    :param region: of the task; required if the host name does not contain it.
    :param url: replaces the vendor's host; may have a port and a stage path.
    :raises InvalidInput: the URL is invalid, has no TLS, or contradicts the region; or the region is invalid or unknown.
    """
    if region:
        check_region("region", region)
    if url:
        return _custom("ngfw_url", url, region)
    if not region:
        raise InvalidInput(
            "region", "is missing: set it or AWS_REGION, or set 'ngfw_url' to the vendor's host of a region."
        )
    return _vendors(region)


def management_plane(url: str | None, management_url: str | None, management_region: str) -> Endpoint:
    """The endpoint of the management plane, which issues account administrator tokens and links accounts.

    :param url: the data plane's URL in the task. One that is not the vendor's regional host serves both planes.
    :param management_url: replaces the vendor's host.
    :param management_region: used if the host name does not contain it; the vendor's is C(us-east-1).
    """
    check_region("ngfw_management_region", management_region)
    if management_url:
        return _custom(
            "ngfw_management_url", management_url, management_region, explicit=management_region != MANAGEMENT_REGION
        )
    if url and not _VENDOR_HOST.fullmatch(require_tls("ngfw_url", url).hostname or ""):
        return _custom("ngfw_url", url, management_region, explicit=management_region != MANAGEMENT_REGION)
    return _vendors(management_region)


def aws_region(region: str | None, urls: Iterable[str | None], role: AssumedRole | None) -> str:
    """The region for AWS calls: the task's, else that of the API's host, else one of the role's partition.

    :param region: from the options, the environment or the profile. :param urls: of the API.
    :raises InvalidInput: the region is invalid, or in another partition than the role.
    """
    if region:
        check_region("region", region)
        if role:
            check_partition("role_arn", role.arn, region, "The region that is set")
        return region
    named = (_named(require_tls("ngfw_url", url).hostname or "") for url in urls if url)
    return next(filter(None, named), None) or (main_region(role.arn) if role else DEFAULT_REGION)


def _vendors(region: str) -> Endpoint:
    return Endpoint(f"https://{VENDOR_HOST.format(region=region)}", region)


def _custom(option: str, url: str, region: str | None, *, explicit: bool = True) -> Endpoint:
    host = require_tls(option, url).hostname or ""
    named = _named(host)
    if named and region and explicit and named != region:
        raise InvalidInput(
            option,
            f"is a host of region {named}, but the region is {region}. A request signed for another region is rejected: change one.",
        )
    if not named and not region:
        raise InvalidInput("region", f"is missing, and the host {host} does not contain it.")
    return Endpoint(url.rstrip("/"), named or region or "")


def _named(host: str) -> str | None:
    """The region in a host name."""
    found = _VENDOR_HOST.fullmatch(host) or _GATEWAY_HOST.fullmatch(host)
    return found.group(1).lower() if found else None
