# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rulestacks as the module returns them, compared with the simulated services' seed."""

from __future__ import annotations

from typing import Any

import pytest


def info(services: Any, **options: Any) -> dict[str, Any]:
    return {"name": "info", "panw.cloud.ngfw_rulestack_info": {"role_arn": services.role_arn, **options}}


def names(run: Any) -> list[str]:
    assert run.returncode == 0, run.output
    return [rulestack["name"] for rulestack in run.results["info"]["rulestacks"]]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, ["lab-draft", "shop-ingress", "web-egress"]),
        ({"scope": "local"}, ["lab-draft", "shop-ingress", "web-egress"]),
        ({"scope": "global"}, ["company-baseline", "company-next"]),
        ({"scope": "all"}, ["company-baseline", "company-next", "lab-draft", "shop-ingress", "web-egress"]),
        ({"scope": "all", "admin_role": "firewall", "name": "company-next"}, ["company-next"]),
        ({"name": "web-egress"}, ["web-egress"]),
        ({"name": "no-such-rulestack"}, []),
        ({"scope": "all", "config": "running"}, ["company-baseline", "shop-ingress", "web-egress"]),
    ],
    ids=str,
)
def test_listed_rulestacks_match_the_seed(
    services: Any, controller: Any, options: dict[str, Any], expected: list[str]
) -> None:
    before = services.state
    run = controller.play(info(services, **options))
    assert names(run) == expected
    assert run.results["info"]["changed"] is False
    assert services.alive_since(before) == 0


def test_everything_in_a_rulestack(services: Any, controller: Any) -> None:
    run = controller.play(info(services, name="web-egress", config="both", gather=["all"]))
    assert names(run) == ["web-egress"]
    found = run.results["info"]["rulestacks"][0]
    assert found["scope"] == "local"
    assert found["candidate"]["profiles"]["anti_virus_profile"] == found["running"]["profiles"]["anti_virus_profile"]
    assert found["commit_status"]["commit_status"] == "Success"
    assert isinstance(found["tags"], dict)
    assert [rule["priority"] for rule in found["rules"]] == sorted(rule["priority"] for rule in found["rules"])
    assert {rule["rule_list"] for rule in found["rules"]} == {"LocalRule"}
    for part in ("prefix_lists", "fqdn_lists", "feeds", "certificates", "custom_url_categories", "file_blocking"):
        assert found[part], part
        assert set(found[part][0]) == {"name", "candidate", "running"}
    assert found["custom_url_categories"][0]["candidate"]["url_targets"]


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ({"tag_key": "environment", "tag_value": "staging"}, ["shop-ingress"]),
        ({"tag_key": "owner"}, ["shop-ingress", "web-egress"]),
        ({"tag_key": "no-such-tag"}, []),
    ],
    ids=str,
)
def test_rulestacks_are_selected_by_tag(
    services: Any, controller: Any, tag: dict[str, str], expected: list[str]
) -> None:
    assert names(controller.play(info(services, **tag))) == expected
