# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deterministic sample plans of rulestacks, built from the format of plan files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ansible_collections.panw.cloud.tests.helpers.report_pages import HOSTILE

ANYWHERE = {"cidrs": ["any"]}
REGIONS = ("us-east-1", "eu-central-1", "ap-southeast-2")


def rule(name: str, priority: int, **options: Any) -> dict[str, Any]:
    """A rule of a document."""
    plain = {"source": ANYWHERE, "destination": ANYWHERE, "applications": ["any"], "action": "Allow"}
    return {"name": name, "priority": priority, **plain, **options}


def change(operation: str, section: str, name: str, **parts: Any) -> dict[str, Any]:
    """A change; its options are those of C(before) and C(after)."""
    before, after = parts.get("before"), parts.get("after")
    options = list(dict.fromkeys([*(before or {}), *(after or {})]))
    own = {"section": section, "name": name, "operation": operation, "options": options}
    return {**own, "before": before, "after": after, "audit_comment": parts.get("audit_comment")}


def finding(severity: str, name: str, **parts: Any) -> dict[str, Any]:
    """A finding of the lint on a rule of the rulestack C(shop-egress)."""
    ids = {"error": "shadowed-rule", "warning": "duplicate-rule", "info": "undecided-shadowing"}
    found = {
        "id": ids[severity],
        "severity": severity,
        "rulestack": "shop-egress",
        "section": "rules",
        "name": name,
        "message": f"has a finding of severity {severity}.",
        "others": [],
    }
    return {**found, "place": f"rulestacks[0] {found['rulestack']} > {name}", **parts}


def rulestack(name: str, before: Any, after: Any, changes: Sequence[Any] = (), **parts: Any) -> dict[str, Any]:
    """A rulestack of a plan."""
    digest = hashlib.sha256(json.dumps(before).encode()).hexdigest()
    return {
        "name": name,
        "scope": "local",
        "fingerprint": f"sha256:{digest}",
        "before": before,
        "document": after,
        "after": after,
        "changes": list(changes),
        "uncommitted": [],
        **parts,
    }


def plan(number: int = 0, rulestacks: Sequence[Any] = (), **parts: Any) -> dict[str, Any]:
    """A plan of the target with that number."""
    content = {
        "format": 1,
        "collection": "0.2.0",
        "created": f"2026-11-27T14:{number % 60:02}:00Z",
        "target": f"shop_{number:03}",
        "account_id": f"{210987654321 + number // 2}",
        "region": REGIONS[number % 3],
        "rulestacks": list(rulestacks),
        "unmanaged": [],
        "findings": [],
        "warnings": [],
        **parts,
    }
    return {**content, "id": parts.get("id", identifier(content))}


def identifier(content: Mapping[str, Any]) -> str:
    """The ID of a plan with this content."""
    digested = {key: value for key, value in content.items() if key not in ("id", "created", "unmanaged", "warnings")}
    text = json.dumps(digested, sort_keys=True, separators=(",", ":"))
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def untouched(name: str, rules: int = 12) -> dict[str, Any]:
    """A rulestack that is as the policy says."""
    listed = [
        rule(f"allow-{number}", 100 * (number + 1), destination={"fqdn_lists": [f"service-{number}"]})
        for number in range(rules)
    ]
    document = {"name": name, "rules": [*listed, rule("deny-all", 100 * (rules + 1), action="DenySilent")]}
    return rulestack(name, document, document)


def egress(name: str = "shop-egress", quiet: int = 8) -> dict[str, Any]:
    """A rulestack in which each kind of change occurs, among unchanged rules."""
    web = {"source": {"prefix_lists": ["branches", "guests"]}, "applications": ["ssl", "web-browsing"]}
    new_web = {"source": {"prefix_lists": ["branches", "stores"]}, "applications": ["ssl"]}
    same = [
        rule(f"allow-{number}", 1000 + 100 * number, destination={"fqdn_lists": [f"service-{number}"]})
        for number in range(quiet)
    ]
    legacy = rule("allow-legacy-ftp", 300, applications=["ftp"], description="Until the last FTP client is gone")
    deny = rule("deny-all", 9000, action="DenySilent")
    dns = rule("allow-dns", 200, destination={"cidrs": ["10.0.0.2/32"]}, applications=["dns"])
    updates = rule("allow-updates", 400, destination={"fqdn_lists": ["mirrors"]}, protocol="any")
    before = {
        "name": name,
        "description": "Outbound traffic",
        "prefix_lists": [{"name": "branches", "prefixes": ["10.1.0.0/16", "10.2.0.0/16", "10.9.0.0/16"]}],
        "fqdn_lists": [{"name": "old-mirrors", "fqdns": ["ftp.example.org"]}],
        "rules": [rule("allow-web", 100, **web), dns, legacy, *same, {**updates, "priority": 8000}, deny],
    }
    after = {
        "name": name,
        "description": "Outbound traffic of the shops",
        "prefix_lists": [
            {"name": "branches", "prefixes": ["10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16"]},
            {"name": "stores", "prefixes": ["10.64.0.0/12"]},
        ],
        "rules": [
            rule("allow-web", 100, **new_web),
            dns,
            updates,
            rule("allow-payments", 500, destination={"fqdn_lists": ["payments"]}, applications=["ssl"], logging=True),
            *same,
            deny,
        ],
    }
    changes = [
        change(
            "update",
            "rulestack",
            name,
            before={"description": before["description"]},
            after={"description": after["description"]},
        ),
        change("create", "prefix_lists", "stores", after=after["prefix_lists"][1]),
        change(
            "update",
            "prefix_lists",
            "branches",
            before={"prefixes": before["prefix_lists"][0]["prefixes"]},
            after={"prefixes": after["prefix_lists"][0]["prefixes"]},
            audit_comment="alice in the console, ticket NET-4711",
        ),
        change("update", "rules", "allow-web", before=web, after=new_web, audit_comment="bob: guests need the web"),
        change("move", "rules", "allow-updates", before={"priority": 8000}, after={"priority": 400}),
        change("create", "rules", "allow-payments", after=after["rules"][3]),
        change("delete", "rules", "allow-legacy-ftp", before=legacy, audit_comment="carol, for the migration"),
        change("delete", "fqdn_lists", "old-mirrors", before=before["fqdn_lists"][0]),
    ]
    return rulestack(name, before, after, changes)


