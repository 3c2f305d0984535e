# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every option of every role is converted to its type or rejected by name. Argument specs drive the tests, so new options are covered."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import yaml
from ansible.errors import AnsibleActionFail
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from ansible_collections.panw.cloud.plugins.action.role_options import ActionModule

ROOT = Path(__file__).resolve().parents[4]
SPECS = {path.parents[1].name: path for path in sorted(ROOT.glob("roles/*/meta/argument_specs.yml"))}
OPTIONS = [
    (role, entry_point, name, option)
    for role, path in SPECS.items()
    for entry_point, entry in yaml.safe_load(path.read_text())["argument_specs"].items()
    for name, option in entry["options"].items()
]


def converted(
    role: str, variables: dict[str, Any], *, entry_point: str = "main", defaults: list[Any] | None = None, **args: Any
) -> dict[str, Any]:
    arguments = {"entry_point": entry_point, **args}
    task = mock.MagicMock(args=arguments, async_val=0, environment=[], module_defaults=defaults)
    task.action = "panw.cloud.role_options"
    known = {"role_path": str(ROOT / "roles" / role), **variables}
    templar = Templar(DataLoader(), variables=known)
    result: dict[str, Any] = ActionModule(task, mock.MagicMock(), mock.MagicMock(), None, templar, None).run(
        None, known
    )
    assert not result.get("failed"), result
    return result


def element(option: dict[str, Any]) -> dict[str, Any]:
    """An element of a list of dictionaries."""
    return {name: next(good(entry))[1] for name, entry in option["options"].items() if entry.get("required")}


def good(option: dict[str, Any]) -> Iterator[tuple[Any, Any]]:
    """A valid input and its converted value."""
    kind, choices = option.get("type", "str"), option.get("choices", ["some"])
    if kind == "bool":
        yield from ((text, False) for text in ("false", "False", "no", "off", "0", 0, False))
        yield from ((text, True) for text in ("true", "True", "yes", "on", "1", 1, True))
    elif kind == "int":
        yield from ((value, 5) for value in ("5", 5))
    elif kind == "float":
        yield from ((value, 5.0) for value in ("5", "5.0", 5, 5.0))
    elif kind == "dict":
        yield from ((value, {"a": ["b"]}) for value in ({"a": ["b"]}, '{"a": ["b"]}'))
    elif kind == "list" and option["elements"] == "dict":
        yield from ((value, [element(option)]) for value in ([element(option)], json.dumps([element(option)])))
        yield [], []
    elif kind == "list":
        yield from ((value, [choices[0]]) for value in ([choices[0]], choices[0], json.dumps([choices[0]])))
        yield from ((value, [choices[0], choices[-1]]) for value in (f"{choices[0]}, {choices[-1]}",))
        yield [], []
    else:
        yield choices[0], choices[0]
    if kind in ("str", "path") and "choices" not in option:
        yield from (("", ""), (None, ""), (4711, "4711"), ("089345678901", "089345678901"), ("25921e05", "25921e05"))
        yield datetime.date(2026, 1, 31), "2026-01-31"


def wrong(option: dict[str, Any]) -> Iterator[Any]:
    kind = option.get("type", "str")
    if kind == "bool":
        yield from ("maybe", "", None, 5, ["true"], {})
    elif kind in ("int", "float"):
        yield from ("many", "", None, True, [], {}, *([1.5] if kind == "int" else []))
    elif kind == "dict":
        yield from ("words", "", None, 5, True, ["a"])
    elif kind == "list":
        yield from ("", None, {"a": 1}, '["a"', [["a"]], [True], [{"unknown": 1}])
    else:
        yield from (True, 1.5, ["a"], {"a": 1}, datetime.datetime(2026, 1, 31, 8, 0))
    if "choices" in option:
        yield ["another"] if kind == "list" else "another"


@pytest.mark.parametrize(("role", "entry_point", "name", "option"), OPTIONS, ids=lambda value: str(value)[:50])
def test_role_option_value_is_converted_or_rejected_by_name(
    role: str, entry_point: str, name: str, option: dict[str, Any]
) -> None:
    short = name.removeprefix(f"{role}_")
    assert short != name
    for given, expected in good(option):
        found = converted(role, {name: given}, entry_point=entry_point)["options"][short]
        assert (found, type(found)) == (expected, type(expected)), given
    for given in wrong(option):
        with pytest.raises(AnsibleActionFail, match=re.escape(name)):
            converted(role, {name: given}, entry_point=entry_point)


