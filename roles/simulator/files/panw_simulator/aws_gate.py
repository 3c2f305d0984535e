# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The gate in front of moto: it authenticates the caller, applies STS rules and the caller's policies, then calls moto."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import parse_qsl

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from . import authorization, aws_model, cloudformation, iam_rules, sigv4
from .aws_protocol import AwsError, error_response, not_simulated
from .clock import Clock, iso8601
from .faults import AWS, FaultBoard
from .identities import Identities, Identity
from .messages import Request, Response
from .parameter_store import ParameterStore
from .recorder import Recorder
from .secrets_manager import SecretsManager
from .sts import SecurityTokenService

STS_OPERATIONS = ("AssumeRole", "GetCallerIdentity")
TARGETS = {"secretsmanager": "secretsmanager", "amazonssm": "ssm", "logs_20140328": "logs"}
OPERATION = re.compile(r"[A-Za-z]{1,64}")
UNKNOWN_OPERATION = "UnknownOperation"
OTHER = "other"


class AwsGate:
    """The AWS endpoint of the simulator."""

    def __init__(self, identities: Identities, faults: FaultBoard, recorder: Recorder, clock: Clock) -> None:
        self._identities = identities
        self._faults = faults
        self._recorder = recorder
        self._clock = clock
        self._sts = SecurityTokenService(identities)
        self._secrets = SecretsManager()
        self._moto = DomainDispatcherApplication(create_backend_app)
        # Otherwise, it lists moto's directory and tries the patterns of all services for each request.
        self._moto.get_backend_for_host = lru_cache(self._moto.get_backend_for_host)
        self._parameters = ParameterStore(self._ask_moto)

    def __call__(self, request: Request) -> Response:
        """Handle one request."""
        call = _Call(request)
        self._recorder.count("aws", call.route)
        response = self._faults.serve(
            call.service, call.route, request, lambda: self._answer(call), call.parameters or call.document
        )
        response.route = call.route
        return response

    def _answer(self, call: _Call) -> Response:
        if call.service not in AWS:
            return not_simulated(call.asked_service, AWS, json_protocol=call.json_protocol)
        if call.service == "sts" and call.operation not in (*STS_OPERATIONS, UNKNOWN_OPERATION):
            return not_simulated(call.route, STS_OPERATIONS, json_protocol=False)
        try:
            claim = self._verify(call)
            identity = self._identities.identity(claim.access_key)
            if identity is None:
                raise AwsError("InvalidClientTokenId", sigv4.INVALID_TOKEN)
            return self._dispatch(call, claim, identity)
        except AwsError as failure:
            return error_response(call.service, failure)

    def _verify(self, call: _Call) -> sigv4.Claim:
        try:
            claim = sigv4.verify(call.request, self._identities.credentials, self._clock.now(), call.service)
        except sigv4.SignatureError as failure:
            status = 400 if failure.code == "IncompleteSignature" else 403
            raise AwsError(failure.code, failure.message, status) from None
        if claim.presigned and call.route != "sts:GetCallerIdentity":
            raise AwsError("MissingAuthenticationToken", "Request is missing Authentication Token")
        return claim

    def _dispatch(self, call: _Call, claim: sigv4.Claim, identity: Identity) -> Response:
        if call.request.path not in ("/", ""):
            raise AwsError(
                "UnknownOperationException", "The requested operation is not recognized by the service.", 404
            )
        if call.route == "sts:GetCallerIdentity":
            return self._sts.get_caller_identity(identity)
        environment = self._environment(call.request, claim)
        if call.route == "sts:AssumeRole":
            return self._sts.assume_role(call.parameters, identity, environment)
        if call.service != "sts":
            authorization.authorize(call.route, call.parameters or call.document, identity, environment)
        if call.route == "iam:SimulatePrincipalPolicy":
            return authorization.simulate(self._identities, call.parameters)
        return self._serve(call, claim.region, identity.caller.account_id)

    def _serve(self, call: _Call, region: str, account: str) -> Response:
        operation = call.operation
        if call.service == "cloudformation":
            return self._ask_moto(cloudformation.prepare(operation, call.parameters, call.request), account)
        if call.service == "iam":
            iam_rules.check(operation, call.parameters)
        else:
            aws_model.check(call.service, operation, call.document)
        if call.service == "secretsmanager" and self._secrets.knows(operation):
            return self._secrets(account, region, operation, call.document)
        if call.service == "ssm":
            return self._parameters(account, region, operation, call.document, call.request)
        response = self._ask_moto(call.request, account)
        if call.route == "iam:CreateAccessKey":
            self._identities.keep_user_secrets()
        return response

    def _ask_moto(self, request: Request, account: str) -> Response:
        return run_wsgi(self._moto, request, {"X-Moto-Account-Id": account})

    def _environment(self, request: Request, claim: sigv4.Claim) -> dict[str, list[str]]:
        return {
            "aws:sourceip": [request.client_ip],
            "aws:currenttime": [iso8601(self._clock.now())],
            "aws:epochtime": [str(int(self._clock.time()))],
            "aws:securetransport": ["true"],
            "aws:requestedregion": [claim.region],
        }


class _Call:
    """Service and operation of a request; names that the caller made up are never used in logs and counters."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.parameters = dict(request.query_items())
        content_type = request.headers.get("Content-Type") or ""
        if content_type.startswith("application/x-www-form-urlencoded"):
            body = request.body.decode("utf-8", "replace")
            self.parameters.update(parse_qsl(body, keep_blank_values=True))
        target, _dot, targeted = (request.headers.get("X-Amz-Target") or "").partition(".")
        asked = targeted or self.parameters.get("Action", "")
        self.json_protocol = bool(target) or "json" in content_type
        self.operation = asked if OPERATION.fullmatch(asked) else UNKNOWN_OPERATION
        self.asked_service = TARGETS.get(target.lower()) or self._scoped_service() or target or "sts"
        self.service = self.asked_service if self.asked_service in AWS else OTHER
        self.route = f"{self.service}:{self.operation}"

    @cached_property
    def document(self) -> dict[str, Any]:
        """The JSON object in the body; empty if the body has none."""
        try:
            document = json.loads(self.request.body)
        except ValueError:
            document = None
        return document if isinstance(document, dict) else {}

    def _scoped_service(self) -> str:
        """The service in the signature's scope; empty without one."""
        try:
            return sigv4.read_claim(self.request).service
        except sigv4.SignatureError:
            return "iam" if self.parameters.get("Version") == "2010-05-08" else ""


Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Any]


def run_wsgi(application: Wsgi, request: Request, extra_headers: dict[str, str]) -> Response:
    """Pass a request to a WSGI application; ``extra_headers`` replace the client's headers of these names."""
    replaced = {name.lower() for name in extra_headers}
    headers = [item for item in request.headers.items if item[0].lower() not in replaced]
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": request.path or "/",
        "QUERY_STRING": request.query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "443",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": request.client_ip,
        "CONTENT_LENGTH": str(len(request.body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "https",
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in [*headers, *extra_headers.items()]:
        key = name.upper().replace("-", "_")
        if key == "CONTENT_TYPE":
            environ[key] = value
        elif key not in ("CONTENT_LENGTH", "TRANSFER_ENCODING"):
            environ[f"HTTP_{key}"] = value
    response = Response(500)

    def start_response(status: str, fields: list[tuple[str, str]], exc_info: Any = None) -> None:
        response.status = int(status.split()[0])
        response.headers = list(fields)

    chunks = application(environ, start_response)
    try:
        response.body = b"".join(chunks)
    finally:
        if hasattr(chunks, "close"):
            chunks.close()
    return response
