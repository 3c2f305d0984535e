# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Loops over registered results that contain secrets: ansible-core adds the item to each result, whatever the plugin returns."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.ansible_release import __version__

from ..conftest import Controller
from .test_secrecy import leaks, places

try:
    from ansible.module_utils import secrets as masking  # ansible-core 2.22 and newer
except ImportError:
    masking = None

NOWHERE = "https://127.0.0.1:1"
# The registered results and variables that contain secrets, each with a key of its entries that contains one.
SOURCES = {
    "tokens.results": "token",
    "fleet.targets": "token",
    "stored.results": "subscription_key",
    "accounts.results": "client_secret",
    "credentials.results": "client_secret",
    "[caller]": "client_secret",
}


def module(name: str, options: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """A task."""
    return {f"panw.cloud.{name}": options or {}, **more}


def issued(arn: str, directory: Path) -> list[dict[str, Any]]:
    """The results to loop over: single tokens, a fleet, stored tokens, service accounts and their stored credentials."""
    role, roles = {"role_arn": arn}, ["firewall", "rulestack"]
    targets = [{"name": name, "admin_role": name, **role} for name in roles]
    stored = {"store": "file", "path": f"{directory}/{{{{ item }}}}.json"}
    return [
        module("ngfw_token", {**role, "admin_role": "{{ item }}"}, loop=roles, register="tokens"),
        module("ngfw_token_rotation", {"store": "none", "targets": targets}, register="fleet"),
        module(
            "ngfw_stored_token",
            {**role, **stored, "admin_role": "{{ item }}", "return_token": True},
            loop=roles,
            register="stored",
        ),
        module("scm_service_account", {"name": "{{ item }}"}, loop=["looped-a", "looped-b"], register="accounts"),
        module(
            "scm_stored_credentials",
            {**stored, "service_account": "{{ item }}", "return_secret": True},
            loop=["looped-c"],
            register="credentials",
        ),
    ]


def failing() -> list[tuple[dict[str, Any], str]]:
    """Failing tasks in loops, and their expected messages. The options of most contain no secret, so that only the item does."""
    token, soon = {"admin_role": "firewall"}, {"admin_role": "firewall", "renew_before": "soon"}
    held = {"token": "{{ item.token }}", "subscription_key": "{{ item.subscription_key }}"}
    dead, several, first = (
        {**held, "ngfw_url": NOWHERE},
        {"loop": "{{ tokens.results }}"},
        {"loop": "{{ tokens.results[:1] }}"},
    )
    label = {"loop_control": {"label": "{{ item.admin_role | default('an item') }}"}}
    ssh = {"ansible_connection": "ssh", "ansible_host": "127.0.0.1", "ansible_port": 1}
    texts = "{{ tokens.results | map(attribute='token') | list }}"
    refused = [(module("ngfw_token", soon, loop=f"{{{{ {source} }}}}"), "renew_before") for source in SOURCES]
    waiting = [
        (module(name, {}, loop="{{ [caller] }}", **{"async": 30, "poll": 1}), "does not support async")
        for name in ("ngfw_token", "ngfw_token_rotation", "scm_stored_credentials", "wildfire_key")
    ]
    return [
        *refused,
        *waiting,
        (module("ngfw_token", soon, **several, **label), "renew_before"),
        (module("ngfw_token", soon, loop=texts), "renew_before"),
        (module("ngfw_token", soon, loop="{{ [tokens] }}", loop_control={"loop_var": "one"}), "renew_before"),
        (module("ngfw_token", soon, with_items="{{ tokens.results }}"), "renew_before"),
        (module("ngfw_token", soon, **several, loop_control={"extended": True, "index_var": "n"}), "renew_before"),
        (
            module("ngfw_token", soon, loop=[0, 1], loop_control={"label": "{{ tokens.results[item].token }}"}),
            "renew_before",
        ),
        (module("ngfw_token", soon, **several, check_mode=True, diff=True), "renew_before"),
        (module("ngfw_token", soon, **several, retries=1, delay=0, until="false"), "renew_before"),
        (module("ngfw_token_rotation", {"targets": "none"}, loop="{{ fleet.targets }}"), "targets"),
        (module("ngfw_token", {**token, "region": "{{ tokens.results[0].token }}"}), "region"),
        (module("ngfw_token", {"admin_role": "{{ tokens.results[0].token }}"}), "admin_role"),
        (module("ngfw_access_info", {"role_arn": "no"}, **first, **label), "role_arn"),
        (module("ngfw_access_info", {"role_arn": "no"}, **first, retries=1, delay=0, until="false"), "role_arn"),
        (module("ngfw_access_info", {}, **first, vars=ssh, ignore_unreachable=True), ""),
        (module("ngfw_access_info", {}, **first, failed_when="1 == 1"), ""),
        (module("ngfw_rulestack_info", dead, **first, timeout=1), "Timed out|timeout|time frame"),
        (module("wildfire_verdict_info", {"hashes": ["no"]}, loop="{{ accounts.results[:1] }}", **label), "hash"),
        (module("wildfire_key_info", {"product": "no"}, loop="{{ accounts.results[:1] }}"), "product"),
    ]  # fmt: skip


def succeeding(arn: str) -> list[dict[str, Any]]:
    """Successful tasks in loops: from verbosity 1 on, core shows the item regardless of the label."""
    label = {"loop_control": {"label": "an item"}}
    role = {"role_arn": arn}
    return [
        module("ngfw_rulestack_info", role, loop="{{ tokens.results[:1] + credentials.results }}", **label),
        module("ngfw_token", {**role, "admin_role": "firewall"}, loop="{{ fleet.targets[:1] }}", check_mode=True),
    ]


def judged(arn: str) -> list[dict[str, Any]]:
    """The tasks with assertions: their errors are readable, and the registered results are usable."""
    tasks, claims = [], []
    for number, (task, message) in enumerate(failing()):
        name = f"failed_{number}"
        tasks.append({"name": name, **task, "register": name, "ignore_errors": True})
        one = f"({name}.results | default([{name}]))[0]"
        claims += [f"{one} is failed or {one} is unreachable", f"{one}.msg | default('') is search('{message}')"]
    kept = f"failed_0.results[0].item.{SOURCES['tokens.results']} == tokens.results[0].token"
    held = [f"({source})[0].{key} | length > 8" for source, key in SOURCES.items()]
    return [
        *tasks,
        *succeeding(arn),
        {"name": "Judge", "ansible.builtin.assert": {"that": [*claims, kept, *held], "quiet": True}},
    ]


def playing(
    services: Any, controller: Any, tasks: list[dict[str, Any]], variables: Any, *arguments: str, **more: str
) -> Any:
    """A run with a log file, the JUnit report and a callback that records everything."""
    settings = places(controller.home)
    file = controller.home / "vars.json"
    file.write_text(json.dumps(variables))
    settings |= {"ANSIBLE_CALLBACKS_ENABLED": "record,junit", "JUNIT_OUTPUT_DIR": str(controller.home / "junit")}
    given = (*arguments, "-e", f"@{file}")
    run = controller.play(*tasks, arguments=given, **settings, **more, **services.administrator)
    file.unlink()
    assert list((controller.home / "junit").iterdir()), run.output
    return run


@pytest.fixture(scope="module")
def issuing(services: Any, player: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Any]:
    """The output of tasks that get secrets and show none, and their registered results."""
    home, directory = tmp_path_factory.mktemp("issuing"), tmp_path_factory.mktemp("registered")
    for made in (home, directory):
        made.chmod(0o700)
    file = directory / "registered.json"
    names = ("tokens", "fleet", "stored", "accounts", "credentials")
    dump = ", ".join(f"'{name}': {name}" for name in names)
    write = {"ansible.builtin.copy": {"content": f"{{{{ {{{dump}}} | to_json }}}}", "dest": str(file)}, "no_log": True}
    tasks = [*issued(services.role_arn, directory), write]
    run = playing(services, Controller(services, home, player), tasks, {}, "-vvvv")
    assert run.returncode == 0, run.output
    assert leaks(home, run.output, services.secrets()) == []
    given = services.administrator
    caller = {"client_id": given["SCM_CLIENT_ID"], "client_secret": given["SCM_CLIENT_SECRET"]}
    return run.output, {**json.loads(file.read_text()), "caller": caller}


@pytest.fixture
def registered(issuing: tuple[str, Any]) -> Any:
    """Variables that contain secrets."""
    return issuing[1]


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("tokens", ["fingerprint", "expires_at"]),
        ("stored", ["fingerprint", "expires_at"]),
        ("accounts", ["client_id", "id"]),
        ("credentials", ["fingerprint", "client_id"]),
    ],
)
def test_nonsecret_part_of_a_censored_result_is_printed(issuing: tuple[str, Any], name: str, parts: list[str]) -> None:
    output, variables = issuing
    assert [one[part] for one in variables[name]["results"] for part in parts if one[part] not in output] == []


