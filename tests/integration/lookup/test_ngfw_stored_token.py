# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lookup plugin in playbooks: its examples keep the secrets out of the output, and its page does not promise more than ansible-core does."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from ansible_collections.panw.cloud.plugins.lookup import ngfw_stored_token

from ..modules.test_secrecy import leaks, places

NAME = "cloud-ngfw/rulestack"
PAIR = f"{{{{ lookup('panw.cloud.ngfw_stored_token', name='{NAME}', region='us-east-1') }}}}"
MASKS = ngfw_stored_token.register_secret is not None


def keep(services: Any) -> dict[str, Any]:
    """A task that stores a token."""
    options = {"admin_role": "rulestack", "role_arn": services.role_arn, "name": NAME}
    return {"name": "Keep a token", "panw.cloud.ngfw_stored_token": options, "register": "kept"}


def test_examples_work_and_show_no_secret(services: Any, controller: Any) -> None:
    examples = yaml.safe_load(ngfw_stored_token.EXAMPLES)
    checks = {
        "pair.fingerprint == kept.fingerprint",
        "pair.token | hash('sha256') | truncate(12, true, '') == kept.fingerprint",
    }
    check = {
        "name": "Check",
        "ansible.builtin.assert": {"that": sorted(checks)},
        "vars": {"pair": PAIR},
        "no_log": True,
    }
    run = controller.play(
        keep(services),
        *[{**task, "register": f"example_{number}"} for number, task in enumerate(examples)],
        check,
        {"name": "Show", "ansible.builtin.debug": {"msg": "{{ example_0.status }} and {{ example_1.stdout }}"}},
        arguments=("-vvvv", "-e", json.dumps({"ngfw_ca_bundle": services.endpoints["ca_bundle"]})),
        **places(controller.home, ANSIBLE_KEEP_REMOTE_FILES=""),  # core's modules get their arguments in such files
    )
    assert run.returncode == 0, run.output
    assert "200 and 7" in run.output
    assert leaks(controller.home, run.output, services.secrets()) == []


@pytest.mark.parametrize(
    ("verbosity", "task"),
    [
        ("-v", {"ansible.builtin.set_fact": {"held": PAIR}}),
        (
            "-vvv",
            {"ansible.builtin.uri": {"url": "https://127.0.0.1:1", "headers": {"x": PAIR}}, "ignore_errors": True},
        ),
    ],
    ids=["fact", "uri"],
)
def test_core_prints_the_pair_unless_it_masks(
    services: Any, controller: Any, verbosity: str, task: dict[str, Any]
) -> None:
    """Otherwise the page would warn in vain."""
    run = controller.play(keep(services), {"name": "Use it", **task}, arguments=(verbosity,), **places(controller.home))
    assert run.returncode == 0, run.output
    assert ("output" in leaks(controller.home, run.output, services.secrets())) is not MASKS