def shop(number: int = 0, **parts: Any) -> dict[str, Any]:
    """A plan with every kind of change, findings, uncommitted changes, an unmanaged rulestack and a warning."""
    pending = [{"section": "prefix_lists", "name": "branches", "operation": "update"}]
    findings = [
        finding("error", "allow-0", message="can never match: all its sessions match rule 'allow-web' before it."),
        finding("warning", "stores", section="prefix_lists", id="unused-object", message="is used by no rule."),
        finding("info", "allow-updates", message="may never match: it depends on the addresses of 'mirrors'."),
    ]
    own = {"unmanaged": ["old-egress"], "findings": findings, "warnings": ["The catalog of applications was not read."]}
    rulestacks = [{**egress(), "uncommitted": pending}, untouched("shop-ingress")]
    return plan(number, rulestacks, **{**own, **parts})


def created(name: str = "new-stack") -> dict[str, Any]:
    """A rulestack that does not exist yet."""
    after = {"name": name, "description": "New", "rules": [rule("deny-all", 100, action="DenySilent")]}
    changes = [
        change("create", "rulestack", name, after={"description": "New"}),
        change("create", "rules", "deny-all", after=after["rules"][0]),
    ]
    return rulestack(name, None, after, changes)


def removed(name: str = "retired") -> dict[str, Any]:
    """A rulestack that is removed as a whole."""
    before = {"name": name, "description": "Old", "rules": [rule("allow-old", 100), rule("deny-all", 200)]}
    return rulestack(name, before, None, [change("delete", "rulestack", name, before={"description": "Old"})])


def fleet(size: int, rules: int = 12) -> list[dict[str, Any]]:
    """Plans of many targets with five rulestacks each, of which one in seven has changes."""
    return [
        plan(
            number,
            [
                egress(f"app-{number}-{index}", rules)
                if (number * 5 + index) % 7 == 3
                else untouched(f"app-{number}-{index}", rules)
                for index in range(5)
            ],
        )
        for number in range(size)
    ]


def saved(directory: Path, plans: Sequence[dict[str, Any]]) -> str:
    """Write plans to files named after their targets, and return the directory."""
    directory.mkdir(parents=True, exist_ok=True)
    for one in plans:
        (directory / f"{one['target']}.json").write_text(json.dumps(one), encoding="utf-8")
    return str(directory)


def hostile(text: str) -> dict[str, Any]:
    """A plan in which every text is the same, as a server or a file could have it."""
    values = {"source": {"cidrs": [text], text: [text]}, "applications": [text], text: {text: [{text: text}]}}
    document = {
        "name": text,
        "description": text,
        "prefix_lists": [{"name": text, "prefixes": [text]}],
        "rules": [rule(text, 1, **values, description=text, action=text)],
    }
    changes = [
        change("update", "rulestack", text, before={"description": text}, after={text: text}, audit_comment=text),
        change("update", "prefix_lists", text, before={"prefixes": [text]}, after={"prefixes": []}, audit_comment=text),
        change(
            "update", "rules", text, before={**values, "action": text}, after={"action": "Allow"}, audit_comment=text
        ),
        change("delete", text, text, before={text: text}),
    ]
    found = [
        finding("error", text, rulestack=text, section=section, id=text, message=text)
        for section in ("rules", "prefix_lists", text)
    ]
    entry = rulestack(
        text, document, document, changes, uncommitted=[{"section": text, "name": text, "operation": text}]
    )
    own = dict.fromkeys(("collection", "id", "created", "target", "account_id", "region"), text)
    return plan(0, [entry], **own, unmanaged=[text], warnings=[text], findings=found)


SAMPLES = {
    "nothing": ("plan", [plan(0, [untouched("shop-egress"), untouched("shop-ingress")])]),
    "empty": ("plan", [plan()]),
    "changes": ("plan", [shop()]),
    "applied": ("apply", [shop()]),
    "created": ("plan", [plan(0, [created()])]),
    "removed": ("plan", [plan(0, [removed(), untouched("shop-ingress")])]),
    "drift": ("drift", [shop(), plan(1, [created()]), plan(2, [removed()])]),
    "hostile": ("plan", [hostile(HOSTILE)]),
}
"""Kind and plans by name."""
