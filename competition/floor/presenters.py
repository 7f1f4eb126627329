"""What the pages of the floor show: codes, stations, clocks and the log; never a name of a contestant or a unit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from competition.competitions.models import Event
from competition.competitions.queries import rule_set_of
from competition.floor import queries
from competition.floor.models import FloorEntry, FloorPlan
from competition.floor.queries import Floor, Station
from competition.floor.services import BY_RULE, NOTED, REASSIGNED
from competition.panels.queries import seats_of
from competition.rules import floor as rules
from competition.rules.contest import EntrantStatus
from competition.rules.floor import Clock, ClockState, Incident, Kind, Ruling
from competition.rules.numbers import read_number, spelled
from competition.rules.scheme import Deduction, Effect, Group
from competition.rules.sentences import Sentence, sentence
from competition.web.language import language

CLOCKS: dict[ClockState, tuple[Sentence, str]] = {
    ClockState.WAITING: (sentence("Not started"), "neutral"),
    ClockState.RUNNING: (sentence("Running"), "success"),
    ClockState.PAUSED: (sentence("Paused"), "warning"),
    ClockState.STOPPED: (sentence("Has ended"), "neutral"),
}
LAST: tuple[Sentence, str] = (sentence("Last minutes"), "warning")
UP: tuple[Sentence, str] = (sentence("Time is up"), "danger")

KINDS: dict[Kind, tuple[Sentence, str]] = {
    Kind.START: (sentence("Clock started"), "success"),
    Kind.PAUSE: (sentence("Clock paused"), "warning"),
    Kind.RESUME: (sentence("Clock resumed"), "success"),
    Kind.EXTRA: (sentence("Extra time"), "info"),
    Kind.STOP: (sentence("Clock stopped"), "neutral"),
    Kind.MOVED: (sentence("Moved to another batch"), "info"),
    Kind.LATE: (sentence("Came late"), "warning"),
    Kind.ADMITTED: (sentence("Let in"), "success"),
    Kind.REFUSED: (sentence("Not let in"), "danger"),
    Kind.INCIDENT: (sentence("Incident"), "warning"),
    Kind.OVER: (sentence("Incident over"), "info"),
    Kind.DECLINED: (sentence("No extra time"), "neutral"),
    Kind.VIOLATION: (sentence("Violation"), "danger"),
    Kind.RULED: (sentence("Ruling"), "info"),
    Kind.EXPOSED: (sentence("Identity exposed"), "danger"),
    Kind.HANDLED: (sentence("Settled"), "success"),
    Kind.LEFT: (sentence("Left the venue"), "warning"),
    Kind.RETURNED: (sentence("Came back"), "success"),
    Kind.WITHDRAWN: (sentence("Withdrawal"), "neutral"),
}
INCIDENTS: dict[Incident, Sentence] = {
    Incident.EQUIPMENT: sentence("Equipment failure"),
    Incident.MEDICAL: sentence("Medical case"),
    Incident.POWER: sentence("Power failure"),
    Incident.OTHER: sentence("Something else"),
}
RULINGS: dict[Ruling, Sentence] = {
    Ruling.DEDUCTION: sentence("Deduction"),
    Ruling.DISQUALIFICATION: sentence("Disqualification"),
    Ruling.WARNING: sentence("Formal warning"),
    Ruling.DISMISSED: sentence("No violation"),
}
OUTCOMES: dict[str, Sentence] = {
    BY_RULE: sentence("by the rules of the event"),
    NOTED: sentence("noted"),
    REASSIGNED: sentence("given to another judge"),
    **{about.value: words for about, words in INCIDENTS.items()},
}
GROUPS: dict[str, tuple[Sentence, frozenset[Kind]]] = {
    "clocks": (
        sentence("Clocks"),
        frozenset({Kind.START, Kind.PAUSE, Kind.RESUME, Kind.STOP, Kind.EXTRA, Kind.MOVED}),
    ),
    "late": (sentence("Late arrivals"), frozenset({Kind.LATE, Kind.ADMITTED, Kind.REFUSED})),
    "incidents": (sentence("Incidents"), frozenset({Kind.INCIDENT, Kind.OVER, Kind.DECLINED})),
    "violations": (sentence("Violations"), frozenset({Kind.VIOLATION, Kind.RULED})),
    "identity": (sentence("Identity exposed"), frozenset({Kind.EXPOSED, Kind.HANDLED})),
    "outside": (sentence("Outside the venue"), frozenset({Kind.LEFT, Kind.RETURNED})),
}
"""The filter of the log."""

_CLOCK_OFF = timedelta(minutes=2)
_UNDO_WITHIN = timedelta(minutes=10)
_AWAY: dict[EntrantStatus, Sentence] = {
    EntrantStatus.ABSENT: sentence("absent"),
    EntrantStatus.WITHDRAWN: sentence("withdrawn"),
    EntrantStatus.DISQUALIFIED: sentence("disqualified"),
}


# --- clocks -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ClockShown:
    """A clock as it is read at this moment; a browser with scripts lets it run on under `key`."""

    key: str
    clock: Clock
    label: Sentence
    tone: str

    @property
    def text(self) -> str:
        """What is left, or with a plus what was worked beyond it."""
        clock = self.clock
        return f"+{hours(clock.overrun)}" if clock.overrun else hours(clock.remaining, up=True)

    @property
    def extra(self) -> int:
        return rules.whole_minutes(self.clock.extra)


def hours(span: timedelta, *, up: bool = False) -> str:
    """h:mm:ss; what is left is rounded up to the second, so that 0:00:00 means that nothing is left."""
    seconds = -(-span // timedelta(seconds=1)) if up else span // timedelta(seconds=1)
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def clock_shown(key: str, clock: Clock) -> ClockShown:
    label, tone = CLOCKS[clock.state]
    if clock.state is not ClockState.STOPPED and clock.is_up:
        label, tone = UP
    elif clock.is_last and clock.state is ClockState.RUNNING:
        label, tone = LAST
    return ClockShown(key, clock, label, tone)


def clocks_json(floor: Floor, at: datetime) -> dict[str, dict[str, Any]]:
    """Every clock of the event by its key: of a batch part.number, of a station that differs part.number.order. No code, no name."""
    found: dict[str, dict[str, Any]] = {}
    for part in floor.parts:
        own = {one.code for one in floor.standing if one.part == part.id and rules.is_for_itself(one)}
        for number, stations in floor.batches(part.id).items():
            found[f"{part.id}.{number}"] = clock_json(floor.batch_clock(part.id, number, at))
            for station in stations:
                if station.code in own:
                    clock = floor.station_clock(part.id, station, at)
                    key = station_key(part.id, station)
                    found[key] = {**clock_json(clock), "station": station.number, "moved": station.is_moved}
    return found


def clock_json(clock: Clock) -> dict[str, Any]:
    """A clock for programs; spans in milliseconds."""
    millisecond = timedelta(milliseconds=1)
    return {
        "state": clock.state.value,
        "elapsed": clock.elapsed // millisecond,
        "allowed": clock.allowed // millisecond,
        "extra": rules.whole_minutes(clock.extra),
    }


def station_key(part: str, station: Station) -> str:
    """The key of a station's clock: its batch and its place in the order of start, which tells nobody its code."""
    return f"{part}.{station.batch}.{station.place.order}"


