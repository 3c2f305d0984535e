# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Creating what must not be there twice.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from .._errors import PanwCloudError

Thing = TypeVar("Thing")


def created_once(create: Callable[[], Thing], find: Callable[[], Thing | None]) -> Thing:
    """Create something. After an answer that is lost or no use, look for it first, and create it again only if it is not there.

    :param create: sends the request once. :param find: looks for what it makes.
    """
    try:
        return create()
    except PanwCloudError as error:
        if not error.may_have_acted:
            raise
        lost = error
    try:
        found = find()
    except PanwCloudError as error:
        lost.add(f"Whether it was created all the same is not known, because looking for it failed, too: {error}")
        raise lost from None
    return create() if found is None else found
