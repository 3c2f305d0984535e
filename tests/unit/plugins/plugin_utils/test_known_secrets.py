# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets are recognized by their names in options, results, variables and APIs."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest
from ansible.module_utils.basic import AnsibleModule
from ansible_collections.panw.cloud.plugins import modules
from ansible_collections.panw.cloud.plugins.module_utils._module.argspec import token_spec
from ansible_collections.panw.cloud.plugins.module_utils._module.rotation import fleet_spec
from ansible_collections.panw.cloud.plugins.plugin_utils._known_secrets import (
    is_secret_name,
    named_secrets,
    read,
    secrets_of_variables,
)
from ansible_collections.panw.cloud.tests.helpers.fakes import KEY, TOKEN


class SpecSeen(Exception):
    """Ends a module after it has reported its options."""


def specs(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """The options of all modules, including those that run on the controller."""

    def tell(_self: Any, argument_spec: dict[str, Any], **_rest: Any) -> None:
        raise SpecSeen(argument_spec)

    monkeypatch.setattr(AnsibleModule, "__init__", tell)
    for found in pkgutil.iter_modules(modules.__path__):
        module = importlib.import_module(f"{modules.__name__}.{found.name}")
        if found.name == "role_options":  # the documentation stub of an action plugin
            continue
        try:
            module.main()
        except SpecSeen as seen:
            yield seen.args[0]
    yield from (token_spec(), fleet_spec())


def options(spec: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, option in spec.items():
        yield from ((alias, option) for alias in (name, *option.get("aliases", ())))
        yield from options(option.get("options", {}))


def test_no_log_options_have_secret_names(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(name, option) for spec in specs(monkeypatch) for name, option in options(spec)]
    secret = {name for name, option in found if option.get("no_log")}
    assert {"token", "subscription_key", "client_secret", "bound_client_secret", "api_key", "secret_key"} <= secret
    assert {name for name in secret if not is_secret_name(name)} == set()
    # A registry contract uses the same name for where its responses hold a key.
    assert {name for name, option in found if is_secret_name(name) and not option.get("no_log")} == {"api_key"}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        *(
            (name, True)
            for name in ("token", "TokenId", "SubscriptionKey", "x-api-key", "Authorization", "access_token")
        ),
        *((name, True) for name in ("SecretAccessKey", "SessionToken", "SCM_CLIENT_SECRET", "wildfire_client_secret")),
        *((name, False) for name in ("UpdateToken", "next_token", "tokens", "client_id", "access_key", "fingerprint")),
        *(
            (name, False)
            for name in ("ngfw_token", "expires_at", "reset_secret", "return_token", "subscription_key_id")
        ),
    ],
)
def test_secret_names_are_recognized(name: str, expected: bool) -> None:
    assert is_secret_name(name) is expected


def test_value_not_secret_under_secret_name_is_ignored() -> None:
    assert list(named_secrets({"token": ["", "short", None, 7, True, {"name": "not-a-secret"}, TOKEN, [KEY]]})) == [
        TOKEN,
        KEY,
    ]
    assert list(named_secrets({"token": "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER", "api_key": "********"})) == []


def test_value_of_other_type_is_searched_as_text() -> None:
    class Encrypted:
        """A vault-encrypted value as passed on by ansible-core 2.18."""

        def __str__(self) -> str:
            return TOKEN

    assert list(named_secrets([{"token": Encrypted()}])) == [TOKEN]


def test_variables_are_those_of_the_host() -> None:
    own = {"registered": {"results": [{"token": TOKEN}]}, "client_secret": KEY}
    other = {"token": "token-of-another"}
    variables = {**own, "hostvars": {"other": other}, "groups": other, "vars": other, "ansible_facts": other}
    assert set(secrets_of_variables(variables)) == {TOKEN, KEY}


def test_depth_is_unlimited() -> None:
    value: Any = TOKEN
    for _level in range(10_000):
        value = {"inner": [value]}
    assert read(value)[1] == TOKEN
