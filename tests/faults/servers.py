"""Servers to be killed: processes of their own, born quickly and as often as wanted.

A nursery (`python -m tests.faults.servers`) imports the house once and forks a child for every server or piece of work.
What is killed is real: gunicorn's arbiter and worker in a process group of their own. Only the imports are saved.
"""

import atexit
import contextlib
import importlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from tests.faults.house import House
from tests.faults.wires import Ask, Lost, OverHttp

ROOT = Path(__file__).resolve().parent.parent.parent
Hook = tuple[str, dict[str, Any]]
"""The name of a function of tests/faults/hooks.py, and what it is given."""


_OWN_PORTS = 48
_ports = count()


def free_port() -> int:
    """A port at which nobody listens and which no other process of tests is given: one that the system gives away itself
    may be given to somebody else before the server is there, or while it is down. Systems begin at 32768."""
    first = 20_000 + os.getpid() % 250 * _OWN_PORTS
    for _try in range(_OWN_PORTS):
        port = first + next(_ports) % _OWN_PORTS
        with socket.socket() as found, contextlib.suppress(OSError):
            found.bind(("127.0.0.1", port))
            return port
    raise RuntimeError(f"nothing is free among the ports from {first} to {first + _OWN_PORTS - 1}")


class Nursery:
    """Forks servers and workers on demand."""

    def __init__(self, log: Path) -> None:
        self.log = log
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.servers", str(log)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            text=True,
            env={**os.environ, "COMPETITION_BOOTSTRAPPED": "yes"},
        )
        self._answer()

    def fork(self, house: House, work: str, hooks: tuple[Hook, ...] = (), **given: Any) -> int:
        """A child that does a piece of work ("serve", or a function of tests/faults/deeds.py) under hooks."""
        return int(self._tell(do="fork", house=house.as_json(), work=work, hooks=hooks, given=given))

    def end_of(self, pid: int) -> int:
        """Wait for a child: 0, or 1 for an error, or -9 when it was killed."""
        return int(self._tell(do="wait", pid=pid))

    def command(self, *arguments: str, environment: Mapping[str, str], log: Path) -> "Born":
        """`competition …` in a process group of its own, with an environment and a log of its own."""
        told = {"arguments": arguments, "environment": dict(environment), "log": str(log)}
        return Born(self, int(self._tell(do="command", **told)))

    def has_ended(self, pid: int) -> int | None:
        """How a child ended; None while it lives."""
        status = self._tell(do="look", pid=pid)
        return None if status is None else int(status)

    def perform(self, house: House, work: str, hooks: tuple[Hook, ...] = (), **given: Any) -> int:
        """Fork and wait."""
        return self.end_of(self.fork(house, work, hooks, **given))

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _tell(self, **words: Any) -> Any:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(words) + "\n")
        self.process.stdin.flush()
        return self._answer()

    def _answer(self) -> Any:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("the nursery ended:\n" + self.log.read_text("utf-8", "replace")[-3000:])
        return json.loads(line)


class Born:
    """A child of the nursery, as if it were one of ours."""

    def __init__(self, nursery: Nursery, pid: int) -> None:
        self.nursery, self.pid = nursery, pid

    def poll(self) -> int | None:
        return self.nursery.has_ended(self.pid)

    def end(self) -> None:
        """kill -9 of its process group: nothing of it is needed any more, and a polite end takes its time."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self.nursery.end_of(self.pid)


@cache
def nursery_here() -> Nursery:
    """The nursery that the tests of this process share; it ends with the process."""
    folder = Path(tempfile.mkdtemp(prefix="nursery-"))
    made = Nursery(folder / "log")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)  # the last thing that happens
    atexit.register(made.close)
    return made


@contextlib.contextmanager
def nursery(log: Path) -> Iterator[Nursery]:
    made = Nursery(log)
    try:
        yield made
    finally:
        made.close()


@dataclass
class Server:
    """A server on a port of its own that can be killed, stopped and started again."""

    nursery: Nursery
    house: House
    port: int
    pid: int = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, *hooks: Hook) -> "Server":
        self.pid = self.nursery.fork(self.house, "serve", hooks, port=self.port)
        self.wait_until_it_answers()
        return self

    def wait_until_it_answers(self, seconds: float = 180) -> None:
        until = time.monotonic() + seconds
        while not self.answers():
            if time.monotonic() > until:
                raise RuntimeError("no server:\n" + self.nursery.log.read_text("utf-8", "replace")[-3000:])
            time.sleep(0.02)

    def answers(self) -> bool:
        try:
            return OverHttp(self.address, seconds=5).ask(Ask("GET", "/healthz")).status == 200
        except Lost:
            return False

    def workers(self) -> list[int]:
        """The processes below the arbiter."""
        found = subprocess.run(["ps", "-o", "pid=,ppid=", "-A"], capture_output=True, text=True, check=True)
        pairs = [line.split() for line in found.stdout.splitlines()]
        return [int(pid) for pid, parent in pairs if parent == str(self.pid)]

    def kill(self) -> int:
        """kill -9 of the whole process group."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        return self.ended()

    def ended(self) -> int:
        """Wait for its end, whoever brings it about."""
        pid, self.pid = self.pid, 0
        return self.nursery.end_of(pid)


