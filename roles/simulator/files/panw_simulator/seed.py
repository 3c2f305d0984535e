# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulator's initial data, read from YAML and strictly validated."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from .rulestack_seed import RULESTACK
from .schema import (
    ACCOUNT,
    NAME,
    REGION,
    STRING,
    STRINGS,
    TAGS,
    WORD,
    Key,
    SeedError,
    boolean,
    choice,
    integer,
    mapping,
    named,
    sequence,
    text,
)
from .strata.seed import STRATA, check

DEFAULT_SEED = Path(__file__).with_name("seed.yml")
REFERENCE = yaml.safe_load(Path(__file__).with_name("reference.yml").read_text(encoding="utf-8"))
MAIN_ACCOUNT = "123456789012"

FIREWALL = mapping(
    {
        "name": Key(NAME),
        "id": Key(text(r"fw-[0-9a-z]{8,}", "an id such as fw-0a1b2c3d")),
        "account_id": Key(ACCOUNT),
        "region": Key(REGION, None),
        "description": Key(STRING, ""),
        "vpc_id": Key(WORD),
        "subnets": Key(sequence(mapping({"id": Key(WORD), "zone_id": Key(WORD)}))),
        "endpoint_mode": Key(choice("ServiceManaged", "CustomerManaged"), "ServiceManaged"),
        "app_id_version": Key(WORD),
        "rulestack": Key(NAME, None),
        "global_rulestack": Key(NAME, None),
        "status": Key(text(r"[A-Z_]{1,32}", "a firewall status"), "CREATE_COMPLETE"),
        "rulestack_status": Key(STRING, "Success"),
        "failure_reason": Key(STRING, ""),
        "link_id": Key(WORD, None),
        "log_namespace": Key(STRING, None),
        "log_destinations": Key(
            sequence(
                mapping(
                    {
                        "type": Key(choice("S3", "CloudWatchLogs", "KinesisDataFirehose")),
                        "destination": Key(STRING),
                        "log_type": Key(choice("TRAFFIC", "DECRYPTION", "THREAT", "USER_ID")),
                    }
                )
            ),
            [],
        ),
        "tags": Key(TAGS, {}),
    }
)
AWS_ACCOUNT = mapping(
    {
        "id": Key(ACCOUNT),
        "name": Key(STRING, ""),
        "onboarded": Key(boolean, True),
        "firewall_manager": Key(boolean, False),
        "groups": Key(STRINGS, []),
        "zones": Key(STRINGS, []),
        "vpcs": Key(
            sequence(mapping({"id": Key(WORD), "name": Key(STRING, ""), "subnets": Key(named(STRING), {})})), []
        ),
    }
)
APPLICATION = mapping(
    {
        "description": Key(STRING, ""),
        "category": Key(STRING),
        "subcategory": Key(STRING),
        "technology": Key(STRING),
        "parent": Key(STRING, ""),
        "risk": Key(integer(1, 5)),
        "standard_ports": Key(STRINGS, []),
        "depends_on": Key(STRINGS, []),
        "implicitly_uses": Key(STRINGS, []),
        "evasive": Key(boolean, False),
        "saas": Key(boolean, False),
        "tcp_timeout": Key(integer(0, 604800), 3600),
    }
)
SEED = mapping(
    {
        "tenant": Key(
            mapping(
                {
                    "version": Key(choice("V1", "V2"), "V2"),
                    "service_account_id": Key(ACCOUNT, "999988887777"),
                    "programmatic_access": Key(boolean, True),
                    "max_expiry_time": Key(integer(5, 1440), 1440),
                }
            ),
            {},
        ),
        "accounts": Key(sequence(AWS_ACCOUNT, unique="id")),
        "rulestacks": Key(sequence(RULESTACK, unique="name"), []),
        "firewalls": Key(sequence(FIREWALL, unique="name"), []),
        "url_categories": Key(named(choice("none", "allow", "alert", "block")), REFERENCE["url_categories"]),
        "countries": Key(named(STRING, r"[A-Z]{2}"), REFERENCE["countries"]),
        "app_id_versions": Key(sequence(WORD), []),
        "applications": Key(named(APPLICATION), {}),
        "strata": Key(STRATA, {}),
    }
)


@dataclass(frozen=True)
class Seed:
    """A valid seed: plain values with all defaults filled in, in the layout of ``seed.yml``."""

    tenant: dict[str, Any]
    accounts: list[dict[str, Any]]
    rulestacks: list[dict[str, Any]]
    firewalls: list[dict[str, Any]]
    url_categories: dict[str, str]
    countries: dict[str, str]
    app_id_versions: list[str]
    applications: dict[str, dict[str, Any]]
    strata: dict[str, Any]


def load(path: Path = DEFAULT_SEED) -> Seed:
    """Read a seed file.

    :raises SeedError: it cannot be read, is not YAML, or has an invalid value.
    """
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as failure:
        reason = failure.strerror if isinstance(failure, OSError) else "not UTF-8"
        raise SeedError(f"seed {path} cannot be read: {reason}") from failure
    except yaml.YAMLError as failure:
        mark = getattr(failure, "problem_mark", None)
        where = f" at line {mark.line + 1}" if mark else ""
        raise SeedError(f"seed {path} is not valid YAML{where}") from failure
    return parse(document)


def parse(document: Any) -> Seed:
    """Validate a seed that is in memory.

    :raises SeedError: with the path of the invalid key.
    """
    seed = Seed(**SEED(document, ""))
    check(seed.strata)
    known = {account["id"] for account in seed.accounts}
    if MAIN_ACCOUNT not in known:
        raise SeedError(f"accounts: the account {MAIN_ACCOUNT} of the bootstrap user is missing")
    for kind in ("rulestacks", "firewalls"):
        for index, item in enumerate(getattr(seed, kind)):
            if item["account_id"] not in known:
                raise SeedError(f"{kind}[{index}].account_id: {item['account_id']} is not in accounts")
    names = {stack["name"] for stack in seed.rulestacks}
    for index, firewall in enumerate(seed.firewalls):
        for key in ("rulestack", "global_rulestack"):
            if firewall[key] is not None and firewall[key] not in names:
                raise SeedError(f"firewalls[{index}].{key}: {firewall[key]} is not in rulestacks")
    return seed
