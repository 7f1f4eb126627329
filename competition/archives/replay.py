"""Replay the figure-skating archive through the ordinary services, and compare with what was published.

Every segment becomes an event with its rule set, entrants, panel and marks; its result is computed and published
like any other. Nothing below this module knows that skating exists.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from competition import tokens
from competition.accounts.models import Account
from competition.accounts.queries import account_by_username, actor_of
from competition.accounts.services import open_account, system_actor
from competition.archives.figure_skating import Published, SeatedJudge, Segment
from competition.competitions.models import Competition, CompetitionClass, Event, Group, Tier
from competition.competitions.queries import competition_by_code, event_by_code, modules_of, rule_set_of
from competition.competitions.services import move_event, open_competition, open_event
from competition.draws.queries import current_draw, places_of
from competition.draws.services import make_draw
from competition.organisations.models import Organisation, OrganisationKind
from competition.organisations.queries import children_of, roots
from competition.organisations.services import open_organisation
from competition.panels.models import Judge, SeatKind
from competition.panels.queries import judge_of
from competition.panels.services import appoint_chief, assign_seat, register_judge
from competition.registration.models import Entrant, EntrantState, EntrySource
from competition.registration.queries import entrants_of
from competition.registration.services import approve_entrants, enter
from competition.results.queries import lines_of, released_revision
from competition.results.services import approve_publication, prepare_revision
from competition.rules.access import Actor
from competition.rules.grades import Grade
from competition.rules.identity import IdType
from competition.rules.lifecycle import EventState, Move
from competition.scoring.models import Sheet
from competition.scoring.queries import sheets_of
from competition.scoring.services import (
    Sent,
    apply_operations,
    close_scoring,
    confirm_sheet,
    sign_sheet,
    start_scoring,
)
from competition.tablets.services import register_device
from competition.transactions import transaction
from competition.workers.models import Occupation, Worker
from competition.workers.queries import occupation_by_code, worker_by_id_number
from competition.workers.services import open_occupation, register_worker

HOST = "花样滑冰成绩档案（BuzzFeed News, CC BY 4.0）"
HOST_EN = "Figure-skating archive (BuzzFeed News, CC BY 4.0)"
OCCUPATION = "8-00-00-00"
BATCH = 50
LEAD = "J1"
REFEREE = "fs-referee"


@dataclass(frozen=True)
class Compared:
    """One segment: how many performances, and of them how many totals and ranks are the published ones."""

    performances: int
    totals: int
    ranks: int


def replay(segment: Segment, *, at: datetime) -> Compared:
    """Bring one segment through the services (unless an earlier run did), and compare its published lines."""
    with transaction():
        event = _event(segment, at)
    if event.state is not EventState.PUBLISHED:
        with transaction():
            _hold(event, segment, at)
    return _compare(event, segment)


def _event(segment: Segment, at: datetime) -> Event:
    competition = _competition(segment.competition, at)
    code = _short(segment.program)
    found = event_by_code(competition, code)
    if found is not None:
        return found
    return open_event(
        competition,
        code=code,
        name=segment.program,
        name_en=segment.program.title(),
        occupation=_occupation(at),
        group=Group.OPEN,
        team_size=len(_names(segment.published[0])),
        rule_set=segment.rule_set,
        by=system_actor(),
        at=at,
    )


def _competition(name: str, at: datetime) -> Competition:
    code = f"FS-{_short(name)}"
    return competition_by_code(code) or open_competition(
        code=code,
        name=name,
        name_en=name,
        tier=Tier.INDUSTRY,
        competition_class=CompetitionClass.FIRST,
        host=_host(at),
        edition=2017,
        starts_on=date(2016, 10, 1),
        ends_on=date(2017, 12, 31),
        by=system_actor(),
        at=at,
    )


def _host(at: datetime) -> Organisation:
    return next((root for root in roots() if root.name == HOST), None) or open_organisation(
        kind=OrganisationKind.ASSOCIATION, name=HOST, name_en=HOST_EN, by=system_actor(), at=at
    )


def _occupation(at: datetime) -> Occupation:
    return occupation_by_code(OCCUPATION) or open_occupation(
        code=OCCUPATION,
        name="不便分类的其他从业人员",
        name_en="Other workers not classified elsewhere",
        catalogue_year=2022,
        ceiling=Grade.SENIOR_TECHNICIAN,
        by=system_actor(),
        at=at,
    )


def _hold(event: Event, segment: Segment, at: datetime) -> None:
    """From registration to publication, by the people of the archive."""
    officials = _officials(at)
    move_event(event, Move.OPEN_REGISTRATION, by=officials[0], at=at)
    nations = _Nations(at)
    entered = {_enter(event, person, nations, at).id: person.entrant for person in segment.published}
    approve_entrants(entrants_of(event, states=(EntrantState.SUBMITTED,)), by=officials[0], at=at)
    move_event(event, Move.CLOSE_REGISTRATION, by=officials[0], at=at)
    make_draw(
        event,
        seed=sha256(f"{segment.competition}|{segment.program}".encode()).hexdigest(),
        by=officials[0],
        at=at,
    )
    _seat(event, segment.judges, nations, at)
    appoint_chief(event, _account(REFEREE, "Archive referee", at), by=officials[0], at=at)
    start_scoring(event, by=officials[0], at=at)
    _mark(event, segment, entered, at)
    _sign(event, officials[1], at)
    close_scoring(event, by=officials[1], at=at)
    revision = prepare_revision(event, by=officials[0], at=at)
    approve_publication(revision, by=officials[1], at=at)


def _officials(at: datetime) -> tuple[Actor, Actor]:
    """The two people without whom nothing is published; nobody knows their passwords."""
    names = {"fs-organiser": "Archive organiser", REFEREE: "Archive referee"}
    first, second = (actor_of(_account(username, name, at)) for username, name in names.items())
    return first, second


def _account(username: str, name: str, at: datetime) -> Account:
    return account_by_username(username) or open_account(
        username=username, name=name, password=tokens.new_password(), by=system_actor(), at=at
    )


class _Nations:
    """The nations of the archive as organisations below its host."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.host = _host(at)
        self.known = {below.name: below for below in children_of(self.host)}

    def __getitem__(self, code: str) -> Organisation:
        if code not in self.known:
            self.known[code] = open_organisation(
                kind=OrganisationKind.ASSOCIATION,
                name=code,
                name_en=code,
                parent=self.host,
                by=system_actor(),
                at=self.at,
            )
        return self.known[code]


