"""The session, and what SQLite needs to keep every acknowledged row.

Only queries, services, transactions and the application may import this module. Reads run in a deferred
transaction; `transactions.transaction()` begins the only kind that writes.
"""

from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session, scoped_session

from competition.orm import Base

db = SQLAlchemy(model_class=Base, session_options={"autoflush": True})
session: scoped_session[Any] = db.session
_CONNECTION = "competition.connection"


def connection() -> Connection:
    """What plain statements go through. While something is written it is at hand: the session would look for it every time."""
    current: Session = session()
    return current.info.get(_CONNECTION) or current.connection()


def hold(current: Session, held: Connection | None) -> None:
    """Keep the connection of a transaction at hand until it ends (None)."""
    current.info[_CONNECTION] = held


PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "busy_timeout=5000",
    "foreign_keys=ON",
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

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(
            "BEGIN " + connection.get_execution_options().get("sqlite_begin", "DEFERRED")
        )
