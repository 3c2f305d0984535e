# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One in-process simulator per test file, and small clients for it."""

from __future__ import annotations

import hashlib
import hmac
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import boto3
import pytest
import requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials

FILES = Path(__file__).parents[2] / "roles" / "simulator" / "files"
sys.path.insert(0, str(FILES))

MAIN = "123456789012"
OTHER = "210987654321"
TAGS = {
    "firewall": "CloudNGFWFirewallAdmin",
    "rulestack": "CloudNGFWRulestackAdmin",
    "globalrulestack": "CloudNGFWGlobalRulestackAdmin",
    "account": "CloudNGFWAccountAdmin",
}
FIREWALLS = {
    **dict.fromkeys([f"{name}_seconds" for name in ("create", "update", "delete", "endpoint", "commit")], 0.5),
    **dict.fromkeys([f"{name}_failure" for name in ("create", "update", "delete", "commit")]),
    "endpoint_rejection": None,
}
INVOKE = "arn:aws:iam::aws:policy/AmazonAPIGatewayInvokeFullAccess"


def trust(principal=None, **extra):
    """A trust policy with one statement."""
    statement = {"Effect": "Allow", "Principal": principal or {"AWS": MAIN}, "Action": "sts:AssumeRole", **extra}
    return {"Version": "2012-10-17", "Statement": [statement]}


class World:
    """Clients of one running simulator."""

    def __init__(self, simulator):
        self.endpoints = SimpleNamespace(**simulator.endpoints)
        self.ca = self.endpoints.ca_bundle
        lines = Path(self.endpoints.credentials_file).read_text(encoding="utf-8").splitlines()
        self.user = Credentials(lines[1].split(" = ")[1], lines[2].split(" = ")[1])
        self.session = requests.Session()
        self.session.trust_env = False
        self._names = iter(range(100_000))

    def client(self, service, credentials=None, region="us-east-1"):
        keys = credentials or self.user
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=self.endpoints.aws_url,
            verify=self.ca,
            aws_access_key_id=keys.access_key,
            aws_secret_access_key=keys.secret_key,
            aws_session_token=keys.token,
            config=Config(retries={"total_max_attempts": 1}, parameter_validation=False),
        )

    def role(self, *kinds, document=None, invoke=True, credentials=None, **options):
        """Create a role with the tags of these admin roles and return its ARN."""
        iam = self.client("iam", credentials)
        name = f"role-{next(self._names)}"
        tags = [{"Key": TAGS[kind], "Value": "Yes"} for kind in kinds]
        text = json.dumps(document or trust())
        arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=text, Tags=tags, **options)["Role"]["Arn"]
        if invoke:
            iam.attach_role_policy(RoleName=name, PolicyArn=INVOKE)
        return arn

    def user_with(self, *statements):
        """Create a user with an inline policy and return its credentials and ARN."""
        iam = self.client("iam")
        name = f"user-{next(self._names)}"
        arn = iam.create_user(UserName=name)["User"]["Arn"]
        if statements:
            policy = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
            iam.put_user_policy(UserName=name, PolicyName="inline", PolicyDocument=policy)
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return Credentials(key["AccessKeyId"], key["SecretAccessKey"]), arn

    def assume(self, arn, credentials=None, **options):
        answer = self.client("sts", credentials).assume_role(**{"RoleArn": arn, "RoleSessionName": "test", **options})[
            "Credentials"
        ]
        return Credentials(answer["AccessKeyId"], answer["SecretAccessKey"], answer["SessionToken"])

    def signed(self, method, path, credentials, *, region="us-east-1", service="execute-api", body=None, headers=None):
        """A call signed by botocore."""
        url = self.endpoints.ngfw_url + path
        request = AWSRequest(method, url, headers=headers or {}, data=body)
        SigV4Auth(credentials, service, region).add_auth(request)
        return self.send(method, path, dict(request.headers), body)

    def send(self, method, path, headers=None, body=None, **options):
        url = self.endpoints.ngfw_url + path
        request = requests.Request(method, url, headers=headers, data=body).prepare()
        request.url = url  # exactly as written
        return self.session.send(request, verify=self.ca, timeout=20, allow_redirects=False, **options)

    def token(self, kind="rulestack", arn=None, query="", **options):
        """Request headers with a new token."""
        credentials = self.assume(arn or self.role(kind))
        answer = self.signed("GET", f"/v1/mgmt/tokens/cloud{kind}admin{query}", credentials, **options).json()
        content = answer["Response"]
        return {"Authorization": content["TokenId"], "x-api-key": content["SubscriptionKey"]}

    def read(self, path, headers, body=None):
        return self.send("GET", path, headers, body)

    def content(self, path, headers, body=None):
        """``Response`` of a response that must be a success."""
        answer = self.read(path, headers, json.dumps(body) if body is not None else None)
        assert answer.status_code == 200, answer.text
        assert answer.json()["ResponseStatus"]["ErrorCode"] == 0, answer.text
        return answer.json()["Response"]

    def write(self, method, path, headers, body=None):
        """The document of a write that must be a success."""
        answer = self.send(method, path, headers, None if body is None else json.dumps(body))
        assert (answer.status_code, answer.json()["ResponseStatus"]["ErrorCode"]) == (200, 0), answer.text
        return answer.json()

    def refused(self, method, path, headers, body=None):
        """The Reason of a request that the service must refuse."""
        answer = self.send(method, path, headers, None if body is None else json.dumps(body))
        assert answer.status_code == (400 if path.startswith("/v2") else 200), answer.text
        assert answer.json()["Response"] is None
        assert answer.json()["ResponseStatus"]["ErrorCode"] == 400
        return answer.json()["ResponseStatus"]["Reason"]

    def admin(self, method, path, body=None):
        return self.session.request(method, self.endpoints.admin_url + path, json=body, timeout=20)

    def state(self):
        return self.admin("GET", "/state").json()

    def fault(self, kind, **parameters):
        answer = self.admin("POST", "/faults", {"kind": kind, **parameters})
        assert answer.status_code == 200, answer.text


