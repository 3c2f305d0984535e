# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory plugin over a fake of what it reads; tests/integration runs it as a user does."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import yaml
from ansible.errors import AnsibleParserError
from ansible.inventory.data import InventoryData
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from ansible_collections.panw.cloud.plugins.inventory.ngfw_accounts import DOCUMENTATION, EXAMPLES, InventoryModule
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.panw.cloud.plugins.module_utils._module import account_inventory

OWN = {"plugin": "panw.cloud.ngfw_accounts"}
FRAGMENTS = {
    "strict": False,
    "compose": {},
    "groups": {},
    "keyed_groups": [],
    "leading_separator": True,
    "use_extra_vars": False,
    "cache": False,
    "cache_plugin": "memory",
    "cache_connection": None,
    "cache_timeout": None,
    "cache_prefix": None,
}
ACCOUNT = {
    "account_id": "210987654321",
    "onboarding_status": "Success",
    "firewalls": [{"name": "web", "region": "us-east-1", "rulestack": "a-{{ 1 + 1 }}", "status": "#jinja2: {{ 2 }}"}],
    "regions": ["us-east-1"],
    "rulestacks": ["a-{{ 1 + 1 }}"],
    "failed_regions": [],
}


class Reads:
    """What is read, in place of the servers. :ivar params: of each read."""

    def __init__(self) -> None:
        self.params: list[dict[str, Any]] = []
        self.warnings: list[str] = []
        self.failure: Exception | None = None

    def work(self, module: account_inventory.ModuleShim) -> dict[str, Any]:
        self.params.append(module.params)
        module.warn("of an option")
        if self.failure:
            raise self.failure
        return {"accounts": [ACCOUNT], "warnings": self.warnings}


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Reads:
    made = Reads()
    monkeypatch.setattr(account_inventory, "work", made.work)
    return made


class Parsed:
    """A parsed inventory file. :param cached: the cache. :param extra: extra variables. :ivar shown: the warnings."""

    def __init__(
        self,
        config: dict[str, Any],
        cached: dict[str, Any] | None = None,
        *,
        cache: bool = True,
        extra: dict[str, Any] | None = None,
    ) -> None:
        self.loader, self.inventory, plugin = DataLoader(), InventoryData(), InventoryModule()
        plugin.display = mock.MagicMock()
        plugin.ansible_name, plugin._redirected_names = plugin.NAME, None  # as the plugin loader does
        options = {**dict.fromkeys(yaml.safe_load(DOCUMENTATION)["options"]), **FRAGMENTS}

        def set_options(direct: dict[str, Any], **_more: Any) -> None:
            plugin._options = {name: direct.get(name, default) for name, default in options.items()}

        path, core = Path.home() / "x.ngfw_accounts.yml", "ansible.plugins.inventory"
        path.write_text(yaml.safe_dump({**OWN, **config}))
        with (
            mock.patch.object(plugin, "set_options", set_options),
            mock.patch(f"{core}.load_extra_vars", return_value=extra or {}),
            mock.patch(f"{core}.get_cache_plugin", return_value=cached),
        ):
            plugin.parse(self.inventory, self.loader, str(path), cache)
        self.shown = [call.args[0] for call in plugin.display.warning.call_args_list]

    @property
    def variables(self) -> dict[str, Any]:
        return dict(self.inventory.hosts[ACCOUNT["account_id"]].vars)

    @property
    def groups(self) -> dict[str, list[str]]:
        found = {name: [host.name for host in group.hosts] for name, group in self.inventory.groups.items()}
        return {name: hosts for name, hosts in found.items() if hosts and name not in ("all", "ungrouped")}


def test_accounts_become_hosts_with_variables_and_groups(reads: Reads) -> None:
    reads.warnings = ["one", "of an option"]
    parsed = Parsed(
        {
            "compose": {"arn": "'arn:aws:iam::' ~ account_id ~ ':role/R'"},
            "groups": {"protected": "firewalls | length > 0", "others": "onboarding_status == 'Pending'"},
            "keyed_groups": [{"prefix": "region", "key": "regions"}],
        }
    )
    assert {name: parsed.variables[name] for name in ACCOUNT} == ACCOUNT
    assert parsed.variables["arn"] == "arn:aws:iam::210987654321:role/R"
    assert parsed.groups == {"protected": ["210987654321"], "region_us_east_1": ["210987654321"]}
    assert parsed.shown == ["of an option", "one"]


@pytest.mark.parametrize("strict", [True, False])
def test_strict_makes_an_invalid_expression_a_failure(reads: Reads, strict: bool) -> None:
    config = {"strict": strict, "compose": {"one": "no_such_variable.one"}}
    if strict:
        with pytest.raises(Exception, match="no_such_variable"):
            Parsed(config)
    else:
        assert "one" not in Parsed(config).variables


