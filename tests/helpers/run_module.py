# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run a module's main() against a loopback server that acts as STS and Cloud NGFW."""

from __future__ import annotations

import contextlib
import importlib
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Union
from unittest import mock
from urllib.parse import quote, urlsplit

from ansible.module_utils import basic
from ansible_collections.panw.cloud.tests.helpers.fake_firewalls import FakeFirewalls
from ansible_collections.panw.cloud.tests.helpers.fake_rulestacks import BASE, FakeRulestacks
from ansible_collections.panw.cloud.tests.helpers.fakes import (
    KEY,
    ROLE_ARN,
    TOKEN,
    Reply,
    issued,
    refusal,
    success,
)
from ansible_collections.panw.cloud.tests.helpers.servers import Loopback, Peer, Received, answering

try:
    from ansible.module_utils import _internal
    from ansible.module_utils.testing import patch_module_args
except ImportError:  # before ansible-core 2.19
    on_host = contextlib.nullcontext

    @contextlib.contextmanager
    def patch_module_args(args: dict[str, Any]) -> Iterator[None]:
        """Pass options to the next AnsibleModule."""
        with mock.patch.object(basic, "_ANSIBLE_ARGS", json.dumps({"ANSIBLE_MODULE_ARGS": args}).encode()):
            yield
else:

    def on_host() -> Any:
        """Run as on a managed host: on a controller, a module in the process of action plugin tests would print its warnings."""
        return mock.patch.object(_internal, "is_controller", False)


SECRET, SESSION = "the-secret-key-of-the-session", "the-session-token-of-the-session//=="
CALLERS = "the-secret-key-of-the-caller"
SECRETS = (TOKEN, KEY, SECRET, SESSION, CALLERS)
ASSUMED = f"""<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
<AccessKeyId>ASIAEXAMPLEEXAMPLE1</AccessKeyId><SecretAccessKey>{SECRET}</SecretAccessKey><SessionToken>{SESSION}</SessionToken>
<Expiration>2026-05-19T13:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"""
IDENTITY = """<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Account>210987654321</Account>
</GetCallerIdentityResult></GetCallerIdentityResponse>"""
STAGE = "/prod"
TOKENS = f"{STAGE}/v1/mgmt/tokens"
DELETE = f"DELETE {TOKENS}/{quote(TOKEN, safe='')}"

Route = Union[Reply, Callable[[Received], Reply]]  # noqa: UP007 - pylint mistakes the classes for values


def issue(request: Received) -> Reply:
    """Issue a token with the requested lifetime."""
    return issued(minutes=json.loads(request.body)["ExpiryTime"])


ROUTES: dict[str, Route] = {
    **{f"GET {TOKENS}/cloud{role}admin": issue for role in ("firewall", "rulestack", "globalrulestack", "account")},
    f"GET {TOKENS}": success({"Enabled": True, "MaxExpiryTime": 1440}),
    DELETE: success({"TokenId": TOKEN}),
    f"GET {STAGE}/v1/config/rulestacks": success({"RuleStackCandidate": ["web"]}),
    f"GET {STAGE}/v1/config/rulestacks/web": success(
        {"RuleStackName": "web", "RuleStackCandidate": {"Scope": "Local"}, "RuleStackState": "Running"}
    ),
    f"GET {STAGE}/v1/mgmt/linkaccounts": success({"AccountIds": []}),
}


class Cloud(Loopback):
    """STS and Cloud NGFW; the routes of a test take precedence.

    :param rulestacks: serves what is below C(/v1/config/rulestacks). :param firewalls: serves what is below C(ngfirewalls).
    """

    def __init__(
        self,
        routes: Mapping[str, Route] | None = None,
        rulestacks: FakeRulestacks | None = None,
        firewalls: FakeFirewalls | None = None,
    ) -> None:
        self._routes = {**ROUTES, **(routes or {})}
        self._services = [(part, fake) for part, fake in ((BASE, rulestacks), ("/ngfirewalls", firewalls)) if fake]
        super().__init__(self._behave)

    def _behave(self, peer: Peer, request: Received) -> bool:
        if request.target == "/":
            body = (ASSUMED if b"AssumeRole" in request.body else IDENTITY).encode()
            return answering(body)(peer, request)
        for part, fake in self._services:
            if part in request.target:
                served = fake.respond(request.method, request.target, request.body)
                return isinstance(served, Reply) and answering(served.body, f"{served.status} Status")(peer, request)
        route = self._routes.get(f"{request.method} {urlsplit(request.target).path}")
        reply = route(request) if callable(route) else route or refusal(403, "Missing Authentication Token")
        lines = tuple(f"{name}: {value}" for name, value in reply.headers.items())
        return answering(reply.body, f"{reply.status} Status", lines)(peer, request)

    @property
    def calls(self) -> list[str]:
        """The requests to Cloud NGFW."""
        return [f"{got.method} {urlsplit(got.target).path}" for got in self.received if got.target != "/"]

    @property
    def sts(self) -> list[Received]:
        """The requests to STS."""
        return [got for got in self.received if got.target == "/"]

    @property
    def options(self) -> dict[str, Any]:
        """The connection options."""
        return {
            "ngfw_url": self.url + STAGE,
            "endpoint_url": self.url,
            "region": "us-east-1",
            "access_key": "AKIAEXAMPLEEXAMPLE1",
            "secret_key": CALLERS,
            "role_arn": ROLE_ARN,
        }


def run(name: str, options: Mapping[str, Any], *, check: bool = False) -> dict[str, Any]:
    """The result of a module, after checking that its output is exactly one JSON object."""
    module = importlib.import_module(f"ansible_collections.panw.cloud.plugins.modules.{name}")
    given = {**options, "_ansible_check_mode": check}
    output = io.StringIO()
    with on_host(), patch_module_args(given), contextlib.redirect_stdout(output), contextlib.suppress(SystemExit):
        module.main()
    result: dict[str, Any] = json.loads(output.getvalue())
    for name in (
        "invocation",
        "deprecations",
    ):  # Ansible's own keys; warnings are those of all modules that ran in this process
        result.pop(name, None)
    return result


def failed(result: dict[str, Any], secrets: Iterable[str] = SECRETS) -> dict[str, Any]:
    """A failed result, after checking that it contains no secret and no traceback."""
    assert result["failed"] is True
    shown = json.dumps(result)
    assert "Traceback" not in shown
    for secret in secrets:
        assert secret not in shown
    return result
