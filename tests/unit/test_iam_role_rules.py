# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The iam_role role rejects what IAM rejects, and accepts what IAM accepts. Its rules are evaluated without a play."""

from __future__ import annotations

import functools
import inspect
from pathlib import Path
from typing import Any

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

ROLE = Path(__file__).resolve().parents[2] / "roles/iam_role"
CALLER = "arn:aws:iam::123456789012:user/simulator-admin"


@functools.cache
def load(path: str) -> Any:
    """A file of the role, with its templates."""
    loader = DataLoader()
    since_2_19 = "trusted_as_template" in inspect.signature(loader.load_from_file).parameters
    return loader.load_from_file(str(ROLE / path), **({"trusted_as_template": True} if since_2_19 else {}))


def broken(variables: dict[str, Any]) -> str:
    """The role's error messages for variables, given by their names without the prefix."""
    defaults = {name.removeprefix("iam_role_"): value for name, value in load("defaults/main.yml").items()}
    options = {**defaults, "name": "Refused", "principals": [CALLER], "template": "/role.yml", **variables}
    known = {**load("vars/main.yml"), **load("tasks/validate.yml")[1]["vars"]}
    known["__iam_role_validated"] = {"options": options}
    found = Templar(DataLoader(), variables=known).template(known["__iam_role_broken"])
    return "\n".join(rule["message"] for rule in found)


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"principals": []}, "Name the users, roles or sessions"),
    ({"principals": ["arn:aws:iam::123456789012:root"]}, "set iam_role_allow_account_root to true"),
    ({"principals": ["123456789012", CALLER]}, "set iam_role_allow_account_root to true"),
    ({"principals": ["*"], "allow_account_root": True}, "Wildcards are not accepted"),
    ({"principals": ["arn:aws:iam::123456789012:role/*"]}, "Wildcards are not accepted"),
    ({"principals": ["arn:aws:iam::12345:user/me"]}, "must be the ARN of a user, role or session"),
    ({"principals": ["arn:aws:iam::123456789012:group/us"]}, "must be the ARN of a user, role or session"),
    ({"principals": ["arn:aws-cn:iam::123456789012:user/me"]}, "in the partition aws"),
    ({"admin_roles": []}, "gets no token"),
    ({"name": "a b"}, "iam_role_name is a b"),
    ({"name": "x" * 65}, "IAM accepts 1 to 64"),
    ({"path": "cloud"}, "begin and end with a slash"),
    ({"external_id": "a"}, "2 to 1224"),
    ({"conditions": {"StringSimilar": {"aws:PrincipalArn": "a"}}}, "IAM accepts operators such as"),
    ({"conditions": {"StringEquals": "aws:PrincipalArn"}}, "IAM accepts operators such as"),
    *(
        ({"conditions": {operator: {"aws:PrincipalTag/a": "b"}}}, "IAM accepts operators such as")
        for operator in (
            "ForAnyValues:StringLike",
            "ForAllValue:StringLike",
            "ForAnyValue:",
            "ForAnyValue:ForAllValues:StringLike",
            "NullIfExists",
            "StringLikeIgnoreCase",
            "NumericLike",
            "BoolEquals",
            "IPAddress",
            "StringEqualsIfExistsIfExists",
            "StringEquals\n",
        )
    ),
    ({"conditions": {"StringEquals": {"PrincipalTag": "a"}}}, "IAM accepts operators such as"),
    ({"conditions": {"StringEquals": {"aws:PrincipalTag/a": []}}}, "IAM accepts operators such as"),
    ({"conditions": {"StringEquals": {"aws:PrincipalTag/a": {"b": "c"}}}}, "IAM accepts operators such as"),
    ({"description": "a" * 1001}, "at most 1000 characters"),
    ({"description": "日本"}, "all in Latin-1"),
    ({"name": "role\n"}, "IAM accepts 1 to 64"),
    ({"path": "/a b/"}, "no white space"),
    ({"path": "/" + "a" * 511 + "/"}, "at most 512 characters"),
    ({"external_id": "an id"}, "2 to 1224"),
    (
        {"principals": ["arn:aws:sts::123456789012:federated-user/" + "a" * 33]},
        "must be the ARN of a user, role or session",
    ),
    ({"principals": ["arn:aws:sts::123456789012:assumed-role/a"]}, "must be the ARN of a user, role or session"),
    ({"boundary": "arn:aws:iam::123456789012:policy/" + "a" * 129}, "must be the ARN of a policy"),
    ({"boundary": "arn:aws-cn:iam::123456789012:policy/a"}, "in the partition aws"),
    ({"accounts": ["١٢٣٤٥٦٧٨٩٠١٢"]}, "accounts have twelve digits"),
    ({"wait_timeout": 0}, "1 second or more"),
    ({"tags": {"": "a"}}, "1 to 128 characters"),
    ({"tags": {"AWS:owner": "a"}}, "do not begin with aws:"),
    ({"tags": {"owner": ["a"]}}, "iam_role_tags is"),
    ({"tags": {f"tag-{number}": "a" for number in range(49)}}, "IAM accepts 50 tags"),
    ({"organizational_units": ["ou-1"]}, "units have IDs such as"),
    ({"stack_set_region": "everywhere"}, "regions have names such as us-east-1"),
    ({"conditions": {"StringEquals": {"sts:ExternalId": "ab"}}, "external_id": "ab"}, "Set one"),
    ({"conditions": {"StringEquals": {"aws:PrincipalArn": "a" * 8192}}}, "IAM accepts at most 8192"),
    ({"max_session_duration": 60}, "3600 to 43200"),
    ({"max_session_duration": 43201}, "3600 to 43200"),
    ({"boundary": "Boundary"}, "must be the ARN of a policy"),
    ({"regions": ["everywhere"]}, "regions have names such as us-east-1"),
    ({"accounts": ["1"]}, "accounts have twelve digits"),
    ({"regions": ["us-east-1"], "managed_policy": True}, "cannot narrow"),
    ({"tags": {"owner": "a;b"}}, "iam_role_tags is"),
    ({"tags": {"aws:owner": "a"}}, "do not begin with aws:"),
    ({"tags": {"owner": "a" * 257}}, "values have at most 256"),
    ({"tags": {"a" * 129: "a"}}, "1 to 128 characters"),
    ({"tags": {"owner": "a", "Owner": "b"}}, "differ by more than case"),
    ({"tags": {"cloudngfwfirewalladmin": "Yes"}}, "iam_role_admin_roles sets those"),
]


