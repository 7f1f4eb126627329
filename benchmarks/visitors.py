"""Those who ask: each visitor a process of its own with one kept connection, who asks again as soon as it is answered.

A visitor costs the machine much less than a browser library would: it writes finished bytes and reads only what it
needs of the answer. Started as `python -m benchmarks.visitors`, it takes its errand from standard input.
"""

import pickle
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import TYPE_CHECKING, Any

from benchmarks.figures import Figures, latencies

if TYPE_CHECKING:
    from benchmarks.servers import Server

WARM_UP = 5
"""Requests of every visitor that are sent first and not counted."""


@dataclass(frozen=True)
class Answer:
    status: int
    head: bytes
    body: bytes

    def header(self, name: str) -> list[str]:
        """Every value of a header, in order."""
        lines = self.head.decode("latin-1").split("\r\n")[1:]
        pairs = (line.partition(":") for line in lines)
        return [value.strip() for key, _, value in pairs if key.lower() == name]


def get(path: str, **headers: str) -> bytes:
    return _head("GET", path, headers) + b"\r\n"


def post(path: str, body: bytes, kind: str, **headers: str) -> bytes:
    more = {"content_type": kind, "content_length": str(len(body)), **headers}
    return _head("POST", path, more) + b"\r\n" + body


def _head(method: str, path: str, headers: dict[str, str]) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "host: 127.0.0.1", "accept-language: en"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n").encode()


class Connection:
    """One kept connection to a server on this machine; opened again when the server closes it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._open()

    def _open(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes) -> Answer:
        self.socket.sendall(request)
        held = b""
        while (end := held.find(b"\r\n\r\n")) < 0:
            held += self._more()
        head, body = held[:end], held[end + 4 :]
        answer = Answer(int(head[9:12]), head, body)
        length = 0 if answer.status in (204, 304) else int(answer.header("content-length")[0])
        parts, missing = [body], length - len(body)
        while missing > 0:
            parts.append(self._more())
            missing -= len(parts[-1])
        if answer.header("connection") == ["close"]:
            self.socket.close()
            self._open()
        return Answer(answer.status, head, b"".join(parts))

    def _more(self) -> bytes:
        received = self.socket.recv(1 << 18)
        if not received:
            raise ConnectionError("the server closed the connection in the middle of an answer")
        return received


@dataclass(frozen=True)
class Errand:
    """What a visitor asks for. With `seconds` again and again in turn; without, every request once.

    Another status, or a body in which `needle` does not stand `times` times, ends the run: refusals are quick, and
    must not count as speed. With `polls`, the visitor asks for this address as a browser does that has seen it: with the
    tag of the last answer, so that 200 and 304 are both right.
    """

    port: int
    requests: Sequence[bytes]
    status: int = 200
    seconds: float | None = None
    needle: bytes = b""
    times: int = 0
    polls: str = ""


@dataclass(frozen=True)
class Visit:
    """How a visitor fared: moments on the machine's monotonic clock."""

    began: float
    ended: float
    seconds: Sequence[float]
    size: int
    changes: int = 0


def run(errand: Errand) -> None:
    """Be a visitor: warm up, say so, wait for the sign, ask, report."""
    connection = Connection(errand.port)
    asked = iter(errand.requests) if errand.seconds is None else cycle(errand.requests or (b"",))
    tag = ""
    for _ in range(WARM_UP):
        tag = _ask(errand, connection, next(asked), tag)[1]
    _say("ready")
    sys.stdin.buffer.readline()
    taken, size, changes = [], 0, 0
    began = before = time.monotonic()
    until = began + errand.seconds if errand.seconds is not None else float("inf")
    for request in asked:
        answer, tag = _ask(errand, connection, request, tag)
        after = time.monotonic()
        taken.append(after - before)
        size = max(size, len(answer.body)) if errand.polls else len(answer.body)
        changes += answer.status == 200
        before = time.monotonic()
        if after >= until:
            break
    _say(Visit(began, time.monotonic(), taken, size, changes))


def _ask(errand: Errand, connection: Connection, request: bytes, tag: str) -> tuple[Answer, str]:
    """The answer, and the tag to ask with the next time."""
    if not errand.polls:
        answer = connection.ask(request)
        _check(errand, answer)
        return answer, ""
    answer = connection.ask(get(errand.polls, **({"if_none_match": tag} if tag else {})))
    _check(errand, answer)
    return answer, answer.header("etag")[0]


def _check(errand: Errand, answer: Answer) -> None:
    found = answer.body.count(errand.needle) if errand.needle else errand.times
    right = (200, 304) if errand.polls else (errand.status,)
    if answer.status not in right or found != errand.times:
        raise RuntimeError(f"answered {answer.status} with {answer.body[:600]!r}")


def _say(words: Any) -> None:
    pickle.dump(words, sys.stdout.buffer)
    sys.stdout.buffer.flush()


@dataclass(frozen=True)
class Crowd:
    """What several visitors at once found, and what the server spent on each request."""

    figures: Figures

    @property
    def rate(self) -> float:
        return self.figures["rate"]

    @property
    def cpu(self) -> float:
        return self.figures.get("server_cpu_ms", 0.0)


def send(server: "Server", errands: Sequence[Errand]) -> Crowd:
    """Send the visitors off together, and gather what they found."""
    command = [sys.executable, "-m", "benchmarks.visitors"]
    visitors = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in errands]
    try:
        for visitor, errand in zip(visitors, errands, strict=True):
            _tell(visitor, pickle.dumps(errand))
        for visitor in visitors:
            _hear(visitor)
        before = server.cpu()
        for visitor in visitors:
            _tell(visitor, b"go\n")
        visits: list[Visit] = [_hear(visitor) for visitor in visitors]
        after = server.cpu()
    finally:
        for visitor in visitors:
            visitor.kill()
            visitor.communicate()
    return Crowd(_figures(visits, before, after))


def _figures(visits: Sequence[Visit], before: float | None, after: float | None) -> Figures:
    taken = [seconds for visit in visits for seconds in visit.seconds]
    lasted = max(visit.ended for visit in visits) - min(visit.began for visit in visits)
    found = {"requests": len(taken), "rate": round(len(taken) / lasted, 1), **latencies(taken)}
    if before is not None and after is not None:
        found["server_cpu_ms"] = round((after - before) / len(taken) * 1000, 3)
    found["body_kb"] = round(visits[0].size / 1000, 1)
    if changes := sum(visit.changes for visit in visits if visit.changes < len(visit.seconds)):
        found["full_answers"] = changes
    return found


def _tell(visitor: "subprocess.Popen[bytes]", words: bytes) -> None:
    assert visitor.stdin is not None
    visitor.stdin.write(words)
    visitor.stdin.flush()


def _hear(visitor: "subprocess.Popen[bytes]") -> Any:
    assert visitor.stdout is not None
    try:
        return pickle.load(visitor.stdout)
    except EOFError:
        raise RuntimeError("a visitor gave up; it said why above") from None


if __name__ == "__main__":
    from benchmarks import visitors  # so that what is pickled here is known under the same name there

    visitors.run(pickle.load(sys.stdin.buffer))
