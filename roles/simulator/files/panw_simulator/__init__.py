# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stand-ins for AWS, Cloud NGFW for AWS, Strata Cloud Manager and WildFire, for tests and demonstrations.

``python -m panw_simulator --help`` starts it on its own; :class:`Simulator` runs it inside a process.

Decisions where the vendor's public texts about Cloud NGFW leave room (the others: see the package ``strata``):

- Errors of the service itself travel in the envelope. V1 specifications declare HTTP 200 only, so V1 paths (the token
  API too) answer them with HTTP 200 and an ErrorCode that is not 0; V2 paths answer with the error's own status. The
  switch ``application_error_status`` of the administrative interface set to 400 gives V1 errors their own status too
  (400, or 404 for a token that does not exist).
- A role without the tag and an account that is not onboarded get the same refusal of the gateway's authoriser.
- What a token may not see does not exist for it: a rulestack-admin token sees the local rulestacks of its account, a
  global rulestack-admin token all global ones, a firewall-admin token both, read-only.
- Only reads are there; every other method answers as the gateway does for a route that it does not have.
- Where the specification and the vendor's Go SDK use other letters (not only other case) for a field, both are served.
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
    """Import the parts on first use: ``--help`` and the report of a missing package need none of them."""
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