# --- batches and stations -----------------------------------------------------------------------------


@dataclass(frozen=True)
class BatchShown:
    """A batch: its clock, how many stations work in it, and what may be done to its clock now."""

    part: str
    number: int
    stations: int
    clock: ClockShown
    moves: tuple[Kind, ...]


@dataclass(frozen=True)
class PartShown:
    """A planned part with its batches."""

    id: str
    title: str
    plan: FloorPlan
    batches: tuple[BatchShown, ...]


@dataclass(frozen=True)
class StationShown:
    """A station of a batch. `away` says why nobody works there, `notes` what is the matter, `outside` who may not come in."""

    station: Station
    clock: ClockShown
    is_own: bool
    away: Sentence | None
    notes: tuple[tuple[Sentence, str], ...]
    outside: "NotLetIn | None"


@dataclass(frozen=True)
class NotLetIn:
    """A late arrival who stands outside: by which rule, and what is to be done next, if anything is."""

    title: Sentence
    why: Sentence
    next_step: Sentence | None


ASK_CHIEF = sentence("Let nobody in before the chief judge has decided.")
MARK_ABSENT = sentence(
    "Next: the organiser marks the entry of this code as absent on its registration page. If it works in other parts"
    " of the event, the judges record “not attempted” here instead."
)

_MOVES: dict[ClockState, tuple[Kind, ...]] = {
    ClockState.WAITING: (Kind.START,),
    ClockState.RUNNING: (Kind.PAUSE, Kind.STOP),
    ClockState.PAUSED: (Kind.RESUME, Kind.STOP),
    ClockState.STOPPED: (),
}


