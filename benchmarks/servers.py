"""Servers in processes of their own, on ports that are free, and what they spend."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.visitors import Connection, get

START = 60
"""Seconds a server may take to answer for the first time."""


@dataclass(frozen=True)
class Server:
    """A server that answers."""

    port: int
    process: int

    def cpu(self) -> float | None:
        """Processor seconds of the server and its worker so far; None where the system does not say."""
        try:
            below = Path(f"/proc/{self.process}/task/{self.process}/children").read_text().split()
            return sum(_cpu_of(process) for process in (str(self.process), *below))
        except OSError:
            return None


def _cpu_of(process: str) -> float:
    ticks = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:13]
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


@contextmanager
def plain_server(folder: Path) -> Iterator[Server]:
    """The rival of benchmarks/plain.py."""
    port = _free_port()
    command = [sys.executable, "-m", "benchmarks.plain", str(port), str(folder / "plain.sqlite3")]
    with _serving(command, port, os.environ) as server:
        yield server


@contextmanager
def real_server(environment: Mapping[str, str]) -> Iterator[Server]:
    """`competition serve`, as anybody starts it."""
    port = _free_port()
    command = [str(Path(sys.executable).with_name("competition")), "serve", "--port", str(port)]
    with _serving(command, port, environment) as server:
        yield server


@contextmanager
def _serving(command: Sequence[str], port: int, environment: Mapping[str, str]) -> Iterator[Server]:
    process = subprocess.Popen(command, env=environment, stdout=sys.stderr, start_new_session=True)
    try:
        _wait(process, port)
        yield Server(port, process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + START
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with status {process.returncode}; it said why above")
        try:
            if Connection(port).ask(get("/healthz")).status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"the server did not answer within {START} seconds")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
