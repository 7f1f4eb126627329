"""Read the floor of an event: its plan, its log, and the clocks that follow from both. Codes only, never a name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from sqlalchemy import select

from competition.competitions.models import Event
from competition.competitions.queries import aspects_of, event_for, modules_of, rule_set_of
from competition.database import session
from competition.draws.models import Draw, DrawnPlace
from competition.errors import NotFound
from competition.floor.models import FloorEntry, FloorPlan
from competition.registration.models import Entrant
from competition.rules import floor as rules
from competition.rules.access import Actor, Permission
from competition.rules.contest import EntrantStatus
from competition.rules.floor import Clock, Entry, Kind
from competition.rules.lifecycle import EventState
from competition.rules.scheme import Aspect, Deduction, Group, walk
from competition.rules.scheme import Role as Part
from competition.scoring.models import Sheet, SheetState
from competition.scoring.queries.taking_part import status_of

WRITE = Permission.FLOOR_LOG_WRITE
RULE = Permission.FLOOR_CASE_RULE
OPEN = frozenset({EventState.DRAWN, EventState.SCORING})
"""The states in which the log is written: from the draw until the marking is closed."""


@dataclass(frozen=True, slots=True)
class Place:
    """A code of the draw in the order of start, and how its entrant stands; never who it is."""

    code: str
    order: int
    status: EntrantStatus


@dataclass(frozen=True, slots=True)
class Station:
    """Where a code works: its number in the batch of the draw, and the batch in which it works now."""

    place: Place
    number: int
    home: int
    batch: int

    @property
    def code(self) -> str:
        return self.place.code

    @property
    def is_moved(self) -> bool:
        return self.batch != self.home


class Floor:
    """The floor of one event as it stands: read once, asked often."""

    def __init__(
        self, event: Event, plans: Sequence[FloorPlan], rows: Sequence[FloorEntry], places: Sequence[Place]
    ) -> None:
        self.event = event
        self.plans = {plan.part: plan for plan in plans}
        self.rows = tuple(rows)
        self.places = tuple(places)

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """The log as the rules take it."""
        return tuple(plain(row) for row in self.rows)

    @cached_property
    def standing(self) -> tuple[Entry, ...]:
        """What counts of it."""
        return rules.standing(self.entries)

    @cached_property
    def by_id(self) -> dict[UUID, FloorEntry]:
        return {row.id: row for row in self.rows}

    @cached_property
    def standing_ids(self) -> frozenset[str]:
        return frozenset(one.id for one in self.standing)

    def is_standing(self, row: FloorEntry) -> bool:
        """Whether an entry counts: it is no withdrawal and was not withdrawn."""
        return str(row.id) in self.standing_ids

    @property
    def parts(self) -> tuple[Group, ...]:
        """The parts of the event that are planned, in the order of the rule set."""
        return tuple(part for part in parts_of(self.event) if part.id in self.plans)

    def plan(self, part: str) -> FloorPlan:
        """How a part is worked. Raises NotFound where nobody has planned it."""
        if part not in self.plans:
            raise NotFound()
        return self.plans[part]

    def homes(self, part: str) -> dict[str, int]:
        """The batch of the draw for every code."""
        size = self.plan(part).stations
        return {place.code: (place.order - 1) // size + 1 for place in self.places}

    def stations(self, part: str) -> tuple[Station, ...]:
        """Everybody who was drawn, in the order of start, with the batch in which they work now."""
        size, homes = self.plan(part).stations, self.homes(part)
        moved = {one.code for one in self.standing if one.part == part and one.kind is Kind.MOVED}
        return tuple(
            Station(
                place,
                (place.order - 1) % size + 1,
                homes[place.code],
                rules.batch_of(self.standing, part, place.code, homes[place.code])
                if place.code in moved
                else homes[place.code],
            )
            for place in self.places
        )

    def station(self, part: str, code: str) -> Station:
        """The station of a code. Raises NotFound for a code that was not drawn."""
        found = next((one for one in self.stations(part) if one.code == code), None)
        if found is None:
            raise NotFound()
        return found

    def batches(self, part: str) -> dict[int, tuple[Station, ...]]:
        """The stations by batch, the first batch first; a batch from which everybody was moved has none."""
        found: dict[int, list[Station]] = {number: [] for number in sorted(set(self.homes(part).values()))}
        for station in self.stations(part):
            found.setdefault(station.batch, []).append(station)
        return {number: tuple(found[number]) for number in sorted(found)}

    def batch_clock(self, part: str, batch: int, at: datetime) -> Clock:
        return rules.batch_clock(self.standing, part, batch, minutes=self.plan(part).minutes, now=at)

    def station_clock(self, part: str, station: Station, at: datetime) -> Clock:
        return rules.station_clock(
            self.standing, part, station.code, station.home, minutes=self.plan(part).minutes, now=at
        )

    def of_station(self, part: str, code: str) -> tuple[FloorEntry, ...]:
        """What was written for one code in a part, withdrawn or not, the oldest first."""
        return tuple(row for row in self.rows if row.part == part and row.code == code)

    def open_cases(self) -> tuple[FloorEntry, ...]:
        """What waits for an answer, the oldest first."""
        return tuple(self.by_id[UUID(one.id)] for one in rules.open_cases(self.standing))

    def answer_to(self, row: FloorEntry) -> FloorEntry | None:
        """The latest answer to a case."""
        found = rules.answer_to(self.standing, plain(row))
        return self.by_id[UUID(found.id)] if found else None


def plain(row: FloorEntry) -> Entry:
    """An entry as the rules take it."""
    return Entry(
        id=str(row.id),
        number=row.number,
        kind=row.kind,
        at=row.at,
        part=row.part,
        batch=row.batch,
        code=row.code,
        minutes=row.minutes,
        refers_to=str(row.refers_to) if row.refers_to else None,
    )


def floor_of(event: Event) -> Floor:
    """The floor of the event."""
    return Floor(event, _plans(event), log_of(event), _places(event))


def floor_for(actor: Actor, event_id: UUID, permission: Permission = WRITE) -> Floor:
    """The floor, when the person may write on its log; else NotFound."""
    return floor_of(event_for(actor, event_id, permission))


def log_of(event: Event) -> list[FloorEntry]:
    """Everything on the log, the oldest first."""
    return list(
        session.scalars(select(FloorEntry).where(FloorEntry.event_id == event.id).order_by(FloorEntry.number))
    )


def entry_of(floor: Floor, entry_id: UUID) -> FloorEntry:
    """An entry of the log, or NotFound."""
    if entry_id not in floor.by_id:
        raise NotFound()
    return floor.by_id[entry_id]


def _plans(event: Event) -> list[FloorPlan]:
    return list(
        session.scalars(select(FloorPlan).where(FloorPlan.event_id == event.id).order_by(FloorPlan.number))
    )


def _places(event: Event) -> list[Place]:
    rows = session.execute(
        select(DrawnPlace.code, DrawnPlace.start_order, Entrant.state, Entrant.present)
        .join(Draw, Draw.id == DrawnPlace.draw_id)
        .join(Entrant, Entrant.id == DrawnPlace.entrant_id)
        .where(DrawnPlace.event_id == event.id, Draw.superseded_at.is_(None))
        .order_by(DrawnPlace.start_order)
    )
    return [Place(code, order, status_of(state, present)) for code, order, state, present in rows]


# --- what the rule set says ---------------------------------------------------------------------------


def parts_of(event: Event) -> tuple[Group, ...]:
    """The parts that may be worked by the clock: the whole event, its stages, and its modules."""
    rule_set = rule_set_of(event)
    modules = {module.id for module in modules_of(rule_set)}
    return tuple(
        branch
        for branch in walk(rule_set.scheme)
        if isinstance(branch, Group)
        and (branch is rule_set.scheme or branch.role is Part.STAGE or branch.id in modules)
    )


def part_of(event: Event, part: str) -> Group:
    """A part by its id, or NotFound."""
    found = next((group for group in parts_of(event) if group.id == part), None)
    if found is None:
        raise NotFound()
    return found


@dataclass(frozen=True)
class DeductionAspect:
    """A deduction that the rule set knows, and the module on whose sheet it stands."""

    aspect: Aspect
    module: str


def deductions_of(event: Event) -> tuple[DeductionAspect, ...]:
    """Every deduction of the rule set, in its order."""
    return tuple(
        DeductionAspect(aspect, module.id)
        for module in modules_of(rule_set_of(event))
        for aspect in aspects_of(module)
        if isinstance(aspect.method, Deduction)
    )


def lead_sheet(event: Event, module: str, code: str) -> Sheet | None:
    """The sheet on which deductions of a code stand; None while there is none, or it is void."""
    found: Sheet | None = session.scalar(
        select(Sheet).where(
            Sheet.event_id == event.id,
            Sheet.module == module,
            Sheet.code == code,
            Sheet.lead.is_(True),
            Sheet.state != SheetState.VOID,
        )
    )
    return found


def open_sheets_of(event: Event, code: str) -> list[Sheet]:
    """The sheets of a code that are not signed, in the order of modules and seats."""
    return list(
        session.scalars(
            select(Sheet)
            .where(Sheet.event_id == event.id, Sheet.code == code, Sheet.state == SheetState.OPEN)
            .order_by(Sheet.module, Sheet.seat_label)
        )
    )


def sheet_of(event_id: UUID, sheet_id: str) -> Sheet:
    """A sheet of the event by its id as a form sends it, or NotFound."""
    try:
        found: Sheet | None = session.get(Sheet, (event_id, UUID(sheet_id)))
    except ValueError:
        found = None
    if found is None:
        raise NotFound()
    return found
