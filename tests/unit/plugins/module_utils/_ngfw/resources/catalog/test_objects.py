# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds for objects beyond their fields."""

from __future__ import annotations

from typing import Any

from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.catalog.objects import CERTIFICATE, OBJECTS
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.resources.planner import Desired, refusals

ARN = "arn:aws:acm:us-east-1:123456789012:certificate/a"


CERTIFICATES: list[tuple[dict[str, Any], bool]] = [
    ({"self_signed": True}, True),
    ({"signer_arn": ARN}, True),
    ({"self_signed": False, "signer_arn": ARN}, True),
    ({"description": "x"}, False),
    ({"self_signed": False}, False),
    ({"signer_arn": ""}, False),
]


def test_certificate_has_an_issuer() -> None:
    problem = ("self_signed", "or 'signer_arn' is required.")
    for values, valid in CERTIFICATES:
        assert list(refusals(CERTIFICATE, None, Desired(("web", "a"), "a", values))) == ([] if valid else [problem])


def test_objects_are_ordered_by_their_references() -> None:
    """Those that others refer to come first."""
    sections = [resource.section for resource in OBJECTS]
    for position, resource in enumerate(OBJECTS):
        named = {field.references for field in resource.fields if field.references}
        assert named <= {*sections[:position]}
