# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Dates are parsed with their zone and shown in UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.dates import parse, show

NOON = datetime(2026, 5, 19, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-05-19T12:00:00Z",
        "2026-05-19T12:00:00z",
        " 2026-05-19T12:00:00Z\n",
        "2026-05-19T12:00:00+00:00",
        "2026-05-19T14:00:00+02:00",
        "2026-05-19 12:00:00+00:00",
        "2026-05-19T12:00:00.000000+00:00",
    ],
)
def test_parse_valid_date_returns_utc(text: str) -> None:
    assert parse(text) == NOON


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "2026-05-19",
        "2026-05-19T12:00:00",
        "2026-02-30T12:00:00Z",
        "2026-05-19T25:00:00Z",
        "1779192000",
        "0001-01-01T00:00:00+10:00",
        "9999-12-31T23:59:59-10:00",
    ],
)
def test_parse_invalid_date_raises_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        parse(text)


def test_show_returns_utc_text() -> None:
    moment = datetime(2026, 5, 19, 14, 30, 15, 999999, tzinfo=timezone(timedelta(hours=2)))
    assert show(moment) == "2026-05-19T12:30:15Z"
    assert parse(show(moment)) == moment.replace(microsecond=0)
