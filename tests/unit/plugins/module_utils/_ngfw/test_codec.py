# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The vendor's JSON, in any spelling, is converted to one stable snake_case."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.codec import decode, section

# Every field name of the read responses in the vendor's OpenAPI documents and Go SDK, with its name here. Results are a promise: change nothing lightly.
NAMES = """
AccountGroup account_group|AccountGroups account_groups|AccountId account_id|AccountIds account_ids|Action action|AllowedMode allowed_mode
AntiSpywareProfile anti_spyware_profile|AntiVirusProfile anti_virus_profile|AppIdVersion app_id_version|AppIdVersions app_id_versions
Applications applications|Attachments attachments|AuditComment audit_comment|AutomaticUpgradeAppIdVersion automatic_upgrade_app_id_version
AvailabilityZones availability_zones|CategoriesCandidate categories_candidate|CategoriesPreDefined categories_pre_defined
CategoriesRunning categories_running|CategoriesUncommitted categories_uncommitted|Category category|Certificate certificate
CertificateObjectCandidate certificate_object_candidate|CertificateObjectRunning certificate_object_running
CertificateObjectUncommitted certificate_object_uncommitted|CertificateSelfSigned certificate_self_signed
CertificateSignerArn certificate_signer_arn|Cidrs cidrs|CloudFormationTemplateURL cloud_formation_template_url|CloudTrailRole cloud_trail_role
CloudWatchMetricNamespace cloud_watch_metric_namespace|CommitMessages commit_messages|CommitStatus commit_status|Countries countries
CountryCodes country_codes|DecryptionRole decryption_role|DecryptionRuleType decryption_rule_type|DefaultRole default_role|Description description
Destination destination|Direction direction|Enabled enabled|EndpointId endpoint_id|EndpointMode endpoint_mode|EndpointRole endpoint_role
EndpointServiceName endpoint_service_name|ErrorCode error_code|ExpiryTime expiry_time|ExternalId external_id|FailureReason failure_reason
FeedCandidate feed_candidate|FeedRunning feed_running|FeedUncommitted feed_uncommitted|FeedURL feed_url|Feeds feeds
FileBlockingCandidate file_blocking_candidate|FileBlockingProfile file_blocking_profile|FileBlockingRunning file_blocking_running
FileBlockingUncommitted file_blocking_uncommitted|FileType file_type|Firewall firewall|FirewallName firewall_name|FirewallStatus firewall_status
Firewalls firewalls|FqdnList fqdn_list|FqdnListCandidate fqdn_list_candidate|FqdnListRunning fqdn_list_running
FqdnListUncommitted fqdn_list_uncommitted|FqdnLists fqdn_lists|Frequency frequency|GlobalRuleStackName global_rulestack_name
InboundInspectionCertificate inbound_inspection_certificate|IntelligentFeeds feeds|Key key|LogDestination log_destination
LogDestinationConfigs log_destination_configs|LogDestinationType log_destination_type|LogType log_type|Logging logging|LoggingRole logging_role
LookupXForwardedFor lookup_x_forwarded_for|MaxExpiryTime max_expiry_time|MinAppIdVersion min_app_id_version|Name name
NegateDestination negate_destination|NegateSource negate_source|NextToken next_token|OnboardingStatus onboarding_status|Operation operation
OutboundTrustCertificate outbound_trust_certificate|OutboundUnTrustCertificate outbound_untrust_certificate
OutboundUntrustCertificate outbound_untrust_certificate|PrefixList prefix_list|PrefixListCandidate prefix_list_candidate
PrefixListRunning prefix_list_running|PrefixListUncommitted prefix_list_uncommitted|PrefixLists prefix_lists|Priority priority|Profiles profiles
ProtPortList prot_port_list|Protocol protocol|Reason reason|RejectedReason rejected_reason|ResourceName rulestack_name|Response response
ResponseStatus response_status|RuleEntryCandidate rule_entry_candidate|RuleEntryRunning rule_entry_running
RuleEntryUncommitted rule_entry_uncommitted|RuleListName rule_list_name|RuleName rule_name|RuleStack rulestack
RuleStackCandidate rulestack_candidate|RuleStackCandidateDescribe rulestack_candidate_describe|RuleStackName rulestack_name
RuleStackRunning rulestack_running|RuleStackRunningDescribe rulestack_running_describe|RuleStackState rulestack_state
RuleStackStatus rulestack_status|RuleStackUncommitted rulestack_uncommitted|RulestackName rulestack_name|SNSTopicArn sns_topic_arn|Scope scope
ServiceAccountId service_account_id|SnsTopicArn sns_topic_arn|Source source|Status status|SubnetId subnet_id
SubnetInformations subnet_informations|SubnetMappings subnet_mappings|SubnetName subnet_name|SubscriptionKey subscription_key
Subscriptions subscriptions|Tags tags|Time time|TokenId token_id|Type type|URLCategoryCandidate url_category_candidate
URLCategoryEntry url_category_entry|URLCategoryNames url_category_names|URLCategoryRunning url_category_running
URLFilteringProfile url_filtering_profile|URLTargets url_targets|UpdateToken update_token|UrlTargets url_targets
ValidateMessages validate_messages|ValidateStatus validate_status|Value value|VpcId vpc_id|VpcIds vpc_ids|VpcInformations vpc_informations
VpcName vpc_name|VulnerabilityProfile vulnerability_profile|message message|operation operation|pk pk|sk sk|Message message
"""
FIELDS = [tuple(pair.split()) for line in NAMES.strip().splitlines() for pair in line.split("|")]


