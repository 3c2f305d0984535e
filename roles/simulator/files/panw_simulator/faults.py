# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Misbehaviour on demand: what may be ordered, which orders strike a call, and what each does to the answer."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from . import fault_effects
from .messages import Request, Response
from .validation import Invalid, Shape, boolean, choice, integer, number, text

AWS = ("sts", "iam", "secretsmanager", "ssm")
SERVICES = ("ngfw", *AWS, "oauth", "scm", "wildfire", "registry")
MAX_LATENCY = 60
MAX_OVERSIZE = 64 * 1024 * 1024
STATUSES = (400, 401, 403, 404, 405, 409, 413, 415, 418, 419, 420, 421, 422, 429, 456, 500, 502, 503, 504, 513)

PARAMETERS: dict[str, Shape] = {
    "latency": Shape({"seconds": number(0, MAX_LATENCY)}, required=("seconds",)),
    "status": Shape(
        {"status": choice(*STATUSES), "retry_after": fault_effects.retry_after, "body": fault_effects.given_body},
        required=("status",),
    ),
    "reset": Shape({}),
    "close": Shape({}),
    "truncate": Shape({"announced": boolean()}),
    "not_json": Shape({}),
    "empty": Shape({}),
    "oversize": Shape({"bytes": integer(1, MAX_OVERSIZE)}, required=("bytes",)),
    "key_case": Shape({"case": choice("lower", "upper", "camel")}, required=("case",)),
    "null_response": Shape({}),
    "error_code": Shape({"code": integer(1, 9999), "reason": text(), "status": integer(200, 599)}, required=("code",)),
    "string_numbers": Shape({}),
    "no_expiry": Shape({}),
    "no_subscription_key": Shape({}),
    "no_token": Shape({}),
    "repeat_page_token": Shape({}),
    "without": Shape({"field": text()}, required=("field",)),
    "xml_entities": Shape({}),
    "redirect": Shape({"url": text()}, required=("url",)),
}


def given_parameters(value: Any) -> str | None:
    """Check of parameters that a call must have."""
    return None if isinstance(value, dict) and value else "an object of parameters and their values"


ORDER = Shape(
    {
        "service": choice(*SERVICES),
        "route": text(),
        "kind": choice(*PARAMETERS),
        "times": integer(1, 1_000_000, null=True),
        "skip": integer(0, 1_000_000),
        "having": given_parameters,
        "after_acting": boolean(),
        "chance": number(0, 1),
        "seed": integer(0, 2**32),
    },
    required=("kind",),
)


def _has(present: Any, wanted: Any) -> bool:
    return present == wanted or (isinstance(present, list) and wanted in present)


@dataclass
class Fault:
    """One order.

    :param times: how often it strikes; None is until it is deleted.
    :param skip: how many calls that it is for pass before it strikes.
    :param having: parameters that a call to AWS must have, with these values, or these among others in a list.
    :param chance: of a strike at each call that it is for, from 0 to 1. The same ``seed`` strikes the same ones of these calls.
    """

    number: int
    service: str
    route: str
    kind: str
    times: int | None
    after_acting: bool
    parameters: Mapping[str, Any] = field(default_factory=dict)
    chance: float = 1
    seed: int | None = None
    skip: int = 0
    having: Mapping[str, Any] = field(default_factory=dict)
    passed: int = 0
    struck: int = 0
    dice: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)  # noqa: S311 - no secret: which calls go wrong

    def applies(self, service: str, route: str, given: Mapping[str, Any]) -> bool:
        """Whether this order is for such a call and not used up."""
        if self.service != service or (self.times is not None and self.struck >= self.times):
            return False
        if self.route not in ("*", route, route.partition(":")[2]) and not route.endswith(f" {self.route}"):
            return False
        return all(_has(given.get(name), value) for name, value in self.having.items())

    def rolls(self) -> bool:
        """Whether it strikes the call that it applies to, by its turn and by chance; to be asked once for each."""
        if self.passed < self.skip:
            self.passed += 1
            return False
        return self.chance >= 1 or self.dice.random() < self.chance

    def describe(self) -> dict[str, Any]:
        """The order and how often it struck."""
        return {
            "id": self.number,
            "service": self.service,
            "route": self.route,
            "kind": self.kind,
            "times": self.times,
            "after_acting": self.after_acting,
            "chance": self.chance,
            "seed": self.seed,
            "skip": self.skip,
            "having": self.having,
            "struck": self.struck,
            **self.parameters,
        }


class FaultBoard:
    """All orders of one simulator, safe for many threads.

    :param wait: sleeps for so many seconds, or less when the simulator stops.
    """

    def __init__(self, wait: Callable[[float], object]) -> None:
        self._wait = wait
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self._next = 1

    def order(self, document: Any) -> int:
        """Add a fault from an administrator's request; gives its number.

        :raises Invalid: an unknown kind, field or value.
        """
        if not isinstance(document, dict):
            raise Invalid("the body must be a JSON object")
        common = {name: value for name, value in document.items() if name in ORDER.fields}
        ORDER.check(common)
        if "having" in common and common.get("service") not in AWS:
            raise Invalid(f"'having' needs a 'service' of AWS: {', '.join(AWS)}")
        kind = common["kind"]
        parameters = {name: value for name, value in document.items() if name not in ORDER.fields}
        PARAMETERS[kind].check(parameters, f"for the kind {kind}", also=tuple(ORDER.fields))
        with self._lock:
            fault = Fault(
                number=self._next,
                service=common.get("service", "ngfw"),
                route=common.get("route", "*"),
                kind=kind,
                times=common.get("times"),
                after_acting=common.get("after_acting", False),
                parameters=parameters,
                chance=common.get("chance", 1),
                seed=common.get("seed"),
                skip=common.get("skip", 0),
                having=common.get("having", {}),
            )
            self._next += 1
            self._faults.append(fault)
        return fault.number

    def describe(self) -> list[dict[str, Any]]:
        """All orders with how often each struck."""
        with self._lock:
            return [fault.describe() for fault in self._faults]

    def clear(self) -> None:
        """Delete all orders."""
        with self._lock:
            self._faults.clear()

    def serve(
        self,
        service: str,
        route: str,
        request: Request,
        act: Callable[[], Response],
        given: Mapping[str, Any] = MappingProxyType({}),
    ) -> Response:
        """Answer a call: undisturbed, or as the orders that strike it want.

        :param given: the parameters of a call to AWS.
        """
        latencies, fault = self._strike(service, route, given)
        self._sleep(latencies, after_acting=False)
        if fault is None:
            response = act()
        elif fault.kind in fault_effects.TRANSFORMS:
            response = fault_effects.transform(fault.kind, fault.parameters, request, act())
        else:
            acted = act() if fault.after_acting else None
            response = fault_effects.spoil(service, fault.kind, fault.parameters, acted)
        self._sleep(latencies, after_acting=True)
        return response

    def _strike(self, service: str, route: str, given: Mapping[str, Any]) -> tuple[list[Fault], Fault | None]:
        """Every latency that strikes, and the oldest other order that does."""
        with self._lock:
            applying = [fault for fault in self._faults if fault.applies(service, route, given) and fault.rolls()]
            latencies = [fault for fault in applying if fault.kind == "latency"]
            other = next((fault for fault in applying if fault.kind != "latency"), None)
            for fault in [*latencies, *([other] if other else [])]:
                fault.struck += 1
        return latencies, other

    def _sleep(self, latencies: list[Fault], *, after_acting: bool) -> None:
        for fault in latencies:
            if fault.after_acting is after_acting:
                self._wait(float(fault.parameters["seconds"]))
