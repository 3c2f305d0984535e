# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tenant settings that the administrator can change while the simulator runs."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from ..validation import Shape, boolean, choice, integer, number
from .seed import PRODUCTS

LIST_SHAPES = ("documented", "array", "items")


def _products(value: Any) -> str | None:
    fine = isinstance(value, list) and all(item in PRODUCTS for item in value)
    return None if fine else f"a list of {', '.join(PRODUCTS)}"


SWITCHES = Shape(
    {
        "list_shape": choice(*LIST_SHAPES),
        "pending_seconds": number(0, 86_400, null=True),
        "apply_required": boolean(),
        "licensed": _products,
        "queries_per_day": integer(0, 1_000_000),
        "uploads_per_day": integer(0, 1_000_000),
        "analysis_seconds": number(0, 86_400, null=True),
        "max_file_bytes": integer(1, 15_000_000),
    }
)


@dataclass
class TenantSettings:
    """All settings of the tenant.

    :param list_shape: format of identity lists: ``documented`` is an array for service accounts and wrapped items for the others.
    :param pending_seconds: how long a key is Pending after a change is applied; None until the administrator settles it.
    :param apply_required: whether key changes wait for the apply request.
    :param licensed: products whose licenses in the seed are active.
    :param queries_per_day: limit per key, like ``uploads_per_day``.
    :param analysis_seconds: how long WildFire analyzes a file or link; None forever.
    :param max_file_bytes: the largest file that WildFire accepts. The real limit is not documented; this one leaves room for the form.
    """

    list_shape: str = "documented"
    pending_seconds: float | None = 1.0
    apply_required: bool = True
    licensed: list[str] = field(default_factory=lambda: list(PRODUCTS))
    queries_per_day: int = 1050
    uploads_per_day: int = 150
    analysis_seconds: float | None = 1.0
    max_file_bytes: int = 10_000_000

    def change(self, document: Any) -> dict[str, Any]:
        """Apply an administrator's change and return the new state.

        :raises Invalid: an unknown field or value.
        """
        SWITCHES.check(document)
        for name, value in document.items():
            setattr(self, name, value)
        return asdict(self)
