"""What happens at a station or to a whole batch, and the time it costs."""

from datetime import datetime

from competition.competitions.models import Event
from competition.competitions.queries import event_by_id
from competition.floor.models import FloorEntry
from competition.floor.queries import plain
from competition.floor.services.log import (
    On,
    Ticket,
    open_floor,
    refuse_answered,
    write,
)
from competition.rules import floor as rules
from competition.rules.access import Actor
from competition.rules.floor import (
    Incident,
    Kind,
)


def note_incident(
    event: Event, on: On, *, about: Incident, cause: str, ticket: Ticket, by: Actor, at: datetime
) -> FloorEntry:
    """Write down that something happened at a station or to a whole batch: equipment, a medical case, the power."""
    floor = open_floor(event)
    return write(floor, on, kind=Kind.INCIDENT, verdict=about.value, cause=cause, ticket=ticket, by=by, at=at)


def end_incident(incident: FloorEntry, *, cause: str, ticket: Ticket, by: Actor, at: datetime) -> FloorEntry:
    """Write down that an incident is over. What it cost of the running clock is proposed as extra time to the chief judge."""
    floor = open_floor(event_by_id(incident.event_id))
    refuse_answered(floor, incident, Kind.INCIDENT, ticket)
    home = incident.batch or floor.homes(incident.part).get(incident.code, 0)
    lost = rules.lost_minutes(
        floor.standing, plain(incident), home, minutes=floor.plan(incident.part).minutes, now=at
    )
    on = On(incident.part, incident.batch, incident.code)
    return write(
        floor, on, kind=Kind.OVER, minutes=lost, cause=cause, refers=incident, ticket=ticket, by=by, at=at
    )


def decline_extra(over: FloorEntry, *, cause: str, ticket: Ticket, by: Actor, at: datetime) -> FloorEntry:
    """The chief judge gives no extra time for an incident, with the reason."""
    floor = open_floor(event_by_id(over.event_id))
    refuse_answered(floor, over, Kind.OVER, ticket)
    on = On(over.part, over.batch, over.code)
    return write(floor, on, kind=Kind.DECLINED, cause=cause, refers=over, ticket=ticket, by=by, at=at)
