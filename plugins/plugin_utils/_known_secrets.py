# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Find values that are secrets by the names under which the play holds them, and remove them from texts.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ansible_collections.panw.cloud.plugins.module_utils._common.redaction import MASK

SHORTEST_SECRET = 8
# Suffixes of names in lower case without separators, which cover options, results, variables and the JSON of the APIs.
_SECRET_NAMES = (
    "accesstoken",
    "apikey",
    "authorization",
    "clientsecret",
    "secretaccesskey",
    "secretkey",
    "securitytoken",
    "sessiontoken",
    "subscriptionkey",
    "tokenid",
    "vaultsecretid",
    "vaulttoken",
)
_PLACEHOLDERS = ("VALUE_SPECIFIED_IN_NO_LOG_PARAMETER", MASK)
# References to all other hosts, to the same variables again, and to gathered facts.
_NOT_THE_HOSTS_OWN = ("ansible_facts", "groups", "hostvars", "vars")


@functools.lru_cache(maxsize=4096)
def is_secret_name(name: str) -> bool:
    """Whether an option, key or variable of this name holds a secret. Other names that end in token hold page or update tokens."""
    letters = "".join(filter(str.isalpha, name.lower()))
    return letters == "token" or letters.endswith(_SECRET_NAMES)


def named_secrets(value: Any) -> Iterator[str]:
    """The strings in a value that are under a secret's name, at any depth."""
    for text, named in _texts(value):
        if named and len(text) >= SHORTEST_SECRET and text not in _PLACEHOLDERS:
            yield text


def read(value: Any) -> tuple[set[str], str]:
    """The strings in a value that are under a secret's name, and all its strings as one text."""
    found = list(_texts(value))
    named = {text for text, secret in found if secret and len(text) >= SHORTEST_SECRET and text not in _PLACEHOLDERS}
    return named, "\n".join(text for text, _secret in found)


def secrets_of_variables(variables: Mapping[str, Any]) -> Iterator[str]:
    """The secrets among a host's variables, mainly in registered results."""
    return named_secrets({name: value for name, value in variables.items() if name not in _NOT_THE_HOSTS_OWN})


def holds(value: Any, secrets: Iterable[str]) -> bool:
    """Whether a value contains one of the secrets, or a string under a secret's name."""
    named, text = read(value)
    return bool(named) or any(secret in text for secret in secrets)


def without(text: str, secrets: Iterable[str]) -> str:
    """The text with the secrets masked."""
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, MASK)
    return text


def _texts(value: Any) -> Iterator[tuple[str, bool]]:
    """Each string in a value, and whether it, or the list around it, is under a secret's name."""
    waiting = [(value, False)]
    while waiting:
        found, named = waiting.pop()
        if isinstance(found, str):
            yield str(found), named
        elif found is None or isinstance(found, (bool, int, float)):
            continue
        elif isinstance(found, (dict, Mapping)):  # the second is slower to check
            waiting += [(inner, is_secret_name(str(name))) for name, inner in reversed(list(found.items()))]
        elif isinstance(found, (list, tuple)):
            waiting += [(inner, named) for inner in reversed(found)]
        else:
            yield str(found), named