@pytest.mark.parametrize("verbosity", [0, 1, 4])  # -vvvv includes the output of -vv and -vvv
def test_no_end_of_a_loop_shows_a_secret(
    services: Any, controller: Any, player: Any, registered: Any, verbosity: int
) -> None:
    arguments = [*["-v"] * verbosity, *player.arguments]
    run = playing(services, controller, judged(services.role_arn), registered, *arguments)
    assert run.returncode == 0, run.output
    secrets = services.secrets()
    assert {registered["tokens"]["results"][0]["token"], registered["caller"]["client_secret"]} <= set(secrets)
    assert leaks(controller.home, run.output, secrets) == []
    for text in ("renew_before", "does not support async", "item 1 (length 2)"):
        assert text in run.output, "a failure stays readable"


ITEM = {"token": "{{ item.token }}", "subscription_key": "{{ item.subscription_key }}"}
OVER_RESULTS = {"loop": "{{ tokens.results }}"}
NUMBERED = {name: f"{{{{ tokens.results[item].{name} }}}}" for name in ITEM}
OVER_NUMBERS = {"loop": "{{ range(tokens.results | length) | list }}"}
LIST = "ngfw_rulestack_info"
KEYS = {"SCM_CLIENT_ID": "{{ caller.client_id }}", "SCM_CLIENT_SECRET": "{{ caller.client_secret }}"}
INCLUDE = {"ansible.builtin.include_tasks": "included.yml"}
# What ansible-core itself prints, at which verbosity, and the workarounds.
PRINTED_BY_CORE: dict[str, tuple[int, dict[str, Any], list[dict[str, Any]]]] = {
    "skipped": (
        1,
        module(LIST, ITEM, **OVER_RESULTS, when=False),
        [
            module(LIST, ITEM, **OVER_RESULTS, when=False, no_log=True),
            module(LIST, NUMBERED, **OVER_NUMBERS, when=False),
            module(LIST, ITEM, loop="{{ tokens.results | selectattr('admin_role', 'equalto', 'account') }}"),
        ],
    ),
    "undefined": (
        0,
        module(LIST, {**ITEM, "region": "{{ nothing }}"}, **OVER_RESULTS),
        [
            module(LIST, {**ITEM, "region": "{{ nothing }}"}, **OVER_RESULTS, no_log=True),
            module(LIST, {**NUMBERED, "region": "{{ nothing }}"}, **OVER_NUMBERS),
        ],
    ),
    "included": (
        0,
        {**INCLUDE, **OVER_RESULTS},
        [{**INCLUDE, **OVER_NUMBERS}],  # a label hides items in the output, but not from callbacks
    ),
    "environment": (
        3,
        module("wildfire_key_info", environment=KEYS),
        [
            module(
                "wildfire_key_info", {"client_id": KEYS["SCM_CLIENT_ID"], "client_secret": KEYS["SCM_CLIENT_SECRET"]}
            ),
            module("wildfire_key_info"),  # the variables are those of ansible-playbook
        ],
    ),
}
CONTROLS = [(case, verbosity, task) for case, (verbosity, task, _ways) in PRINTED_BY_CORE.items()]
WAYS = [(case, way) for case, (_verbosity, _task, ways) in PRINTED_BY_CORE.items() for way in ways]


