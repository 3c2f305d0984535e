# Copyright: (c) 2026, panw.cloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real loopback servers with socket faults."""

from __future__ import annotations

import contextlib
import dataclasses
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from types import TracebackType

from requests.structures import CaseInsensitiveDict


@dataclasses.dataclass(frozen=True)
class Received:
    """A request as read from the socket."""

    method: str
    target: str
    headers: CaseInsensitiveDict[str]
    body: bytes


class Peer:
    """The server's end of a connection."""

    def __init__(self, connection: socket.socket, over: threading.Event) -> None:
        self._connection = connection
        self._file = connection.makefile("rb")
        self.over = over

    def request(self) -> Received | None:
        """The next request, None if the client has disconnected."""
        line = self._file.readline().decode().split()
        if not line:
            return None
        headers: CaseInsensitiveDict[str] = CaseInsensitiveDict()
        while field := self._file.readline().decode().strip():
            name, _rest, value = field.partition(":")
            headers[name] = value.strip()
        return Received(line[0], line[1], headers, self._file.read(int(headers.get("Content-Length", 0))))

    def send(self, data: bytes) -> None:
        self._connection.sendall(data)

    def reset(self) -> None:
        """Drop the connection with RST."""
        plain = self._connection
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._file.close()
        plain.close()

    def interrupt(self) -> None:
        """Wake the thread that reads or writes."""
        with contextlib.suppress(OSError):
            self._connection.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._file.close()
            self._connection.close()


Behavior = Callable[[Peer, Received], bool]
"""Handles a request; returns whether the connection stays open."""


def answering(
    body: bytes, status: str = "200 OK", headers: tuple[str, ...] = (), length: int | None = None
) -> Behavior:
    """Send the same response to every request and keep the connection open, unless ``length`` exceeds the body."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", *headers, "", ""]

    def behave(peer: Peer, _request: Received) -> bool:
        peer.send("\r\n".join(lines).encode() + body)
        return length is None

    return behave


def chunked(*chunks: bytes, end: bytes = b"0\r\n\r\n") -> Behavior:
    """Send a chunked response and disconnect."""

    def behave(peer: Peer, _request: Received) -> bool:
        peer.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for chunk in chunks:
            peer.send(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n")
        peer.send(end)
        return False

    return behave


def silence(peer: Peer, _request: Received) -> bool:
    """Read the request and send no response until the test ends."""
    peer.over.wait()
    return False


def resetting(peer: Peer, _request: Received) -> bool:
    """Read the request and reset the connection."""
    peer.reset()
    return False


def hanging_up(_peer: Peer, _request: Received) -> bool:
    """Read the request and close the connection."""
    return False


def dripping(head: bytes, drop: bytes, seconds: float = 0.01) -> Behavior:
    """Send the header, then the body slowly until the client disconnects."""

    def behave(peer: Peer, _request: Received) -> bool:
        with contextlib.suppress(OSError):
            peer.send(head)
            while not peer.over.wait(seconds):
                peer.send(drop)
        return False

    return behave


def in_turn(*behaviors: Behavior) -> Behavior:
    """One behavior per request; the last repeats."""
    waiting = list(behaviors)

    def behave(peer: Peer, request: Received) -> bool:
        return (waiting.pop(0) if len(waiting) > 1 else waiting[0])(peer, request)

    return behave


class Loopback:
    """A server on a free port of the loopback address, one thread per connection."""

    def __init__(self, behavior: Behavior, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> None:
        self._behavior, self._tls = behavior, tls
        self._over = threading.Event()
        self._socket = socket.create_server((host, 0), backlog=64)
        self._peers: list[Peer] = []
        self._threads: list[threading.Thread] = []
        self.port = int(self._socket.getsockname()[1])
        self.url = f"{'https' if tls else 'http'}://localhost:{self.port}"
        self.received: list[Received] = []
        self.connections = 0
        self._thread = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self) -> Loopback:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()
        for peer in self._peers:
            peer.interrupt()
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _rest = self._socket.accept()
                self.connections += 1
                thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
                self._threads.append(thread)
                thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError):
            if self._tls:
                connection.settimeout(10)
                connection = self._tls.wrap_socket(connection, server_side=True)
                connection.settimeout(None)
            peer = Peer(connection, self._over)
            self._peers.append(peer)
            while request := peer.request():
                self.received.append(request)
                if not self._behavior(peer, request):
                    break
            peer.close()
