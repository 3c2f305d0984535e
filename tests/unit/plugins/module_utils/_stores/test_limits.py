# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that AWS would reject are rejected before the first call, with the option and the accepted values."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.panw.cloud.plugins.module_utils._module.argspec import store_spec
from ansible_collections.panw.cloud.plugins.module_utils._stores.documents import StoredToken
from ansible_collections.panw.cloud.plugins.module_utils._stores.factory import open_store
from ansible_collections.panw.cloud.tests.helpers.fake_aws import FakeAws

KEY = "1234abcd-12ab-34cd-56ef-1234567890ab"
ARN = "arn:aws:kms:us-east-1:123456789012"
STATEMENT: dict[str, Any] = {
    "Effect": "Allow",
    "Principal": {"AWS": "123456789012"},
    "Action": "secretsmanager:GetSecretValue",
    "Resource": "*",
}


def policy(*statements: Any, **more: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements), **more})


def without(element: str) -> str:
    return policy({name: value for name, value in STATEMENT.items() if name != element})


def chosen(store: str, given: dict[str, Any], aws: Any = FakeAws) -> Any:
    options = {**dict.fromkeys(store_spec()), "store": store, "name": "name", **given}
    return open_store(options, aws, "us-east-1", StoredToken)


# A parameter ARN has at most 1011 characters, 45 of which precede the name; ".pending" follows it.
LONGEST = 1011 - len("arn:aws:ssm:us-east-1:123456789012:parameter/") - len(".pending")
LEVELS = "".join(f"/{level}" for level in range(15))

ACCEPTED: list[tuple[str, dict[str, Any]]] = [
    ("secretsmanager", {"name": "cloud-ngfw/firewall"}),
    ("secretsmanager", {"name": "/a_b+c=d.e@f-g"}),
    ("secretsmanager", {"name": "a" * 512}),
    ("secretsmanager", {"name": "aws/ssm"}),
    ("ssm", {"name": "firewall"}),
    ("ssm", {"name": "/cloud-ngfw/firewall"}),
    ("ssm", {"name": LEVELS}),
    ("ssm", {"name": "a" * LONGEST}),
    ("ssm", {"name": f"/{'a' * LONGEST}"}),
    ("ssm", {"name": "/team/aws"}),
    *(
        (store, given)
        for store in ("secretsmanager", "ssm")
        for given in (
            {"kms_key_id": KEY},
            {"kms_key_id": f"mrk-{KEY.replace('-', '')}"},
            {"kms_key_id": "alias/aws/secretsmanager"},
            {"kms_key_id": f"{ARN}:key/{KEY}"},
            {"kms_key_id": f"{ARN}:alias/ngfw"},
            {"store_tags": {}},
            {"store_tags": {"cost": 4711, "owner": "", "März 2026": "a b", "paid": True}},
            {"store_tags": {str(number): "a" for number in range(50)}},
            {"store_tags": {"k" * 128: "v" * 256}},
        )
    ),
    ("secretsmanager", {"store_tags": {"a,b": "{c}"}}),
    ("secretsmanager", {"resource_policy": policy(STATEMENT)}),
    ("secretsmanager", {"resource_policy": json.dumps({"Statement": STATEMENT})}),
    (
        "secretsmanager",
        {"resource_policy": policy({**STATEMENT, "Principal": "*", "Condition": {"Bool": {"aws:a": "true"}}})},
    ),
    ("secretsmanager", {"resource_policy": policy({**STATEMENT, "Principal": "*", "Effect": "Deny"})}),
    *(("secretsmanager", {"recovery_window": days}) for days in (0, 7, 30)),
]

REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("secretsmanager", {"name": "a secret"}, "1 to 512 letters"),
    ("secretsmanager", {"name": "schlüssel"}, "1 to 512 letters"),
    ("secretsmanager", {"name": "a!b"}, "1 to 512 letters"),
    ("secretsmanager", {"name": "arn:aws:secretsmanager:us-east-1:123456789012:secret:a"}, "1 to 512 letters"),
    ("secretsmanager", {"name": "a" * 513}, "1 to 512 letters"),
    ("ssm", {"name": "cloud-ngfw/firewall"}, "must begin with one: '/cloud-ngfw/firewall'"),
    ("ssm", {"name": "a/b/"}, "must begin with one"),
    ("ssm", {"name": "/a/"}, "letters, digits and characters"),
    ("ssm", {"name": "//a"}, "letters, digits and characters"),
    ("ssm", {"name": "/a//b"}, "letters, digits and characters"),
    ("ssm", {"name": "/"}, "letters, digits and characters"),
    ("ssm", {"name": " a"}, "letters, digits and characters"),
    ("ssm", {"name": "a b"}, "letters, digits and characters"),
    ("ssm", {"name": "a@b"}, "letters, digits and characters"),
    ("ssm", {"name": "a\n"}, "letters, digits and characters"),
    ("ssm", {"name": "schlüssel"}, "letters, digits and characters"),
    ("ssm", {"name": "name:3"}, "letters, digits and characters"),
    ("ssm", {"name": f"{LEVELS}/one-more"}, "at most 15 parts"),
    ("ssm", {"name": "/ngfw.pending"}, "pending for another parameter"),
    ("ssm", {"name": "a" * (LONGEST + 1)}, f"at most {LONGEST} characters in us-east-1"),
    ("ssm", {"name": f"/{'a' * (LONGEST + 1)}"}, f"at most {LONGEST} characters in us-east-1"),
    *(("ssm", {"name": name}, "AWS reserves") for name in ("/aws/one", "aws.one", "SSMone", "/ssm/a", "AwsB")),
    *(
        (store, *refused)
        for store in ("secretsmanager", "ssm")
        for refused in (
            ({"kms_key_id": ""}, "KMS key ID, key ARN or alias ARN"),
            ({"kms_key_id": "ngfw"}, "alias name that starts with 'alias/'"),
            ({"kms_key_id": f"key/{KEY}"}, "KMS key ID, key ARN"),
            ({"kms_key_id": f"{ARN}:{KEY}"}, "KMS key ID, key ARN"),
            ({"kms_key_id": f"{ARN}:key/alias/a"}, "KMS key ID, key ARN"),
            ({"kms_key_id": "arn:aws:iam::123456789012:role/a"}, "KMS key ID, key ARN"),
            ({"kms_key_id": f"alias/{'a' * 2048}"}, "KMS key ID, key ARN"),
            (
                {"kms_key_id": f"{ARN.replace('us-east-1', 'eu-west-1')}:key/{KEY}"},
                "is a key in eu-west-1; the store is",
            ),
            ({"store_tags": {"aws:owner": "a"}}, "reserves keys"),
            ({"store_tags": {"AWS:owner": "a"}}, "reserves keys"),
            ({"store_tags": {"": "a"}}, "1 to 128 characters"),
            ({"store_tags": {"k" * 129: "a"}}, "1 to 128 characters"),
            ({"store_tags": {"k": "v" * 257}}, "at most 256 characters"),
            ({"store_tags": {"k": None}}, "must be a string"),
            ({"store_tags": {"k": {"a": "b"}}}, "must be a string"),
            ({"store_tags": {str(number): "a" for number in range(51)}}, "has 51 tags"),
        )
    ),
    ("ssm", {"kms_key_id": f"alias/{'a' * 251}"}, "KMS key ID, key ARN"),
    ("ssm", {"store_tags": {"a,b": "c"}}, "tags of a parameter have"),
    ("ssm", {"store_tags": {"a": "b\n"}}, "tags of a parameter have"),
    *(
        ("secretsmanager", {"resource_policy": text}, problem)
        for text, problem in (
            ("[", "is not a JSON object"),
            ("[]", "is not a JSON object"),
            ("{}", "has no Statement"),
            (policy(), "has no Statement"),
            (policy("a"), "not an object"),
            (without("Effect"), "neither Allow nor Deny"),
            (policy({**STATEMENT, "Effect": "allow"}), "neither Allow nor Deny"),
            (without("Principal"), "without Principal"),
            (without("Action"), "without Action"),
            (without("Resource"), "without Resource"),
            (policy({**STATEMENT, "Principal": "*"}), "allows everyone"),
            (policy({**STATEMENT, "Principal": {"AWS": ["*"]}}), "allows everyone"),
            (policy(STATEMENT, {**STATEMENT, "Principal": {"AWS": "*"}}), "allows everyone"),
            (policy(STATEMENT, Id="x" * 20480), "AWS allows 20480"),
        )
    ),
    *(("secretsmanager", {"recovery_window": days}, "7 to 30 days") for days in (-1, 1, 6, 31)),
]


@pytest.mark.parametrize(("store", "given"), ACCEPTED)
def test_values_accepted_by_aws_are_accepted(store: str, given: dict[str, Any]) -> None:
    assert chosen(store, given).location["name"] == given.get("name", "name")


@pytest.mark.parametrize(("store", "given", "words"), REFUSED)
def test_values_rejected_by_aws_are_rejected(store: str, given: dict[str, Any], words: str) -> None:
    def never() -> Any:
        pytest.fail("a client for AWS was made")

    with pytest.raises(InvalidInput) as caught:
        chosen(store, given, never)
    assert [caught.value.option] == [*given]
    assert words in caught.value.problem
