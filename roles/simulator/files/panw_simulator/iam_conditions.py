# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Condition blocks of IAM policies.

Source: AWS IAM User Guide, "IAM JSON policy elements: Condition operators" and "Multivalued context keys".
An operator or a key that is not listed here never matches.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

KNOWN_KEYS = frozenset(
    {
        "aws:currenttime",
        "aws:epochtime",
        "aws:multifactorauthpresent",
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principaltype",
        "aws:requestedregion",
        "aws:resourceaccount",
        "aws:securetransport",
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceip",
        "aws:tagkeys",
        "aws:userid",
        "aws:username",
        "sts:externalid",
        "sts:rolesessionname",
    }
)
KNOWN_PREFIXES = ("aws:principaltag/", "aws:requesttag/", "aws:resourcetag/", "iam:resourcetag/")

ContextKeys = Mapping[str, Sequence[str]]
Test = Callable[[str, str], bool]


def matches(block: Any, keys: ContextKeys) -> bool:
    """Whether a condition block matches: every operator and every key must.

    :param keys: context values by lowercase key name; a missing name means that the request does not have the key.
    """
    if not isinstance(block, Mapping):
        return False
    return all(
        isinstance(tests, Mapping)
        and all(_key_holds(operator, key, as_list(want), keys) for key, want in tests.items())
        for operator, tests in block.items()
    )


def as_list(value: Any) -> list[Any]:
    """A policy element that may be one value or a list of values."""
    return value if isinstance(value, list) else [value]


@lru_cache(maxsize=4096)
def _pattern(pattern: str) -> re.Pattern[str]:
    escaped = re.escape(pattern.replace("${*}", "\0").replace("${?}", "\1").replace("${$}", "$"))
    regex = escaped.replace(r"\*", ".*").replace(r"\?", ".").replace("\0", r"\*").replace("\1", r"\?")
    return re.compile(regex, re.DOTALL)


def like(value: str, pattern: str) -> bool:
    """AWS wildcards: ``*`` is any run of characters, ``?`` is one; nothing else is special."""
    return _pattern(pattern).fullmatch(value) is not None


def arn_like(value: str, pattern: str) -> bool:
    """Compare each of the six parts of an ARN separately."""
    left, right = value.split(":", 5), pattern.split(":", 5)
    return len(left) == len(right) == 6 and all(map(like, left, right))


def _moment(text: str) -> datetime:
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return datetime.fromtimestamp(float(text), UTC)
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _in_network(value: str, network: str) -> bool:
    return ipaddress.ip_address(value) in ipaddress.ip_network(network, strict=False)


TESTS: dict[str, Test] = {
    "stringequals": lambda value, want: value == want,
    "stringequalsignorecase": lambda value, want: value.lower() == want.lower(),
    "stringlike": like,
    "arnequals": arn_like,
    "arnlike": arn_like,
    "bool": lambda value, want: value.lower() == want.lower(),
    "ipaddress": _in_network,
    "dateequals": lambda value, want: _moment(value) == _moment(want),
    "datelessthan": lambda value, want: _moment(value) < _moment(want),
    "datelessthanequals": lambda value, want: _moment(value) <= _moment(want),
    "dategreaterthan": lambda value, want: _moment(value) > _moment(want),
    "dategreaterthanequals": lambda value, want: _moment(value) >= _moment(want),
    "numericequals": lambda value, want: float(value) == float(want),
    "numericlessthan": lambda value, want: float(value) < float(want),
    "numericlessthanequals": lambda value, want: float(value) <= float(want),
    "numericgreaterthan": lambda value, want: float(value) > float(want),
    "numericgreaterthanequals": lambda value, want: float(value) >= float(want),
}
NEGATED = {
    "stringnotequals": "stringequals",
    "stringnotequalsignorecase": "stringequalsignorecase",
    "stringnotlike": "stringlike",
    "arnnotequals": "arnequals",
    "arnnotlike": "arnlike",
    "notipaddress": "ipaddress",
    "datenotequals": "dateequals",
    "numericnotequals": "numericequals",
}


def known_operator(operator: str) -> bool:
    """Whether IAM has a condition operator, including a valid quantifier and IfExists."""
    qualifier, colon, plain = operator.lower().rpartition(":")
    if colon and qualifier not in ("forallvalues", "foranyvalue"):
        return False
    name = plain.removesuffix("ifexists")
    return name in TESTS or name in NEGATED or name == "binaryequals" or (name == "null" and name == plain)


def _key_holds(operator: str, key: str, wanted: list[Any], keys: ContextKeys) -> bool:
    name = key.lower()
    if name not in KNOWN_KEYS and not name.startswith(KNOWN_PREFIXES):
        return False
    qualifier, _colon, plain = operator.lower().rpartition(":")
    if_exists = plain.endswith("ifexists")
    plain = plain.removesuffix("ifexists")
    texts = [_text(want) for want in wanted]
    values = keys.get(name)
    if plain == "null":
        return not if_exists and any(text == ("true" if values is None else "false") for text in map(str.lower, texts))
    if plain not in TESTS and plain not in NEGATED:
        return False
    if values is None:
        return if_exists or qualifier == "forallvalues" or (plain in NEGATED and qualifier == "")
    return _values_hold(qualifier, plain, values, [substitute(text, keys) for text in texts])


def _values_hold(qualifier: str, plain: str, values: Sequence[str], wanted: list[str | None]) -> bool:
    negated = plain in NEGATED
    test = TESTS[NEGATED.get(plain, plain)]
    held = [any(_safely(test, value, want) for want in wanted) != negated for value in values]
    if qualifier == "forallvalues":
        return all(held)
    if qualifier == "foranyvalue":
        return any(held)
    return not qualifier and (all(held) if negated else any(held))


def _safely(test: Test, value: str, want: str | None) -> bool:
    try:
        return want is not None and test(value, want)
    except ValueError:
        return False  # not a date, number or address: AWS does not match either


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def substitute(text: str, keys: ContextKeys) -> str | None:
    """Replace policy variables such as ``${aws:username}``; None if one has no value. ``${*}`` and the like stay."""
    missing = False

    def value(match: re.Match[str]) -> str:
        nonlocal missing
        name, _comma, default = match[1].partition(",")
        found = keys.get(name.strip().lower())
        if found is not None and len(found) == 1:
            return found[0].replace("*", "${*}").replace("?", "${?}")
        if default:
            return default.strip().strip("'")
        missing = True
        return ""

    replaced = re.sub(r"\$\{([^*?$}][^}]*)\}", value, text)
    return None if missing else replaced
