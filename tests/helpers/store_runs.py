# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The worlds of the exploration: a store, the service whose secrets it stores, and the invariants."""

from __future__ import annotations

import copy
import dataclasses
import itertools
import json
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, ClassVar
from unittest import mock

from ansible_collections.panw.cloud.plugins.module_utils._common.errors import PanwCloudError
from ansible_collections.panw.cloud.plugins.module_utils._common.token_pair import TokenPair
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.admin_roles import ADMIN_ROLES
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.tokens.reconciler import TokenReconciler
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.tokens.service import Token, claims
from ansible_collections.panw.cloud.plugins.module_utils._ngfw.tokens.spec import TokenSpec
from ansible_collections.panw.cloud.plugins.module_utils._scm.credential_check import CredentialStatus
from ansible_collections.panw.cloud.plugins.module_utils._scm.credential_reconciler import CredentialReconciler
from ansible_collections.panw.cloud.plugins.module_utils._scm.desired_state import DesiredCredentials
from ansible_collections.panw.cloud.plugins.module_utils._scm.service_accounts import ServiceAccount
from ansible_collections.panw.cloud.plugins.module_utils._stores import lock, secretsmanager
from ansible_collections.panw.cloud.plugins.module_utils._stores.base import Store
from ansible_collections.panw.cloud.plugins.module_utils._stores.documents import (
    StoredCredentials,
    StoredSecret,
    StoredToken,
)
from ansible_collections.panw.cloud.plugins.module_utils._stores.hashi_vault import PENDING_SUFFIX, VaultSlots
from ansible_collections.panw.cloud.plugins.module_utils._stores.secret_settings import Settings
from ansible_collections.panw.cloud.plugins.module_utils._stores.secretsmanager import SecretsManagerStore
from ansible_collections.panw.cloud.plugins.module_utils._stores.ssm import SsmSlots
from ansible_collections.panw.cloud.plugins.module_utils._stores.versioned_backend import SlotStore
from ansible_collections.panw.cloud.tests.helpers.fakes import KEY, jwt
from ansible_collections.panw.cloud.tests.helpers.memory_slots import MemorySlots

from .exploration import Call, Program, Tape, clone
from .fake_aws import NOW, FakeAws, source
from .fake_vault import FakeVault

NAME = "/ngfw"
TARGET = TokenSpec(
    admin_role=ADMIN_ROLES["rulestack"],
    source=source(),
    expiry_time=60,
    renew_before=timedelta(minutes=20),
)
WANTED = DesiredCredentials("wildfire", "1234567890", "https://auth.example.com/oauth2/access_token")
Ask = Callable[..., Any]


@dataclasses.dataclass
class Report:
    """The end of a run. :param shown: the secrets that it reports as current. :param failure: its error message."""

    shown: set[str]
    failure: str = ""


