"""A day on the floor: two batches, somebody who comes late, a welding machine that fails, a warning."""

from datetime import datetime, timedelta
from uuid import UUID, uuid5

from competition.competitions.models import Event
from competition.demonstration.cast import Cast
from competition.floor import queries, services
from competition.floor.services import On, Penalty, Ticket
from competition.rules.access import Actor
from competition.rules.floor import Incident, Kind, Ruling

PART = "practice"
_NAMESPACE = UUID("5f0c6c1e-6a58-4d0f-9a4b-2d3e1f7a9b10")


class _Tickets:
    """The numbers of the entries, the same in every demonstration."""

    def __init__(self, event: Event) -> None:
        self.name, self.count = f"{event.competition.code} {event.code}", 0

    def __next__(self) -> Ticket:
        self.count += 1
        return Ticket(uuid5(_NAMESPACE, f"{self.name} {self.count}"))


def work_floor(event: Event, *, cast: Cast, at: datetime) -> None:
    """Plan the practice and write the log of its first hours; events without a practice have no floor."""
    if PART not in {part.id for part in queries.parts_of(event)}:
        return
    supervisor, chief = cast.actor("supervisor"), cast.actor("chief")
    places = len(queries.floor_of(event).places)
    services.plan_part(
        event, part=PART, minutes=20, stations=max(2, -(-places // 2)), by=cast.actor("organiser"), at=at
    )
    tickets = _Tickets(event)
    first = On(PART, 1)
    _clock(event, first, Kind.START, tickets, supervisor, at + timedelta(minutes=5))
    codes = [station.code for station in queries.floor_of(event).batches(PART)[1]]
    _late(event, codes[0], tickets, supervisor, at + timedelta(minutes=8))
    _incident(event, codes[1], tickets, supervisor, chief, at + timedelta(minutes=10))
    _warning(event, codes[0], tickets, supervisor, chief, at + timedelta(minutes=18))
    _clock(event, first, Kind.STOP, tickets, supervisor, at + timedelta(minutes=25))
    alone = On(PART, code=codes[1])
    _clock(event, alone, Kind.STOP, tickets, supervisor, at + timedelta(minutes=29))
    if 2 in queries.floor_of(event).batches(PART):
        _clock(event, On(PART, 2), Kind.START, tickets, supervisor, at + timedelta(minutes=32))
        _clock(event, On(PART, 2), Kind.STOP, tickets, supervisor, at + timedelta(minutes=52))


def _clock(event: Event, on: On, kind: Kind, tickets: _Tickets, by: Actor, at: datetime) -> None:
    services.move_clock(event, on, kind=kind, ticket=next(tickets), by=by, at=at)


def _late(event: Event, code: str, tickets: _Tickets, by: Actor, at: datetime) -> None:
    services.note_late(event, On(PART, code=code), cause="检录处核对证件", ticket=next(tickets), by=by, at=at)


def _incident(event: Event, code: str, tickets: _Tickets, by: Actor, chief: Actor, at: datetime) -> None:
    on = On(PART, code=code)
    incident = services.note_incident(
        event,
        on,
        about=Incident.EQUIPMENT,
        cause="焊机送丝机构卡死，已更换备用焊机",
        ticket=next(tickets),
        by=by,
        at=at,
    )
    over = services.end_incident(
        incident, cause="", ticket=next(tickets), by=by, at=at + timedelta(minutes=4)
    )
    services.grant_extra(
        event,
        on,
        minutes=over.minutes,
        cause="非选手原因的设备故障",
        incident=over,
        ticket=next(tickets),
        by=chief,
        at=at + timedelta(minutes=5),
    )


def _warning(event: Event, code: str, tickets: _Tickets, by: Actor, chief: Actor, at: datetime) -> None:
    noted = services.note_violation(
        event,
        On(PART, code=code),
        proposed=Penalty(Ruling.WARNING),
        cause="焊接间隙抬起面罩，未戴护目镜",
        ticket=next(tickets),
        by=by,
        at=at,
    )
    services.rule_violation(
        noted,
        penalty=Penalty(Ruling.WARNING),
        cause="首次且立即改正，口头警告",
        ticket=next(tickets),
        by=chief,
        at=at + timedelta(minutes=3),
    )
