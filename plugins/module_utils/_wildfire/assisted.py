# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The normal case today: a person creates and revokes keys in the console, and WildFire itself tells whether the service account works as one.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .credential_check import Tried
from .errors import ManualStep
from .waiting import Patience


def assist(
    attempted: str, steps: Sequence[str], try_key: Callable[[], Tried], *, wanted: bool, patience: Patience | None
) -> tuple[bool, Tried]:
    """See that the account works as a key, or that it does not, with a person's help where it is otherwise.

    :param attempted: what is wanted, as the end of "Could not …". :param steps: what the person does.
    :param patience: how to wait for the person; None to fail at once.
    :return: whether it had to change, and what was found last.
    :raises ManualStep: it is otherwise, and nobody is waited for or nobody did it in time.
    """
    tried = try_key()
    if tried.works is wanted:
        return False, tried
    if patience is not None:
        tried = patience.until(try_key, lambda now: now.works is wanted)
        if tried.works is wanted:
            return True, tried
    error = ManualStep(attempted, tried.evidence, steps)
    if patience is not None:
        error.add(f"Nobody did it within {patience.timeout:.0f} seconds.")
    raise error