OPERATORS = [
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringNotLike",
    "NumericEquals",
    "NumericNotEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
    "DateEquals",
    "DateNotEquals",
    "DateLessThan",
    "DateLessThanEquals",
    "DateGreaterThan",
    "DateGreaterThanEquals",
    "Bool",
    "BinaryEquals",
    "IpAddress",
    "NotIpAddress",
    "ArnEquals",
    "ArnNotEquals",
    "ArnLike",
    "ArnNotLike",
]
TAKEN: list[dict[str, Any]] = [
    {},
    {
        "conditions": {
            f"{prefix}{operator}": {"a:b": "c"}
            for prefix in ("", "ForAllValues:", "ForAnyValue:")
            for operator in ["Null", *OPERATORS, *(f"{name}IfExists" for name in OPERATORS)]
        }
    },
    {"conditions": {"StringEquals": {"oidc.eks.us-east-1.amazonaws.com/id/A:sub": ["a", ""]}}},
    *({"name": name} for name in ("_", "=,+.@-", "a" * 64)),
    *({"path": path} for path in ("/", "/a/", "/a/b!~/", "/" + "a" * 510 + "/")),
    *({"description": text} for text in ("", "a\tb\nc", "Zürich ÿ", "a" * 1000)),
    *({"external_id": text} for text in ("", "12", "a:/=,.@-_+", "a" * 1224)),
    *({"max_session_duration": seconds} for seconds in (3600, 43200)),
    *({"regions": [region]} for region in ("us-gov-west-1", "mx-central-1", "ap-southeast-5", "eusc-de-east-1")),
    *(
        {"tags": tags}
        for tags in ({"a": ""}, {"日本": "ß 1"}, {"a b": "x\u00a0y"}, {"a" * 128: "b" * 256}, {"_.:/=+-@": "_.:/=+-@"})
    ),
    {"tags": {f"tag-{number}": "a" for number in range(48)}},
    *(
        {"principals": [principal]}
        for principal in (
            "arn:aws:iam::123456789012:role/a/b/c",
            "arn:aws:sts::123456789012:assumed-role/a/b@example.com",
            "arn:aws:sts::123456789012:federated-user/ab",
        )
    ),
    {"principals": ["123456789012", "arn:aws:iam::123456789012:root"], "allow_account_root": True},
    {"partition": "aws-us-gov", "principals": ["arn:aws-us-gov:iam::123456789012:user/a"]},
    *({"boundary": f"arn:aws:iam::{owner}:policy/a/b"} for owner in ("aws", "123456789012")),
    {"organizational_units": ["r-ab12", "ou-ab12-11111111"]},
    {"state": "absent", "principals": [], "template": "/role.yml", "name": "a"} | {"principals": [CALLER]},
]


@pytest.mark.parametrize(("variables", "message"), REFUSED, ids=lambda value: str(value)[:60])
def test_values_rejected_by_iam_are_rejected(variables: dict[str, Any], message: str) -> None:
    assert message in broken(variables)


def test_values_accepted_by_iam_are_accepted() -> None:
    assert [(variables, message) for variables in TAKEN if (message := broken(variables))] == []


def test_all_errors_are_reported_together() -> None:
    assert len(broken({"name": "a b", "path": "a", "max_session_duration": 1}).splitlines()) == 3
