"""The floor for tests: a planned event, and entries as the services write them."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from competition import tokens
from competition.accounts.queries import actor_of
from competition.competitions.models import Event
from competition.competitions.queries import event_by_id
from competition.floor import queries, services
from competition.floor.models import FloorEntry
from competition.floor.services import On, Penalty, Ticket
from competition.panels.queries import chiefs_of
from competition.rules.access import Actor
from competition.rules.floor import Kind, Ruling
from tests.builders import competitions, scoring
from tests.builders.once import built_once
from tests.conftest import NOON

PART = "practice"
RULES = {"floor_work": {"late_cut_off_minutes": 15}}


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def chief(event: Event) -> Actor:
    return actor_of(chiefs_of(event)[0])


def ticket() -> Ticket:
    return Ticket(tokens.new_id())


@built_once
def planned_event(count: int = 4, **details: Any) -> Event:
    """A welding event whose marking is open: four who work two at a time, for an hour each."""
    event = scoring.scoring_event(count, rule_set=competitions.rule_set("welding", **{**RULES, **details}))
    services.plan_part(event, part=PART, minutes=60, stations=2, by=chief(event), at=NOON)
    return event


def codes(event: Event) -> list[str]:
    """The codes in the order of start: the first two are batch 1."""
    return [place.code for place in queries.floor_of(event).places]


def clock(
    event: Event, kind: Kind, minute: float, *, code: str = "", batch: int = 1, cause: str = ""
) -> FloorEntry:
    on = On(PART, None if code else batch, code)
    return services.move_clock(
        event, on, kind=kind, cause=cause, ticket=ticket(), by=chief(event), at=at(minute)
    )


def violation(event: Event, code: str, minute: float = 10) -> FloorEntry:
    """Somebody works without goggles; two points are proposed."""
    return services.note_violation(
        event, On(PART, code=code), proposed=deduction(), cause="未戴护目镜", ticket=ticket(),
        by=chief(event), at=at(minute),
    )  # fmt: skip


def deduction(points: int = 2) -> Penalty:
    return Penalty(Ruling.DEDUCTION, "S1", Decimal(points))


def rule(entry: FloorEntry, penalty: Penalty, minute: float = 20, cause: str = "监控录像核实") -> FloorEntry:
    return services.rule_violation(
        entry, penalty=penalty, cause=cause, ticket=ticket(), by=chief(event_by_id(entry.event_id)), at=at(minute)
    )  # fmt: skip


def late(event: Event, code: str, minute: float) -> FloorEntry:
    return services.note_late(
        event, On(PART, code=code), cause="", ticket=ticket(), by=chief(event), at=at(minute)
    )


def decide_late(entry: FloorEntry, *, admitted: bool, minute: float, cause: str = "道路封闭") -> FloorEntry:
    by = chief(event_by_id(entry.event_id))
    return services.decide_late(
        entry, admitted=admitted, minutes=0, cause=cause, ticket=ticket(), by=by, at=at(minute)
    )
