# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests to the vendor to review a verdict.

Source: pan-python's L(change_request) and C(--change-request).

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from .._common.errors import ErrorContext, InvalidInput, NotFound
from .client import WildfireClient
from .verdicts import VERDICTS, Verdict, read_verdicts

REVIEWED = ("benign", "malware", "grayware", "phishing")
LONGEST_COMMENT = 2048  # bytes
_CODES = {name: code for code, name in VERDICTS.items()}


def check_request(email: str, comment: str) -> None:
    """:raises InvalidInput: a value is one that WildFire rejects."""
    name, _at, domain = email.partition("@")
    if not name or not domain or "@" in domain or " " in email or not email.isprintable():
        raise InvalidInput("email", "is not an e-mail address.")
    if not comment.strip():
        raise InvalidInput("comment", "is empty. Explain why the verdict is wrong.")
    size = len(comment.encode())
    if size > LONGEST_COMMENT:
        raise InvalidInput("comment", f"has {size} bytes; at most {LONGEST_COMMENT} are allowed.")


def current_verdict(client: WildfireClient, sha256: str) -> Verdict:
    """The verdict to review. Costs one query. :raises NotFound: WildFire does not know the sample."""
    (found,) = read_verdicts(client, [sha256])
    if found.verdict == "unknown":
        raise NotFound(
            f"request a review of the verdict of {sha256}",
            ErrorContext(reason="WildFire does not know the sample"),
            "Submit it first with panw.cloud.wildfire_submission.",
        )
    return found


def request_review(client: WildfireClient, sha256: str, verdict: str, email: str, comment: str) -> None:
    """Ask for a review. Sent once, because the vendor's staff reads it.

    :param verdict: the suggestion, one of L(REVIEWED). :param email: gets the answer. :param comment: the reason.
    :raises PanwCloudError: the request fails.
    """
    form = {"hash": sha256, "verdict": str(_CODES[verdict]), "email": email, "comment": comment}
    advice = {403: "The key may not request reviews: ask in the vendor's support portal."}
    client.submit(f"request a review of the verdict of {sha256}", "/submit/change-request", form, advice)
