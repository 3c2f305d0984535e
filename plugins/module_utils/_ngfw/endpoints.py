# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the Cloud NGFW API is: hosts and regions.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping

from .._aws.assumed_role import AssumedRole
from .._aws.regions import DEFAULT_REGION, REGION, check_partition, check_region, main_region
from .._common.errors import InvalidInput
from .._common.urls import join, require_tls
from .admin_roles import MANAGEMENT_REGION

VENDOR_HOST = "api.{region}.aws.cloudngfw.paloaltonetworks.com"
_VENDOR_HOST = re.compile(rf"api\.({REGION})\.aws\.cloudngfw\.paloaltonetworks\.com", re.IGNORECASE)
_GATEWAY_HOST = re.compile(rf"[a-z0-9-]+\.execute-api\.({REGION})\.(?:vpce\.)?amazonaws\.com(?:\.cn)?", re.IGNORECASE)


@dataclasses.dataclass(frozen=True)
class Endpoint:
    """A base URL, without a slash at its end, and the region that its host belongs to."""

    url: str
    region: str

    def join(self, path: str, query: Mapping[str, str] | None = None) -> str:
        """The URL of a path, its query encoded as AWS signs it."""
        return join(self.url, path, query)


def data_plane(region: str | None, url: str | None) -> Endpoint:
    """The endpoint of a region's data plane.

    :param region: of the task; needed where the host does not tell it.
    :param url: in place of the vendor's host; may carry a port and a stage path.
    :raises InvalidInput: the URL is not one, has no TLS, or contradicts the region; the region is none; or neither tells the region.
    """
    if region:
        check_region("region", region)
    if url:
        return _custom("ngfw_url", url, region)
    if not region:
        raise InvalidInput(
            "region", "is missing: set it, or AWS_REGION, or 'ngfw_url' with the vendor's host of a region."
        )
    return _vendors(region)


def management_plane(url: str | None, management_url: str | None, management_region: str) -> Endpoint:
    """The endpoint of the management plane, which issues account administrator tokens and links accounts.

    :param url: the data plane's URL in the task. One that is not the vendor's regional host serves both planes.
    :param management_url: in place of the vendor's host.
    :param management_region: where the host does not tell it; the vendor's is C(us-east-1).
    """
    check_region("ngfw_management_region", management_region)
    if management_url:
        return _custom(
            "ngfw_management_url", management_url, management_region, explicit=management_region != MANAGEMENT_REGION
        )
    if url and not _VENDOR_HOST.fullmatch(require_tls("ngfw_url", url).hostname or ""):
        return _custom("ngfw_url", url, management_region, explicit=management_region != MANAGEMENT_REGION)
    return _vendors(management_region)


def check_role(option: str, role: AssumedRole | None, endpoint: Endpoint, admin_role: str | None) -> None:
    """:raises InvalidInput: the role is of a partition whose credentials are not known where the API for an admin role is."""
    region = "ngfw_management_region" if admin_role == "account" else "region"
    if role:
        check_partition(option, role.arn, endpoint.region, f"The region of {endpoint.url} (option '{region}')")


def aws_region(region: str | None, urls: Iterable[str | None], role: AssumedRole | None) -> str:
    """The region to ask AWS in: the task's, else that of the API's host, else one of the role's partition.

    :param region: of the options, the environment or the profile. :param urls: of the API.
    :raises InvalidInput: the region is none, or of another partition than the role.
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
            f"is a host of region {named}, but the region is {region}. A request signed for another region is refused: change one.",
        )
    if not named and not region:
        raise InvalidInput("region", f"is missing, and the host {host} does not tell it.")
    return Endpoint(url.rstrip("/"), named or region or "")


def _named(host: str) -> str | None:
    """The region that a host's name tells."""
    found = _VENDOR_HOST.fullmatch(host) or _GATEWAY_HOST.fullmatch(host)
    return found.group(1).lower() if found else None
