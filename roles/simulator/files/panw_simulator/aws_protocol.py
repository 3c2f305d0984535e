# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors and results in AWS's query (XML) and JSON protocols."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from xml.sax.saxutils import escape

from .messages import Response, json_response

NAMESPACES = {
    "sts": "https://sts.amazonaws.com/doc/2011-06-15/",
    "iam": "https://iam.amazonaws.com/doc/2010-05-08/",
    "cloudformation": "http://cloudformation.amazonaws.com/doc/2010-05-15/",
}
JSON_CODES = {
    "MissingAuthenticationToken": "MissingAuthenticationTokenException",
    "InvalidClientTokenId": "UnrecognizedClientException",
    "SignatureDoesNotMatch": "InvalidSignatureException",
    "IncompleteSignature": "IncompleteSignatureException",
    "ExpiredToken": "ExpiredTokenException",
    "AccessDenied": "AccessDeniedException",
    "Throttling": "ThrottlingException",
    "ServiceUnavailable": "ServiceUnavailableException",
    "InternalFailure": "InternalServiceError",
}


class AwsError(Exception):
    """An error response of an AWS service; ``code`` is that of the query protocol."""

    def __init__(self, code: str, message: str, status: int = 403) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


def error_response(service: str, failure: AwsError) -> Response:
    """An error in the protocol of the service: XML for STS, IAM and CloudFormation, JSON for the others."""
    request_id = str(uuid.uuid4())
    if service in NAMESPACES:
        kind = "Receiver" if failure.status >= 500 else "Sender"
        body = (
            f'<ErrorResponse xmlns="{NAMESPACES[service]}">\n  <Error>\n    <Type>{kind}</Type>\n'
            f"    <Code>{escape(failure.code)}</Code>\n    <Message>{escape(failure.message)}</Message>\n  </Error>\n"
            f"  <RequestId>{request_id}</RequestId>\n</ErrorResponse>\n"
        )
        headers = [("Content-Type", "text/xml"), ("x-amzn-RequestId", request_id)]
        return Response(failure.status, body.encode(), headers)
    code = JSON_CODES.get(failure.code, failure.code)
    status = 400 if failure.status == 403 else failure.status
    response = json_response(status, {"__type": code, "message": failure.message})
    response.set_header("Content-Type", "application/x-amz-json-1.1")
    response.set_header("x-amzn-RequestId", request_id)
    return response


def not_simulated(what: str, played: Sequence[str], *, json_protocol: bool) -> Response:
    """The simulator's own response to a call that it does not simulate. SDKs do not retry this status."""
    text = f"{what} is not simulated: the simulator supports {', '.join(played)}. See its --help."
    response = error_response("" if json_protocol else "sts", AwsError("NotSimulated", text, 501))
    response.set_header("x-amzn-ErrorType", "NotSimulated")
    return response


def xml_result(service: str, action: str, inner: str) -> Response:
    """A success response of a query-protocol service; ``inner`` is the content of the result element."""
    request_id = str(uuid.uuid4())
    body = (
        f'<{action}Response xmlns="{NAMESPACES[service]}">\n  <{action}Result>\n{inner}  </{action}Result>\n'
        f"  <ResponseMetadata>\n    <RequestId>{request_id}</RequestId>\n  </ResponseMetadata>\n</{action}Response>\n"
    )
    return Response(200, body.encode(), [("Content-Type", "text/xml"), ("x-amzn-RequestId", request_id)])


def element(name: str, value: object) -> str:
    """One XML element with text."""
    return f"    <{name}>{escape(str(value))}</{name}>\n"
