# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules in the order of evaluation, and changed objects."""

from __future__ import annotations

from typing import Any

from ansible_collections.panw.cloud.plugins.plugin_utils._rulestack_report.differences import Difference
from ansible_collections.panw.cloud.plugins.plugin_utils._rulestack_report.rows import FOLDED, Finding, Row, Rows
from ansible_collections.panw.cloud.tests.helpers.rulestack_plans import (
    change,
    created,
    egress,
    removed,
    rule,
    rulestack,
    untouched,
)


def rows_of(entry: dict[str, Any], **findings: list[Finding]) -> dict[str, Row]:
    """The rules of the only table by name."""
    (table,) = Rows(entry, {("rules", name): found for name, found in findings.items()}).tables
    return {row.name: row for row in table.rows}


def marked(*before: str, after: list[str], **operations: str) -> list[tuple[str, str]]:
    """Names and operations of the rows, of rules without priorities."""
    documents = [{"name": "a", "rules": [{"name": name} for name in names]} for names in (before, after)]
    changes = [change(operation, "rules", name) for name, operation in operations.items()]
    return [(row.name, row.operation) for row in rows_of(rulestack("a", *documents, changes)).values()]


def test_removed_rules_stay_in_their_old_place() -> None:
    assert marked("a", "b", "c", "d", after=["b", "d"], a="delete", c="delete") == [
        ("a", "delete"),
        ("b", ""),
        ("c", "delete"),
        ("d", ""),
    ]
    assert marked("a", "b", after=[], a="delete", b="delete") == [("a", "delete"), ("b", "delete")]


def test_removed_rule_does_not_follow_one_that_moves_away() -> None:
    found = marked("a", "m", "gone", "b", after=["a", "b", "m"], m="move", gone="delete")
    assert found == [("a", ""), ("gone", "delete"), ("b", ""), ("m", "move")]


def test_rules_are_in_the_order_of_evaluation_with_their_priority() -> None:
    rows = rows_of(egress(quiet=2))
    assert list(rows) == [
        "allow-web",
        "allow-dns",
        "allow-legacy-ftp",
        "allow-updates",
        "allow-payments",
        "allow-0",
        "allow-1",
        "deny-all",
    ]
    assert rows["allow-updates"].order == Difference("", ("8000",), ("400",))
    assert rows["allow-legacy-ftp"].order == Difference("", kept=("300",))
    assert rows_of(rulestack("a", None, {"name": "a", "rules": [{"name": "x"}]}))["x"].order == Difference(
        "", kept=("1",)
    )


def test_changed_rule_has_its_options_before_and_after_by_column() -> None:
    row = rows_of(egress())["allow-web"]
    source, destination, applications, action = row.cells
    assert source == [Difference("prefix lists", ("guests",), ("stores",), ("branches",))]
    assert destination == [Difference("", kept=("any",))]
    assert applications == [Difference("", ("web-browsing",), (), ("ssl",))]
    assert action == [Difference("", kept=("Allow",))]
    assert row.options == ["source", "applications"]
    assert row.comment == "bob: guests need the web"


def test_rule_that_comes_or_goes_has_all_its_options_once() -> None:
    rows = rows_of(egress())
    for name, notes in (("allow-payments", []), ("allow-legacy-ftp", ["Until the last FTP client is gone"])):
        assert not [one for cell in (*rows[name].cells, rows[name].notes) for one in cell if one.differs]
        assert [text for one in rows[name].notes for text in one.kept] == notes


def test_option_that_a_change_sets_or_unsets_differs() -> None:
    before, after = ({"name": "a", "rules": [rule("r", 1, **more)]} for more in ({"enabled": False}, {"logging": True}))
    edited = change("update", "rules", "r", before={"enabled": False}, after={"logging": True})
    row = rows_of(rulestack("a", before, after, [edited]))["r"]
    assert row.notes == [Difference("enabled", removed=("no",))]
    assert row.cells[3] == [Difference("", kept=("Allow",)), Difference("logging", added=("yes",))]


def test_objects_that_change_have_what_changes_and_the_rulestack_is_first() -> None:
    found = Rows(egress(), {("fqdn_lists", "other"): [Finding("warning", "unused-object", "is unused.")]}).objects
    assert [(row.kind, row.name, row.operation) for row in found] == [
        ("rulestack", "shop-egress", "update"),
        ("prefix list", "stores", "create"),
        ("prefix list", "branches", "update"),
        ("FQDN list", "old-mirrors", "delete"),
        ("FQDN list", "other", ""),
    ]
    own, stores, branches, mirrors, other = found
    assert own.notes == [Difference("description", ("Outbound traffic",), ("Outbound traffic of the shops",))]
    assert stores.notes == [Difference("", kept=("10.64.0.0/12",))]
    assert branches.notes == [Difference("", ("10.9.0.0/16",), ("10.3.0.0/16",), ("10.1.0.0/16", "10.2.0.0/16"))]
    assert mirrors.notes == [Difference("", kept=("ftp.example.org",))]
    assert (other.notes, other.findings[0].message) == ([], "is unused.")


def test_rulestack_that_comes_or_goes_has_all_its_rules() -> None:
    assert {name: row.operation for name, row in rows_of(created()).items()} == {"deny-all": "create"}
    gone = rows_of(removed())
    assert {name: row.operation for name, row in gone.items()} == {"allow-old": "delete", "deny-all": "delete"}
    (own,) = Rows(removed(), {}).objects
    assert (own.operation, own.notes) == ("delete", [Difference("description", kept=("Old",))])


def test_global_rules_are_two_tables() -> None:
    document = {"name": "a", "pre_rules": [rule("first", 1)], "post_rules": [rule("last", 1)]}
    tables = Rows(rulestack("a", document, document, scope="global"), {}).tables
    assert [(table.title, table.rows[0].name) for table in tables] == [
        ("Rules before local rules", "first"),
        ("Rules after local rules", "last"),
    ]


def folds(entry: dict[str, Any], **findings: list[Finding]) -> tuple[int, list[tuple[bool, int]]]:
    (table,) = Rows(entry, {("rules", name): found for name, found in findings.items()}).tables
    return table.folded, [(fold, len(rows)) for fold, rows in table.groups]


def test_only_many_unchanged_rules_without_findings_are_folded() -> None:
    assert folds(egress(quiet=3)) == (5, [(False, 1), (True, 1), (False, 3), (True, 4)])
    assert folds(egress(quiet=FOLDED - 3)) == (0, [(False, 1), (False, 1), (False, 3), (False, 2)])
    assert folds(untouched("a", 20)) == (0, [(False, 21)])
    found = {"allow-10": [Finding("error", "shadowed-rule", "can never match.")]}
    assert folds(untouched("a", 20), **found) == (20, [(True, 10), (False, 1), (True, 10)])
