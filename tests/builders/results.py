"""Marked events and their results for tests, made by the services."""

from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from competition.accounts.models import Account
from competition.accounts.queries import actor_of
from competition.accounts.services import grant_role, open_account, system_actor
from competition.competitions.models import Event
from competition.competitions.queries import rule_set_of
from competition.draws.queries import current_draw, places_of
from competition.panels.queries import chiefs_of
from competition.registration.models import Entrant
from competition.registration.queries import entrants_of
from competition.results import services
from competition.results.models import Publication, ResultRevision
from competition.rules.access import Actor, Role, ScopeKind
from competition.rules.marking import ADJUSTMENTS
from competition.scoring import queries as scoring
from competition.scoring.models import Sheet
from competition.scoring.services import (
    apply_operations,
    close_scoring,
    confirm_sheet,
    reopen_scoring,
    reopen_sheet,
    sign_sheet,
    start_scoring,
)
from competition.scoring.services.operations import Sent
from competition.tablets.services import register_device
from tests.builders import competitions, draws, panels, registration, workers
from tests.builders.once import built_once
from tests.conftest import NOON

_numbers = count(1)
PASSWORD = "correct horse battery"
AWARDS = {
    "model": "counts",
    "awards": [
        {"id": "first", "title": {"zh": "一等奖", "en": "First prize"}, "count": 1},
        {"id": "second", "title": {"zh": "二等奖", "en": "Second prize"}, "count": 2},
    ],
}

Values = Callable[[int, str, str], str | None]
"""The value for (entry number, aspect, seat); None leaves the cell blank."""


def one_mark_rules(**parts: Any) -> dict[str, Any]:
    """The smallest rule set: one value out of 100, recorded by the lead."""
    piece = {"kind": "aspect", "id": "piece", "title": {"zh": "工件", "en": "Workpiece"}}
    return {
        "format": "skillsladder.ruleset/1",
        "title": {"zh": "一项总分", "en": "One mark"},
        "scheme": {
            "kind": "group",
            "id": "total",
            "title": {"zh": "总成绩", "en": "Total"},
            "combine": "sum",
            "children": [{**piece, "type": "measurement", "mode": "value", "max": 100}],
        },
        "awards": AWARDS,
        **parts,
    }


def trade_rules(**parts: Any) -> dict[str, Any]:
    """Theory 30 %, practice 70 %: a trimmed panel of five, a deduction with a reason, a time that breaks ties."""

    def node(kind: str, name: str, zh: str, en: str, **rest: Any) -> dict[str, Any]:
        return {"kind": kind, "id": name, "title": {"zh": zh, "en": en}, **rest}

    seam = {"type": "panel", "range": {"low": 0, "high": 100}, "judges": 5, "combine": "trimmed_mean"}
    theory = [node("aspect", "paper", "理论试卷", "Paper", type="measurement", mode="value", max=100)]
    practice = [
        node(
            "aspect", "seam", "焊缝", "Seam", **seam, trim={"low": 1, "high": 1}, panel_rounding={"digits": 2}
        ),
        node("aspect", "safety", "安全扣分", "Safety", type="deduction", cap=15),
        node("aspect", "time", "用时", "Time", type="time"),
    ]
    return {
        "format": "skillsladder.ruleset/1",
        "title": {"zh": "理论30%、实操70%", "en": "Theory 30 %, practice 70 %"},
        "scheme": node(
            "group",
            "total",
            "总成绩",
            "Total",
            combine="weighted",
            rounding={"digits": 2},
            children=[
                node(
                    "group",
                    "theory",
                    "理论",
                    "Theory",
                    role="module",
                    combine="sum",
                    weight=30,
                    children=theory,
                ),
                node(
                    "group",
                    "practice",
                    "实操",
                    "Practice",
                    role="module",
                    combine="sum",
                    weight=70,
                    children=practice,
                ),
            ],
        ),
        "ranking": {"by": [{"node": "total"}, {"node": "practice"}, {"node": "time", "direction": "asc"}]},
        "awards": AWARDS,
        **parts,
    }


@built_once
def marking_event(number: int, *, rules: dict[str, Any] | None = None, **details: Any) -> Event:
    """An event with so many approved entrants whose marking is open."""
    event = competitions.event(rule_set=rules or one_mark_rules(), **details)
    move(event, "open_registration")
    enter_people(event, number)
    return begin_marking(event)


def enter_people(event: Event, number: int) -> None:
    """So many approved entrants with names of their own, from the workshop of the host."""
    employer = registration.workshop_of(event.competition.host)
    for index in range(number):
        name = registration.NAMES[index % len(registration.NAMES)]
        registration.approved(event, workers.worker(name, employer=employer))


def begin_marking(event: Event) -> Event:
    """Close the entries, draw, fill the panels and open the marking."""
    move(event, "close_registration")
    draws.draw(event)
    panels.full_panels(event)
    start_scoring(event, by=system_actor(), at=NOON)
    return event


