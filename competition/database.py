"""The session, and what SQLite needs to keep every acknowledged row.

Only queries, services, transactions and the application may import this module. Reads run in a deferred
transaction; `transactions.transaction()` begins the only kind that writes.
"""

from contextvars import ContextVar
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, event, make_url
from sqlalchemy.orm import Session, scoped_session

from competition.orm import Base

db = SQLAlchemy(model_class=Base, session_options={"autoflush": True})
session: scoped_session[Any] = db.session
_WRITING = "competition.connection"
_begins = ContextVar("begins", default="DEFERRED")


def connection() -> Connection:
    """What plain statements go through. While something is written it is at hand: the session would look for it every time."""
    current: Session = session()
    return current.info.get(_WRITING) or current.connection()


def begin_writing(current: Session) -> None:
    """Begin the transaction of a session that writes: BEGIN IMMEDIATE on SQLite."""
    before = _begins.set("IMMEDIATE")
    try:
        current.info[_WRITING] = current.connection()
    finally:
        _begins.reset(before)


def end_writing(current: Session) -> None:
    """The transaction of `begin_writing` has ended, one way or the other."""
    current.info.pop(_WRITING, None)


def lock(row: Base, *, read: bool = False) -> None:
    """Read a row again and let nobody change it until this transaction ends: whoever else wants it waits, then sees what was
    done. With `read` others may read it in the same way meanwhile."""
    session.refresh(row, with_for_update={"of": type(row), "read": read})


LIMITS = "-c lock_timeout=5000 -c statement_timeout=120000"
"""PostgreSQL, in milliseconds: whoever waits for a row longer than SQLite lets anybody wait is told to come back, and a report
that computes for two minutes is stopped. On SQLite whoever reads holds up nobody."""


def is_embedded(address: str) -> bool:
    """Whether the database is SQLite, within this process."""
    return make_url(address).get_backend_name() == "sqlite"


def engine_options(address: str, *, migrating: bool = False) -> dict[str, Any]:
    """How the engine of a database is made; a migration takes the time it takes, and an address with options keeps its own.

    A server elsewhere may have hung up in the meantime. A connection to a file of SQLite forgets its pages when another one
    has written, so the one that wrote last is the best to go on with; in memory there is one only.
    """
    url = make_url(address)
    if is_embedded(address):
        return {"pool_use_lifo": True} if url.database not in (None, "", ":memory:") else {}
    limited = {} if migrating or "options" in url.query else {"connect_args": {"options": LIMITS}}
    return {"pool_pre_ping": True, **limited}


PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "busy_timeout=5000",
    "foreign_keys=ON",
    "cache_size=-16384",  # 16 MB: the indexes that a mark is written into stay at hand
    "wal_autocheckpoint=4000",  # pages, 16 MB: a page that many marks write is copied into the file once for all of them
)


def keep_sqlite_honest(engine: Engine) -> None:
    """Attach the recipe to a SQLite engine: WAL, FULL, foreign keys, and a BEGIN that we choose ourselves.

    The driver's own transaction handling loses updates without an error; BEGIN IMMEDIATE for every writer
    does not (two-connection test in tests/services/test_transactions.py).
    """
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        for pragma in PRAGMAS:
            connection.execute("PRAGMA " + pragma)

    def _begin(pooled: Any) -> None:
        pooled.dbapi_connection.execute("BEGIN " + _begins.get())

    # Not an event of the engine: with one of those, SQLAlchemy looks for listeners around every single statement.
    engine.dialect.do_begin = _begin  # type: ignore[assignment]
