# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role to assume and its session are validated before any call."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._aws.assumed_role import AssumedRole, assumed_role
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.panw.cloud.tests.helpers.fakes import ROLE_ARN

SESSION = {"role_arn": ROLE_ARN, "role_session_name": "panw.cloud"}


def refused(work: Any, *arguments: Any) -> str:
    with pytest.raises(InvalidInput) as caught:
        work(*arguments)
    return str(caught.value)


@pytest.mark.parametrize(
    "arn",
    [
        ROLE_ARN,
        "arn:aws:iam::123456789012:role/path/to/Name",
        "arn:aws-us-gov:iam::123456789012:role/Name",
        "arn:aws-cn:iam::123456789012:role/a+b=c,d.e@f-g_h",
        "arn:aws:iam::123456789012:role/" + "x" * 64,
    ],
)
def test_role_is_read(arn: str) -> None:
    role = assumed_role({**SESSION, "role_arn": arn})
    assert role == AssumedRole(arn, "panw.cloud")
    assert role
    assert role.account_id == "123456789012"


@pytest.mark.parametrize(
    "arn",
    [
        "role",
        "CloudNGFWAdmin",
        "arn:aws:iam::12345678901:role/Name",
        "arn:aws:iam::1234567890123:role/Name",
        "arn:aws:iam::123456789012:role/",
        "arn:aws:iam::123456789012:role/" + "x" * 65,
        "arn:aws:iam::123456789012:role/Name with space",
        "arn:aws:iam::123456789012:role/Nämë",
        "arn:aws:iam::\u0661\u0662\u0663456789012:role/Name",
        "arn:aws:s3:::bucket",
        f" {ROLE_ARN}",
        f"{ROLE_ARN}\n",
        "arn:aws:sts::123456789012:role/Name",
    ],
)
def test_arn_malformed_is_rejected(arn: str) -> None:
    assert refused(assumed_role, {**SESSION, "role_arn": arn}).startswith("Option 'role_arn' is malformed: ")


@pytest.mark.parametrize(
    ("arn", "kind"),
    [
        ("arn:aws:iam::123456789012:user/somebody", "user"),
        ("arn:aws:iam::123456789012:group/some", "group"),
        ("arn:aws:sts::123456789012:assumed-role/Name/session", "assumed-role"),
        ("arn:aws:iam::123456789012:root", "root"),
        ("arn:aws:iam::123456789012:policy/p", "policy"),
        ("arn:aws:iam::123456789012:instance-profile/p", "instance-profile"),
    ],
)
def test_arn_of_other_resource_is_rejected(arn: str, kind: str) -> None:
    assert refused(assumed_role, {**SESSION, "role_arn": arn}).startswith(
        f"Option 'role_arn' is the ARN of a {kind}, not of a role: {arn}"
    )


def test_role_missing_is_none() -> None:
    assert assumed_role({"role_arn": None}) is None
    assert assumed_role({"role_arn": ""}) is None


@pytest.mark.parametrize("option", ["external_id", "session_duration", "session_policy"])
def test_session_option_without_role_is_rejected(option: str) -> None:
    assert refused(assumed_role, {"role_arn": None, option: "x"}) == (
        f"Option '{option}' requires 'role_arn', because it applies only to the session of an assumed role."
    )


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("role_session_name", "x", "must have 2 to 64 letters"),
        ("role_session_name", "x" * 65, "must have 2 to 64 letters"),
        ("role_session_name", "with space", "must have 2 to 64 letters"),
        ("role_session_name", "ümlaut", "must have 2 to 64 letters"),
        ("role_session_name", "name\n", "must have 2 to 64 letters"),
        ("external_id", "x", "must have 2 to 1224 letters"),
        ("external_id", "x" * 1225, "must have 2 to 1224 letters"),
        ("external_id", "with space", "must have 2 to 1224 letters"),
        ("external_id", "", "must have 2 to 1224 letters"),
        ("session_duration", 899, "is 899; AWS allows 900 to 43200 seconds."),
        ("session_duration", 43201, "is 43201; AWS allows 900 to 43200 seconds."),
    ],
)
def test_session_option_out_of_range_is_rejected(option: str, value: Any, message: str) -> None:
    assert refused(assumed_role, {**SESSION, option: value}).startswith(f"Option '{option}' {message}")


@pytest.mark.parametrize("duration", [900, 3600, 43200])
def test_session_options_are_read(duration: int) -> None:
    given = {**SESSION, "external_id": "id:1/x", "session_duration": duration, "session_policy": "{}"}
    assert assumed_role(given) == AssumedRole(ROLE_ARN, "panw.cloud", "id:1/x", duration, "{}")
