# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Terraform with the vendor's provider, as it manages the same rulestack on the same simulated services."""

from __future__ import annotations

import json
import shutil
import socket
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from .processes import Cost, run
from .services import SimulatedServices

PROVIDER = "terraform-provider-cloudngfwaws"


class Terraform:
    """Runs Terraform in a separate directory.

    :param terraform: the program. :param provider: the built provider.
    """

    def __init__(self, services: SimulatedServices, home: Path, terraform: Path, provider: Path, role_arn: str) -> None:
        self._services, self._home, self._terraform = services, home / "terraform", terraform
        plugins = self._home / "plugins"
        plugins.mkdir(parents=True)
        shutil.copy(provider, plugins / PROVIDER)
        settings = self._home / "terraform.rc"
        settings.write_text(
            f'provider_installation {{\n  dev_overrides {{ "paloaltonetworks/cloudngfwaws" = "{plugins}" }}\n  direct {{}}\n}}\n'
        )
        host = urlsplit(services.endpoints["ngfw_url"]).netloc
        tunnel = Tunnel(urlsplit(services.endpoints["aws_url"]).port or 443)
        self._environment = {
            "PATH": "/usr/bin:/bin",
            "HOME": str(self._home),
            "TF_CLI_CONFIG_FILE": str(settings),
            "TF_IN_AUTOMATION": "1",
            "CHECKPOINT_DISABLE": "1",
            "HTTPS_PROXY": f"http://127.0.0.1:{tunnel.port}",
            "SSL_CERT_FILE": services.endpoints["ca_bundle"],
            **{f"CLOUDNGFWAWS_{name}HOST": host for name in ("", "V2_", "MP_REGION_")},
            "CLOUDNGFWAWS_REGION": services.endpoints["region"],
            "CLOUDNGFWAWS_ARN": role_arn,
            "CLOUDNGFWAWS_ACCESS_KEY": services.user.access_key,
            "CLOUDNGFWAWS_SECRET_KEY": services.user.secret_key,
        }

    def write(self, *documents: Mapping[str, Any]) -> None:
        """Write the configuration for rulestack documents."""
        resources: dict[str, dict[str, Any]] = {}
        for document in documents:
            for kind, named in _resources(document).items():
                resources.setdefault(kind, {}).update(named)
        required = {"required_providers": {"cloudngfwaws": {"source": "paloaltonetworks/cloudngfwaws"}}}
        configuration = {"terraform": required, "resource": resources}
        (self._home / "main.tf.json").write_text(json.dumps(configuration))

    def run(self, *arguments: str) -> Cost:
        """Run a command, with Terraform's own concurrency. :raises Failed: it failed."""
        command = [str(self._terraform), f"-chdir={self._home}", *arguments, "-no-color", "-input=false"]
        return run(command, self._environment, self._services)[0]


def _resources(document: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The resources of a rulestack document, by kind and name."""
    name = document["name"]
    stack = f"${{cloudngfwaws_rulestack.{name}.name}}"
    lists = {
        f"{name}-{item['name']}": {"rulestack": stack, "name": item["name"], "prefix_list": item["prefixes"]}
        for item in document["prefix_lists"]
    }
    rules = {
        f"{name}-{rule['name']}": {
            "rulestack": stack,
            "rule_list": "LocalRule",
            "priority": rule["priority"],
            "name": rule["name"],
            "source": {
                "prefix_lists": [
                    f"${{cloudngfwaws_prefix_list.{name}-{one}.name}}" for one in rule["source"]["prefix_lists"]
                ]
            },
            "destination": {"cidrs": ["any"]},
            "applications": rule["applications"],
            "category": {},
            "protocol": "application-default",
            "action": rule["action"],
        }
        for rule in document["rules"]
    }
    own = {"name": name, "scope": "Local", "account_id": document["account_id"], "profile_config": {}}
    return {
        "cloudngfwaws_rulestack": {name: own},
        "cloudngfwaws_prefix_list": lists,
        "cloudngfwaws_security_rule": rules,
    }


class Tunnel:
    """An HTTP proxy that leads AWS's hosts to the simulated AWS services, whose certificate names them.

    :param port_of_aws: the port of these services on loopback.
    """

    def __init__(self, port_of_aws: int) -> None:
        self._aws = ("127.0.0.1", port_of_aws)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            connection, _address = self._listener.accept()
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, client.makefile("rb") as head, socket.create_connection(self._aws) as server:
            while head.readline().strip():
                pass
            client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            threading.Thread(target=_copy, args=(client, server), daemon=True).start()
            _copy(server, client)


def _copy(source: socket.socket, sink: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass  # the other side has closed
