# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Only error fields of a response are quoted, and only without a secret that the response holds anywhere."""

from __future__ import annotations

import base64
import json
import logging
import traceback
from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import PanwCloudError
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.admin_roles import ADMIN_ROLES
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.client import Operation
from ansible_collections.panw.cloud.plugins.module_utils._scm.client import ScmClient
from ansible_collections.panw.cloud.plugins.module_utils._scm.oauth import AccessTokens, ClientCredentials
from ansible_collections.panw.cloud.plugins.module_utils._scm.service_accounts import ServiceAccounts
from ansible_collections.panw.cloud.plugins.module_utils._transport.http import HttpClient
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.client import LegacyKey, WildfireClient
from ansible_collections.panw.cloud.plugins.module_utils._wildfire.verdicts import read_verdicts
from ansible_collections.panw.cloud.tests.helpers.fakes import HELD, Reply, Server, api, http, service

# Not registered as a secret, and matches no known pattern.
SECRET = "Zq7 wörd/+<new>\"key'&%"
NAMES = ("SubscriptionKey", "TokenId", "client_secret", "access_token", "apikey", "wildfire_api_key", "Authorization")


def reported(name: str) -> dict[str, Any]:
    return {name: SECRET}


def spelled(reason: str) -> dict[str, Any]:
    """All known error fields of a service, with the same text."""
    return {
        "ResponseStatus": {"ErrorCode": 400, "Reason": reason},
        "message": reason,
        "error": reason,
        "error_description": reason,
        "application_error": reason,
        "_errors": [{"code": reason, "message": reason, "details": [reason]}],
        "_request_id": reason,
    }


REPEATED = {
    "as it is": SECRET,
    "in JSON": json.dumps(reported("SubscriptionKey")),
    "in a text of JSON": json.dumps(json.dumps(reported("SubscriptionKey"))),
    "in a URL": "https://h/?key=Zq7%20w%C3%B6rd%2F%2B%3Cnew%3E%22key%27%26%25",
    "in a form": "key=Zq7+w%C3%B6rd%2F%2B%3Cnew%3E%22key%27%26%25",
    "in HTML": "Zq7 wörd/+&lt;new&gt;&quot;key&#x27;&amp;%",
    "in Base64": base64.b64encode(SECRET.encode()).decode(),
    "with a character between": SECRET[:4] + "\u200b\x00" + SECRET[4:],
}


def shapes(name: str, repeated: str) -> dict[str, tuple[int, bytes]]:
    """Responses with the secret under its name, and a text that repeats it."""
    content = reported(name)
    documents: dict[str, tuple[int, Any]] = {
        "a success with a code": (200, {"Response": content, **spelled(f"issued {repeated}")}),
        "a refusal": (400, {"Response": content, **spelled(f"issued {repeated}")}),
        "a failure": (500, {"Response": content, **spelled(f"issued {repeated}")}),
        "the secret deep inside": (403, {"a": [{"b": {name: [[SECRET]]}}], **spelled(f"no {repeated}")}),
        "a list at the top": (200, [content]),
        "a list that refuses": (403, [content]),
        "a text": (200, repeated),
        "objects in place of texts": (400, spelled(content)),  # type: ignore[arg-type]
        "a response of another type": (200, {"Response": [content], "items": content}),
    }
    made = {shape: (status, json.dumps(document).encode()) for shape, (status, document) in documents.items()}
    for coding in ("utf-16", "utf-8-sig", "utf-32"):
        made[f"in {coding}"] = (403, json.dumps({"x": content, **spelled(repeated)}).encode(coding))
    twice = json.dumps({**spelled(f"no {repeated}"), name: "another"}).replace(
        f'"{name}":', f'"{name}": {json.dumps(SECRET)}, "{name}":', 1
    )
    made |= {
        "a name that comes twice": (400, twice.encode()),
        "half of the JSON": (400, json.dumps({name: SECRET, "message": repeated}).encode()[:-2]),
        "a web page": (200, f"<html>{name}: {repeated} {SECRET}</html>".encode()),
        "a web page that refuses": (403, f"<html>{name}: {repeated} {SECRET}</html>".encode()),
        "a form": (400, f"{name}={SECRET}&message={repeated}".encode()),
        "bytes": (200, SECRET.encode("latin-1")),
        "XML": (
            401,
            f"<error><{name}><![CDATA[{SECRET}]]></{name}><error-message><![CDATA['no {repeated.replace(chr(0), '')}']]></error-message></error>".encode(),
        ),
        "XML with a success": (
            200,
            f"<wildfire><get-verdict-info><verdict><![CDATA[{SECRET}]]></verdict></get-verdict-info></wildfire>".encode(),
        ),
    }
    return made


