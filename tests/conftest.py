# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests of all levels share."""

from __future__ import annotations

import functools
import gc
from collections.abc import Iterator

import botocore.loaders
import pytest


def pytest_collection_finish() -> None:
    """The modules and thousands of collected tests live as long as the process: no garbage collection has to visit them."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def sdk_data() -> Iterator[None]:
    """Each botocore session parses the data files of the AWS SDK, a fifth of a second for a client; parse them once."""
    loader = botocore.loaders.JSONFileLoader
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loader, "load_file", staticmethod(functools.cache(loader().load_file)))
        yield