def test_text_of_the_server_is_never_a_template(reads: Reads) -> None:
    parsed = Parsed({})
    shown = Templar(loader=parsed.loader, variables=parsed.variables).template(parsed.variables)
    assert shown["firewalls"][0]["rulestack"] == "a-{{ 1 + 1 }}"
    assert shown["firewalls"][0]["status"] == "#jinja2: {{ 2 }}"


def test_options_are_templated_and_get_the_types_and_defaults_of_the_spec(
    reads: Reads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NGFW_ROLE_ARN", "arn:aws:iam::123456789012:role/R")
    config = {
        "region": "{{ my_region }}",
        "regions": ["{{ my_region }}", "eu-central-1"],
        "external_id": "{{ lookup('env', 'HOME') }}",
        "filters": {"account_id": "{{ my_account }}"},
        "strict_permissions": "no",
    }
    Parsed(config, extra={"my_region": "us-east-1", "my_account": "210987654321"})
    (params,) = reads.params
    assert params["role_arn"] == "arn:aws:iam::123456789012:role/R"
    assert (params["region"], params["regions"]) == ("us-east-1", ["us-east-1", "eu-central-1"])
    assert params["external_id"].endswith("/home")
    assert (params["filters"], params["strict_permissions"]) == ({"account_id": "210987654321"}, False)


def test_secret_in_an_invalid_option_is_not_shown(reads: Reads) -> None:
    for config in ({"token": "{{ 'secret-part' | nosuchfilter }}"}, {"subscription_key": "{{ secret-part"}):
        (name,) = config
        with pytest.raises(AnsibleParserError, match=f"Option '{name}' is not a valid template: its text") as failure:
            Parsed(config)
        assert "secret-part" not in str(failure.value)
        assert failure.value.__context__ is None
    with pytest.raises(AnsibleParserError) as failure:
        Parsed({"token_store": {"type": {"token": "secret-part"}}})
    assert "secret-part" not in str(failure.value)
    assert reads.params == []


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"regoin": "us-east-1"}, "Unknown option: regoin"),
        ({"filters": "a"}, "filters"),
        ({"token_store": {"type": "none"}}, "value of type must be one of"),
        ({"region": "{{ nobody }}"}, "Option 'region' is not a valid template: .*nobody"),
    ],
)
def test_invalid_option_is_refused_by_name_before_any_read(reads: Reads, config: dict[str, Any], message: str) -> None:
    with pytest.raises(AnsibleParserError, match=message):
        Parsed(config)
    assert reads.params == []


def test_failure_is_a_parser_error_without_what_caused_it(reads: Reads) -> None:
    reads.failure = InvalidInput("region", "is missing.")
    with pytest.raises(AnsibleParserError, match=r"Option 'region' is missing\.") as failure:
        Parsed({})
    assert failure.value.__context__ is None


def test_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, account_inventory.__name__, None)
    with pytest.raises(AnsibleParserError, match="Failed to import the required Python library"):
        Parsed({})


def test_cache_is_read_first_and_written_after_a_read(reads: Reads) -> None:
    cached: dict[str, Any] = {}
    Parsed({"cache": True}, cached)
    assert list(cached.values()) == [[ACCOUNT]]
    assert Parsed({"cache": True}, cached).variables["account_id"] == ACCOUNT["account_id"]
    assert len(reads.params) == 1
    Parsed({"cache": True}, cached, cache=False)  # --flush-cache
    assert len(reads.params) == 2
    Parsed({"cache": False}, cached)
    assert len(reads.params) == 3


@pytest.mark.parametrize(
    ("name", "valid"),
    [("a.ngfw_accounts.yml", True), ("ngfw_accounts.yaml", True), ("ngfw_accounts.json", False), ("a.yml", False)],
)
def test_file_is_recognized_by_its_name(tmp_path: Path, name: str, valid: bool) -> None:
    path = tmp_path / name
    path.write_text("plugin: panw.cloud.ngfw_accounts\n")
    assert InventoryModule().verify_file(str(path)) is valid
    assert InventoryModule().verify_file(str(tmp_path / "missing" / name)) is False


def test_documented_options_are_those_of_the_spec() -> None:
    documented = set(yaml.safe_load(DOCUMENTATION)["options"]) - set(OWN)
    assert documented == {"regions", "firewall_role_arn", "filters", "strict_permissions", "session_policy"}
    assert documented < set(account_inventory.spec())


@pytest.mark.parametrize("example", list(yaml.safe_load_all(EXAMPLES)), ids=len)
def test_example_is_valid(reads: Reads, example: dict[str, Any]) -> None:
    assert Parsed(example, {}).groups.get("onboarding_Success", []) == [ACCOUNT["account_id"]] * (
        "keyed_groups" in example
    )
    assert reads.params[0]["role_arn"] == example["role_arn"]
