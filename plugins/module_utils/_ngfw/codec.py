# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decoder for the vendor's JSON: keys in any case, both spellings if the vendor has two, numbers sent as strings.

The names are those of the vendor's OpenAPI documents of 2022 to 2026 and of its Go SDK, which ignores case when it decodes.

This file is private to the collection: its interface may change in any release.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from typing import Any

# The vendor's names in snake_case; names that are not listed are split at their capitals.
_WORDS = """
account_group account_groups account_id account_ids action additional_informations allowed_mode anti_spyware_profile anti_virus_profile
app_id_version app_id_versions applications audit_comment automatic_upgrade_app_id_version candidate category certificate certificate_object_candidate
certificate_object_running certificate_object_uncommitted certificate_self_signed certificate_signer_arn cidrs cloud_formation_template_url code
commit_messages commit_status countries country_codes decryption_rule_type description destination direction enabled error_code expiry_time external_id
feed_candidate feed_running feed_uncommitted feed_url file_blocking_candidate file_blocking_profile file_blocking_running file_blocking_uncommitted
file_type fqdn_list fqdn_list_candidate fqdn_list_running fqdn_list_uncommitted fqdn_lists frequency key logging lookup_x_forwarded_for
max_expiry_time message min_app_id_version name negate_destination negate_source next_token onboarding_status operation outbound_trust_certificate
outbound_untrust_certificate pk prefix_list prefix_list_candidate prefix_list_running prefix_list_uncommitted prefix_lists priority profiles
prot_port_list protocol reason response response_status rule_entry_candidate rule_entry_running rule_entry_uncommitted rule_list_name rule_name running
scope service_account_id sk sns_topic_arn source subscription_key tags time token_id type update_token url_category_candidate url_category_entry
url_category_names url_category_running url_filtering_profile url_targets validate_messages validate_status value vulnerability_profile
categories_candidate categories_pre_defined categories_running categories_uncommitted inbound_inspection_certificate
attachments availability_zones cloud_trail_role cloud_watch_metric_namespace decryption_role default_role endpoint_id endpoint_mode endpoint_role
endpoint_service_name failure_reason firewall firewall_name firewall_status firewalls log_destination log_destination_configs log_destination_type log_type
allow_list_accounts change_protection customer_zone_id_list deployment_update_token egress_nat egress_nat_enabled endpoints security_zones settings
ip_pool_type ipam_pool_id private_access resource_id type user_id user_id_status agent_name collector_name secret_key_arn port cft_url_link endpoint_dns
custom_include_exclude_network discovery_include network_address mode zone_id prefixes private_prefix public_prefix multi_vpc link_id link_status
availability_zone availability_zone_id gwlb_tcp_idle_timeout firewall_id firewalls_describe device_rulestack_commit_status device_rulestack_commit_info
rulestack_commit_info global_rulestack_commit_info global_rulestack_status commit_ts log_config cloudwatch_metrics cloud_watch_metrics_fields
advanced_threat_log role_type region public_ips ip_address
logging_role rejected_reason status subnet_id subnet_informations subnet_mappings subnet_name subscriptions vpc_id vpc_ids vpc_informations vpc_name
"""
_NAMES = {
    **{word.replace("_", ""): word for word in _WORDS.split()},
    "rulestackname": "rulestack_name",
    "resourcename": "rulestack_name",
    "rulestackstate": "rulestack_state",
    "rulestack": "rulestack",
    "rulestackentry": "rulestack",
    "rulestackcandidate": "rulestack_candidate",
    "rulestackrunning": "rulestack_running",
    "rulestackuncommitted": "rulestack_uncommitted",
    "rulestackcandidatedescribe": "rulestack_candidate_describe",
    "rulestackrunningdescribe": "rulestack_running_describe",
    "rulestackstatus": "rulestack_status",
    "globalrulestackname": "global_rulestack_name",
    "intelligentfeeds": "feeds",
    "feeds": "feeds",
    "multivpcenable": "multi_vpc",
}
_INTEGERS = {"error_code", "expiry_time", "max_expiry_time", "priority", "time"}
_BOOLEANS = {
    "enabled",
    "logging",
    "negate_source",
    "negate_destination",
    "certificate_self_signed",
    "lookup_x_forwarded_for",
}


def decode(value: Any) -> Any:
    """Decode a JSON value: keys in snake_case, lists of C(Key) and C(Value) under C(Tags) as dictionaries, known numbers and booleans converted."""
    if isinstance(value, list):
        return [decode(item) for item in value]
    if not isinstance(value, Mapping):
        return value
    decoded = {}
    for key, item in value.items():
        name = decode_name(str(key))
        decoded[name] = _typed(name, decode(item))
    return decoded


def section(decoded: Any, name: str) -> dict[str, Any]:
    """The object under a name, empty if it is missing, null or of another type."""
    found = decoded.get(name) if isinstance(decoded, dict) else None
    return found if isinstance(found, dict) else {}


def lookup(raw: Any, name: str) -> Any:
    """The value under a key in any spelling, None if it is missing or C(raw) is not an object.

    Of two spellings, the one that is not empty.
    """
    return by_name(raw).get(name)


def by_name(raw: Any) -> dict[str, Any]:
    """The values of an object by the names of its keys, as L(lookup) finds them; empty if C(raw) is not an object."""
    found: dict[str, Any] = {}
    for key, value in raw.items() if isinstance(raw, Mapping) else ():
        name = decode_name(str(key))
        if not found.get(name) and (value or name not in found):
            found[name] = value
    return found


@functools.lru_cache(maxsize=1024)
def decode_name(key: str) -> str:
    """Convert a key to snake_case."""
    known = _NAMES.get(key.replace("_", "").lower())
    return known or re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", key).lower()


def _typed(name: str, value: Any) -> Any:
    if name == "tags" and isinstance(value, list):
        return {tag["key"]: tag.get("value", "") for tag in value if isinstance(tag, dict) and "key" in tag}
    if name in _INTEGERS:
        return _integer(value)
    if name in _BOOLEANS and isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    return value


def _integer(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return value
    try:
        number = float(value)
    except (OverflowError, ValueError):
        return value
    return int(number) if number.is_integer() else value
