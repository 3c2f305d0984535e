# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waits for the onboarding and removal of an account."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.polling import Poller
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.accounts.links import ROUTES, LinkClient
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.accounts.onboarding import (
    Onboarding,
    OnboardingFailed,
    is_leaving,
    status_of,
)
from ansible_collections.panw.cloud.tests.helpers.fakes import HELD, Clock, Reply, Server, api, success

ACCOUNT = "123456789012"
GONE = Reply(200, {"ResponseStatus": {"ErrorCode": 400, "Reason": "ResourceNotFoundException: account does not exist"}})


def waiting(*statuses: str | None) -> tuple[Onboarding, Clock]:
    """An account that has these statuses one after the other, None for no link."""
    clock = Clock()
    replies = [GONE if status is None else success({"OnboardingStatus": status}) for status in statuses]
    client = LinkClient(api(Server(*replies)), HELD, ROUTES[0])
    return Onboarding(client, ACCOUNT, Poller(60, 5, clock, clock.sleep)), clock


def failure(wait: Callable[[], object]) -> OnboardingFailed:
    with pytest.raises(OnboardingFailed) as caught:
        wait()
    return caught.value


@pytest.mark.parametrize("statuses", [["Success"], ["Pending", "SomethingNew", "", "SUCCESS"]])
def test_onboarding_is_waited_for(statuses: list[str]) -> None:
    onboarding, clock = waiting(*statuses)
    assert status_of(onboarding.completed()) == statuses[-1]
    assert clock.pauses == [5] * (len(statuses) - 1)


@pytest.mark.parametrize("status", ["Failed", "Failure", "DeleteFailed", "FAILED", "Deleting", "OffBoarding"])
def test_onboarding_that_fails_ends_the_wait_with_the_servers_word(status: str) -> None:
    onboarding, clock = waiting("Pending", status)
    error = failure(onboarding.completed)
    assert error.context.reason == f"its onboarding status is {status}"
    assert "ExternalId ('external_id')" in str(error)
    assert clock.pauses == [5]


@pytest.mark.parametrize(("status", "shown"), [("Pending", "Pending"), ("", "missing")])
def test_onboarding_that_does_not_end_is_reported_at_the_limit(status: str, shown: str) -> None:
    onboarding, clock = waiting(status)
    reason = f"its onboarding status is {shown}; it did not become Success within 60 seconds"
    assert failure(onboarding.completed).context.reason == reason
    assert clock.seconds == 60


def test_link_that_is_removed_meanwhile_ends_the_wait() -> None:
    onboarding, clock = waiting("Pending", None)
    assert failure(onboarding.completed).context.reason == "its link has been removed in the meantime"
    assert clock.pauses == [5]


def test_removal_is_waited_for() -> None:
    onboarding, clock = waiting("Deleting", "OffBoarding", None)
    onboarding.removed()
    assert clock.pauses == [5, 5]


@pytest.mark.parametrize(
    ("status", "reason", "seconds"),
    [
        ("DeleteFailed", "its onboarding status is DeleteFailed", 0),
        ("Deleting", "its onboarding status is Deleting; its link was not gone within 60 seconds", 60),
    ],
)
def test_removal_that_fails_or_does_not_end_is_reported(status: str, reason: str, seconds: int) -> None:
    onboarding, clock = waiting(status)
    assert failure(onboarding.removed).context.reason == reason
    assert clock.seconds == seconds


def test_new_link_is_waited_for() -> None:
    onboarding, _clock = waiting(None, None, "Pending")
    assert status_of(onboarding.linked()) == "Pending"
    assert failure(waiting(None)[0].linked).context.reason == "the API does not show the link within 60 seconds"


def test_account_that_the_server_removes_is_recognized() -> None:
    assert is_leaving(waiting("OffBoarding")[0].read())
    assert not is_leaving(waiting("DeleteFailed")[0].read())
    assert not is_leaving(None)
