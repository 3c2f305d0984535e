# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Send requests with secrets, and search errors for those secrets."""

from __future__ import annotations

import traceback
from typing import Any
from urllib.parse import quote

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import PanwCloudError
from ansible_collections.panw.cloud.plugins.module_utils._common.redaction import Scrubber
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.responses import classify
from ansible_collections.panw.cloud.plugins.module_utils._transport.http import REPEATABLE, Call, HttpClient, Limits
from ansible_collections.panw.cloud.tests.helpers.fakes import HELD, KEY, TOKEN

QUICK = Limits(attempts=2, seconds=20, connect_timeout=5, read_timeout=0.3, first_pause=0.01, answer_bytes=100_000)


def call(url: str, **more: Any) -> Call:
    """A revocation, whose path contains the token."""
    settings: dict[str, Any] = {"method": "DELETE", "auth": HELD, **more}
    return Call(
        attempted="revoke the token",
        url=f"{url}/v1/mgmt/tokens/{quote(TOKEN, safe='')}",
        **{"unknown_limit": REPEATABLE, **settings},
    )


def quick(verify: bool | str = True, limits: Limits = QUICK) -> HttpClient:
    return HttpClient(verify, Scrubber(TOKEN, KEY), ca_option="ngfw_ca_bundle", limits=limits)


def assert_no_secret(error: PanwCloudError) -> None:
    """Assert that an error contains neither token nor subscription key in any attribute."""
    shown = [str(error), repr(error), str(error.as_result()), "".join(traceback.format_exception(error))]
    chained: BaseException | None = error
    while chained := chained and (chained.__cause__ or chained.__context__):
        shown += [str(chained), repr(chained), repr(chained.args)]
    for text in shown:
        assert TOKEN not in text
        assert TOKEN.split(".")[1] not in text
        assert KEY not in text


def failure(made: HttpClient, url: str, **more: Any) -> PanwCloudError:
    """The error of a call, after checking that it contains no secret."""
    with pytest.raises(PanwCloudError) as caught:
        made.send(call(url, **more), classify)
    assert_no_secret(caught.value)
    return caught.value
