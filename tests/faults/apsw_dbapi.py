"""A DBAPI over apsw, so that the house's SQLAlchemy runs on a disk that we can break (tests/faults/disk.py).

`enrol()` makes the address `sqlite+apsw:///file` known; every file is opened through the disk of this process. The
errors are those of the standard library's driver, with its codes, because that is what the house knows.
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from sqlite3 import (  # what SQLAlchemy asks of a driver
    DatabaseError,
    DataError,
    Error,
    IntegrityError,
    InterfaceError,
    InternalError,
    NotSupportedError,
    OperationalError,
    ProgrammingError,
    Warning,
)
from types import ModuleType
from typing import Any

import apsw
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from tests.faults import disk

__all__ = [
    "DataError",
    "DatabaseError",
    "Error",
    "IntegrityError",
    "InterfaceError",
    "InternalError",
    "NotSupportedError",
    "OperationalError",
    "ProgrammingError",
    "Warning",
    "connect",
]

apilevel, threadsafety, paramstyle = "2.0", 1, "qmark"
sqlite_version = apsw.sqlitelibversion()
sqlite_version_info = tuple(int(part) for part in sqlite_version.split("."))
Binary = bytes
_CLASSES: dict[type[apsw.Error], type[sqlite3.Error]] = {
    apsw.ConstraintError: IntegrityError,
    apsw.CorruptError: DatabaseError,
    apsw.NotADBError: DatabaseError,
    apsw.MisuseError: ProgrammingError,
}
_CODES = {apsw.IOError: apsw.SQLITE_IOERR, apsw.FullError: apsw.SQLITE_FULL}
"""Codes of the errors that our own disk raises."""


class Dialect(SQLiteDialect_pysqlite):
    """SQLite as the house knows it, over this module."""

    driver = "apsw"
    supports_statement_cache = True

    @classmethod
    def import_dbapi(cls) -> ModuleType:
        import sys

        return sys.modules[__name__]


def enrol() -> None:
    """Make the address known to SQLAlchemy."""
    registry.register("sqlite.apsw", __name__, "Dialect")
    disk.mounted()


def connect(database: str, **_others: Any) -> "Connection":
    return Connection(database)


def _translated(problem: apsw.Error) -> sqlite3.Error:
    kind = next((_CLASSES[one] for one in _CLASSES if isinstance(problem, one)), OperationalError)
    code = getattr(problem, "extendedresult", 0) or _CODES.get(type(problem), 1)
    error = kind(str(problem).partition(": ")[2] or str(problem))
    error.sqlite_errorcode = code  # type: ignore[misc]
    error.sqlite_errorname = apsw.mapping_extended_result_codes.get(  # type: ignore[misc]
        code, apsw.mapping_result_codes.get(code & 0xFF, "")
    )
    return error


class Connection:
    """One connection. It begins no transaction by itself: the house chooses its own BEGIN."""

    def __init__(self, database: str) -> None:
        self.isolation_level: str | None = None
        try:
            self.own = apsw.Connection(database, vfs=disk.NAME)
        except apsw.Error as problem:
            raise _translated(problem) from problem

    @property
    def in_transaction(self) -> bool:
        return self.own.in_transaction

    def cursor(self) -> "Cursor":
        return Cursor(self)

    def execute(self, statement: str, values: Sequence[Any] = ()) -> "Cursor":
        return self.cursor().execute(statement, values)

    def commit(self) -> None:
        if self.own.in_transaction:
            self.execute("COMMIT")

    def rollback(self) -> None:
        if self.own.in_transaction:
            self.execute("ROLLBACK")

    def close(self) -> None:
        with suppress(apsw.Error):  # a disk without power cannot be left in order
            self.own.close(True)

    def create_function(
        self, name: str, arguments: int, function: Callable[..., Any], *, deterministic: bool = False
    ) -> None:
        self.own.create_scalar_function(name, function, arguments, deterministic=deterministic)


class Cursor:
    """Runs a statement to its end at once; what it found waits to be fetched."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.arraysize = 1
        self.description: tuple[tuple[Any, ...], ...] | None = None
        self.rowcount, self.lastrowid = -1, 0
        self._found: list[tuple[Any, ...]] = []

    def execute(self, statement: str, values: Sequence[Any] = ()) -> "Cursor":
        self.description, self.rowcount = None, -1
        self._run(statement, values)
        return self

    def executemany(self, statement: str, many: Iterable[Sequence[Any]]) -> "Cursor":
        self.description, changed = None, 0
        for values in many:
            self._run(statement, values)
            changed += max(0, self.rowcount)
        self.rowcount = changed
        return self

    def _run(self, statement: str, values: Sequence[Any]) -> None:
        own = self.connection.own

        def look(cursor: apsw.Cursor, _statement: str, _values: object) -> bool:
            described = cursor.get_description()
            self.description = tuple((one[0], *([None] * 6)) for one in described) or None
            return True

        cursor = own.cursor()
        cursor.exec_trace = look
        try:
            self._found = list(cursor.execute(statement, tuple(values)))
        except apsw.Error as problem:
            raise _translated(problem) from problem
        if statement.lstrip()[:6].upper() in ("INSERT", "UPDATE", "DELETE"):
            self.rowcount, self.lastrowid = own.changes(), own.last_insert_rowid()

    def fetchone(self) -> tuple[Any, ...] | None:
        return self._found.pop(0) if self._found else None

    def fetchmany(self, size: int | None = None) -> list[tuple[Any, ...]]:
        size = size or self.arraysize
        some, self._found = self._found[:size], self._found[size:]
        return some

    def fetchall(self) -> list[tuple[Any, ...]]:
        some, self._found = self._found, []
        return some

    def __iter__(self) -> Any:
        return iter(self.fetchall())

    def close(self) -> None:
        self._found = []