def test_role_suboptions_are_converted() -> None:
    token = {"admin_role": "firewall", "name": 7, "expiry_time": "120", "store_tags": {"team": 4711}, "path": None}
    found = converted("manage_tokens", {"manage_tokens_tokens": [token]}, texts=["store_tags"])["options"]["tokens"]
    assert found == [
        {"admin_role": "firewall", "name": "7", "expiry_time": 120, "store_tags": {"team": "4711"}, "path": ""}
    ]
    for name, value in (("expiry_time", "long"), ("name", True), ("store", "disk"), ("store_tags", "none"), ("x", 1)):
        with pytest.raises(AnsibleActionFail, match=name):
            converted("manage_tokens", {"manage_tokens_tokens": [{**token, name: value}]})


def test_aws_documents_hold_strings() -> None:
    given = {4711: 4711, "a": [True, 1.5, None], "b": {"c": datetime.date(2026, 1, 31)}}
    found = converted("iam_role", {"iam_role_conditions": given}, texts=["conditions"])["options"]["conditions"]
    assert found == {"4711": "4711", "a": ["true", "1.5", ""], "b": {"c": "2026-01-31"}}


def test_role_options_of_other_hosts_are_converted_per_host() -> None:
    hosts = {"one": {"manage_tokens_expiry_time": "120"}, "two": {}, "three": {"manage_tokens_renew_before": "soon"}}
    variables = {"hostvars": hosts, "manage_tokens_expiry_time": 60}
    assert converted("manage_tokens", variables, hosts=["one", "two"])["hosts"] == {
        "one": {"expiry_time": 120},
        "two": {},
    }
    with pytest.raises(AnsibleActionFail, match=r"three: .*manage_tokens_renew_before"):
        converted("manage_tokens", variables, hosts=["one", "three"])


def test_role_option_omitted_is_null_and_secret_is_hidden() -> None:
    found = converted("wildfire_access", {})
    assert set(found["options"].values()) == {None}
    assert found["_ansible_no_log"]


@pytest.mark.parametrize("role", [role for role in SPECS if role != "simulator"])
def test_role_tasks_use_converted_options_only(role: str) -> None:
    names = "|".join(name for known, _entry, name, _option in OPTIONS if known == role)
    raw = re.compile(rf"(?<![\w.])(?:{names})\b")
    used = 0
    for place in ("tasks", "vars", "templates"):
        for path in (ROOT / "roles" / role).glob(f"{place}/*"):
            text = path.read_text()
            expressions = re.findall(r"\{\{ .*? \}\}|\{% .*? %\}", text, re.DOTALL)
            expressions += re.findall(
                r"^ *(?:- )?(?:when|that|until|failed_when|changed_when):(.*(?:\n +- .*)*)", text, re.MULTILINE
            )
            used += sum(f"__{role}_options." in expression for expression in expressions)
            assert not [expression for expression in expressions if raw.search(expression)], path
    assert used


class Untouchable:
    """A default that nothing may template."""

    def __str__(self) -> str:
        raise AssertionError


def test_empty_options_are_those_of_the_module_defaults() -> None:
    """As core applies them: of the same key, the innermost dictionary counts."""
    layers = [
        {"group/panw.cloud.ngfw": {"role_arn": "outer"}},
        {"group/panw.cloud.ngfw": {"role_arn": "arn:play", "secret_key": Untouchable(), "region": "us-east-1"}},
        {"group/amazon.aws.aws": {"profile": "network"}},
    ]
    sources = {"group/panw.cloud.ngfw": ["role_arn"], "group/amazon.aws.aws": ["profile", "region"], "other": ["x"]}
    play = {"onboard_account_account_id": "123456789012"}
    found = converted("onboard_account", play, defaults=layers, module_defaults=sources)["options"]
    assert (found["role_arn"], found["profile"], found["region"]) == ("arn:play", "network", None)
    before_2_19 = {**play, "omit": "__omit_place_holder__"}
    layers[-1]["group/amazon.aws.aws"]["profile"] = "__omit_place_holder__"
    found = converted("onboard_account", before_2_19, defaults=layers, module_defaults=sources)["options"]
    assert (found["role_arn"], found["profile"]) == ("arn:play", None)
    own = converted(
        "onboard_account", {**play, "onboard_account_role_arn": "arn:own"}, defaults=layers, module_defaults=sources
    )["options"]
    assert own["role_arn"] == "arn:own"
