# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check whether a service account works as a WildFire key, with the cheapest query that requires a key.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
import hashlib

from .._common.errors import ErrorContext, InvalidRequest
from .client import WildfireClient
from .errors import KeyRefused, NotPermitted, QuotaExceeded

EMPTY_FILE = hashlib.sha256(b"").hexdigest()
PROVING = "get the verdict of the empty file, which verifies a WildFire key"
_ACCEPTED = ErrorContext(reason="WildFire accepts the service account, and its key is valid")


@dataclasses.dataclass(frozen=True)
class ProbeResult:
    """The result of a check.

    :param works: whether WildFire accepted the account as the holder of a valid key.
    :param quota_exhausted: whether the day's queries are used up.
    :param context: of the rejection, or of the success.
    """

    works: bool
    quota_exhausted: bool = False
    context: ErrorContext = _ACCEPTED


def try_key(client: WildfireClient) -> ProbeResult:
    """Query the verdict of the empty file, which every WildFire knows. Costs one of the day's queries if the key works, otherwise none.

    WildFire checks the key before the query, so an error about the query (420, 421) or the quota (419) also
    verifies the key.

    :raises PanwCloudError: WildFire neither accepted nor rejected the key; or the account gets no access token.
    """
    try:
        client.ask(PROVING, "/get/verdict", {"hash": EMPTY_FILE})
    except QuotaExceeded:
        return ProbeResult(works=True, quota_exhausted=True)
    except InvalidRequest as error:
        if error.context.status not in (420, 421):
            raise
    except (KeyRefused, NotPermitted) as error:
        return ProbeResult(works=False, context=error.context)
    return ProbeResult(works=True)
