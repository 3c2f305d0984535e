# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shared fixtures of the store tests."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from ansible_collections.panw.cloud.tests.helpers.credentials_world import CredentialsWorld
from ansible_collections.panw.cloud.tests.helpers.fake_aws import FakeAws
from ansible_collections.panw.cloud.tests.helpers.fake_stores import STORES
from ansible_collections.panw.cloud.tests.helpers.secret_worlds import SecretWorld
from ansible_collections.panw.cloud.tests.helpers.token_world import TokenWorld

WORLDS = list(itertools.product((TokenWorld, CredentialsWorld), STORES))


def shown(parameter: Any) -> str:
    return f"{parameter[0].__name__}-{parameter[1]}"


@pytest.fixture
def aws() -> FakeAws:
    return FakeAws()


@pytest.fixture(params=WORLDS, ids=shown)
def world(request: pytest.FixtureRequest) -> SecretWorld:
    """Each kind of secret in each kind of store: what the reconcilers of both have in common is tested on all of them."""
    kind, store = request.param
    made: SecretWorld = kind(store)
    return made
