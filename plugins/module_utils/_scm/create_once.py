# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Creating what must not be there twice.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from .._common.errors import PanwCloudError

Thing = TypeVar("Thing")


def created_once(
    create: Callable[[], Thing], find: Callable[[], Thing | None], warn: Callable[[str], object] = lambda _text: None
) -> Thing:
    """Create something. After an answer that is lost or no use, look for it first, and create it again only if it is not there.

    :param create: sends the request once. :param find: looks for what it makes. :param warn: is told of an answer that got lost.
    """
    try:
        return create()
    except PanwCloudError as error:
        if not error.may_have_acted:
            raise
        lost = error
    begun = f"The outcome of a request to {lost.attempted} is not known"
    try:
        found = find()
    except PanwCloudError as error:
        lost.possibly_alive += 1
        lost.add(f"Whether it was created all the same is not known, because looking for it failed, too: {error}")
        raise lost from None
    if found is not None:
        warn(f"{begun}; what it made was found, and is used.")
        return found
    try:
        made = create()
    except PanwCloudError as error:
        error.possibly_alive += 2 if error.may_have_acted else 1
        error.add(f"{begun}, and it was repeated once: up to {error.possibly_alive} may be there that nobody knows.")
        raise
    warn(f"{begun}; it was not found and created once more: check that it is not there twice.")
    return made
