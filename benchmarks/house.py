"""The event that the requests are about: prepared through the services, and timed on the way.

One thing is not done by the services: the marks that the measurement of sheets did not send are written in one INSERT,
and all sheets are set to confirmed in one UPDATE, because 15,000 sheets would be sent, signed and confirmed for many
minutes. The rows of marks are those that operations would leave; operations, signatures and their facts are missing.
"""

import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import event as happenings
from sqlalchemy import insert, select, update

from benchmarks import contest
from competition import tokens
from competition.accounts.models import Account
from competition.accounts.queries import account_by_username, actor_of
from competition.accounts.services import open_account, system_actor
from competition.app import create_app
from competition.certificates.models import Certificate
from competition.certificates.services import queue_batch
from competition.competitions.models import CompetitionClass, Event, Group, Tier
from competition.competitions.queries import event_by_id
from competition.competitions.services import move_event, open_competition, open_event
from competition.database import db, session
from competition.draws.services import make_draw
from competition.jobs.runner import run_due
from competition.migrations.schema import migrate
from competition.organisations.models import Organisation, OrganisationKind
from competition.organisations.services import open_organisation
from competition.panels.models import Judge, SeatKind
from competition.panels.services import appoint_chief, assign_seat, register_judge
from competition.registration.models import EntrantImport, EntrantState
from competition.registration.queries import entrants_of
from competition.registration.services import approve_entrants, read_import, take_over_import
from competition.results.queries import newest_revision
from competition.results.services import approve_publication, prepare_revision
from competition.rules.access import Actor
from competition.rules.grades import Grade
from competition.rules.lifecycle import Move
from competition.scoring.models import Mark, Sheet, SheetState
from competition.scoring.queries import contest_document
from competition.scoring.services import close_scoring, start_scoring
from competition.settings import settings_from_environment
from competition.transactions import transaction
from competition.workers.services import open_occupation

PASSWORD = "measured-not-guessed"
TAKERS = {"taker1": "J1", "taker2": "J2", "taker3": "J3", "taker4": "A1"}
"""The judges. The one on J3 belongs to the first enterprise, so the alternate marks its people."""
CHUNK = 10_000


class House:
    """An installation in a folder of its own, with one event on its way to the published result."""

    def __init__(self, folder: Path, contestants: int) -> None:
        self.contestants = contestants
        self.environment = _environment(folder)
        self.app: Flask = create_app(settings_from_environment(self.environment))
        self.preparation: list[dict[str, Any]] = []
        self._statements = 0
        self.event_id: UUID | None = None
        self.content = contest.workbook(contestants)
        self.stage = 0
        with self.app.app_context():
            migrate(db.engine)
            happenings.listen(db.engine, "before_cursor_execute", self._count)

    # --- stages -----------------------------------------------------------------------------------

    def imported(self) -> None:
        """Registration is open, and everybody on the list is entered."""
        if self._reaches(1):
            with self._step("organisations, accounts, event"):
                self.event_id = _open(self._now())
            with self._step("import: read"):
                read = read_import(
                    self._event(),
                    content=self.content,
                    filename="list.xlsx",
                    by=_actor("organiser"),
                    at=self._now(),
                ).id
            with self._step("import: take over"):
                uploaded = session.get_one(EntrantImport, read)
                take_over_import(uploaded, by=_actor("organiser"), at=self._now())

    def scoring(self) -> None:
        """The marking is open: a sheet for every contestant and judge."""
        self.imported()
        if self._reaches(2):
            with self._step("approve all entries"):
                waiting = entrants_of(self._event(), states=(EntrantState.SUBMITTED,))
                approve_entrants(waiting, by=_actor("organiser"), at=self._now())
            with self._step("close registration"):
                move_event(self._event(), Move.CLOSE_REGISTRATION, by=_actor("organiser"), at=self._now())
            with self._step("draw"):
                make_draw(self._event(), seed="5" * 64, by=_actor("organiser"), at=self._now())
            with self._step("seat the panel"):
                _seat(self._event(), self._now())
            with self._step("start scoring"):
                start_scoring(self._event(), by=_actor("chief"), at=self._now())

    def published(self) -> None:
        """Everything is marked and the result is public."""
        self.scoring()
        if self._reaches(3):
            with self._step("marks (bulk, not through services)"):
                self.write_marks()
            with self._step("close scoring"):
                close_scoring(self._event(), by=_actor("chief"), at=self._now())
            with self._reading("contest document"):
                contest_document(self._event())
            with self._step("prepare revision"):
                prepare_revision(self._event(), by=_actor("organiser"), at=self._now())
            with self._step("approve publication"):
                revision = newest_revision(self._event())
                assert revision is not None
                approve_publication(revision, by=_actor("chief"), at=self._now())

    def certified(self) -> list[str]:
        """Everybody with an award has a certificate; the ids under which they are verified."""
        self.published()
        if self._reaches(4):
            with self._step("queue certificates"):
                queue_batch(self._event(), by=_actor("organiser"), at=self._now())
            with self._timed("issue certificates"):
                run_due(self.app)
        with self.app.app_context():
            return list(session.scalars(select(Certificate.verification_id)))

    def sheets_of_takers(self) -> dict[str, list[tuple[UUID, str]]]:
        """The sheets of every judge, as id and code, in the order of start."""
        found: dict[str, list[tuple[UUID, str]]] = {}
        with self.app.app_context():
            for username in TAKERS:
                judge = select(Judge.id).join(Judge.account).where(Account.username == username)
                rows = session.execute(
                    select(Sheet.id, Sheet.code)
                    .where(Sheet.event_id == self.event_id, Sheet.judge_id == judge.scalar_subquery())
                    .order_by(Sheet.start_order)
                )
                found[username] = [(sheet, code) for sheet, code in rows]
            db.session.remove()
        return found

    # --- how --------------------------------------------------------------------------------------

    def write_marks(self) -> None:
        """Every mark that is not there yet, and every sheet confirmed, in bulk and not through services."""
        done = set(
            session.execute(select(Mark.sheet_id, Mark.aspect).where(Mark.event_id == self.event_id)).tuples()
        )
        sheets = session.execute(
            select(Sheet.id, Sheet.code, Sheet.seat_label).where(Sheet.event_id == self.event_id)
        ).all()
        event_id, at = self._event().id, self._now()
        rows = [
            _mark_row(event_id, sheet, aspect, contest.value(code, aspect, label), at)
            for sheet, code, label in sheets
            for aspect in contest.ASPECTS
            if (sheet, aspect) not in done
        ]
        for start in range(0, len(rows), CHUNK):
            session.execute(insert(Mark), rows[start : start + CHUNK])
        session.execute(
            update(Sheet)
            .where(Sheet.event_id == self.event_id)
            .values(state=SheetState.CONFIRMED)
            .execution_options(synchronize_session=False)
        )

    def _event(self) -> Event:
        assert self.event_id is not None
        return event_by_id(self.event_id)

    def _now(self) -> datetime:
        return datetime.now(UTC)

    def _reaches(self, stage: int) -> bool:
        if self.stage >= stage:
            return False
        self.stage = stage
        return True

    @contextmanager
    def _step(self, name: str) -> Iterator[None]:
        """A transaction with a session of its own, as in a request, and how long it took."""
        with self._reading(name), transaction():
            yield

    @contextmanager
    def _reading(self, name: str) -> Iterator[None]:
        with self.app.app_context(), self._timed(name):
            yield
            db.session.remove()

    @contextmanager
    def _timed(self, name: str) -> Iterator[None]:
        self._statements = 0
        wall, cpu = time.perf_counter(), time.process_time()
        yield
        taken = {
            "name": name,
            "seconds": round(time.perf_counter() - wall, 2),
            "cpu_seconds": round(time.process_time() - cpu, 2),
            "statements": self._statements,
        }
        self.preparation.append(taken)
        print(f"  {name}: {taken['seconds']} s", file=sys.stderr)

    def _count(self, *_about: object) -> None:
        """Statements sent to the database: what grows with the number of contestants here, grows wrongly."""
        self._statements += 1