def _enter(event: Event, person: Published, nations: _Nations, at: datetime) -> Entrant:
    workers = [_worker(name, nations[person.nation], at) for name in _names(person)]
    return enter(event, workers=workers, source=EntrySource.NOMINATED, by=system_actor(), at=at)


def _names(person: Published) -> list[str]:
    return person.name.split(" / ")


def _worker(name: str, nation: Organisation, at: datetime) -> Worker:
    """A skater; the passport number is made up from name and nation, as the archive has none."""
    number = "FS" + sha256(f"{name}|{nation.name}".encode()).hexdigest()[:12].upper()
    return worker_by_id_number(number) or register_worker(
        name=name,
        id_type=IdType.PASSPORT,
        id_number=number,
        employer=nation,
        occupation=_occupation(at),
        by=system_actor(),
        at=at,
    )


def _seat(event: Event, judges: tuple[SeatedJudge, ...], nations: _Nations, at: datetime) -> None:
    """Seat the judges who were there; the first one also records what the technical panel declared."""
    (module,) = modules_of(rule_set_of(event))
    for seated in judges:
        if not seated.name:
            continue
        assign_seat(
            event,
            module=module.id,
            label=seated.seat,
            kind=SeatKind.LEAD if seated.seat == LEAD else SeatKind.MEMBER,
            judge=_judge(seated, nations, at),
            by=system_actor(),
            at=at,
        )


