"""`@built_once`: the services make a builder's rows once for each set of arguments; later tests begin with a copy of them.

Only a database in which nothing has been written yet is filled with copies, and only by builders whose arguments are plain
values; every other call makes its rows by the services, and so does every test that changes the world around them (monkeypatch).
What a builder returns is found again by its keys.
"""

import io
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from sqlalchemy import Connection, Table, event, inspect
from sqlalchemy.engine import Engine

from competition.database import db
from competition.orm import Base

_WRITTEN = "tests.written"
_CHANGES = ("INSERT", "UPDATE", "DELETE", "COPY")


@dataclass(frozen=True)
class _Rows:
    """What the tables held when a builder was done, and the way to what it returned."""

    tables: tuple[tuple[Table, Any], ...]
    returned: bytes


_kept: dict[bytes, _Rows] = {}


class _NotPlain(Exception):
    """Rows among the arguments: they belong to one test."""


class _Plain(pickle.Pickler):
    def persistent_id(self, each: Any) -> None:
        if isinstance(each, Base):
            raise _NotPlain


class _ByKey(pickle.Pickler):
    def persistent_id(self, each: Any) -> tuple[type, tuple[Any, ...]] | None:
        return (type(each), inspect(each).identity) if isinstance(each, Base) else None


class _FromDatabase(pickle.Unpickler):
    def persistent_load(self, key: Any) -> Any:
        kind, identity = key
        return db.session.get_one(kind, identity)


P = ParamSpec("P")
R = TypeVar("R")


def built_once(builder: Callable[P, R]) -> Callable[P, R]:
    """Keep what the builder writes into an untouched database, and copy it for the next test that asks for the same."""

    @wraps(builder)
    def build(*args: P.args, **kwargs: P.kwargs) -> R:
        if not _is_untouched() or (asked := _key(builder, args, kwargs)) is None:
            return builder(*args, **kwargs)
        if asked not in _kept:
            _kept[asked] = _taken(builder(*args, **kwargs))
            db.session.expire_all()
        else:
            _put(_kept[asked].tables)
        made: R = _FromDatabase(io.BytesIO(_kept[asked].returned)).load()
        return made

    return build


def watch_writes(engine: Engine) -> None:
    """Remember whether a test has written anything yet; where nobody watches, nothing is copied."""
    engine.__dict__[_WRITTEN] = True

    @event.listens_for(engine, "before_cursor_execute")
    def _note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().startswith(_CHANGES):
            engine.__dict__[_WRITTEN] = True


def call_untouched(engine: Engine) -> None:
    """The database of this engine has just been emptied."""
    if _WRITTEN in engine.__dict__:
        engine.__dict__[_WRITTEN] = False


def call_written(engine: Engine) -> None:
    """Nothing shall be copied into the database of this engine, nor be kept of it."""
    if _WRITTEN in engine.__dict__:
        engine.__dict__[_WRITTEN] = True


def _is_untouched() -> bool:
    return db.engine.__dict__.get(_WRITTEN) is False and not db.session.new


def _key(builder: Callable[..., Any], *arguments: Any) -> bytes | None:
    described = io.BytesIO()
    try:
        _Plain(described).dump((db.engine.dialect.name, builder.__module__, builder.__qualname__, *arguments))
    except (_NotPlain, pickle.PicklingError, AttributeError, TypeError):
        return None
    return described.getvalue()


def _taken(returned: Any) -> _Rows:
    db.session.flush()
    way = io.BytesIO()
    _ByKey(way).dump(returned)
    connection = db.session.connection()
    take = _copied_out if connection.dialect.name == "postgresql" else _selected
    tables = ((table, take(connection, table)) for table in Base.metadata.sorted_tables)
    return _Rows(tuple((table, rows) for table, rows in tables if rows), way.getvalue())


def _put(tables: tuple[tuple[Table, Any], ...]) -> None:
    connection = db.session.connection()
    db.engine.__dict__[_WRITTEN] = True
    cursor = _cursor(connection)
    if connection.dialect.name == "sqlite":
        cursor.execute("PRAGMA defer_foreign_keys=ON")
        for table, rows in tables:
            marks = ", ".join("?" * len(rows[0]))
            cursor.executemany(f"INSERT INTO {table.name} VALUES ({marks})", rows)
        return
    cursor.execute(
        "SET LOCAL session_replication_role = replica"
    )  # rows that point at each other come in some order
    for table, rows in tables:
        with cursor.copy(f"COPY {table.name} FROM STDIN") as copy:
            copy.write(rows)
    cursor.execute("SET LOCAL session_replication_role = origin")


def _selected(connection: Connection, table: Table) -> list[Any]:
    found: list[Any] = _cursor(connection).execute(f"SELECT * FROM {table.name}").fetchall()
    return found


def _copied_out(connection: Connection, table: Table) -> bytes:
    with _cursor(connection).copy(f"COPY {table.name} TO STDOUT") as copy:
        return b"".join(copy)


def _cursor(connection: Connection) -> Any:
    """The driver's own cursor: values come and go as the database keeps them."""
    return connection.connection.cursor()