class StoreWorld:
    """A store and the observations of its readers.

    :ivar is_forgiving: whether temporary violations count only if they persist after the last run.
    :ivar ended: runs whose process has ended. :ivar seen: current secrets, in order. :ivar wrong: violated invariants.
    """

    STORED: type[StoredSecret]
    LAST: ClassVar[dict[str, Any]] = {}

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.aws, self.slots, self.vault, self.now = FakeAws(), MemorySlots(), FakeVault(), NOW
        self.made: dict[str, int] = {}
        self.ended: set[str] = set()
        self.seen: list[str | None] = []
        self.wrong: list[str] = []
        self.is_forgiving = False

    def key(self) -> Any:
        """What the future depends on."""
        own = {name: value for name, value in sorted(vars(self).items()) if name not in ("aws", "slots", "vault")}
        own = {name: sorted(value) if isinstance(value, set) else value for name, value in own.items()}
        held = sorted(self.slots.held.items()), sorted(self.vault.secrets.items())
        return own, self.aws.secrets, self.aws.history, self.aws.parameters, held

    def copy(self) -> Any:
        """An independent copy."""
        made = copy.copy(self)
        vars(made).update({name: clone(value) for name, value in vars(self).items()})
        made.aws, made.slots = FakeAws(), MemorySlots(dict(self.slots.held))
        made.vault = FakeVault(copy.deepcopy(self.vault.secrets))
        made.aws.secrets, made.aws.parameters = clone(self.aws.secrets), clone(self.aws.parameters)
        made.aws.history = clone(self.aws.history)
        return made

    def response(self, run: str, call: Call) -> Any:
        """Execute a call, then check what readers find."""
        response = getattr(self, f"_{call.service}")(run, call.name, **call.arguments)
        current = self.current()
        if not self.seen or self.seen[-1] != current:
            self.seen.append(current)
        self._look(current)
        return response

    def faults(self, call: Call) -> list[str]:
        """Files respond immediately; reads have no effect that could get lost; verifications can return a wrong result."""
        if call.service == "slots":
            return []
        if call.name in ("alive", "prove"):
            return ["failed", "refused"]
        if call.name.startswith(("get_", "describe_", "named", "read", "keeps_", "require_")):
            return ["failed"]
        return ["lost", "failed", *(["repeated"] if call.service in ("aws", "vault") else [])]

    def delay(self) -> None:
        """Advance time until locks are stale."""
        self.now += TARGET.lock_timeout

    def end(self, run: str, report: Report) -> None:
        """Compare a run's report with the store."""
        self.ended.add(run)
        if not report.shown <= set(self.seen):
            self.wrong.append(f"{run} reports a secret as current that never was")
        self._check(run, report)

    def problems(self) -> list[str]:
        return [] if self.is_forgiving else self.wrong

    def finish(self) -> list[str]:
        """Check that after one more run the current secret works and another run changes nothing."""
        with direct(self, "last", **self.LAST) as reconciler:
            try:
                reconciler.run("present")
            except PanwCloudError as error:
                return [f"the last run fails: {error}"]
        found = [*self.problems(), *self._remains()]
        with direct(self, "after") as reconciler:
            if reconciler.run("present").changed:
                found.append(f"after the last run, there is something to do: {reconciler.outcome.repaired}")
        return found

    def document(self) -> Any:
        """The document that a reader of the store gets, None if there is none."""
        if self.kind == "hashi_vault":
            return dict(self.vault.read(NAME).data)
        if self.kind == "secretsmanager":
            secret = self.aws.secrets.get(NAME)
            text = secret and secret["versions"][secret["stages"]["AWSCURRENT"]]
        elif self.kind == "ssm":
            text = self.aws.parameters.get(NAME, {}).get("Value")
        else:
            held = self.slots.read(NAME)
            text = held and held.text
        return json.loads(text) if text else None

    def current(self) -> str | None:
        """The secret that a reader of the store gets."""
        found = (self.document() or {}).get(self.STORED.SECRET)
        return found if isinstance(found, str) else None

    def stored(self) -> set[str]:
        """All secrets in the store."""
        store = self.store(self)
        contents = store.load()
        found = [store.read(entry) for entry in contents.pending_revocations]
        found += [secret for secret in (contents.current, contents.pending) if isinstance(secret, self.STORED)]
        return {getattr(secret, self.STORED.SECRET) for secret in found}

    def store(self, services: Any) -> Store[Any]:
        """The store. :param services: have the attributes C(aws), C(slots) and C(vault)."""
        if self.kind == "secretsmanager":
            return SecretsManagerStore(services.aws, NAME, Settings(), self.STORED)
        if self.kind == "hashi_vault":
            return SlotStore(VaultSlots(services.vault, NAME), self.kind, NAME, self.STORED, suffix=PENDING_SUFFIX)
        made = SsmSlots(services.aws, "a secret") if self.kind == "ssm" else services.slots
        return SlotStore(made, self.kind, NAME, self.STORED, 8192)

    def reconciler(self, ask: Ask, changes: dict[str, Any]) -> Any:
        """The real reconciler. :param ask: calls the world."""
        raise NotImplementedError

    def _number(self, run: str) -> str:
        """The name of a run's next object, independent of other runs."""
        self.made[run] = self.made.get(run, 0) + 1
        return f"{run}{self.made[run]}"

    def _look(self, current: str | None) -> None:
        """Check the invariants that must hold at all times."""

    def _check(self, run: str, report: Report) -> None:
        """Check the claims of a report."""

    def _remains(self) -> Iterator[str]:
        """The problems after the last run."""
        yield from ()

    def _aws(self, _run: str, operation: str, **request: Any) -> Any:
        return self.aws.ask("", "", operation, **request)

    def _vault(self, _run: str, operation: str, **request: Any) -> Any:
        return getattr(self.vault, operation)(**request)

    def _slots(self, _run: str, method: str, name: str, rest: tuple[Any, ...]) -> Any:
        return getattr(self.slots, method)(name, *rest)

    def _clock(self, _run: str, _name: str) -> datetime:
        return self.now

    def _process(self, _run: str, _name: str, other: str) -> bool:
        return other in self.ended


