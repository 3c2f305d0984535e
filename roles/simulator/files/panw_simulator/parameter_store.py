# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parameter Store's rules for names, sizes, tiers, types and tags, which moto mostly lacks; calls are serialized.

Sources: AWS Systems Manager API reference (PutParameter, AddTagsToResource, GetParametersByPath) and user guide
("Understanding parameter name requirements and constraints", "Managing parameter tiers").
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from .aws_protocol import AwsError
from .aws_tags import MOST_TAGS, tag_problem, too_many_tags
from .messages import Request, Response
from .moto_ssm import SimpleSystemManagerBackend, ssm_backends

LEVELS = 15
LONGEST = 1011  # characters of the ARN
STANDARD, ADVANCED = 4096, 8192  # bytes of a value
NAME = re.compile(r"/?[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)*")
RESERVED = re.compile(r"/?(?:aws|ssm)", re.IGNORECASE)
NESTED = re.compile(r"\{\{.*\}\}", re.DOTALL)
BAD_NAME = (
    'Parameter name: can\'t be prefixed with "aws" or "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths '
    "divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_"
)
Parameter: TypeAlias = Any  # moto's

_one_at_a_time = threading.RLock()


class ParameterStore:
    """moto's operations with AWS's rules.

    :param act: moto.
    """

    def __init__(self, act: Callable[[Request, str], Response]) -> None:
        self._act = act

    def __call__(
        self, account: str, region: str, operation: str, document: Mapping[str, Any], request: Request
    ) -> Response:
        """Execute an authorized operation.

        :raises AwsError: AWS would reject it.
        """
        given = {name: value for name, value in document.items() if value is not None}
        if isinstance(given.get("Name"), str):
            given["Name"] = given["Name"].strip()
        with _one_at_a_time:
            rule = _RULES.get(operation)
            if rule:
                rule(ssm_backends[account][region], given)
            return self._act(replace(request, body=json.dumps(given).encode()), account)


def _put(backend: SimpleSystemManagerBackend, given: dict[str, Any]) -> None:
    name, value = given["Name"], given["Value"]
    _check_new_name(
        name,
        len(
            f"arn:{backend.partition}:ssm:{backend.region_name}:{backend.account_id}:parameter/{name.removeprefix('/')}"
        ),
    )
    present = _find(backend, name)
    if present and not given.get("Overwrite"):
        return  # moto rejects it
    if NESTED.search(value):
        raise _invalid('Parameter value: can\'t nest another parameter. Do not use "{{}}" in the value.')
    if present and given.get("Type", present.parameter_type) != present.parameter_type:
        text = f"The parameter type can't be changed from {present.parameter_type} to {given['Type']}."
        raise AwsError("HierarchyTypeMismatchException", text, 400)
    given["Tier"] = _tier(given.get("Tier", "Standard"), len(value.encode()), present)
    _check_tags([], given.get("Tags") or [])


def _check_new_name(name: str, arn_length: int) -> None:
    if "/" in name and not name.startswith("/"):
        raise _invalid("Parameter name must be a fully qualified name.")
    if not NAME.fullmatch(name) or RESERVED.match(name):
        raise _invalid(BAD_NAME)
    if name.count("/") > LEVELS:
        text = f"A hierarchy can have a maximum of {LEVELS} levels."
        raise AwsError("HierarchyLevelLimitExceededException", text, 400)
    if arn_length > LONGEST:
        raise _invalid(f"Parameter name: its ARN has {arn_length} characters, the maximum is {LONGEST}.")


def _tier(wanted: str, size: int, present: Parameter | None) -> str:
    """The tier that a parameter gets. A parameter never returns to the standard tier."""
    advanced = present is not None and present.tier == "Advanced"
    if wanted == "Standard" and advanced:
        raise _invalid(
            "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the advanced-parameter "
            "tier to the standard-parameter tier."
        )
    if wanted == "Standard" and size > STANDARD:
        raise _invalid(
            f"Standard tier parameters support a maximum parameter value of {STANDARD} characters. To create a larger "
            "parameter value, upgrade the parameter to use the advanced-parameter tier."
        )
    if size > ADVANCED:
        raise _invalid(f"Advanced tier parameters support a maximum parameter value of {ADVANCED} characters.")
    return "Advanced" if advanced or wanted == "Advanced" or size > STANDARD else "Standard"


def _named(backend: SimpleSystemManagerBackend, given: dict[str, Any]) -> None:
    """A parameter by name or ARN, with an optional version or label."""
    for name in [given["Name"]] if "Name" in given else given["Names"]:
        plain = name.removeprefix(backend.ssm_prefix).partition(":")[0]
        if not name.startswith("arn:") and (not NAME.fullmatch(plain) or ("/" in plain and not plain.startswith("/"))):
            raise _invalid(BAD_NAME)


def _labeled(backend: SimpleSystemManagerBackend, given: dict[str, Any]) -> None:
    """moto would create an empty parameter if it does not exist."""
    _named(backend, given)
    if _find(backend, given["Name"]) is None:
        raise AwsError("ParameterNotFound", "", 400)


def _tagged(backend: SimpleSystemManagerBackend, given: dict[str, Any]) -> None:
    if given["ResourceType"] != "Parameter" or _find(backend, given["ResourceId"]) is None:
        return  # moto rejects it
    _check_tags(backend.list_tags_for_resource("Parameter", given["ResourceId"]), given["Tags"])


def _check_tags(present: Collection[str], tags: Sequence[Mapping[str, str]]) -> None:
    problem = tag_problem(tags)
    if problem:
        raise _invalid(problem)
    if too_many_tags(present, tags):
        raise AwsError("TooManyTagsError", f"A parameter can have at most {MOST_TAGS} tags.", 400)


def _by_path(backend: SimpleSystemManagerBackend, given: dict[str, Any]) -> None:
    if not given["Path"].startswith("/"):
        raise _invalid(
            "The parameter path must begin with a slash symbol /. It can consist of sub-paths divided by slash symbol; each "
            "sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_"
        )


def _find(backend: SimpleSystemManagerBackend, name: str) -> Parameter | None:
    return backend.get_parameter(name) if ":" not in name else None


def _invalid(text: str) -> AwsError:
    return AwsError("ValidationException", text, 400)


_RULES: dict[str, Callable[[SimpleSystemManagerBackend, dict[str, Any]], None]] = {
    "PutParameter": _put,
    "GetParameter": _named,
    "GetParameters": _named,
    "GetParameterHistory": _named,
    "DeleteParameter": _named,
    "DeleteParameters": _named,
    "LabelParameterVersion": _labeled,
    "UnlabelParameterVersion": _labeled,
    "AddTagsToResource": _tagged,
    "GetParametersByPath": _by_path,
}
