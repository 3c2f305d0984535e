# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds for the options of every module. That code and documentation agree is what ansible-test's validate-modules verifies."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._module import (
    ngfw,
    rulestack_directory,
    rulestack_lint,
    scm,
    scm_store,
)
from ansible_collections.panw.cloud.plugins.modules import ngfw_rulestack_report

ROOT = Path(__file__).resolve().parents[4]
# Without the documentation stub of an action plugin.
NAMES = sorted({path.stem for path in (ROOT / "plugins/modules").glob("[!_]*.py")} - {"role_options"})
SECRET = {
    "token",
    "subscription_key",
    "current.token",
    "current.subscription_key",
    "client_secret",
    "bound_client_secret",
    "api_key",
    *(f"{inside}hashi_vault_{name}" for inside in ("", "token_store.", "targets.") for name in ("token", "secret_id")),
}


class Asked(Exception):
    """A module has created Ansible's module object."""


@pytest.fixture
def specifications(monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, Any]]:
    """The arguments with which each module creates Ansible's module object."""
    asked: dict[str, Any] = {}

    def capture(**settings: Any) -> None:
        asked.update(settings)
        raise Asked

    for edge in (ngfw_rulestack_report, rulestack_directory, rulestack_lint, scm):
        monkeypatch.setattr(edge, "AnsibleModule", capture)
    for edge in (ngfw, scm_store):
        monkeypatch.setattr(edge, "AnsibleAWSModule", capture)
    found = {}
    for name in NAMES:
        asked.clear()
        with pytest.raises(Asked):
            importlib.import_module(f"ansible_collections.panw.cloud.plugins.modules.{name}").main()
        found[name] = dict(asked)
    return found


def flat(options: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Options with their suboptions, by names such as C(current.token)."""
    for name, option in options.items():
        yield prefix + name, option
        yield from flat(option.get("options") or {}, f"{prefix}{name}.")


def test_every_module_supports_check_mode(specifications: dict[str, dict[str, Any]]) -> None:
    assert [name for name in NAMES if specifications[name]["supports_check_mode"] is not True] == []


def test_secret_options_and_no_others_are_no_log(specifications: dict[str, dict[str, Any]]) -> None:
    """An option that only sounds like a secret sets no_log=False."""
    for name in NAMES:
        options = dict(flat(specifications[name]["argument_spec"]))
        assert {option for option in options if options[option].get("no_log")} == SECRET & set(options), name


def test_environment_variables_are_documented(specifications: dict[str, dict[str, Any]]) -> None:
    command = [sys.executable, "-m", "ansible", "doc", "--type", "module", "--json"]
    command += [f"panw.cloud.{name}" for name in NAMES]
    printed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for full_name, entry in json.loads(printed).items():
        name = full_name.rpartition(".")[2]
        for option, settings in specifications[name]["argument_spec"].items():
            for variable in settings.get("fallback", (None, []))[1]:
                assert f"E({variable})" in " ".join(entry["doc"]["options"][option]["description"]), (name, option)
