"""A network that loses, doubles, delays and cuts: a proxy on this machine whose next fates are told to it.

Only batches of operations meet a fate; everything else passes.
"""

import http.client
import socketserver
import ssl
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread
from typing import Any

PASS, LOSE, SWALLOW, TWICE, HALF, CUT, HOLD, SLOW, PORTAL = (
    "pass",
    "lose the request",
    "swallow the answer",
    "send it twice",
    "half the body",
    "cut the answer",
    "hold the request",
    "hold the answer",
    "captive portal",
)
PAGE = b"<!doctype html><title>Log in</title><h1>Venue network</h1>"


class Proxy(socketserver.ThreadingTCPServer):
    """Listens on a port of its own and passes on to the server."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.behind, self.tls = port, tls
        self.fates: deque[str] = deque()
        self.released = Event()
        self.passed: list[int] = []
        """The status of every batch that reached the server."""

    @property
    def address(self) -> str:
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.server_address[1]}"

    def get_request(self) -> Any:
        connection, where = super().get_request()
        if self.tls is not None:
            connection = self.tls.wrap_socket(connection, server_side=True)
        return connection, where

    def handle_error(self, *_about: object) -> None:
        """A visitor who does not trust us hangs up."""


class _Handler(socketserver.StreamRequestHandler):
    server: Proxy

    def handle(self) -> None:
        head = self._line_by_line()
        length = next(
            (int(one.split(b":")[1]) for one in head if one.lower().startswith(b"content-length")), 0
        )
        body = self.rfile.read(length)
        is_batch = b"/operations" in head[0] if head else False
        fate = self.server.fates.popleft() if is_batch and self.server.fates else PASS
        with suppress(OSError, http.client.HTTPException):
            self._meet(fate, head, body, is_batch)

    def _line_by_line(self) -> list[bytes]:
        lines = []
        while (line := self.rfile.readline()) not in (b"\r\n", b"\n", b""):
            lines.append(line.rstrip(b"\r\n"))
        return lines

    def _meet(self, fate: str, head: list[bytes], body: bytes, is_batch: bool) -> None:
        if fate == LOSE:
            return
        if fate == PORTAL:
            self.wfile.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n" + PAGE
            )
            return
        if fate == HOLD:
            self.server.released.wait(120)
        answer = self._forward(head, body[: len(body) // 2] if fate == HALF else body, is_batch)
        if fate == TWICE:
            answer = self._forward(head, body, is_batch)
        if fate == SLOW:
            self.server.released.wait(120)
        if fate == CUT:
            answer = answer[: len(answer) // 2]
        if fate != SWALLOW:
            self.wfile.write(answer)

    def _forward(self, head: list[bytes], body: bytes, is_batch: bool) -> bytes:
        method, path, _ = head[0].decode().split(" ")
        headers = dict(line.decode("latin-1").split(": ", 1) for line in head[1:])
        headers["Content-Length"] = str(len(body))
        connection = http.client.HTTPConnection("127.0.0.1", self.server.behind, timeout=120)
        connection.request(method, path, body=body or None, headers=headers)
        answer = connection.getresponse()
        content = answer.read()
        if is_batch:
            self.server.passed.append(answer.status)
        lines = [f"HTTP/1.1 {answer.status} {answer.reason}"]
        lines += [f"{name}: {value}" for name, value in answer.getheaders() if name != "Transfer-Encoding"]
        return "\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1") + content


@contextmanager
def between(port: int, tls: ssl.SSLContext | None = None) -> Iterator[Proxy]:
    """A proxy before the server at a port."""
    with Proxy(port, tls) as proxy:
        Thread(target=proxy.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield proxy
        finally:
            proxy.released.set()
            proxy.shutdown()