@contextlib.contextmanager
def serving(nursery: Nursery, house: House, *hooks: Hook) -> Iterator[Server]:
    server = Server(nursery, house, free_port()).start(*hooks)
    try:
        yield server
    finally:
        if server.pid:
            server.kill()


# --- inside the nursery -------------------------------------------------------------------------------


def _child(words: dict[str, Any], log: Path) -> None:
    os.setsid()
    with log.open("ab") as output:
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
    house = House.from_json(words["house"])
    for name, text in house.environment().items():
        os.environ[name] = text
    app = house.app()
    with app.app_context():
        for name, given in words["hooks"]:
            getattr(importlib.import_module("tests.faults.hooks"), name)(app, **given)
    if words["work"] == "serve":
        from competition.cli.serve import serve

        serve(app, "127.0.0.1", words["given"]["port"])
        return
    deeds = importlib.import_module("tests.faults.deeds")
    with app.app_context():
        getattr(deeds, words["work"])(app, house, **words["given"])


def _command(words: dict[str, Any]) -> None:
    os.setsid()
    with Path(words["log"]).open("ab") as output:
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
    os.environ.clear()
    os.environ.update(words["environment"])
    sys.argv = ["competition", *words["arguments"]]
    from competition.cli import main

    main()


def _status_of(pid: int) -> int | None:
    ended, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if ended else None


def _live(log: Path) -> None:
    import gunicorn.arbiter
    import gunicorn.workers.gthread

    from tests.faults import apsw_dbapi, deeds, hooks  # all of this is loaded before the first fork

    apsw_dbapi.enrol()
    warm = House(log.parent / "warm", "sqlite://", "", (), (), "", "", "")
    warm.app()
    assert deeds and hooks and gunicorn
    print(json.dumps("ready"), flush=True)
    children: set[int] = set()
    ends: dict[int, int] = {}
    for line in sys.stdin:
        words = json.loads(line)
        if words["do"] in ("fork", "command"):
            pid = os.fork()
            if pid == 0:
                _be_born(words, log)
            ends.pop(pid, None)  # numbers come again
            children.add(pid)
            print(json.dumps(pid), flush=True)
        elif words["do"] == "look":
            pid = words["pid"]
            if pid not in ends and (end := _status_of(pid)) is not None:
                ends[pid] = end
                children.discard(pid)
            print(json.dumps(ends.get(pid)), flush=True)
        else:
            pid = words["pid"]
            if pid not in ends:
                ends[pid] = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
                children.discard(pid)
            print(json.dumps(ends[pid]), flush=True)
    for pid in children:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
    os._exit(0)  # nothing of the house needs to be put in order, and a busy machine takes its time


def _be_born(words: dict[str, Any], log: Path) -> None:
    import traceback

    status = 1
    try:
        os.close(0)
        _command(words) if words["do"] == "command" else _child(words, log)
        status = 0
    except SystemExit as end:
        status = int(end.code or 0)
    except BaseException:
        with log.open("a") as output:
            traceback.print_exc(file=output)
    finally:
        os._exit(status)


if __name__ == "__main__":
    _live(Path(sys.argv[1]))
