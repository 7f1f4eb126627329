"""A result of 100,000 contestants, from the closed marking to the public: every step timed, the switch by itself.

The event is written into the tables in bulk, as `benchmarks.house` does with marks: contestants of a mass contest with a
theory paper and a practical mark each, on one sheet. Everything that is timed is what a page does, in its order: compute
and then store, check and then approve. What holds the writer is timed apart: nobody else can write for that long.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import insert, update

from benchmarks import contest
from benchmarks.figures import Baseline, Figures, Measurement, Spent, divided, spent
from benchmarks.house import House
from benchmarks.rivals import Bench
from competition import tokens, vault
from competition.accounts.queries import account_by_username, actor_of
from competition.accounts.services import open_account, system_actor
from competition.competitions.models import CompetitionClass, Event, Group, Tier
from competition.competitions.queries import event_by_id, starter
from competition.competitions.services import move_event, open_competition, open_event
from competition.database import db, session
from competition.draws.models import Draw, DrawnPlace
from competition.organisations.models import Organisation, OrganisationKind
from competition.organisations.services import open_organisation
from competition.panels.models import SeatKind
from competition.panels.services import appoint_chief, assign_seat, register_judge
from competition.registration.models import Delegation, Entrant, EntrantMember, EntrantState, EntrySource
from competition.results import queries, services
from competition.rules.access import Actor
from competition.rules.grades import Grade
from competition.rules.identity import IdType
from competition.rules.lifecycle import EventState, Move
from competition.scoring.models import Mark, Sheet, SheetState, Signature
from competition.transactions import transaction
from competition.workers.models import Worker
from competition.workers.services import open_occupation

MODULE, ASPECTS = "M", ("paper", "piece")
CHUNK = 5000


def measure(bench: Bench) -> list[Measurement]:
    """Seconds from the closed marking to the public result, and how long the two transactions hold the writer."""
    contestants = 1000 if bench.quick else 100_000
    folder = bench.folder / "publication"
    folder.mkdir()
    house = House(folder, 0)
    with house.app.app_context():
        event_id = _prepare_event(contestants)
        steps = _publish(event_id)
        baseline = Baseline("the same lines inserted by sqlite3 alone", _plain_insert(folder, contestants))
        plain = baseline.figures["seconds"]
        total = sum(each.wall for each in steps.values())
        figures: Figures = {"seconds": round(total, 2), "contestants": contestants}
        figures |= {name: round(each.wall, 3) for name, each in steps.items()}
        figures |= {f"{name}, cpu": round(each.cpu, 3) for name, each in steps.items()}
        switch = steps["approve (holds the writer)"]
        db.session.remove()
    return [
        Measurement("publish end to end", "s", figures, baseline, divided(total, plain)),
        Measurement(
            "the switch",
            "s",
            {"seconds": round(switch.wall, 4), "cpu_seconds": round(switch.cpu, 4)},
            baseline,
            divided(switch.wall, plain),
        ),
    ]


def _publish(event_id: UUID) -> dict[str, Spent]:
    """What the two people's pages do, step by step."""
    found: dict[str, Any] = {}
    steps: dict[str, Spent] = {}

    def timed(name: str, work: Callable[[], object]) -> None:
        steps[name] = spent(work)

    def store() -> None:
        with transaction():
            by = _actor("organiser")
            services.prepare_revision(event_by_id(event_id), computed=found["computed"], by=by, at=_now())

    def switch() -> None:
        with transaction():
            revision = queries.newest_revision(event_by_id(event_id))
            assert revision is not None
            services.approve_publication(revision, checked=found["checked"], by=_actor("chief"), at=_now())

    def check() -> None:
        revision = queries.newest_revision(event_by_id(event_id))
        assert revision is not None
        found["checked"] = services.check_revision(revision)

    timed("compute", lambda: found.update(computed=services.compute(event_by_id(event_id))))
    session.remove()
    timed("prepare (holds the writer)", store)
    del found["computed"]
    session.remove()
    timed("check", check)
    session.remove()
    timed("approve (holds the writer)", switch)
    return steps