class TokenWorld(StoreWorld):
    """A world with Cloud NGFW. :ivar living: tokens that the API accepts. :ivar lost: those whose response got lost."""

    STORED = StoredToken

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.living: dict[str, datetime] = {}
        self.revoked: list[str] = []
        self.lost: set[str] = set()

    def lose(self) -> None:
        """Lose the response to the last token request."""
        self.lost.add(list(self.living)[-1])

    def reconciler(self, ask: Ask, changes: dict[str, Any]) -> TokenReconciler:
        outside = _Outside(ask)
        target = dataclasses.replace(TARGET, **changes)
        return TokenReconciler(target, self.store(outside), outside, lambda: ask("clock", "now", immediate=True), "run")

    def _look(self, current: str | None) -> None:
        if current in self.revoked:
            self.wrong.append("a token that was revoked is current")

    def _check(self, run: str, report: Report) -> None:
        mine = [token for token in self.living if _owner(token) == run]
        if "old one stays" in report.failure and self.current() in mine:
            self.wrong.append(f"{run} reports that the old one stays, but its own token is current")
        if "new token is revoked" in report.failure and mine:
            self.wrong.append(f"{run} reports that its new token is revoked, but it is valid")

    def _remains(self) -> Iterator[str]:
        if self.current() not in self.living:
            yield "after the last run, the current token is invalid"
        if set(self.living) - self.stored() - self.lost:
            yield "after the last run, a token is valid that is neither in the store nor in a lost response"

    def _api(self, run: str, name: str, token: str = "", minutes: int = 0) -> Any:
        if name == "issue":
            text = jwt(jti=self._number(run))
            self.living[text] = self.now + timedelta(minutes=minutes)
            return Token(TokenPair(text, KEY), "rulestack", self.living[text], minutes)
        if name == "alive":
            return self.living.get(token, self.now) > self.now
        if token == self.current():
            self.wrong.append("the current token is revoked")
        if _owner(token) not in {run, *self.ended} and token in self._pending():
            self.wrong.append("the pending token of an active run is revoked")
        self.revoked.append(token)
        return self.living.pop(token, None) is not None

    def _pending(self) -> set[str]:
        pending = self.store(self).load().pending
        return {pending.token} if isinstance(pending, StoredToken) else set()


class CredentialsWorld(StoreWorld):
    """A world with Strata Cloud Manager. :ivar secret: of the one service account, None before its creation."""

    STORED = StoredCredentials
    LAST: ClassVar[dict[str, Any]] = {"adopt": True}  # removing credentials does not remove the account
    ACCOUNT = ServiceAccount("id-1", WANTED.name, "client-1", WANTED.tsg_id)

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.secret: str | None = None

    def lose(self) -> None:
        """The next run repairs a reset whose response is lost."""

    def reconciler(self, ask: Ask, changes: dict[str, Any]) -> CredentialReconciler:
        outside = _Outside(ask)
        desired = dataclasses.replace(WANTED, **changes)
        store = self.store(outside)
        return CredentialReconciler(desired, store, outside, outside, lambda: ask("clock", "now", immediate=True))

    def _remains(self) -> Iterator[str]:
        if self.current() != self.secret:
            yield "after the last run, the current secret is invalid"

    def _platform(self, run: str, name: str, secret: str = "") -> Any:
        if name == "named":
            return self.ACCOUNT if self.secret else None
        if name == "prove":
            return secret == self.secret
        if name == "create" and self.secret:
            self.wrong.append("a second account is created")
        self.secret = f"a-made-up-secret-{self._number(run)}"
        return dataclasses.replace(self.ACCOUNT, client_secret=self.secret)


