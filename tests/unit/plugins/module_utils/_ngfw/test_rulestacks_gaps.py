# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A part that cannot be read is null; a part of an unexpected type is not treated as missing."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidResponse
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.rulestacks import PARTS, RulestackReader, Selection
from ansible_collections.panw.cloud.tests.helpers.fakes import (
    HELD,
    MISSING_ROUTE,
    Reply,
    Server,
    api,
    refusal,
    success,
)
from ansible_collections.panw.cloud.tests.unit.plugins.module_utils._ngfw.test_rulestacks_parts import (
    LISTED,
    LOCAL,
    gathered,
    rules,
    serving,
)


def everything(server: Server, *names: str) -> tuple[list[dict[str, Any]], list[str]]:
    reader = RulestackReader(api(server), HELD)
    return reader.read(Selection(name=names[0] if names else None, gather=PARTS)), reader.warnings


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(
    "reply",
    [MISSING_ROUTE, Reply(404, "<html>"), Reply(500), refusal(403, "Forbidden"), Reply(200, "[]"), success(["x"])],
    ids=["no route", "page", "server", "denied", "list", "other type"],
)
def test_unavailable_part_is_null_and_others_are_read(part: str, reply: Reply) -> None:
    paths = {"tags": "/tags", "commit_status": "/commit", "rules": "/rulelists/LocalRule"}
    good = {f"/{path}": success({}) for path in (*(kind[0] for kind in LISTED.values()), "tags", "commit")}
    good["/rulelists/LocalRule"] = success({})
    (found,), warnings = everything(serving({**good, paths.get(part) or f"/{LISTED[part][0]}": reply}), "rs")
    assert [name for name in PARTS if found[name] is None] == [part]
    (warning,) = warnings
    assert warning.startswith(f"'{part}' is null in 1 of 1 rulestacks. Could not ")
    assert "ngfw_url" not in warning


def test_missing_route_is_queried_once() -> None:
    def handle(request: Any) -> Reply:
        if request.url.partition("?")[0].endswith("/feeds"):
            return MISSING_ROUTE
        return success({"RuleStackCandidate": ["a", "b", "c"]} if request.path_url.count("/") == 3 else {})

    server = Server(handler=handle)
    found, (warning,) = everything(server)
    assert [one["feeds"] for one in found] == [None] * 3
    assert "in 3 of 3 rulestacks" in warning
    assert len([call for call in server.calls if "/feeds" in call]) == 1


WRONG: dict[type, list[Any]] = {
    str: [7, True, {"a": 1}, ["x"], []],
    list: ["text", "", 7, 0, True, False],
    dict: ["text", "", 7, 0, True, ["x"], []],
}
TYPED = [
    ("", "RuleStackCandidate", dict),
    ("", "RuleStackState", str),
    ("/tags", "Tags", list),
    ("/tags", "NextToken", str),
    ("/commit", "CommitStatus", str),
    ("/commit", "CommitMessages", list),
    ("/rulelists/LocalRule", "RuleEntryCandidate", list),
    ("/rulelists/LocalRule/priorities/1", "RuleEntryCandidate", dict),
    ("/prefixlists", "PrefixListCandidate", list),
    ("/prefixlists/a", "PrefixListCandidate", dict),
    ("/urlcustomcategories/a", "URLCategoryCandidate", dict),
]


@pytest.mark.parametrize(
    ("path", "field", "value"), [(path, field, value) for path, field, kind in TYPED for value in WRONG[kind]]
)
def test_field_of_other_type_is_not_missing(path: str, field: str, value: Any) -> None:
    lists = {
        "/prefixlists": success({"PrefixListCandidate": ["a"]}),
        "/urlcustomcategories": success({"CategoriesCandidate": ["a"]}),
        **rules(LocalRule=[{"Priority": 1}]),
    }
    reply = success({"RuleStackName": "rs", field: value})
    server = serving({**lists, path: reply}, reply if not path else LOCAL)
    part = next((name for word, name in PARTS_BY_PATH if word in path), "tags")
    with pytest.raises(InvalidResponse):
        gathered(part, server)


PARTS_BY_PATH = (
    ("commit", "commit_status"),
    ("rulelists", "rules"),
    ("prefix", "prefix_lists"),
    ("url", "custom_url_categories"),
)
