"""Fail the Nth: every write, sync, statement and commit of a deed fails in turn, once or from then on (reliability §2, SQLite).

After each the database holds what it held before or what the deed makes of it, never anything between, and the deed can
be done again: then it holds what the deed makes of it, once.
"""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import make_url

from competition.database import db
from competition.errors import Problem
from tests.faults import apsw_dbapi, deeds, disk
from tests.faults.house import House, closed
from tests.faults.invariants import problems

STORY = ("device", "mark", "sign", "everything_marked", "publish", "issue", "listed", "take_over")
SWEPT = ("mark", "sign", "publish", "issue", "take_over")
Pick = Callable[[int], Sequence[int]]
"""Which of so many points are tried: all of them, or some."""


def every(points: int) -> Sequence[int]:
    return range(1, points + 1)


def some(points: int) -> Sequence[int]:
    """The first, the last two, and a few between."""
    return sorted({1, points // 3, points // 2, points - 1, points} - {0, -1})


@dataclass
class Swept:
    """What became of the faults of one kind."""

    kind: str
    points: dict[str, int] = field(default_factory=dict)
    """How many points each deed has."""
    faults: int = 0
    refused: int = 0
    went_through: int = 0
    broken: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {**vars(self), "broken": len(self.broken)}


class Broken(Exception):
    """The statement or commit that was to fail."""


Fault = Callable[[Flask, int], Any]
"""A context in which the Nth point fails; N = 0 only counts, and the context's value has the number in `points`."""


@dataclass
class _Count:
    points: int = 0


@contextmanager
def failing_statements(app: Flask, nth: int) -> Iterator[_Count]:
    """The Nth statement, or the commit after the last one, is refused."""
    count = _Count()

    def statement(*_about: object) -> None:
        count.points += 1
        if count.points == nth:
            raise Broken("statement")

    with app.app_context():
        engine = db.engine
        event.listen(engine, "before_cursor_execute", statement)
        event.listen(engine, "commit", statement)
    try:
        yield count
    finally:
        event.remove(engine, "before_cursor_execute", statement)
        event.remove(engine, "commit", statement)


@contextmanager
def ending_backends(app: Flask, nth: int) -> Iterator[_Count]:
    """PostgreSQL's process behind the connection is ended when the Nth statement is about to be sent."""
    count = _Count()

    def statement(connection: Any, *_about: object) -> None:
        count.points += 1
        if count.points == nth:
            _end_backend(app, connection.connection.dbapi_connection.info.backend_pid)

    with app.app_context():
        engine = db.engine
        event.listen(engine, "before_cursor_execute", statement)
    try:
        yield count
    finally:
        event.remove(engine, "before_cursor_execute", statement)


def _end_backend(app: Flask, pid: int) -> None:
    engine = create_engine(app.config["SETTINGS"].database_url)
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
    engine.dispose()


def failing_writes(*, for_good: bool = False, full: bool = False) -> Fault:
    """The Nth write or sync of the database's files fails, once or from then on, or finds no room."""

    @contextmanager
    def fault(_app: Flask, nth: int) -> Iterator[_Count]:
        the_disk, count = disk.mounted(), _Count()
        the_disk.watch(fail=nth or None, for_good=for_good, full=full)
        try:
            yield count
        finally:
            count.points = the_disk.operations
            the_disk.mend()

    return fault


def copy_postgresql(address: str, *, to: str = "", back_from: str = "") -> None:
    """Keep a database under another name, or bring it back from there."""
    url = make_url(address)
    own, beside = str(url.database), f"{url.database}_{to or back_from}"
    new, template = (beside, own) if to else (own, beside)
    engine = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {new} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {new} TEMPLATE {template}"))
    engine.dispose()


def drop_postgresql(address: str, beside: str) -> None:
    """Forget a copy."""
    url = make_url(address)
    engine = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {url.database}_{beside} WITH (FORCE)"))
    engine.dispose()


class Sweep:
    """One event on its way from the first mark to the certificate, with faults at every deed."""

    def __init__(self, house: House, kind: str, fault: Fault, pick: Pick = every) -> None:
        if house.database_url.startswith("sqlite+apsw"):
            apsw_dbapi.enrol()
        self.house, self.fault, self.pick = house, fault, pick
        self.app = house.app()
        self.found = Swept(kind)

    def run(self, swept: Sequence[str] = SWEPT) -> Swept:
        last = max(STORY.index(name) for name in swept)
        for name in STORY[: last + 1]:
            if name in swept:
                self._sweep(name)
            else:
                self._do(name)
        self.found.broken += problems(self.house.database_url)
        self._let_go()
        if not self.house.database_url.startswith("sqlite"):
            drop_postgresql(self.house.database_url, "kept")
        return self.found

    def _do(self, name: str) -> None:
        with self.app.app_context():
            getattr(deeds, name)(self.app, self.house)

    def _sweep(self, name: str) -> None:
        old = self._state()
        self._keep()
        with self.fault(self.app, 0) as count:
            self._do(name)
        new = self._state()
        self.found.points[name] = count.points
        for nth in self.pick(count.points):
            self._bring_back()
            self._one(name, nth, old, new)

    def _one(self, name: str, nth: int, old: Any, new: Any) -> None:
        self.found.faults += 1
        is_refused = False
        with self.fault(self.app, nth):
            try:
                self._do(name)
            except Exception:
                is_refused = True
        self._let_go()
        found = self._state()
        self.found.refused += is_refused
        self.found.went_through += not is_refused
        if found not in ((old, new) if is_refused else (new,)):
            self.found.broken.append(f"{self.found.kind}: {name} at {nth}: neither old nor new")
        with suppress(Problem):  # it is done already, and says so
            self._do(name)
        if self._state() != new:
            self.found.broken.append(
                f"{self.found.kind}: {name} at {nth}: done again, it is not what it should be"
            )

    def _state(self) -> Any:
        return deeds.fingerprint_of(self.app)

    def _let_go(self) -> None:
        closed(self.app)

    # --- going back to before the deed ------------------------------------------------------------

    def _keep(self) -> None:
        self._let_go()
        if self.house.database_url.startswith("sqlite"):
            self._checkpoint()
            shutil.copy(self.house.file(), self._kept())
        else:
            copy_postgresql(self.house.database_url, to="kept")

    def _bring_back(self) -> None:
        self._let_go()
        if self.house.database_url.startswith("sqlite"):
            for suffix in ("-wal", "-shm"):
                self.house.file().with_name(self.house.file().name + suffix).unlink(missing_ok=True)
            shutil.copy(self._kept(), self.house.file())
        else:
            copy_postgresql(self.house.database_url, back_from="kept")

    def _kept(self) -> Any:
        return self.house.file().with_suffix(".kept")

    def _checkpoint(self) -> None:
        with self.app.app_context():
            with db.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            db.engine.dispose()
