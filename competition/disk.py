"""What the disk under the database answers, and whether this process may go on writing to it.

Source: docs/sources.md, reliability §2 and faults 7–12. After an I/O error nothing is retried and acknowledged: the request is
refused, and when the next write fails too, or a page of the file is damaged, the process writes nothing more until it
is started again. A full disk is another matter: it is said so, and writing goes on as soon as there is room.
"""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import structlog
from sqlalchemy import Engine

from competition.errors import Problem
from competition.rules.sentences import Sentence, sentence

log = structlog.get_logger()

MOST_FAILURES = 2
"""So many writes in a row may fail; then the process writes no more."""

NETWORK_FILES = frozenset(
    [
        "9p",
        "afs",
        "ceph",
        "cifs",
        "fuse.sshfs",
        "glusterfs",
        "lustre",
        "ncpfs",
        "nfs",
        "nfs4",
        "smb2",
        "smb3",
        "smbfs",
    ]
)
"""File systems on which SQLite's locks or its log are not reliable."""


class Trouble(StrEnum):
    FULL = "full"
    FAILING = "failing"
    DAMAGED = "damaged"
    AWAY = "away"


_SQLITE = {
    8: Trouble.FAILING,
    10: Trouble.FAILING,
    11: Trouble.DAMAGED,
    13: Trouble.FULL,
    26: Trouble.DAMAGED,
}
_POSTGRESQL = {
    "53100": Trouble.FULL,
    "58030": Trouble.FAILING,
    "XX001": Trouble.DAMAGED,
    "XX002": Trouble.DAMAGED,
}

SENTENCES: dict[Trouble, tuple[Sentence, Sentence]] = {
    Trouble.FULL: (
        sentence("The server's disk is full, so nothing was changed. Everything can still be read."),
        sentence("Tell the technician to make room; then send it again. Tablets do so by themselves."),
    ),
    Trouble.FAILING: (
        sentence("The server could not write to its disk, so nothing was changed."),
        sentence("Tell the technician at once. Go on marking: tablets keep everything and send it again."),
    ),
    Trouble.DAMAGED: (
        sentence("The server's database is damaged, so it takes nothing more. What tablets hold is safe."),
        sentence("Tell the technician to restore it as docs/restoring.md says. Go on marking meanwhile."),
    ),
    Trouble.AWAY: (
        sentence("The database cannot be reached at the moment, so nothing was changed."),
        sentence("Try again in half a minute. Tablets do so by themselves."),
    ),
}


class NotWriting(Problem):
    """This process writes no more; reading goes on."""

    status = 503

    def __init__(self, trouble: Trouble) -> None:
        because, next_step = SENTENCES[trouble]
        super().__init__(because, next_step=next_step)


class DatabaseUnsafe(RuntimeError):
    """The database could lose what it acknowledged; the message says why and what to do."""


@dataclass
class State:
    """How the disk under one database has behaved since the start."""

    failures: int = 0
    trouble: Trouble | None = None

    def refuse(self) -> None:
        """Raise when nothing may be written any more."""
        if self.trouble is not None:
            raise NotWriting(self.trouble)

    def wrote(self) -> None:
        self.failures = 0

    def failed(self, problem: BaseException) -> None:
        """A write failed; the second in a row, and any damage, end the writing."""
        trouble = trouble_of(problem)
        if trouble is Trouble.FAILING:
            self.failures += 1
            log.critical("the disk failed", failures=self.failures, error=str(problem))
            if self.failures >= MOST_FAILURES:
                self.stop(trouble)
        elif trouble is Trouble.DAMAGED:
            self.stop(trouble)

    def stop(self, trouble: Trouble) -> None:
        """Write nothing more until the next start."""
        if self.trouble is None:
            self.trouble = trouble
            log.critical("this process writes no more", trouble=trouble.value)


_states: WeakKeyDictionary[Engine, State] = WeakKeyDictionary()


def state_of(engine: Any) -> State:
    """The state of the disk under an engine's database."""
    return _states.setdefault(engine, State())


def trouble_of(problem: BaseException) -> Trouble | None:
    """What a database error says about the disk; None when it is about something else."""
    driver = getattr(problem, "orig", None) or problem
    code = getattr(driver, "sqlite_errorcode", None)
    if isinstance(code, int):
        return _SQLITE.get(code & 0xFF)
    state = getattr(driver, "sqlstate", None)
    if state in _POSTGRESQL:
        return _POSTGRESQL[state]
    is_gone = getattr(problem, "connection_invalidated", False) or str(state or "")[:3] in ("57P", "080")
    is_silent = state is None and type(driver).__module__.startswith("psycopg") and _is_operational(driver)
    return Trouble.AWAY if is_gone or is_silent else None


def _is_operational(driver: BaseException) -> bool:
    return type(driver).__name__ == "OperationalError"


def examine(engine: Engine) -> None:
    """Look at a SQLite file before it is used: a damaged one is read from, never written to."""
    if engine.dialect.name != "sqlite" or not engine.url.database:
        return
    with engine.connect() as connection:
        said = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
    if said != "ok":
        log.critical("the database is damaged", said=said)
        state_of(engine).stop(Trouble.DAMAGED)


def refuse_network_disk(engine: Engine, mounts: Path = Path("/proc/mounts")) -> None:
    """Raise when a SQLite file lies on a network file system; says nothing where the system does not tell."""
    if engine.dialect.name != "sqlite" or not engine.url.database or not mounts.exists():
        return
    file = Path(engine.url.database).resolve()
    kind = _file_system(file, mounts.read_text("utf-8", "replace"))
    if kind in NETWORK_FILES:
        raise DatabaseUnsafe(
            f"{file} lies on a network file system ({kind}), where SQLite can lose what it acknowledged. "
            "Put it on a local disk, use PostgreSQL, or set COMPETITION_ANY_DISK=yes if you know better."
        )


def _file_system(file: Path, mounts: str) -> str:
    found = "", ""
    for line in mounts.splitlines():
        parts = line.split()
        if len(parts) > 2:
            place = parts[1].replace("\\040", " ")
            if file.is_relative_to(place) and len(place) >= len(found[0]):
                found = place, parts[2]
    return found[1]


def refuse_forgetful(engine: Engine) -> None:
    """Raise when the database acknowledges before it has written: that loses marks with the power."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            log_kept = connection.exec_driver_sql("PRAGMA journal_mode").scalar_one()
            level = connection.exec_driver_sql("PRAGMA synchronous").scalar_one()
            weak = (
                [] if (log_kept, level) == ("wal", 2) else [f"journal_mode={log_kept}, synchronous={level}"]
            )
        else:
            names = ("fsync", "synchronous_commit", "full_page_writes")
            found = {name: connection.exec_driver_sql(f"SHOW {name}").scalar_one() for name in names}
            weak = [f"{name}=off" for name, value in found.items() if value == "off"]
    if weak:
        raise DatabaseUnsafe(
            f"The database may lose what it acknowledged when the power fails ({', '.join(weak)}). "
            "Turn these settings on, or put the SQLite file on a local disk that takes a write-ahead log."
        )