def printed(services: Any, controller: Any, registered: Any, task: dict[str, Any], verbosity: int) -> list[str]:
    """The places with secrets after a task that may fail."""
    (controller.home / "included.yml").write_text("[]")
    tasks = [{**task, "ignore_errors": True}, {"name": "Reached", "ansible.builtin.debug": {"msg": "here"}}]
    settings = {"ANSIBLE_DISPLAY_SKIPPED_HOSTS": "1"}
    run = playing(services, controller, tasks, registered, *["-v"] * verbosity, **settings)
    assert "Reached" in run.output
    return leaks(controller.home, run.output, services.secrets())


@pytest.mark.parametrize(("case", "verbosity", "task"), CONTROLS, ids=[case for case, *_rest in CONTROLS])
def test_secrets_that_core_prints_are_found(
    services: Any, controller: Any, registered: Any, case: str, verbosity: int, task: dict[str, Any]
) -> None:
    """The control of the next test. ansible-core 2.18 aborts the loop at an undefined variable; 2.22 and newer mask known secrets."""
    found = printed(services, controller, registered, task, verbosity)
    if masking is None and (case != "undefined" or not __version__.startswith("2.18.")):
        assert "output" in found


@pytest.mark.parametrize(("case", "way"), WAYS, ids=[f"{case}-{number}" for number, (case, _way) in enumerate(WAYS)])
def test_secrets_that_core_prints_can_be_avoided(
    services: Any, controller: Any, registered: Any, case: str, way: dict[str, Any]
) -> None:
    assert printed(services, controller, registered, way, 4) == []
