# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""moto's Systems Manager, imported without moto's EC2.

Systems Manager imports EC2, with the data of all instance types, only to find the instances that a command runs on. That import takes
more than half of the simulator's start, so it waits for the first such command.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any


class _Ec2Backends:
    """Stands for C(moto.ec2.ec2_backends)."""

    def __getitem__(self, account: str) -> Any:
        from moto.ec2 import ec2_backends

        return ec2_backends[account]


_ec2 = ModuleType("moto.ec2")
_ec2.ec2_backends = _Ec2Backends()  # type: ignore[attr-defined]
_replaced = sys.modules.setdefault("moto.ec2", _ec2) is _ec2
try:
    from moto.ssm.models import SimpleSystemManagerBackend, ssm_backends
finally:
    if _replaced:
        del sys.modules["moto.ec2"]

__all__ = ["SimpleSystemManagerBackend", "ssm_backends"]
