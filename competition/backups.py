"""A backup of a SQLite database that is whole, taken while the house goes on writing.

A backup is one moment: it is read inside one transaction, and what is written meanwhile is not in it. It grows as FILE.partial,
is looked at page by page and chain by chain, is synced, and only then gets its name: what stands under the name is whole.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, Engine, NullPool, create_engine, inspect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from competition.audit.queries import Break, chain_breaks, length_of_record
from competition.disk import Trouble, trouble_of
from competition.errors import RuleBroken
from competition.rules.sentences import sentence

PAGES = 100
"""Copied in one piece; then whoever waits is told how far it is."""

Told = Callable[[int, int], None]
"""Given how many pages are left, and of how many."""


@dataclass(frozen=True)
class Backup:
    """What was kept, and how much of the record is in it."""

    file: Path
    heads: Path | None
    """The copy of the heads file; None where there was none."""
    size: int
    chains: int
    entries: int
    breaks: tuple[Break, ...]
    """Where the record does not hold, in the copy as in the database."""
    is_beside: bool
    """It lies on the disk of the database, and would be lost with it."""


def back_up(engine: Engine, file: Path, *, heads: Path, told: Told = lambda _left, _of: None) -> Backup:
    """Copy the database to a file that is not there yet, check the copy, and give it its name.

    `heads` is the file with the heads of the record; what it says when the copying begins is put beside the backup, so
    that it never speaks of more than the backup holds. Raises RuleBroken, and leaves no file, when the copy cannot be
    made, does not fit on the disk, or is damaged. A record that does not hold is kept like everything else, and told.
    """
    source = _source(engine, file)
    seen = heads.read_bytes() if heads.exists() else None
    beside = Path(f"{file}.{heads.name}")
    with _said_in_words(), _named_when_whole(file) as partial:
        _copy(engine, partial, told)
        chains, entries, breaks = _record_of(partial)
        _sync(partial)
        if seen is not None:
            _keep(seen, beside)
    return Backup(
        file=file,
        heads=None if seen is None else beside,
        size=file.stat().st_size,
        chains=chains,
        entries=entries,
        breaks=breaks,
        is_beside=file.stat().st_dev == source.stat().st_dev,
    )


def _source(engine: Engine, file: Path) -> Path:
    """The file of the database. Raises RuleBroken for what cannot be backed up like this, or to there."""
    if engine.dialect.name != "sqlite":
        raise RuleBroken(
            sentence("The database is PostgreSQL, which makes its backups with a program of its own."),
            next_step=sentence(
                "Run pg_dump --format=custom --file=%(file)s with the address in DATABASE_URL; pg_restore puts it back.",
                file=file,
            ),
        )
    source = Path(engine.url.database or ":memory:")
    if not source.exists() or not inspect(engine).has_table("audit_entry"):
        raise RuleBroken(
            sentence("There are no tables in %(source)s, so there is nothing to keep.", source=source),
            next_step=sentence(
                "Look whether DATABASE_URL and COMPETITION_INSTANCE name the installation you mean."
            ),
        )
    _refuse_taken(file)
    return source


def _refuse_taken(file: Path) -> None:
    if file.exists():
        raise RuleBroken(
            sentence("%(file)s is there already; a backup never replaces a file.", file=file),
            next_step=sentence(
                "Name another file, with the date and the hour for instance, or move this one away."
            ),
        )


@contextmanager
def _named_when_whole(file: Path) -> Iterator[Path]:
    """A file beside, for the owner only, that gets the name at the end of the block; after an error nothing is left of it."""
    partial = Path(f"{file}.partial")
    try:
        os.close(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError as problem:
        raise RuleBroken(
            sentence(
                "%(file)s is there: another backup is being written, or one was interrupted.", file=partial
            ),
            next_step=sentence(
                "When no other backup is running, delete this file and run the command again."
            ),
        ) from problem
    try:
        yield partial
        _refuse_taken(file)
        partial.rename(file)
        _sync(file.parent)
    finally:
        for left in (partial, Path(f"{partial}-journal"), Path(f"{partial}-wal"), Path(f"{partial}-shm")):
            with suppress(OSError):
                left.unlink(missing_ok=True)


@contextmanager
def _said_in_words() -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, DBAPIError, OSError) as problem:
        said = getattr(problem, "orig", None) or problem
        if trouble_of(problem) is Trouble.DAMAGED:
            raise _damaged(said) from problem
        raise RuleBroken(
            sentence(
                "The backup could not be made (%(problem)s). No file stands under its name, and nothing else was changed.",
                problem=said,
            ),
            next_step=sentence("Make room there, or name a file elsewhere, and run the command again."),
        ) from problem


def _damaged(said: object) -> RuleBroken:
    return RuleBroken(
        sentence("The copy is damaged, and so may the database be: %(said)s. No backup was kept.", said=said),
        next_step=sentence("Keep the older backups, and go on as docs/restoring.md says."),
    )


def _copy(engine: Engine, partial: Path, told: Told) -> None:
    """One moment of the database as a single file, without a log beside it."""
    pooled = engine.raw_connection()
    try:
        source = pooled.driver_connection
        assert isinstance(source, sqlite3.Connection)
        with closing(sqlite3.connect(partial)) as target:
            source.execute("BEGIN")  # without it, whatever is written meanwhile makes the copying start again
            try:
                source.execute("SELECT count(*) FROM sqlite_master").fetchone()
                source.backup(target, pages=PAGES, progress=lambda _status, left, of: told(left, of))
            finally:
                source.execute("ROLLBACK")
            target.execute("PRAGMA journal_mode=DELETE")
            _examine(target)
    finally:
        pooled.close()


def _examine(copy: sqlite3.Connection) -> None:
    """Raise RuleBroken unless every page, index and reference of the copy is right."""
    said = [row[0] for row in copy.execute("PRAGMA integrity_check(3)")]
    strays = [
        f"{row[0]} {row[1]} → {row[2]}" for row in copy.execute("PRAGMA foreign_key_check").fetchmany(3)
    ]
    if said != ["ok"] or strays:
        raise _damaged("; ".join((said if said != ["ok"] else []) + strays))


def _record_of(partial: Path) -> tuple[int, int, tuple[Break, ...]]:
    """How many chains and entries of the record the copy holds, and where it does not hold."""
    engine = create_engine(URL.create("sqlite", database=str(partial)), poolclass=NullPool)
    with Session(engine) as copy:
        return *length_of_record(within=copy), tuple(chain_breaks(within=copy))


def _keep(content: bytes, file: Path) -> None:
    """Put down the heads; a file of this name belongs to a backup that was interrupted before it had its own."""
    partial = Path(f"{file}.partial")
    try:
        partial.write_bytes(content)
        _sync(partial)
        partial.replace(file)
    finally:
        partial.unlink(missing_ok=True)


def _sync(place: Path) -> None:
    """Return when the file, or the names in the folder, are on the disk."""
    if place.is_dir() and os.name == "nt":
        return  # there a folder cannot be opened
    opened = os.open(place, os.O_RDONLY if place.is_dir() else os.O_RDWR)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
