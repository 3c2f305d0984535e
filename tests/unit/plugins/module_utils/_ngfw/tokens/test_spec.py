# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The desired token from a module's options."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.panw.cloud.plugins.module_utils._module.argspec import stored_token_spec
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.tokens.spec import desired
from ansible_collections.panw.cloud.tests.helpers.fake_aws import source


def params(**given: Any) -> dict[str, Any]:
    defaults = {name: option.get("default") for name, option in stored_token_spec().items()}
    return {**defaults, "admin_role": "firewall", **given}


def test_options_valid_are_accepted() -> None:
    target = desired(params(grace_period=5, on_invalid_document="replace"), source())
    assert (target.admin_role.option, target.source) == ("firewall", source())
    assert target.renew_before == timedelta(minutes=20)
    assert target.grace == timedelta(minutes=5)
    assert target.lock_timeout == timedelta(minutes=5)
    assert target.replace_invalid


@pytest.mark.parametrize(
    ("given", "option"),
    [
        ({"expiry_time": 4}, "expiry_time"),
        ({"expiry_time": 20}, "renew_before"),
        ({"grace_period": -1}, "grace_period"),
        ({"grace_period": 1441}, "grace_period"),
        ({"lock_timeout": -1}, "lock_timeout"),
    ],
)
def test_options_invalid_are_rejected(given: dict[str, int], option: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        desired(params(**given), source())
    assert caught.value.option == option
