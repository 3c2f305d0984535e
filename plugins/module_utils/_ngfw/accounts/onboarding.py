# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Wait until a linked AWS account is onboarded, or its link is gone.

The states Success, Pending, Deleting, OffBoarding and DeleteFailed are those of the vendor's OpenAPI document of 2026. Other words that begin or end
with "fail" are failures too; all others are waited for.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from ..._common.errors import ErrorContext, PanwCloudError
from ..._common.polling import Poller
from ..codec import lookup
from ..resources.planner import Observed
from .links import LinkClient

SUCCESS = "success"
LEAVING = ("deleting", "offboarding")
STACK_ADVICE = (
    "The account is onboarded when the CloudFormation stack of 'cloudformation_template_url' is complete in it, with the parameters "
    "TrustedAccount ('service_account_id'), ExternalId ('external_id') and SNSTopicArn ('sns_topic_arn') of this link."
)


class OnboardingFailed(PanwCloudError):
    """The onboarding or removal of an account failed, or did not end in time."""

    kind = "onboarding_failed"


def status_of(link: Observed | None) -> str:
    """The onboarding status as the server writes it; empty if there is none."""
    return str(lookup(link.raw, "onboarding_status") or "") if link else ""


def is_leaving(link: Observed | None) -> bool:
    """Whether the server removes the account."""
    return status_of(link).lower() in LEAVING


class Onboarding:
    """Waits for the state of one account's link. :param poller: for the end; a link without a state is waited for as well."""

    def __init__(self, client: LinkClient, account_id: str, poller: Poller) -> None:
        self._client, self._account_id, self._poller = client, account_id, poller

    def read(self) -> Observed | None:
        """The link, None if the account is not linked."""
        return self._client.read(self._client.routes.resource, (self._account_id,), self._account_id)

    def linked(self) -> Observed:
        """Wait until the API shows the link. :raises OnboardingFailed: it does not in time."""
        link = self._poller.until(self.read, lambda seen: seen is not None)
        if link is None:
            raise self._failed("link", f"the API does not show the link{self._late}", "Run again later.")
        return link

    def completed(self) -> Observed:
        """Wait until the account is onboarded. :raises OnboardingFailed: it fails, or does not end in time."""
        link = self._poller.until(self.read, lambda seen: seen is None or _is_over(seen) or is_leaving(seen))
        status = status_of(link)
        if link is not None and status.lower() == SUCCESS:
            return link
        if link is None:
            raise self._failed("onboard", "its link has been removed in the meantime", "Run again.")
        late = "" if _is_over(link) or is_leaving(link) else f"; it did not become Success{self._late}"
        raise self._failed("onboard", f"its onboarding status is {status or 'missing'}{late}", STACK_ADVICE)

    def removed(self) -> None:
        """Wait until the link is gone. :raises OnboardingFailed: its removal fails, or does not end in time."""
        link = self._poller.until(self.read, lambda seen: seen is None or _has_failed(seen))
        if link is not None:
            late = "" if _has_failed(link) else f"; its link was not gone{self._late}"
            advice = "Delete its firewalls and its CloudFormation stack, then run again."
            raise self._failed("remove", f"its onboarding status is {status_of(link) or 'missing'}{late}", advice)

    @property
    def _late(self) -> str:
        return f" within {self._poller.timeout:g} seconds"

    def _failed(self, verb: str, reason: str, advice: str) -> OnboardingFailed:
        return OnboardingFailed(f"{verb} AWS account '{self._account_id}'", ErrorContext(reason=reason), advice)


def _has_failed(link: Observed) -> bool:
    word = status_of(link).lower()
    return word.startswith("fail") or word.endswith(("fail", "failed"))


def _is_over(link: Observed) -> bool:
    return status_of(link).lower() == SUCCESS or _has_failed(link)
