# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulated tenant and modules that run against it in this process, over TLS."""

from __future__ import annotations

import contextlib
import importlib
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from unittest import mock

import boto3
import requests
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.panw.cloud.plugins.module_utils._common.errors import PanwCloudError
from ansible_collections.panw.cloud.plugins.module_utils._module import firewall, rulestack_config
from ansible_collections.panw.cloud.plugins.module_utils._module.aws import ModuleShim
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.admin_roles import ADMIN_ROLES
from ansible_collections.panw.cloud.plugins.module_utils._transport.adapter import Adapter
from ansible_collections.panw.cloud.tests.helpers.run_module import on_host, patch_module_args

MODULES = "ansible_collections.panw.cloud.plugins.modules."


class RulestackTenant:
    """A running simulator, with a token for each scope.

    :param tokens: by scope, each with C(token) and C(subscription_key).
    :cvar part: what the paths of the counted and recorded calls have in common.
    """

    part = "/config/"

    def __init__(self, endpoints: dict[str, Any], tokens: dict[str, dict[str, str]]) -> None:
        self.endpoints, self._tokens = endpoints, tokens

    def options(self, scope: str = "local") -> dict[str, Any]:
        """The connection options of every task."""
        return {
            **self._tokens[scope],
            "region": "us-east-1",
            "ngfw_url": self.endpoints["ngfw_url"],
            "ngfw_ca_bundle": str(self.endpoints["ca_bundle"]),
        }

    def module(self, name: str, /, *, check: bool = False, **options: Any) -> dict[str, Any]:
        """Run a module; return its result, of a failure too."""
        main = importlib.import_module(f"{MODULES}{name}").main
        given = {**self.options(options.get("scope") or "local"), **options, "_ansible_check_mode": check}
        output = io.StringIO()
        with patch_module_args(given), on_host(), contextlib.redirect_stdout(output), contextlib.suppress(SystemExit):
            main()
        result: dict[str, Any] = json.loads(output.getvalue().strip().splitlines()[-1])
        result.pop("invocation", None)
        return result

    def config(self, *, check: bool = False, **options: Any) -> dict[str, Any]:
        """Run ngfw_rulestack_config as its action plugin does; return its result, of a failure too."""
        checked = ArgumentSpecValidator(rulestack_config.spec()).validate({**self.options(), **options})
        assert not checked.error_messages
        try:
            return rulestack_config.work(ModuleShim(checked.validated_parameters, check), lambda *_counts: None)
        except PanwCloudError as error:
            return {"failed": True, **error.as_result()}

    def firewall(self, *, check: bool = False, **options: Any) -> dict[str, Any]:
        """Run ngfw_firewall as its action plugin does; return its result, of a failure too."""
        checked = ArgumentSpecValidator(firewall.spec()).validate({**self.options(), "wait_timeout": 60, **options})
        assert not checked.error_messages
        try:
            return firewall.work(ModuleShim(checked.validated_parameters, check), lambda _state: None)
        except PanwCloudError as error:
            return {"failed": True, **error.as_result()}

    def call(self, method: str, path: str, body: Any = None, scope: str = "local") -> Any:
        """The C(Response) of a request of another client."""
        token = self._tokens[scope]
        answer = requests.request(
            method,
            self.endpoints["ngfw_url"] + path,
            json=body,
            headers={"Authorization": token["token"], "x-api-key": token["subscription_key"]},
            verify=str(self.endpoints["ca_bundle"]),
            timeout=20,
        ).json()
        assert answer["ResponseStatus"]["ErrorCode"] == 0, answer
        return answer.get("Response")

    def admin(self, method: str, path: str, **body: Any) -> Any:
        """Call the simulator's administrative interface."""
        answer = requests.request(method, self.endpoints["admin_url"] + path, json=body or None, timeout=20)
        assert answer.ok, answer.text
        return answer.json() if answer.content else None

    def counts(self) -> tuple[int, int]:
        """How many reads and writes the server has received."""
        calls = {call: count for call, count in self.admin("GET", "/state")["calls"].items() if self.part in call}
        reads = sum(count for call, count in calls.items() if call.startswith("GET"))
        return reads, sum(calls.values()) - reads

    @contextlib.contextmanager
    def recorded(self) -> Iterator[list[requests.PreparedRequest]]:
        """The requests that this process sends while the block runs."""
        sent: list[requests.PreparedRequest] = []
        part, send = self.part, Adapter.send

        def record(adapter: Any, request: requests.PreparedRequest, *more: Any, **options: Any) -> Any:
            if part in str(request.url):
                sent.append(request)
            return send(adapter, request, *more, **options)

        with mock.patch.object(Adapter, "send", record):
            yield sent
        assert sent


RULESTACK_ADMINS = {"local": "rulestack", "global": "global_rulestack"}


@contextlib.contextmanager
def simulated_tenant(
    directory: Path, admins: Mapping[str, str] | None = None, version: str = "V2"
) -> Iterator[RulestackTenant]:
    """Start a simulator and get a token for each scope, as its bootstrap user.

    :param admins: the admin role of the token of each scope. :param version: of the tenant.
    """
    from panw_simulator import Simulator

    with Simulator(directory, tenant_version=version) as simulator:
        endpoints = dict(simulator.endpoints)
        lines = Path(endpoints["credentials_file"]).read_text(encoding="utf-8").splitlines()
        keys = dict(
            zip(
                ("aws_access_key_id", "aws_secret_access_key"),
                (line.split(" = ")[1] for line in lines[1:3]),
                strict=True,
            )
        )
        places = {
            "region_name": "us-east-1",
            "endpoint_url": endpoints["aws_url"],
            "verify": str(endpoints["ca_bundle"]),
        }
        admins = admins or RULESTACK_ADMINS
        role_arn = _role(boto3.client("iam", **keys, **places), admins.values())
        own = {
            "access_key": keys["aws_access_key_id"],
            "secret_key": keys["aws_secret_access_key"],
            "endpoint_url": endpoints["aws_url"],
            "aws_ca_bundle": str(endpoints["ca_bundle"]),
            "role_arn": role_arn,
        }
        tenant = RulestackTenant(endpoints, {"local": own})
        tokens = {}
        for scope, admin_role in admins.items():
            found = tenant.module("ngfw_token", admin_role=admin_role, expiry_time=1440)
            tokens[scope] = {name: found[name] for name in ("token", "subscription_key")}
        yield RulestackTenant(endpoints, tokens)


def _role(iam: Any, admin_roles: Iterable[str]) -> str:
    """Create a role that may get tokens of the admin roles; return its ARN."""
    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"AWS": "123456789012"}, "Action": "sts:AssumeRole"}],
    }
    tags = [{"Key": ADMIN_ROLES[admin_role].tag, "Value": "Yes"} for admin_role in admin_roles]
    name = "CloudNGFWRulestackAdmin"
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust), Tags=tags)["Role"]
    iam.attach_role_policy(RoleName=name, PolicyArn="arn:aws:iam::aws:policy/AmazonAPIGatewayInvokeFullAccess")
    return str(role["Arn"])
