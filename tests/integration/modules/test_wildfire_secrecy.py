# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No client secret, access token or API key is in any output, log, file or callback of the WildFire modules, at verbosity 4."""

from __future__ import annotations

import json
from typing import Any

from ..harness.wildfire_helpers import PRODUCT, Keyring
from .test_secrecy import _expecting, leaks, places

EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

MALWARE = "2f293f67aa33f2ce247b28d6fb2fef2623cfde731f96b3d7f84ae74e9e192bdd"
FOLDER = "{{ playbook_dir }}"
PAGE = "https://www.example.com"
PLAYBOOK = "{{ playbook_dir }}/*.yml"


def everything() -> list[dict[str, Any]]:
    """Typical use of the modules, with success and failure, and without C(no_log)."""
    bound = {"bound_client_id": "{{ scanner.client_id }}", "bound_client_secret": "{{ scanner.client_secret }}"}
    administrator = {"client_id": "{{ caller.client_id }}", "client_secret": "{{ caller.client_secret }}"}
    own = {"client_id": "{{ scanner.client_id }}", "client_secret": "{{ scanner.client_secret }}"}
    held = {"client_id": "{{ item.client_id }}", "client_secret": "{{ item.client_secret }}"}
    old = {"api_key": "{{ old_key }}", "agent": "pcc"}
    asked = {**administrator, "product": PRODUCT, "service_account": "scanner", "wait_interval": 1, "wait_timeout": 20}
    contract = {**asked, "registry": "{{ contract }}"}
    lost, dead = {"registry": "{{ spoilt }}"}, "https://127.0.0.1:1"
    names = ("key", "key_info", "verdict_info", "submission", "report_info", "sample", "verdict_change_request")
    key, info, verdicts, submission, report, sample, review = (f"panw.cloud.wildfire_{name}" for name in names)
    suggestion = {"sha256": MALWARE, "verdict": "benign", "email": "a@example.com", "comment": "Ours"}
    tasks: list[dict[str, Any]] = [
        {key: {**asked, **bound}, "expected": "failure"},
        {key: {**asked, **bound, "on_manual_step": "wait", "wait_timeout": 1}, "expected": "failure"},
        {key: {**contract, **bound}, "check_mode": True, "diff": True},
        {key: {**contract, **bound}, "register": "made", "diff": True},
        {key: {**contract, **bound}},
        {key: {**asked, **bound}},
        {key: {**contract, **bound, "bound_client_secret": "{{ scanner.client_secret }}x"}, "expected": "failure"},
        {key: {**contract, "service_account": "nobody"}, "expected": "failure"},
        {key: {**contract, "product": "prisma_access"}, "expected": "failure"},
        {key: {**asked, **lost}, "expected": "failure"},
        {key: {**asked, **bound, "wildfire_url": dead}, "expected": "failure"},
        {key: {**contract, **bound}, "async": 30, "poll": 1, "expected": "failure"},
        {info: {**administrator, "registry": "{{ contract }}", "verify": True, **bound}},
        {info: {**administrator, **lost}, "expected": "failure"},
        {verdicts: {**own, "hashes": [EMPTY]}},
        {verdicts: {**held, "hashes": [EMPTY]}, "loop": ["{{ scanner }}"]},
        {verdicts: {**held, "hashes": [EMPTY]}, "loop": ["{{ caller }}"], "expected": "failure"},
        {verdicts: {**old, "hashes": [EMPTY]}},
        {verdicts: {**old, "hashes": [EMPTY], "agent": "none"}, "expected": "failure"},
        {verdicts: {**old, "hashes": [EMPTY], "wildfire_url": dead}, "expected": "failure"},
        {verdicts: {**old, "hashes": ["{{ old_key }}x"]}, "expected": "failure"},
        {submission: {**own, "links": [PAGE], "wait": True, "wait_interval": 1}},
        {submission: {**own, "links": ["{{ scanner.client_secret }}"]}, "expected": "failure"},
        {
            submission: {**old, "remote_files": [{"url": f"{PAGE}/nothing"}], "on_ineligible": "fail"},
            "expected": "failure",
        },
        {submission: {**old, "paths": [PLAYBOOK], "wildfire_url": dead}, "expected": "failure"},
        {report: {**own, "hash": MALWARE}},
        {report: {**old, "hash": "0" * 32}, "expected": "failure"},
        {report: {**old, "url": "https://www.google.com"}},
        {sample: {**old, "hash": MALWARE, "dest": "/dev/null"}, "expected": "failure"},
        {sample: {**own, "hash": "0" * 64, "dest": f"{FOLDER}/sample"}, "expected": "failure"},
        {sample: {**own, "hash": MALWARE, "dest": f"{FOLDER}/sample"}},
        {"panw.cloud.wildfire_test_file": {**old, "dest": f"{FOLDER}/test"}},
        {review: {**own, **suggestion}, "diff": True},
        {review: {**old, **suggestion, "comment": "{{ (old_key ~ ' ') * 40 }}"}, "expected": "failure"},
        {key: {**contract, "state": "absent"}, "diff": True},
    ]
    return [_expecting(number, task) for number, task in enumerate(tasks)]


def test_no_key_is_in_any_output(services: Any, controller: Any) -> None:
    keyring = Keyring(services)
    given = services.administrator
    secret = {
        "caller": {"client_id": given["SCM_CLIENT_ID"], "client_secret": given["SCM_CLIENT_SECRET"]},
        "scanner": keyring.account,
        "old_key": services.ask("POST", "/strata/legacy-keys", length=64)["api_key"],
        "contract": keyring.contract,
        "spoilt": {**keyring.contract, "list": {**keyring.contract["list"], "items": "nothing"}},
    }
    variables = controller.home / "vars.json"
    variables.write_text(json.dumps(secret))
    run = controller.play(*everything(), arguments=("-vvvv", "-e", f"@{variables}"), **places(controller.home))
    assert run.returncode == 0, run.output
    variables.unlink()
    secrets = services.ask("GET", "/secrets")
    kinds = {
        name: values for name, values in secrets.items() if name in ("client_secrets", "access_tokens", "wildfire_keys")
    }
    assert len(kinds) == 3
    assert all(kinds.values())
    assert leaks(controller.home, run.output, services.secrets()) == []