def _judge(seated: SeatedJudge, nations: _Nations, at: datetime) -> Judge:
    account = _account("fs-" + _short(seated.name).lower(), seated.name, at)
    return judge_of(actor_of(account)) or register_judge(
        account,
        organisation=nations[seated.country] if seated.country else None,
        level="ISU",
        by=system_actor(),
        at=at,
    )


def _mark(event: Event, segment: Segment, entered: Mapping[UUID, str], at: datetime) -> None:
    """Send every mark of the archive from the device of the judge who gave it, in batches."""
    drawn = current_draw(event)
    assert drawn is not None
    code_of = {entered[place.entrant_id]: place.code for place in places_of(drawn)}
    sheets = {(sheet.code, sheet.seat_label): sheet for sheet in sheets_of(event)}
    seats = [seated.seat for seated in segment.judges if seated.name]
    by_judge: defaultdict[str, list[tuple[Sheet, Mapping[str, Any]]]] = defaultdict(list)
    for mark in segment.marks:
        for seat, written in _as_written(mark, seats):
            by_judge[seat].append((sheets[code_of[str(mark["entrant"])], seat], written))
    for sheet_marks in by_judge.values():
        _send(event, sheet_marks, at)


def _as_written(mark: Mapping[str, Any], seats: Sequence[str]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Who writes a mark of the archive: its judge; the lead what names no judge; everybody what was not attempted."""
    if mark.get("state") == "not_attempted" and "judge" not in mark:
        yield LEAD, {**mark, "kind": "declared", "value": 0, "state": "value"}
        yield from ((seat, mark) for seat in seats)
    else:
        yield str(mark.get("judge", LEAD)), mark


def _send(event: Event, written: list[tuple[Sheet, Mapping[str, Any]]], at: datetime) -> None:
    judge = written[0][0].judge
    by = actor_of(judge.account)
    device = register_device(event, judge.account, label="archive", by=by, at=at)
    operations = [_operation(number, sheet, mark, at) for number, (sheet, mark) in enumerate(written, 1)]
    for start in range(0, len(operations), BATCH):
        answers = apply_operations(device, operations=operations[start : start + BATCH], by=by, at=at)
        refused = [answer for answer in answers if answer.answer != "applied"]
        if refused:
            raise RuntimeError(f"a mark of the archive was not taken: {refused[0]}")


def _operation(number: int, sheet: Sheet, mark: Mapping[str, Any], at: datetime) -> Sent:
    kind, state = str(mark.get("kind", "mark")), str(mark.get("state", "value"))
    return Sent(
        op_id=tokens.new_id(),
        seq=number,
        sheet=sheet.id,
        aspect=str(mark["aspect"]),
        kind=kind if kind != "entry" else f"entry:{number}",
        base_version=0,
        value=str(mark["value"]) if state == "value" else None,
        state=state,
        round=1,
        reason="as published" if kind == "entry" else "",
        device_time=at.isoformat(),
    )


def _sign(event: Event, referee: Actor, at: datetime) -> None:
    for sheet in sheets_of(event):
        sign_sheet(sheet, by=actor_of(sheet.judge.account), at=at)
        confirm_sheet(sheet, by=referee, at=at)


def _compare(event: Event, segment: Segment) -> Compared:
    revision = released_revision(event)
    assert revision is not None
    lines = {
        tuple(member.worker.name for member in line.entrant.members): line for line in lines_of(revision)
    }
    totals = ranks = 0
    for person in segment.published:
        line = lines[tuple(_names(person))]
        totals += line.total == person.total
        ranks += line.place == person.rank
    return Compared(len(segment.published), totals, ranks)


def _short(name: str) -> str:
    """A code of at most 20 characters: initials and a fingerprint."""
    initials = "".join(word[0] for word in name.replace("/", " ").split() if word[0].isalnum())[:8].upper()
    return f"{initials}-{sha256(name.encode()).hexdigest()[:6].upper()}"
