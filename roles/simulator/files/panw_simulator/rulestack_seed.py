# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The schema of the seed's rulestacks."""

from __future__ import annotations

from typing import Any

from .schema import ACCOUNT, NAME, STRING, STRINGS, TAGS, WORD, Key, boolean, choice, integer, mapping, named, sequence

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
