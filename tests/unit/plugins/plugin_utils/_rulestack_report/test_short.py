# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as text."""

from __future__ import annotations

import pytest
from ansible_collections.panw.cloud.plugins.plugin_utils._rulestack_report.short import LISTED, long, short
from ansible_collections.panw.cloud.plugins.plugin_utils._rulestack_report.summary import Summary
from ansible_collections.panw.cloud.tests.helpers.rulestack_plans import (
    SAMPLES,
    created,
    fleet,
    plan,
    removed,
    shop,
    untouched,
)


def test_short_text_has_a_line_for_each_rulestack_with_changes_and_totals() -> None:
    plans = [plan(0, [removed(), untouched("same")]), shop(1, warnings=[], findings=[])]
    assert short(Summary(plans, "plan")) == (
        "Rulestack plan: 9 changes in 2 of 4 rulestacks of 2 targets.\n"
        "To be removed as a whole: retired (shop_000).\n"
        "Uncommitted changes, which a commit includes: shop-egress (shop_001).\n"
        "Not in the policy, left as is: old-egress (shop_001).\n"
        "shop_000 retired: removed; 1 removed\n"
        "shop_001 shop-egress: 2 added, 3 changed, 1 moved, 2 removed; 1 uncommitted\n"
        "Totals: 2 added, 3 changed, 1 moved, 3 removed; 0 errors, 0 warnings, 0 infos;\n"
        "    1 uncommitted, 1 unmanaged.\n"
    )


def test_short_text_without_changes_is_two_sentences() -> None:
    assert short(Summary([plan(0, [untouched("same")])], "drift")) == (
        "Rulestack drift: No drift in 1 rulestack.\n"
        "Totals: 0 missing, 0 different, 0 misplaced, 0 unexpected; 0 errors, 0\n"
        "    warnings, 0 infos; 0 uncommitted, 0 unmanaged.\n"
    )


def test_short_text_names_the_first_rulestacks_and_counts_the_others() -> None:
    lines = short(Summary(fleet(200), "plan")).splitlines()
    assert sum(": 2 added" in line for line in lines) == LISTED
    assert "And 93 other rulestacks." in lines


def test_long_text_has_every_change_and_finding() -> None:
    assert long(Summary([shop(), plan(1, [created()])], "drift")) == (
        "Rulestack drift: 2 of 3 rulestacks of 2 targets differ from the policy, in 10\n"
        "    places.\n"
        "Findings that are errors: shop-egress (shop_000).\n"
        "Uncommitted changes: shop-egress (shop_000).\n"
        "Not in the policy, left as is: old-egress (shop_000).\n"
        "1 warning, listed with the targets.\n"
        "\n"
        "shop_000 shop-egress: 2 missing, 3 different, 1 misplaced, 2 unexpected; 1\n"
        "    error, 1 warning, 1 info, 1 uncommitted\n"
        "  different rulestack shop-egress: description\n"
        "  missing prefix list stores\n"
        "  warning prefix list stores is used by no rule. (unused-object)\n"
        "  different prefix list branches: prefixes (alice in the console, ticket\n"
        "    NET-4711)\n"
        "  unexpected FQDN list old-mirrors\n"
        "  different rule allow-web: source, applications (bob: guests need the web)\n"
        "  unexpected rule allow-legacy-ftp (carol, for the migration)\n"
        "  misplaced rule allow-updates: priority\n"
        "  info rule allow-updates may never match: it depends on the addresses of\n"
        "    'mirrors'. (undecided-shadowing)\n"
        "  missing rule allow-payments\n"
        "  error rule allow-0 can never match: all its sessions match rule 'allow-web'\n"
        "    before it. (shadowed-rule)\n"
        "  uncommitted: update prefix list branches\n"
        "\n"
        "shop_000 old-egress: unmanaged\n"
        "shop_000 warning: The catalog of applications was not read.\n"
        "\n"
        "shop_001 new-stack: missing; 2 missing\n"
        "  missing rulestack new-stack\n"
        "  missing rule deny-all\n"
        "\n"
        "Totals: 4 missing, 3 different, 1 misplaced, 2 unexpected; 1 error, 1 warning,\n"
        "    1 info; 1 uncommitted, 1 unmanaged.\n"
    )


@pytest.mark.parametrize("name", SAMPLES)
def test_texts_fit_terminals_and_have_no_control_characters(name: str) -> None:
    kind, plans = SAMPLES[name]
    for text in (short(Summary(plans, kind)), long(Summary(plans, kind))):
        lines = text.splitlines()
        assert max(map(len, lines)) <= 79
        assert all(line.isprintable() for line in lines)
        assert text.endswith("\n")
        text.encode()
