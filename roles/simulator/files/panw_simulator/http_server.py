# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small threaded HTTP/1.1 server over the standard library.

Connections are kept alive, Nagle's algorithm is off, and the TLS handshake runs in the thread of the connection, so that a
slow client never holds up the listener. Werkzeug's own server is not used: it closes every connection after one request.
"""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import ssl
import struct
import sys
import threading
import time
import traceback
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

from .messages import Delivery, Headers, Request, Response, json_response

LOG = logging.getLogger("panw_simulator.access")
MAX_BODY = 16 * 1024 * 1024
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
        """Count a connection that has gone."""
        with self._lock:
            self.current -= 1


class BadRequest(Exception):
    """The bytes on the connection are not a request that can be read."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


class HttpServer(ThreadingHTTPServer):
    """One listening socket with a service behind it.

    :param name: short name for the log.
    :param tls: server context, or None for plain HTTP.
    :param clock: gives the seconds since the epoch that answers are dated with.
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
        super().__init__((host, port), _Handler)
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,), name=f"{name}-listener", daemon=True)

    @property
    def port(self) -> int:
        """The port that is really listened on."""
        return int(self.server_address[1])

    def server_bind(self) -> None:
        """Bind without the reverse look-up of the host name that the base class does."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

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
        try:
            handler = _Handler(connection, client_address, self)
            if connection is not request and not handler.reset:
                _close_notify(connection)
        except OSError:
            pass  # the client went away, or the simulator is being stopped
        finally:
            self.connections.closed()
            with self._open_lock:
                self._open.discard(connection)
            if connection is not request:
                connection.close()

    def shutdown_request(self, request: Any) -> None:
        """Close without a shutdown first: a shutdown would turn a wanted reset into an ordinary end."""
        self.close_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Report a failure of the simulator itself by kind and place: its text could quote the request."""
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


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = IDLE_SECONDS
    reset = False

    def handle_one_request(self) -> None:
        try:
            self.raw_requestline = self.rfile.readline(65537)
            if not self.raw_requestline:
                self.close_connection = True
                return
            if len(self.raw_requestline) > 65536:
                raise BadRequest(HTTPStatus.REQUEST_URI_TOO_LONG)
            if self.parse_request():
                self._serve()
        except BadRequest as failure:
            self.close_connection = True
            self.command = "GET"
            self._send(json_response(failure.status, {"message": failure.status.phrase}))
        except TimeoutError:
            self.close_connection = True

    def _serve(self) -> None:
        server = cast(HttpServer, self.server)
        begun = time.monotonic()
        response = server.service(self._request())
        self._send(response)
        method = self.command if self.command in KNOWN_METHODS else "OTHER"
        milliseconds = round((time.monotonic() - begun) * 1000)
        LOG.info("%s %s %s %s %sms", server.name, method, response.route, response.status, milliseconds)

    def _request(self) -> Request:
        target = self.requestline.split()[1]
        headers = Headers(self.headers.items())
        return Request(self.command, target, headers, self._body(headers), str(self.client_address[0]))

    def _body(self, headers: Headers) -> bytes:
        if "chunked" in (headers.get("Transfer-Encoding") or "").lower():
            return self._chunked_body()
        try:
            length = int(headers.get("Content-Length") or 0)
        except ValueError:
            raise BadRequest(HTTPStatus.BAD_REQUEST) from None
        if not 0 <= length <= MAX_BODY:
            raise BadRequest(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return self.rfile.read(length)

    def _chunked_body(self) -> bytes:
        body = bytearray()
        while True:
            try:
                size = int(self.rfile.readline(64).partition(b";")[0], 16)
            except ValueError:
                raise BadRequest(HTTPStatus.BAD_REQUEST) from None
            if size < 0 or len(body) + size > MAX_BODY:
                raise BadRequest(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            body += self.rfile.read(size)
            line = self.rfile.readline(65537)
            if size:
                continue
            while line.strip():
                line = self.rfile.readline(65537)
            return bytes(body)

    def _send(self, response: Response) -> None:
        if response.delivery is Delivery.RESET:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.reset = True
        if response.delivery in (Delivery.RESET, Delivery.CLOSED):
            self.close_connection = True
            return
        self.send_response(response.status, response.reason or None)
        for name, value in response.headers:
            if name.lower() not in ("content-length", "connection", "transfer-encoding", "date", "server"):
                self.send_header(name, value)
        if response.status not in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED):
            self.send_header("Content-Length", str(len(response.body)))
        body = response.body
        if response.delivery is Delivery.TRUNCATED:
            body = body[: len(body) // 2]
            self.close_connection = True
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        self.wfile.flush()

    def date_time_string(self, timestamp: float | None = None) -> str:
        return super().date_time_string(cast(HttpServer, self.server).clock() if timestamp is None else timestamp)

    def version_string(self) -> str:
        return "panw-simulator"

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the access log is written with route templates only."""


def _close_notify(connection: socket.socket) -> None:
    """Tell a TLS client that the end is intended, without waiting for its answer."""
    connection.setblocking(False)
    with contextlib.suppress(OSError, ValueError):  # the notice is out, or the client has gone
        cast(ssl.SSLSocket, connection).unwrap()


def _shut(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):  # closed meanwhile
        connection.shutdown(socket.SHUT_RDWR)
