"""Who comes late, leaves the venue and comes back."""

from datetime import datetime

from competition.competitions.models import Event
from competition.competitions.queries import event_by_id, rule_set_of
from competition.errors import RuleBroken, given_reason
from competition.floor import queries
from competition.floor.models import FloorEntry
from competition.floor.services.log import (
    On,
    Ticket,
    is_on,
    open_floor,
    refuse_answered,
    station_on,
    ticket_after,
    write,
)
from competition.rules import floor as rules
from competition.rules.access import Actor
from competition.rules.floor import (
    MOST_EXTRA,
    ClockState,
    Kind,
)
from competition.rules.sentences import sentence

BY_RULE = "rule"
"""The verdict of an admission that the rule set decided."""


def note_late(event: Event, on: On, *, cause: str, ticket: Ticket, by: Actor, at: datetime) -> FloorEntry:
    """Write down that a contestant comes only now. Within the cut-off of the rules they are let in at once; beyond it, and where
    the rules have none, the chief judge decides. Nobody is late before their batch was started, or after it was stopped."""
    floor = open_floor(event)
    station = station_on(floor, on)
    clock = floor.batch_clock(on.part, station.batch, at)
    if clock.started_at is None:
        raise RuleBroken(sentence("Nobody is late yet: the batch has not been started."))
    if clock.state is ClockState.STOPPED:
        raise RuleBroken(sentence("The batch has ended, so nobody can be let in any more."))
    known = {one.code for one in floor.standing if one.kind is Kind.LATE and one.part == on.part}
    if on.code in known and ticket.id not in floor.by_id:
        raise RuleBroken(sentence("It is written down already that this contestant came late."))
    late = write(
        floor,
        on,
        kind=Kind.LATE,
        minutes=rules.whole_minutes(clock.elapsed),
        cause=cause,
        ticket=ticket,
        by=by,
        at=at,
    )
    rule = rule_set_of(event).floor_work
    if rule.admits(clock.elapsed) and queries.floor_of(event).answer_to(late) is None:
        write(
            queries.floor_of(event),
            on,
            kind=Kind.ADMITTED,
            minutes=rule.made_up(clock.elapsed),
            verdict=BY_RULE,
            refers=late,
            ticket=ticket_after(late),
            by=by,
            at=at,
        )
    return late


def decide_late(
    late: FloorEntry, *, admitted: bool, minutes: int, cause: str, ticket: Ticket, by: Actor, at: datetime
) -> FloorEntry:
    """The chief judge lets a late arrival in, with so many minutes given back (0: the time is lost), or does not; with the reason."""
    floor = open_floor(event_by_id(late.event_id))
    refuse_answered(floor, late, Kind.LATE, ticket)
    cause = given_reason(cause)
    if not 0 <= minutes <= MOST_EXTRA or (minutes and not admitted):
        raise RuleBroken(
            sentence("Give back 0 to %(most)s minutes, and only to who is let in.", most=MOST_EXTRA)
        )
    kind = Kind.ADMITTED if admitted else Kind.REFUSED
    on = On(late.part, code=late.code)
    return write(floor, on, kind=kind, minutes=minutes, cause=cause, refers=late, ticket=ticket, by=by, at=at)


def note_leaving(event: Event, on: On, *, cause: str, ticket: Ticket, by: Actor, at: datetime) -> FloorEntry:
    """Write down that a contestant left the venue; their clock runs on unless it is paused."""
    floor = open_floor(event)
    station_on(floor, on)
    outside = any(one.kind == Kind.LEFT and is_on(one, on) for one in floor.open_cases())
    if outside and ticket.id not in floor.by_id:
        raise RuleBroken(sentence("This contestant is outside already."))
    return write(floor, on, kind=Kind.LEFT, cause=cause, ticket=ticket, by=by, at=at)


def note_return(left: FloorEntry, *, ticket: Ticket, by: Actor, at: datetime) -> FloorEntry:
    """Write down that a contestant came back to the venue."""
    floor = open_floor(event_by_id(left.event_id))
    refuse_answered(floor, left, Kind.LEFT, ticket)
    on = On(left.part, code=left.code)
    return write(floor, on, kind=Kind.RETURNED, refers=left, ticket=ticket, by=by, at=at)