def _environment(folder: Path) -> Mapping[str, str]:
    ours = {name: text for name, text in os.environ.items() if not name.startswith("COMPETITION_")}
    ours.pop("DATABASE_URL", None)
    return {**ours, "COMPETITION_INSTANCE": str(folder)}


def _actor(username: str) -> Actor:
    account = account_by_username(username)
    assert account is not None
    return actor_of(account)


def _open(at: datetime) -> UUID:
    by = system_actor()
    host = open_organisation(
        kind=OrganisationKind.ASSOCIATION,
        name="测速联合会",
        name_en="Federation of Measurement",
        by=by,
        at=at,
    )
    enterprises = [
        open_organisation(
            kind=OrganisationKind.ENTERPRISE,
            name=contest.enterprise(number),
            name_en="",
            credit_code=contest.credit_code(number),
            parent=host,
            by=by,
            at=at,
        )
        for number in range(contest.ENTERPRISES)
    ]
    _people(enterprises[0], at)
    competition = open_competition(
        code="BENCH",
        name="五千人大赛",
        name_en="Contest of five thousand",
        tier=Tier.INDUSTRY,
        competition_class=CompetitionClass.FIRST,
        host=host,
        edition=2026,
        starts_on=date(2026, 1, 1),
        ends_on=date(2030, 12, 31),
        by=by,
        at=at,
    )
    event = open_event(
        competition,
        code="E1",
        name="焊接",
        name_en="Welding",
        occupation=open_occupation(
            code="6-18-02-04",
            name="焊工",
            name_en="Welder",
            catalogue_year=2022,
            ceiling=Grade.CHIEF_TECHNICIAN,
            by=by,
            at=at,
        ),
        group=Group.WORKER,
        team_size=1,
        rule_set=contest.rule_set(),
        by=by,
        at=at,
    )
    move_event(event, Move.OPEN_REGISTRATION, by=by, at=at)
    return event.id


def _people(enterprise: Organisation, at: datetime) -> None:
    by = system_actor()
    for username in ("organiser", "chief", *TAKERS):
        account = open_account(
            username=username, name=username, password=PASSWORD, by=by, at=at, must_change=False
        )
        if username in TAKERS:
            own = enterprise if TAKERS[username] == "J3" else None
            register_judge(account, organisation=own, by=by, at=at)


def _seat(event: Event, at: datetime) -> None:
    kinds: dict[str, Any] = {"J1": SeatKind.LEAD, "A1": SeatKind.ALTERNATE}
    for username, label in sorted(TAKERS.items(), key=lambda pair: pair[1]):
        judge = session.scalars(select(Judge).join(Judge.account).where(Account.username == username)).one()
        assign_seat(
            event,
            module=contest.MODULE,
            label=label,
            kind=kinds.get(label, SeatKind.MEMBER),
            judge=judge,
            by=system_actor(),
            at=at,
        )
    chief = account_by_username("chief")
    assert chief is not None
    appoint_chief(event, chief, by=system_actor(), at=at)


def _mark_row(event_id: UUID, sheet: UUID, aspect: str, value: str, at: datetime) -> dict[str, Any]:
    return {
        "event_id": event_id,
        "sheet_id": sheet,
        "aspect": aspect,
        "kind": "mark",
        "value": Decimal(value),
        "state": "value",
        "round": 1,
        "version": 1,
        "op_id": tokens.new_id(),
        "marked_at": at,
    }
