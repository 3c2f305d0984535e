# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Simulated services for AWS, Cloud NGFW for AWS, Strata Cloud Manager and WildFire, for tests and demonstrations.

Run it with ``python -m panw_simulator`` (see ``--help``), or inside a process with :class:`Simulator`.

Design decisions for points that the vendor's Cloud NGFW documentation leaves open (for the other services, see the package ``strata``):

- Application errors are returned in the response envelope. V1 specifications declare HTTP 200 only, so V1 paths (including
  the token API) return HTTP 200 with a nonzero ErrorCode; V2 paths return the error's HTTP status. To get the real status
  on V1 paths, too (400, or 404 for an unknown token), set ``application_error_status`` to 400 in the administrative interface.
- A role without the tag and an account that is not onboarded get the same rejection from the gateway's authorizer.
- Objects outside a token's scope do not exist for it: a rulestack-admin token has access to the local rulestacks of its
  account, a global rulestack-admin token to all global ones, a firewall-admin token to both, read-only.
- Only read operations are implemented; every other method gets the gateway's response for an unknown route.
- If the specification and the vendor's Go SDK spell a field differently (beyond letter case), both spellings are served.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .schema import SeedError
    from .simulator import Options, Simulator, StartError
    from .state_directory import StateDirectoryError

__all__ = ["Options", "SeedError", "Simulator", "StartError", "StateDirectoryError"]

_HOMES = {
    "Options": "simulator",
    "SeedError": "schema",
    "Simulator": "simulator",
    "StartError": "simulator",
    "StateDirectoryError": "state_directory",
}


def __getattr__(name: str) -> Any:
    """Import the submodules on first use, so that ``--help`` and the error about a missing package work without them."""
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
