# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a service account works as a WildFire key: the cheapest question that only the holder of a key gets an answer to.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
import hashlib

from .._common.errors import Evidence, InvalidRequest
from .client import WildfireClient
from .errors import KeyRefused, NotPermitted, QuotaExceeded

EMPTY_FILE = hashlib.sha256(b"").hexdigest()
PROVING = "get the verdict of the empty file, which proves a WildFire key"
_ACCEPTED = Evidence(reason="WildFire takes the service account for the holder of a valid key")


@dataclasses.dataclass(frozen=True)
class Tried:
    """What came of it.

    :param works: whether WildFire took the account for the holder of a valid key.
    :param quota_exhausted: whether the queries of the day are used up.
    :param evidence: of the refusal, or that there is none.
    """

    works: bool
    quota_exhausted: bool = False
    evidence: Evidence = _ACCEPTED


def try_key(client: WildfireClient) -> Tried:
    """Ask for the verdict of the empty file, which every WildFire knows. Costs one query of the day where the key works, none where it does not.

    WildFire looks at the key before it looks at the question, so that a complaint about the question (420, 421) or about the quota (419)
    proves the key as well.

    :raises PanwCloudError: neither an answer nor a refusal came; or the account itself is refused its access token.
    """
    try:
        client.ask(PROVING, "/get/verdict", {"hash": EMPTY_FILE})
    except QuotaExceeded:
        return Tried(works=True, quota_exhausted=True)
    except InvalidRequest as error:
        if error.evidence.status not in (420, 421):
            raise
    except (KeyRefused, NotPermitted) as error:
        return Tried(works=False, evidence=error.evidence)
    return Tried(works=True)