def _plain_insert(folder: Path, contestants: int) -> Figures:
    """What writing the lines costs without the house: one table, one transaction, the same durability."""
    lines = [
        (number, str(number), number, str(number % 100), "present", f"选手{number}", "单位")
        for number in range(contestants)
    ]
    connection = sqlite3.connect(folder / "plain.sqlite3", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE line (position, entrant PRIMARY KEY, place, total, status, name, unit)")
    began = time.perf_counter()
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany("INSERT INTO line VALUES (?, ?, ?, ?, ?, ?, ?)", lines)
    connection.execute("COMMIT")
    seconds = time.perf_counter() - began
    connection.close()
    return {"seconds": round(seconds, 4), "rate": round(contestants / seconds, 1)}


# --- the event ------------------------------------------------------------------------------------


def rule_set() -> dict[str, Any]:
    """Theory 30 %, practice 70 %, one value each; awards as in the starter for welding."""
    usual = starter("welding")

    def value(name: str, weight: int) -> dict[str, Any]:
        title = {"zh": name, "en": name}
        kind = {"kind": "aspect", "type": "measurement", "mode": "value", "max": 100}
        return {**kind, "id": name, "title": title, "weight": weight}

    title = {"zh": "总成绩", "en": "Total"}
    inner = {"kind": "group", "id": MODULE, "title": title, "role": "module", "combine": "weighted"}
    module = {**inner, "children": [value("paper", 30), value("piece", 70)]}
    return {
        "format": usual["format"],
        "title": {"zh": "理论30%、实操70%", "en": "Theory 30 %, practice 70 %"},
        "scheme": {"kind": "group", "id": "total", "title": title, "combine": "sum", "children": [module]},
        "ranking": {"by": [{"node": "total"}, {"node": "piece"}], "ties": "shared"},
        **{part: usual[part] for part in ("awards", "draw", "eligibility", "display")},
    }


def _prepare_event(contestants: int) -> UUID:
    with transaction():
        event, delegation, employer, judge = _open()
        event_id = event.id
        draw = Draw(
            id=tokens.new_id(),
            event_id=event_id,
            number=1,
            method="bulk",
            seed="",
            entrants=[],
            entrants_hash="",
            blind_layers=1,
            drawn_at=_now(),
        )
        session.add(draw)
        session.flush()
        for first in range(0, contestants, CHUNK):
            last = min(first + CHUNK, contestants)
            _write(event_id, draw.id, delegation.id, employer, judge, range(first, last))
        session.execute(update(Event).where(Event.id == event_id).values(state=EventState.SCORED))
    session.remove()
    return event_id


def _write(
    event_id: UUID, draw_id: UUID, delegation_id: UUID, employer: Organisation, judge: UUID, numbers: range
) -> None:
    """Contestants, codes, signed sheets and marks of one part of the field, table by table."""
    rows = [_rows(event_id, draw_id, delegation_id, employer.id, judge, number) for number in numbers]
    for table in (Worker, Entrant, EntrantMember, DrawnPlace, Sheet, Mark, Signature):
        session.execute(insert(table), [row for one in rows for row in one[table]])


def _rows(
    event_id: UUID, draw_id: UUID, delegation_id: UUID, employer_id: UUID, judge: UUID, number: int
) -> dict[type[Any], list[dict[str, Any]]]:
    worker, entrant, sheet = tokens.new_id(), tokens.new_id(), tokens.new_id()
    code, at, here = f"{number + 1:06}", _now(), {"event_id": event_id}
    person = {"name": f"选手{code}", "search_key": code, "sort_key": code, "id_type": IdType.RESIDENT_ID}
    return {
        Worker: [
            {
                **person,
                "id": worker,
                "id_number": code,
                "id_number_index": vault.blind_index(code, place="worker.id_number"),
                "employer_id": employer_id,
                "occupation_code": "6-18-02-04",
                "created_at": at,
                "version": 1,
            }
        ],
        Entrant: [
            {
                **here,
                "id": entrant,
                "delegation_id": delegation_id,
                "state": EntrantState.APPROVED,
                "source": EntrySource.IMPORTED,
                "entry_number": number + 1,
                "answers": [],
                "submitted_at": at,
                "version": 1,
            }
        ],
        EntrantMember: [{**here, "entrant_id": entrant, "position": 1, "worker_id": worker}],
        DrawnPlace: [
            {**here, "draw_id": draw_id, "entrant_id": entrant, "start_order": number + 1, "code": code}
        ],
        Sheet: [
            {
                **here,
                "id": sheet,
                "draw_id": draw_id,
                "module": MODULE,
                "code": code,
                "start_order": number + 1,
                "seat_label": "J1",
                "lead": True,
                "judge_id": judge,
                "state": SheetState.CONFIRMED,
                "version": 1,
            }
        ],
        Mark: [
            {
                **here,
                "sheet_id": sheet,
                "aspect": aspect,
                "kind": "mark",
                "value": Decimal(value),
                "state": "value",
                "version": 1,
                "op_id": tokens.new_id(),
                "marked_at": at,
            }
            for aspect, value in zip(ASPECTS, _values(number), strict=True)
        ],
        Signature: [
            {**here, "id": tokens.new_id(), "sheet_id": sheet, "act": act, "content_hash": "", "at": at}
            | {"by_id": judge, "by_name": "judge"}
            for act in ("signed", "confirmed")
        ],
    }


def _values(number: int) -> Iterator[str]:
    """Marks with two digits, spread over the whole range, the same in every run."""
    yield format(Decimal(number * 7919 % 10_001) / 100, "f")
    yield format(Decimal(number * 104_729 % 10_001) / 100, "f")


def _open() -> tuple[Event, Delegation, Organisation, UUID]:
    by, at = system_actor(), _now()
    host = open_organisation(
        kind=OrganisationKind.ASSOCIATION, name="测速联合会", name_en="Federation", by=by, at=at
    )
    employer = open_organisation(
        kind=OrganisationKind.ENTERPRISE,
        name=contest.enterprise(0),
        name_en="",
        credit_code=contest.credit_code(0),
        parent=host,
        by=by,
        at=at,
    )
    people = {
        name: open_account(
            username=name, name=name, password="measured-not-guessed", by=by, at=at, must_change=False
        )
        for name in ("organiser", "chief", "judge")
    }
    judge = register_judge(people["judge"], organisation=None, by=by, at=at)
    competition = open_competition(
        code="MASS",
        name="十万人大赛",
        name_en="Contest of a hundred thousand",
        tier=Tier.INDUSTRY,
        competition_class=CompetitionClass.FIRST,
        host=host,
        edition=2026,
        starts_on=date(2026, 1, 1),
        ends_on=date(2030, 12, 31),
        by=by,
        at=at,
    )
    occupation = open_occupation(
        code="6-18-02-04",
        name="焊工",
        name_en="Welder",
        catalogue_year=2022,
        ceiling=Grade.CHIEF_TECHNICIAN,
        by=by,
        at=at,
    )
    event = open_event(
        competition,
        code="E1",
        name="焊接",
        name_en="Welding",
        occupation=occupation,
        group=Group.WORKER,
        team_size=1,
        rule_set=rule_set(),
        by=by,
        at=at,
    )
    move_event(event, Move.OPEN_REGISTRATION, by=by, at=at)
    assign_seat(event, module=MODULE, label="J1", kind=SeatKind.LEAD, judge=judge, by=by, at=at)
    appoint_chief(event, people["chief"], by=by, at=at)
    delegation = Delegation(competition=competition, organisation=employer, created_at=at)
    session.add(delegation)
    session.flush()
    return event, delegation, employer, judge.id


def _actor(username: str) -> Actor:
    account = account_by_username(username)
    assert account is not None
    return actor_of(account)


def _now() -> datetime:
    return datetime.now(UTC)
