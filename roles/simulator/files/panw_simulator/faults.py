# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fault injection: validation of faults, and which faults apply to a call."""

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

AWS = ("sts", "iam", "secretsmanager", "ssm", "cloudformation", "logs")
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
    """Validate the parameters that a call must have."""
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
    """One injected fault.

    :param times: how often it triggers; None until it is deleted.
    :param skip: number of matching calls that pass before it triggers.
    :param having: parameters that an AWS call must have, with these values; a list must contain them.
    :param chance: probability per matching call, from 0 to 1. The same ``seed`` triggers at the same calls.
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
    hits: int = 0
    dice: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)  # noqa: S311 - not security-relevant: selects the calls that fail

    def applies(self, service: str, route: str, given: Mapping[str, Any]) -> bool:
        """Whether this fault matches such a call and is not used up."""
        if self.service != service or (self.times is not None and self.hits >= self.times):
            return False
        if self.route not in ("*", route, route.partition(":")[2]) and not route.endswith(f" {self.route}"):
            return False
        return all(_has(given.get(name), value) for name, value in self.having.items())

    def rolls(self) -> bool:
        """Whether it triggers at a matching call, by ``skip`` and ``chance``; call once for each."""
        if self.passed < self.skip:
            self.passed += 1
            return False
        return self.chance >= 1 or self.dice.random() < self.chance

    def describe(self) -> dict[str, Any]:
        """The fault and how often it triggered."""
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
            "hits": self.hits,
            **self.parameters,
        }


class FaultBoard:
    """All faults of one simulator, thread-safe.

    :param wait: sleeps for the given seconds, or until the simulator stops.
    """

    def __init__(self, wait: Callable[[float], object]) -> None:
        self._wait = wait
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self._next = 1

    def order(self, document: Any) -> int:
        """Add a fault from an administrator's request and return its number.

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
        """All faults with how often each triggered."""
        with self._lock:
            return [fault.describe() for fault in self._faults]

    def clear(self) -> None:
        """Delete all faults."""
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
        """Handle a call: normally, or as the matching faults require.

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
        """All latencies that trigger, and the oldest other fault that does."""
        with self._lock:
            applying = [fault for fault in self._faults if fault.applies(service, route, given) and fault.rolls()]
            latencies = [fault for fault in applying if fault.kind == "latency"]
            other = next((fault for fault in applying if fault.kind != "latency"), None)
            for fault in [*latencies, *([other] if other else [])]:
                fault.hits += 1
        return latencies, other

    def _sleep(self, latencies: list[Fault], *, after_acting: bool) -> None:
        for fault in latencies:
            if fault.after_acting is after_acting:
                self._wait(float(fault.parameters["seconds"]))
