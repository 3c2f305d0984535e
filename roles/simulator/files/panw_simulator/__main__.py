# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Command line of the simulator."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

from .regions import DEFAULT_REGION

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)
DESCRIPTION = """\
Simulates AWS (STS, IAM, Secrets Manager, SSM, CloudFormation), the Cloud NGFW for AWS API, Strata Cloud Manager (OAuth,
identity, tenancy, subscriptions) and the WildFire public API over TLS, on this machine.

It checks signatures, trust policies, role tags, tokens and permissions as the real services do, and sends nothing to them.
When all endpoints are up, the state directory contains:

  endpoints.json         URLs, CA bundle, region, account id, tenant service group, process id
  credentials            AWS shared credentials file of the user simulator-admin (profiles: default, simulator)
  config                 AWS configuration file with region, CA bundle, endpoint URL, and a profile for each other account
  scm-credentials.json   client_id, client_secret and tsg_id of the tenant administrator
  registry.json          API description of the WildFire key registry; this API is specific to the simulator
  environment            shell script that points clients to the simulator, without secrets
  ca.pem                 the CA, created at each start
"""

EPILOG = """\
Point clients to it (STATE is the state directory):

  shell        . STATE/environment
  AWS CLI      aws sts get-caller-identity                           after the line above
  boto3        boto3.Session(profile_name="simulator").client("sts")  after the line above
  curl         curl --cacert STATE/ca.pem --aws-sigv4 "aws:amz:us-east-1:execute-api" --user "$KEY:$SECRET" \\
                 -H "x-amz-security-token: $TOKEN" "$NGFW_URL/v1/mgmt/tokens/cloudrulestackadmin"
               where KEY, SECRET and TOKEN come from aws sts assume-role on a role that carries the tag
  vendor tool  python get_pa_token.py --profile simulator --region us-east-1 --role-arn ARN \\
                 --get-token-url "$NGFW_URL/v1/mgmt/tokens/cloudfirewalladmin"
  vendor SDK   Host, V2Host and MPRegionHost: the host and port of NGFW_URL; SSL_CERT_FILE=STATE/ca.pem;
               it has no STS URL option: resolve sts.amazonaws.com to the host and port of AWS_ENDPOINT_URL
  OAuth        curl --cacert STATE/ca.pem --user "$CLIENT_ID" "$SCM_AUTH_URL" \\
                 -d "grant_type=client_credentials&scope=tsg_id:$SCM_TSG_ID"
               prompts for the client secret; both are in STATE/scm-credentials.json
  pan-python   panwfapi.py -t simulator --cafile STATE/ca.pem --verdict --hash HASH
               where ~/.panrc has hostname%simulator, the host and port of WILDFIRE_URL, and api_key%simulator, a key
               from POST /strata/legacy-keys

A first role (any tag of CloudNGFWFirewallAdmin, CloudNGFWRulestackAdmin, CloudNGFWGlobalRulestackAdmin,
CloudNGFWAccountAdmin with the value Yes):

  aws iam create-role --role-name ngfw --tags Key=CloudNGFWRulestackAdmin,Value=Yes --assume-role-policy-document \\
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":"sts:AssumeRole"}]}'
  aws iam attach-role-policy --role-name ngfw --policy-arn arn:aws:iam::aws:policy/AmazonAPIGatewayInvokeFullAccess

The administrative interface (admin_url in endpoints.json, always on 127.0.0.1):

  GET /healthz   GET /state   GET /secrets   GET, PUT /access   PUT /accounts/ID   GET, POST, DELETE /faults
  GET, PUT /clock   POST /credentials/expire   DELETE /calls   POST /fleet
  GET, PUT /rulestacks           commit_seconds (null: until it is settled), max_unassociated
  POST /rulestacks/settle        finish all commits and validations
  POST /rulestacks/reset         restore the rulestacks from the seed
  GET, PUT /strata               list_shape, pending_seconds, apply_required, licensed, queries_per_day, uploads_per_day,
                                 analysis_seconds (null: forever), max_file_bytes
  POST /strata/reset             restore the tenant from the seed
  POST /strata/access-tokens/expire
  GET /strata/keys               all keys with their ids, without secrets
  POST /strata/keys              the operator's step in the console: {"product": ..., "service_account": CLIENT_ID}
  DELETE /strata/keys/ID   POST /strata/keys/ID/settle         revoke a key; end its Pending state
  POST, DELETE /strata/legacy-keys                             {"product": ... or null, "length": 32 or 64}
  GET /strata/samples            WildFire's samples; PUT /strata/samples/SHA256 {"verdict": 1} changes a verdict
  GET /strata/change-requests    requests to review a verdict

Stop with SIGTERM or SIGINT. Exit codes: 0 stopped, 2 could not start.
"""


