"""`with transaction():` is the only commit of the house; what leaves the database waits for it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

from sqlalchemy import Engine, event
from sqlalchemy.orm import ORMExecuteState, Session

from competition import disk
from competition.database import begin_writing, end_writing, session

_WRITING = "competition.writing"
_AFTERWARDS = "competition.afterwards"


class WriteOutsideTransaction(RuntimeError):
    """Something changed a row without `with transaction():`; nothing of it was kept."""


@contextmanager
def transaction() -> Iterator[None]:
    """Do all of it or nothing.

    Ends the reading transaction first: rows read before are read again, now under the write lock (BEGIN
    IMMEDIATE on SQLite), so no decision rests on what was true a moment ago.
    """
    current = session()
    if current.info.get(_WRITING):
        raise RuntimeError("a transaction inside a transaction")
    if current.new or current.dirty or current.deleted:
        raise WriteOutsideTransaction("rows were changed before the transaction began")
    current.rollback()
    engine = current.get_bind()
    state = disk.state_of(engine)
    state.refuse()
    current.info[_WRITING] = True
    current.info[_AFTERWARDS] = []
    try:
        with _turn(engine):
            try:
                begin_writing(current)
                yield
                current.commit()
                state.wrote()
            except BaseException as problem:
                state.failed(problem)
                current.rollback()
                raise
    finally:
        end_writing(current)
        current.info[_WRITING] = False
        afterwards = current.info.pop(_AFTERWARDS, [])
    for effect in afterwards:
        effect()


_WRITERS = Lock()
_PATIENCE = 5.0
"""Seconds, as SQLite's own busy_timeout: who waits longer asks the database, which says that it is busy."""


@contextmanager
def _turn(engine: Engine) -> Iterator[None]:
    """Threads of one process queue for SQLite's single writer: the database itself would let them sleep and try again."""
    has_turn = engine.dialect.name == "sqlite" and _WRITERS.acquire(timeout=_PATIENCE)
    try:
        yield
    finally:
        if has_turn:
            _WRITERS.release()


def after_commit(effect: Callable[[], None]) -> None:
    """Do something outside the database once, and only if, the transaction is kept."""
    session().info[_AFTERWARDS].append(effect)


@event.listens_for(Session, "before_flush")
def _refuse_stray_writes(current: Session, _context: object, _instances: object) -> None:
    if not current.info.get(_WRITING, False) and (current.new or current.dirty or current.deleted):
        raise WriteOutsideTransaction("a write outside `with transaction():`")


@event.listens_for(Session, "do_orm_execute")
def _refuse_stray_statements(state: ORMExecuteState) -> None:
    if not state.session.info.get(_WRITING, False) and (
        state.is_insert or state.is_update or state.is_delete
    ):
        raise WriteOutsideTransaction("a write outside `with transaction():`")


def note_trouble(problem: BaseException) -> None:
    """A read met a damaged page: what is damaged is not written to."""
    if disk.trouble_of(problem) is disk.Trouble.DAMAGED:
        disk.state_of(session.get_bind()).failed(problem)


def trouble() -> disk.Trouble | None:
    """Why nothing is written any more; None while all is well."""
    return disk.state_of(session.get_bind()).trouble


def abandon() -> None:
    """Forget what was read and not written; error pages start from a clean state."""
    session.rollback()
