# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Assembly, start and stop of one simulator."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from . import accounts
from .accounts_api import Management
from .admin import Admin, Parts
from .aws_gate import AwsGate
from .certificates import Authority
from .clock import Clock
from .faults import FaultBoard
from .firewalls import FirewallStore
from .firewalls import routes as firewall_routes
from .gateway import Gatekeeper, Gateway
from .http_server import ConnectionCounter, HttpServer, Service
from .identities import Identities
from .pagination import Pager
from .recorder import Recorder
from .reference_data import ReferenceData
from .regions import DEFAULT_REGION, REGIONS, aws_hosts, ngfw_host
from .routing import Route, Router
from .rulestacks import RulestackStore
from .rulestacks import routes as rulestack_routes
from .seed import DEFAULT_SEED, MAIN_ACCOUNT, load
from .settings import Settings
from .state_directory import StateDirectory, as_json
from .strata.hosts import HOSTS
from .strata.registry_api import contract
from .strata.tenant import Tenant
from .token_api import TokenApi
from .tokens import TokenStore

LOOPBACK = "127.0.0.1"
_one_at_a_time = threading.Lock()


class StartError(Exception):
    """The simulator cannot start; the text is one line for the user."""


@dataclass(frozen=True)
class Options:
    """Start options. Port 0 selects a free port.

    :param tenant_version: tenant version claim of the tokens, ``V1`` or ``V2``; None uses the seed's.
    """

    state_dir: Path
    host: str = LOOPBACK
    aws_port: int = 0
    ngfw_port: int = 0
    oauth_port: int = 0
    scm_port: int = 0
    wildfire_port: int = 0
    registry_port: int = 0
    admin_port: int = 0
    region: str = DEFAULT_REGION
    mp_region: str = DEFAULT_REGION
    seed: Path = DEFAULT_SEED
    tenant_version: str | None = None
    allow_remote: bool = False
    names: tuple[str, ...] = field(default=())