class _Outside:
    """All services that a run calls: AWS, Vault, files, the token API, the identity API and the token endpoint."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self.aws, self.slots, self.vault = self, _OutsideSlots(ask), _OutsideVault(ask)

    def ask(self, _service: str, _attempted: str, operation: str, _advice: str = "", **request: Any) -> Any:
        return self._ask("aws", operation, **request)

    def service(self, *_place: Any) -> Any:
        return self

    def account(self, _source: Any) -> str:
        return "123456789012"

    def issue(self, _admin_role: Any, minutes: int) -> Any:
        return self._ask("api", "issue", minutes=minutes)

    def revoke(self, held: TokenPair) -> Any:
        return self._ask("api", "revoke", token=held.token)

    def alive(self, token: StoredToken) -> Any:
        return self._ask("api", "alive", token=token.token)

    def named(self, _name: str) -> Any:
        return self._ask("platform", "named")

    def create(self, _name: str) -> Any:
        return self._ask("platform", "create")

    def reset(self, _account: ServiceAccount) -> Any:
        return self._ask("platform", "reset")

    def status(self, credentials: StoredCredentials) -> CredentialStatus:
        good = self._ask("platform", "prove", secret=credentials.client_secret)
        return CredentialStatus.GOOD if good else CredentialStatus.DEAD


class _OutsideSlots:
    """Files; each change is one step."""

    atomic = True

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def drift(self, _name: str) -> list[str]:
        return []

    def __getattr__(self, method: str) -> Any:
        return lambda name, *rest: self._ask("slots", method, name=name, rest=rest)


class _OutsideVault:
    """The client of Vault; each request is one step."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def write(self, path: str, data: Any, version: int) -> None:
        self._ask("vault", "write", path=path, data=data, version=version)

    def require_version_2(self) -> None:
        """Not a step: it has no effect, and precedes only the first write."""

    def __getattr__(self, operation: str) -> Any:
        return lambda path: self._ask("vault", operation, path=path)


def program(world: StoreWorld, state: str, **changes: Any) -> Program:
    """A run of the real reconciler."""

    def run(tape: Tape) -> Report:
        with _process(tape.name, tape.unique, lambda other: tape.ask("process", "ended", other=other, immediate=True)):
            reconciler = world.reconciler(tape.ask, changes)
            try:
                outcome = reconciler.run(state)
            except PanwCloudError as error:
                return Report(set(), str(error))
        found = (outcome.current, outcome.previous)
        return Report({getattr(secret, world.STORED.SECRET) for secret in found if secret})

    return run


@contextmanager
def direct(world: StoreWorld, name: str, **changes: Any) -> Iterator[Any]:
    """An uninterrupted run after all others have ended."""
    numbers = itertools.count(1)

    def ask(service: str, called: str, /, *, immediate: bool = False, **arguments: Any) -> Any:
        return world.response(name, Call(service, called, arguments, immediate))

    with _process(name.strip, lambda: f"{name}-{next(numbers)}", bool):
        yield world.reconciler(ask, changes)
    world.ended.add(name)


@contextmanager
def _process(
    identity: Callable[[], str], unique: Callable[[], str], has_ended: Callable[[str], bool]
) -> Iterator[None]:
    with (
        mock.patch.object(secretsmanager, "uuid", types.SimpleNamespace(uuid4=unique)),
        mock.patch.object(lock, "identity", identity),
        mock.patch.object(lock, "has_ended", has_ended),
    ):
        yield


def _owner(token: str) -> str:
    """The run to which a token was issued."""
    return str(claims(token)["jti"]).rstrip("0123456789")