@built_once
def scored_event(
    totals: Sequence[str] | Values,
    *,
    number: int | None = None,
    rules: dict[str, Any] | None = None,
    **details: Any,
) -> Event:
    """An event after its marking: the totals by entry number, or a function that gives every value."""
    values = totals if callable(totals) else _totals(totals)
    event = marking_event(number or len(totals), rules=rules, **details)  # type: ignore[arg-type]
    mark(event, values)
    close(event)
    return event


def _totals(totals: Sequence[str]) -> Values:
    return lambda entry, _aspect, _seat: totals[entry - 1]


def mark(event: Event, values: Values) -> None:
    """Fill, sign and confirm every sheet."""
    draw = current_draw(event)
    assert draw is not None
    numbers = {place.code: place.entrant.entry_number for place in places_of(draw)}
    for sheet in scoring.sheets_of(event):
        fill(event, sheet, lambda aspect, seat, entry=numbers[sheet.code]: values(entry, aspect, seat))
        sign_and_confirm(event, sheet)


def fill(event: Event, sheet: Sheet, value: Callable[[str, str], str | None]) -> None:
    """Record the values of one sheet from a device of its judge."""
    judge = actor_of(sheet.judge.account)
    device = register_device(event, sheet.judge.account, label="tablet", by=judge, at=NOON)
    marks = scoring.marks_of_sheet(sheet)
    sent = []
    for item in scoring.items_of(rule_set_of(event), sheet.module, sheet.seat_label):
        given = None if item.kind in ADJUSTMENTS else value(item.aspect.id, sheet.seat_label)
        if given is None:
            continue
        kind = "entry:1" if item.kind == "entry" else item.kind.value
        known = marks.get((item.aspect.id, kind))
        sent.append(
            Sent(
                op_id=uuid4(),
                seq=len(sent) + 1,
                sheet=sheet.id,
                aspect=item.aspect.id,
                kind=kind,
                base_version=known.version if known else 0,
                value=given,
                state="value",
                round=1,
                reason="未戴护目镜" if kind == "entry:1" else "",
                device_time=NOON.isoformat(),
                agreed=item.conferring,
            )
        )
    answers = apply_operations(device, operations=sent, by=judge, at=NOON)
    assert all(answer.outcome == "applied" for answer in answers), answers


def sign_and_confirm(event: Event, sheet: Sheet) -> None:
    sign_sheet(sheet, by=actor_of(sheet.judge.account), at=NOON)
    confirm_sheet(sheet, by=actor_of(chiefs_of(event)[0]), at=NOON)


def close(event: Event) -> None:
    close_scoring(event, by=system_actor(), at=NOON)


def correct(event: Event, entrant: Entrant, value: str, reason: str = "抄写错误") -> None:
    """Reopen the marking, correct the entrant's one mark, and close it again."""
    chief = actor_of(chiefs_of(event)[0])
    if event.state != "scoring":
        reopen_scoring(event, reason=reason, by=system_actor(), at=NOON)
    draw = current_draw(event)
    assert draw is not None
    code = next(place.code for place in places_of(draw) if place.entrant_id == entrant.id)
    sheet = next(each for each in scoring.sheets_of(event) if each.code == code)
    reopen_sheet(sheet, reason=reason, by=chief, at=NOON)
    fill(event, sheet, lambda _aspect, _seat: value)
    sign_and_confirm(event, sheet)
    close(event)


def move(event: Event, name: str) -> None:
    from competition.competitions.services import move_event
    from competition.rules.lifecycle import Move

    move_event(event, Move(name), by=system_actor(), at=NOON)


def person(name: str, role: Role, event: Event) -> Account:
    """An account with a role for the event."""
    made = open_account(
        username=f"person{next(_numbers):04d}",
        name=name,
        password=PASSWORD,
        must_change=False,
        by=system_actor(),
        at=NOON,
    )
    grant_role(
        made,
        role=role,
        scope_kind=ScopeKind.EVENT,
        scope_id=event.id,
        place=event.name,
        by=system_actor(),
        at=NOON,
    )
    return made


def organiser(event: Event, name: str = "何组委") -> Account:
    return person(name, Role.ORGANISER, event)


def supervisor(event: Event, name: str = "邓监督") -> Account:
    return person(name, Role.SUPERVISOR, event)


def prepared(event: Event, *, by: Actor | None = None, reason: str = "") -> ResultRevision:
    """A revision that waits for the second person."""
    return services.prepare_revision(event, by=by or actor_of(organiser(event)), at=NOON, reason=reason)


def published(event: Event, *, reason: str = "") -> Publication:
    """A released result, prepared by an organiser and approved by a supervisor."""
    revision = prepared(event, reason=reason)
    return services.approve_publication(revision, by=actor_of(supervisor(event)), at=NOON)


@built_once
def published_event(totals: Sequence[str] | Values, **details: Any) -> Event:
    """An event whose result is public."""
    event = scored_event(totals, **details)
    published(event)
    return event


def entrant(event: Event, number: int) -> Entrant:
    """The entrant with this entry number."""
    return next(each for each in entrants_of(event) if each.entry_number == number)


def numbers(event: Event) -> Mapping[UUID, int]:
    return {each.id: each.entry_number or 0 for each in entrants_of(event)}
