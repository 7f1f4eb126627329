"""Pieces of work as the house does them, each in one transaction of its own: to be interrupted at any point.

Each is given the application and the event.
"""

import os
import resource
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import select, text

from competition import clock
from competition.accounts.queries import account_by_username, actor_of
from competition.accounts.services import system_actor
from competition.audit.witness import Seen, Witness
from competition.backups import back_up
from competition.certificates.services import issue_certificate, queue_batch
from competition.competitions.models import Event
from competition.competitions.queries import event_by_id
from competition.database import db, session
from competition.errors import RuleBroken
from competition.jobs import registry, runner
from competition.jobs.run import Run
from competition.jobs.services import queue_operation
from competition.migrations.schema import migrate
from competition.registration.models import EntrantImport
from competition.registration.services import read_import, take_over_import
from competition.results import queries as results_queries
from competition.results.services import approve_publication, prepare_revision
from competition.rules.access import Actor
from competition.rules.sentences import sentence
from competition.scoring import queries
from competition.scoring.models import Sheet
from competition.scoring.services import (
    apply_operations,
    close_scoring,
    confirm_sheet,
    sign_sheet,
)
from competition.tablets.models import Device
from competition.tablets.services import register_device
from competition.transactions import transaction
from tests.builders import competitions, registration, workers
from tests.builders.certificates import awarded_line
from tests.builders.scoring import sent
from tests.faults.house import ASPECTS, House

AT = datetime(2026, 6, 1, 6, 0, tzinfo=UTC)


def _actor(username: str) -> Actor:
    account = account_by_username(username)
    assert account is not None
    return actor_of(account)


def _event(house: House) -> Event:
    return event_by_id(UUID(house.event))


def _sheet(house: House, index: int = 0) -> Sheet:
    sheet = session.get(Sheet, (UUID(house.event), UUID(house.papers[index].id)))
    assert sheet is not None
    return sheet


def device(_app: Flask, house: House) -> None:
    """The judge of the first sheet has a tablet."""
    with transaction():
        sheet = _sheet(house)
        by = actor_of(sheet.judge.account)
        register_device(_event(house), sheet.judge.account, label="tablet", by=by, at=AT)


def mark(_app: Flask, house: House) -> None:
    """Four marks of one sheet, in one batch."""
    with transaction():
        sheet = _sheet(house)
        own = session.scalars(
            select(Device).where(Device.account_id == sheet.judge.account_id).order_by(Device.id)
        ).first()
        operations = [
            sent(sheet, aspect, "7", index, op_id=UUID(int=index, version=4))
            for index, aspect in enumerate(ASPECTS, start=1)
        ]
        apply_operations(own, operations=operations, by=actor_of(sheet.judge.account), at=AT)


def sign(_app: Flask, house: House) -> None:
    """The judge signs that sheet."""
    with transaction():
        sheet = _sheet(house)
        sign_sheet(sheet, by=actor_of(sheet.judge.account), at=AT)


def everything_marked(_app: Flask, house: House) -> None:
    """Every sheet filled, signed and confirmed, and a revision prepared: ready to be published."""
    chief, event = _actor(house.chief), _event(house)
    for index in range(len(house.papers)):
        with transaction():
            sheet = _sheet(house, index)
            by = actor_of(sheet.judge.account)
            if sheet.state == "open":
                own = register_device(event, sheet.judge.account, label="t", by=by, at=AT)
                missing = [a for a in ASPECTS if (a, "mark") not in queries.marks_of_sheet(sheet)]
                operations = [
                    sent(sheet, aspect, str(20 + index % 60), number)
                    for number, aspect in enumerate(missing, start=1)
                ]
                apply_operations(own, operations=operations, by=by, at=AT)
                session.flush()
                sign_sheet(sheet, by=by, at=AT)
            confirm_sheet(sheet, by=chief, at=AT)
    with transaction():
        close_scoring(_event(house), by=_actor(house.organiser), at=AT)
    with transaction():
        prepare_revision(_event(house), by=_actor(house.organiser), at=AT)


def publish(_app: Flask, house: House) -> None:
    """The second person approves the prepared revision."""
    with transaction():
        revision = results_queries.newest_revision(_event(house))
        assert revision is not None
        approve_publication(revision, by=_actor(house.supervisor), at=AT)


def issue(_app: Flask, house: House) -> None:
    """The certificate of the winner."""
    with transaction():
        line, worker = awarded_line(_event(house))
        issue_certificate(line, worker, by=_actor(house.organiser), at=AT)


LISTED = 12
"""People on the list."""


