# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The desired credentials from a module's options."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.panw.cloud.plugins.module_utils._module.argspec import stored_credentials_spec
from ansible_collections.panw.cloud.plugins.module_utils._scm.desired_state import DesiredCredentials, desired
from ansible_collections.panw.cloud.tests.helpers.credentials_world import ACCOUNT, AUTH_URL, TSG_ID


def params(**given: Any) -> dict[str, Any]:
    defaults = {name: option.get("default") for name, option in stored_credentials_spec().items()}
    return {**defaults, "service_account": ACCOUNT, "tsg_id": TSG_ID, **given}


def test_options_valid_are_accepted() -> None:
    assert desired(params(), AUTH_URL) == DesiredCredentials(ACCOUNT, TSG_ID, AUTH_URL)
    found = desired(params(adopt=True, on_invalid_document="replace", lock_timeout=0), AUTH_URL)
    assert (found.adopt, found.replace_invalid, found.lock_timeout) == (True, True, timedelta())


@pytest.mark.parametrize(
    ("given", "option"), [({"lock_timeout": -1}, "lock_timeout"), ({"service_account": "a@b"}, "service_account")]
)
def test_options_invalid_are_rejected(given: dict[str, Any], option: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        desired(params(**given), AUTH_URL)
    assert caught.value.option == option
