# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads a directory of rulestacks for a target.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import dataclasses
import functools
import os
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..._aws.regions import REGION
from ..resources.document import Document, document_problems, parse_one
from ..resources.texts import ACCOUNT
from ..resources.validation import InvalidOptions, Problem, describe, lies_in, refuse, unknown
from .files import RULESTACKS, PolicyFiles, Refused
from .includes import Includer
from .nodes import INVALID, Node, place_of
from .options import Converter, file_spec, locate, own_spec
from .variables import Variables, read_variables

_SPEC = file_spec()
_OWN = own_spec()


@dataclasses.dataclass(frozen=True)
class Target:
    """An account in a region.

    :param groups: the groups that it belongs to, for C(deploy_to). :param variables: win over those of files.
    """

    account_id: str
    region: str
    groups: tuple[str, ...]
    variables: Mapping[str, Any]


@dataclasses.dataclass(frozen=True)
class Policy:
    """The rulestacks for a target.

    :param rulestacks: as the option C(rulestacks) of ngfw_rulestack_config takes them, with the given keys only.
    :param suppress: as the option of ngfw_rulestack_lint takes it. :param files: all that were read, relative to the directory.
    """

    rulestacks: list[dict[str, Any]]
    suppress: list[dict[str, Any]]
    files: list[str]


class InvalidPolicy(InvalidOptions):
    """Invalid files. :param problems: all of them."""

    advice = "Nothing was changed. Correct the files, then run again."
    one = "Invalid policy"
    several = "problems in the policy"


def read_documents(directory: str, target: Target) -> tuple[Policy, list[Document]]:
    """The rulestacks for a target, none if no file is for it; also as documents that know their places.

    :raises InvalidOptions: there are problems, all of them.
    """
    refuse(_target_problems(directory, target))
    problems: list[Problem] = []
    files = PolicyFiles(directory, problems)
    built_in = {"account_id": target.account_id, "region": target.region}
    variables = read_variables(files, built_in, target.variables, problems)
    reader = _Reader(files, variables, target, problems)
    paths = files.under(RULESTACKS)
    if not paths:
        problems.append(Problem("directory", f"has no *.yml or *.yaml in {RULESTACKS}: {directory}."))
    for path in paths:
        reader.read(path)
    problems.extend(reader.document_problems())
    if problems:
        raise InvalidPolicy(dict.fromkeys(problems))
    return Policy(reader.rulestacks, reader.suppress, files.read), reader.documents


class _Reader:
    """Reads one rulestack file after the other."""

    def __init__(self, files: PolicyFiles, variables: Variables, target: Target, problems: list[Problem]) -> None:
        self._files = files
        self._variables = variables
        self._target = target
        self._problems = problems
        self._includer = Includer(files, variables, problems)
        self._converter = Converter(problems)
        self.rulestacks: list[dict[str, Any]] = []
        self.suppress: list[dict[str, Any]] = []
        self.documents: list[Document] = []

    def read(self, path: str) -> None:
        """Add the rulestack of a file, if it is for the target."""
        try:
            raw = self._files.load(path)
        except Refused as refused:
            self._problems.append(Problem(f"{path}:1", str(refused)))
            return
        if raw.value is INVALID:
            return
        if not isinstance(raw.value, dict):
            self._problems.append(Problem(raw.place, f"is {describe(raw.value)}, not a mapping with a rulestack."))
            return
        if "name" not in raw.value:
            name = os.path.splitext(os.path.basename(path))[0]
            raw = raw._replace(value={**raw.value, "name": raw._replace(value=name)})
        if self._is_for_target(raw):
            templates = raw.value.get("templates")
            literal = templates is not None and templates.value is False
            self._add(raw if literal else self._variables.render(raw))

    def document_problems(self) -> Iterator[Problem]:
        """The problems of the documents, without those of values that only stand for wrong ones."""
        return (one for one in document_problems(self.documents) if not lies_in(one.place, self._converter.invalid))

    def _is_for_target(self, raw: Node) -> bool:
        """Whether C(deploy_to) matches. A file that is for others is not read any further: their variables are not known here."""
        node = raw.value.get("deploy_to")
        if node is None:
            return True
        before = len(self._problems)
        alone = raw._replace(value={"name": raw.value["name"], "deploy_to": self._variables.render(node)})
        wanted = self._converter.rulestack(alone, _SPEC).get("deploy_to") or {}
        if len(self._problems) == before:
            at = functools.partial(locate, alone, "", "")
            self._problems.extend(Problem(at(f"deploy_to > {way}"), text) for way, text in _deploy_to_problems(wanted))
        own = {
            "accounts": {self._target.account_id},
            "regions": {self._target.region},
            "groups": set(self._target.groups),
        }
        matches = all(own[key] & set(names) for key, names in wanted.items())
        if not matches:
            self._check_keys(raw)
        return matches and len(self._problems) == before

    def _check_keys(self, raw: Node) -> None:
        for key, node in raw.value.items():
            if key not in _SPEC:
                self._problems.append(Problem(place_of(node, str(raw.value["name"].value), key), unknown(key, _SPEC)))

    def _add(self, rulestack: Node) -> None:
        complete = self._includer.complete(rulestack)
        options = self._converter.rulestack(complete, _SPEC)
        entry = {key: value for key, value in options.items() if key not in _OWN}
        self.rulestacks.append(entry)
        self.suppress += [{"rulestack": entry.get("name", ""), **one} for one in options.get("suppress", ())]
        self.documents.append(parse_one(entry, functools.partial(locate, complete)))


def _deploy_to_problems(wanted: Mapping[str, list[str]]) -> Iterator[tuple[str, str]]:
    """The invalid names in C(deploy_to), which would never match, as pairs of way and problem."""
    for index, account in enumerate(wanted.get("accounts", ())):
        problem = ACCOUNT.problem(account)
        if problem:
            yield f"accounts[{index}]", f"is '{account}': it {problem}."
    for index, region in enumerate(wanted.get("regions", ())):
        if not re.fullmatch(REGION, region):
            yield f"regions[{index}]", f"is '{region}', not the name of an AWS region."


def _target_problems(directory: str, target: Target) -> Iterator[Problem]:
    problem = ACCOUNT.problem(target.account_id)
    if problem:
        yield Problem("account_id", f"is '{target.account_id}': it {problem}.")
    if not re.fullmatch(REGION, target.region):
        yield Problem("region", f"is '{target.region}', not the name of an AWS region such as us-east-1.")
    if not os.path.isdir(directory):
        yield Problem("directory", f"does not exist: {directory}.")
