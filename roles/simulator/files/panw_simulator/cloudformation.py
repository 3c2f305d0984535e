# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CloudFormation in front of moto: requests that AWS rejects and moto accepts, and the template of the cross-account roles by its URL.

The caller's permissions for the resources in a template are not checked. Source: AWS CloudFormation API reference (CreateStack).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlencode, urlsplit

from . import aws_model
from .aws_protocol import AwsError
from .messages import Request
from .onboarding import TEMPLATE_PATH, template_text

CHANGING = ("CreateStack", "UpdateStack", "CreateChangeSet")
NAMED_IAM = "CAPABILITY_NAMED_IAM"


def prepare(operation: str, parameters: Mapping[str, str], request: Request) -> Request:
    """The request for moto, with the template in place of its URL.

    :param parameters: of the call.
    :raises AwsError: ValidationError for parameters that the service's model does not allow or a URL without a template;
        InsufficientCapabilitiesException.
    """
    try:
        given = aws_model.check(
            "cloudformation", operation, aws_model.from_query("cloudformation", operation, parameters)
        )
    except AwsError as failure:
        raise AwsError("ValidationError", failure.message, 400) from None
    text, url = str(given.get("TemplateBody") or ""), given.get("TemplateURL")
    if url:
        if urlsplit(str(url)).path != TEMPLATE_PATH:
            raise AwsError("ValidationError", "TemplateURL must be a supported URL.", 400)
        text = template_text()
    if operation in CHANGING and "RoleName" in text and NAMED_IAM not in given.get("Capabilities", []):
        raise AwsError("InsufficientCapabilitiesException", f"Requires capabilities : [{NAMED_IAM}]", 400)
    changed = {"TemplateURL": None, "TemplateBody": text} if text else {}
    if operation == "CreateChangeSet":
        # AWS creates a change set without changes, and lets it fail. moto refuses one if the template's text is the same.
        changed["TemplateBody"] = f"{text}\n" if text else None
        changed["ChangeSetType"] = given.get("ChangeSetType", "UPDATE")  # AWS's default, which moto lacks
    sent = {name: value for name, value in {**parameters, **changed}.items() if value is not None}
    return replace(request, body=urlencode(sent).encode()) if changed else request