def parts_shown(floor: Floor, at: datetime) -> list[PartShown]:
    """The planned parts of the event with their batches."""
    return [
        PartShown(
            part.id,
            titled(part),
            floor.plan(part.id),
            tuple(
                batch_shown(floor, part.id, number, len(stations), at)
                for number, stations in floor.batches(part.id).items()
            ),
        )
        for part in floor.parts
    ]


def batch_shown(floor: Floor, part: str, number: int, stations: int, at: datetime) -> BatchShown:
    clock = floor.batch_clock(part, number, at)
    return BatchShown(part, number, stations, clock_shown(f"{part}.{number}", clock), _MOVES[clock.state])


def stations_shown(floor: Floor, part: str, stations: Iterable[Station], at: datetime) -> list[StationShown]:
    """The stations of a batch."""
    return [station_shown(floor, part, station, at) for station in stations]


def station_shown(floor: Floor, part: str, station: Station, at: datetime) -> StationShown:
    own = [one for one in floor.standing if one.part == part and one.code == station.code]
    is_own = any(rules.is_for_itself(one) for one in own)
    clock = floor.station_clock(part, station, at)
    return StationShown(
        station,
        clock_shown(station_key(part, station), clock),
        is_own,
        _AWAY.get(station.place.status),
        tuple(_notes(floor, own)),
        _not_let_in(floor, station, own),
    )


def _not_let_in(floor: Floor, station: Station, own: Sequence[rules.Entry]) -> NotLetIn | None:
    late = next((floor.by_id[UUID(one.id)] for one in reversed(own) if one.kind is Kind.LATE), None)
    if late is None:
        return None
    answer, why = floor.answer_to(late), _cut_off(floor, late)
    if answer is None:
        return NotLetIn(sentence("Not let in by the rules"), why, ASK_CHIEF) if why else None
    if answer.kind != Kind.REFUSED:
        return None
    came = station.place.status is EntrantStatus.PRESENT
    decided = sentence("The chief judge decided; the rules set no cut-off.")
    return NotLetIn(KINDS[Kind.REFUSED][0], why or decided, MARK_ABSENT if came else None)


def _cut_off(floor: Floor, late: FloorEntry) -> Sentence | None:
    """The cut-off of the rules, where a late arrival came after it."""
    cut_off = rule_set_of(floor.event).floor_work.late_cut_off_minutes
    if cut_off is None or late.minutes <= cut_off:
        return None
    return sentence(
        "Came %(late)s minutes after the start; the rules let nobody in after %(minutes)s minutes.",
        late=late.minutes,
        minutes=cut_off,
    )


def _notes(floor: Floor, own: Sequence[rules.Entry]) -> Iterable[tuple[Sentence, str]]:
    waiting = {one.id for one in rules.open_cases(floor.standing)}
    for one in own:
        if one.id in waiting or one.kind is Kind.REFUSED:
            yield KINDS[one.kind]
        elif one.kind is Kind.RULED:
            yield RULINGS[Ruling(floor.by_id[UUID(one.id)].verdict)], "info"


def own_moves(floor: Floor, part: str, station: Station, at: datetime) -> tuple[Kind, ...]:
    """What may be done to the clock of one station now."""
    number = max((row.number for row in floor.rows), default=0) + 1
    minutes = floor.plan(part).minutes
    return tuple(
        kind
        for kind in (Kind.START, Kind.PAUSE, Kind.RESUME, Kind.STOP)
        if rules.clock_problem(
            floor.standing,
            rules.Entry("new", number, kind, at, part, None, station.code),
            station.home,
            minutes=minutes,
        )
        is None
    )


def titled(part: Group) -> str:
    return part.title.in_language(language())


def part_choices(event: Event) -> list[tuple[str, str]]:
    """The parts that can be planned, by title."""
    return [(part.id, titled(part)) for part in queries.parts_of(event)]


# --- the log ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """A line of the log: who, when, what, why, and whether it still counts."""

    entry: FloorEntry
    label: Sentence
    tone: str
    place: Sentence
    details: tuple[Sentence, ...]
    clock_off: Sentence | None
    withdrawn_by: FloorEntry | None
    refers: FloorEntry | None
    may_undo: bool


def lines_of(floor: Floor, rows: Iterable[FloorEntry], at: datetime) -> list[Line]:
    """Rows of the log in the order given."""
    gone = {row.refers_to: row for row in floor.rows if row.kind == Kind.WITHDRAWN}
    titles = {part.id: titled(part) for part in queries.parts_of(floor.event)}
    return [_line(floor, row, gone.get(row.id), titles, at) for row in rows]