def hand_signed(url, method, credentials, body=b"", region="us-east-1", when=None):
    """Headers signed without a library, like those of the vendor's tool."""
    stamp = (when or datetime.now(UTC)).strftime("%Y%m%dT%H%M%SZ")
    parts = urlsplit(url)
    signed = {"host": parts.netloc, "x-amz-date": stamp}
    if credentials.token:
        signed["x-amz-security-token"] = credentials.token
    names = ";".join(signed)
    canonical = "\n".join(
        [
            method,
            parts.path,
            parts.query,
            *(f"{name}:{value}" for name, value in signed.items()),
            "",
            names,
            hashlib.sha256(body).hexdigest(),
        ]
    )
    scope = f"{stamp[:8]}/{region}/execute-api/aws4_request"
    text = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = b"AWS4" + credentials.secret_key.encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    authorization = (
        f"AWS4-HMAC-SHA256 Credential={credentials.access_key}/{scope}, SignedHeaders={names}, Signature={signature}"
    )
    return {**{name: value for name, value in signed.items() if name != "host"}, "Authorization": authorization}


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    from panw_simulator import Simulator

    with Simulator(tmp_path_factory.mktemp("simulator") / "state") as simulator:
        yield World(simulator)


@pytest.fixture
def world(running):
    """The simulator with all settings at their defaults."""
    yield running
    running.admin("DELETE", "/faults")
    running.admin("PUT", "/clock", {"offset_seconds": 0})
    access = {"enabled": True, "max_expiry_time": 1440, "describe": "signed", "revoke_route": True}
    running.admin("PUT", "/access", {**access, "application_error_status": 200, "v2_error_status": 400})
    running.admin("PUT", f"/accounts/{MAIN}", {"onboarded": True, "firewall_manager": True})
    running.admin("PUT", "/rulestacks", {"commit_seconds": 1.0, "max_unassociated": 10})
    running.admin("POST", "/rulestacks/reset")
    running.admin("PUT", "/firewalls", FIREWALLS)
    running.admin("POST", "/firewalls/reset")
    running.admin("POST", "/strata/reset")


@pytest.fixture(scope="module")
def access(running):
    """Headers with a token of one day for each admin role, by its first letter."""
    return {kind[0]: running.token(kind, query="?expirytime=1440") for kind in TAGS}


class Tenant:
    """A tenant administrator of Strata Cloud Manager, with calls to every service of the tenant."""

    def __init__(self, world):
        self.world = world
        self.points = world.endpoints
        self.credentials = json.loads(Path(self.points.scm_credentials_file).read_text(encoding="utf-8"))
        self.tsg_id = self.credentials["tsg_id"]

    def call(self, service, method, path, token=None, **options):
        """Call a service; ``token`` is a Bearer token."""
        headers = {**({"Authorization": f"Bearer {token}"} if token else {}), **options.pop("headers", {})}
        url = getattr(self.points, f"{service}_url") + path
        return self.world.session.request(method, url, headers=headers, verify=self.world.ca, timeout=20, **options)

    def ask_token(self, account=None, scope=None, path="/oauth2/access_token"):
        """The token server's response to an account's credentials."""
        account = account or self.credentials
        form = {"grant_type": "client_credentials", "scope": scope or f"tsg_id:{account['tsg_id']}"}
        return self.call("oauth", "POST", path, data=form, auth=(account["client_id"], account["client_secret"]))

    def token(self, account=None):
        """An access token: the administrator's, or another account's."""
        answer = self.ask_token(account)
        assert answer.status_code == 200, answer.text
        return answer.json()["access_token"]

    def scm(self, method, path, body=None, token=None):
        """Call identity, tenancy or subscriptions."""
        return self.call("scm", method, path, token or self.token(), json=body)

    def registry(self, method, path, body=None, token=None):
        """Call the registry of keys."""
        return self.call("registry", method, path, token or self.token(), json=body)

    def account(self, name="wildfire", role="auditor"):
        """Create a service account with a role and return it with its secret."""
        account = self.scm("POST", "/iam/v1/service_accounts", {"name": name}).json()
        if role:
            assert self.bind(account["client_id"], role).status_code == 201
        return account

    def bind(self, principal, role, tsg_id=None):
        """Assign a role to a principal."""
        policy = {"role": role, "principal": principal, "resource": f"prn:{tsg_id or self.tsg_id}::::"}
        return self.scm("POST", "/iam/v1/access_policies", policy)

    def key(self, account, product="advanced_wildfire"):
        """A valid key, as an operator creates it in the console."""
        body = {"product": product, "service_account": account["client_id"]}
        key = self.world.admin("POST", "/strata/keys", body).json()
        return self.world.admin("POST", f"/strata/keys/{key['id']}/settle").json()

    def verdict(self, digest, token=None, **fields):
        """Request a verdict in curl's format."""
        form = {"hash": (None, digest), **{name: (None, value) for name, value in fields.items()}}
        return self.call("wildfire", "POST", "/publicapi/get/verdict", token, files=form)

    def switch(self, **values):
        answer = self.world.admin("PUT", "/strata", values)
        assert answer.status_code == 200, answer.text


@pytest.fixture
def tenant(world):
    """The tenant restored from the seed."""
    return Tenant(world)


@pytest.fixture
def tools():
    """Helpers of this file for tests that need more than the clients."""
    return SimpleNamespace(trust=trust, hand_signed=hand_signed, MAIN=MAIN, OTHER=OTHER, FILES=FILES)
