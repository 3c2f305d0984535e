from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any


@dataclasses.dataclass(frozen=True)
class Target:
    account_id: str
    region: str
    groups: tuple[str, ...]
    variables: Mapping[str, Any]


@dataclasses.dataclass(frozen=True)
class Policy:
    rulestacks: list[dict[str, Any]]
    suppress: list[dict[str, Any]]
    files: list[str]


def read_policy(directory: str, target: Target) -> Policy:
    raise NotImplementedError