def main(arguments: list[str] | None = None) -> int:
    """Run until a signal arrives and return the exit code."""
    options = _parser().parse_args(arguments)
    _log_to_stderr()
    for name in ("MOTO_ACCOUNT_ID", "INITIAL_NO_AUTH_ACTION_COUNT"):
        os.environ.pop(name, None)  # would change the caller that moto detects
    try:
        from . import SeedError, Simulator, StartError, StateDirectoryError
    except ImportError as failure:
        return _fail(
            f"Python package {failure.name} is missing; install the packages in requirements.txt next to this package"
        )
    # Block the signals here and thus in every thread: the kernel queues them until this thread waits for them, so none is lost.
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
    try:
        with Simulator(**_given(options)) as simulator:
            logging.getLogger("panw_simulator").info("%s", _ready(simulator.endpoints))
            signal.sigwait(STOP_SIGNALS)
    except (SeedError, StartError, StateDirectoryError) as failure:
        return _fail(str(failure))
    return 0


def _ready(endpoints: dict[str, Any]) -> str:
    """The line that reports that all endpoints are up, with their URLs."""
    addresses = {"AWS": "aws_url", "Cloud NGFW": "ngfw_url", "administration": "admin_url"}
    named = ", ".join(f"{name} {endpoints[key]}" for name, key in addresses.items())
    return f"ready: {named}. To use it in a shell: . {Path(endpoints['credentials_file']).with_name('environment')}"


def _given(options: argparse.Namespace) -> dict[str, Any]:
    return {name: value for name, value in vars(options).items() if value is not None}


def _fail(message: str) -> int:
    print(f"panw_simulator: {message}", file=sys.stderr)
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m panw_simulator",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--state-dir", type=Path, required=True, help="directory for the files above, created with mode 0700"
    )
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        help="listen address of all endpoints except the administrative interface (default %(default)s)",
    )
    parser.add_argument("--allow-remote", action="store_true", help="allow a --host other than loopback")
    for name in ("aws", "ngfw", "oauth", "scm", "wildfire", "registry", "admin"):
        parser.add_argument(
            f"--{name}-port", type=_port, default=0, help=f"port of the {name} endpoint (default: a free one)"
        )
    parser.add_argument(
        "--region", type=_region, default=DEFAULT_REGION, help="region served without a stage (default %(default)s)"
    )
    parser.add_argument(
        "--mp-region", type=_region, default=DEFAULT_REGION, help="management-plane region (default %(default)s)"
    )
    parser.add_argument("--seed", type=Path, help="YAML file with accounts, rulestacks, firewalls and the tenant")
    parser.add_argument(
        "--tenant-version", choices=("V1", "V2"), help="tenant version claim of the tokens (default: from the seed)"
    )
    parser.add_argument(
        "--name",
        dest="names",
        action="append",
        default=[],
        help="additional host name for the certificate; repeatable",
    )
    return parser


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError("must be from 0 to 65535")
    return int(text)


def _region(text: str) -> str:
    if not text or not all(part.isalnum() for part in text.split("-")) or text != text.lower():
        raise argparse.ArgumentTypeError("must be a region such as us-east-1")
    return text


def _log_to_stderr() -> None:
    handler = logging.StreamHandler()
    formatter = logging.Formatter("%(asctime)s %(message)s", "%Y-%m-%dT%H:%M:%SZ")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    logger = logging.getLogger("panw_simulator")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False


if __name__ == "__main__":
    sys.exit(main())
