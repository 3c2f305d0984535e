# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Limits of Secrets Manager and Parameter Store, checked before the first call.

Sources: the API references of AWS Secrets Manager, Systems Manager and KMS, and in Systems Manager's user guide
"Understanding parameter name requirements and constraints".

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from .._common.errors import InvalidInput

_SECRET_NAME = re.compile(r"[\w/+=.@-]{1,512}", re.ASCII)
_PARAMETER_NAME = re.compile(r"[\w.-]+|(?:/[\w.-]+)+", re.ASCII)
_RESERVED_NAME = re.compile(r"/?(?:aws|ssm)", re.IGNORECASE)
_MOST_LEVELS = 15
_PENDING = ".pending"  # suffix of the parameter beside each one; the limit is for the whole ARN of the longer name
_LONGEST_PARAMETER = 1011 - len(_PENDING)
_KEY_ID, _KEY_ALIAS = r"(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32})", r"alias/[\w/-]+"
_KEY_ARN = rf"arn:aws[\w-]*:kms:(?P<region>[\w-]+):\d{{12}}:(?:key/{_KEY_ID}|{_KEY_ALIAS})"
_KEY = re.compile(f"{_KEY_ARN}|{_KEY_ID}|{_KEY_ALIAS}", re.ASCII)
_LONGEST_KEY = {"secretsmanager": 2048, "ssm": 256}
_MOST_TAGS, _LONGEST_TAG_KEY, _LONGEST_TAG_VALUE = 50, 128, 256
_LONGEST_POLICY = 20480


def check_name(kind: str, name: str | None, region: str) -> None:
    """Check the name of a secret or parameter. :raises InvalidInput: AWS does not accept it."""
    if not name:
        raise InvalidInput("name", f"is required if 'store' is '{kind}'.")
    problem = (_secret_name_problem if kind == "secretsmanager" else _parameter_name_problem)(name, region)
    if problem:
        raise InvalidInput("name", f"is {name!r}; {problem}")


def _secret_name_problem(name: str, _region: str) -> str | None:
    if _SECRET_NAME.fullmatch(name):
        return None
    return "a secret name has 1 to 512 letters, digits or characters of '/_+=.@-'."


def _parameter_name_problem(name: str, region: str) -> str | None:
    if "/" in name and not name.startswith("/"):
        return f"a parameter name that has a '/' must begin with one: '/{name}'."
    if not _PARAMETER_NAME.fullmatch(name):
        return "a parameter name has letters, digits and characters of '_.-', in parts after a '/' each."
    if _RESERVED_NAME.match(name):
        return "AWS reserves parameter names that begin with 'aws' or 'ssm'."
    if name.endswith(_PENDING):
        return f"names that end with '{_PENDING}' are for what is pending for another parameter."
    if name.count("/") > _MOST_LEVELS:
        return f"a parameter name has at most {_MOST_LEVELS} parts."
    longest = _LONGEST_PARAMETER - len(f"arn:{_partition(region)}:ssm:{region}:123456789012:parameter/")
    if len(name.removeprefix("/")) > longest:
        return f"a parameter name has at most {longest} characters in {region}."
    return None


def _partition(region: str) -> str:
    return next((f"aws-{part}" for part in ("cn", "us-gov") if region.startswith(f"{part}-")), "aws")


def check_key(kind: str, key: str | None, region: str) -> None:
    """Check a KMS key. :raises InvalidInput: it cannot be one of the store's region."""
    if key is None:
        return
    match = _KEY.fullmatch(key) if len(key) <= _LONGEST_KEY[kind] else None
    if match is None:
        raise InvalidInput(
            "kms_key_id",
            f"is {key!r}; it must be a KMS key ID, key ARN or alias ARN, or an alias name that starts with 'alias/'.",
        )
    if match["region"] not in (None, region):
        raise InvalidInput(
            "kms_key_id", f"is a key in {match['region']}; the store is in {region}, and needs a key there."
        )


def checked_tags(kind: str, given: Mapping[Any, Any] | None) -> dict[str, str]:
    """Tags as AWS stores them, which are strings.

    :raises InvalidInput: AWS does not accept them.
    """
    tags = {str(key): value for key, value in (given or {}).items()}
    if len(tags) > _MOST_TAGS:
        raise InvalidInput("store_tags", f"has {len(tags)} tags; AWS allows {_MOST_TAGS}.")
    for key, value in tags.items():
        problem = _tag_problem(kind, key, value)
        if problem:
            raise InvalidInput("store_tags", f"contains the tag key {key!r}; {problem}")
    return {key: str(value) for key, value in tags.items()}


def _tag_problem(kind: str, key: str, value: Any) -> str | None:
    if value is None or isinstance(value, (dict, list)):
        return "its value must be a string; use '' for an empty one."
    if not 1 <= len(key) <= _LONGEST_TAG_KEY:
        return f"a key has 1 to {_LONGEST_TAG_KEY} characters."
    if key.lower().startswith("aws:"):
        return "AWS reserves keys that begin with 'aws:'."
    if len(str(value)) > _LONGEST_TAG_VALUE:
        return f"a value has at most {_LONGEST_TAG_VALUE} characters."
    if kind == "ssm" and not all(map(_fits_tag, f"{key}{value}")):
        return "tags of a parameter have letters, digits, spaces and characters of '_.:/=+-@'."
    return None


def _fits_tag(character: str) -> bool:
    return character in "_.:/=+-@" or unicodedata.category(character)[0] in "LNZ"


def check_policy(policy: str | None) -> None:
    """Check the resource policy of a secret. :raises InvalidInput: AWS does not accept it."""
    if policy is None:
        return
    try:
        document = json.loads(policy)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise InvalidInput("resource_policy", "is not a JSON object.")
    if len(policy) > _LONGEST_POLICY:
        raise InvalidInput("resource_policy", f"has {len(policy)} characters; AWS allows {_LONGEST_POLICY}.")
    statements = document.get("Statement")
    statements = statements if isinstance(statements, list) else [statements]
    problem = next(filter(None, map(_statement_problem, statements)), None if statements else "has no Statement.")
    if problem:
        raise InvalidInput("resource_policy", problem)


def _statement_problem(statement: Any) -> str | None:
    if not isinstance(statement, dict):
        return "has no Statement." if statement is None else "has a Statement that is not an object."
    if statement.get("Effect") not in ("Allow", "Deny"):
        return "has a statement whose Effect is neither Allow nor Deny."
    for element in ("Principal", "Action", "Resource"):
        if not {element, f"Not{element}"} & statement.keys():
            return f"has a statement without {element}."
    principal = statement.get("Principal")
    named = principal.get("AWS") if isinstance(principal, dict) else principal
    everybody = "*" in named if isinstance(named, list) else named == "*"
    if everybody and statement["Effect"] == "Allow" and not statement.get("Condition"):
        return "allows everyone: a statement has the Principal '*' and no Condition."
    return None