@pytest.mark.parametrize(("theirs", "ours"), FIELDS)
def test_key_in_vendor_spelling_is_renamed(theirs: str, ours: str) -> None:
    assert decode({theirs: "x"}) == {ours: "x"}


SYNONYMS = {
    "rulestack_name": ["RuleStackName", "ResourceName", "RulestackName"],
    "url_targets": ["UrlTargets", "URLTargets"],
    "feeds": ["IntelligentFeeds", "Feeds"],
    "outbound_untrust_certificate": ["OutboundUnTrustCertificate", "OutboundUntrustCertificate"],
    "operation": ["operation", "Operation"],
    "sns_topic_arn": ["SnsTopicArn", "SNSTopicArn"],
    "token_id": ["TokenId"],
    "subscription_key": ["SubscriptionKey"],
    "next_token": ["NextToken"],
}


@pytest.mark.parametrize("form", [str, str.lower, str.upper, lambda key: key[:1].lower() + key[1:]])
@pytest.mark.parametrize(("ours", "theirs"), [(ours, one) for ours, spellings in SYNONYMS.items() for one in spellings])
def test_key_synonym_in_any_case_is_renamed(ours: str, theirs: str, form: Any) -> None:
    assert decode({form(theirs): "x"}) == {ours: "x"}


@pytest.mark.parametrize("key", [theirs for theirs, _rest in FIELDS])
def test_key_case_is_ignored(key: str) -> None:
    assert decode({key.lower(): "x"}) == decode({key.upper(): "x"}) == decode({key: "x"})


@pytest.mark.parametrize(
    ("key", "ours"),
    [
        ("NewField", "new_field"),
        ("newField", "new_field"),
        ("HTTPPort", "http_port"),
        ("IPv4Range", "i_pv4_range"),
        ("x-y", "x-y"),
    ],
)
def test_unknown_key_is_split_at_capitals(key: str, ours: str) -> None:
    assert decode({key: "x"}) == {ours: "x"}


@pytest.mark.parametrize("key", ["ExpiryTime", "MaxExpiryTime", "Priority", "Time"])
@pytest.mark.parametrize(("value", "expected"), [(30, 30), ("30", 30), (30.0, 30), ("30.0", 30), (" 30 ", 30)])
def test_numeric_text_becomes_number(key: str, value: Any, expected: int) -> None:
    (found,) = decode({key: value}).values()
    assert found == expected
    assert found.__class__ is int


@pytest.mark.parametrize("value", ["soon", "", "29.5", "NaN", "inf", None, [], {}, True, 29.5])
def test_non_numeric_text_stays_unchanged(value: Any) -> None:
    assert decode({"ExpiryTime": value}) == {"expiry_time": value}


@pytest.mark.parametrize(
    "key", ["Enabled", "Logging", "NegateSource", "NegateDestination", "CertificateSelfSigned", "LookupXForwardedFor"]
)
@pytest.mark.parametrize(
    ("value", "expected"),
    [(True, True), (False, False), ("true", True), ("True", True), ("FALSE", False), ("yes", "yes"), (None, None)],
)
def test_truth_value_becomes_boolean(key: str, value: Any, expected: Any) -> None:
    assert list(decode({key: value}).values()) == [expected]


def test_other_fields_keep_their_type() -> None:
    assert decode({"UpdateToken": "1", "MinAppIdVersion": "8433", "Description": "true"}) == {
        "update_token": "1",
        "min_app_id_version": "8433",
        "description": "true",
    }


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ([{"Key": "team", "Value": "net"}, {"key": "env", "VALUE": ""}], {"team": "net", "env": ""}),
        ([{"Key": "bare"}], {"bare": ""}),
        ([{"Value": "no key"}, "text", None], {}),
        ([], {}),
        (None, None),
        ({"Team": "net"}, {"team": "net"}),
    ],
)
def test_tags_become_dictionary(tags: Any, expected: Any) -> None:
    assert decode({"Tags": tags}) == {"tags": expected}


def test_tag_keys_keep_their_case() -> None:
    assert decode({"Tags": [{"Key": "CostCenter", "Value": "X"}]}) == {"tags": {"CostCenter": "X"}}


def test_nested_objects_are_converted() -> None:
    given = {
        "RuleStackCandidate": {"Profiles": {"URLFilteringProfile": "None"}},
        "RuleEntryCandidate": [{"Priority": "1"}, 7, None],
    }
    assert decode(given) == {
        "rulestack_candidate": {"profiles": {"url_filtering_profile": "None"}},
        "rule_entry_candidate": [{"priority": 1}, 7, None],
    }


@pytest.mark.parametrize("value", [None, 1, "x", True, [], [1, "x"]])
def test_non_object_stays_unchanged(value: Any) -> None:
    assert decode(value) == value


@pytest.mark.parametrize("decoded", [None, [], "x", {}, {"response": None}, {"response": "x"}, {"response": []}])
def test_section_missing_is_empty(decoded: Any) -> None:
    assert section(decoded, "response") == {}


def test_section_present_is_returned() -> None:
    assert section({"response": {"a": 1}}, "response") == {"a": 1}
