# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulator's initial data, read from YAML and strictly validated."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from .schema import Key, SeedError, boolean, choice, integer, mapping, named, sequence, text
from .strata.seed import STRATA, check

DEFAULT_SEED = Path(__file__).with_name("seed.yml")
MAIN_ACCOUNT = "123456789012"

ACCOUNT = text(r"\d{12}", "a quoted string of twelve digits")
NAME = text(r"[A-Za-z0-9][A-Za-z0-9_-]{0,127}", "a name of letters, digits, hyphens and underscores")
WORD = text(r"[\w.:/-]{1,256}", "a string without blanks")
STRING = text()
STRINGS = sequence(STRING)
TAGS = named(STRING, r"[\w+=./:@-][\w +=./:@-]{0,127}")
REGION = text(r"[a-z]{2}(-[a-z]+)+-\d", "an AWS region")

PROFILE = choice("BestPractice", "Custom", "None")
PROFILES = mapping(
    {
        "anti_spyware": Key(PROFILE, "BestPractice"),
        "anti_virus": Key(PROFILE, "BestPractice"),
        "vulnerability": Key(PROFILE, "BestPractice"),
        "url_filtering": Key(PROFILE, "BestPractice"),
        "file_blocking": Key(PROFILE, "BestPractice"),
        "outbound_trust_certificate": Key(NAME, None),
        "outbound_untrust_certificate": Key(NAME, None),
    }
)
COMMENTS = {"description": Key(STRING, None), "audit_comment": Key(STRING, None)}
MATCH = {
    "cidrs": Key(STRINGS, []),
    "countries": Key(STRINGS, []),
    "feeds": Key(STRINGS, []),
    "prefix_lists": Key(STRINGS, []),
}
RULE = mapping(
    {
        "priority": Key(integer(1, 1_000_000)),
        "name": Key(NAME),
        **COMMENTS,
        "enabled": Key(boolean, True),
        "source": Key(mapping(MATCH), {}),
        "negate_source": Key(boolean, False),
        "destination": Key(mapping({**MATCH, "fqdn_lists": Key(STRINGS, [])}), {}),
        "negate_destination": Key(boolean, False),
        "applications": Key(STRINGS, ["any"]),
        "category": Key(mapping({"url_categories": Key(STRINGS, []), "feeds": Key(STRINGS, [])}), {}),
        "protocol": Key(STRING, "application-default"),
        "prot_port_list": Key(STRINGS, []),
        "action": Key(choice("Allow", "DenySilent", "DenyResetServer", "DenyResetBoth")),
        "logging": Key(boolean, True),
        "decryption_rule_type": Key(choice("SSLOutboundInspection", "SSLInboundInspection"), None),
        "inbound_inspection_certificate": Key(NAME, None),
        "tags": Key(TAGS, {}),
    }
)
CONFIGURATION = mapping(
    {
        "description": Key(STRING, ""),
        "minimum_app_id_version": Key(WORD, None),
        "lookup_x_forwarded_for": Key(choice("None", "SecurityPolicy", "UserID"), None),
        "account_group": Key(NAME, None),
        "profiles": Key(PROFILES, {}),
        "certificates": Key(
            named(mapping({**COMMENTS, "self_signed": Key(boolean, False), "signer_arn": Key(STRING, None)})), {}
        ),
        "prefix_lists": Key(named(mapping({**COMMENTS, "prefixes": Key(STRINGS)})), {}),
        "fqdn_lists": Key(named(mapping({**COMMENTS, "fqdns": Key(STRINGS)})), {}),
        "feeds": Key(
            named(
                mapping(
                    {
                        **COMMENTS,
                        "url": Key(STRING),
                        "type": Key(choice("IP_LIST", "URL_LIST")),
                        "frequency": Key(choice("HOURLY", "DAILY"), "DAILY"),
                        "time": Key(integer(0, 23), 3),
                        "certificate": Key(NAME, None),
                    }
                )
            ),
            {},
        ),
        "custom_url_categories": Key(
            named(
                mapping(
                    {
                        **COMMENTS,
                        "targets": Key(STRINGS),
                        "action": Key(choice("none", "allow", "alert", "block"), "none"),
                    }
                )
            ),
            {},
        ),
        "file_blocking": Key(
            named(
                mapping(
                    {
                        **COMMENTS,
                        "action": Key(choice("alert", "block", "continue")),
                        "direction": Key(choice("upload", "download", "both"), "both"),
                    }
                )
            ),
            {},
        ),
        "url_category_overrides": Key(
            named(
                mapping({"audit_comment": Key(STRING, None), "action": Key(choice("none", "allow", "alert", "block"))})
            ),
            {},
        ),
        "rules": Key(
            mapping(
                {name: Key(sequence(RULE, unique="priority"), []) for name in ("LocalRule", "PreRule", "PostRule")}
            ),
            {},
        ),
    }
)


def _running(value: Any, path: str) -> Any:
    return value if value in ("same", "none") else CONFIGURATION(value, path)


COMMIT_STATES = (
    "Pending",
    "Success",
    "Failed",
    "Committing",
    "PrecommitDone",
    "PrevalidateDone",
    "Validating",
    "Uncommitted",
    "Unknown",
)
RULESTACK = mapping(
    {
        "name": Key(NAME),
        "scope": Key(choice("Local", "Global")),
        "account_id": Key(ACCOUNT),
        "tags": Key(TAGS, {}),
        "candidate": Key(CONFIGURATION, {}),
        "running": Key(_running, "same"),
        "commit": Key(
            mapping(
                {
                    "commit_status": Key(choice(*COMMIT_STATES), "Success"),
                    "validate_status": Key(choice(*COMMIT_STATES), "Success"),
                    "commit_messages": Key(STRINGS, []),
                    "validate_messages": Key(STRINGS, []),
                }
            ),
            {},
        ),
    }
)
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
        "url_categories": Key(named(choice("none", "allow", "alert", "block")), {}),
        "countries": Key(named(STRING, r"[A-Z]{2}"), {}),
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
