"""A field whose marking is closed, written into the tables in bulk: what publishing begins with, in any size.

As `benchmarks.house` does with marks: workers, entrants, a draw, confirmed sheets with their marks and signatures. Only the
event, its people and the re-check come from the services.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import insert, update

from benchmarks import contest
from competition import tokens, vault
from competition.accounts.queries import account_by_username, actor_of
from competition.accounts.services import open_account, system_actor
from competition.competitions.models import CompetitionClass, Event, Group, Tier
from competition.competitions.queries import event_by_id, starter
from competition.competitions.services import move_event, open_competition, open_event
from competition.database import session
from competition.draws.models import Draw, DrawnPlace
from competition.organisations.models import Organisation, OrganisationKind
from competition.organisations.services import open_organisation
from competition.panels.models import SeatKind
from competition.panels.services import appoint_chief, assign_seat, register_judge
from competition.rechecks import queries as rechecks
from competition.rechecks.models import SheetCheck, SigningRole
from competition.rechecks.services import draw_scope, sign_recheck
from competition.registration.models import Delegation, Entrant, EntrantMember, EntrantState, EntrySource
from competition.rules.access import Actor
from competition.rules.grades import Grade
from competition.rules.identity import IdType
from competition.rules.lifecycle import EventState, Move
from competition.scoring.models import Mark, Sheet, SheetState, Signature
from competition.transactions import transaction
from competition.workers.models import Worker
from competition.workers.services import open_occupation

CHUNK = 5000
PRIMES = {"paper": 7919, "piece": 104_729}

Rows = dict[type[Any], list[dict[str, Any]]]


@dataclass(frozen=True)
class Field:
    """Contestants, all marked on all aspects by all judges. `value` is what is written: by code, aspect and judge."""

    name: str
    contestants: int
    rules: dict[str, Any]
    aspects: tuple[str, ...]
    judges: tuple[str, ...]
    value: Callable[[str, str, str], str]


@dataclass(frozen=True)
class Opened:
    """The event and what the rows of its field refer to."""

    event_id: UUID
    draw_id: UUID
    delegation_id: UUID
    employer_id: UUID
    judges: dict[str, UUID]
    at: datetime


def mass(contestants: int) -> Field:
    """A mass contest: theory 30 %, practice 70 %, one value each, on one sheet."""
    return Field("mass contest", contestants, _mass_rules(), tuple(PRIMES), contest.JUDGES[:1], _mass_value)


def hard(contestants: int) -> Field:
    """Ten aspects, three judges who mark one by one, and a re-check: a top group and a sample are looked at again."""
    recheck = {"top": {"percent": 30}, "sample_percent": 15, "error_threshold_percent": 5}
    rules = {**contest.rule_set(), "recheck": recheck}
    return Field(
        "ten aspects, three judges", contestants, rules, contest.ASPECTS, contest.JUDGES, contest.value
    )


def scored(field: Field) -> UUID:
    """The event with this field: its marking closed, its re-check done and signed where the rules ask for one."""
    with transaction():
        opened = _open(field, datetime.now(UTC))
        for first in range(0, field.contestants, CHUNK):
            numbers = range(first, min(first + CHUNK, field.contestants))
            rows = [_rows(field, opened, number) for number in numbers]
            for table in (Worker, Entrant, EntrantMember, DrawnPlace, Sheet, Mark, Signature):
                session.execute(insert(table), [row for one in rows for row in one[table]])
        session.execute(update(Event).where(Event.id == opened.event_id).values(state=EventState.SCORED))
    session.remove()
    if "recheck" in field.rules:
        _recheck(opened.event_id)
    return opened.event_id


def actor(username: str) -> Actor:
    """One of the people of the event: organiser, chief, and judges by their seats."""
    account = account_by_username(username)
    assert account is not None
    return actor_of(account)


# --- rules and values -----------------------------------------------------------------------------


def _mass_rules() -> dict[str, Any]:
    usual = starter("welding")

    def value(name: str, weight: int) -> dict[str, Any]:
        title = {"zh": name, "en": name}
        kind = {"kind": "aspect", "type": "measurement", "mode": "value", "max": 100}
        return {**kind, "id": name, "title": title, "weight": weight}

    title = {"zh": "总成绩", "en": "Total"}
    inner = {"kind": "group", "id": contest.MODULE, "title": title, "role": "module", "combine": "weighted"}
    module = {**inner, "children": [value("paper", 30), value("piece", 70)]}
    return {
        "format": usual["format"],
        "title": {"zh": "理论30%、实操70%", "en": "Theory 30 %, practice 70 %"},
        "scheme": {"kind": "group", "id": "total", "title": title, "combine": "sum", "children": [module]},
        "ranking": {"by": [{"node": "total"}, {"node": "piece"}], "ties": "shared"},
        **{part: usual[part] for part in ("awards", "draw", "eligibility", "display")},
    }


def _mass_value(code: str, aspect: str, _judge: str) -> str:
    """Marks with two digits, spread over the whole range, the same in every run."""
    return format(Decimal(int(code) * PRIMES[aspect] % 10_001) / 100, "f")


# --- rows -----------------------------------------------------------------------------------------


def _rows(field: Field, opened: Opened, number: int) -> Rows:
    """One contestant: the person, the entry, the place in the draw, and everything the judges wrote and signed."""
    worker, entrant = tokens.new_id(), tokens.new_id()
    code, here = f"{number + 1:06}", {"event_id": opened.event_id}
    person = {"name": f"选手{code}", "search_key": code, "sort_key": code, "id_type": IdType.RESIDENT_ID}
    rows: Rows = {
        Worker: [
            {
                **person,
                "id": worker,
                "id_number": code,
                "id_number_index": vault.blind_index(code, place="worker.id_number"),
                "employer_id": opened.employer_id,
                "occupation_code": "6-18-02-04",
                "created_at": opened.at,
                "version": 1,
            }
        ],
        Entrant: [
            {
                **here,
                "id": entrant,
                "delegation_id": opened.delegation_id,
                "state": EntrantState.APPROVED,
                "source": EntrySource.IMPORTED,
                "entry_number": number + 1,
                "answers": [],
                "submitted_at": opened.at,
                "version": 1,
            }
        ],
        EntrantMember: [{**here, "entrant_id": entrant, "position": 1, "worker_id": worker}],
        DrawnPlace: [
            {
                **here,
                "draw_id": opened.draw_id,
                "entrant_id": entrant,
                "start_order": number + 1,
                "code": code,
            }
        ],
        Sheet: [],
        Mark: [],
        Signature: [],
    }
    for seat in field.judges:
        sheet = tokens.new_id()
        rows[Sheet].append(_sheet(opened, sheet, number, code, seat))
        rows[Mark] += [
            _mark(opened, sheet, aspect, field.value(code, aspect, seat)) for aspect in field.aspects
        ]
        rows[Signature] += [_signature(opened, sheet, act, seat) for act in ("signed", "confirmed")]
    return rows


def _sheet(opened: Opened, sheet: UUID, number: int, code: str, seat: str) -> dict[str, Any]:
    return {
        "event_id": opened.event_id,
        "id": sheet,
        "draw_id": opened.draw_id,
        "module": contest.MODULE,
        "code": code,
        "start_order": number + 1,
        "seat_label": seat,
        "lead": seat == "J1",
        "judge_id": opened.judges[seat],
        "state": SheetState.CONFIRMED,
        "version": 1,
    }


def _mark(opened: Opened, sheet: UUID, aspect: str, value: str) -> dict[str, Any]:
    return {
        "event_id": opened.event_id,
        "sheet_id": sheet,
        "aspect": aspect,
        "kind": "mark",
        "value": Decimal(value),
        "state": "value",
        "version": 1,
        "op_id": tokens.new_id(),
        "marked_at": opened.at,
    }


def _signature(opened: Opened, sheet: UUID, act: str, seat: str) -> dict[str, Any]:
    return {
        "event_id": opened.event_id,
        "id": tokens.new_id(),
        "sheet_id": sheet,
        "act": act,
        "content_hash": "",
        "at": opened.at,
        "by_id": opened.judges[seat],
        "by_name": seat,
    }


# --- event and re-check ---------------------------------------------------------------------------


def _open(field: Field, at: datetime) -> Opened:
    by = system_actor()
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
        for name in ("organiser", "chief", *field.judges)
    }
    judges = {seat: register_judge(people[seat], organisation=None, by=by, at=at) for seat in field.judges}
    event = _open_event(field, host, by, at)
    for seat, judge in judges.items():
        kind = SeatKind.LEAD if seat == "J1" else SeatKind.MEMBER
        assign_seat(event, module=contest.MODULE, label=seat, kind=kind, judge=judge, by=by, at=at)
    appoint_chief(event, people["chief"], by=by, at=at)
    delegation = Delegation(competition=event.competition, organisation=employer, created_at=at)
    draw = Draw(
        id=tokens.new_id(),
        event_id=event.id,
        number=1,
        method="bulk",
        seed="",
        entrants=[],
        entrants_hash="",
        blind_layers=1,
        drawn_at=at,
    )
    session.add_all([delegation, draw])
    session.flush()
    seats = {seat: judge.id for seat, judge in judges.items()}
    return Opened(event.id, draw.id, delegation.id, employer.id, seats, at)


def _open_event(field: Field, host: Organisation, by: Actor, at: datetime) -> Event:
    competition = open_competition(
        code="FIELD",
        name="大赛",
        name_en="Contest",
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
        rule_set=field.rules,
        by=by,
        at=at,
    )
    move_event(event, Move.OPEN_REGISTRATION, by=by, at=at)
    return event


def _recheck(event_id: UUID) -> None:
    """The scope is drawn, everything in it found right (in bulk), and both sign."""
    with transaction():
        draw_scope(event_by_id(event_id), seed="123456", by=actor("organiser"), at=datetime.now(UTC))
    with transaction():
        event, by, at = event_by_id(event_id), actor("organiser"), datetime.now(UTC)
        standing = rechecks.standing_of(event)
        assert standing is not None
        checks = [
            {
                "event_id": event_id,
                "id": tokens.new_id(),
                "sheet_id": item.sheet.id,
                "content_hash": item.content_hash,
                "is_right": True,
                "at": at,
                "by_id": by.account_id,
                "by_name": by.name,
            }
            for item in standing.items
        ]
        session.execute(insert(SheetCheck), checks)
        sign_recheck(event, role=SigningRole.SUPERVISOR, by=by, at=at)
        sign_recheck(event, role=SigningRole.CHIEF, by=actor("chief"), at=at)
    session.remove()
