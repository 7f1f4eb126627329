"""The plan of a part, and the clocks of batches and stations."""

from datetime import datetime

from competition import tokens
from competition.audit.services import record
from competition.competitions.models import Event
from competition.database import lock, session
from competition.errors import RuleBroken
from competition.floor import facts, queries
from competition.floor.models import FloorEntry, FloorPlan
from competition.floor.services.log import (
    On,
    Ticket,
    closed_reasons,
    open_floor,
    refuse_answered,
    station_on,
    write,
)
from competition.rules import floor as rules
from competition.rules.access import Actor
from competition.rules.floor import (
    MOST_EXTRA,
    MOST_MINUTES,
    ClockState,
    Kind,
)
from competition.rules.sentences import sentence

MOST_STATIONS = 1000


def plan_part(event: Event, *, part: str, minutes: int, stations: int, by: Actor, at: datetime) -> FloorPlan:
    """Say how a part is worked: so many stations at once, so many minutes. The batches follow from the order of start.

    Raises RuleBroken without a draw, after the first clock of the part was started, or for numbers out of bounds.
    """
    lock(event)
    reasons = closed_reasons(event)
    if not 1 <= minutes <= MOST_MINUTES:
        reasons.append(sentence("A batch works for 1 to %(most)s minutes.", most=MOST_MINUTES))
    if not 1 <= stations <= MOST_STATIONS:
        reasons.append(sentence("There are 1 to %(most)s stations.", most=MOST_STATIONS))
    if part not in {group.id for group in queries.parts_of(event)}:
        reasons.append(sentence("Choose a part of this event."))
    floor = queries.floor_of(event)
    if any(one.part == part and one.kind in rules.CLOCK_KINDS for one in floor.standing):
        reasons.append(
            sentence("A clock of this part was started. Withdraw what was written before you plan it anew.")
        )
    if reasons:
        raise RuleBroken(*reasons)
    made = FloorPlan(
        event_id=event.id,
        id=tokens.new_id(),
        number=max((plan.number for plan in floor.plans.values()), default=0) + 1,
        part=part,
        minutes=minutes,
        stations=stations,
        at=at,
        by_id=by.account_id,
        by_name=by.name,
    )
    session.add(made)
    session.flush()
    fact = facts.FloorPlanned(
        event_id=event.id, subject_id=made.id, part=part, minutes=minutes, stations=stations
    )
    record(fact, by=by, at=at)
    return made


def move_clock(
    event: Event, on: On, *, kind: Kind, ticket: Ticket, by: Actor, at: datetime, cause: str = ""
) -> FloorEntry:
    """Start, pause (with its cause), resume or stop the clock of a batch or a station.

    Raises RuleBroken when the clock cannot do that now: a stop before any start, a pause of what is paused.
    """
    assert kind in (Kind.START, Kind.PAUSE, Kind.RESUME, Kind.STOP), "these move a clock"
    floor = open_floor(event)
    return write(floor, on, kind=kind, cause=cause, ticket=ticket, by=by, at=at)


def grant_extra(
    event: Event,
    on: On,
    *,
    minutes: int,
    cause: str,
    ticket: Ticket,
    by: Actor,
    at: datetime,
    incident: FloorEntry | None = None,
) -> FloorEntry:
    """Give a batch or a station extra minutes, with the cause; for the time that an incident cost, name the end of the incident."""
    floor = open_floor(event)
    if not 1 <= minutes <= MOST_EXTRA:
        raise RuleBroken(sentence("Give 1 to %(most)s extra minutes at once.", most=MOST_EXTRA))
    if incident is not None:
        refuse_answered(floor, incident, Kind.OVER, ticket)
    return write(
        floor, on, kind=Kind.EXTRA, minutes=minutes, cause=cause, refers=incident, ticket=ticket, by=by, at=at
    )


def move_station(
    event: Event, on: On, *, batch: int, cause: str, ticket: Ticket, by: Actor, at: datetime
) -> FloorEntry:
    """Let a station work again from the beginning with another batch, which must not have been stopped; with the cause."""
    floor = open_floor(event)
    station = station_on(floor, on)
    batches = floor.batches(on.part)
    if batch not in batches and batch != max(batches) + 1:
        raise RuleBroken(sentence("Choose a batch that there is, or the next one after the last."))
    if batch == station.batch:
        raise RuleBroken(sentence("The station works in this batch already."))
    if floor.batch_clock(on.part, batch, at).state is ClockState.STOPPED:
        raise RuleBroken(sentence("That batch has ended. Choose one that is still to come."))
    return write(floor, on, kind=Kind.MOVED, batch=batch, cause=cause, ticket=ticket, by=by, at=at)
