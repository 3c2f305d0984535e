# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Endpoint of one service: finds the operation of a request, injects faults, and counts calls."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ..faults import FaultBoard
from ..messages import UNMATCHED, Request, Response
from ..recorder import Recorder
from ..routing import match_template
from .responses import Refusal, platform_error


@dataclass(frozen=True)
class Call:
    """A request and its path variables. ``path`` holds the variables of the template."""

    request: Request
    path: dict[str, str]

    @property
    def query(self) -> dict[str, str]:
        """Query parameters; the last value of a repeated name counts."""
        return dict(self.request.query_items())

    def document(self) -> dict[str, Any]:
        """The JSON object in the body.

        :raises Refusal: the body is not a JSON object.
        """
        try:
            document = json.loads(self.request.body)
        except ValueError:
            document = None
        if not isinstance(document, dict):
            raise Refusal(platform_error(400, "the body must be a JSON object"))
        return document


@dataclass(frozen=True)
class Operation:
    """One operation of a service."""

    method: str
    template: str
    handler: Callable[[Call], Response]

    @property
    def name(self) -> str:
        """Method and template: the name of the operation in logs, counters and faults."""
        return f"{self.method} {self.template}"


class Service:
    """An endpoint of the simulator.

    :param service: name of the service for faults and counters.
    :param refuse: the service's error response for a status: 404 for an unknown path, 405 for a wrong method.
    """

    def __init__(
        self,
        service: str,
        operations: Sequence[Operation],
        refuse: Callable[[int], Response],
        faults: FaultBoard,
        recorder: Recorder,
    ) -> None:
        self.service = service
        self._operations = operations
        self._refuse = refuse
        self._faults = faults
        self._recorder = recorder

    @property
    def routes(self) -> tuple[str, ...]:
        """Names of all operations."""
        return tuple(operation.name for operation in self._operations)

    def __call__(self, request: Request) -> Response:
        """Handle one request."""
        fitting = self._fitting(request)
        operation = next((operation for operation in fitting if operation.method == request.method), None)
        route = operation.name if operation else UNMATCHED
        self._recorder.count(self.service, route)
        response = self._faults.serve(self.service, route, request, lambda: self._answer(request, operation, fitting))
        response.route = operation.template if operation else UNMATCHED
        return response

    def _fitting(self, request: Request) -> dict[Operation, dict[str, str]]:
        segments = request.segments()
        matches = {operation: match_template(operation.template, segments) for operation in self._operations}
        return {operation: values for operation, values in matches.items() if values is not None}

    def _answer(
        self, request: Request, operation: Operation | None, fitting: dict[Operation, dict[str, str]]
    ) -> Response:
        if operation is None:
            return self._refuse(405 if fitting else 404)
        try:
            return operation.handler(Call(request, fitting[operation]))
        except Refusal as refusal:
            return refusal.response
