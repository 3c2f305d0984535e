# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small threaded HTTP/1.1 server over the standard library.

Connections are kept alive, Nagle's algorithm is off, and the TLS handshake runs in the thread of the connection, so that a
slow client never blocks the listener. Werkzeug's server is not used: it closes every connection after one request.
"""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import socketserver
import ssl
import struct
import sys
import threading
import time
import traceback
from collections.abc import Callable
from typing import Any, cast

from . import http_codec
from .messages import Delivery, Request, Response, json_response

LOG = logging.getLogger("panw_simulator.access")
IDLE_SECONDS = 300
HANDSHAKE_SECONDS = 30
KNOWN_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

Service = Callable[[Request], Response]


class ConnectionCounter:
    """Open connections of all servers of one simulator: now, and the most at one time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.current = 0
        self.peak = 0

    def opened(self) -> None:
        """Count a new connection."""
        with self._lock:
            self.current += 1
            self.peak = max(self.peak, self.current)

    def closed(self) -> None:
        """Count a closed connection."""
        with self._lock:
            self.current -= 1


class HttpServer(socketserver.ThreadingTCPServer):
    """One listening socket with a service behind it.

    :param name: short name for the log.
    :param tls: server context, or None for plain HTTP.
    :param clock: returns the seconds since the epoch for the Date header.
    :raises OSError: the address cannot be bound.
    """

    request_queue_size = 256
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True

    def __init__(
        self,
        name: str,
        host: str,
        port: int,
        service: Service,
        connections: ConnectionCounter,
        tls: ssl.SSLContext | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.clock = clock
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.name = name
        self.service = service
        self.tls = tls
        self.connections = connections
        self._open: set[socket.socket] = set()
        self._open_lock = threading.Lock()
        super().__init__((host, port), socketserver.BaseRequestHandler)
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,), name=f"{name}-listener", daemon=True)

    @property
    def port(self) -> int:
        """The port that the server listens on."""
        return int(self.server_address[1])

    def start(self) -> None:
        """Serve in a background thread."""
        self._thread.start()

    def stop(self) -> None:
        """Stop listening and close every open connection."""
        if self._thread.is_alive():
            self.shutdown()
            self._thread.join()
        self.server_close()
        with self._open_lock:
            open_now = list(self._open)
        for connection in open_now:
            _shut(connection)

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Handshake and serve one connection; runs in the connection's own thread."""
        connection = self._handshake(request)
        if connection is None:
            return
        with self._open_lock:
            self._open.add(connection)
        self.connections.opened()
        connection.settimeout(IDLE_SECONDS)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
        try:
            conversation = _Conversation(self, connection, str(client_address[0]))
            conversation.hold()
            if connection is not request and not conversation.reset:
                _close_notify(connection)
        except OSError:
            pass  # the client disconnected, or the simulator is stopping
        finally:
            self.connections.closed()
            with self._open_lock:
                self._open.discard(connection)
            if connection is not request:
                connection.close()

    def shutdown_request(self, request: Any) -> None:
        """Close without shutdown(): it would turn an injected connection reset into a normal close."""
        self.close_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Log a failure of the simulator by type and location: the error text could quote the request."""
        kind, _value, trace = sys.exc_info()
        frame = traceback.extract_tb(trace)[-1]
        place = f"{os.path.basename(frame.filename)}:{frame.lineno}"
        LOG.error("%s internal failure: %s at %s", self.name, kind.__name__ if kind else "", place)

    def _handshake(self, request: socket.socket) -> socket.socket | None:
        if self.tls is None:
            return request
        request.settimeout(HANDSHAKE_SECONDS)
        try:
            return self.tls.wrap_socket(request, server_side=True)
        except OSError:
            return None


class _Conversation:
    """The requests and responses of one connection, one after the other."""

    def __init__(self, server: HttpServer, connection: socket.socket, client_ip: str) -> None:
        self._server = server
        self._connection = connection
        self._client_ip = client_ip
        self._stream = connection.makefile("rb")
        self.reset = False

    def hold(self) -> None:
        """Serve until either side closes the connection."""
        with contextlib.suppress(TimeoutError), self._stream:
            while self._answer_one():
                pass

    def _answer_one(self) -> bool:
        """Whether another request may follow."""
        try:
            head = http_codec.read_head(self._stream)
            if head is None:
                return False
            if head.waits:
                self._connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            body = http_codec.read_body(self._stream, head.headers)
        except http_codec.BadRequest as failure:
            refusal = json_response(failure.status, {"message": failure.status.phrase})
            return self._send(refusal, "GET", last=True)
        begun = time.monotonic()
        response = self._server.service(Request(head.method, head.target, head.headers, body, self._client_ip))
        more = self._send(response, head.method, head.last)
        method = head.method if head.method in KNOWN_METHODS else "OTHER"
        _log(
            f"{self._server.name} {method} {response.route} {response.status} {round((time.monotonic() - begun) * 1000)}ms"
        )
        return more

    def _send(self, response: Response, method: str, last: bool) -> bool:
        if response.delivery is Delivery.RESET:
            self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.reset = True
        if response.delivery in (Delivery.RESET, Delivery.CLOSED):
            return False
        last = last or response.delivery is Delivery.TRUNCATED
        self._connection.sendall(http_codec.response_bytes(response, method, self._server.clock(), last))
        return not last


def _log(line: str) -> None:
    """Write to the access log without the caller's frame, whose lookup costs more than the rest."""
    if LOG.isEnabledFor(logging.INFO):
        LOG.handle(LOG.makeRecord(LOG.name, logging.INFO, __name__, 0, "%s", (line,), None))


def _close_notify(connection: socket.socket) -> None:
    """Send a TLS close_notify without waiting for the client's."""
    connection.setblocking(False)
    with contextlib.suppress(OSError, ValueError):  # the alert was sent, or the client has disconnected
        cast(ssl.SSLSocket, connection).unwrap()


def _shut(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):  # closed meanwhile
        connection.shutdown(socket.SHUT_RDWR)
