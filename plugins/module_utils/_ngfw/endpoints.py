# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the Cloud NGFW API is: hosts and regions.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping

from .._admin_roles import MANAGEMENT_REGION
from .._errors import InvalidInput
from .._urls import join, require_tls

VENDOR_HOST = "api.{region}.aws.cloudngfw.paloaltonetworks.com"
_REGION = r"[a-z]{2,4}(?:-[a-z]+)+-\d+"
_VENDOR_HOST = re.compile(rf"api\.({_REGION})\.aws\.cloudngfw\.paloaltonetworks\.com", re.IGNORECASE)
_GATEWAY_HOST = re.compile(rf"[a-z0-9-]+\.execute-api\.({_REGION})\.(?:vpce\.)?amazonaws\.com(?:\.cn)?", re.IGNORECASE)


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
    :raises InvalidInput: the URL is not one, has no TLS, or contradicts the region; or neither tells the region.
    """
    if url:
        return _custom("ngfw_url", url, region)
    if not region:
        raise InvalidInput(
            "region", "is missing: set it, or AWS_REGION, or 'ngfw_url' with the vendor's host of a region."
        )
    return _vendors("region", region)


def management_plane(url: str | None, management_url: str | None, management_region: str) -> Endpoint:
    """The endpoint of the management plane, which issues account administrator tokens and links accounts.

    :param url: the data plane's URL in the task. One that is not the vendor's regional host serves both planes.
    :param management_url: in place of the vendor's host.
    :param management_region: where the host does not tell it; the vendor's is C(us-east-1).
    """
    if management_url:
        return _custom(
            "ngfw_management_url", management_url, management_region, explicit=management_region != MANAGEMENT_REGION
        )
    if url and not _VENDOR_HOST.fullmatch(require_tls("ngfw_url", url).hostname or ""):
        return _custom("ngfw_url", url, management_region, explicit=management_region != MANAGEMENT_REGION)
    return _vendors("ngfw_management_region", management_region)


def _vendors(option: str, region: str) -> Endpoint:
    if not re.fullmatch(_REGION, region):
        raise InvalidInput(option, f"is not the name of an AWS region: {region!r}. An example is 'us-east-1'.")
    return Endpoint(f"https://{VENDOR_HOST.format(region=region)}", region)


def _custom(option: str, url: str, region: str | None, *, explicit: bool = True) -> Endpoint:
    host = require_tls(option, url).hostname or ""
    found = _VENDOR_HOST.fullmatch(host) or _GATEWAY_HOST.fullmatch(host)
    named = found.group(1).lower() if found else None
    if named and region and explicit and named != region:
        raise InvalidInput(
            option,
            f"is a host of region {named}, but the region is {region}. A request signed for another region is refused: change one.",
        )
    if not named and not region:
        raise InvalidInput("region", f"is missing, and the host {host} does not tell it.")
    return Endpoint(url.rstrip("/"), named or region or "")