def _line(
    floor: Floor, row: FloorEntry, withdrawn_by: FloorEntry | None, titles: dict[str, str], at: datetime
) -> Line:
    label, tone = KINDS[row.kind]
    is_recent = at - row.at <= _UNDO_WITHIN and row.kind != Kind.WITHDRAWN
    return Line(
        row,
        label,
        tone,
        place_of(row, titles),
        tuple(_details(floor, row)),
        _clock_off(row),
        withdrawn_by,
        floor.by_id.get(row.refers_to) if row.refers_to else None,
        is_recent and withdrawn_by is None,
    )


def place_of(row: FloorEntry, titles: dict[str, str]) -> Sentence:
    """Where it was: a code, or a whole batch, of a part."""
    part = titles.get(row.part, row.part)
    if row.code:
        return sentence("%(part)s, code %(code)s", part=part, code=row.code)
    return sentence("%(part)s, batch %(number)s", part=part, number=row.batch)


def _details(floor: Floor, row: FloorEntry) -> Iterable[Sentence]:
    if row.kind in (Kind.VIOLATION, Kind.RULED):
        words = penalty_words(floor.event, row)
        yield sentence("proposed: %(penalty)s", penalty=words) if row.kind == Kind.VIOLATION else words
    elif row.verdict in OUTCOMES:
        yield OUTCOMES[row.verdict]
    if row.kind == Kind.MOVED:
        yield sentence("to batch %(number)s", number=row.batch)
    if row.kind == Kind.LATE:
        yield _cut_off(floor, row) or sentence("%(minutes)s minutes after the start", minutes=row.minutes)
    elif row.kind == Kind.REFUSED:
        yield from _after_refusal(floor, row)
    elif row.kind == Kind.OVER:
        yield sentence("%(minutes)s minutes of the running clock were lost", minutes=row.minutes)
    elif row.minutes:
        yield sentence("+%(minutes)s minutes", minutes=row.minutes)


def _after_refusal(floor: Floor, row: FloorEntry) -> Iterable[Sentence]:
    """By which rule somebody was not let in, and what is to be done next while nobody has done it."""
    if row.refers_to and (why := _cut_off(floor, floor.by_id[row.refers_to])):
        yield why
    came = any(one.code == row.code and one.status is EntrantStatus.PRESENT for one in floor.places)
    if came and floor.is_standing(row):
        yield MARK_ABSENT


def penalty_words(event: Event, row: FloorEntry) -> Sentence:
    """What a violation is proposed or ruled to cost."""
    ruling = Ruling(row.verdict)
    if ruling is not Ruling.DEDUCTION or row.points is None:
        return RULINGS[ruling]
    aspect = next((one for one in rule_set_of(event).aspects if one.id == row.aspect), None)
    title = aspect.title.in_language(language()) if aspect else row.aspect
    value = spelled(read_number(row.points))
    if aspect and isinstance(aspect.method, Deduction) and aspect.method.effect is Effect.PERCENT:
        return sentence("deduction of %(value)s percent, %(aspect)s", value=value, aspect=title)
    if aspect and isinstance(aspect.method, Deduction) and aspect.method.effect is Effect.VOID:
        return sentence("the marks are void, %(aspect)s", aspect=title)
    return sentence("deduction of %(value)s, %(aspect)s", value=value, aspect=title)


def _clock_off(row: FloorEntry) -> Sentence | None:
    """The device's clock, where it was far off; the server's counted."""
    try:
        off = datetime.fromisoformat(row.device_time) - row.at
    except (ValueError, TypeError, OverflowError):
        return None
    if abs(off) <= _CLOCK_OFF:
        return None
    return sentence("The device's clock was off by %(span)s; the server's time counts.", span=hours(abs(off)))


# --- answers ------------------------------------------------------------------------------------------


def deduction_choices(event: Event) -> list[tuple[str, str]]:
    """The deductions of the rule set by their titles."""
    return [
        (one.aspect.id, f"{one.aspect.id} {one.aspect.title.in_language(language())}")
        for one in queries.deductions_of(event)
    ]


def sheet_choices(event: Event, code: str) -> list[tuple[str, str]]:
    """The open sheets of a code, by module and seat."""
    return [
        (str(sheet.id), f"{sheet.module} · {sheet.seat_label} · {sheet.judge.account.name}")
        for sheet in queries.open_sheets_of(event, code)
    ]


def judge_choices(event: Event) -> list[tuple[str, str]]:
    """The judges who have a seat in the event, alternates among them, by name."""
    judges = {seat.judge_id: seat.judge.account.name for seat in seats_of(event)}
    return sorted(((str(judge), name) for judge, name in judges.items()), key=lambda one: one[1])
