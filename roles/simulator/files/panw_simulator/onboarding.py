# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Linked AWS accounts, and how far their onboarding is.

Accounts that the seed has as onboarded count as onboarded without a stack. For all others, CloudFormation in the account decides, in any region.
The vendor's OpenAPI document has the states Success, Pending, Deleting, OffBoarding and DeleteFailed. It does not say what a stack with wrong
parameters leads to; the simulator shows Failed.
"""

from __future__ import annotations

import sys
import threading
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from .envelope import ServiceError
from .settings import Settings

TEMPLATE_PATH = "/onboarding/cross-account-roles.yml"
TEMPLATE = Path(__file__).with_name("onboarding_template.yml")
ORIGINS = ("AWSMarketplace", "CloudNGFWConsole", "ProgrammaticAccess")
SUCCESS, PENDING, FAILED = "Success", "Pending", "Failed"


@dataclass(frozen=True)
class Link:
    """A linked account. :param external_id: which the trust policies of the account's roles require."""

    account: str
    external_id: str
    origin: str


class Links:
    """The accounts that are linked with the tenant."""

    def __init__(self, settings: Settings, service_account: str, mp_region: str) -> None:
        self.service_account = service_account
        self.topic_arn = f"arn:aws:sns:{mp_region}:{service_account}:cloudngfw-onboarding"
        self._settings = settings
        self._lock = threading.Lock()
        self._created: dict[str, Link] = {}
        settings.completed = lambda account: account in self._created and self.status(account) == SUCCESS

    def accounts(self) -> list[str]:
        """The ids of all linked accounts in their order."""
        seeded = {account for account, record in self._settings.accounts.items() if record.onboarded}
        with self._lock:
            return sorted(seeded | self._created.keys())

    def find(self, account: str) -> Link | None:
        """The link of an account, None if it is not linked."""
        created = self._created.get(account)
        if created is None and self._settings.onboarded(account):
            return Link(account, str(uuid.uuid5(uuid.NAMESPACE_URL, f"cloudngfw/{account}")), ORIGINS[1])
        return created

    def create(self, account: str, origin: str) -> Link:
        """Link an account. :raises ServiceError: it is linked already."""
        with self._lock:
            if account in self._created or self._settings.onboarded(account):
                raise ServiceError("InvalidOperationException", f'account "{account}" already exists')
            link = self._created[account] = Link(account, str(uuid.uuid4()), origin)
        return link

    def delete(self, account: str) -> Link:
        """Remove the link of an account; its stack stays. :raises ServiceError: it is not linked."""
        link = self.find(account)
        if link is None:
            raise unknown(account)
        with self._lock:
            self._created.pop(account, None)
            self._settings.exclude(account)
        return link

    def status(self, account: str) -> str:
        """The onboarding status of a linked account."""
        link = self._created.get(account)
        if link is None:
            return SUCCESS
        parameters = {
            "TrustedAccount": self.service_account,
            "ExternalId": link.external_id,
            "SNSTopicArn": self.topic_arn,
        }
        stacks = [stack.stack_parameters for stack in _stacks(account)]
        if any(parameters.items() <= given.items() for given in stacks):
            return SUCCESS
        return FAILED if stacks else PENDING

    def parameters(self, account: str) -> Mapping[str, Any]:
        """The parameters of the account's stack, empty without one."""
        return next((stack.stack_parameters for stack in _stacks(account)), {})

    def describe(self) -> dict[str, dict[str, str]]:
        """The links that clients created, for the administrator."""
        return {
            account: {"external_id": link.external_id, "origin": link.origin, "status": self.status(account)}
            for account, link in sorted(self._created.items())
        }

    def reset(self) -> None:
        """Remove the links that clients created, and restore the seed's accounts."""
        with self._lock:
            self._created.clear()
            self._settings.restore_accounts()


def unknown(account: str) -> ServiceError:
    """The error for an account that is not linked."""
    return ServiceError("ResourceNotFoundException", f'account "{account}" does not exist')


@cache
def template_text() -> str:
    """The template of the cross-account roles."""
    return TEMPLATE.read_text(encoding="utf-8")


@cache
def _template() -> Any:
    return yaml.safe_load(template_text())


def _stacks(account: str) -> Iterator[Any]:
    """The complete stacks of the template in an account, in any region. Without a call of CloudFormation, moto's models are not imported."""
    # A module that another thread is importing has no backends yet.
    backends = getattr(sys.modules.get("moto.cloudformation.models"), "cloudformation_backends", None)
    for backend in list(backends[account].values()) if backends else []:
        for stack in list(backend.stacks.values()):
            if stack.status in ("CREATE_COMPLETE", "UPDATE_COMPLETE") and _is_ours(stack.template):
                yield stack


@cache
def _is_ours(text: str) -> bool:
    try:
        return bool(yaml.safe_load(text) == _template())
    except yaml.YAMLError:
        return False
