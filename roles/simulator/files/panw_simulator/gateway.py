# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The API gateway in front of Cloud NGFW: authentication, authorization, and the gateway's own error responses.

Source of the wording: AWS API Gateway Developer Guide, "Gateway response types", and the SigV4 troubleshooting pages.
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass

from . import iam_policy, sigv4
from .aws_protocol import JSON_CODES
from .clock import Clock, iso8601
from .envelope import GatewayError, ServiceError, failure, not_authorized, success
from .faults import FaultBoard
from .identities import Identities, Identity
from .messages import UNMATCHED, Request, Response, json_response
from .recorder import Recorder
from .routing import Auth, Call, Caller, Router
from .settings import Settings
from .tokens import TokenStore

REVOKE = "/v1/mgmt/tokens/{TokenId}"


def forbidden() -> GatewayError:
    """A missing or wrong ``x-api-key``."""
    return GatewayError(403, "Forbidden", "ForbiddenException")


@dataclass(frozen=True)
class Gatekeeper:
    """The data that the gateway needs to authorize a caller."""

    identities: Identities
    tokens: TokenStore
    settings: Settings
    clock: Clock
    service_account: str


class Gateway:
    """The Cloud NGFW endpoint of the simulator."""

    def __init__(self, router: Router, keeper: Gatekeeper, faults: FaultBoard, recorder: Recorder) -> None:
        self._router = router
        self._keeper = keeper
        self._faults = faults
        self._recorder = recorder

    def __call__(self, request: Request) -> Response:
        """Handle one request."""
        place = self._router.place(request)
        call = self._router.find(request, place)
        if call is not None and call.route.template == REVOKE and not self._keeper.settings.access.revoke_route:
            call = None
        route = call.route.name if call else UNMATCHED
        self._recorder.count("ngfw", route)
        self._recorder.count("ngfw_paths", _shown(call) if call else UNMATCHED)
        response = self._faults.serve("ngfw", route, request, lambda: self._answer(call))
        response.route = call.route.template if call else UNMATCHED
        response.headers.append(("x-amzn-RequestId", str(uuid.uuid4())))
        response.headers.append(("x-amz-apigw-id", hashlib.sha256(uuid.uuid4().bytes).hexdigest()[:15] + "="))
        return response

    def _answer(self, call: Call | None) -> Response:
        try:
            if call is None:
                raise GatewayError(403, "Missing Authentication Token", "MissingAuthenticationTokenException")
            caller = self._signed(call) if call.route.auth is Auth.SIGNATURE else self._with_token(call)
            content = call.route.handler(call, caller)
            return content if isinstance(content, Response) else success(content)
        except GatewayError as refusal:
            return json_response(refusal.status, refusal.document, [("x-amzn-ErrorType", refusal.kind)])
        except ServiceError as error:
            return failure(error, error.code if call is not None and self._has_own_status(call) else 200)

    def _has_own_status(self, call: Call) -> bool:
        access = self._keeper.settings.access
        v2 = call.place.segments[0] == "v2"
        return (access.v2_error_status if v2 else access.application_error_status) != 200

    def _signed(self, call: Call) -> Caller:
        """Authenticate the caller by signature, and check its policies for execute-api:Invoke."""
        keeper = self._keeper
        try:
            claim = sigv4.verify(
                call.request, keeper.identities.credentials, keeper.clock.now(), "execute-api", call.place.region
            )
        except sigv4.SignatureError as refusal:
            missing = refusal.code == "MissingAuthenticationToken"
            message = "Missing Authentication Token" if missing else refusal.message
            raise GatewayError(403, message, JSON_CODES[refusal.code]) from None
        identity = keeper.identities.identity(claim.access_key)
        if identity is None:
            raise GatewayError(403, sigv4.INVALID_TOKEN, "UnrecognizedClientException")
        self._authorize_invoke(call, identity)
        return Caller(identity.caller.account_id, identity.caller.role_arn or "")

    def _authorize_invoke(self, call: Call, identity: Identity) -> None:
        keeper = self._keeper
        account = keeper.service_account
        path = "/".join(call.place.segments)
        start = f"{api_id(call.place.region)}/{call.place.stage}/{call.request.method}"
        keys = {
            **identity.condition_keys(),
            "aws:sourceip": [call.request.client_ip],
            "aws:currenttime": [iso8601(keeper.clock.now())],
            "aws:epochtime": [str(int(keeper.clock.time()))],
            "aws:securetransport": ["true"],
            "aws:requestedregion": [call.place.region],
            "aws:resourceaccount": [account],
        }
        arn = f"arn:aws:execute-api:{call.place.region}"
        question = iam_policy.Question("execute-api:Invoke", f"{arn}:{account}:{start}/{path}", keys)
        decision = iam_policy.caller_decision(identity.policies, question)
        if decision is iam_policy.Decision.ALLOW:
            return
        shown = call.route.template.strip("/").replace("{TokenId}", "*")
        explicit = " with an explicit deny" if decision is iam_policy.Decision.EXPLICIT_DENY else ""
        raise GatewayError(
            403,
            f"User: {identity.caller.arn} is not authorized to perform: execute-api:Invoke on resource: "
            f"{arn}:********{account[-4:]}:{start}/{shown}{explicit}",
            "AccessDeniedException",
            key="Message",
        )

    def _with_token(self, call: Call) -> Caller:
        """Authenticate the caller by token and subscription key, and check the permission matrix."""
        keeper = self._keeper
        text = call.request.headers.get("Authorization") or ""
        token = keeper.tokens.find(text)
        state = token.state(keeper.clock.time()) if token else "unknown"
        if token is None or state == "expired" or token.region != call.place.region:
            raise GatewayError(401, "Unauthorized", "UnauthorizedException")
        if state == "revoked":
            raise not_authorized(explicit=True)
        if token.admin_role not in call.route.roles or not keeper.settings.onboarded(token.account_id):
            raise not_authorized()
        if not is_subscription_key(call, keeper.tokens, token.account_id):
            raise forbidden()
        return Caller(token.account_id, token.role_arn, token)


def _shown(call: Call) -> str:
    """Method and path of a call, without a token that is part of the path."""
    if call.route.template == REVOKE:
        return call.route.name
    return f"{call.request.method} /{'/'.join(call.place.segments)}"


def is_subscription_key(call: Call, tokens: TokenStore, account_id: str) -> bool:
    """Whether ``x-api-key`` is the key of this account."""
    sent = call.request.headers.get("x-api-key") or ""
    return sigv4.same_text(sent, tokens.subscription_key(account_id))


def api_id(region: str) -> str:
    """The gateway's API id in a region: ten characters, always the same."""
    return hashlib.sha256(f"cloudngfw {region}".encode()).hexdigest()[:10]
