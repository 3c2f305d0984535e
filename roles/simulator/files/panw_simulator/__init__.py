# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Simulated services for AWS, Cloud NGFW for AWS, Strata Cloud Manager and WildFire, for tests and demonstrations.

Run it with ``python -m panw_simulator`` (see ``--help``), or inside a process with :class:`Simulator`.

Design decisions for points that the vendor's Cloud NGFW documentation leaves open (for the other services, see the package ``strata``):

- Application errors are returned in the response envelope. V1 specifications declare HTTP 200 only, so V1 paths (including
  the token API) return HTTP 200 with a nonzero ErrorCode; V2 paths return the error's HTTP status. To get the real status
  on V1 paths, too (400, or 404 for an unknown token), set ``application_error_status`` to 400 in the administrative interface;
  to get 200 on V2 paths, too, set ``v2_error_status`` to 200.
- A role without the tag and an account that is not onboarded get the same rejection from the gateway's authorizer.
- Objects outside a token's scope do not exist for it: a rulestack-admin token has access to the local rulestacks of its
  account, a global rulestack-admin token to all global ones, a firewall-admin token to both, read-only except for tags.
- Names of rulestacks are unique in the tenant: one call associates local and global ones with a V2 firewall by name.
- PUT replaces the whole entry: a field that is missing is gone or has its default. Unknown keys are stored and returned.
- Rulestacks and what they contain, firewalls and what belongs to them, and tokens can be changed. A method that is not
  implemented gets the gateway's response for an unknown route.
- References are checked at validation and commit, not at a write. A commit takes the candidate as it is when it is requested.
- A rulestack or object differs from its running copy after each write to it, even of the same content: its UpdateToken is new.
- Reverting a rulestack that was never committed removes it: its creation is one of the uncommitted changes.
- Deleting a committed rulestack removes its candidate; the running configuration is there until the next commit.
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
