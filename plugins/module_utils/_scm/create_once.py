# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Create something that must not exist twice.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from .._common.errors import PanwCloudError

Thing = TypeVar("Thing")


def create_once(
    create: Callable[[], Thing], find: Callable[[], Thing | None], warn: Callable[[str], object] = lambda _text: None
) -> Thing:
    """Create something. After a lost or unusable response, search for it first, and create it again only if it does not exist.

    :param create: sends the request once. :param find: searches for the result. :param warn: gets a warning about a lost response.
    """
    try:
        return create()
    except PanwCloudError as error:
        if not error.outcome_unknown:
            raise
        lost = error
    started = f"The outcome of a request to {lost.operation} is unknown"
    try:
        found = find()
    except PanwCloudError as error:
        lost.possibly_alive += 1
        lost.add(f"It may have been created: searching for it also failed: {error}")
        raise lost from None
    if found is not None:
        warn(f"{started}; it was created, and is used.")
        return found
    try:
        made = create()
    except PanwCloudError as error:
        error.possibly_alive += 2 if error.outcome_unknown else 1
        error.add(f"{started}, and it was repeated once: up to {error.possibly_alive} unknown ones may exist.")
        raise
    warn(f"{started}; it was not found and created again: check that it does not exist twice.")
    return made