def listed(_app: Flask, house: House, number: int = LISTED) -> None:
    """Another event takes entries, and a list of people was uploaded for it."""
    with transaction():
        event = competitions.open_event(_event(house).competition, code="W99")
        employer = event.competition.host.name
        rows = [
            registration.row(registration.NAMES[index % 10], workers.id_number(index + 1), employer)
            for index in range(number)
        ]
        content = registration.workbook(rows)
        read_import(event, content=content, filename="list.xlsx", by=_actor(house.organiser), at=AT)


def take_over(_app: Flask, house: House) -> None:
    """Everybody on the list is entered."""
    with transaction():
        uploaded = session.scalars(select(EntrantImport)).one()
        take_over_import(uploaded, by=_actor(house.organiser), at=AT)


def keep_still(_app: Flask, _house: House, seconds: float = 60) -> None:
    """Hold the write lock."""
    with transaction():
        time.sleep(seconds)


def checkpoint(_app: Flask, _house: House) -> None:
    """Move the log into the database file."""
    with db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def fingerprint_of(app: Flask, tables: tuple[str, ...] = ()) -> dict[str, Any]:
    """How many rows each table has: equal before and after what left nothing behind."""
    from competition.orm import Base

    with app.app_context(), db.engine.connect() as connection:
        names = tables or tuple(sorted(table.name for table in Base.metadata.sorted_tables))
        return {
            name: connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar_one() for name in names
        }


def move_schema(_app: Flask, _house: House) -> None:
    """Bring the schema up."""
    migrate(db.engine)


def queue_certificates(_app: Flask, house: House) -> None:
    """Everybody with an award shall have a certificate."""
    with transaction():
        queue_batch(_event(house), by=_actor(house.organiser), at=clock.now())


def queue_rows(_app: Flask, _house: House) -> None:
    """Forty rows shall be written by background work."""
    with transaction():
        session.execute(text("CREATE TABLE written (number INTEGER, by INTEGER)"))
        registry.operation_kind("test.rows", title=sentence("Work"), seconds=60)(_write_rows)
        queue_operation("test.rows", args={}, idempotency_key="one", by=system_actor(), at=clock.now())


def _write_rows(run: Run, rest: float = 0.02) -> None:
    there = set(session.scalars(text("SELECT number FROM written")))
    run.expect(40, done=len(there))
    for number in sorted(set(range(40)) - there):
        with run.step():
            session.execute(text("INSERT INTO written VALUES (:n, :by)"), {"n": number, "by": os.getpid()})
        time.sleep(rest if number >= RESTS_FROM else 0.02)


RESTS_FROM = 12


def work(app: Flask, _house: House, lease: float = 0.5, rest: float = 0.02) -> None:
    """Do the background work that is due; of the forty rows, those from the twelfth on with a rest after each."""
    if registry.kind_of("test.rows") is None:
        write = partial(_write_rows, rest=rest)
        registry.operation_kind("test.rows", title=sentence("Work"), seconds=600)(write)
    runner.run_due(app, lease=timedelta(seconds=lease))


@contextmanager
def _no_room_beyond(size: int) -> Iterator[None]:
    """No file of this process grows beyond a size; what it says meanwhile goes nowhere, for its log may be longer than that."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    before, said = resource.getrlimit(resource.RLIMIT_FSIZE), (os.dup(1), os.dup(2))
    with open(os.devnull, "wb") as nowhere:
        for number in (1, 2):
            os.dup2(nowhere.fileno(), number)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        for number, kept in enumerate(said, start=1):
            os.dup2(kept, number)


def heads_without_room(_app: Flask, house: House) -> None:
    """Mark where no file beside the database may grow, and begin the heads anew: what was there stays whole."""
    heads = next(house.folder.glob("heads-*.log"))
    before = heads.read_bytes()
    with _no_room_beyond(len(before)):
        Witness(heads).note("installation", 1, "0" * 64)
        with suppress(OSError):
            Witness(heads).begin({f"{number:036}": Seen(1, "0" * 64) for number in range(50)})
    assert heads.read_bytes() == before


def backup(_app: Flask, house: House, file: str) -> None:
    """A backup, with the heads of the record beside it."""
    back_up(db.engine, Path(file), heads=next(house.folder.glob("heads-*.log")))


def backup_without_room(app: Flask, house: House, file: str, size: int) -> None:
    """A backup where no file may grow beyond a size: it is refused in words."""
    with _no_room_beyond(size), suppress(RuleBroken):
        backup(app, house, file)
        raise AssertionError("there was room")
