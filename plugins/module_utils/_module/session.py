# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sessions of modules that call Cloud NGFW with a token: the caller's, that of a token store, or a temporary one.

A separate file, because Ansible sends every file that a module's files import to the host: those of the stores only go to the modules that need them.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from .._common.errors import InvalidInput
from .._common.token_pair import TokenPair
from .._ngfw.admin_roles import AdminRole
from .._ngfw.client import NgfwClient
from .._ngfw.endpoints import Endpoint
from .._ngfw.tokens.options import token_pair
from .._ngfw.tokens.service import TemporaryToken
from .ngfw import Task

SESSION_MINUTES = 15


@dataclasses.dataclass(frozen=True)
class Session:
    """The API, and the token to call it with."""

    client: NgfwClient
    pair: TokenPair


def holds_token(params: Mapping[str, Any]) -> bool:
    """Whether the options set a token or a token store. :raises InvalidInput: they set both."""
    given = params["token"] is not None or params["subscription_key"] is not None
    if given and params["token_store"] is not None:
        raise InvalidInput("token_store", "must not be set together with 'token' or 'subscription_key'.")
    return given or params["token_store"] is not None


@contextlib.contextmanager
def session(
    task: Task, admin_role: AdminRole | None = None, minutes: int = SESSION_MINUTES, region: str | None = None
) -> Iterator[Session]:
    """The API with the caller's token, that of the token store, or a temporary one, revoked at the end.

    :param admin_role: of the temporary or stored token; None to accept the one of the caller or store.
    :param minutes: the lifetime of a temporary token, in case it cannot be revoked. :param region: of the data plane, if it is not the task's.
    :raises InvalidInput: the options give no usable token. :raises NoWorkingToken: the token in the store is missing, expired or for another admin role.
    """
    client = task.client(admin_role, region)
    if holds_token(task.params):
        yield Session(
            client,
            _stored_pair(task, admin_role, client.endpoint) if task.params["token_store"] else token_pair(task.params),
        )
        return
    if admin_role is None:
        raise InvalidInput("token", "is missing. Set it with 'subscription_key', or set 'token_store'.")
    temporary = TemporaryToken(task.tokens(client), admin_role, minutes)
    with temporary as pair:
        yield Session(client, pair)
    task.session_warnings += temporary.warnings


def _stored_pair(task: Task, admin_role: AdminRole | None, endpoint: Endpoint) -> TokenPair:
    # Imported here: most tasks use no store, and each would wait for its modules to be compiled.
    from .token_store import current_token

    token = current_token(task.params["token_store"], task.aws_clients, lambda: task.aws, admin_role, endpoint)
    task.scrubber.learn(token.token, token.subscription_key)
    return token.pair