def scm(client: HttpClient) -> ScmClient:
    return ScmClient(client, "https://scm.example", AccessTokens(client, "https://auth.example/t", ACCOUNT))


ACCOUNT = ClientCredentials("a@b.example", "secret-of-the-caller", "1700000001")
HASHES = ["d" * 64]
CALLS: dict[str, Callable[[Server], object]] = {
    "Cloud NGFW, token": lambda server: service(server).issue(ADMIN_ROLES["firewall"], 30),
    "Cloud NGFW, read": lambda server: api(server).with_token(Operation("read", "GET", "/v1/x"), HELD),
    "Cloud NGFW, revocation": lambda server: service(server).revoke(HELD),
    "OAuth": lambda server: AccessTokens(http(server), "https://auth.example/t", ACCOUNT).get(),
    "Strata Cloud Manager": lambda server: ServiceAccounts(scm(http(server))).create("made"),
    "WildFire": lambda server: read_verdicts(
        WildfireClient(http(server), "https://w.example", LegacyKey("k" * 32)), HASHES
    ),
}


def visible(error: BaseException) -> str:
    """Everything that a user sees of an error."""
    shown = [str(error), repr(error), *traceback.format_exception(error)]
    if isinstance(error, PanwCloudError):
        shown.append(json.dumps(error.as_result(), ensure_ascii=False))
    return "\n".join(shown)


def leaks(text: str) -> list[str]:
    bare = "".join(text.split())
    forms = ["wörd/", "w\\u00f6rd", "w%C3%B6rd", "w%c3%b6rd", "key'&%", *REPEATED.values()]
    return [form for form in forms if "".join(form.split()) in bare]


@pytest.mark.parametrize("repeated", REPEATED.values(), ids=REPEATED)
@pytest.mark.parametrize("called", CALLS)
def test_response_of_any_shape_leaks_no_secret(called: str, repeated: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for name in NAMES if repeated == SECRET else NAMES[:1]:
        for shape, (status, body) in shapes(name, repeated).items():
            response = Reply(status, body, {"x-amzn-RequestId": SECRET.encode("latin-1").decode("latin-1")})
            replies = [response, Reply(200, {"access_token": "of-the-caller", "expires_in": 900})]
            server = Server(
                handler=lambda request, replies=replies: replies[
                    called == "Strata Cloud Manager" and "auth" in str(request.url)
                ]
            )
            shown = ""
            try:
                CALLS[called](server)
            except PanwCloudError as error:
                shown = visible(error)
            assert not leaks(shown), (name, shape)
    assert not leaks(caplog.text)


@pytest.mark.parametrize("called", CALLS)
def test_error_text_without_secret_is_quoted(called: str) -> None:
    """Guards the test above, which an empty message would pass."""
    said = "the tenant is being migrated"
    body: Any = {**spelled(said), "Response": reported("SubscriptionKey")}
    if called == "WildFire":
        body = f"<error><error-message>'{said}'</error-message></error>"
    access = Reply(200, {"access_token": "of-the-caller"})
    server = Server(
        handler=lambda request: (
            access if called == "Strata Cloud Manager" and "auth" in str(request.url) else Reply(400, body)
        )
    )
    with pytest.raises(PanwCloudError, match=said):
        CALLS[called](server)


STEERING = {
    "ESC": "\x1b[31m",
    "NUL": "\0",
    "BEL": "\a",
    "backspace": "\b\b",
    "carriage return": "\r",
    "C1": "\x9b31m",
    "right to left": "\u202e",
    "isolate": "\u2066",
    "mark": "\u200f",
    "invisible": "\u200b\ufeff",
    "tag": "\U000e0041",
    "line": "\u2028",
    "half a character": "\ud800",
}


@pytest.mark.parametrize("text", STEERING.values(), ids=STEERING)
@pytest.mark.parametrize("called", CALLS)
def test_response_with_control_characters_is_escaped(called: str, text: str) -> None:
    said = f"before{text}after"
    body: Any = spelled(said)
    if called == "WildFire":
        body = f"<error><error-message>'{said}'</error-message></error>".encode(errors="replace")
    access = Reply(200, {"access_token": "of-the-caller"})
    server = Server(
        handler=lambda request: (
            access if called == "Strata Cloud Manager" and "auth" in str(request.url) else Reply(403, body)
        )
    )
    with pytest.raises(PanwCloudError) as caught:
        CALLS[called](server)
    result = caught.value.as_result()
    for shown in (result["msg"], *map(str, result["error"].values()), visible(caught.value).partition("Traceback")[0]):
        assert not [letter for letter in text if not letter.isprintable() and letter in shown]