class Simulator:
    """The simulator in this process, as a context manager. Only one can run per process: moto's state is global.

    >>> with Simulator(state_dir=Path("state")) as simulator:
    ...     simulator.endpoints["ngfw_url"]

    Keyword arguments are those of :class:`Options`.

    :raises StartError: the options are invalid or an address is in use.
    :raises SeedError: the seed is invalid.
    :raises StateDirectoryError: the state directory is unusable.
    """

    def __init__(self, state_dir: Path | str, **options: Any) -> None:
        self.options = Options(Path(state_dir), **options)
        _check(self.options)
        self.seed = load(Path(self.options.seed))
        self.endpoints: dict[str, Any] = {}
        self._stopping = threading.Event()
        self._running = False
        self._servers: list[HttpServer] = []
        self._directory: StateDirectory | None = None

    def __enter__(self) -> Simulator:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start all servers and publish the endpoints; all endpoints are up when this returns."""
        if not _one_at_a_time.acquire(blocking=False):
            raise StartError("another simulator runs in this process")
        self._running = True
        try:
            self._start()
        except BaseException:
            self._release()
            raise

    def stop(self) -> None:
        """Stop all servers and remove the files. Idempotent."""
        if self._running:
            self._release()

    def _release(self) -> None:
        self._stopping.set()
        if self._directory is not None:
            self._directory.clear()
        for server in self._servers:
            server.stop()
        accounts.empty_moto()
        if self._directory is not None:
            self._directory.release()
            self._directory = None
        self._running = False
        _one_at_a_time.release()

    def _start(self) -> None:
        options = self.options
        self._directory = directory = StateDirectory(options.state_dir)
        directory.clear()
        accounts.empty_moto()
        bootstrap = accounts.create_bootstrap_user()
        known = [account["id"] for account in self.seed.accounts]
        accounts.create_entry_roles(known)
        authority = Authority(_certificate_names(options))
        directory.write("ca.pem", authority.ca_pem, 0o644)
        tenant = self._listen(directory, authority, known)
        self.endpoints = {
            **self._urls(),
            "ca_bundle": str(directory.file("ca.pem")),
            "region": options.region,
            "account_id": MAIN_ACCOUNT,
            "pid": os.getpid(),
            "credentials_file": str(directory.file("credentials")),
            "config_file": str(directory.file("config")),
            "tsg_id": tenant.tsg_id,
            "scm_credentials_file": str(directory.file("scm-credentials.json")),
            "registry_contract": str(directory.file("registry.json")),
        }
        for server in self._servers:
            server.start()
        directory.write("scm-credentials.json", as_json(tenant.credentials))
        directory.write("registry.json", as_json(contract(self.endpoints["registry_url"])))
        directory.publish(self.endpoints, bootstrap)

    def _urls(self) -> dict[str, str]:
        host = f"[{self.options.host}]" if ":" in self.options.host else self.options.host
        if self.options.host in ("0.0.0.0", "::"):
            host = LOOPBACK
        return {
            f"{server.name}_url": f"https://{host}:{server.port}" if server.tls else f"http://{LOOPBACK}:{server.port}"
            for server in self._servers
        }

    def _listen(self, directory: StateDirectory, authority: Authority, known: list[str]) -> Tenant:
        options = self.options
        connections, clock = ConnectionCounter(), Clock()
        services, tenant = self._services(connections, known, clock)
        tls = authority.server_context(directory.path)
        for name, service in services.items():
            host, context = (LOOPBACK, None) if name == "admin" else (options.host, tls)
            port = getattr(options, f"{name}_port")
            try:
                self._servers.append(HttpServer(name, host, port, service, connections, context, clock.time))
            except OSError as failure:
                raise StartError(f"cannot listen on {host} port {port} ({name}): {failure.strerror}") from failure
        return tenant

    def _services(
        self, connections: ConnectionCounter, known: list[str], clock: Clock
    ) -> tuple[dict[str, Service], Tenant]:
        recorder, settings = Recorder(), Settings(self.seed)
        identities = Identities(clock, recorder, known)
        identities.keep_user_secrets()
        faults = FaultBoard(self._stopping.wait)
        tokens = TokenStore(clock, recorder, self.options.tenant_version or self.seed.tenant["version"])
        pager = Pager()
        firewalls = FirewallStore(self.seed.firewalls, self.options.region, clock, settings, pager)
        store = RulestackStore(self.seed.rulestacks, clock, settings, firewalls.associated, pager, firewalls.committed)
        routes = [
            *TokenApi(identities, tokens, settings).routes(),
            *rulestack_routes(store, self.seed),
            *firewall_routes(firewalls, store),
            *self._read_routes(settings, tokens, pager),
        ]
        router = Router(routes, REGIONS, self.options.region, self.options.mp_region)
        keeper = Gatekeeper(identities, tokens, settings, clock, self.seed.tenant["service_account_id"])
        gate = AwsGate(identities, faults, recorder, clock)
        tenant = Tenant(self.seed.strata, clock, recorder, faults)
        names = tuple(route.name for route in routes)
        parts = Parts(
            clock, recorder, identities, tokens, settings, faults, connections, names, tenant, store, firewalls
        )
        gateway = Gateway(router, keeper, faults, recorder)
        return {"aws": gate, "ngfw": gateway, **tenant.doors, "admin": Admin(parts)}, tenant

    def _read_routes(self, settings: Settings, tokens: TokenStore, pager: Pager) -> list[Route]:
        seed = self.seed
        service_account = seed.tenant["service_account_id"]
        management = Management(seed.accounts, service_account, settings, tokens, self.options.mp_region, pager)
        return [*management.routes(), *ReferenceData(seed, pager).routes()]


def _certificate_names(options: Options) -> list[str]:
    fixed = [LOOPBACK, "::1", "localhost"]
    own = [options.host] if options.host not in ("0.0.0.0", "::") else []
    regions = dict.fromkeys([*REGIONS, options.region, options.mp_region])
    hosts = [*(ngfw_host(region) for region in regions), *aws_hosts(options.region)]
    return [*fixed, *own, *options.names, *hosts, *HOSTS]


def _check(options: Options) -> None:
    if options.host not in (LOOPBACK, "::1", "localhost") and not options.allow_remote:
        raise StartError(f"{options.host} is not a loopback address; --allow-remote permits it")
    if options.tenant_version not in (None, "V1", "V2"):
        raise StartError("the tenant version must be V1 or V2")
