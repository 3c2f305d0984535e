# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shared fixtures of the store tests."""

from __future__ import annotations

import pytest
from ansible_collections.panw.cloud.tests.helpers.fake_aws import FakeAws


@pytest.fixture
def aws() -> FakeAws:
    return FakeAws()
